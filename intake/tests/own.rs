//! What an author does with what is theirs besides writing it: a draft is thrown away, another one begun like it.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Server, between, declared, news, texts};

fn own(id: &str) -> String {
    format!("/intake/items/{id}/own")
}

#[test]
fn a_draft_that_was_never_handed_in_is_thrown_away_with_its_words_and_files() {
    let server = Server::start();
    let office = server.office();
    let teacher = &office.teacher;
    let id = teacher.begins("news");
    teacher.fills(&id, &news("不要了的一稿"), "save").is(303);
    teacher.adds(&id, ("材料.txt", "不要了的附件".as_bytes()));
    let page = teacher.get(&format!("/intake/items/{id}")).is(200).body;
    assert!(page.contains("删除这份草稿"), "{page}");
    // Nobody else can, nor twice.
    office.school.form(&own(&id), &[("do", "remove")]).is(403);
    teacher.form(&own(&id), &[("do", "remove")]).is(303);
    teacher.form(&own(&id), &[("do", "remove")]).is(409);
    let desk = teacher.get("/intake/").is(200).body;
    assert!(!desk.contains("不要了的一稿") && !desk.contains(&id), "{desk}");
    let left = texts(server.data(), "SELECT title || body || fields FROM submission");
    assert!(left.iter().all(|text| !text.contains("不要了")), "{left:?}");
    assert!(texts(server.data(), "SELECT id FROM upload").is_empty());
    // What was handed in stays as a record.
    let id = teacher.submits_news("交过的一稿");
    teacher.form(&own(&id), &[("do", "remove")]).is(409);
    teacher.decides(&id, "withdraw", &[]).is(303);
    teacher.form(&own(&id), &[("do", "remove")]).is(409);
    assert!(teacher.get("/intake/").is(200).body.contains("交过的一稿"));
}

#[test]
fn another_draft_is_begun_like_one_that_was_refused() {
    let server = Server::start();
    let office = server.office();
    let teacher = &office.teacher;
    let id = teacher.begins("news");
    teacher.adds(&id, ("材料.txt", "同一个附件".as_bytes()));
    teacher
        .fills(&id, &declared(&news("没有采用的一篇")), "submit")
        .is(303);
    office.school.endorses(&id);
    office
        .city
        .decides(&id, "reject", &[("message", "时效已过。")])
        .is(303);
    office.school.form(&own(&id), &[("do", "copy")]).is(409);
    let answer = teacher.form(&own(&id), &[("do", "copy")]).is(303);
    let other = between(answer.location(), "/items/", "/edit").to_owned();
    assert_ne!(other, id);
    let form = teacher.get(&format!("/intake/items/{other}/edit")).is(200).body;
    assert!(
        form.contains("没有采用的一篇") && form.contains("材料.txt"),
        "{form}"
    );
    assert_eq!(teacher.state(&other), "draft");
    // It is a draft of its own: handed in, decided on, published.
    teacher
        .fills(&other, &declared(&[("title", "改过的一篇")]), "submit")
        .is(303);
    office.publishes(&other);
    assert!(server.published(&server.path_of(&other)).contains("改过的一篇"));
    assert_eq!(teacher.state(&id), "rejected");
    // Of an edit there is no other.
    let edit = teacher.begins_on(&server.path_of(&other), "edit");
    teacher.form(&own(&edit), &[("do", "copy")]).is(409);
}

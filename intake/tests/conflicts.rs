//! Two people change the same of one entry: the later one is shown both, chooses, and what is published holds both.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Answer, Browser, Office, Server, between, declared, findings, joins, says};

const BODY: &str = "开头一段。\n\n后角磨六度。\n\n结尾一段。";

/// A published piece of news with a body of three paragraphs.
fn published(server: &Server, office: &Office) -> String {
    let id = office.teacher.submits_news_of("车间里的一堂课", BODY);
    office.publishes(&id);
    server.path_of(&id)
}

/// The page on which an edit is put together with what is published.
fn asked(author: &Browser, id: &str) -> String {
    author.get(&format!("/intake/items/{id}/conflict")).is(200).body
}

/// Answers as the page asked.
fn answers(author: &Browser, id: &str, page: &str, answers: &[(&str, &str)]) -> Answer {
    let hidden = |name: &str| between(page, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    let (revision, seen) = (hidden("revision"), hidden("seen"));
    let mut pairs = vec![("revision", revision.as_str()), ("seen", seen.as_str())];
    pairs.extend(answers);
    author.form(&format!("/intake/items/{id}/conflict"), &pairs)
}

#[test]
fn two_teachers_change_one_place_and_both_are_published() {
    let server = Server::start();
    let office = server.office();
    let (teacher, city) = (&office.teacher, &office.city);
    let peer = joins(
        &server,
        &server.sign_in("province"),
        "peer",
        "shili-haiwan",
        "teacher",
    );
    let path = published(&server, &office);
    let [first, second] = [teacher, &peer].map(|author| author.begins_on(&path, "edit"));
    let one = BODY.replace("六度", "七度").replace("开头", "新的开头");
    let other = BODY.replace("六度", "八度").replace("结尾", "新的结尾");
    teacher
        .hands_in(&first, &[("summary", "甲的摘要。"), ("body", &one)])
        .is(303);
    peer.hands_in(&second, &[("summary", "乙的摘要。"), ("body", &other)])
        .is(303);
    office.publishes(&first);

    // Whoever decides is told, and the edit comes back with the way to mend it.
    office.school.endorses(&second);
    let item = city.get(&format!("/intake/items/{second}")).is(200).body;
    says(&findings(&item), "note", &["改了同一处", "摘要", "正文"]);
    city.decides(&second, "accept", &[]).is(303);
    peer.waits_for(&second, "returned");
    let item = peer.get(&format!("/intake/items/{second}")).is(200).body;
    assert!(
        item.contains(&format!("href=\"/intake/items/{second}/conflict\"")),
        "{item}"
    );
    peer.hands_in(&second, &[]).is(422);
    says(&peer.checks(&second), "stop", &["对照合并", "正文"]);

    // Asked is only what both changed, each against what it was.
    let page = asked(&peer, &second);
    assert_eq!(page.matches("value=\"theirs\"").count(), 2, "{page}");
    assert!(page.contains("<del>六</del><ins>七</ins>") && page.contains("<del>六</del><ins>八</ins>"));
    let taken = between(&page, "自动合并的", "</section>");
    assert!(taken.contains("正文"), "{taken}");

    // Something left open is asked again, and what was written is there.
    let text = ("text.(body).0", "后角磨七到八度。");
    let half = answers(&peer, &second, &page, &[("pick.(body).0", "written"), text]).is(422);
    assert!(
        half.body.contains("后角磨七到八度。") && half.body.contains("还没有选"),
        "{}",
        half.body
    );
    let all = [("pick.summary", "theirs"), ("pick.(body).0", "written"), text];
    let done = answers(&peer, &second, &page, &all).is(303);
    assert!(done.location().contains("/edit"), "{}", done.location());
    let form = peer.get(&format!("/intake/items/{second}/edit")).is(200).body;
    assert!(form.contains("后角磨七到八度。") && form.contains("甲的摘要。"));
    assert!(asked(&peer, &second).contains("没有要合并的"));
    let log = support::texts(
        server.data(),
        "SELECT detail FROM audit WHERE action = 'reconcile'",
    );
    assert_eq!(log, ["summary: theirs, (body).0: written"]);

    peer.hands_in(&second, &[]).is(303);
    office.publishes_of(&peer, &second);
    let text = server.published(&path);
    for part in ["甲的摘要。", "新的开头", "后角磨七到八度。", "新的结尾"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn what_changes_while_somebody_answers_is_asked_again() {
    let server = Server::start();
    let office = server.office();
    let teacher = &office.teacher;
    let path = published(&server, &office);
    let [first, second, third] = [(); 3].map(|()| teacher.begins_on(&path, "edit"));
    let summary = |id: &str, text: &str| teacher.fills(id, &declared(&[("summary", text)]), "save").is(303);
    summary(&third, "丙的摘要。");
    teacher.hands_in(&first, &[("summary", "甲的摘要。")]).is(303);
    office.publishes(&first);
    let page = asked(teacher, &third);
    assert!(page.contains("甲") && page.contains("丙"), "{page}");

    // A crafted or doubled form names another edit or another publication.
    let written = [
        ("pick.summary", "written"),
        ("has.summary", "1"),
        ("summary", "我写的。"),
    ];
    let stale = [
        ("revision", "0"),
        ("seen", ""),
        written[0],
        written[1],
        written[2],
    ];
    let refused = teacher
        .form(&format!("/intake/items/{third}/conflict"), &stale)
        .is(409);
    assert!(refused.body.contains("我写的。"), "{}", refused.body);

    // Another edit of the same is published while the page is open.
    let other = asked(teacher, &second);
    assert!(other.contains("自动合并的"), "{other}");
    answers(teacher, &second, &other, &[]).is(303);
    teacher.hands_in(&second, &[("summary", "乙的摘要。")]).is(303);
    office.publishes(&second);
    let again = answers(teacher, &third, &page, &written).is(409).body;
    assert!(again.contains("我写的。") && again.contains("乙"), "{again}");
    answers(teacher, &third, &again, &written).is(303);
    teacher.hands_in(&third, &[]).is(303);
    office.publishes(&third);
    assert!(server.published(&path).contains("我写的。"));
}

#[test]
fn whoever_opens_what_others_edit_is_told() {
    let server = Server::start();
    let office = server.office();
    let (teacher, school) = (&office.teacher, &office.school);
    let path = published(&server, &office);
    let told = |author: &Browser, id: &str| {
        let page = author.get(&format!("/intake/items/{id}/edit")).is(200).body;
        page.contains("id=\"others\"")
            .then(|| between(&page, "id=\"others\"", "</section>").to_owned())
    };
    let first = teacher.begins_on(&path, "edit");
    assert_eq!(told(teacher, &first), None);
    // Of a draft that is somebody else's no more is told than that it is there.
    let second = school.begins_on(&path, "edit");
    let others = told(school, &second).unwrap();
    assert!(
        others.contains("本单位有人正在修改") && !others.contains(&first),
        "{others}"
    );
    teacher.hands_in(&first, &[("summary", "甲的摘要。")]).is(303);
    let others = told(school, &second).unwrap();
    assert!(
        others.contains(&format!("/intake/items/{first}")) && others.contains("示例"),
        "{others}"
    );
    office.publishes(&first);
    assert_eq!(told(school, &second), None);
    let form = school.get(&format!("/intake/items/{second}/edit")).is(200).body;
    assert!(
        form.contains("不冲突") && form.contains(&format!("/intake/items/{second}/conflict")),
        "{form}"
    );
}

//! What a reviewer is shown of a change: against what is published, and against what was seen last.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Browser, DECLARATIONS, Server, between, news};

fn mends(browser: &Browser, id: &str, field: (&'static str, &'static str)) {
    let mut fields = vec![field];
    fields.extend(DECLARATIONS.map(|name| ("declaration", name)));
    browser.fills(id, &fields, "submit").is(303);
}

/// The part of an item's page about a difference.
fn difference(page: &str, of: &str) -> String {
    between(page, &format!("id=\"change-{of}\""), "</section>").to_owned()
}

#[test]
fn a_reviewer_sees_what_was_changed_since() {
    let server = Server::start();
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    let id = teacher.begins("news");
    let mut fields = news("车间里的一堂课");
    fields.retain(|(name, _)| *name != "body");
    fields.push(("body", "开头一段。\n\n后角磨六度。\n\n<b>结尾</b>"));
    teacher.fills(&id, &fields, "submit").is(303);
    let page = format!("/intake/items/{id}");
    assert!(
        !city.get(&page).body.contains("id=\"change-"),
        "nothing to compare with yet"
    );

    // The city gives the first version back, the school the second one; the city compares with what it saw itself.
    school.endorses(&id);
    city.decides(&id, "return", &[("message", "后角请核对")]).is(303);
    mends(
        &teacher,
        &id,
        ("body", "开头一段。\n\n后角磨七度。\n\n<b>结尾</b>"),
    );
    school.decides(&id, "return", &[("message", "再核对")]).is(303);
    mends(
        &teacher,
        &id,
        ("body", "开头一段。\n\n后角磨六到八度。\n\n<b>结尾</b>"),
    );
    let for_school = difference(&school.get(&page).is(200).body, "seen");
    assert!(for_school.contains("第 2"), "{for_school}");
    assert!(
        for_school.contains("<del>七</del><ins>六到八</ins>"),
        "{for_school}"
    );
    school.endorses(&id);
    let for_city = difference(&city.get(&page).is(200).body, "seen");
    assert!(
        for_city.contains("第 1") && for_city.contains("六<ins>到八</ins>度"),
        "{for_city}"
    );
    assert!(
        for_city.contains("&lt;b&gt;结尾") && !for_city.contains("<b>结尾"),
        "{for_city}"
    );
    let seen = city.get(&format!("{page}/preview?of=seen")).is(200);
    assert!(
        seen.body.contains("后角磨六度")
            && seen.headers["content-security-policy"].contains("script-src 'none'")
    );
    assert!(
        city.get(&format!("{page}/preview"))
            .is(200)
            .body
            .contains("六到八")
    );
    server
        .sign_in("teacher-b")
        .get(&format!("{page}/preview?of=seen"))
        .is(403);

    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    let path = server.git(&["ls-tree", "-r", "--name-only", "main", "--", "content/news"]);
    let path = path.lines().find(|line| line.contains(&id)).unwrap().to_owned();
    let begin = || {
        let answer = teacher
            .form("/intake/entries", &[("path", &path), ("purpose", "edit")])
            .is(303);
        between(answer.location(), "/intake/items/", "/edit").to_owned()
    };
    let (first, second) = (begin(), begin());
    mends(&teacher, &first, ("summary", "一句话说清楚。"));
    mends(&teacher, &second, ("summary", "两句话说明。"));
    school.endorses(&first);
    school.endorses(&second);
    let page = format!("/intake/items/{first}");
    let edit = difference(&city.get(&page).is(200).body, "published");
    assert!(edit.contains("一句话说<del>明</del><ins>清楚</ins>。"), "{edit}");
    assert!(
        !edit.contains("合并会冲突") && !edit.contains("审核签发人"),
        "{edit}"
    );
    let before = city.get(&format!("{page}/preview?of=published")).is(200).body;
    let after = city.get(&format!("{page}/preview?of=proposed")).is(200).body;
    assert!(before.contains("一句话说明。") && after.contains("一句话说清楚。"));
    city.decides(&first, "accept", &[]).is(303);
    teacher.waits_for(&first, "published");
    // What is published moved on: the later edit is compared with that, and its conflict is told beforehand.
    let late = difference(
        &city.get(&format!("/intake/items/{second}")).is(200).body,
        "published",
    );
    assert!(
        late.contains("合并会冲突") && late.contains("<del>一</del>"),
        "{late}"
    );
}

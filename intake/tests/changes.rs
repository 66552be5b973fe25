//! What a reviewer is shown of a change: against what is published, and against what was seen last.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Office, Server, between};

/// The part of an item's page about a difference.
fn difference(page: &str, of: &str) -> String {
    between(page, &format!("id=\"change-{of}\""), "</section>").to_owned()
}

#[test]
fn a_reviewer_sees_what_was_changed_since() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let id = teacher.submits_news_of("车间里的一堂课", "开头一段。\n\n后角磨六度。\n\n<b>结尾</b>");
    let page = format!("/intake/items/{id}");
    assert!(
        !city.get(&page).body.contains("id=\"change-"),
        "nothing to compare with yet"
    );

    // The city gives the first version back, the school the second one; the city compares with what it saw itself.
    let mends = |body: &str| teacher.hands_in(&id, &[("body", body)]).is(303);
    school.endorses(&id);
    city.decides(&id, "return", &[("message", "后角请核对")]).is(303);
    mends("开头一段。\n\n后角磨七度。\n\n<b>结尾</b>");
    school.decides(&id, "return", &[("message", "再核对")]).is(303);
    mends("开头一段。\n\n后角磨六到八度。\n\n<b>结尾</b>");
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

    // Both are to be had as pages, for those who may see them.
    let seen = format!("{page}/preview?of=seen");
    let before = city.get(&seen).is(200);
    assert!(
        before.body.contains("后角磨六度")
            && before.headers["content-security-policy"].contains("script-src 'none'")
    );
    let now = city.get(&format!("{page}/preview")).is(200);
    assert!(now.body.contains("六到八"));
    server.sign_in("teacher-b").get(&seen).is(403);
}

#[test]
fn an_edit_is_compared_with_what_is_published_now() {
    let server = Server::start();
    let office = server.office();
    let Office {
        teacher,
        school,
        city,
    } = &office;
    let path = server.path_of(&office.publishes_news("车间里的一堂课"));
    let [first, second] = [(); 2].map(|()| teacher.begins_on(&path, "edit"));
    for (edit, summary) in [(&first, "一句话说清楚。"), (&second, "两句话说明。")] {
        teacher.hands_in(edit, &[("summary", summary)]).is(303);
        school.endorses(edit);
    }
    let against_published = |id: &str| {
        let page = city.get(&format!("/intake/items/{id}")).is(200).body;
        difference(&page, "published")
    };
    let edit = against_published(&first);
    assert!(edit.contains("一句话说<del>明</del><ins>清楚</ins>。"), "{edit}");
    assert!(
        !edit.contains("合并会冲突") && !edit.contains("审核签发人"),
        "{edit}"
    );
    let preview = |of: &str| {
        let path = format!("/intake/items/{first}/preview?of={of}");
        city.get(&path).is(200).body
    };
    assert!(preview("published").contains("一句话说明。") && preview("proposed").contains("一句话说清楚。"));
    city.decides(&first, "accept", &[]).is(303);
    teacher.waits_for(&first, "published");
    // What is published moved on: the later edit is compared with that, and its conflict is told beforehand.
    let late = against_published(&second);
    assert!(
        late.contains("合并会冲突") && late.contains("<del>一</del>"),
        "{late}"
    );
}

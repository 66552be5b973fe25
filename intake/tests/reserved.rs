//! What decides about somebody is not theirs to type: fields that a unit above sets, and kinds that it begins.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Server, declared};

const SCHOOL: &str = "content/schools/shili-haiwan.md";

#[test]
fn a_school_changes_its_page_and_the_city_its_category() {
    let server = Server::start();
    let (school, city) = (server.sign_in("school"), server.sign_in("city"));
    let id = school.begins_on(SCHOOL, "edit");
    let form = school.get(&format!("/intake/items/{id}/edit")).is(200).body;
    assert!(
        form.contains("由上级填写的内容") && !form.contains("name=\"category\""),
        "{form}"
    );
    // A client that sends it all the same is refused, and nothing of it is kept.
    school
        .fills(&id, &[("category", "senior"), ("founded", "1999")], "save")
        .is(422);
    let form = school.get(&format!("/intake/items/{id}/edit")).is(200).body;
    assert!(!form.contains("value=\"1999\""), "{form}");
    school.fills(&id, &[("founded", "1999")], "save").is(303);
    // Above it is theirs to set, and the entry stays the school's.
    let found = city.get("/intake/entries?q=示例海湾技师学院").is(200).body;
    assert!(
        found.contains("下级单位的内容") && found.contains(SCHOOL),
        "{found}"
    );
    assert!(
        !school
            .get("/intake/entries")
            .is(200)
            .body
            .contains("下级单位的内容")
    );
    let other = city.begins_on(SCHOOL, "edit");
    let form = city.get(&format!("/intake/items/{other}/edit")).is(200).body;
    assert!(form.contains("name=\"category\""), "{form}");
    city.fills(&other, &declared(&[("category", "senior")]), "submit")
        .is(303);
    city.endorses(&other);
    server.sign_in("province").decides(&other, "accept", &[]).is(303);
    city.waits_for(&other, "published");
    let published = server.published(SCHOOL);
    assert!(published.contains("category: \"senior\""), "{published}");
}

#[test]
fn who_begins_which_kind_is_declared() {
    let server = Server::start();
    let begins = |login: &str, kind: &str| {
        server
            .sign_in(login)
            .form("/intake/new", &[("kind", kind)])
            .status
    };
    for (login, kind, expected) in [
        ("school", "group", 404),
        ("school", "school", 404),
        ("school", "selection", 404),
        ("school", "project", 303),
        ("city", "group", 303),
        ("city", "school", 303),
        ("city", "platform", 404),
        ("province", "platform", 303),
    ] {
        assert_eq!(begins(login, kind), expected, "{login} {kind}");
    }
}

#[test]
fn a_project_of_a_school_has_no_state_of_its_own_making() {
    let server = Server::start();
    let school = server.sign_in("school");
    let id = school.begins("project");
    let fields = [("title", "示例课题"), ("body", "研究什么，怎么研究。")];
    let answer = school.fills(&id, &[&fields[..], &[("state", "approved")]].concat(), "save");
    answer.is(422);
    school.fills(&id, &declared(&fields), "submit").is(303);
}

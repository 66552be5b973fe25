//! The forge is told where a submission is and what was decided, and nothing about people.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Server, eventually, joins, option};

#[test]
fn the_forge_follows_the_decisions_without_personal_data() {
    let server = Server::start();
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    let id = teacher.submits_news("一堂公开课");
    school.endorses(&id);
    let reference = format!("refs/intake/talk/{id}");
    let talk = |label: &str| {
        eventually(label, || {
            let known = server.git(&["for-each-ref", "--format=%(refname)", &reference]);
            let talk = (!known.is_empty()).then(|| server.git(&["cat-file", "blob", &reference]))?;
            talk.contains(label).then_some(talk)
        })
    };
    let endorsed = talk("state:endorsed");
    assert!(
        endorsed.contains("kind:news") && endorsed.contains("unit:shili-haiwan"),
        "{endorsed}"
    );
    city.decides(&id, "return", &[("message", "请给示例同学 13800138000 打电话")])
        .is(303);
    let returned = talk("state:returned");
    assert!(
        returned.contains("退回修改") && !returned.contains("state:endorsed"),
        "{returned}"
    );
    assert!(returned.contains("威海市职业技术培训教研室"), "{returned}");
    for personal in [
        "示例教师甲",
        "示例市级管理员",
        "13800138000",
        "打电话",
        "示例分管院长",
    ] {
        assert!(!returned.contains(personal), "{personal}: {returned}");
    }
    teacher.decides(&id, "withdraw", &[]).is(303);
    let withdrawn = talk("state:withdrawn");
    assert_eq!(
        withdrawn.matches("\"key\"").count(),
        4,
        "submitted, endorsed, returned, withdrawn: {withdrawn}"
    );
    server.git(&["fsck", "--strict"]);
}

/// The labels of a submission, once the forge shows one of them.
fn labels(server: &Server, id: &str, awaited: &str) -> String {
    let reference = format!("refs/intake/talk/{id}");
    eventually(awaited, || {
        let known = server.git(&["for-each-ref", "--format=%(refname)", &reference]);
        let talk = (!known.is_empty()).then(|| server.git(&["cat-file", "blob", &reference]))?;
        talk.contains(awaited).then_some(talk)
    })
}

#[test]
fn what_is_given_to_a_colleague_is_under_review_on_the_forge_too() {
    let server = Server::start();
    let (teacher, school) = (server.sign_in("teacher"), server.sign_in("school"));
    let city = server.sign_in("city");
    joins(&server, &city, "colleague", "weihai-jiaoyanshi", "city-admin");
    let id = teacher.submits_news("转给同事的一课");
    school.endorses(&id);
    labels(&server, &id, "state:endorsed");
    let assign = format!("/intake/items/{id}/reviewer");
    let page = city.get(&assign).is(200).body;
    let colleague = option(&page, "示例colleague");
    city.form(&assign, &[("reviewer", colleague)]).is(303);
    let talk = labels(&server, &id, "state:in-review");
    assert!(!talk.contains("state:endorsed"), "{talk}");
    assert_eq!(city.state(&id), "in-review");
}

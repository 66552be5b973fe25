//! The queue: what it counts and lets through, and deciding on many at once.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Answer, Browser, Office, Server, acts, between, command};

/// Three pieces of news that were handed in.
fn three(office: &Office) -> Vec<String> {
    let titles = (1..=3).map(|number| format!("第{number}堂公开课"));
    titles.map(|title| office.teacher.submits_news(&title)).collect()
}

/// Ticks these and presses a button.
fn ticks(browser: &Browser, ids: &[String], more: &[(&str, &str)]) -> Answer {
    let ticked = ids.iter().map(|id| ("item", id.as_str()));
    let pairs: Vec<(&str, &str)> = ticked.chain(more.iter().copied()).collect();
    browser.form("/intake/queue/many", &pairs)
}

const ENDORSE: [(&str, &str); 3] = [
    ("do", "endorse"),
    ("signed_off_by", "示例分管院长"),
    ("confirmed", "yes"),
];
const ACCEPT: (&str, &str) = ("do", "accept");

#[test]
fn nothing_happens_to_ticked_items_without_right_and_leader() {
    let server = Server::start();
    let office = server.office();
    let Office {
        teacher,
        school,
        city,
    } = &office;
    let ids = three(&office);
    let queue = school.get("/intake/queue").is(200).body;
    for id in &ids {
        assert!(
            queue.contains(&format!("name=\"item\" value=\"{id}\"")),
            "{queue}"
        );
    }
    assert!(
        queue.contains("value=\"endorse\"") && !queue.contains("value=\"accept\""),
        "{queue}"
    );
    ticks(school, &[], &[("do", "endorse")]).is(422);
    let stranger = [("item", ids[0].as_str()), ("do", "endorse")];
    school.post("/intake/queue/many", &stranger).is(403);
    ticks(teacher, &ids, &[ACCEPT]).is(403);
    let early = ticks(city, &ids, &[ACCEPT]).is(200).body;
    assert!(
        early.contains("没有办成 3"),
        "the city may not decide yet: {early}"
    );
    // Who forgot the leader finds the ticks again.
    let unsigned = ticks(school, &ids, &[("do", "endorse")]).is(200).body;
    assert!(unsigned.contains("没有办成 3"), "{unsigned}");
    for id in &ids {
        assert!(
            unsigned.contains(&format!("name=\"item\" value=\"{id}\" checked")),
            "{unsigned}"
        );
        assert_eq!(teacher.state(id), "submitted");
    }
}

#[test]
fn ticked_items_are_decided_on_one_by_one() {
    let server = Server::start();
    let office = server.office();
    let Office {
        teacher,
        school,
        city,
    } = &office;
    let mut ids = three(&office);
    let endorsed = ticks(school, &ids, &ENDORSE).is(200).body;
    assert!(
        endorsed.contains("办成 3") && endorsed.contains("第2堂公开课"),
        "{endorsed}"
    );

    // One is given back in the meantime: it fails, the others are merged, each by itself.
    city.decides(&ids[1], "return", &[("message", "请补")]).is(303);
    let merges = || -> u32 {
        let count = server.git(&["rev-list", "--count", "--merges", "main"]);
        count.trim().parse().unwrap()
    };
    let before = merges();
    ids.push("gone".to_owned());
    let accepted = ticks(city, &ids, &[ACCEPT]).is(200).body;
    assert!(accepted.contains("办成 2，没有办成 2"), "{accepted}");
    for id in [&ids[0], &ids[2]] {
        teacher.waits_for(id, "published");
        let of_it = format!("Submission-Id: {id}");
        let message = server.git(&["log", "--merges", "--format=%B", "--grep", &of_it, "main"]);
        assert!(
            message.contains("Reviewed-by: 示例市级管理员")
                && message.contains("Signed-off-by: 示例分管院长"),
            "{message}"
        );
    }
    assert_eq!(merges(), before + 2);
    assert_eq!(teacher.state(&ids[1]), "returned");
    assert!(acts(server.data()).contains(&"refused:review".to_owned()));
    assert!(command(server.data(), &["audit", "verify"]).status.success());
}

#[test]
fn the_queue_is_filtered_and_counted() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    for number in 1..=2 {
        let id = teacher.submits_news(&format!("公开课之{number}"));
        school.endorses(&id);
        if number == 1 {
            city.decides(&id, "take", &[]).is(303);
        }
    }
    let tag = |query: &str| {
        let page = city.get(&format!("/intake/queue{query}")).is(200).body;
        between(&page, "<span class=\"in-tag\">", "</span>").to_owned()
    };
    let cases = [
        ("", "2 件"),
        ("?state=in-review", "1 / 2 件"),
        ("?state=in-review&kind=news", "1 / 2 件"),
        ("?state=in-review&kind=resource", "0 / 2 件"),
        ("?unit=shili-haiwan", "2 / 2 件"),
        ("?unit=shili-gangcheng", "0 / 2 件"),
        ("?late=yes", "0 / 2 件"),
    ];
    for (query, expected) in cases {
        assert_eq!(tag(query), expected, "{query}");
    }
    let page = city.get("/intake/queue?state=in-review").is(200).body;
    assert!(
        page.contains("公开课之1") && !page.contains("公开课之2"),
        "{page}"
    );
    assert!(
        page.contains("等上级审核（1）") && page.contains("审核中（1）"),
        "{page}"
    );
}

#[test]
fn what_waits_too_long_is_marked_and_filtered() {
    let server = Server::start_with_settings("[review]\noverdue_days = 0");
    let teacher = server.sign_in("teacher");
    let id = teacher.submits_news("等久了的一课");
    let late = server
        .sign_in("school")
        .get("/intake/queue?late=yes")
        .is(200)
        .body;
    assert!(
        late.contains("1 / 1 件") && late.contains("等久了的一课") && late.contains("超期（1）"),
        "{late}"
    );
    let item = teacher.get(&format!("/intake/items/{id}")).is(200).body;
    assert!(
        between(&item, "class=\"in-turn\">", "</p>").contains("超期"),
        "{item}"
    );
}

//! Pages that stand at an address of somebody's choice.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Browser, Server, between, declared, joins};

fn begins(browser: &Browser, address: &str) -> support::Answer {
    browser.form("/intake/new", &[("kind", "page"), ("address", address)])
}

fn id_of(answer: &support::Answer) -> String {
    between(answer.location(), "/items/", "/edit").to_owned()
}

#[test]
fn the_province_begins_a_page_at_an_address_and_publishes_it() {
    let server = Server::start();
    let province = server.sign_in("province");
    let colleague = joins(
        &server,
        &province,
        "province-two",
        "shengzhiyanshi",
        "province-admin",
    );
    for (login, expected) in [("school", false), ("city", false), ("province", true)] {
        let browser = server.sign_in(login);
        let page = browser.get("/intake/new").is(200).body;
        assert_eq!(page.contains("name=\"address\""), expected, "{login}");
        if !expected {
            begins(&browser, "parents").is(404);
        }
    }
    for (address, said) in [
        ("", "地址不对"),
        ("家长", "地址不对"),
        ("../units", "地址不对"),
        ("a/b/c/d", "地址不对"),
        ("manual/index", "地址不对"),
        ("about", "已经有页面"),
        ("manual", "已经有页面"),
    ] {
        let page = begins(&province, address).is(422).body;
        assert!(
            page.contains(said) && page.contains(&format!("value=\"{address}\"")),
            "{page}"
        );
    }
    // Begun three times, before any is there: the first is published, the others are told of it.
    let (first, second) = (
        begins(&province, "manual/parents"),
        begins(&colleague, "/manual/parents/"),
    );
    let (first, second) = (id_of(&first.is(303)), id_of(&second.is(303)));
    let third = id_of(&begins(&colleague, "manual/parents").is(303));
    let fields = |title: &'static str| declared(&[("title", title), ("body", "怎样看孩子的作品。")]);
    province.fills(&first, &fields("家长怎样用"), "submit").is(303);
    colleague.fills(&third, &fields("第三个"), "submit").is(303);
    colleague.endorses(&third);
    province.endorses(&first);
    colleague.decides(&first, "accept", &[]).is(303);
    province.waits_for(&first, "published");
    let page = province.get("/pages/manual/parents/").is(200).body;
    assert!(page.contains("家长怎样用"), "{page}");
    let answer = colleague.fills(&second, &fields("另一个家长怎样用"), "submit");
    let page = answer.is(422).body;
    assert!(
        page.contains("这个地址上已经发布了“家长怎样用”") && page.contains("另一个家长怎样用"),
        "{page}"
    );
    assert!(
        server
            .published("content/pages/manual/parents.md")
            .contains("家长怎样用")
    );
}

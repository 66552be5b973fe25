//! What pages ask of their reader, in which order, and what they ask twice.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Browser, Office, Server, between};

/// Places of these marks in a page; each must be there.
fn places(page: &str, marks: &[&str]) -> Vec<usize> {
    marks.iter().map(|mark| page.find(mark).expect(mark)).collect()
}

#[test]
fn the_item_page_asks_shows_and_lets_decide_in_this_order() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let id = teacher.submits_news("一堂公开课");
    let item = format!("/intake/items/{id}");
    let page = |browser: &Browser| browser.get(&item).is(200).body;
    let order = [
        "class=\"in-task\"",
        "class=\"in-frame\"",
        "id=\"checks\"",
        "id=\"decide\"",
        "id=\"content\"",
    ];
    let own = page(&school);
    assert!(places(&own, &order).is_sorted(), "{own}");
    assert!(between(&own, "class=\"in-task\"", "</div>").contains("填写审核签发人并报送"));
    assert!(!own.contains("value=\"reject\"") && !own.contains("id=\"content\" open"));
    // Whoever decides nothing is asked nothing, and finds the content unfolded.
    for reader in [page(&teacher), page(&city)] {
        assert!(!reader.contains("class=\"in-task\"") && reader.contains("id=\"content\" open"));
        assert!(!reader.contains("value=\"return\""));
    }
    school.endorses(&id);
    assert!(!page(&school).contains("class=\"in-task\""));
    let reviewer = page(&city);
    assert!(places(&reviewer, &order).is_sorted(), "{reviewer}");
    let reject = between(&reviewer, "<details class=\"in-reject\">", "</details>");
    assert!(
        reject.contains("确定不采用") && reject.contains("原因写在上面的“意见”里"),
        "{reject}"
    );
    // One form, and one place for what is said with a decision.
    let form = between(&reviewer, "id=\"decision\"", "</form>");
    assert!(form.contains("value=\"reject\"") && form.matches("name=\"message\"").count() == 1);
    // A mistake leads back to the form.
    let refused = city
        .decides(&id, "return", &[])
        .is(422)
        .body
        .replace("&#x2F;", "/");
    assert!(refused.contains(&format!("href=\"{item}\"")), "{refused}");
    // What came back stands first on the author's desk, once.
    city.decides(&id, "return", &[("message", "请补座次表")]).is(303);
    let desk = teacher.get("/intake/").is(200).body;
    assert!(places(&desk, &["退回给你，请修改", "一堂公开课", "我的投稿"]).is_sorted());
    assert_eq!(desk.matches("一堂公开课").count(), 1);
    assert!(page(&teacher).contains("去修改"));
}

#[test]
fn links_are_whole_and_registrations_wait_first() {
    let server = Server::start();
    let (school, visitor) = (server.sign_in("school"), server.browser());
    let registration = [
        ("name", "示例自注册"),
        ("unit", "shili-haiwan"),
        ("login", "self.one"),
        ("password", "rain over the river"),
        ("again", "rain over the river"),
    ];
    visitor.post("/intake/register", &registration).is(200);
    let people = school.get("/intake/people").is(200).body;
    assert!(
        places(
            &people,
            &["等你确认的注册", "self.one", "确定不予确认", "新建账号"]
        )
        .is_sorted()
    );
    // The own unit is what is offered first.
    let units = between(&people, "<select id=\"unit\"", "</select>");
    assert!(
        units
            .split("value=\"")
            .nth(1)
            .unwrap()
            .starts_with("shili-haiwan\""),
        "{units}"
    );
    let account = [
        ("login", "new.one"),
        ("name", "示例新教师"),
        ("unit", "shili-haiwan"),
        ("role", "teacher"),
    ];
    let made = school.form("/intake/people", &account).is(200).body;
    let address = between(&made, "class=\"in-address\">", "</code>").replace("&#x2F;", "/");
    assert!(address.starts_with("http://"), "{address}");
    let made = "/intake/audit?act=account-made";
    let audit = server.sign_in("province").get(made).is(200).body;
    assert!(
        audit.contains("<td data-label=\"做了什么\">新建账号</td>"),
        "{audit}"
    );
}

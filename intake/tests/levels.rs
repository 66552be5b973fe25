//! Several units decide one after another, and nobody decides on what they had a part in.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Browser, Server, between, declared, joins, news};

const CHAIN: &str = "[review.chains.unit-superior]\nsteps = [\"county?\", \"city\", \"province!\"]\n\
    days = { county = 2 }\n";

/// What a submission's page says of who has it.
fn turn(browser: &Browser, id: &str) -> String {
    let page = browser.get(&format!("/intake/items/{id}")).is(200).body;
    between(&page, "class=\"in-turn\">", "</p>").to_owned()
}

#[test]
fn a_chain_of_three_units_each_in_turn() {
    let server = Server::start_with_settings(CHAIN);
    let [county, city, province] = ["county", "city", "province"].map(|login| server.sign_in(login));
    let teacher = joins(&server, &county, "island", "shili-donghai", "teacher");
    let school = joins(&server, &county, "island.admin", "shili-donghai", "school-admin");
    let id = teacher.submits_news("逐级审核的一篇");
    school.endorses(&id);
    let said = turn(&county, &id);
    assert!(said.contains("示例区") && said.contains("办理期限"), "{said}");
    let page = county.get(&format!("/intake/items/{id}")).is(200).body;
    let way = between(&page, "还要经过：", "</p>");
    assert!(
        way.contains("示例区") && way.contains("（提意见） → 威海市"),
        "{way}"
    );
    // The county gives an opinion: it needs a word, and turns nothing down.
    assert!(!page.contains("value=\"reject\""), "{page}");
    county.decides(&id, "reject", &[("message", "不合适")]).is(409);
    county.decides(&id, "accept", &[]).is(422);
    city.decides(&id, "accept", &[]).is(403);
    county
        .decides(&id, "accept", &[("message", "内容属实，建议采用。")])
        .is(303);
    county.decides(&id, "accept", &[("message", "再来一次")]).is(403);
    // The city reads it, and its yes is not the last.
    let page = city.get(&format!("/intake/items/{id}")).is(200).body;
    assert!(
        page.contains("内容属实，建议采用。") && page.contains("同意并转下一级"),
        "{page}"
    );
    city.decides(&id, "accept", &[]).is(303);
    assert_eq!(teacher.state(&id), "endorsed");
    province.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    let log = server.git(&["log", "-1", "--format=%(trailers)", "main"]);
    let passed = log.lines().filter(|line| line.starts_with("Passed-by: ")).count();
    assert_eq!(passed, 2, "{log}");
    assert!(log.contains("Reviewed-by: 示例省级管理员"), "{log}");
}

#[test]
fn the_province_decides_in_the_place_of_whoever_has_it() {
    let server = Server::start_with_settings(CHAIN);
    let office = server.office();
    let id = office.teacher.submits_news("省里直接办的一篇");
    office.school.endorses(&id);
    server.sign_in("province").decides(&id, "accept", &[]).is(303);
    office.teacher.waits_for(&id, "published");
}

#[test]
fn what_comes_back_sets_out_again_from_the_beginning() {
    let server = Server::start_with_settings(CHAIN);
    let office = server.office();
    let province = server.sign_in("province");
    let id = office.teacher.submits_news("退回一次的一篇");
    office.school.endorses(&id);
    office.city.decides(&id, "accept", &[]).is(303);
    province
        .decides(&id, "return", &[("message", "请补日期")])
        .is(303);
    let mut fields = news("退回一次的一篇");
    fields.retain(|(name, _)| *name != "summary");
    fields.push(("summary", "补过日期的摘要。"));
    office.teacher.hands_in(&id, &fields).is(303);
    office.school.endorses(&id);
    province.decides(&id, "take", &[]).is(303);
    let said = turn(&office.city, &id);
    assert!(said.contains("示例省级管理员"), "{said}");
}

#[test]
fn a_co_author_keeps_out_of_it_alone_in_a_batch_and_as_a_deputy() {
    let server = Server::start();
    let office = server.office();
    let id = office.teacher.begins("news");
    let mut fields = news("合写的一篇");
    fields.retain(|(name, _)| *name != "authors");
    fields.push(("authors", "示例教师甲、示例市级管理员"));
    office.teacher.fills(&id, &declared(&fields), "submit").is(303);
    office.school.endorses(&id);
    let city = &office.city;
    let page = city.get(&format!("/intake/items/{id}")).is(200).body;
    assert!(
        page.contains("作者中有你的姓名") && !page.contains("value=\"accept\""),
        "{page}"
    );
    city.decides(&id, "accept", &[]).is(403);
    city.decides(&id, "return", &[("message", "x")]).is(403);
    let queue = city.get("/intake/queue").is(200).body;
    assert!(
        queue.contains("合写的一篇") && !queue.contains("name=\"item\""),
        "{queue}"
    );
    let version = city.version(&id);
    let batch = [
        ("do", "accept"),
        ("item", &*id),
        (&*format!("version.{id}"), &*version),
    ];
    let said = city.form("/intake/queue/many", &batch).body;
    assert!(said.contains("合写的一篇"), "{said}");
    assert_eq!(office.teacher.state(&id), "endorsed");
    // A colleague of the city does it.
    let colleague = joins(&server, city, "city.two", "weihai-jiaoyanshi", "city-admin");
    colleague.decides(&id, "accept", &[]).is(303);
    office.teacher.waits_for(&id, "published");
}

#[test]
fn the_second_person_of_the_root_may_be_a_deputy() {
    let own = |server: &Server| {
        let province = server.sign_in("province");
        let id = province.submits_news("省里自己的一篇");
        province.endorses(&id);
        province.decides(&id, "accept", &[]).is(403);
        let assistant = joins(server, &province, "assistant", "shengzhiyanshi", "teacher");
        let page = province.get("/intake/deputies").is(200).body;
        let deputy = support::option(&page, "示例assistant").to_owned();
        let today = between(&page, "name=\"begins\" type=\"date\" value=\"", "\"").to_owned();
        let days = [("deputy", &*deputy), ("begins", &*today), ("ends", &*today)];
        province.form("/intake/deputies", &days).is(303);
        (id, assistant)
    };
    let strict = Server::start();
    let (id, assistant) = own(&strict);
    assistant.decides(&id, "accept", &[]).is(403);
    let open = Server::start_with_settings("[review.root]\nsecond = \"deputy\"");
    let (id, assistant) = own(&open);
    assistant.decides(&id, "accept", &[]).is(303);
    assistant.waits_for(&id, "published");
}

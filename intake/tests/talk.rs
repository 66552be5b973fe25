//! Comments on a field or a passage: beside what they are about, kept through revisions, settled by the reviewer.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Answer, Browser, Office, Server, between};

/// A piece of news that waits for the city, and the address of its page.
fn endorsed(office: &Office) -> (String, String) {
    let body = "第一段。\r\n\r\n后角磨**六到八**度，<i>稳</i>。\r\n\r\n第三段。";
    let id = office.teacher.submits_news_of("车刀的角度", body);
    office.school.endorses(&id);
    let page = format!("/intake/items/{id}");
    (id, page)
}

/// The city's admin says something about a field or a passage.
fn says(office: &Office, id: &str, [field, quote, message]: [&str; 3]) -> Answer {
    let said = [("field", field), ("quote", quote), ("message", message)];
    office.city.decides(id, "comment", &said)
}

#[test]
fn comments_stand_beside_what_they_are_about() {
    let server = Server::start();
    let office = server.office();
    let Office { teacher, city, .. } = &office;
    let (id, page) = endorsed(&office);
    says(&office, &id, ["", "这句话不在正文里", "查不到"]).is(422);
    says(&office, &id, ["summary", "", "摘要太短"]).is(303);
    // Quoted as the page shows it: without the signs of Markdown, and with a field chosen by mistake.
    says(&office, &id, ["summary", "磨六到八度", "出处在哪里？"]).is(303);
    let item = city.get(&page).is(200).body;
    assert!(item.contains("<mark>磨**六到八**度</mark>，&lt;i&gt;"), "{item}");
    let beside = between(&item, "<mark>", "第三段");
    assert!(
        beside.contains("出处在哪里？") && !beside.contains("摘要太短"),
        "{beside}"
    );
    let summary = between(&item, "<dt>摘要</dt>", "</dl>");
    assert!(summary.contains("摘要太短"), "{summary}");
    city.decides(&id, "return", &[("message", "请按意见修改")])
        .is(303);

    // In the author's form they stand beside their fields.
    let form = teacher.get(&format!("{page}/edit")).is(200).body;
    let summary = between(&form, "data-field=\"summary\"", "</textarea>");
    assert!(
        summary.contains("摘要太短") && !summary.contains("出处在哪里"),
        "{summary}"
    );
    let body = between(&form, "id=\"body-help\"", "<textarea id=\"body\"");
    assert!(
        body.contains("出处在哪里") && !body.contains("已没有这段话"),
        "{body}"
    );
    let turn = teacher.get(&page).is(200).body;
    assert!(turn.contains("未解决的意见： 3"), "{turn}");
}

/// The line of the comment on a passage, and the id that a form to settle it has.
fn comment(browser: &Browser, page: &str) -> (Option<String>, String) {
    let item = browser.get(page).is(200).body;
    let entry = between(&item, "出处在哪里？", "</li>").to_owned();
    let id = entry
        .contains("name=\"remark\"")
        .then(|| between(&entry, "name=\"remark\" value=\"", "\"").to_owned());
    (id, entry)
}

#[test]
fn comments_are_kept_through_revisions_and_settled_by_the_reviewer() {
    let server = Server::start();
    let office = server.office();
    let Office {
        teacher,
        school,
        city,
    } = &office;
    let (id, page) = endorsed(&office);
    says(&office, &id, ["", "磨六到八度", "出处在哪里？"]).is(303);
    city.decides(&id, "return", &[("message", "请按意见修改")])
        .is(303);
    let mended = "第一段。\r\n\r\n后角磨七度（见教材）。\r\n\r\n第三段。";
    teacher.hands_in(&id, &[("body", mended)]).is(303);
    school.endorses(&id);
    let (of_author, shown) = comment(teacher, &page);
    assert!(
        of_author.is_none() && shown.contains("正文里已没有这段话"),
        "{shown}"
    );
    let (known, _) = comment(city, &page);
    let known = known.expect("the reviewer can settle it");
    teacher.decides(&id, "settle", &[("remark", &known)]).is(403);
    city.decides(&id, "settle", &[("remark", "no-such")]).is(404);
    city.decides(&id, "settle", &[("remark", &known)]).is(303);
    let (_, settled) = comment(city, &page);
    assert!(settled.contains("已解决"), "{settled}");
    city.decides(&id, "reopen", &[("remark", &known)]).is(303);
    assert!(comment(city, &page).1.contains("标为已解决"));
    city.decides(&id, "accept", &[]).is(303);
}

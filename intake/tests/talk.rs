//! Comments on a field or a passage: beside what they are about, kept through revisions, settled by the reviewer.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Answer, Browser, Office, Server, between, joins, option, texts};

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
        .contains("value=\"settle\"")
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

#[test]
fn a_remark_is_answered_said_to_be_mended_settled_and_opened_again() {
    let server = Server::start();
    let office = server.office();
    let Office {
        teacher,
        school,
        city,
    } = &office;
    let (id, page) = endorsed(&office);
    says(&office, &id, ["summary", "", "出处在哪里？"]).is(303);
    let remark = texts(server.data(), "SELECT id FROM message").pop().unwrap();
    let other = server.sign_in("province");
    let stranger = joins(&server, &other, "stranger", "shili-gangcheng", "teacher");
    let about = |message: &'static str| [("remark", remark.as_str()), ("message", message)];
    stranger.decides(&id, "reply", &about("不关我事")).is(403);
    teacher.decides(&id, "reply", &about("")).is(422);
    teacher
        .decides(&id, "reply", &[("remark", "no-such"), ("message", "x")])
        .is(404);
    let answered = teacher.decides(&id, "reply", &about("在教材第 12 页")).is(303);
    assert!(answered.location().ends_with("#remarks"));
    let item = city.get(&page).is(200).body;
    let thread = between(&item, "id=\"remarks\"", "</section>");
    assert!(
        thread.contains("在教材第 12 页") && thread.contains("请来的专家都看得到"),
        "{thread}"
    );
    assert!(
        thread.contains("未解决的意见： 1"),
        "an answer is none of its own: {thread}"
    );
    // An answer has no thread of its own, and only the author says that it was mended.
    let reply = texts(server.data(), "SELECT id FROM message WHERE parent <> ''")
        .pop()
        .unwrap();
    city.decides(&id, "settle", &[("remark", &reply)]).is(404);
    school.decides(&id, "mended", &[("remark", &remark)]).is(403);
    teacher.decides(&id, "mended", &[("remark", &remark)]).is(303);
    assert!(city.get(&page).body.contains("作者：已改"));
    let bell = city.get("/intake/bell").is(200).body;
    assert!(bell.contains("有新的意见或回复"), "{bell}");
    city.decides(&id, "settle", &[("remark", &remark)]).is(303);
    teacher.decides(&id, "mended", &[("remark", &remark)]).is(409);
    city.decides(&id, "reopen", &[("remark", &remark)]).is(303);
    let item = teacher.get(&page).is(200).body;
    assert!(
        !item.contains("作者：已改") && item.contains("value=\"mended\""),
        "{item}"
    );
    city.decides(&id, "return", &[("message", "请按意见修改")])
        .is(303);
    let form = teacher.get(&format!("{page}/edit")).is(200).body;
    assert!(between(&form, "data-field=\"summary\"", "</textarea>").contains("在教材第 12 页"));
    let history = teacher.get(&page).is(200).body;
    assert!(history.contains("作者说意见已改") && history.contains("回复意见"));
}

#[test]
fn opinions_show_who_is_asked_until_when_and_what_came() {
    let server = Server::start();
    let office = server.office();
    let Office { teacher, city, .. } = &office;
    let (id, page) = endorsed(&office);
    city.decides(&id, "take", &[]).is(303);
    let form = city.get(&format!("{page}/reviewer")).is(200).body;
    let expert = option(&form, "示例评审专家").to_owned();
    let due = between(&form, "name=\"due\" type=\"date\" value=\"", "\"").to_owned();
    let experts = format!("{page}/experts");
    let ask = |due: &str| city.form(&experts, &[("expert", expert.as_str()), ("due", due)]);
    ask("2020-01-01").is(422);
    ask("morgen").is(422);
    ask(&due).is(303);
    let asks = server.sign_in("expert");
    let opinion = asks.get(&format!("{page}/opinion")).is(200).body;
    assert!(opinion.contains(&format!("请在 {due} 前给出意见。")), "{opinion}");
    assert!(asks.get("/intake/bell").body.contains("请你审阅《车刀的角度》"));
    let item = city.get(&page).is(200).body;
    let shown = between(&item, "<h2>专家意见</h2>", "</section>");
    assert!(
        shown.contains("示例评审专家") && shown.contains(&due) && shown.contains("等意见"),
        "{shown}"
    );
    assert!(!teacher.get(&page).body.contains("<h2>专家意见</h2>"));
    asks.form(
        &format!("{page}/opinion"),
        &[("verdict", "fit"), ("message", "很好")],
    )
    .is(303);
    let item = city.get(&page).is(200).body;
    let shown = between(&item, "<h2>专家意见</h2>", "</section>");
    assert!(shown.contains("适合发布") && shown.contains("给出于"), "{shown}");
}

//! Comments on a field or a passage: beside what they are about, kept through revisions, settled by the reviewer.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{DECLARATIONS, Server, between, news};

#[test]
fn comments_stay_beside_what_they_are_about() {
    let server = Server::start();
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    let id = teacher.begins("news");
    let mut fields = news("车刀的角度");
    fields.retain(|(name, _)| *name != "body");
    fields.push((
        "body",
        "第一段。\r\n\r\n后角磨**六到八**度，<i>稳</i>。\r\n\r\n第三段。",
    ));
    teacher.fills(&id, &fields, "submit").is(303);
    school.endorses(&id);
    let page = format!("/intake/items/{id}");
    let say = |field: &str, quote: &str, message: &str| {
        city.decides(
            &id,
            "comment",
            &[("field", field), ("quote", quote), ("message", message)],
        )
    };
    say("", "这句话不在正文里", "查不到").is(422);
    say("summary", "", "摘要太短").is(303);
    // Quoted as the page shows it: without the signs of Markdown, and with a field chosen by mistake.
    say("summary", "磨六到八度", "出处在哪里？").is(303);
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

    let mut mended = vec![("body", "第一段。\r\n\r\n后角磨七度（见教材）。\r\n\r\n第三段。")];
    mended.extend(DECLARATIONS.map(|name| ("declaration", name)));
    teacher.fills(&id, &mended, "submit").is(303);
    let remark = |browser: &support::Browser| {
        let item = browser.get(&page).is(200).body;
        let entry = between(&item, "出处在哪里？", "</li>").to_owned();
        (
            entry
                .contains("name=\"remark\"")
                .then(|| between(&entry, "name=\"remark\" value=\"", "\"").to_owned()),
            entry,
        )
    };
    school.endorses(&id);
    let (of_author, shown) = remark(&teacher);
    assert!(
        of_author.is_none() && shown.contains("正文里已没有这段话"),
        "{shown}"
    );
    let (known, _) = remark(&city);
    let known = known.expect("the reviewer can settle it");
    teacher.decides(&id, "settle", &[("remark", &known)]).is(403);
    city.decides(&id, "settle", &[("remark", "no-such")]).is(404);
    city.decides(&id, "settle", &[("remark", &known)]).is(303);
    let (_, settled) = remark(&city);
    assert!(settled.contains("已解决"), "{settled}");
    city.decides(&id, "reopen", &[("remark", &known)]).is(303);
    assert!(remark(&city).1.contains("标为已解决"));
    city.decides(&id, "accept", &[]).is(303);
}

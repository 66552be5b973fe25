//! What is recommended to the unit above, and what becomes of it.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Server, Smtp, between, eventually, sql, texts};

const PAGE: &str = "/intake/recommendations";

#[test]
fn a_city_recommends_and_the_province_takes_or_says_why_not() {
    let server = Server::start();
    let office = server.office();
    let province = server.sign_in("province");
    let ids = ["值得推荐的一篇", "再推荐的一篇"].map(|title| office.publishes_news(title));
    let paths = ids.each_ref().map(|id| server.path_of(id));
    let recommends = |path: &str, reason: &str| {
        office
            .city
            .form(PAGE, &[("path", path), ("reason", reason), ("q", "推荐的一篇")])
    };
    // It needs a sentence, and what was found stays on the page.
    let page = recommends(&paths[0], " ").is(422).body;
    assert!(
        page.contains("请写推荐理由") && page.contains("值得推荐的一篇"),
        "{page}"
    );
    recommends(&paths[0], "一线做法，别校可以照着做。").is(303);
    recommends(&paths[0], "又一次").is(409);
    recommends(&paths[1], "同上").is(303);
    recommends("content/news/no-such.md", "没有").is(404);
    office
        .school
        .form(PAGE, &[("path", &paths[0]), ("reason", "自荐")])
        .is(403);

    // The province is told, and answers each.
    assert!(
        province
            .get("/intake/")
            .is(200)
            .body
            .contains("有 2 条推荐等本单位答复")
    );
    let ids = texts(server.data(), "SELECT id FROM recommendation ORDER BY title");
    let id = |title: &str| &ids[usize::from(title.starts_with('再'))];
    let answers = |title: &str, what: &str, answer: &str| {
        province.form(
            &format!("{PAGE}/{}", id(title)),
            &[("do", what), ("answer", answer)],
        )
    };
    let page = answers("再推荐的一篇", "decline", "").is(422).body;
    assert!(page.contains("请写明不采用的原因"), "{page}");
    answers("再推荐的一篇", "decline", "与上月的一篇内容相近。").is(303);
    answers("再推荐的一篇", "take", "").is(409);
    answers("值得推荐的一篇", "take", "").is(303);

    // The portal shows it, git keeps it, the school sees what became of both.
    let page = eventually("the portal shows what is recommended", || {
        let page = office.teacher.get("/recommended/");
        (page.status == 200 && page.body.contains("值得推荐的一篇")).then_some(page.body)
    });
    assert!(
        page.contains("值得推荐的一篇") && !page.contains("再推荐的一篇"),
        "{page}"
    );
    assert!(office.teacher.get("/").is(200).body.contains("上级推荐"));
    let published = server.published(&paths[0]);
    assert!(
        published.contains("recommended:") && published.contains("shengzhiyanshi"),
        "{published}"
    );
    let log = server.git(&["log", "-1", "--format=%s%n%(trailers)", "main"]);
    assert!(
        log.contains("Recommended-by: 示例市级管理员") && log.contains("Taken-by: 示例省级管理员"),
        "{log}"
    );
    let page = office.school.get(PAGE).is(200).body;
    assert!(
        page.contains("已采用") && page.contains("与上月的一篇内容相近。"),
        "{page}"
    );
    let other = server.sign_in("county").get(PAGE).is(200).body;
    assert!(!other.contains("值得推荐的一篇"), "{other}");

    // An edit afterwards keeps it, and its own unit cannot write it.
    let edit = office.teacher.begins_on(&paths[1], "edit");
    let wanted = [
        ("recommended.0.unit", "shengzhiyanshi"),
        ("recommended.0.date", "2026-11-30"),
    ];
    office.teacher.fills(&edit, &wanted, "save").is(422);
    let edit = office.teacher.begins_on(&paths[0], "edit");
    let form = office
        .teacher
        .get(&format!("/intake/items/{edit}/edit"))
        .is(200)
        .body;
    let locked = between(&form, "由上级填写的内容", "</section>");
    assert!(locked.contains("推荐单位"), "{locked}");
}

#[test]
fn whoever_is_to_answer_is_told_and_reminded_and_those_concerned_hear_the_answer() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let smtp = Smtp::start(0);
    let server = smtp.serves(&data);
    let office = server.office();
    let province = server.sign_in("province");
    for (browser, address) in [
        (&office.teacher, "teacher@example.org"),
        (&office.school, "school@example.org"),
        (&office.city, "city@example.org"),
        (&province, "province@example.org"),
    ] {
        browser.wants_mail(address, "digest");
    }
    let id = office.publishes_news("值得推荐的一篇");
    let path = server.path_of(&id);
    let fields = [("path", &*path), ("reason", "别校可以照着做。")];
    office.city.form(PAGE, &fields).is(303);
    let mail = smtp.wait("province@example.org", "推荐到本单位");
    assert!(
        mail.text.contains("别校可以照着做。") && mail.text.contains(PAGE),
        "{}",
        mail.text
    );

    // Reminded when a working day is left.
    assert!(
        smtp.came()
            .iter()
            .all(|mail| !mail.subject.contains("前答复推荐"))
    );
    drop((server, office, province));
    sql(&data, "UPDATE recommendation SET recommended_at = 1000");
    let server = smtp.serves(&data);
    smtp.wait("province@example.org", "前答复推荐：值得推荐的一篇");

    let recommended = &texts(&data, "SELECT id FROM recommendation")[0];
    let answer = [("do", "decline"), ("answer", "与上月的一篇内容相近。")];
    let province = server.sign_in("province");
    province.form(&format!("{PAGE}/{recommended}"), &answer).is(303);
    for to in ["city@example.org", "school@example.org", "teacher@example.org"] {
        let mail = smtp.wait(to, "推荐未采用：值得推荐的一篇");
        assert!(mail.text.contains("与上月的一篇内容相近。"), "{}", mail.text);
        // A teacher has no page of recommendations.
        assert_eq!(
            mail.text.contains(PAGE),
            to != "teacher@example.org",
            "{}",
            mail.text
        );
    }
    let asked = smtp
        .came()
        .into_iter()
        .filter(|mail| mail.to == "province@example.org");
    assert!(
        asked
            .map(|mail| mail.subject)
            .all(|subject| !subject.contains("未采用"))
    );
}

//! Who is told of a takedown: the unit with the reason, whoever ordered it, and those who are to confirm it in time.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use support::{Browser, Office, Server, Smtp, joins, news, sql, texts};

const PAGE: &str = "/intake/takedowns";

fn published(server: &Server, office: &Office, title: &str) -> String {
    let id = office.teacher.begins("news");
    office.teacher.fills(&id, &news(title), "submit").is(303);
    office.publishes(&id);
    server.path_of(&id)
}

fn orders(browser: &Browser, paths: &[&str]) {
    let mut fields: Vec<(&str, &str)> = paths.iter().map(|path| ("path", *path)).collect();
    fields.extend([
        ("reason", "rights"),
        ("ground", "《示例管理办法》第三条"),
        ("advice", "请补授权书后再发。"),
    ]);
    browser.form(PAGE, &fields).is(303);
}

#[test]
fn a_unit_hears_of_each_step_and_those_who_confirm_are_reminded() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let smtp = Smtp::start(0);
    let server = smtp.serves(&data);
    let office = server.office();
    let province = server.sign_in("province");
    office.teacher.wants_mail("teacher@example.org", "digest");
    office.school.wants_mail("school@example.org", "digest");
    office.city.wants_mail("city@example.org", "at-once");
    province.wants_mail("province@example.org", "digest");
    let colleague = joins(&server, &province, "city-two", "weihai-jiaoyanshi", "city-admin");
    colleague.wants_mail("two@example.org", "none");
    let (one, two) = (
        published(&server, &office, "第一篇"),
        published(&server, &office, "第二篇"),
    );
    orders(&office.city, &[&one, &two]);

    // One mail for both, with what the unit alone reads.
    let mail = smtp.wait("school@example.org", "已撤下：《");
    assert!(mail.subject.contains("等 2 条内容"), "{}", mail.subject);
    for part in [
        "《示例管理办法》第三条",
        "请补授权书后再发。",
        "- 第一篇",
        "- 第二篇",
        "/intake/takedowns",
    ] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
    // Its author hears of it too, without what is said to the unit alone.
    let mail = smtp.wait("teacher@example.org", "已撤下：《");
    assert!(
        mail.text.contains("《示例管理办法》第三条") && !mail.text.contains("请补授权书"),
        "{}",
        mail.text
    );
    let desk = |browser: &Browser| browser.get("/intake/").is(200).body;
    assert!(desk(&office.school).contains("本单位有 2 条内容被撤下"));
    assert!(
        desk(&province).contains("有 2 条撤下等你核实") && desk(&colleague).contains("有 2 条撤下等你核实")
    );
    assert!(!desk(&office.city).contains("等你核实") && !desk(&office.teacher).contains("撤下"));

    // Reminded when a working day is left, once, and not who ordered it.
    assert!(smtp.came().iter().all(|mail| !mail.subject.contains("前核实")));
    drop(server);
    sql(&data, "UPDATE takedown SET ordered_at = 1000");
    let server = smtp.serves(&data);
    let mail = smtp.wait("province@example.org", "前核实：《");
    assert!(mail.subject.contains("等 2 条内容"), "{}", mail.subject);

    // Confirmed by somebody else, lifted by whoever ordered it; the other one comes back by itself.
    let (city, province) = (server.sign_in("city"), server.sign_in("province"));
    let takedowns = texts(&data, "SELECT id FROM takedown ORDER BY title");
    let decides = |browser: &Browser, what: &str| {
        browser
            .form(&format!("{PAGE}/{}", takedowns[0]), &[("do", what)])
            .is(303);
    };
    decides(&province, "confirm");
    for to in ["school@example.org", "city@example.org"] {
        smtp.wait(to, "撤下已核实：《第一篇》");
    }
    decides(&city, "lift");
    smtp.wait("school@example.org", "已恢复公开：《第一篇》");
    drop(server);
    sql(&data, "UPDATE takedown SET due_at = 2000 WHERE state = 'ordered'");
    let server = smtp.serves(&data);
    for to in ["school@example.org", "city@example.org"] {
        let mail = smtp.wait(to, "逾期未核实，已恢复公开：《第二篇》");
        assert!(mail.text.contains("请补授权书后再发。"), "{}", mail.text);
    }
    let seen = desk(&server.sign_in("school"));
    assert!(seen.contains("本单位有 2 条撤下的内容已恢复公开"), "{seen}");

    // Each once; nobody of what they did themselves, nor who wants no mail.
    let came = smtp.came();
    // A server that is killed between sending and noting it sends it again under the same id.
    let mails: BTreeSet<(&str, &str, &str)> = came
        .iter()
        .map(|mail| (mail.to.as_str(), mail.subject.as_str(), mail.id.as_str()))
        .collect();
    let told: BTreeSet<(&str, &str)> = mails.iter().map(|(to, subject, _)| (*to, *subject)).collect();
    assert_eq!(told.len(), mails.len(), "{mails:?}");
    assert!(came.iter().all(|mail| mail.to != "two@example.org"));
    let to_city = |subject: &str| {
        came.iter()
            .any(|mail| mail.to == "city@example.org" && mail.subject.contains(subject))
    };
    assert!(!to_city("已撤下") && !to_city("前核实") && !to_city("已恢复公开：《第一篇》"));
}

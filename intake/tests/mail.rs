//! Mail over a small mail server: what is told to whom, how it is written, and that a refusal is not the end of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeSet;

use support::{Office, Smtp, between, news};

#[test]
fn everybody_is_told_what_concerns_them_once() {
    let directory = tempfile::tempdir().unwrap();
    let smtp = Smtp::start(0);
    let server = smtp.serves(&directory.path().join("data"));
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    teacher.wants_mail("teacher@example.org", "digest");
    school.wants_mail("school@example.org", "digest");
    city.wants_mail("city@example.org", "at-once");

    let title = "邮件说了什么：一、二";
    let id = teacher.submits_news(title);
    let digest = smtp.wait("school@example.org", "今天的待办").text;
    assert!(digest.contains(title) && digest.contains("已等 0 天"), "{digest}");
    school.endorses(&id);
    let work = smtp.wait("city@example.org", "新的待办：邮件说了什么").text;
    let item = format!("https://portal.example.org/intake/items/{id}");
    assert!(work.contains(&item), "{work}");
    smtp.wait("teacher@example.org", "本单位已审核通过");
    city.decides(&id, "return", &[("message", "请写明日期。")])
        .is(303);
    let returned = smtp.wait("teacher@example.org", "请修改：邮件说了什么：一、二");
    assert!(returned.text.contains("请写明日期。"), "{}", returned.text);
    for line in [
        "From: ",
        "To: ",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(returned.head.contains(line), "{line}: {}", returned.head);
    }
    assert!(returned.head.is_ascii() && returned.head.lines().all(|line| line.len() < 998));
    teacher
        .fills(&id, &news("邮件说了什么：一、二，三月五日"), "submit")
        .is(303);
    school.endorses(&id);
    city.decides(&id, "accept", &[]).is(303);
    smtp.wait("teacher@example.org", "审核通过：邮件说了什么");
    smtp.wait("teacher@example.org", "已发布：邮件说了什么");

    // Everything is sent once; the school had its digest of the day; nobody is told what they did themselves.
    let came = smtp.came();
    let ids: BTreeSet<&str> = came.iter().map(|mail| mail.id.as_str()).collect();
    assert_eq!(ids.len(), came.len());
    let count = |to: &str| came.iter().filter(|mail| mail.to == to).count();
    assert_eq!((count("school@example.org"), count("city@example.org")), (1, 2));
}

#[test]
fn who_wants_no_mail_gets_none() {
    let directory = tempfile::tempdir().unwrap();
    let smtp = Smtp::start(0);
    let server = smtp.serves(&directory.path().join("data"));
    let Office { teacher, school, .. } = server.office();
    for wrong in [("no address", "digest"), ("", "hourly")] {
        let pairs = [("email", wrong.0), ("notices", wrong.1)];
        teacher.form("/intake/account/notices", &pairs).is(422);
    }
    let returns = |title: &str| {
        let id = teacher.submits_news(title);
        school.decides(&id, "return", &[("message", "不好。")]).is(303);
    };
    teacher.wants_mail("teacher@example.org", "none");
    returns("不要邮件");
    teacher.wants_mail("teacher@example.org", "at-once");
    returns("又要邮件");
    smtp.wait("teacher@example.org", "请修改：又要邮件");
    assert!(smtp.came().iter().all(|mail| !mail.subject.contains("不要邮件")));
}

#[test]
fn an_invitation_is_mailed_with_a_link_of_its_own_and_tried_again_after_a_refusal() {
    let directory = tempfile::tempdir().unwrap();
    let smtp = Smtp::start(2);
    let data = directory.path().join("data");
    let server = smtp.serves(&data);
    let school = server.sign_in("school");
    let account = [
        ("login", "by.mail"),
        ("name", "示例收信人"),
        ("unit", "shili-haiwan"),
        ("role", "teacher"),
        ("email", "new@example.org"),
    ];
    let shown = school.form("/intake/people", &account).is(200).body;
    let shown = between(&shown, "class=\"in-link\">", "<").replace("&#x2F;", "/");
    let mail = smtp.wait("new@example.org", "请设置密码");
    assert_eq!(smtp.refused(), 2);
    assert!(
        mail.text.contains("示例收信人") && mail.text.contains("by.mail"),
        "{}",
        mail.text
    );
    assert!(
        mail.id.starts_with('<') && mail.id.ends_with("@example.org>"),
        "{}",
        mail.id
    );
    let link = between(&mail.text, "https://portal.example.org", "\n").to_owned();
    assert_ne!(link, shown);

    // Neither link is kept anywhere; both hold until one is used.
    let fresh = server.browser();
    fresh.get(&link).is(200);
    fresh.get(&shown).is(200);
    let secret = link.rsplit('/').next().unwrap();
    assert!(!support::keeps(&data, secret), "kept as a hash");
    let password = [
        ("password", "rain over the river"),
        ("again", "rain over the river"),
    ];
    fresh.post(&link, &password).is(303);
    fresh.get(&link).is(422);
    fresh.get(&shown).is(422);
}

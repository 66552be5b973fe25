//! An entry that somebody breaks with git: everything else goes on, whoever answers for it is told once, and it is mended
//! from the desk by the road of every edit.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Browser, Office, Server, Smtp, between, findings, news, says};

/// The part of a desk about what is left out of the portal; empty when it says nothing of that.
fn left_out(browser: &Browser) -> String {
    let desk = browser.get("/intake/").is(200).body;
    match desk.split_once("没有发布到门户的条目") {
        Some((_, rest)) => rest.split("</section>").next().unwrap().to_owned(),
        None => String::new(),
    }
}

/// The line of an entry in that part.
fn line<'p>(part: &'p str, title: &str) -> &'p str {
    let lines = part.split("<li>").skip(1);
    let mut lines = lines.filter(|line| line.contains(title));
    lines.next().unwrap_or_else(|| panic!("{title} is not in {part}"))
}

/// Presses the button beside an entry; gives the id of the edit.
fn presses_edit(browser: &Browser, title: &str) -> String {
    let part = left_out(browser);
    let line = line(&part, title);
    assert!(line.contains("name=\"purpose\" value=\"edit\""), "{line}");
    let path = between(line, "name=\"path\" value=\"", "\"").replace("&#x2F;", "/");
    browser.begins_on(&path, "edit")
}

/// A server with two entries that were published and are broken since: the front matter of the first cannot be read, the
/// date of the second is none.
struct Broken {
    server: Server,
    office: Office,
    province: Browser,
    ids: [String; 2],
    paths: [String; 2],
}

const TITLES: [&str; 2] = ["读不出的一课", "日期不对的一课"];

impl Broken {
    fn start(smtp: &Smtp, data: &std::path::Path) -> Self {
        let server = smtp.serves(data);
        let (office, province) = (server.office(), server.sign_in("province"));
        office.teacher.wants_mail("teacher@example.org", "at-once");
        office.school.wants_mail("school@example.org", "digest");
        office.city.wants_mail("city@example.org", "at-once");
        province.wants_mail("province@example.org", "digest");
        let ids = TITLES.map(|title| office.publishes_news(title));
        let paths = ids.each_ref().map(|id| server.path_of(id));
        let unread = "---\ntitle: [读不出的一课\n---\n\n正文还在。\n".to_owned();
        let undated = server.published(&paths[1]).replacen("date: ", "date: 昨天 ", 1);
        server.pushes(&[(&paths[0], &unread), (&paths[1], &undated)]);
        office.publishes_news("照常发布的一课");
        Self {
            server,
            office,
            province,
            ids,
            paths,
        }
    }

    /// What visitors get of the two.
    fn statuses(&self) -> [u16; 2] {
        let visitor = self.server.browser();
        self.ids
            .each_ref()
            .map(|id| visitor.get(&format!("/news/{id}/")).status)
    }

    fn condition(&self) -> String {
        self.server.browser().get("/readyz").is(200).body
    }
}

/// How many mails of entries that are left out came to everybody.
fn told(smtp: &Smtp) -> Vec<(String, String)> {
    let came = smtp.came().into_iter();
    let told = came.filter(|mail| mail.subject.contains("未能发布"));
    let mut told: Vec<(String, String)> = told.map(|mail| (mail.to, mail.subject)).collect();
    told.sort();
    told
}

#[test]
fn an_entry_that_is_broken_in_git_is_told_of_once_and_mended_from_the_desk() {
    let directory = tempfile::tempdir().unwrap();
    let smtp = Smtp::start(0);
    let broken = Broken::start(&smtp, &directory.path().join("data"));
    let Office {
        teacher,
        school,
        city,
    } = &broken.office;

    // Everything else goes on, and it is said where somebody looks.
    assert_eq!(broken.statuses(), [404, 404]);
    let condition = broken.condition();
    assert!(condition.starts_with("degraded\n"), "{condition}");
    for path in &broken.paths {
        assert!(condition.contains(path.as_str()), "{condition}");
    }
    for browser in [school, &broken.province] {
        let part = left_out(browser);
        for (title, reason) in TITLES.iter().zip(["文件头", "日期"]) {
            let line = line(&part, title);
            assert!(
                line.contains("示例海湾技师学院") && line.contains(reason),
                "{line}"
            );
        }
    }
    assert_eq!([left_out(teacher), left_out(city)], ["", ""]);

    // One mail each to the admins of the unit and of the province, however often the portal is built.
    for (to, title) in [("school", 0), ("school", 1), ("province", 0), ("province", 1)] {
        let mail = smtp.wait(
            &format!("{to}@example.org"),
            &format!("未能发布，请修改：{}", TITLES[title]),
        );
        assert!(mail.text.contains("示例海湾技师学院"), "{}", mail.text);
    }
    broken.office.publishes_news("又照常发布的一课");
    smtp.wait("teacher@example.org", "已发布：又照常发布的一课");
    assert_eq!(told(&smtp).len(), 4, "{:#?}", told(&smtp));

    // Of what cannot be read the whole file is in the body; the form is filled in anew.
    for (title, kept) in TITLES.iter().zip(["title: [读不出的一课", "正文第一段。"]) {
        let id = presses_edit(school, title);
        let form = school.get(&format!("/intake/items/{id}/edit")).is(200).body;
        let body = between(&form, "<textarea id=\"body\"", "</textarea>");
        assert!(body.contains(kept), "{body}");
        assert_eq!(form.contains("读不出来"), kept.contains("title"), "{form}");
        let refused = school.hands_in(&id, &[]).is(422).body;
        says(&findings(&refused), "stop", &["发布日期"]);
        let mut fields = news(title);
        fields.push(("date", "2026-03-05"));
        school.hands_in(&id, &fields).is(303);
        broken.office.accepts(&id);
        school.waits_for(&id, "published");
    }
    assert_eq!(broken.statuses(), [200, 200]);
    assert_eq!(broken.condition(), "ok\n");
    assert_eq!([left_out(school), left_out(&broken.province)], ["", ""]);
    assert_eq!(told(&smtp).len(), 4, "{:#?}", told(&smtp));
}

#[test]
fn a_heading_that_another_entry_names_is_not_removed() {
    let server = Server::start();
    let office = server.office();
    let named = office
        .teacher
        .submits_news_of("有小结的一课", "## 小结\n\n说得清楚。\n\n## 附录\n\n一张表。");
    office.publishes(&named);
    let body = format!("见[小结]({named}.md#小结)。");
    let naming = office.teacher.submits_news_of("引用小结的一课", &body);
    office.publishes(&naming);

    let edit = office.teacher.begins_on(&server.path_of(&named), "edit");
    let refused = office.teacher.hands_in(&edit, &[("body", "## 附录\n\n一张表。")]);
    let stops = findings(&refused.is(422).body);
    says(&stops, "stop", &["引用小结的一课", "小结"]);
    assert_eq!(office.teacher.checks(&edit), stops);
    // What nobody names may go.
    office
        .teacher
        .hands_in(&edit, &[("body", "## 小结\n\n说得更清楚。")])
        .is(303);
    office.publishes(&edit);
    let page = server.browser().get(&format!("/news/{naming}/")).is(200).body;
    assert!(page.contains(&format!("/news/{named}/#")), "{page}");
}

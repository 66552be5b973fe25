//! Everybody sees where things are: the desk, the page after a decision, what will be public, and a unit's own log.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Office, Server, between, eventually, joins, news, sql};

#[test]
fn the_desk_says_what_waits_what_went_up_and_what_is_late_below() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let registration = [
        ("name", "示例自注册"),
        ("unit", "shili-haiwan"),
        ("login", "self.two"),
        ("password", "rain over the river"),
        ("again", "rain over the river"),
    ];
    server.browser().post("/intake/register", &registration).is(200);
    let id = teacher.submits_news("报送以后看得见");
    let desk = school.get("/intake/").is(200).body;
    assert!(desk.contains("有 1 个注册申请等着确认"), "{desk}");
    let menu = between(&desk, "<nav class=\"in-menu\"", "</nav>");
    assert_eq!(menu.matches("class=\"in-badge\"").count(), 2, "{menu}");
    assert!(!desk.contains("已经报送，上级正在办理"));
    // The school owes eight in a year and has published what the demonstration has.
    assert!(
        desk.contains("学年报送任务") && desk.contains("任务 8 项"),
        "{desk}"
    );
    school.endorses(&id);
    let desk = school.get("/intake/").is(200).body;
    let sent = between(&desk, "已经报送，上级正在办理", "</section>");
    assert!(sent.contains("报送以后看得见"), "{sent}");
    assert!(
        city.get("/intake/")
            .body
            .contains("本学年还没有完成报送任务的单位")
    );
    // What the school leaves lying, the city sees.
    let late = teacher.submits_news("放了很久的一件");
    assert!(!city.get("/intake/").body.contains("下级超期没有办的"));
    sql(
        server.data(),
        "UPDATE submission SET due_at = 1 WHERE state = 'submitted'",
    );
    let desk = city.get("/intake/").is(200).body;
    let overdue = between(&desk, "下级超期没有办的", "</section>");
    assert!(
        overdue.contains("放了很久的一件") && overdue.contains(&late),
        "{overdue}"
    );
}

#[test]
fn publishing_asks_once_and_says_what_will_be_public_and_when_it_is() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let id = teacher.begins("news");
    teacher.uploads(&id, "日程.txt", b"text");
    teacher.fills(&id, &news("问一次再公开"), "submit").is(303);
    let next = teacher.submits_news("下一件在这里");
    school.endorses(&id);
    school.endorses(&next);
    let step = format!("/intake/items/{id}/step");
    let asked = city.form(&step, &[("do", "accept"), ("sure", "")]).is(200).body;
    for part in [
        "确定公开吗？",
        "问一次再公开",
        "日程.txt",
        "示例分管院长",
        "示例海湾技师学院",
        "/news/",
    ] {
        assert!(asked.replace("&#x2F;", "/").contains(part), "{part}: {asked}");
    }
    assert_eq!(city.state(&id), "endorsed", "nothing was done yet");
    let done = city.decides(&id, "accept", &[]).is(303);
    assert_eq!(done.location(), format!("/intake/items/{id}/result"));
    let page = city.get(done.location()).is(200).body;
    assert!(
        page.contains("审核通过：") && page.contains("下一件在这里"),
        "{page}"
    );
    let state = format!("/intake/items/{id}/state");
    let found = eventually("it is published", || {
        let found = city.get(&state).is(200).body;
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        (found["is_moving"] == false).then_some(found)
    });
    assert_eq!(found["label"], "已发布");
    assert!(found["url"].as_str().unwrap().starts_with("/news/"), "{found}");
    teacher.get(&format!("/intake/items/{id}/result")).is(404);
    // Several at once are asked about together.
    let many = [("do", "accept"), ("sure", ""), ("item", next.as_str())];
    let asked = city.form("/intake/queue/many", &many).is(200).body;
    assert!(
        asked.contains("确定公开吗？") && asked.contains("下一件在这里"),
        "{asked}"
    );
    assert_eq!(city.state(&next), "endorsed");
}

#[test]
fn an_admin_reads_what_concerns_their_unit_in_words_and_nothing_else() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let province = server.sign_in("province");
    let other = joins(&server, &province, "school-b", "shili-gangcheng", "school-admin");
    let stranger = joins(&server, &other, "stranger", "shili-gangcheng", "teacher");
    let theirs = stranger.submits_news("别的学校的投稿");
    let own = teacher.submits_news("本校的投稿");
    school.endorses(&own);
    city.decides(&own, "return", &[("message", "请补照片")]).is(303);
    other.get(&format!("/intake/items/{own}")).is(403);
    let log = school.get("/intake/audit").is(200).body;
    for part in ["投稿《本校的投稿》", "请补照片", "示例市级管理员", "想看投稿"] {
        assert!(log.contains(part), "{part}: {log}");
    }
    assert!(!log.contains("别的学校的投稿") && !log.contains(&theirs), "{log}");
    // Whatever the address says, it is the unit's own log.
    let log = school
        .get("/intake/audit?unit=shili-gangcheng&act=submission")
        .is(200)
        .body;
    assert!(
        log.contains("本校的投稿") && !log.contains("别的学校的投稿"),
        "{log}"
    );
    let all = province.get("/intake/audit?q=别的学校").is(200).body;
    assert!(
        all.contains("别的学校的投稿") && !all.contains("本校的投稿"),
        "{all}"
    );
    let one = province.get("/intake/audit?act=return").is(200).body;
    assert_eq!(one.matches("<tr><td").count(), 1, "{one}");
    let none = school.get("/intake/audit?from=2030-01-01").is(200).body;
    assert!(none.contains("没有符合条件的记录"));
    school.get("/intake/audit?from=2030-02-31").is(422);
    let csv = school.get("/intake/audit.csv?act=return").is(200).body;
    assert!(
        csv.starts_with("\u{feff}序号,") && csv.contains("请补照片") && csv.lines().count() == 2,
        "{csv}"
    );
    // Ids and checksums tell nobody anything.
    assert!(!csv.contains(&own) && !csv.contains("submission/"), "{csv}");
    school.form("/intake/audit", &[]).is(403);
}

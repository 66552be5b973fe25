//! People who stand in for each other: deputies, colleagues, successors, and what reminds them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Server, between, eventually, joins, number, option, sql, texts};

fn audit(server: &Server) -> String {
    server.sign_in("province").get("/intake/audit").is(200).body
}

#[test]
fn a_deputy_decides_for_an_admin_and_the_log_says_for_whom() {
    let server = Server::start();
    let (school, teacher, city) = (
        server.sign_in("school"),
        server.sign_in("teacher"),
        server.sign_in("city"),
    );
    let colleague = joins(&server, &school, "colleague", "shili-haiwan", "teacher");
    let id = teacher.submits_news("代理人来签报");
    colleague.get(&format!("/intake/items/{id}")).is(403);
    colleague.get("/intake/deputies").is(403);

    let unopened = [
        ("name", "示例未设密码"),
        ("login", "unopened"),
        ("unit", "shili-haiwan"),
        ("role", "teacher"),
    ];
    school.form("/intake/people", &unopened).is(200);
    let page = school.get("/intake/deputies").is(200).body;
    assert!(!page.contains("示例未设密码"), "{page}");
    let deputy = option(&page, "示例colleague").to_owned();
    assert!(
        page.contains("示例市级管理员") && !page.contains("示例省级管理员") && !page.contains("示例教师乙"),
        "{page}"
    );
    let today = between(&page, "name=\"begins\" type=\"date\" value=\"", "\"").to_owned();
    let names = |deputy: &str, begins: &str, ends: &str| {
        school.form(
            "/intake/deputies",
            &[("deputy", deputy), ("begins", begins), ("ends", ends)],
        )
    };
    names(&deputy, "2020-01-01", "2020-01-02").is(422);
    names(&deputy, &today, "2020-01-02").is(422);
    names(&deputy, &today, "9999-01-01").is(422);
    names("nobody", &today, &today).is(422);
    names(&deputy, &today, &today).is(303);

    // The deputy sees what waits, decides on it, and does nothing else.
    assert!(colleague.get("/intake/").is(200).body.contains("代理人来签报"));
    colleague.get("/intake/people").is(403);
    let own = colleague.submits_news("代理人自己的稿子");
    colleague
        .decides(&own, "endorse", &[("signed_off_by", "我"), ("confirmed", "yes")])
        .is(403);
    colleague.endorses(&id);
    assert_eq!(teacher.state(&id), "endorsed");
    colleague.decides(&id, "accept", &[]).is(403);
    let log = audit(&server);
    assert!(
        log.contains("本单位审核通过，代示例院校管理员（示例海湾技师学院）"),
        "{log}"
    );
    assert!(
        teacher
            .get(&format!("/intake/items/{id}"))
            .body
            .contains("以代理人身份处理")
    );

    // A superior may stand in too; when the time is ended, so is the right.
    let third = teacher.submits_news("结束以后");
    let page = school.get("/intake/deputies").is(200).body;
    let end = between(&page, "action=\"/intake/deputies/", "\"").to_owned();
    city.form(&format!("/intake/deputies/{end}"), &[]).is(404);
    school.form(&format!("/intake/deputies/{end}"), &[]).is(303);
    colleague
        .decides(&third, "endorse", &[("signed_off_by", "x"), ("confirmed", "yes")])
        .is(403);
    city.decides(&third, "endorse", &[("signed_off_by", "x"), ("confirmed", "yes")])
        .is(403);
    names(option(&page, "示例市级管理员"), &today, &today).is(303);
    city.endorses(&third);
}

#[test]
fn a_reviewer_gives_an_item_to_a_colleague() {
    let server = Server::start();
    let (school, teacher, city) = (
        server.sign_in("school"),
        server.sign_in("teacher"),
        server.sign_in("city"),
    );
    let other = joins(&server, &city, "second", "weihai-jiaoyanshi", "city-admin");
    let id = teacher.submits_news("换个人来审");
    let path = format!("/intake/items/{id}/reviewer");
    city.get(&path).is(403);
    school.endorses(&id);
    school.get(&path).is(403);
    let page = city.get(&path).is(200).body;
    assert!(!page.contains("示例院校管理员"), "{page}");
    let reviewer = option(&page, "示例second").to_owned();
    city.form(&path, &[("reviewer", "nobody")]).is(422);
    teacher.form(&path, &[("reviewer", &reviewer)]).is(403);
    city.form(&path, &[("reviewer", &reviewer)]).is(303);
    let item = teacher.get(&format!("/intake/items/{id}")).is(200).body;
    assert!(
        item.contains("示例second（") && item.contains("转交审核"),
        "{item}"
    );
    other.decides(&id, "accept", &[]).is(303);
    // Too late: it is being merged, or it is merged and nobody's turn.
    let late = city.form(&path, &[("reviewer", &reviewer)]).status;
    assert!(matches!(late, 403 | 409), "{late}");
}

#[test]
fn holders_are_reminded_before_and_after_something_is_due() {
    let server = Server::start();
    let (school, teacher) = (server.sign_in("school"), server.sign_in("teacher"));
    let id = teacher.submits_news("等了很久");
    assert!(!school.get("/intake/").is(200).body.contains("待办明天到期"));
    sql(
        server.data(),
        format!(
            "UPDATE submission SET state_at = state_at - 4 * 86400000, due_at = {}",
            jixia_intake::clock::now() + 80_000_000
        )
        .leak(),
    );
    // Any step rings the bell that has the server look for what is due.
    let other = teacher.submits_news("刚刚交来");
    eventually("the school is reminded", || {
        let desk = school.get("/intake/").is(200).body;
        desk.contains("有 1 件待办明天到期").then_some(())
    });
    sql(
        server.data(),
        format!(
            "UPDATE submission SET due_at = {} WHERE title = '等了很久'",
            jixia_intake::clock::now() - 1000
        )
        .leak(),
    );
    teacher.decides(&other, "withdraw", &[]).is(303);
    eventually("the school is told that it is late", || {
        let desk = school.get("/intake/").is(200).body;
        (desk.contains("有 1 件待办已超期") && !desk.contains("明天到期")).then_some(())
    });
    school.endorses(&id);
    assert!(!school.get("/intake/").is(200).body.contains("已超期"));
}

#[test]
fn who_leaves_hands_open_work_to_a_successor_or_the_units_admin() {
    let server = Server::start();
    let (school, province) = (server.sign_in("school"), server.sign_in("province"));
    let leaver = joins(&server, &school, "leaver", "shili-haiwan", "teacher");
    let second = joins(&server, &school, "leaver.2", "shili-haiwan", "teacher");
    let (id, other) = (
        leaver.submits_news("留下的第一篇"),
        second.submits_news("留下的第二篇"),
    );
    let number = |login: &str| {
        let people = school.get("/intake/people").is(200).body;
        let line = people.split(&format!("<small>{login}，")).nth(1).unwrap();
        between(line, "action=\"/intake/people/", "\"").to_owned()
    };
    let heir = number("teacher");
    let stranger = between(
        province
            .get("/intake/people")
            .is(200)
            .body
            .split("<small>teacher-b，")
            .nth(1)
            .unwrap(),
        "action=\"/intake/people/",
        "\"",
    )
    .to_owned();
    let closes = |login: &str, successor: &str| {
        let pairs = [("do", "close"), ("successor", successor)];
        school.form(&format!("/intake/people/{}", number(login)), &pairs)
    };
    closes("leaver", &stranger).is(422);
    closes("leaver", &heir).is(303);
    closes("leaver.2", "").is(303);
    let item = server
        .sign_in("teacher")
        .get(&format!("/intake/items/{id}"))
        .is(200)
        .body;
    assert!(item.contains("示例教师甲（"), "{item}");
    let item = school.get(&format!("/intake/items/{other}")).is(200).body;
    assert!(item.contains("示例院校管理员（"), "{item}");
    assert_eq!(
        leaver.get("/intake/").is(303).location(),
        "/intake/sign-in?next=%2Fintake%2F"
    );

    // When an admin changes, the new one goes on with what the old one left, and the old one is out at once.
    let city = server.sign_in("city");
    let new = joins(&server, &city, "school.new", "shili-haiwan", "school-admin");
    let people = city.get("/intake/people").is(200).body;
    let line = people.split("<small>school，").nth(1).unwrap();
    let old = between(line, "action=\"/intake/people/", "\"").to_owned();
    city.form(&format!("/intake/people/{old}"), &[("do", "close")])
        .is(303);
    school.get("/intake/").is(303);
    assert!(new.get("/intake/").is(200).body.contains("留下的第二篇"));
}

#[test]
fn an_account_is_put_right_suspended_and_reopened_by_those_above_it() {
    let server = Server::start();
    let (school, city) = (server.sign_in("school"), server.sign_in("city"));
    let teacher = server.sign_in("teacher");
    let id_of = |login: &str| {
        let people = city.get("/intake/people").is(200).body;
        let line = people.split(&format!("<small>{login}，")).nth(1).unwrap();
        between(line, "action=\"/intake/people/", "\"").to_owned()
    };
    let (of_teacher, of_school) = (id_of("teacher"), id_of("school"));
    let amends = |name: &str, role: &str| {
        let pairs = [
            ("do", "amend"),
            ("name", name),
            ("role", role),
            ("email", "new@example.org"),
        ];
        school.form(&format!("/intake/people/{of_teacher}"), &pairs)
    };
    // Never upwards, never without a name, never oneself.
    amends("示例改名", "city-admin").is(422);
    amends("", "teacher").is(422);
    let own = format!("/intake/people/{of_school}");
    for act in ["amend", "suspend", "reopen"] {
        school
            .form(&own, &[("do", act), ("name", "示例"), ("role", "teacher")])
            .is(403);
        teacher
            .form(&own, &[("do", act), ("name", "示例"), ("role", "teacher")])
            .is(403);
    }
    amends("示例改名", "school-admin").is(303);
    let people = school.get("/intake/people").is(200).body;
    assert!(
        people.contains("示例改名") && people.contains("new@example.org"),
        "{people}"
    );
    teacher.get("/intake/people").is(200);

    let does = |act: &str| city.form(&format!("/intake/people/{of_teacher}"), &[("do", act)]);
    does("suspend").is(303);
    teacher.get("/intake/").is(303);
    does("suspend").is(409);
    assert!(city.get("/intake/people").body.contains("已停用"));
    does("reopen").is(303);
    does("reopen").is(409);
    server.sign_in("teacher").get("/intake/").is(200);
    let log = audit(&server);
    for act in ["修改账号资料", "停用账号", "恢复账号"] {
        assert!(log.contains(act), "{act}");
    }
}

#[test]
fn two_who_suspend_each_other_are_never_both_out_and_a_link_of_before_stays_ended() {
    let server = Server::start();
    let province = server.sign_in("province");
    for round in 0..4 {
        let login = format!("province-{round}");
        let other = joins(&server, &province, &login, "shengzhiyanshi", "province-admin");
        let people = province.get("/intake/people").is(200).body;
        let id_of = |login: &str| {
            let line = people.split(&format!("<small>{login}，")).nth(1).unwrap();
            between(line, "action=\"/intake/people/", "\"").to_owned()
        };
        let (mine, theirs) = (id_of("province"), id_of(&login));
        let suspends = |browser: &support::Browser, id: &str| {
            browser.form(&format!("/intake/people/{id}"), &[("do", "suspend")]);
        };
        std::thread::scope(|scope| {
            let one = scope.spawn(|| suspends(&province, &theirs));
            let two = scope.spawn(|| suspends(&other, &mine));
            one.join().and_then(|()| two.join()).unwrap();
        });
        let left = "SELECT login FROM account WHERE role = 'province-admin' AND state = 'active'";
        assert_eq!(texts(server.data(), left).len(), 1);
        if province.get("/intake/people").status != 200 {
            // The other one was faster: this account is opened again by whoever is left.
            other
                .form(&format!("/intake/people/{mine}"), &[("do", "reopen")])
                .is(303);
            break;
        }
    }
    // A link that was made before a suspension opens nothing after it.
    let city = server.sign_in("city");
    let account = [
        ("login", "linked"),
        ("name", "示例"),
        ("unit", "weihai-jiaoyanshi"),
        ("role", "expert"),
    ];
    let made = city.form("/intake/people", &account).is(200).body;
    let link = between(&made, "class=\"in-link\">", "<").replace("&#x2F;", "/");
    let people = city.get("/intake/people").is(200).body;
    let line = people.split("<small>linked，").nth(1).unwrap();
    let id = between(line, "action=\"/intake/people/", "\"").to_owned();
    for act in ["suspend", "reopen"] {
        city.form(&format!("/intake/people/{id}"), &[("do", act)]).is(303);
    }
    server.browser().get(&link).is(422);
}

#[test]
fn a_session_is_ended_from_another_device_and_by_nobody_else() {
    let server = Server::start();
    let (here, there, other) = (
        server.sign_in("teacher"),
        server.sign_in("teacher"),
        server.sign_in("teacher-b"),
    );
    let account = here.get("/intake/account").is(200).body;
    assert_eq!(account.matches("name=\"token\"").count(), 1);
    let token = between(&account, "name=\"token\" value=\"", "\"").to_owned();
    other.form("/intake/account/end", &[("token", &token)]).is(303);
    there.get("/intake/").is(200);
    here.form("/intake/account/end", &[("token", &token)]).is(303);
    there.get("/intake/").is(303);
    here.get("/intake/").is(200);
}

#[test]
fn a_session_of_the_future_is_not_believed() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let set = |statement| sql(server.data(), statement);
    // Clocks differ by a little.
    set("UPDATE session SET created_at = created_at + 60000, seen_at = seen_at + 60000");
    teacher.get("/intake/").is(200);
    set("UPDATE session SET created_at = created_at + 86400000");
    teacher.get("/intake/").is(303);
    set("UPDATE session SET created_at = created_at - 86400000");
    teacher.get("/intake/").is(200);
    set("UPDATE session SET seen_at = seen_at + 86400000");
    teacher.get("/intake/").is(303);
    // The next sign-in of anybody forgets it.
    server.sign_in("school");
    let sessions =
        "SELECT COUNT(*) FROM session JOIN account ON account.id = account WHERE login = 'teacher'";
    assert_eq!(number(server.data(), sessions), 0);
}

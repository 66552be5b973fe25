//! The story over HTTP against the real server: drafted, endorsed, returned, mended, merged, published; and what must not
//! be possible.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Browser, Office, Server, acts, between, command, eventually, news};

#[test]
fn mistakes_are_told_all_at_once_and_nothing_typed_is_lost() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    let wrong = [
        ("title", ""),
        ("date", "2026-02-30"),
        ("body", "打我电话 13800138000"),
    ];
    let page = teacher.fills(&id, &wrong, "submit").is(422).body;
    for expected in [
        "id=\"f-title-error-1\"",
        "id=\"f-date-error-1\"",
        "138****8000",
        "请勾选全部声明",
        "2026-02-30",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert_eq!(teacher.state(&id), "draft");
}

#[test]
fn a_submission_is_returned_mended_endorsed_again_and_published() {
    let server = Server::start();
    let Office {
        teacher,
        school,
        city,
    } = server.office();
    let title = "雨天里的一堂公开课";
    let id = teacher.begins("news");
    let mut fields = news(title);
    fields.extend([("date", ""), ("tags", "公开课、听评课")]);
    teacher.fills(&id, &fields, "submit").is(303);
    assert_eq!(teacher.state(&id), "submitted");
    eventually("its branch is there", || has_branch(&server, &id).then_some(()));

    let waits_for = |browser: &Browser| browser.get("/intake/queue").is(200).body.contains(title);
    assert!(waits_for(&school));
    school.decides(&id, "endorse", &[]).is(422);
    school.endorses(&id);
    assert!(waits_for(&city));
    city.decides(&id, "take", &[]).is(303);
    city.decides(&id, "return", &[]).is(422);
    city.decides(&id, "return", &[("message", "请补一张座次表"), ("field", "body")])
        .is(303);
    assert_eq!(teacher.state(&id), "returned");
    let mending = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
    assert!(mending.contains("请补一张座次表"), "{mending}");

    let mended = [("body", "正文第一段。\r\n\r\n座次表：前排四人。")];
    teacher.fills(&id, &mended, "submit").is(422);
    teacher.hands_in(&id, &mended).is(303);
    assert_eq!(
        teacher.state(&id),
        "submitted",
        "what was changed is endorsed again"
    );
    school.endorses(&id);
    let preview = city.get(&format!("/intake/items/{id}/preview")).is(200);
    assert!(
        preview.body.contains("前排四人")
            && preview.headers["content-security-policy"].contains("script-src 'none'")
    );
    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    let page = server.browser().get(&format!("/news/{id}/")).is(200).body;
    assert!(
        page.contains("前排四人") && page.contains("示例分管院长"),
        "{page}"
    );
    assert!(server.browser().get("/news/").is(200).body.contains(title));
}

/// Whether the repository has the branch of a submission.
fn has_branch(server: &Server, id: &str) -> bool {
    let branches = server.git(&["for-each-ref", "--format=%(refname)", "refs/heads"]);
    branches.contains(&format!("refs/heads/submission/{id}"))
}

#[test]
fn everybodys_part_is_in_git_and_in_the_log() {
    let server = Server::start();
    let id = server.office().publishes_news("雨天里的一堂公开课");
    let message = server.git(&["log", "-1", "--format=%B", "main"]);
    let order = [
        "Submitted-by: 示例教师甲 <",
        "Endorsed-by: 示例院校管理员 <",
        "Signed-off-by: 示例分管院长",
        "Reviewed-by: 示例市级管理员 <",
    ];
    let places: Vec<usize> = order.iter().map(|part| message.find(part).expect(part)).collect();
    assert!(
        places.is_sorted() && message.contains(&format!("Submission-Id: {id}")),
        "{message}"
    );
    assert_eq!(
        server.git(&["rev-list", "--count", "main^1..main^2"]).trim(),
        "1",
        "the branch was one commit"
    );
    assert!(
        server
            .git(&["log", "-1", "--format=%ae", "main^2"])
            .trim()
            .ends_with("@intake.invalid")
    );
    eventually("the branch is gone", || (!has_branch(&server, &id)).then_some(()));
    server.git(&["fsck", "--strict"]);
    let verified = command(server.data(), &["audit", "verify"]);
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
    let (well, _, _directory) = server.stop();
    assert!(well, "a signal ends it well");
}

#[test]
fn what_is_not_ones_own_is_refused_and_noted() {
    let server = Server::start();
    let (teacher, other) = (server.sign_in("teacher"), server.sign_in("teacher-b"));
    let (school, city, county) = (
        server.sign_in("school"),
        server.sign_in("city"),
        server.sign_in("county"),
    );
    let id = teacher.begins("news");
    teacher
        .multipart(
            &format!("/intake/items/{id}/edit"),
            &[("revision", "0"), ("do", "files")],
            ("a.txt", "笔记".as_bytes()),
        )
        .is(303);
    let form = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
    let file = format!("/intake/files/{}", between(&form, "href=\"/intake/files/", "\""));
    assert_eq!(teacher.get(&file).is(200).body, "笔记");

    for stranger in [&other, &school, &city] {
        for path in [
            &format!("/intake/items/{id}"),
            &format!("/intake/items/{id}/edit"),
            &format!("/intake/items/{id}/preview"),
            &file,
        ] {
            stranger.get(path).is(403);
        }
    }
    server.browser().get(&format!("/intake/items/{id}")).is(303);
    teacher.fills(&id, &news("只给自己看"), "submit").is(303);
    school.get(&file).is(200);
    other.get(&file).is(403);
    county.get(&format!("/intake/items/{id}")).is(403);
    other.get("/intake/people").is(403);
    other.get("/intake/audit").is(403);

    // Nobody decides on their own, before their turn, or in another city.
    teacher
        .decides(&id, "endorse", &[("signed_off_by", "我"), ("confirmed", "yes")])
        .is(403);
    city.decides(&id, "accept", &[]).is(403);
    school.endorses(&id);
    school.decides(&id, "accept", &[]).is(403);
    other.decides(&id, "withdraw", &[]).is(403);
    school
        .decides(&id, "endorse", &[("signed_off_by", "x"), ("confirmed", "yes")])
        .is(409);

    let acts = acts(server.data());
    for word in [
        "refused:read-draft",
        "refused:edit",
        "refused:endorse",
        "refused:review",
        "refused:read-audit",
    ] {
        assert!(acts.iter().any(|act| act == word), "{word}");
    }
}

#[test]
fn forms_of_other_sites_and_guessed_passwords_do_not_work() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    teacher.post("/intake/new", &[("kind", "news")]).is(403);
    teacher
        .post("/intake/new", &[("kind", "news"), ("csrf", "x")])
        .is(403);
    let body = format!("kind=news&csrf={}", teacher.csrf);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    teacher
        .send(
            "POST",
            "/intake/new",
            &[kind, ("origin", "http://evil.example")],
            body.as_bytes(),
        )
        .is(403);
    teacher
        .send(
            "POST",
            "/intake/new",
            &[kind, ("sec-fetch-site", "cross-site")],
            body.as_bytes(),
        )
        .is(403);
    teacher
        .send(
            "POST",
            "/intake/new",
            &[kind, ("sec-fetch-site", "same-origin")],
            body.as_bytes(),
        )
        .is(303);

    let page = server.browser().get("/intake/sign-in").is(200);
    let policy = &page.headers["content-security-policy"];
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    let browser = server.browser();
    for _ in 0..5 {
        browser
            .post("/intake/sign-in", &[("login", "school"), ("password", "wrong")])
            .is(403);
    }
    let right = server.password("school");
    let late = browser
        .post("/intake/sign-in", &[("login", "school"), ("password", &right)])
        .is(403);
    assert!(late.body.contains("过一会儿再试") && !late.headers.contains_key("set-cookie"));

    // Signing out ends the session on the server too.
    teacher.form("/intake/sign-out", &[]).is(303);
    teacher.get("/intake/").is(303);
}

/// Fields of a form that saves a title, as a page that was opened first shows it.
fn first_save(title: &str) -> [(&str, &str); 4] {
    [
        ("revision", "0"),
        ("has.title", "1"),
        ("title", title),
        ("do", "save"),
    ]
}

#[test]
fn what_was_typed_outlives_the_session() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    let (edit, item) = (format!("/intake/items/{id}/edit"), format!("/intake/items/{id}"));
    let typed = first_save("深夜写成 \"一课\"");
    let mut late = server.browser();
    let held = late.post(&edit, &typed).is(401).body;
    let packed = between(&held, "name=\"held\" value=\"", "\"").replace("&amp;", "&");
    let next = between(&held, "name=\"next\" value=\"", "\"").replace("&#x2F;", "/");
    let password = server.password("teacher");
    let sign_in = [
        ("login", "teacher"),
        ("password", &*password),
        ("held", &packed),
        ("next", &next),
    ];
    let signed = late.post("/intake/sign-in", &sign_in).is(200);
    late.cookie = signed.headers["set-cookie"].split(';').next().unwrap().to_owned();
    assert!(
        signed.body.contains("深夜写成 &quot;一课&quot;"),
        "{}",
        signed.body
    );
    let out =
        "<form method=\"post\" action=\"/intake/sign-out\"><input type=\"hidden\" name=\"csrf\" value=\"";
    late.csrf = between(&signed.body, out, "\"").to_owned();
    late.form(&next, &typed).is(303);
    let is_kept = || teacher.get(&item).is(200).body.contains("深夜写成");
    assert!(is_kept());

    // A page that was open elsewhere does not overwrite what came after it.
    let stale = teacher.form(&edit, &first_save("旧窗口"));
    assert!(stale.is(409).body.contains("旧窗口"));
    assert!(is_kept());
}

#[test]
fn two_edits_go_together_field_by_field() {
    let server = Server::start();
    let office = server.office();
    let path = server.path_of(&office.publishes_news("先发再改"));
    let teacher = &office.teacher;
    // Begun at once: different fields go together, the same field does not.
    let [first, second, third] = [(); 3].map(|()| teacher.begins_on(&path, "edit"));
    for (edit, field) in [
        (&first, ("summary", "改过的摘要。")),
        (&second, ("body", "改过的正文。")),
        (&third, ("summary", "另一种摘要。")),
    ] {
        teacher.hands_in(edit, &[field]).is(303);
    }
    for edit in [&first, &second] {
        office.publishes(edit);
    }
    let text = server.published(&path);
    assert!(
        text.contains("改过的摘要。") && text.contains("改过的正文。"),
        "{text}"
    );
    office.accepts(&third);
    teacher.waits_for(&third, "returned");
    let item = teacher.get(&format!("/intake/items/{third}")).is(200).body;
    assert!(item.contains("别人改了同一处"), "{item}");
}

#[test]
fn published_entries_are_taken_down_by_the_same_road() {
    let server = Server::start();
    let office = server.office();
    let id = office.publishes_news("先发再撤");
    let takedown = office.teacher.begins_on(&server.path_of(&id), "takedown");
    let note = ("withdrawn.note", "内容有误。");
    office.teacher.hands_in(&takedown, &[note]).is(422);
    office
        .teacher
        .hands_in(&takedown, &[note, ("withdrawn.reason", "quality")])
        .is(303);
    office.publishes(&takedown);
    let visitor = server.browser();
    let page = visitor.get(&format!("/news/{id}/")).is(200).body;
    assert!(page.contains("内容有误。"), "{page}");
    assert!(!visitor.get("/news/").is(200).body.contains("先发再撤"));
}

#[test]
fn an_invitation_opens_an_account_once_and_a_closed_account_is_out() {
    let server = Server::start();
    let school = server.sign_in("school");
    school
        .form(
            "/intake/people",
            &[
                ("login", "new.teacher"),
                ("name", "示例新教师"),
                ("unit", "shili-haiwan"),
                ("role", "city-admin"),
            ],
        )
        .is(422);
    school
        .form(
            "/intake/people",
            &[
                ("login", "new.teacher"),
                ("name", "示例新教师"),
                ("unit", "shili-gangcheng"),
                ("role", "teacher"),
            ],
        )
        .is(403);
    let made = school.form(
        "/intake/people",
        &[
            ("login", "new.teacher"),
            ("name", "示例新教师"),
            ("unit", "shili-haiwan"),
            ("role", "teacher"),
        ],
    );
    let made = made.is(200).body;
    let link = between(&made, "class=\"in-link\">", "<").replace("&#x2F;", "/");
    let mut fresh = server.browser();
    fresh
        .post(&link, &[("password", "1234567890"), ("again", "1234567890")])
        .is(422);
    let opened = fresh
        .post(
            &link,
            &[
                ("password", "rain over the river"),
                ("again", "rain over the river"),
            ],
        )
        .is(303);
    fresh.cookie = opened.headers["set-cookie"].split(';').next().unwrap().to_owned();
    fresh.get("/intake/").is(200);
    server.browser().get(&link).is(422);
    let people = school.get("/intake/people").is(200).body;
    let id = people
        .split("action=\"/intake/people/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    let last = id.last().unwrap().to_owned();
    school
        .form(&format!("/intake/people/{last}"), &[("do", "close")])
        .is(303);
    let out = eventually("a session ends", || {
        let answer = fresh.get("/intake/");
        (answer.status == 303).then_some(answer)
    });
    assert!(out.location().starts_with("/intake/sign-in"));
}

#[test]
fn teachers_register_and_rosters_are_taken_in() {
    let server = Server::start();
    let (school, visitor) = (server.sign_in("school"), server.browser());
    let asks = |unit: &str, password: &str| {
        let pairs = [
            ("name", "示例自注册"),
            ("login", "self.made"),
            ("unit", unit),
            ("password", password),
            ("again", password),
        ];
        visitor.post("/intake/register", &pairs)
    };
    asks("weihai-jiaoyanshi", "rain over the river").is(422);
    asks("shili-haiwan", "1234567890").is(422);
    asks("shili-haiwan", "rain over the river").is(200);
    let sign_in = [("login", "self.made"), ("password", "rain over the river")];
    assert!(
        visitor
            .post("/intake/sign-in", &sign_in)
            .is(403)
            .body
            .contains("还没有经")
    );
    let people = school.get("/intake/people").is(200).body;
    let pending = people.split("待确认").nth(1).unwrap();
    let id = between(pending, "action=\"/intake/people/", "\"").to_owned();
    server
        .sign_in("teacher-b")
        .form(&format!("/intake/people/{id}"), &[("do", "confirm")])
        .is(403);
    school
        .form(&format!("/intake/people/{id}"), &[("do", "confirm")])
        .is(303);
    visitor.post("/intake/sign-in", &sign_in).is(303);

    let import = |roster: &str| {
        let pairs = [("unit", "shili-haiwan"), ("role", "teacher"), ("roster", roster)];
        school.form("/intake/people/import", &pairs)
    };
    let refused = import("示例甲,jia.1\n示例乙,乙\n示例丙,teacher").is(422).body;
    assert!(refused.contains("第 2 行") && refused.contains("第 3 行") && refused.contains("示例甲,jia.1"));
    let made = import("示例甲,jia.1\n\n示例乙\tyi.2\t13800138000").is(200).body;
    assert_eq!(made.matches("class=\"in-link\"").count(), 2);
    assert!(
        !server
            .sign_in("teacher-b")
            .get("/intake/people")
            .body
            .contains("13800138000")
    );
}

#[test]
fn watchers_are_answered() {
    let server = Server::start();
    let browser = server.browser();
    assert_eq!(browser.get("/healthz").is(200).body, "ok\n");
    assert_eq!(browser.get("/readyz").is(200).body, "ok\n");
    let metrics = browser.get("/metrics").is(200).body;
    assert!(
        metrics.contains("jixia_intake_requests_total{status=\"2xx\"}")
            && metrics.contains("jixia_intake_entries ")
    );
    browser.get("/no/such/page").is(404);
    browser.get("/").is(200);
}

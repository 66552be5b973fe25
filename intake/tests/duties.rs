//! Experts, who see and judge what they are asked about, and patrollers, who file what is wrong on published pages.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Browser, Server, between, joins, option};

#[test]
fn an_expert_sees_what_is_assigned_and_nothing_else() {
    let server = Server::start();
    let (school, teacher, city) = (
        server.sign_in("school"),
        server.sign_in("teacher"),
        server.sign_in("city"),
    );
    let expert = joins(&server, &city, "expert.1", "weihai-jiaoyanshi", "expert");
    let (id, other) = (
        teacher.submits_news("请专家看看"),
        teacher.submits_news("专家看不到"),
    );
    school.endorses(&id);
    school.endorses(&other);
    let item = format!("/intake/items/{id}");
    expert.get(&item).is(403);
    let page = city.get(&format!("{item}/reviewer")).is(200).body;
    let account = option(&page, "示例expert.1").to_owned();
    teacher
        .form(&format!("{item}/experts"), &[("expert", &account)])
        .is(403);
    city.form(&format!("{item}/experts"), &[("expert", "nobody")])
        .is(422);
    city.form(&format!("{item}/experts"), &[("expert", &account)])
        .is(303);

    let desk = expert.get("/intake/").is(200).body;
    assert!(
        desk.contains("请专家看看") && !desk.contains("专家看不到"),
        "{desk}"
    );
    assert!(
        !desk.contains("/intake/new") && !desk.contains("/intake/people"),
        "{desk}"
    );
    expert.get(&item).is(200);
    for path in [
        &*format!("/intake/items/{other}"),
        "/intake/queue",
        "/intake/new",
        "/intake/people",
        "/intake/problems",
    ] {
        expert.get(path).is(403);
    }
    expert.decides(&id, "accept", &[]).is(403);
    let says = |who: &Browser, id: &str, verdict: &str| {
        let pairs = [("verdict", verdict), ("message", "例子再具体些。")];
        who.form(&format!("/intake/items/{id}/opinion"), &pairs)
    };
    says(&expert, &other, "fit").is(403);
    says(&city, &id, "fit").is(403);
    says(&expert, &id, "perfect").is(422);
    says(&expert, &id, "mend").is(303);
    assert!(
        city.get(&item)
            .is(200)
            .body
            .contains("专家意见（修改后可发布）：例子再具体些。")
    );
    assert!(
        city.get(&format!("{item}/reviewer"))
            .body
            .contains("修改后可发布")
    );
    // Decided on, it is no longer the expert's.
    city.decides(&id, "reject", &[("message", "不合适。")]).is(303);
    expert.get(&item).is(403);
}

#[test]
fn a_patroller_files_problems_of_the_own_unit_and_its_admin_answers() {
    let server = Server::start();
    let (school, city) = (server.sign_in("school"), server.sign_in("city"));
    let patroller = server.sign_in("patroller");
    let desk = patroller.get("/intake/").is(200).body;
    assert!(
        desk.contains("/intake/problems") && !desk.contains("/intake/new"),
        "{desk}"
    );
    server.sign_in("teacher").get("/intake/problems").is(403);
    let page = patroller.get("/intake/problems").is(200).body;
    let paths = page.split("<option value=\"content").skip(1);
    let paths: Vec<String> = paths
        .map(|rest| {
            format!(
                "content{}",
                rest.split('"').next().unwrap().replace("&#x2F;", "/")
            )
        })
        .collect();
    assert!(!paths.is_empty(), "{page}");
    let due = between(&page, "name=\"due\" type=\"date\" value=\"", "\"").to_owned();
    let files = |path: &str, due: &str| {
        let pairs = [("path", path), ("due", due), ("text", "图片打不开了。")];
        patroller.form("/intake/problems", &pairs)
    };
    files("content/news/none.md", &due).is(422);
    files(&paths[0], "2020-01-01").is(422);
    assert!(
        files(&paths[0], "9999-01-01")
            .is(422)
            .body
            .contains("图片打不开了。")
    );
    school
        .form(
            "/intake/problems",
            &[("path", &paths[0]), ("due", &due), ("text", "x")],
        )
        .is(403);
    files(&paths[0], &due).is(303);

    assert!(school.get("/intake/").is(200).body.contains("有 1 条巡网问题"));
    let list = school.get("/intake/problems").is(200).body;
    let id = between(&list, "action=\"/intake/problems/", "\"").to_owned();
    assert!(
        list.contains("图片打不开了。")
            && city
                .get("/intake/problems")
                .is(200)
                .body
                .contains("图片打不开了。")
    );
    let answer = format!("/intake/problems/{id}");
    patroller.form(&answer, &[("answer", "自己答")]).is(403);
    server
        .sign_in("group")
        .form(&answer, &[("answer", "别人答")])
        .is(403);
    school.form(&answer, &[("answer", " ")]).is(422);
    school.form(&answer, &[("answer", "已换新图。")]).is(303);
    school.form(&answer, &[("answer", "再答一遍。")]).is(409);
    assert!(
        patroller
            .get("/intake/problems")
            .is(200)
            .body
            .contains("已换新图。")
    );
}

//! Checklist and rubric: filled in by each reviewer for each version, for the eyes of those who decide.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{DECLARATIONS, Server, between};

/// Begins something with a title and these fields, and hands it in endorsed.
fn endorsed(server: &Server, kind: &str, fields: &[(&'static str, &'static str)]) -> String {
    let teacher = server.sign_in("teacher");
    let id = teacher.begins(kind);
    let mut fields = fields.to_vec();
    fields.extend(DECLARATIONS.map(|name| ("declaration", name)));
    teacher.fills(&id, &fields, "submit").is(303);
    server.sign_in("school").endorses(&id);
    id
}

#[test]
fn nothing_is_accepted_before_its_checklist_is_ticked() {
    let server = Server::start();
    let id = endorsed(
        &server,
        "showcase",
        &[
            ("title", "木工书架"),
            ("summary", "一块板做成。"),
            ("body", "怎么做的。"),
            ("specialty", "数控加工"),
        ],
    );
    let city = server.sign_in("city");
    let (page, save) = (
        format!("/intake/items/{id}"),
        format!("/intake/items/{id}/assessment"),
    );
    let sheet = city.get(&page).is(200).body;
    assert!(
        sheet.contains("监护人") && !sheet.contains("name=\"score."),
        "{sheet}"
    );
    city.decides(&id, "accept", &[]).is(422);
    let most = [("version", "1"), ("tick", "consent"), ("tick", "portrait")];
    city.form(&save, &most).is(303);
    let refused = city
        .form("/intake/queue/many", &[("item", &id), ("do", "accept")])
        .is(200)
        .body;
    assert!(refused.contains("核对清单里必填的几项"), "{refused}");

    // What another reviewer ticked does not count, nor what was ticked about another version.
    let province = server.sign_in("province");
    let all = [
        ("version", "1"),
        ("tick", "consent"),
        ("tick", "portrait"),
        ("tick", "credit"),
        ("tick", "made-up"),
    ];
    province.form(&save, &all).is(303);
    city.decides(&id, "accept", &[]).is(422);
    city.form(&save, &[("version", "2"), ("tick", "credit")]).is(409);
    server.sign_in("teacher").form(&save, &all).is(403);
    server.sign_in("school").form(&save, &all).is(403);
    city.form(&save, &all).is(303);
    city.decides(&id, "accept", &[]).is(303);
    city.waits_for(&id, "published");
}

#[test]
fn scores_come_to_a_grade_that_only_those_who_decide_see() {
    let server = Server::start();
    let id = endorsed(
        &server,
        "resource",
        &[
            ("title", "量具的读数"),
            ("summary", "怎样读。"),
            ("category", "lesson-plan"),
            ("body", "照着读。"),
            ("specialty", "数控加工"),
        ],
    );
    let city = server.sign_in("city");
    let (page, save) = (
        format!("/intake/items/{id}"),
        format!("/intake/items/{id}/assessment"),
    );
    city.form(&save, &[("version", "1"), ("score.0.0.0", "11")])
        .is(422);
    let scores = [
        ("score.0.0.0", "9.5"),
        ("score.0.0.1", "12"),
        ("score.0.1", "12"),
        ("score.1.0.0", "18"),
        ("score.1.0.1", "8"),
        ("score.1.1.0", "10"),
        ("score.2.0", "8"),
    ];
    let with = |last: &'static str| -> Vec<(&'static str, &'static str)> {
        let more = [("score.2.1", last), ("version", "1"), ("note", "画面偏暗")];
        scores.into_iter().chain(more).collect()
    };
    city.form(&save, &with("")).is(303);
    let mine = |browser: &support::Browser| {
        let body = browser.get(&page).is(200).body;
        between(&body, "id=\"assess\"", "</section>").to_owned()
    };
    assert!(
        mine(&city).contains("77.5 分") && mine(&city).contains("还没打分的： 1"),
        "{}",
        mine(&city)
    );
    city.form(&save, &with("8")).is(303);
    assert!(
        mine(&city).contains("85.5 分 <b class=\"in-tag\">优秀</b>"),
        "{}",
        mine(&city)
    );
    let province = server.sign_in("province");
    let seen = province.get(&page).is(200).body;
    let found = between(&seen, "id=\"found\"", "</section>");
    assert!(found.contains("85.5 分") && found.contains("画面偏暗"), "{found}");
    for login in ["teacher", "school"] {
        let seen = server.sign_in(login).get(&page).is(200).body;
        assert!(
            !seen.contains("85.5") && !seen.contains("画面偏暗"),
            "{login}: {seen}"
        );
    }
    // Nothing for safety fails the whole.
    let mut vetoed = with("8");
    vetoed.retain(|(name, _)| *name != "score.1.0.1");
    vetoed.push(("score.1.0.1", "0"));
    city.form(&save, &vetoed).is(303);
    assert!(
        mine(&city).contains("否决：安全提示到位") && mine(&city).contains("需修改"),
        "{}",
        mine(&city)
    );
    city.decides(&id, "accept", &[]).is(422);
    city.form(&save, &with("8")).is(303);
    city.decides(&id, "accept", &[]).is(303);
}

/// A server on the demonstration, with the table `[review.rubrics]` of the settings as given.
fn scored_by(directory: &std::path::Path, rubrics: &str) -> Server {
    let repository = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let site = directory.join("site");
    std::fs::create_dir(&site).unwrap();
    for name in ["content", "themes"] {
        std::os::unix::fs::symlink(repository.join(name).canonicalize().unwrap(), site.join(name)).unwrap();
    }
    let settings = std::fs::read_to_string(repository.join("site.toml")).unwrap();
    let own = "[review.rubrics]\nresource = \"shili-resource\"\n";
    assert!(settings.contains(own));
    std::fs::write(site.join("site.toml"), settings.replace(own, rubrics)).unwrap();
    Server::start_with(&site, &directory.join("data"), &[])
}

#[test]
fn a_kind_is_scored_by_its_own_rubric_unless_the_site_says_otherwise() {
    let official = "职业技能线上培训数字资源质量评估表（100 分）";
    for (rubrics, shown) in [("", true), ("[review.rubrics]\nresource = \"\"\n", false)] {
        let directory = tempfile::tempdir().unwrap();
        let server = scored_by(directory.path(), rubrics);
        let fields = [
            ("title", "量具的读数"),
            ("summary", "怎样读。"),
            ("category", "lesson-plan"),
            ("body", "照着读。"),
            ("specialty", "数控加工"),
        ];
        let id = endorsed(&server, "resource", &fields);
        let city = server.sign_in("city");
        let page = format!("/intake/items/{id}");
        let seen = city.get(&page).is(200).body;
        // The checklist of the demonstration is there either way.
        let sheet = between(&seen, "id=\"assess\"", "</section>");
        assert_eq!(sheet.contains(official), shown, "{sheet}");
        assert_eq!(sheet.contains("name=\"score."), shown, "{sheet}");
        if !shown {
            continue;
        }
        assert_eq!(sheet.matches("name=\"score.").count(), 23, "{sheet}");
        assert!(sheet.contains("2.1–3 分：适用的学习者类别写得明确"), "{sheet}");
        // The table names no grades, and forbidden content fails the whole.
        let save = format!("/intake/items/{id}/assessment");
        city.form(&save, &[("version", "1"), ("score.2.1.1", "0")])
            .is(303);
        let seen = city.get(&page).is(200).body;
        assert!(
            seen.contains("否决：合法合规") && !seen.contains("不合格"),
            "{seen}"
        );
        city.decides(&id, "accept", &[]).is(422);
    }
}

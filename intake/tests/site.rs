//! The portal's settings and declarations: changed in the office, checked by the generator, approved by a second person.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Answer, Browser, Server, eventually, joins, text_area, texts};

const EDIT: &str = "/intake/site/edit";
const CITIES: &str = "content/vocabularies/city.toml";
const UNITS: &str = "content/units.toml";

/// What a page's form holds: the fingerprint of what is published, and the text.
fn opened(browser: &Browser, path: &str) -> (String, String) {
    let page = browser.get(&format!("{EDIT}?path={path}")).is(200).body;
    text_area(&page)
}

fn sends(browser: &Browser, path: &str, (base, text): (&str, &str), what: &str) -> Answer {
    let fields = [
        ("path", path),
        ("base", base),
        ("text", text),
        ("reason", "统一名称"),
        ("do", what),
    ];
    browser.form(EDIT, &fields)
}

/// The address of a change that was sent.
#[track_caller]
fn sent(answer: Answer) -> String {
    answer.is(303).location().to_owned()
}

#[test]
fn a_term_is_renamed_by_two_people() {
    let server = Server::start();
    let province = server.sign_in("province");
    let second = joins(&server, &province, "second", "shengzhiyanshi", "province-admin");
    let school = server.sign_in("school");
    for path in ["/intake/site", EDIT] {
        school.get(path).is(403);
    }
    assert!(!school.get("/intake/").body.contains("/intake/site"));
    assert!(province.get("/intake/site").is(200).body.contains(CITIES));

    // The form writes into the text, and the text alone is sent.
    let (base, text) = opened(&province, CITIES);
    assert!(text.contains("label = \"济南市\""), "{text}");
    let put = [
        ("path", CITIES),
        ("base", &base),
        ("text", &text),
        ("term.id", "jinan"),
        ("term.label", "济南（示例）"),
        ("do", "term"),
    ];
    let page = province.form(EDIT, &put).is(200).body;
    let (base, changed) = text_area(&page);
    assert_eq!(changed, text.replace("济南市", "济南（示例）"));
    assert!(page.contains("检查通过。"), "{page}");
    sends(&school, CITIES, (&base, &changed), "send").is(403);
    sends(&province, CITIES, (&base, &text), "send").is(422);
    let change = sent(sends(&province, CITIES, (&base, &changed), "send"));

    // Nobody alone, and nobody of a school.
    let decides = |browser: &Browser, what: &str| browser.form(&change, &[("do", what)]);
    decides(&province, "approve").is(422);
    school.get(&change).is(403);
    decides(&school, "approve").is(403);
    decides(&second, "withdraw").is(403);
    decides(&second, "refuse").is(422);
    let seen = second.get(&change).is(200).body;
    assert!(seen.contains("<ins>") && seen.contains("统一名称"), "{seen}");
    decides(&second, "approve").is(303);
    decides(&second, "approve").is(409);

    eventually("the portal shows the label", || {
        let page = server.browser().get("/schools/").body;
        page.contains("济南（示例）").then_some(())
    });
    assert_eq!(server.published(CITIES), changed);
    let log = server.git(&["log", "-1", "--format=%s%n%b", "main"]);
    for part in [
        "统一名称",
        "Submitted-by: ",
        "Reviewed-by: 示例second <",
        "Site-Change-Id: ",
    ] {
        assert!(log.contains(part), "{log}");
    }
    let actions = texts(
        server.data(),
        "SELECT action FROM audit WHERE action LIKE 'site-%' ORDER BY number",
    );
    assert_eq!(actions, ["site-proposed", "site-approved"]);
    let state = eventually("it is merged", || {
        let states = texts(server.data(), "SELECT state FROM site_change");
        (states != ["approved"]).then_some(states)
    });
    assert_eq!(state, ["merged"]);
}

#[test]
fn what_would_break_the_portal_is_told_by_its_line_and_goes_nowhere() {
    let server = Server::start();
    let province = server.sign_in("province");
    let (base, text) = opened(&province, CITIES);
    let line = 1 + text.lines().position(|line| line.contains("济南市")).unwrap();
    let broken = text.replacen("\"济南市\"", "\"济南市", 1);
    for what in ["check", "send"] {
        let answer = sends(&province, CITIES, (&base, &broken), what);
        let answer = answer.is(if what == "send" { 422 } else { 200 });
        assert!(answer.body.contains(&format!("第 {line} 行")), "{}", answer.body);
        assert_eq!(text_area(&answer.body).1, broken, "nothing typed is lost");
    }

    // A term that entries and units use; a unit that accounts belong to; the root itself.
    let without = |text: &str, id: &str| {
        let kept = text
            .split("\n[[")
            .filter(|part| !part.contains(&format!("id = \"{id}\"")));
        kept.collect::<Vec<_>>().join("\n[[")
    };
    let used = sends(&province, CITIES, (&base, &without(&text, "jinan")), "send").is(422);
    assert!(used.body.contains("in-stop"), "{}", used.body);
    let (base, text) = opened(&province, UNITS);
    let stranded = sends(
        &province,
        UNITS,
        (&base, &without(&text, "weihai-jiaoyanshi")),
        "send",
    )
    .is(422);
    assert!(stranded.body.contains("没有归属"), "{}", stranded.body);
    let headless = text.replacen("level = \"province\"", "level = \"city\"", 1);
    let headless = sends(&province, UNITS, (&base, &headless), "send").is(422);
    assert!(headless.body.contains("没有归属"), "{}", headless.body);

    // Only what is meant for it is ever written.
    for path in [
        "content/news/x.md",
        "content/vocabularies/../../x.toml",
        "intake.toml",
        "",
    ] {
        sends(&province, path, ("", "x"), "send").is(404);
    }
    assert_eq!(texts(server.data(), "SELECT id FROM site_change").len(), 0);
}

#[test]
fn two_changes_of_one_file_meet_and_nothing_typed_is_lost() {
    let server = Server::start();
    let province = server.sign_in("province");
    let second = joins(&server, &province, "second", "shengzhiyanshi", "province-admin");
    let (base, text) = opened(&province, CITIES);
    let change = |from: &str, to: &str| text.replace(from, to);
    let (first, other) = (change("青岛市", "青岛（示例）"), change("淄博市", "淄博（示例）"));
    let one = sent(sends(&province, CITIES, (&base, &first), "send"));
    let two = sent(sends(&second, CITIES, (&base, &other), "send"));
    second.form(&one, &[("do", "approve")]).is(303);
    eventually("the first one is published", || {
        (server.published(CITIES) == first).then_some(())
    });

    // The second one cannot be approved any more; whoever has the editor open is told, and keeps the text.
    let refused = province.form(&two, &[("do", "approve")]).is(409).body;
    assert!(refused.contains("已被别人改过"), "{refused}");
    let late = sends(&second, CITIES, (&base, &other), "send").is(409).body;
    assert_eq!(text_area(&late).1, other);
    assert!(
        late.contains("<del>（示例）</del>") || late.contains("<ins>"),
        "{late}"
    );

    // Taken up again on what is there now, it replaces the one that waits.
    let id = two.rsplit('/').next().unwrap();
    let again = second.get(&format!("{EDIT}?change={id}")).is(200).body;
    let (base, typed) = text_area(&again);
    assert_eq!(typed, other);
    let both = typed.replace("青岛市", "青岛（示例）");
    let fields = [
        ("path", CITIES),
        ("base", &base),
        ("text", &both),
        ("reason", "统一名称"),
        ("replaces", id),
        ("do", "send"),
    ];
    let three = sent(second.form(EDIT, &fields));
    province.form(&two, &[("do", "approve")]).is(409);
    province
        .form(&three, &[("do", "refuse"), ("reply", "先不改")])
        .is(303);
    assert!(second.get("/intake/site").is(200).body.contains("先不改"));
    second.form(&three, &[("do", "withdraw")]).is(409);
}

#[test]
fn a_unit_is_added_and_a_built_in_vocabulary_replaced() {
    let server = Server::start();
    let province = server.sign_in("province");
    let second = joins(&server, &province, "second", "shengzhiyanshi", "province-admin");
    let (base, text) = opened(&province, UNITS);
    let unit = [
        ("path", UNITS),
        ("base", &*base),
        ("text", &*text),
        ("unit.id", "zibo-jiaoyanshi"),
        ("unit.name", "淄博市教研室（示例）"),
        ("unit.level", "city"),
        ("unit.city", "zibo"),
        ("unit.parent", "shengzhiyanshi"),
        ("do", "unit"),
    ];
    let (base, changed) = text_area(&province.form(EDIT, &unit).is(200).body);
    assert!(changed.starts_with(&*text), "what was there stays as it was");
    let change = sent(sends(&province, UNITS, (&base, &changed), "send"));
    second.form(&change, &[("do", "approve")]).is(303);
    eventually("accounts can be made there", || {
        let page = province.get("/intake/people").is(200).body;
        page.contains("淄博市教研室（示例）").then_some(())
    });

    let path = "content/vocabularies/news-category.toml";
    let (base, text) = opened(&province, path);
    assert!(text.contains("[[terms]]"), "begins with the built-in one: {text}");
    let changed = text.replacen("label = \"", "label = \"示例：", 1);
    let change = sent(sends(&province, path, (&base, &changed), "send"));
    second.form(&change, &[("do", "approve")]).is(303);
    eventually("it is published", || {
        let files = server.git(&["ls-tree", "-r", "--name-only", "main", "--", path]);
        (!files.is_empty()).then_some(())
    });
}

#[test]
fn a_page_is_edited_by_the_usual_form_of_the_province_alone() {
    let server = Server::start();
    let province = server.sign_in("province");
    let second = joins(&server, &province, "second", "shengzhiyanshi", "province-admin");
    let path = "content/pages/manual/school.md";
    let list = province.get("/intake/entries").is(200).body;
    assert!(
        list.contains("院校管理员手册") && list.contains("/pages/manual/school/"),
        "{list}"
    );
    let begins = [("path", path), ("purpose", "edit")];
    for login in ["school", "city"] {
        server.sign_in(login).form("/intake/entries", &begins).is(403);
    }
    let before = server.published(path);
    let id = province.begins_on(path, "edit");
    province
        .hands_in(&id, &[("title", "院校管理员手册（新）")])
        .is(303);
    second.endorses(&id);
    second.decides(&id, "accept", &[]).is(303);
    province.waits_for(&id, "published");
    let after = server.published(path);
    assert!(after.contains("title: \"院校管理员手册（新）\""), "{after}");
    let body = |text: &str| text.split("---\n").nth(2).unwrap().trim().to_owned();
    assert_eq!(body(&after), body(&before), "what was not touched stays");
    let page = server.browser().get("/pages/manual/school/").is(200).body;
    assert!(page.contains("院校管理员手册（新）"), "{page}");
}

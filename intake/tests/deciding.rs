//! One form of a decision: what is typed before it is kept, and everything in it goes with one press of a button.

#![allow(clippy::unwrap_used)]

mod support;

use support::{DECLARATIONS, Server, between, joins, texts};

/// Hands a resource in and has its school endorse it with an opinion.
fn endorsed(server: &Server) -> String {
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("resource");
    let mut fields = vec![
        ("title", "量具的读数"),
        ("summary", "游标卡尺怎样读。"),
        ("category", "lesson-plan"),
        ("specialty", "数控加工"),
        ("body", "先看主尺，再看游标。"),
    ];
    fields.extend(DECLARATIONS.map(|name| ("declaration", name)));
    teacher.fills(&id, &fields, "submit").is(303);
    let school = server.sign_in("school");
    let signed = [
        ("signed_off_by", "示例分管院长"),
        ("confirmed", "yes"),
        ("message", "本校已在两个班试用。"),
    ];
    school.decides(&id, "endorse", &signed).is(303);
    id
}

/// The values of the form of a decision on a page.
fn form(page: &str) -> &str {
    between(page, "id=\"decision\"", "</form>")
}

#[test]
fn an_endorsement_takes_its_opinion_along() {
    let server = Server::start();
    let id = endorsed(&server);
    let page = server
        .sign_in("city")
        .get(&format!("/intake/items/{id}"))
        .is(200)
        .body;
    assert!(page.contains("本校已在两个班试用。"), "{page}");
    // It is open, and named beside the decision.
    assert!(page.contains("还有 1 条意见没有解决"), "{page}");
}

#[test]
fn what_is_typed_is_kept_for_its_author_alone_until_it_is_sent_together() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start_in(&data, &[]);
    let id = endorsed(&server);
    let city = server.sign_in("city");
    let page = format!("/intake/items/{id}");
    let sheet = city.get(&page).is(200).body;
    let places: Vec<&str> = sheet.split("name=\"score.").skip(1).collect();
    let place = format!("score.{}", places[0].split('"').next().unwrap());
    let typed = [
        ("sheet", "yes"),
        (&*place, "7.5"),
        ("note", "画面清楚。"),
        ("message", "请写出处，写完再"),
        ("quote", "先看主尺"),
        ("confirmed", "yes"),
        ("made-up", "x"),
    ];
    city.form(&format!("{page}/decision"), &typed).is(303);
    // The server stops without a word; its author finds everything, and nobody else anything.
    drop((city, server));
    let server = Server::start_in(&data, &[]);
    let city = server.sign_in("city");
    let shown = city.get(&page).is(200).body;
    for part in [
        "value=\"7.5\"",
        "画面清楚。",
        "请写出处，写完再",
        "先看主尺",
        "还没有提交",
    ] {
        assert!(form(&shown).contains(part), "{part}: {shown}");
    }
    assert!(!form(&shown).contains("made-up") && !form(&shown).contains("value=\"yes\" checked"));
    let province = server.sign_in("province");
    let colleague = joins(&server, &city, "city-two", "weihai-jiaoyanshi", "city-admin");
    for other in [&province, &colleague, &server.sign_in("teacher")] {
        let seen = other.get(&page).is(200).body;
        assert!(!seen.contains("画面清楚。") && !seen.contains("写完再"), "{seen}");
    }
    assert!(texts(&data, "SELECT submission FROM assessment").is_empty());

    // A remark takes what was said along; scores and note stay.
    let said = [("message", "请写出处。"), ("quote", "先看主尺")];
    city.decides(&id, "comment", &said).is(303);
    let shown = city.get(&page).is(200).body;
    assert!(
        form(&shown).contains("value=\"7.5\"") && !form(&shown).contains("写完再"),
        "{shown}"
    );
    // Sent together with the decision, in one press.
    let version = city.version(&id);
    let decision = [
        ("version", &*version),
        ("sheet", "yes"),
        (&*place, "7.5"),
        ("note", "画面清楚。"),
        ("message", "补出处即可。"),
    ];
    city.decides(&id, "return", &decision).is(303);
    let kept = texts(&data, "SELECT scores || note FROM assessment");
    assert!(
        kept.len() == 1 && kept[0].contains("75") && kept[0].contains("画面清楚。"),
        "{kept:?}"
    );
    assert!(texts(&data, "SELECT account FROM decision_draft").is_empty());
    let seen = server.sign_in("teacher").get(&page).is(200).body;
    assert!(
        seen.contains("补出处即可。") && !seen.contains("画面清楚。"),
        "{seen}"
    );
}

#[test]
fn a_decision_that_cannot_be_taken_loses_nothing() {
    let server = Server::start();
    let id = endorsed(&server);
    let city = server.sign_in("city");
    let page = format!("/intake/items/{id}");
    let sheet = city.get(&page).is(200).body;
    let places: Vec<&str> = sheet.split("name=\"score.").skip(1).collect();
    let place = format!("score.{}", places[0].split('"').next().unwrap());
    // Too many points: nothing is decided, and everything that was typed stands on the answer.
    let typed = [
        ("sheet", "yes"),
        (&*place, "999"),
        ("note", "画面清楚。"),
        ("message", "同意。"),
        ("sure", "yes"),
    ];
    let answer = city.decides(&id, "accept", &typed).is(422).body;
    for part in ["999", "画面清楚。", "同意。"] {
        assert!(answer.contains(part), "{part}: {answer}");
    }
    assert_eq!(city.state(&id), "endorsed");
    // Too much to keep is told, and a stranger to the submission keeps nothing.
    let long = "长".repeat(50_000);
    city.form(&format!("{page}/decision"), &[("message", &long)])
        .is(413);
    server
        .sign_in("county")
        .form(&format!("{page}/decision"), &[("message", "x")])
        .is(403);
}

//! What holds for every address: nothing is changed without the secret of the session, nor at the wish of another site.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use jixia_intake::web::{Change, changes, views};
use support::{Answer, Browser, Server, rows};

/// Asks for a change as a browser would, with a body that is a form and with headers for what is none.
fn asks(browser: &Browser, change: &Change, ids: [&str; 2], more: &[(&str, &str)]) -> Answer {
    let [item, upload] = ids;
    let id = if change.path.starts_with("/intake/uploads/") {
        upload
    } else {
        item
    };
    let path = change
        .path
        .replace("{id}", id)
        .replace("{token}", "abc")
        .replace("{file}", "abc.md");
    let mut headers = vec![
        ("content-type", "application/x-www-form-urlencoded"),
        ("tus-resumable", "1.0.0"),
        ("upload-offset", "0"),
    ];
    headers.extend(more);
    browser.send(
        change.method.as_str(),
        &path,
        &headers,
        b"kind=news&do=withdraw&title=x",
    )
}

#[test]
fn nothing_is_changed_without_the_secret_of_the_session() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let item = teacher.begins("news");
    let announced = teacher.announces(&item, "a.pdf", 9).is(201);
    let upload = announced
        .location()
        .trim_start_matches("/intake/uploads/")
        .to_owned();
    let ids = [item.as_str(), upload.as_str()];
    let signed: Vec<Change> = changes().into_iter().filter(|change| change.is_signed).collect();
    assert!(
        signed.len() > 25,
        "the table is the router's own: {}",
        signed.len()
    );
    let people =
        ["teacher", "school", "city", "province", "expert", "patroller"].map(|login| server.sign_in(login));
    let before = rows(server.data());
    for change in &signed {
        for person in &people {
            let answer = asks(person, change, ids, &[]);
            assert_eq!(answer.status, 403, "{change:?}: {}", answer.body);
            let forged = asks(person, change, ids, &[("x-csrf", "abc")]);
            assert_eq!(forged.status, 403, "{change:?}: {}", forged.body);
        }
        let of_another = people[1].csrf.as_str();
        let answer = asks(&teacher, change, ids, &[("x-csrf", of_another)]);
        assert_eq!(answer.status, 403, "{change:?}: {}", answer.body);
    }
    assert_eq!(rows(server.data()), before);
}

#[test]
fn nothing_is_changed_at_the_wish_of_another_site_or_of_nobody() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let before = rows(server.data());
    for change in changes() {
        let answer = asks(
            &teacher,
            &change,
            ["a", "b"],
            &[("sec-fetch-site", "cross-site"), ("x-csrf", &teacher.csrf)],
        );
        assert_eq!(answer.status, 403, "{change:?}: {}", answer.body);
        if change.is_signed {
            // Somebody who is not signed in is asked to, and what was typed waits.
            let answer = asks(&server.browser(), &change, ["a", "b"], &[]);
            assert!(
                matches!(answer.status, 303 | 401),
                "{change:?}: {}",
                answer.status
            );
        }
    }
    assert_eq!(rows(server.data()), before);
}

#[test]
fn requests_are_limited_by_address_and_by_account_whatever_session_they_invent() {
    let directory = tempfile::tempdir().unwrap();
    let settings = [
        ("JIXIA_INTAKE_LIMITS_CHANGES_PER_MINUTE", "30"),
        ("JIXIA_INTAKE_LIMITS_SIGN_INS_PER_MINUTE", "20"),
        ("JIXIA_INTAKE_LIMITS_REGISTRATIONS_PER_MINUTE", "10"),
        ("JIXIA_INTAKE_SERVER_BEHIND_PROXY", "true"),
    ];
    let server = Server::start_in(&directory.path().join("data"), &settings);
    let passed = |path: &str, address: &str| {
        let answers = (0..100).map(|number| {
            let mut browser = server.browser();
            browser.cookie = format!("jixia-session=invented-{number}");
            // What comes first in the list, the client may have made up.
            let list = format!("10.0.0.{number}, {address}");
            let headers = [
                ("content-type", "application/x-www-form-urlencoded"),
                ("x-forwarded-for", list.as_str()),
            ];
            browser.send("POST", path, &headers, b"login=x").status
        });
        answers.filter(|status| *status != 429).count()
    };
    // Twice as many where a minute ends meanwhile.
    let is_about =
        |count: usize, most: usize| assert!((most..=2 * most).contains(&count), "{count} of {most}");
    is_about(passed("/intake/sign-in", "203.0.113.1"), 20);
    is_about(passed("/intake/register", "203.0.113.1"), 10);
    is_about(passed("/intake/register", "203.0.113.2"), 10);
    // Two sessions of an account share a limit.
    let sessions = [server.sign_in("teacher"), server.sign_in("teacher")];
    let passed = (0..100).filter(|number| {
        let browser = &sessions[number % 2];
        let answer = browser.form("/intake/account/end", &[("token", "none")]);
        answer.status != 429
    });
    is_about(passed.count(), 30);
}

/// What is shown to everybody.
const OPEN: [&str; 9] = [
    "/healthz",
    "/readyz",
    "/metrics",
    "/intake",
    "/intake/assets/{name}",
    "/intake/open/{token}",
    "/intake/register",
    "/intake/shared/{token}",
    "/intake/shared/{token}/files/{sha256}/{name}",
];

#[test]
fn whoever_must_set_up_the_second_step_comes_to_nothing_else_before() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start_in(&data, &[]);
    let teacher = server.sign_in("teacher");
    let item = teacher.begins("news");
    let saved = teacher.multipart(
        &format!("/intake/items/{item}/edit"),
        &[("revision", &teacher.revision(&item)), ("do", "save")],
        ("a.txt", b"for nobody else"),
    );
    saved.is(303);
    drop(server);
    let roles = [("JIXIA_INTAKE_SESSIONS_TOTP_ROLES", "[\"teacher\"]")];
    let server = Server::start_in(&data, &roles);
    let teacher = teacher.at(&server.url);
    let before = rows(server.data());
    let set_up = "/intake/account/totp";
    for change in changes().into_iter().filter(|change| change.is_signed) {
        if change.path != set_up && change.path != "/intake/sign-out" {
            let answer = asks(&teacher, &change, [&item, "b"], &[("x-csrf", &teacher.csrf)]);
            assert_eq!((answer.status, answer.location()), (303, set_up), "{change:?}");
        }
    }
    for view in views() {
        if view != set_up && !OPEN.contains(&view) {
            let answer = teacher.get(&view.replace("{id}", &item).replace("{file}", "abc.md"));
            assert_eq!((answer.status, answer.location()), (303, set_up), "{view}");
        }
    }
    // A file of the submission at the address that it will have.
    let sha256 = jixia_intake::ids::fingerprint("for nobody else");
    let answer = teacher.get(&format!("/files/{}/{sha256}/a.txt", &sha256[..2]));
    assert_eq!((answer.status, answer.location()), (303, set_up));
    assert_eq!(rows(server.data()), before);
}

/// Every file of Rust below a directory.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn http_changes_nothing_by_itself() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let files = sources(&web);
    assert!(files.len() > 40, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let code: String = text.split_whitespace().collect();
        assert!(
            !code.contains(".change()"),
            "{}: begins a transaction",
            file.display()
        );
    }
}

#[test]
fn what_was_typed_waits_for_a_session_unless_it_is_a_secret() {
    let server = Server::start();
    let stranger = server.browser();
    let step = [("do", "return"), ("message", "理由写了很久")];
    let held = stranger.post("/intake/items/abc/step", &step).is(401);
    assert!(
        held.body
            .contains("name=\"next\" value=\"/intake/items/abc/step\""),
        "{}",
        held.body
    );
    let packed = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(step)
        .finish();
    assert!(held.body.contains(&packed.replace('&', "&amp;")), "{}", held.body);
    let password = [
        ("old", "geheim-alt"),
        ("password", "geheim-neu"),
        ("again", "geheim-neu"),
    ];
    let asked = stranger.post("/intake/account", &password).is(303);
    assert!(asked.location().starts_with("/intake/sign-in"));
}

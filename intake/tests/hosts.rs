//! Portal and intake on two hosts.

#![allow(clippy::unwrap_used)]

mod support;

use support::{Server, between};

#[test]
fn the_session_lives_on_the_host_of_the_intake_alone() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_on_two_hosts(&directory.path().join("data"));
    let www = server.browser();
    let mut intake = www.at(&server.url.replace("127.0.0.1", "localhost"));
    assert!(www.get("/").is(200).body.contains("<html"));
    let moved = www.get("/intake/queue?page=2").is(302);
    assert_eq!(moved.location(), format!("{}/intake/queue?page=2", intake.url));
    let moved = intake.get("/news/").is(302);
    assert_eq!(moved.location(), format!("{}/news/", www.url));

    let password = server.password("teacher");
    let entry = [("login", "teacher"), ("password", password.as_str())];
    assert!(www.post("/intake/sign-in", &entry).is(421).cookies.is_empty());
    let entered = intake.post("/intake/sign-in", &entry).is(303);
    intake.cookie = entered.headers["set-cookie"]
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let desk = intake.get("/intake/").is(200).body;
    assert!(desk.contains("示例教师甲"));
    intake.csrf = between(&desk, "name=\"csrf\" value=\"", "\"").to_owned();

    // A preview, with what it is made of.
    let item = intake.begins("news");
    let preview = intake.get(&format!("/intake/items/{item}/preview")).is(200);
    let style = between(&preview.body, "<link rel=\"stylesheet\" href=\"", "\"");
    intake.get(style).is(200);
}

#[test]
fn origins_that_are_none_are_said_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("intake.toml");
    for (settings, expected) in [
        (
            "portal_origin = \"https://www.example.org\"",
            "expected both or neither",
        ),
        (
            "portal_origin = \"www.example.org\"\nintake_origin = \"https://intake.example.org/intake/\"",
            "server.intake_origin: expected an origin such as",
        ),
        (
            "portal_origin = \"https://a.example\"\nintake_origin = \"https://a.example\"",
            "expected another host",
        ),
    ] {
        std::fs::write(&config, format!("[server]\n{settings}\n")).unwrap();
        let output = std::process::Command::new(support::BINARY)
            .args(["serve", "--config", config.to_str().unwrap()])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains(expected),
            "{settings}: {said}"
        );
    }
}

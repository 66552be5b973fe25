//! What watches over the server asks for: whether it does what it promises, and who is told how much.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::Value;
use support::{Browser, Server, eventually, sql};

const TOKEN: &str = "a-token-of-some-length";

fn condition(browser: &Browser, status: u16) -> Value {
    let json = [("accept", "application/json")];
    serde_json::from_str(&browser.send("GET", "/readyz", &json, b"").is(status).body).unwrap()
}

#[test]
fn readiness_is_that_something_can_be_written() {
    let server = Server::start();
    let browser = server.browser();
    let fine = condition(&browser, 200);
    assert_eq!(fine["status"], "ok", "{fine}");
    assert!(fine["free_mb"].as_u64().unwrap() > 0 && fine["checked_at"].as_i64().unwrap() > 0);
    assert_eq!(fine["portal"]["failed"], false);
    // What was found holds for some seconds.
    assert_eq!(condition(&browser, 200)["checked_at"], fine["checked_at"]);
    sql(server.data(), "DROP TABLE pulse");
    eventually("the database takes no row any more", || {
        let answer = browser.get("/readyz");
        (answer.status == 503 && answer.body == "unready\nmissing: database\n").then_some(())
    });
    assert_eq!(
        condition(&browser, 503)["missing"],
        serde_json::json!(["database"])
    );
}

#[test]
fn jobs_that_were_given_up_and_a_disk_that_fills_are_told() {
    let directory = tempfile::tempdir().unwrap();
    // More than any disk has.
    let much = [("JIXIA_INTAKE_LIMITS_FREE_MB", "1000000000000")];
    let server = Server::start_in(&directory.path().join("data"), &much);
    sql(
        server.data(),
        "INSERT INTO job (id, kind, subject, state, attempts, due_at, problem, created_at, done_at)
         VALUES ('mail:x:', 'mail', 'x', 'failed', 12, 0, 'no', 1, 0)",
    );
    let said = eventually("the job is counted", || {
        let body = server.browser().get("/readyz").is(200).body;
        body.contains("given up").then_some(body)
    });
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0] == "degraded" && lines[1].starts_with("short of room: "),
        "{said}"
    );
    assert_eq!(lines[2..], ["jobs that were given up: 1"]);
    assert_eq!(condition(&server.browser(), 200)["jobs"]["failed"], 1);
}

#[test]
fn strangers_are_told_no_more_than_whether_it_is_well() {
    let server = Server::start();
    let browser = server.browser();
    let proxied = [("x-forwarded-for", "192.0.2.1"), ("accept", "application/json")];
    assert_eq!(browser.send("GET", "/readyz", &proxied, b"").is(200).body, "ok\n");
    browser.send("GET", "/metrics", &proxied, b"").is(404);
    assert!(
        browser
            .get("/metrics")
            .is(200)
            .body
            .contains("jixia_intake_ready 1\n")
    );
    // A token that nobody set opens nothing.
    let guess = [("authorization", "Bearer "), ("x-forwarded-for", "192.0.2.1")];
    browser.send("GET", "/metrics", &guess, b"").is(404);
}

#[test]
fn with_a_token_whoever_shows_it_is_told_all() {
    let directory = tempfile::tempdir().unwrap();
    let set = [("JIXIA_INTAKE_METRICS_TOKEN", TOKEN)];
    let server = Server::start_in(&directory.path().join("data"), &set);
    let browser = server.browser();
    // This machine too.
    let refused = browser.get("/metrics").is(401);
    assert_eq!(refused.headers["www-authenticate"], "Bearer");
    let wrong = [("authorization", "Bearer another-token-of-length")];
    browser.send("GET", "/metrics", &wrong, b"").is(401);
    let shown = format!("Bearer {TOKEN}");
    let right = [
        ("authorization", shown.as_str()),
        ("x-forwarded-for", "192.0.2.1"),
    ];
    let metrics = browser.send("GET", "/metrics", &right, b"").is(200).body;
    assert!(metrics.contains("jixia_intake_free_megabytes "), "{metrics}");
    let json = [("authorization", shown.as_str()), ("accept", "application/json")];
    let told: Value = serde_json::from_str(&browser.send("GET", "/readyz", &json, b"").is(200).body).unwrap();
    assert_eq!(told["status"], "ok");
    assert_eq!(browser.get("/readyz").is(200).body, "ok\n");
}

//! The headers of answers.

#![allow(clippy::unwrap_used)]

mod support;

use support::Server;

#[test]
fn the_portal_has_the_same_headers_wherever_it_is_served() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start_in(&data, &[("JIXIA_INTAKE_SERVER_HTTPS", "true")]);
    let browser = server.browser();
    let page = browser.get("/news/").is(200);
    for (name, value) in jixia::output::HEADERS {
        assert_eq!(page.headers[&name.to_lowercase()], *value, "{name}");
    }
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let policy = |answer: &support::Answer| answer.headers["content-security-policy"].clone();
    assert!(policy(&page).contains("base-uri 'none'") && policy(&page).contains("object-src 'none'"));
    // A file that somebody sent, wherever it lies.
    let file = browser.get("/files/ab/none/a.svg");
    assert!(
        policy(&file).contains("frame-ancestors 'self'"),
        "{}",
        policy(&file)
    );
    assert_eq!(page.headers["strict-transport-security"], "max-age=31536000");
    let missing = browser.get("/nothing/at/all/").is(404);
    assert!(missing.headers.contains_key("content-security-policy"));
    let asset = page.body.split("\"/assets/").nth(1).unwrap();
    let asset = format!("/assets/{}", asset.split('"').next().unwrap());
    let attachment = browser.get("/resources/").is(200).body;
    let attachment = attachment.split("href=\"/resources/").skip(1).find_map(|rest| {
        let page = browser.get(&format!("/resources/{}", rest.split('"').next().unwrap()));
        let file = page.body.split("href=\"/files/").nth(1)?.split('"').next()?;
        Some(format!("/files/{file}"))
    });
    for path in ["/news/", &asset, &attachment.unwrap()] {
        let answer = browser.get(path).is(200);
        let told = &answer.headers["cache-control"];
        assert_eq!(told, jixia::output::cache_control(path), "{path}");
        let known = answer.headers["last-modified"].as_str();
        let again = browser.send("GET", path, &[("if-modified-since", known)], b"");
        assert_eq!(again.status, 304, "{path} is asked about again for nothing");
    }
    let intake = browser.get("/intake/sign-in").is(200);
    assert_eq!(intake.headers["cache-control"], "no-store");
    assert!(intake.headers["content-security-policy"].starts_with("default-src 'none'"));
}

#[test]
fn what_a_client_sends_breaks_no_header() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    for button in [
        "row:links\r\nx: y",
        "row:\u{0}",
        "row:课",
        "remove:\r\nx",
        "chapter:\r\n",
    ] {
        let answer = teacher.fills(&id, &[("title", "一课")], button);
        assert!(answer.status < 500, "{button:?}: {}", answer.status);
        assert!(!answer.headers.contains_key("x"));
    }
    for next in [
        "/intake/\r\nx:y",
        "/intake/\u{0}",
        "/intake/课",
        "//evil.example",
        "/\\evil.example",
    ] {
        let encoded: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let answer = teacher.get(&format!("/intake/sign-in?next={encoded}"));
        assert!(answer.status < 500, "{next:?}: {}", answer.status);
        assert!(!answer.location().contains("evil"), "{}", answer.location());
    }
}

//! The second step of signing in: set up, asked for, not to be replayed or guessed, replaced by recovery codes, removed.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use jixia_intake::clock;
use jixia_intake::identity::totp::{code, secret};
use support::{Answer, Browser, Server, acts, between};

fn page_of(browser: &Browser) -> String {
    browser.get("/intake/account/totp").is(200).body
}

/// Sets the second step up; gives the secret and the recovery codes.
fn sets_up(browser: &Browser, password: &str) -> (Vec<u8>, Vec<String>) {
    let page = page_of(browser);
    assert!(
        page.contains("<svg class=\"in-qr\"") && page.contains("<path d=\"M"),
        "{page}"
    );
    let text = between(&page, "name=\"secret\" value=\"", "\"").to_owned();
    let bytes = secret(&text).unwrap();
    let password = ("password", password);
    let wrong = [("secret", text.as_str()), ("code", "abcdef"), password];
    assert!(
        browser
            .form("/intake/account/totp", &wrong)
            .is(422)
            .body
            .contains(&text)
    );
    browser
        .form(
            "/intake/account/totp",
            &[("secret", "MZXW6"), ("code", "123456"), password],
        )
        .is(422);
    let given = code(&bytes, clock::now());
    // Whoever finds the browser open does not know the password.
    let pairs = [("secret", text.as_str()), ("code", given.as_str())];
    browser.form("/intake/account/totp", &pairs).is(422);
    let made = browser
        .form(
            "/intake/account/totp",
            &[("secret", &text), ("code", &given), password],
        )
        .is(200)
        .body;
    let codes: Vec<String> = made
        .split("<li><code>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    assert!(!page_of(browser).contains(&codes[0]) && !page_of(browser).contains(&text));
    (bytes, codes)
}

/// Enters login and password; gives what proves it at the second step.
fn first_step(server: &Server, login: &str) -> String {
    let form = [
        ("login", login),
        ("password", &server.password(login)),
        ("next", "/intake/entries"),
    ];
    let asked = server.browser().post("/intake/sign-in", &form).is(200);
    assert!(!asked.headers.contains_key("set-cookie"), "{}", asked.body);
    between(&asked.body, "name=\"token\" value=\"", "\"").to_owned()
}

fn second_step(server: &Server, token: &str, code: &str) -> Answer {
    let form = [("token", token), ("code", code), ("next", "/intake/entries")];
    server.browser().post("/intake/sign-in/code", &form)
}

#[test]
fn a_code_is_asked_after_the_password_and_taken_once() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let other = server.sign_in("teacher");
    let (bytes, codes) = sets_up(&teacher, &server.password("teacher"));
    // Sessions that began without the second step end.
    other.get("/intake/").is(303);

    let token = first_step(&server, "teacher");
    // The code of setting up was used.
    second_step(&server, &token, &code(&bytes, clock::now() - 30_000)).is(403);
    let given = code(&bytes, clock::now() + 30_000);
    let entered = second_step(&server, &token, &format!("{} {}", &given[..3], &given[3..])).is(303);
    assert!(entered.headers.contains_key("set-cookie") && entered.location() == "/intake/entries");
    second_step(&server, &token, &given).is(422);
    let token = first_step(&server, "teacher");
    second_step(&server, &token, &given).is(403);

    // A recovery code does once; what stands in the database is a hash of it.
    second_step(&server, &token, &codes[3].to_uppercase()).is(303);
    let token = first_step(&server, "teacher");
    second_step(&server, &token, &codes[3]).is(403);
    second_step(&server, &token, &codes[4]).is(303);
    assert!(page_of(&teacher).contains("还剩： 8"), "{}", page_of(&teacher));
    let plain = codes[5].replace('-', "");
    assert!(!support::keeps(server.data(), &plain), "kept as a hash");

    // Guesses count as wrong passwords do, and the right password between them changes nothing.
    let token = first_step(&server, "teacher");
    for _ in 0..4 {
        second_step(&server, &token, "abcdef").is(403);
    }
    let token = first_step(&server, "teacher");
    second_step(&server, &token, "abcdef").is(403);
    let later = second_step(&server, &token, &codes[6]).is(403);
    assert!(later.body.contains("过一会儿"), "{}", later.body);
}

#[test]
fn the_password_ends_it_and_a_superior_removes_it_with_a_reset() {
    let server = Server::start();
    let (teacher, school) = (server.sign_in("teacher"), server.sign_in("school"));
    let (_, codes) = sets_up(&teacher, &server.password("teacher"));
    teacher
        .form("/intake/account/totp/end", &[("password", "wrong")])
        .is(422);
    let password = server.password("teacher");
    let fresh = teacher
        .form("/intake/account/totp/codes", &[("password", &password)])
        .is(200)
        .body;
    let first = between(&fresh, "<li><code>", "<").to_owned();
    let token = first_step(&server, "teacher");
    second_step(&server, &token, &codes[0]).is(403);
    second_step(&server, &token, &first).is(303);

    let people = school.get("/intake/people").is(200).body;
    let line = people.split("<small>teacher，").nth(1).unwrap();
    let id = between(line, "action=\"/intake/people/", "\"").to_owned();
    let reset = |more: &[(&str, &str)]| {
        let pairs: Vec<(&str, &str)> = [("do", "reset")]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let made = school.form(&format!("/intake/people/{id}"), &pairs).is(200).body;
        between(&made, "class=\"in-link\">", "<").replace("&#x2F;", "/")
    };
    let new = [
        ("password", "rain over the river"),
        ("again", "rain over the river"),
    ];
    // A reset ends sessions at once, and sign-ins that wait for the second step.
    let token = first_step(&server, "teacher");
    teacher.get("/intake/").is(200);
    let link = reset(&[]);
    teacher.get("/intake/").is(303);
    second_step(&server, &token, &codes[1]).is(422);
    // A link stands for the password alone.
    let opened = server.browser().post(&link, &new).is(303);
    assert!(!opened.headers.contains_key("set-cookie") && opened.location() == "/intake/sign-in");
    let opened = server.browser().post(&reset(&[("totp", "off")]), &new).is(303);
    assert!(opened.headers.contains_key("set-cookie"));
    let log = acts(server.data());
    for action in ["totp-begun", "totp-codes", "totp-removed", "sign-in-recovery"] {
        assert!(log.iter().any(|act| act == action), "{action}: {log:?}");
    }
}

#[test]
fn ending_it_ends_other_sessions() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let (_, codes) = sets_up(&teacher, &server.password("teacher"));
    let token = first_step(&server, "teacher");
    let entered = second_step(&server, &token, &codes[0]).is(303);
    let mut other = server.browser();
    other.cookie.clone_from(
        entered
            .cookies
            .iter()
            .find(|cookie| cookie.starts_with("jixia-session="))
            .unwrap(),
    );
    other.get("/intake/").is(200);
    let password = server.password("teacher");
    teacher
        .form("/intake/account/totp/end", &[("password", &password)])
        .is(200);
    teacher.get("/intake/").is(200);
    other.get("/intake/").is(303);
}

#[test]
fn roles_that_must_have_it_come_to_nothing_else_before() {
    let directory = tempfile::tempdir().unwrap();
    let roles = [("JIXIA_INTAKE_SESSIONS_TOTP_ROLES", "[\"city-admin\"]")];
    let server = Server::start_in(&directory.path().join("data"), &roles);
    server.sign_in("teacher");
    let mut city = server.browser();
    let form = [("login", "city"), ("password", &server.password("city"))];
    let entered = city.post("/intake/sign-in", &form).is(303);
    city.cookie = entered.headers["set-cookie"]
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    for path in ["/intake/", "/intake/queue", "/intake/people"] {
        assert_eq!(city.get(path).is(303).location(), "/intake/account/totp");
    }
    let page = page_of(&city);
    city.csrf = between(&page, "name=\"csrf\" value=\"", "\"").to_owned();
    sets_up(&city, &server.password("city"));
    city.get("/intake/queue").is(200);
    city.form(
        "/intake/account/totp/end",
        &[("password", &server.password("city"))],
    )
    .is(409);
}

#[test]
fn signing_in_ends_the_session_that_the_browser_had() {
    let server = Server::start();
    let (teacher, elsewhere) = (server.sign_in("teacher"), server.sign_in("teacher"));
    let password = server.password("school");
    let entry = [("login", "school"), ("password", password.as_str())];
    let entered = teacher.post("/intake/sign-in", &entry).is(303);
    assert_eq!(
        teacher.get("/intake/").status,
        303,
        "what was left open has ended"
    );
    assert_eq!(elsewhere.get("/intake/").status, 200, "another browser goes on");
    let mut school = server.browser();
    school.cookie = entered
        .cookies
        .iter()
        .find(|cookie| cookie.contains("session="))
        .unwrap()
        .clone();
    assert!(school.get("/intake/").is(200).body.contains("示例院校管理员"));
}

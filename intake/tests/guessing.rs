//! What guessers and strangers come to: a few guesses however many they send at once, no knowledge of who has an account, and
//! nobody locked out.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::{Duration, Instant};

use jixia_intake::clock;
use jixia_intake::identity::totp::{code, secret};
use support::{Answer, Browser, Server, between, number, sql};
use tempfile::TempDir;

/// Guesses that are sent at once.
const GUESSES: usize = 300;
/// How many of one place are taken before it has to wait.
const TAKEN: usize = 5;
const WRONG: &str = "登录名或密码不对";
const LATER: &str = "请过一会儿再试";

/// A server that limits nothing but guessing, behind a proxy which tells where requests come from.
fn server() -> (Server, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let settings = [
        ("JIXIA_INTAKE_LIMITS_CHANGES_PER_MINUTE", "100000"),
        ("JIXIA_INTAKE_LIMITS_SIGN_INS_PER_MINUTE", "100000"),
        ("JIXIA_INTAKE_LIMITS_REGISTRATIONS_PER_MINUTE", "100000"),
        ("JIXIA_INTAKE_SERVER_BEHIND_PROXY", "true"),
    ];
    (
        Server::start_in(&directory.path().join("data"), &settings),
        directory,
    )
}

/// Sends a form from an address.
fn from(browser: &Browser, address: &str, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-for", address),
    ];
    browser.send("POST", path, &headers, body.as_bytes())
}

fn signs_in(server: &Server, address: &str, login: &str, password: &str) -> Answer {
    let pairs = [("login", login), ("password", password)];
    from(&server.browser(), address, "/intake/sign-in", &pairs)
}

/// Does something many times at once; tells how many answers say that a guess was wrong.
fn evaluated(says: &str, guess: impl Fn(usize) -> Answer + Sync) -> usize {
    let guess = &guess;
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let guessers: Vec<_> = (0..GUESSES)
            .map(|number| scope.spawn(move || guess(number)))
            .collect();
        guessers
            .into_iter()
            .map(|guesser| guesser.join().unwrap())
            .collect()
    });
    let said = |text: &str| answers.iter().filter(|answer| answer.body.contains(text)).count();
    assert_eq!(said(says) + said(LATER), GUESSES);
    said(says)
}

/// Sets the second step up; gives the secret.
fn sets_up(server: &Server, browser: &Browser, login: &str) -> Vec<u8> {
    let page = browser.get("/intake/account/totp").is(200).body;
    let text = between(&page, "name=\"secret\" value=\"", "\"").to_owned();
    let bytes = secret(&text).unwrap();
    let given = code(&bytes, clock::now());
    let pairs = [
        ("secret", text.as_str()),
        ("code", given.as_str()),
        ("password", &server.password(login)),
    ];
    browser.form("/intake/account/totp", &pairs).is(200);
    bytes
}

/// Enters login and password at an address; gives what proves it at the second step.
fn first_step(server: &Server, address: &str, login: &str) -> String {
    let asked = signs_in(server, address, login, &server.password(login)).is(200);
    between(&asked.body, "name=\"token\" value=\"", "\"").to_owned()
}

#[test]
fn of_many_guesses_at_once_as_few_are_taken_as_of_many_in_a_row() {
    let (server, _directory) = server();
    let teacher = server.sign_in("teacher");
    // At sign-in; the guessers invent sessions.
    let taken = evaluated(WRONG, |number| {
        let mut browser = server.browser();
        browser.cookie = format!("jixia-session=invented-{number}");
        let pairs = [("login", "school"), ("password", "a wrong guess")];
        browser.post("/intake/sign-in", &pairs)
    });
    assert_eq!(taken, TAKEN, "passwords");
    // Where the old password is asked for.
    let taken = evaluated("现在的密码不对", |_| {
        let pairs = [("old", "a wrong guess"), ("password", "x"), ("again", "x")];
        teacher.form("/intake/account", &pairs)
    });
    assert_eq!(taken, TAKEN, "old passwords");
    // One-time passwords, and what has the shape of a recovery code.
    for (login, guesses) in [("city", "abcdef"), ("province", "abcd-efgh-jkmn")] {
        let browser = server.sign_in(login);
        sets_up(&server, &browser, login);
        let token = first_step(&server, "127.0.0.1", login);
        let taken = evaluated("数字不对", |_| {
            let pairs = [("token", token.as_str()), ("code", guesses)];
            server.browser().post("/intake/sign-in/code", &pairs)
        });
        assert_eq!(taken, TAKEN, "{guesses}");
    }
}

#[test]
fn a_wrong_guess_that_comes_late_lifts_nothing() {
    let (server, _directory) = server();
    let bytes = sets_up(&server, &server.sign_in("teacher"), "teacher");
    let token = first_step(&server, "127.0.0.1", "teacher");
    let second = |code: &str| {
        let pairs = [("token", token.as_str()), ("code", code)];
        server.browser().post("/intake/sign-in/code", &pairs).is(403).body
    };
    for _ in 0..TAKEN {
        assert!(second("abcdef").contains("数字不对"));
    }
    // Neither wrong nor right passwords, nor more guesses, let another code be tried.
    signs_in(&server, "127.0.0.1", "teacher", "a wrong guess").is(403);
    first_step(&server, "127.0.0.1", "teacher");
    assert!(second("abcdef").contains(LATER));
    assert!(second(&code(&bytes, clock::now() + 30_000)).contains(LATER));
}

#[test]
fn strangers_lock_nobody_out() {
    let (server, _directory) = server();
    let password = server.password("teacher");
    signs_in(&server, "192.0.2.1", "teacher", &password).is(303);
    for guess in 0..20 {
        let answer = signs_in(&server, "203.0.113.9", "teacher", "a wrong guess").is(403);
        assert_eq!(answer.body.contains(LATER), guess >= TAKEN, "{guess}");
    }
    // The place that guesses waits even with the right password; other places do not.
    assert!(
        signs_in(&server, "203.0.113.9", "teacher", &password)
            .is(403)
            .body
            .contains(LATER)
    );
    signs_in(&server, "192.0.2.1", "teacher", &password).is(303);
    signs_in(&server, "198.51.100.7", "teacher", &password).is(303);
}

#[test]
fn a_browser_is_known_among_others_of_its_network() {
    let (server, _directory) = server();
    let password = server.password("teacher");
    let home = "192.0.2.1";
    let entered = signs_in(&server, home, "teacher", &password).is(303);
    let mut browser = server.browser();
    let device = entered
        .cookies
        .iter()
        .find(|cookie| cookie.starts_with("jixia-device="));
    browser.cookie = device.unwrap().clone();
    let again = || {
        let pairs = [("login", "teacher"), ("password", &password)];
        from(&browser, home, "/intake/sign-in", &pairs)
    };
    for _ in 0..20 {
        signs_in(&server, home, "teacher", "a wrong guess").is(403);
    }
    let refused = signs_in(&server, home, "teacher", &password).is(403);
    assert!(refused.body.contains(LATER));
    let known = again().is(303);
    assert!(
        known.cookies.contains(&browser.cookie),
        "it is known by what it has"
    );
    // It is no way to guess more, and of no use at another account.
    let pairs = [("login", "teacher"), ("password", "a wrong guess")];
    let taken = (0..20).filter(|_| {
        let answer = from(&browser, home, "/intake/sign-in", &pairs).is(403);
        answer.body.contains(WRONG)
    });
    assert_eq!(taken.count(), TAKEN);
    assert!(again().is(403).body.contains(LATER));
    for guess in 0..20 {
        let pairs = [("login", "city"), ("password", "a wrong guess")];
        let answer = from(&browser, home, "/intake/sign-in", &pairs).is(403);
        assert_eq!(answer.body.contains(LATER), guess >= TAKEN, "{guess}");
    }
}

#[test]
fn a_place_for_each_guess_gives_no_more_of_them() {
    let (server, _directory) = server();
    let bytes = sets_up(&server, &server.sign_in("teacher"), "teacher");
    let guess = |address: &str, code: &str| {
        let token = first_step(&server, address, "teacher");
        let pairs = [("token", token.as_str()), ("code", code)];
        from(&server.browser(), address, "/intake/sign-in/code", &pairs)
    };
    let taken = (0..30).filter(|number| {
        let address = format!("2001:db8:0:{number:x}::1");
        guess(&address, "abcdef").is(403).body.contains("数字不对")
    });
    assert_eq!(taken.count(), 20);
    // Where somebody signed in before is not slowed down.
    guess("127.0.0.1", &code(&bytes, clock::now() + 30_000)).is(303);
}

#[test]
fn nobody_learns_who_has_an_account() {
    let (server, _directory) = server();
    let school = server.sign_in("school");
    let invited = [
        ("login", "invited.1"),
        ("name", "示例教师"),
        ("unit", "shili-haiwan"),
        ("role", "teacher"),
    ];
    school.form("/intake/people", &invited).is(200);
    let logins = ["teacher-b", "invited.1", "nobody.77"];
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for guess in 0..15 {
        let address = format!("192.0.2.{}", guess / 7);
        let mut pages = Vec::new();
        for (login, times) in logins.iter().zip(&mut times) {
            let started = Instant::now();
            let answer = signs_in(&server, &address, login, "a wrong guess").is(403);
            if answer.body.contains(WRONG) {
                times.push(started.elapsed());
            }
            pages.push(answer.body.replace(login, "LOGIN"));
        }
        assert!(pages.iter().all(|page| *page == pages[0]), "{guess}: {pages:?}");
    }
    let middle = times.map(|mut times| {
        times.sort();
        assert_eq!(times.len(), 2 * TAKEN + 1);
        times[times.len() / 2]
    });
    let (least, most) = (middle.iter().min().unwrap(), middle.iter().max().unwrap());
    assert!(*most < *least * 2 + Duration::from_millis(20), "{middle:?}");
}

#[test]
fn the_log_tells_of_ever_fewer_guesses() {
    let (server, _directory) = server();
    signs_in(&server, "192.0.2.1", "teacher", "a wrong guess").is(403);
    let events = "SELECT COUNT(*) FROM audit WHERE action = 'sign-in-failed'";
    for guess in 0..40 {
        let address = format!("203.0.113.{guess}");
        signs_in(&server, &address, "teacher", "a wrong guess").is(403);
        signs_in(&server, &address, &format!("nobody.{guess}"), "a wrong guess").is(403);
    }
    // The 1st, 2nd, 4th, 8th, 16th and 32nd.
    assert_eq!(number(server.data(), events), 6);
}

/// Asks for an account.
fn registers(server: &Server, login: &str) -> Answer {
    let pairs = [
        ("login", login),
        ("name", "示例新人"),
        ("unit", "shili-haiwan"),
        ("password", "rain over the river"),
        ("again", "rain over the river"),
    ];
    server.browser().post("/intake/register", &pairs)
}

#[test]
fn registering_says_the_same_of_a_login_that_is_taken() {
    let (server, _directory) = server();
    let register = |login: &str| registers(&server, login).is(200).body;
    let (taken, free) = (register("teacher"), register("new.one"));
    assert_eq!(taken, free);
    // Both wait; the one whose login was taken has another.
    let people = server.sign_in("school").get("/intake/people").is(200).body;
    for login in ["teacher-2", "new.one"] {
        assert!(people.contains(login), "{login}: {people}");
    }
    server.sign_in("teacher");
}

#[test]
fn strangers_fill_no_table() {
    let (server, _directory) = server();
    sql(
        server.data(),
        "INSERT INTO account (id, login, name, unit, role, phone, email, password, state, created_at)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
         SELECT 'waits' || i, 'waits.' || i, 'x', 'shili-haiwan', 'teacher', '', '', '', 'pending', 1 FROM n",
    );
    let full = registers(&server, "one.more").is(422).body;
    assert!(full.contains("待确认的注册太多"), "{full}");
    let accounts = "SELECT COUNT(*) FROM account WHERE login = 'one.more'";
    assert_eq!(number(server.data(), accounts), 0);
}

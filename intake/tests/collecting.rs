//! Bytes that nothing refers to go, those that something refers to stay, and both count for somebody as long as they lie
//! there, however many requests come at once.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use support::{Browser, Server, declared, eventually, joins, news, number, sql};

fn now() -> SystemTime {
    SystemTime::from(jixia_intake::clock::instant())
}

const DAY: Duration = Duration::from_secs(86_400);

fn blob(data: &Path, bytes: &[u8]) -> PathBuf {
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    data.join("blob").join(&sha256[..2]).join(&sha256)
}

/// How many files the store has.
fn blobs(data: &Path) -> usize {
    let directories = fs::read_dir(data.join("blob")).unwrap().flatten();
    let counts = directories.map(|directory| fs::read_dir(directory.path()).unwrap().count());
    counts.sum()
}

/// Lets two days pass for all that lies in the store and on its way there.
fn two_days_pass(data: &Path) {
    let mut directories = vec![data.join("blob"), data.join("upload")];
    while let Some(directory) = directories.pop() {
        for item in fs::read_dir(directory).unwrap().flatten() {
            if item.path().is_dir() {
                directories.push(item.path());
            } else {
                let file = File::open(item.path()).unwrap();
                file.set_modified(now() - 2 * DAY).unwrap();
            }
        }
    }
    sql(data, "UPDATE removed SET at = at - 172800000");
}

fn text(name: &str) -> Vec<u8> {
    name.repeat(1000).into_bytes()
}

/// Sends a text file to a draft; gives the id of the upload.
fn sends(browser: &Browser, id: &str, name: &str) -> String {
    let bytes = text(name);
    let announced = browser.announces(id, &format!("{name}.txt"), bytes.len()).is(201);
    browser.patches(announced.location(), 0, &bytes).is(204);
    announced.location().rsplit('/').next().unwrap().to_owned()
}

fn removes(browser: &Browser, id: &str, upload: &str) {
    browser.fills(id, &[], &format!("remove:{upload}")).is(303);
}

#[test]
fn what_nothing_refers_to_is_removed_after_a_day() {
    let mut server = Server::start();
    let office = server.office();
    let teacher = &office.teacher;
    let draft = teacher.begins("news");
    for name in [
        "stays in a draft",
        "removed",
        "removed and sent again",
        "removed today",
    ] {
        sends(teacher, &draft, name);
    }
    let ids = |server: &Server, draft: &str| {
        let form = server
            .sign_in("teacher")
            .get(&format!("/intake/items/{draft}/edit"))
            .body;
        let ids = form.split("value=\"remove:").skip(1);
        ids.map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let known = ids(&server, &draft);
    removes(teacher, &draft, &known[1]);
    removes(teacher, &draft, &known[2]);
    sends(teacher, &draft, "removed and sent again");
    let published = teacher.begins("news");
    sends(teacher, &published, "published");
    teacher
        .hands_in(&published, &declared(&news("有附件的一课")))
        .is(303);
    office.publishes(&published);
    let data = server.data().to_path_buf();
    let stages = ["killed", "coming"].map(|name| data.join("upload").join(name));
    fs::write(&stages[0], "half").unwrap();
    let coming = teacher
        .announces(&draft, "coming.txt", 10)
        .is(201)
        .location()
        .to_owned();
    teacher.patches(&coming, 0, b"half").is(204);
    let before = blobs(&data);
    two_days_pass(&data);
    removes(teacher, &draft, &known[3]);
    server = server.crash_and_restart();
    eventually("what nothing refers to is gone", || {
        (!blob(&data, &text("removed")).exists() && !stages[0].exists()).then_some(())
    });
    for name in [
        "stays in a draft",
        "removed and sent again",
        "published",
        "removed today",
    ] {
        assert!(blob(&data, &text(name)).exists(), "{name}");
    }
    // Of what was published before there ever was an intake, nothing went.
    assert_eq!(blobs(&data), before - 1);
    assert_eq!(
        number(&data, "SELECT COUNT(*) FROM removed"),
        1,
        "what was removed today"
    );
    assert_eq!(server.sign_in("teacher").offset(&coming), 4);
}

/// How many of so many requests at once are answered so.
fn at_once(count: usize, status: u16, send: impl Fn(usize) -> u16 + Sync) -> usize {
    let send = &send;
    thread::scope(|scope| {
        let sent: Vec<_> = (0..count)
            .map(|number| scope.spawn(move || send(number)))
            .collect();
        let answers: Vec<u16> = sent.into_iter().map(|sent| sent.join().unwrap()).collect();
        answers.into_iter().filter(|known| *known == status).count()
    })
}

#[test]
fn quotas_hold_for_requests_at_once_and_for_what_still_lies_there() {
    let directory = tempfile::tempdir().unwrap();
    let limits = [
        ("JIXIA_INTAKE_LIMITS_QUOTA_MB", "2"),
        ("JIXIA_INTAKE_LIMITS_UNIT_QUOTA_MB", "3"),
    ];
    let server = Server::start_in(&directory.path().join("data"), &limits);
    let teacher = server.sign_in("teacher");
    let ids: Vec<String> = (0..2).map(|_| teacher.begins("news")).collect();
    let half = text("1234567890").repeat(60);
    let announce = |number: usize| {
        teacher
            .announces(&ids[number % 2], &format!("{number}.txt"), half.len())
            .status
    };
    assert_eq!(at_once(16, 201, announce), 3);
    let other = joins(
        &server,
        &server.sign_in("school"),
        "another",
        "shili-haiwan",
        "teacher",
    );
    let of_other = other.begins("news");
    let sent = |number: usize| {
        let answer = other.multipart(
            &format!("/intake/items/{of_other}/edit"),
            &[("revision", "0"), ("do", "autosave")],
            (&format!("{number}.txt"), &half),
        );
        answer.status
    };
    at_once(8, 200, sent);
    let held = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM upload";
    assert_eq!(
        number(server.data(), held),
        5 * half.len() as i64,
        "3 MB of the unit are full"
    );
}

#[test]
fn what_was_removed_counts_until_it_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let limits = [("JIXIA_INTAKE_LIMITS_QUOTA_MB", "1")];
    let server = Server::start_in(&directory.path().join("data"), &limits);
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    let bytes = text("1234567890").repeat(60);
    let send = |name: &str| {
        let announced = teacher
            .announces(&id, name, bytes.len())
            .is(201)
            .location()
            .to_owned();
        teacher.patches(&announced, 0, &bytes).is(204);
        announced.rsplit('/').next().unwrap().to_owned()
    };
    let upload = send("a.txt");
    removes(&teacher, &id, &upload);
    let refused = teacher.announces(&id, "b.txt", 600_000).is(422);
    assert!(refused.body.contains("占用的空间已到上限"), "{}", refused.body);
    two_days_pass(server.data());
    let data = server.data().to_path_buf();
    let server = server.crash_and_restart_with(&limits);
    eventually("the bytes are gone", || {
        (!blob(&data, &bytes).exists()).then_some(())
    });
    teacher.at(&server.url).announces(&id, "b.txt", 600_000).is(201);
}

#[test]
fn no_more_preview_links_are_made_at_once_than_there_may_be() {
    let server = Server::start();
    let teacher = server.sign_in("teacher");
    let id = teacher.submits_news("很多链接");
    let version = teacher.version(&id);
    let path = format!("/intake/items/{id}/links");
    at_once(40, 200, |_| {
        teacher
            .form(&path, &[("do", "make"), ("version", &version)])
            .status
    });
    assert_eq!(number(server.data(), "SELECT COUNT(*) FROM preview_link"), 20);
}

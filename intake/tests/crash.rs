//! The server is killed, and backed up, at odd moments of submitting, uploading, merging and rebuilding. Nothing that a
//! client was told may be lost, and nothing may be half.

#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::Duration;

use support::{Browser, Server, command, eventually};

/// What clients were told.
#[derive(Default, Clone)]
struct Told {
    /// Submissions and how far the last answer said they were.
    states: Vec<(String, &'static str)>,
    /// Uploads and how many of their bytes were acknowledged.
    uploads: Vec<(String, usize)>,
}

/// How many times it is killed: `JIXIA_ATTACK_KILLS`, or a few.
fn kills() -> u64 {
    let named = std::env::var("JIXIA_ATTACK_KILLS").ok();
    named.map_or(8, |number| {
        number.parse().expect("JIXIA_ATTACK_KILLS is a number")
    })
}

#[test]
fn nothing_that_was_acknowledged_is_lost() {
    let mut server = Server::start();
    let told = Arc::new(Mutex::new(Told::default()));
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..kills() {
        let work = Work::begin(&server, &told, round);
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        sleep(Duration::from_millis(100 + (random >> 33) % 1500));
        server = server.crash_and_restart();
        work.ends();
        check(&server, &told.lock().unwrap());
    }
    let told = told.lock().unwrap();
    eprintln!(
        "killed {} times; told of {} submissions and {} uploads",
        kills(),
        told.states.len(),
        told.uploads.len()
    );
    assert!(
        told.states.iter().any(|(_, state)| *state == "accepted"),
        "something was accepted"
    );
    let teacher = server.sign_in("teacher");
    for (id, state) in &told.states {
        if *state == "accepted" {
            teacher.waits_for(id, "published");
            server.browser().get(&format!("/news/{id}/")).is(200);
            let merges = server.git(&[
                "log",
                "--merges",
                "--format=%H",
                &format!("--grep=Submission-Id: {id}"),
                "main",
            ]);
            assert_eq!(merges.lines().count(), 1, "{id} was merged once");
        }
    }
    eventually("no branch is left of what is published", || {
        let branches = server.git(&["for-each-ref", "--format=%(refname)", "refs/heads/submission"]);
        let is_left = |(id, state): &&(String, &str)| *state == "accepted" && branches.contains(id.as_str());
        told.states.iter().find(is_left).is_none().then_some(())
    });
}

#[test]
fn a_backup_beside_all_that_holds_what_was_acknowledged_before() {
    let server = Server::start();
    let told = Arc::new(Mutex::new(Told::default()));
    let work = Work::begin(&server, &told, 0);
    let directory = tempfile::tempdir().unwrap();
    let mut taken = Vec::new();
    for number in 0..3 {
        sleep(Duration::from_millis(800));
        let before = told.lock().unwrap().clone();
        let file = directory.path().join(format!("{number}.tar"));
        succeeds(&command(server.data(), &["backup", file.to_str().unwrap()]));
        taken.push((file, before));
    }
    let accounts = fs::read(server.data().join("demo-accounts.json")).unwrap();
    drop(server);
    work.ends();
    for (number, (file, before)) in taken.iter().enumerate() {
        let data = directory.path().join(format!("restored-{number}"));
        succeeds(&command(&data, &["restore", file.to_str().unwrap()]));
        fs::write(data.join("demo-accounts.json"), &accounts).unwrap();
        check(&Server::start_in(&data, &[]), before);
    }
    let (_, last) = taken.last().unwrap();
    assert!(last.states.len() > 1 && last.uploads.len() > 1, "there was work");
}

#[track_caller]
fn succeeds(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Clients that go on until their connection breaks, which ends their thread.
struct Work([thread::JoinHandle<()>; 2]);

impl Work {
    fn begin(server: &Server, told: &Arc<Mutex<Told>>, round: u64) -> Self {
        let people = ["teacher", "school", "city"].map(|login| server.sign_in(login));
        let [teacher, school, city] = people;
        let uploader = server.sign_in("teacher");
        let (of_work, of_files) = (Arc::clone(told), Arc::clone(told));
        Self([
            thread::spawn(move || submissions(&of_work, round, &teacher, &school, &city)),
            thread::spawn(move || uploads(&of_files, round, &uploader)),
        ])
    }

    fn ends(self) {
        for thread in self.0 {
            let _ = thread.join();
        }
    }
}

fn note(told: &Mutex<Told>, id: &str, state: &'static str) {
    let mut told = told.lock().unwrap();
    match told.states.iter_mut().find(|(known, _)| known == id) {
        Some((_, known)) => *known = state,
        None => told.states.push((id.to_owned(), state)),
    }
}

fn submissions(told: &Mutex<Told>, round: u64, teacher: &Browser, school: &Browser, city: &Browser) {
    for number in 0.. {
        let id = teacher.submits_news(&format!("第 {round} 轮第 {number} 件"));
        note(told, &id, "submitted");
        school.endorses(&id);
        note(told, &id, "endorsed");
        if number % 3 != 2 {
            city.decides(&id, "accept", &[]).is(303);
            note(told, &id, "accepted");
        }
    }
}

fn uploads(told: &Mutex<Told>, round: u64, teacher: &Browser) {
    let id = teacher.begins("resource");
    let bytes = vec![b'a' + round as u8; 2_000_000];
    for number in 0.. {
        let upload = teacher
            .announces(&id, &format!("{number}.txt"), bytes.len())
            .is(201)
            .location()
            .to_owned();
        let place = {
            let mut told = told.lock().unwrap();
            told.uploads.push((upload.clone(), 0));
            told.uploads.len() - 1
        };
        for start in (0..bytes.len()).step_by(500_000) {
            teacher
                .patches(&upload, start, &bytes[start..start + 500_000])
                .is(204);
            told.lock().unwrap().uploads[place].1 = start + 500_000;
        }
    }
}

fn check(server: &Server, told: &Told) {
    const ORDER: [&str; 5] = ["submitted", "endorsed", "accepted", "merged", "published"];
    let place = |state: &str| ORDER.iter().position(|known| *known == state);
    let teacher = server.sign_in("teacher");
    for (id, state) in &told.states {
        let now = teacher.state(id);
        assert!(place(&now) >= place(state), "{id} was {state} and is {now}");
    }
    for (upload, acknowledged) in &told.uploads {
        let there = teacher.offset(upload);
        assert!(there >= *acknowledged, "{upload}: {there} of {acknowledged}");
    }
    is_whole(server);
    succeeds(&command(server.data(), &["audit", "verify"]));
    for file in files(&server.data().join("blob")) {
        let output = Command::new("sha256sum").arg(&file).output().unwrap();
        let name = Path::new(&file)
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        assert!(
            String::from_utf8_lossy(&output.stdout).starts_with(&name),
            "{name}"
        );
    }
}

/// `git fsck` walks the objects first and the branches after, and the server goes on merging meanwhile: a branch that
/// came between the two looks as if its objects were missing. What is really missing is so each time.
fn is_whole(server: &Server) {
    let mut said = String::new();
    for _ in 0..10 {
        let mut fsck = Command::new("git");
        fsck.arg("--git-dir").arg(server.data().join("repository.git"));
        let output = fsck.args(["fsck", "--strict", "--no-dangling"]).output().unwrap();
        if output.status.success() {
            return;
        }
        said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        eprintln!("git fsck beside the running server: {said}");
        sleep(Duration::from_millis(200));
    }
    panic!("git fsck: {said}");
}

fn files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for item in fs::read_dir(directory).unwrap().flatten() {
        let path = item.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path.to_string_lossy().into_owned());
        }
    }
    found
}

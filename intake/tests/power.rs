//! The power is cut: what was acknowledged is on disk. A library that is preloaded into the server keeps what each file held
//! when it was synced last; the test makes a data directory of that and of nothing else, and looks whether everything is there
//! that clients were told.

#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

mod support;

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use support::{Server, database, declared, news, number};

/// What can be made again, and is at the next start.
const MADE_AGAIN: [&str; 2] = ["site", "public"];

/// Compiles the library. Returns `None` where there is no C compiler.
fn shim(directory: &Path) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/power/forgets.c");
    let library = directory.join("forgets.so");
    let mut compiler = Command::new("cc");
    let compiler = compiler
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-o"])
        .arg(&library)
        .arg(source);
    let compiled = compiler.arg("-ldl").status().ok()?;
    assert!(compiled.success(), "the library compiles");
    Some(library)
}

/// What tells one file from another, as the library does: its inode and the moment at which it was made.
fn key(path: &Path) -> String {
    let metadata = fs::symlink_metadata(path).unwrap();
    let made = metadata.created().map_or(Duration::ZERO, |made| {
        made.duration_since(SystemTime::UNIX_EPOCH).unwrap()
    });
    format!("{}.{}.{}", metadata.ino(), made.as_secs(), made.subsec_nanos())
}

/// Notes everything that lies in a directory as synced.
fn note(directory: &Path, kept: &Path) {
    let mut names = String::new();
    for item in fs::read_dir(directory).unwrap().flatten() {
        let name = item.file_name().into_string().unwrap();
        if MADE_AGAIN.contains(&name.as_str()) {
            continue;
        }
        let key = key(&item.path());
        let is_directory = item.path().is_dir();
        if is_directory {
            note(&item.path(), kept);
        } else {
            fs::copy(item.path(), kept.join(format!("f-{key}"))).unwrap();
        }
        let kind = if is_directory { 'd' } else { 'f' };
        names.push_str(&format!("{key} {kind} {name}\n"));
    }
    fs::write(kept.join(format!("d-{}", key(directory))), names).unwrap();
}

/// Makes a directory of what was synced.
fn left(kept: &Path, key: &str, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let names = fs::read_to_string(kept.join(format!("d-{key}"))).unwrap_or_default();
    for line in names.lines() {
        let mut parts = line.splitn(3, ' ');
        let key = parts.next().unwrap();
        let (kind, name) = (parts.next().unwrap(), parts.next().unwrap());
        if kind == "d" && !MADE_AGAIN.contains(&name) {
            left(kept, key, &to.join(name));
        } else if kind == "f" {
            let bytes = fs::read(kept.join(format!("f-{key}"))).unwrap_or_default();
            fs::write(to.join(name), bytes).unwrap();
        }
    }
}

/// What clients were told.
struct Told {
    published: String,
    submitted: String,
    /// A file of which half was acknowledged, and how many bytes those are.
    half: (String, u64),
    /// The bytes of a file that was taken whole.
    whole: Vec<u8>,
}

fn works(server: &Server) -> Told {
    let office = server.office();
    let whole = "整个文件。".repeat(4000).into_bytes();
    let published = office.teacher.begins("news");
    office.teacher.uploads(&published, "整个.txt", &whole);
    office
        .teacher
        .hands_in(&published, &declared(&news("停电之前发布的")))
        .is(303);
    office.publishes(&published);
    let draft = office.teacher.begins("resource");
    let upload = office
        .teacher
        .announces(&draft, "一半.txt", 20_000)
        .is(201)
        .location()
        .to_owned();
    for offset in [0, 5000] {
        office.teacher.patches(&upload, offset, &[b'a'; 5000]).is(204);
    }
    let submitted = office.teacher.submits_news("停电之前提交的");
    let id = upload.rsplit('/').next().unwrap().to_owned();
    Told {
        published,
        submitted,
        half: (id, 10_000),
        whole,
    }
}

fn git(data: &Path, arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    let git = git
        .arg("--git-dir")
        .arg(data.join("repository.git"))
        .args(arguments);
    let output = git.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("deprecated"), "{said}");
    if !output.status.success() {
        eprintln!(
            "git {arguments:?}: {said}{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).unwrap())
}

/// What of that is not there.
fn losses(data: &Path, told: &Told) -> Vec<&'static str> {
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&told.whole));
    let blob = data.join("blob").join(&sha256[..2]).join(&sha256);
    let half = fs::metadata(data.join("upload").join(&told.half.0)).map_or(0, |metadata| metadata.len());
    let grep = format!("--grep=Submission-Id: {}", told.published);
    let merges = git(data, &["log", "--merges", "--format=%H", &grep, "main"]);
    let branch = format!("refs/heads/submission/{}", told.submitted);
    let checks = [
        ("a file", fs::read(blob).is_ok_and(|bytes| bytes == told.whole)),
        ("half a file", half >= told.half.1),
        (
            "a merge",
            merges.is_some_and(|merges| merges.lines().count() == 1),
        ),
        ("objects", git(data, &["fsck", "--strict"]).is_some()),
        (
            "a branch",
            git(data, &["rev-parse", "--verify", &branch]).is_some(),
        ),
        (
            "states",
            number(
                data,
                "SELECT COUNT(*) FROM submission WHERE state = 'submitted' AND title = '停电之前提交的'",
            ) == 1
                && number(
                    data,
                    "SELECT COUNT(*) FROM submission WHERE state = 'published' AND title = '停电之前发布的'",
                ) == 1,
        ),
    ];
    checks
        .into_iter()
        .filter_map(|(what, is_there)| (!is_there).then_some(what))
        .collect()
}

/// A data directory after the power was cut, and what clients were told before. Syncing a path that contains `blind` does nothing.
fn after_a_cut(directory: &Path, data: &Path, shim: &Path, blind: &str) -> (PathBuf, Told) {
    let (kept, to) = (directory.join("kept"), directory.join("left"));
    fs::create_dir_all(&kept).unwrap();
    note(data, &kept);
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let (library, root, kept_in) = (text(shim), text(data), text(&kept));
    let environment = [
        ("LD_PRELOAD", library.as_str()),
        ("FORGETS_ROOT", root.as_str()),
        ("FORGETS_KEPT", kept_in.as_str()),
        ("FORGETS_BLIND", blind),
    ];
    let server = Server::start_in(data, &environment);
    let told = works(&server);
    // A branch is written by a job after the answer.
    support::eventually("the branch is there", || {
        let branch = format!("refs/heads/submission/{}", told.submitted);
        git(data, &["rev-parse", "--verify", &branch])
    });
    // Killed, not asked to end.
    drop(server);
    left(&kept, &key(data), &to);
    fs::remove_dir_all(&kept).unwrap();
    (to, told)
}

/// A data directory that was made, and whose server ended well.
fn made(directory: &Path) -> PathBuf {
    let data = directory.canonicalize().unwrap().join("data");
    let server = Server::start_in(&data, &[]);
    server.sign_in("teacher");
    assert!(server.stop().0);
    data
}

#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_power_is_cut() {
    let directory = tempfile::tempdir().unwrap();
    let Some(shim) = shim(directory.path()).filter(|_| database(directory.path()).is_none()) else {
        eprintln!("not tried: there is no C compiler, or PostgreSQL syncs for itself");
        return;
    };
    let data = made(directory.path());
    let (left, told) = after_a_cut(directory.path(), &data, &shim, "");
    assert_eq!(losses(&left, &told), [""; 0]);
    // It stands up by itself, and goes on.
    let server = Server::start_in(&left, &[]);
    assert_eq!(server.browser().get("/readyz").is(200).body, "ok\n");
    let page = server
        .browser()
        .get(&format!("/news/{}/", told.published))
        .is(200)
        .body;
    assert!(page.contains("整个.txt"), "{page}");
    server.office().publishes(&told.submitted);
    let teacher = server.sign_in("teacher");
    assert_eq!(
        teacher.offset(&format!("/intake/uploads/{}", told.half.0)),
        10_000
    );
    let verified = support::command(&left, &["audit", "verify"]);
    assert!(verified.status.success());
}

#[test]
fn the_test_finds_what_is_not_synced() {
    let directory = tempfile::tempdir().unwrap();
    let Some(shim) = shim(directory.path()).filter(|_| database(directory.path()).is_none()) else {
        eprintln!("not tried: there is no C compiler, or PostgreSQL syncs for itself");
        return;
    };
    for (number, (blind, lost)) in [
        ("/upload", "half a file"),
        ("/blob/", "a file"),
        ("/repository.git/objects", "objects"),
        ("/repository.git/refs", "a merge"),
        ("/intake.db", "states"),
    ]
    .into_iter()
    .enumerate()
    {
        let directory = directory.path().join(number.to_string());
        fs::create_dir(&directory).unwrap();
        let data = made(&directory);
        let (left, told) = after_a_cut(&directory, &data, &shim, blind);
        let found = losses(&left, &told);
        assert!(found.contains(&lost), "without {blind} only {found:?} is lost");
        fs::remove_dir_all(directory).unwrap();
    }
}

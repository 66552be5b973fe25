//! Purging: an entry or an attachment goes from history, branches, database, store and portal; everything else stays.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::Duration;

use support::{BINARY, Office, Server, command, database, eventually, news, texts};

const SECRET: &str = "要清除的一篇";
const GROUND: &str = "《个人信息保护法》第四十七条";

fn git(data: &Path, arguments: &[&str]) -> Output {
    let repository = data.join("repository.git");
    let mut git = Command::new("git");
    git.arg("--git-dir").arg(repository).args(arguments);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap()
}

fn said(output: &Output) -> String {
    let words = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8(words).unwrap()
}

/// Every text that the repository holds, commits and files.
fn everything(data: &Path) -> String {
    let output = git(
        data,
        &["cat-file", "--batch-all-objects", "--batch", "--unordered"],
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Every file below a directory that has some bytes in it.
fn files_with(directory: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        if item.file_type().unwrap().is_dir() {
            found.extend(files_with(&item.path(), needle));
        } else if needle.is_empty()
            || fs::read(item.path())
                .unwrap()
                .windows(needle.len())
                .any(|part| part == needle)
        {
            found.push(item.path());
        }
    }
    found
}

/// The portal's files but the search index, which is of all of it.
fn portal(data: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let root = data.join("public");
    let files = files_with(&root, b"");
    let files = files
        .into_iter()
        .filter(|file| !file.starts_with(root.join("search")));
    files
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .collect()
}

/// What there is before somebody purges: the secret entry, published, edited and being edited, its file and one that another
/// entry has too, and something that waits.
struct Before {
    path: String,
    secret: String,
    other: String,
    waiting: String,
}

fn prepare(server: &Server, office: &Office) -> Before {
    let publishes = |title: &str, files: &[(&str, &str)]| {
        let id = office.teacher.begins("news");
        for (name, bytes) in files {
            office.teacher.uploads(&id, name, bytes.as_bytes());
        }
        office.teacher.fills(&id, &news(title), "submit").is(303);
        office.publishes(&id);
        id
    };
    let other = publishes("别的一篇", &[("共同.txt", "两篇都有的附件")]);
    let secret = publishes(
        SECRET,
        &[("独有.txt", "独有的附件"), ("共同.txt", "两篇都有的附件")],
    );
    let path = server.path_of(&secret);
    let edit = office.teacher.begins_on(&path, "edit");
    office
        .teacher
        .fills(&edit, &news(&format!("{SECRET}，改过")), "submit")
        .is(303);
    office.publishes(&edit);
    let draft = office.teacher.begins_on(&path, "edit");
    office
        .teacher
        .fills(&draft, &news(&format!("{SECRET}，再改")), "submit")
        .is(303);
    let waiting = office.teacher.submits_news("还在等的一篇");
    office.school.endorses(&waiting);
    eventually("its branch is there", || {
        server.git(&["for-each-ref"]).contains(&waiting).then_some(())
    });
    Before {
        path,
        secret,
        other,
        waiting,
    }
}

fn purge(data: &Path, what: &str, more: &[&str]) -> Output {
    let arguments = ["purge", what, "--by", "province", "--ground", GROUND];
    command(data, &[&arguments, more].concat())
}

/// Fails unless nothing is left of the entry but what the audit log knows, and the repository is whole.
fn is_gone(data: &Path, before: &Before) {
    let fsck = git(data, &["fsck", "--strict", "--full"]);
    assert!(fsck.status.success(), "{}", said(&fsck));
    let log = git(data, &["log", "--all", "--format=%H", "--", &before.path]);
    assert_eq!(said(&log), "");
    let all = everything(data);
    for needle in [SECRET, &before.secret, "独有"] {
        assert!(!all.contains(needle), "{needle}");
    }
    assert!(all.contains("别的一篇") && all.contains("还在等的一篇"));
    // Packed objects are looked into above; the audit log names the file's id, and nothing of what was in it.
    assert_eq!(files_with(data, SECRET.as_bytes()), Vec::<PathBuf>::new());
    assert_eq!(
        files_with(&data.join("blob"), "独有的附件".as_bytes()),
        Vec::<PathBuf>::new()
    );
    assert_eq!(
        files_with(&data.join("blob"), "两篇都有的附件".as_bytes()).len(),
        1
    );
    assert!(!data.join("purge-under-way.json").exists());
}

#[test]
fn an_entry_goes_from_everything_and_everything_else_stays() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start_in(&data, &[]);
    let before = prepare(&server, &server.office());
    let refused = purge(&data, &before.path, &["--yes"]);
    assert!(!refused.status.success() && said(&refused).contains("another jixia-intake works"));
    assert!(server.stop().0);
    let backup = directory.path().join("backup.tar");
    assert!(
        command(&data, &["backup", backup.to_str().unwrap()])
            .status
            .success()
    );

    // Wrong ones are refused, and a dry run changes nothing.
    let portal_before = portal(&data);
    let refs = git(&data, &["for-each-ref"]).stdout;
    for (what, words) in [
        ("content/news/none.md", "neither history nor any submission"),
        ("site.toml", "expected a file below content/"),
        (&*"0".repeat(64), "there is no such attachment"),
    ] {
        let refused = purge(&data, what, &["--yes"]);
        assert!(
            !refused.status.success() && said(&refused).contains(words),
            "{}",
            said(&refused)
        );
    }
    let tried = purge(&data, &before.path, &[]);
    let words = said(&tried);
    for part in [
        "versions of files: 3",
        "(published)",
        "(submitted)",
        "stays: content/news/",
        "nothing was changed",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert_eq!(git(&data, &["for-each-ref"]).stdout, refs);

    let done = purge(&data, &before.path, &["--yes"]);
    assert!(done.status.success(), "{}", said(&done));
    let words = said(&done);
    for part in [
        "1 attachments removed",
        "git fetch origin",
        backup.to_str().unwrap(),
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    is_gone(&data, &before);
    assert!(command(&data, &["audit", "verify"]).status.success());
    let recorded = texts(&data, "SELECT detail FROM audit WHERE action = 'purged'");
    assert!(
        recorded.len() == 1 && recorded[0].contains(GROUND),
        "{recorded:?}"
    );
    let record = said(&git(&data, &["log", "-1", "--format=%B", "main"]));
    assert!(
        record.contains("Purged-by: ") && record.contains(GROUND),
        "{record}"
    );
    let again = purge(&data, &before.path, &["--yes"]);
    assert!(
        said(&again).contains("neither history nor any submission"),
        "{}",
        said(&again)
    );

    // What is left of the portal is as it was, but for lists that named it.
    let portal_after = portal(&data);
    let of_other = |portal: &BTreeMap<PathBuf, Vec<u8>>| {
        let page = data.join(format!("public/news/{}/index.html", before.other));
        String::from_utf8(portal[&page].clone()).unwrap()
    };
    assert!(of_other(&portal_after).contains("别的一篇"));
    let gone: Vec<&PathBuf> = portal_before
        .keys()
        .filter(|file| !portal_after.contains_key(*file))
        .collect();
    assert!(
        gone.iter().all(|file| {
            let name = file.to_string_lossy();
            name.contains(&before.secret) || name.contains("/files/") || name.contains("/tags/")
        }),
        "{gone:?}"
    );
    let lists = files_with(&data.join("changed"), b"*\n");
    assert_eq!(lists.len(), 1, "copies are told to forget everything");

    // And the office goes on.
    let server = Server::start_in(&data, &[]);
    let office = server.office();
    office.city.decides(&before.waiting, "accept", &[]).is(303);
    office.teacher.waits_for(&before.waiting, "published");
    office
        .teacher
        .get(&format!("/intake/items/{}", before.other))
        .is(200);
    office
        .teacher
        .get(&format!("/intake/items/{}", before.secret))
        .is(404);
    server.browser().get(&format!("/news/{}/", before.secret)).is(404);
    let log = server.sign_in("province").get("/intake/audit").is(200).body;
    assert!(log.contains("彻底清除"), "{log}");
}

#[test]
fn a_purge_that_is_killed_is_completed_when_it_is_run_again() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start_in(&data, &[]);
    let before = prepare(&server, &server.office());
    assert!(server.stop().0);
    let mut was_under_way = 0;
    for milliseconds in [150, 400, 800, 1300, 2000, 3000] {
        let mut child = Command::new(BINARY)
            .args([
                "purge",
                &before.path,
                "--by",
                "province",
                "--ground",
                GROUND,
                "--yes",
            ])
            .env("JIXIA_INTAKE_DATA", &data)
            .envs(database(&data))
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        let fsck = git(&data, &["fsck", "--strict", "--connectivity-only"]);
        assert!(fsck.status.success(), "{}", said(&fsck));
        if data.join("purge-under-way.json").exists() {
            was_under_way += 1;
            let served = command(&data, &["serve"]);
            assert!(!served.status.success() && said(&served).contains("purge --resume"));
        }
    }
    eprintln!("killed {was_under_way} times while a purge was under way");
    // Completes what is under way, if anything is; then there may be nothing left to purge.
    let resumed = command(&data, &["purge", "--resume"]);
    assert!(resumed.status.success(), "{}", said(&resumed));
    let last = purge(&data, &before.path, &["--yes"]);
    assert!(
        last.status.success() || said(&last).contains("neither history nor"),
        "{}",
        said(&last)
    );
    is_gone(&data, &before);
    assert!(command(&data, &["audit", "verify"]).status.success());
    assert_eq!(
        texts(&data, "SELECT detail FROM audit WHERE action = 'purged'").len(),
        1
    );
    let server = Server::start_in(&data, &[]);
    server.browser().get(&format!("/news/{}/", before.other)).is(200);
}

#[test]
fn an_attachment_goes_wherever_it_lies() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start_in(&data, &[]);
    let office = server.office();
    let draft = office.teacher.begins("news");
    office
        .teacher
        .uploads(&draft, "名单.txt", "要清除的名单".as_bytes());
    let id = office.teacher.begins("news");
    office.teacher.uploads(&id, "通知.txt", "发布了的附件".as_bytes());
    office.teacher.fills(&id, &news("有附件的一篇"), "submit").is(303);
    office.publishes(&id);
    let sums = texts(&data, "SELECT sha256 FROM upload ORDER BY created_at");
    assert!(server.stop().0);
    let refused = purge(&data, &sums[1], &["--yes"]);
    assert!(
        said(&refused).contains("has this attachment on the portal"),
        "{}",
        said(&refused)
    );
    let done = purge(&data, &sums[0], &["--yes"]);
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(
        files_with(&data.join("blob"), "要清除的名单".as_bytes()),
        Vec::<PathBuf>::new()
    );
    assert_eq!(texts(&data, "SELECT sha256 FROM upload"), [sums[1].clone()]);
    let server = Server::start_in(&data, &[]);
    server
        .sign_in("teacher")
        .get(&format!("/intake/items/{draft}/edit"))
        .is(200);
}

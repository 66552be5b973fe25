//! The server after something happened to its data: it makes again what can be made again, and says what is wrong with the rest.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use support::{BINARY, Server, database, news, sql};

/// Guards against waiting for ever for the end of a server that began; the slowest machine refuses sooner.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the program says when it cannot begin.
fn refusal(data: &Path) -> String {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut program = Command::new(BINARY);
    program.args(["demo", "--port", "0", "--data"]).arg(data);
    program.arg("--content").arg(content);
    let mut child = program
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() < PATIENCE => sleep(Duration::from_millis(50)),
            None => {
                child.kill().unwrap();
                panic!("it began all the same");
            }
        }
    };
    assert!(!status.success());
    let mut said = String::new();
    child.stderr.unwrap().read_to_string(&mut said).unwrap();
    said
}

#[test]
fn a_checkout_that_was_removed_or_changed_is_made_again() {
    let server = Server::start();
    let (_, data, _directory) = server.stop();
    fs::remove_dir_all(data.join("site")).unwrap();
    let server = Server::start_in(&data, &[]);
    server.browser().get("/news/").is(200);
    server.stop();
    let stray = data.join("site/content/news/stray.md");
    fs::write(
        &stray,
        "---\ntitle: 没有人发布过\ndate: 2026-01-05\n---\n\n没有人发布过。\n",
    )
    .unwrap();
    fs::write(data.join("site/site.toml"), "damaged").unwrap();
    let server = Server::start_in(&data, &[]);
    server.browser().get("/news/").is(200);
    assert_eq!(server.browser().get("/news/stray/").status, 404);
    assert!(!stray.exists());
}

#[test]
fn a_damaged_or_missing_database_is_said_and_left_alone() {
    let server = Server::start();
    let (_, data, _directory) = server.stop();
    if database(&data).is_some() {
        // Of a database elsewhere its own server watches over the files.
        return;
    }
    // What is in the log still would make up for the damage.
    sql(&data, "PRAGMA wal_checkpoint(TRUNCATE)");
    let file = data.join("intake.db");
    let whole = fs::read(&file).unwrap();
    let mut torn = whole.clone();
    let pages = torn.len() / 4096;
    for page in 2..pages {
        torn[page * 4096..page * 4096 + 512].fill(0xa5);
    }
    let damages = [
        torn,
        b"not a database at all, but long enough to be looked at".repeat(100),
        whole[..whole.len() / 2].to_vec(),
    ];
    for damaged in damages {
        fs::write(&file, &damaged).unwrap();
        let said = refusal(&data);
        assert!(said.contains("intake.db") && said.contains("restore"), "{said}");
        assert_eq!(fs::read(&file).unwrap(), damaged, "left as it is");
    }
    fs::remove_file(&file).unwrap();
    let said = refusal(&data);
    assert!(said.contains("the database is gone"), "{said}");
    assert!(!file.exists());
    fs::write(&file, &whole).unwrap();
    Server::start_in(&data, &[]);
}

/// Runs the server in a small file system of its own, which this process sees through the server's.
fn in_little_space(directory: &Path) -> Option<Server> {
    let script = directory.join("small");
    let text = format!(
        "#!/bin/sh\nexec unshare --map-root-user --mount sh -c 'mount -t tmpfs -o size=48m tmpfs {0} && exec {BINARY} \"$@\"' sh \"$@\"\n",
        directory.join("space").display()
    );
    fs::write(&script, text).unwrap();
    fs::create_dir(directory.join("space")).unwrap();
    let can = Command::new("unshare")
        .args(["--map-root-user", "--mount", "true"])
        .status();
    if !can.is_ok_and(|status| status.success()) {
        return None;
    }
    Some(Server::start_by(&script, &directory.join("space/data")))
}

#[test]
fn after_a_full_disk_is_freed_the_next_change_works() {
    let directory = tempfile::tempdir().unwrap();
    if database(directory.path()).is_some() {
        // What PostgreSQL does without room is its own business.
        return;
    }
    let Some(server) = in_little_space(directory.path()) else {
        eprintln!("not tried: this system lets nobody make a file system of their own");
        return;
    };
    let teacher = server.sign_in("teacher");
    let id = teacher.begins("news");
    let seen = server.seen(&directory.path().join("space"));
    for round in 0..3 {
        let filler = seen.join("filler");
        // Until there is no room left.
        let _ = fs::File::create(&filler).and_then(|mut file| {
            loop {
                std::io::Write::write_all(&mut file, &[0; 4096])?;
            }
            #[allow(unreachable_code)]
            Ok(())
        });
        let condition = server.browser().get("/readyz").body;
        assert!(condition.contains("short of room: "), "{condition}");
        let mut refused = 0;
        for _ in 0..40 {
            let body = "满".repeat(20_000);
            let mut fields = news("磁盘满了");
            fields.retain(|(name, _)| *name != "body");
            fields.push(("body", &body));
            refused += u32::from(teacher.fills(&id, &fields, "save").status >= 500);
        }
        assert!(refused > 0, "the disk was full");
        fs::remove_file(&filler).unwrap();
        for number in 0..20 {
            let title = format!("又有地方了 {round} {number}");
            teacher.fills(&id, &news(&title), "save").is(303);
            let form = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
            assert!(form.contains(&title), "{form}");
        }
    }
    teacher.fills(&id, &news("又有地方了"), "submit").is(303);
}

//! What the intake bears: 200 people submitting at once, branches a second, large uploads, a long queue, memory.
//!
//! `cargo bench -p jixia-intake --bench load`; numbers are in `docs/performance.md`. With `--quick` a tenth of it.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use jixia_intake::domain::submission::{Purpose, State};
use jixia_intake::store::{Store, Submission};
use sha2::{Digest as _, Sha256};
use support::{Server, eventually, news};

fn main() {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let part = if is_quick { 10 } else { 1 };
    let directory = tempfile::tempdir().unwrap();
    let content = directory.path().join("content");
    content_of(&content, 10_000 / part);
    let server = Server::start_with(
        &content,
        &directory.path().join("data"),
        // All of them are one account at one address.
        &[
            ("JIXIA_INTAKE_LIMITS_QUOTA_MB", "100000"),
            ("JIXIA_INTAKE_LIMITS_CHANGES_PER_MINUTE", "100000"),
            ("JIXIA_INTAKE_LIMITS_CHANGES_PER_ADDRESS", "100000"),
            ("JIXIA_INTAKE_LIMITS_SIGN_INS_PER_MINUTE", "100000"),
        ],
    );
    println!("entries: {}, idle: {} MB", 10_000 / part, server.memory("VmRSS"));
    submit_at_once(&server, 200 / part);
    upload_at_once(
        &server,
        20 / part.min(4),
        if is_quick { 30_000_000 } else { 300_000_000 },
    );
    queue(&server, 100_000 / part as i64);
}

/// The demonstration with many more pieces of news.
fn content_of(root: &Path, entries: usize) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let status = std::process::Command::new("cp")
        .arg("-r")
        .arg(repository.join("content"))
        .arg(root.parent().unwrap().join("copied"))
        .status();
    assert!(status.unwrap().success());
    fs::create_dir_all(root).unwrap();
    fs::rename(root.parent().unwrap().join("copied"), root.join("content")).unwrap();
    fs::copy(repository.join("site.toml"), root.join("site.toml")).unwrap();
    for number in 0..entries {
        let year = 2010 + number % 16;
        let directory = root.join(format!("content/news/{year}"));
        fs::create_dir_all(&directory).unwrap();
        let text = format!(
            "---\ntitle: 第 {number} 次教研活动\ndate: {year}-03-05\nunit: shili-haiwan\ncategory: research\nsummary: 活动纪要 {number}。\n---\n\n本次活动讨论了第 {number} 个问题。\n"
        );
        fs::write(directory.join(format!("n{number}.md")), text).unwrap();
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> u128 {
    sorted[(sorted.len() - 1) * percent / 100].as_millis()
}

fn submit_at_once(server: &Server, people: usize) {
    let barrier = Arc::new(Barrier::new(people));
    let password = server.password("teacher");
    assert!(!password.is_empty());
    let clients: Vec<_> = (0..people)
        .map(|number| {
            let teacher = server.sign_in("teacher");
            let id = teacher.begins("news");
            let revision = teacher.revision(&id);
            (number, teacher, id, revision)
        })
        .collect();
    let started = Instant::now();
    let threads: Vec<_> = clients
        .into_iter()
        .map(|(number, teacher, id, revision)| {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || {
                let title = format!("同时提交的第 {number} 件");
                let fields = news(&title);
                let shown: Vec<String> = fields.iter().map(|(name, _)| format!("has.{name}")).collect();
                let mut pairs = vec![("revision", revision.as_str()), ("do", "submit")];
                pairs.extend(shown.iter().map(|name| (name.as_str(), "1")));
                pairs.extend(fields.iter().copied());
                barrier.wait();
                let began = Instant::now();
                teacher.form(&format!("/intake/items/{id}/edit"), &pairs).is(303);
                began.elapsed()
            })
        })
        .collect();
    let mut times: Vec<Duration> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    times.sort();
    let all = started.elapsed();
    println!(
        "{people} people submitted at once: median {} ms, p99 {} ms, all in {} ms",
        percentile(&times, 50),
        percentile(&times, 99),
        all.as_millis()
    );
    eventually("every branch is there", || {
        let branches = server.git(&["for-each-ref", "--format=%(refname)", "refs/heads/submission"]);
        (branches.lines().count() >= people).then_some(())
    });
    let took = started.elapsed();
    println!(
        "their branches after {} ms: at least {:.0} a second",
        took.as_millis(),
        people as f64 / took.as_secs_f64()
    );
}

fn upload_at_once(server: &Server, files: usize, size: usize) {
    let mut piece = vec![0_u8; 4 << 20];
    piece[..24].copy_from_slice(b"\0\0\0\x18ftypisom\0\0\0\0isommp42");
    let piece = Arc::new(piece);
    let began = Instant::now();
    let copy = tempfile::NamedTempFile::new_in(server.data()).unwrap();
    let (mut hasher, mut sink) = (Sha256::new(), copy.as_file());
    for _ in 0..size / piece.len() {
        hasher.update(&*piece);
        std::io::Write::write_all(&mut sink, &piece).unwrap();
    }
    let _ = hasher.finalize();
    sink.sync_all().unwrap();
    let baseline = size as f64 / 1e6 / began.elapsed().as_secs_f64();
    drop(copy);
    let clients: Vec<_> = (0..files)
        .map(|number| {
            let teacher = server.sign_in("teacher");
            let id = teacher.begins("resource");
            (number, teacher, id)
        })
        .collect();
    server.forget_peak();
    let started = Instant::now();
    let threads: Vec<_> = clients
        .into_iter()
        .map(|(number, teacher, id)| {
            let piece = Arc::clone(&piece);
            thread::spawn(move || {
                let upload = teacher
                    .announces(&id, &format!("{number}.mp4"), size)
                    .is(201)
                    .location()
                    .to_owned();
                let mut own = piece.to_vec();
                own[32..40].copy_from_slice(&(number as u64).to_le_bytes());
                let mut sent = 0;
                while sent < size {
                    let length = own.len().min(size - sent);
                    teacher.patches(&upload, sent, &own[..length]).is(204);
                    sent += length;
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let rate = (files * size) as f64 / 1e6 / started.elapsed().as_secs_f64();
    println!(
        "{files} uploads of {} MB at once: {rate:.0} MB/s, copying with a checksum {baseline:.0} MB/s, memory at most {} MB",
        size / 1_000_000,
        server.memory("VmHWM")
    );
}

fn queue(server: &Server, submissions: i64) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = match support::database(server.data()) {
            Some((_, url)) => Store::open(&url).await.unwrap(),
            None => Store::open_file(&server.data().join("intake.db")).await.unwrap(),
        };
        let owner = store.account_of_login("teacher").await.unwrap().unwrap();
        let mut change = store.change().await.unwrap();
        for number in 0..submissions {
            let submission = Submission {
                id: format!("bench{number}"),
                kind: "news".to_owned(),
                purpose: Purpose::New,
                path: format!("content/news/2026/bench{number}.md"),
                unit: owner.unit.clone(),
                owner: owner.id.clone(),
                state: State::Endorsed,
                holder: Some("weihai-jiaoyanshi".to_owned()),
                reviewer: None,
                title: format!("第 {number} 件"),
                fields: "{}".to_owned(),
                body: String::new(),
                declarations: "[]".to_owned(),
                base: "{}".to_owned(),
                revision: 1,
                version: 1,
                round: 2,
                submitted_hash: None,
                endorsed_hash: None,
                endorser: None,
                signed_off_by: None,
                commit_id: None,
                created_at: number,
                updated_at: number,
                state_at: number,
                submitted_at: Some(number),
                accepted_at: None,
                route: "weihai-jiaoyanshi".to_owned(),
                due_at: Some(number + 5 * 86_400_000),
                decided: String::new(),
            };
            change.add_submission(&submission).await.unwrap();
        }
        change.commit().await.unwrap();
        store.close().await;
    });
    let city = server.sign_in("city");
    let mut times: Vec<Duration> = (0..20)
        .map(|_| {
            let began = Instant::now();
            city.get("/intake/queue").is(200);
            began.elapsed()
        })
        .collect();
    times.sort();
    println!(
        "a queue of {submissions}: median {} ms, slowest {} ms",
        percentile(&times, 50),
        percentile(&times, 100)
    );
}

//! The portal follows the clock, and whoever pushes to the published branch.

#![allow(clippy::unwrap_used)]

mod support;

use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use support::{Server, command, eventually, news};

/// Whether the portal has a page.
fn has(server: &Server, path: &str) -> bool {
    server.browser().get(path).status == 200
}

fn shows(server: &Server, path: &str) {
    eventually(&format!("{path} is there"), || has(server, path).then_some(()));
}

#[test]
fn what_is_scheduled_appears_and_expires_by_itself() {
    let server = Server::start();
    let office = server.office();
    let id = office.teacher.begins("news");
    let form = office
        .teacher
        .get(&format!("/intake/items/{id}/edit"))
        .is(200)
        .body;
    assert!(form.contains("name=\"publish_at\"") && form.contains("name=\"expires_at\""));
    let seconds = |count: i64| {
        #[expect(clippy::disallowed_methods, reason = "the test waits for it")]
        let moment = Timestamp::now() + SignedDuration::from_secs(count);
        moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let mut fields = news("到点才发布的通知");
    let (begins, ends) = (seconds(8), seconds(16));
    fields.extend([("publish_at", begins.as_str()), ("expires_at", ends.as_str())]);
    office.teacher.fills(&id, &fields, "submit").is(303);
    office.accepts(&id);
    eventually("it is merged", || {
        ["merged", "published"]
            .contains(&&*office.teacher.state(&id))
            .then_some(())
    });
    let page = format!("/news/{id}/");
    assert!(!has(&server, &page), "it is not time");
    shows(&server, &page);
    let is_listed = || server.browser().get("/news/").body.contains("到点才发布的通知");
    assert!(is_listed());
    eventually("it is listed no more", || (!is_listed()).then_some(()));
}

#[test]
fn a_push_is_noticed_and_a_build_can_be_asked_for() {
    let server = Server::start();
    let entry = |title: &str| {
        format!(
            "---\ntitle: {title}\ndate: 2026-03-01\ncategory: research\nunit: shili-haiwan\nsummary: 一句话。\n---\n正文。\n"
        )
    };
    server.pushes(&[("content/news/pushed.md", &entry("直接推送的消息"))]);
    shows(&server, "/news/pushed/");

    let built = command(server.data(), &["rebuild"]);
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let head = server.git(&["rev-parse", "main"]);
    assert_eq!(
        String::from_utf8_lossy(&built.stdout).trim(),
        format!("the portal shows {}", head.trim())
    );

    // Set back and forth, as whoever takes a push back does.
    let before = server.git(&["rev-parse", "main^"]);
    for _ in 0..2 {
        server.git(&["update-ref", "refs/heads/main", before.trim()]);
        eventually("it is gone", || (!has(&server, "/news/pushed/")).then_some(()));
        server.git(&["update-ref", "refs/heads/main", head.trim()]);
        shows(&server, "/news/pushed/");
    }

    // Without a server the command builds by itself.
    server.pushes(&[("content/news/later.md", &entry("服务停着时推送的"))]);
    let (_, data, _directory) = server.stop();
    std::fs::remove_dir_all(data.join("public")).unwrap();
    let built = command(&data, &["rebuild"]);
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    assert!(data.join("public/news/later/index.html").is_file());
    // What cannot be built is said.
    let mut broken = Command::new("git");
    broken.arg("--git-dir").arg(data.join("repository.git"));
    let output = broken
        .args(["update-ref", "-d", "refs/heads/main"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let refused = command(&data, &["rebuild"]);
    assert!(!refused.status.success() && !refused.stderr.is_empty());
}

//! A file of a published entry that is damaged or gone is replaced by a notice, and comes back by itself.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use std::path::PathBuf;

use support::{Browser, Server, Smtp, between, declared, eventually, news};

const NOTICE: &str = "此文件已损坏，正在恢复";

/// The part of a desk about files that are damaged; empty when it says nothing of that.
fn damaged(browser: &Browser) -> String {
    let desk = browser.get("/intake/").is(200).body;
    match desk.split_once("附件已损坏的条目") {
        Some((_, rest)) => rest.split("</section>").next().unwrap().to_owned(),
        None => String::new(),
    }
}

/// Publishes an entry with a file; gives its id, the address of the file and where its bytes lie.
fn publishes(server: &Server, title: &str) -> (String, String, PathBuf) {
    let office = server.office();
    let id = office.teacher.begins("news");
    let bytes = title.repeat(500);
    office.teacher.uploads(&id, "讲义.txt", bytes.as_bytes());
    office.teacher.hands_in(&id, &declared(&news(title))).is(303);
    office.publishes(&id);
    let page = server.browser().get(&format!("/news/{id}/")).is(200).body;
    let url = format!("/files/{}", between(&page, "href=\"/files/", "\""));
    let sha256 = url.split('/').nth(3).unwrap().to_owned();
    let blob = server.data().join("blob").join(&sha256[..2]).join(&sha256);
    (id, url, blob)
}

#[test]
fn a_damaged_file_is_told_of_once_and_comes_back_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let smtp = Smtp::start(0);
    let data = directory.path().join("data");
    let server = smtp.serves(&data);
    server
        .sign_in("province")
        .wants_mail("province@example.org", "at-once");
    let (id, url, blob) = publishes(&server, "附件会坏的一课");
    let (_, other_url, other) = publishes(&server, "附件会丢的一课");
    let whole = fs::read(&blob).unwrap();
    assert!(server.stop().0);
    let mut wrong = whole.clone();
    wrong[7] ^= 1;
    fs::write(&blob, &wrong).unwrap();
    fs::remove_file(&other).unwrap();

    let server = smtp.serves(&data);
    let visitor = server.browser();
    let page = visitor.get(&format!("/news/{id}/")).is(200).body;
    assert!(
        page.contains(NOTICE) && page.contains("讲义.txt") && !page.contains(&url),
        "{page}"
    );
    visitor.get(&url).is(404);
    visitor.get(&other_url).is(404);
    let (school, province) = (server.sign_in("school"), server.sign_in("province"));
    for browser in [&school, &province] {
        let part = damaged(browser);
        assert!(
            part.contains("附件会坏的一课") && part.contains("附件会丢的一课"),
            "{part}"
        );
    }
    let condition = visitor.get("/readyz").is(200).body;
    assert!(condition.starts_with("degraded\n"), "{condition}");
    assert_eq!(
        condition
            .matches("a file is damaged and replaced by a notice")
            .count(),
        2
    );
    for title in ["附件会坏的一课", "附件会丢的一课"] {
        smtp.wait("province@example.org", &format!("附件已损坏：{title}"));
    }
    // What is published meanwhile goes on.
    let (fresh, ..) = publishes(&server, "照常发布的一课");
    visitor.get(&format!("/news/{fresh}/")).is(200);

    // Whoever restores the file need do no more.
    let new = blob.with_extension("new");
    fs::write(&new, &whole).unwrap();
    fs::rename(new, &blob).unwrap();
    eventually("the file is back", || {
        (visitor.get(&url).status == 200).then_some(())
    });
    assert!(!visitor.get(&format!("/news/{id}/")).is(200).body.contains(NOTICE));
    let part = eventually("the desk knows it", || {
        let part = damaged(&province);
        (!part.contains("附件会坏的一课")).then_some(part)
    });
    assert!(part.contains("附件会丢的一课"), "{part}");
    let told = smtp
        .came()
        .into_iter()
        .filter(|mail| mail.subject.contains("附件已损坏"))
        .count();
    assert_eq!(told, 2, "once for each");
}

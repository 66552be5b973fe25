//! What a client can hold up: connections that send half of what they began, and work that takes a processor for long.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use support::{Server, eventually, news};

/// Longer than what a service manager waits before it kills.
const END: Duration = Duration::from_secs(30);

/// A connection on which this much was sent.
fn half(server: &Server, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    stream
}

const HEAD: &str = "GET / HTTP/1.1\r\nHost: a\r\nX-Half: ";
const BODY: &str = "POST /intake/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                    Content-Length: 100\r\n\r\nlogin=";

#[test]
fn half_requests_neither_shut_others_out_nor_keep_the_server_from_ending() {
    let server = Server::start();
    // One address has an eighth of the files, and this process has its own limit.
    let most = (server.most_files() / 8 - 20).min(900);
    let heads: Vec<TcpStream> = (0..most).map(|_| half(&server, HEAD)).collect();
    server.browser().get("/").is(200);
    let bodies = [half(&server, BODY), half(&server, BODY)];
    let begun = Instant::now();
    let (ended_well, ..) = server.stop();
    assert!(ended_well && begun.elapsed() < END, "{:?}", begun.elapsed());
    drop((heads, bodies));
}

#[test]
fn half_heads_and_half_bodies_are_given_up() {
    let server = Server::start();
    let mut streams = [half(&server, HEAD), half(&server, BODY)];
    for stream in &mut streams {
        stream.set_read_timeout(Some(2 * END)).unwrap();
        let mut answer = Vec::new();
        // Nothing, or why not: in any case the end.
        stream.read_to_end(&mut answer).unwrap();
    }
}

#[test]
fn who_finds_no_room_to_check_is_asked_to_come_back_and_keeps_what_was_typed() {
    let settings = [
        ("JIXIA_INTAKE_CHECKS_AT_ONCE", "1"),
        ("JIXIA_INTAKE_CHECKS_WAIT_SECONDS", "0"),
    ];
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_in(&directory.path().join("data"), &settings);
    let office = server.office();
    let handed_in = office.teacher.submits_news("要签报的");
    let draft = office.teacher.begins("news");
    office.teacher.fills(&draft, &news("没写完的"), "save").is(303);
    // Its preview takes as long as it takes to ask for the next one.
    let long = "一段**很长**的正文，有[链接](https://example.org)。\n\n".repeat(10_000);
    let slow = office.teacher.begins("news");
    office
        .teacher
        .fills(&slow, &[("title", "很长的"), ("body", &long)], "save")
        .is(303);
    let version = office.school.version(&handed_in);
    let (is_done, preview) = (AtomicBool::new(false), format!("/intake/items/{slow}/preview"));
    std::thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    let status = office.teacher.get(&preview).status;
                    assert!(matches!(status, 200 | 503), "{status}");
                }
            });
        }
        let refused = eventually("a check finds no room", || {
            let form = office
                .teacher
                .get(&format!("/intake/items/{draft}/edit?check=true"));
            (form.status == 503).then_some(form.body)
        });
        assert!(
            refused.contains("内容已经保存") && refused.contains("没写完的"),
            "{refused}"
        );
        let unchecked = eventually("a page is shown without its check", || {
            let page = office
                .school
                .get(&format!("/intake/items/{handed_in}"))
                .is(200)
                .body;
            page.contains("自动检查还没有轮到").then_some(page)
        });
        assert!(unchecked.contains("要签报的"));
        // A word that is missing is refused before there is anything to check; with it, there is no room, or it is done.
        let decided = [
            ("do", "endorse"),
            ("signed_off_by", "示例分管院长"),
            ("confirmed", "yes"),
            ("version", &version),
        ];
        let answer = office
            .school
            .form(&format!("/intake/items/{handed_in}/step"), &decided);
        if answer.status != 303 {
            let page = answer.is(503).body;
            assert!(
                page.contains("请过一分钟再试") && page.contains("示例分管院长"),
                "{page}"
            );
        }
        is_done.store(true, Ordering::Relaxed);
    });
    if office.school.state(&handed_in) == "submitted" {
        office.school.endorses(&handed_in);
    }
    office.teacher.fills(&draft, &news("没写完的"), "submit").is(303);
}

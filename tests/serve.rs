//! `jixia serve` itself: what it answers over HTTP, and that pages which wait keep nobody else from being answered.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// Guards against waiting for ever; nothing is measured by it.
const HANG: Duration = Duration::from_secs(300);

/// A server on a free port, with a site of its own.
struct Server {
    site: TempDir,
    process: Child,
    address: String,
    /// What was printed after the address.
    path: String,
}

impl Server {
    fn start() -> Self {
        Self::with_settings("[site]\ntitle = \"示例\"\n")
    }

    fn with_settings(settings: &str) -> Self {
        let site = tempfile::tempdir().unwrap();
        write(site.path(), "site.toml", settings);
        write(
            site.path(),
            "content/pages/a.md",
            "---\ntitle: 甲\n---\n\n正文。\n",
        );
        let mut process = Command::new(env!("CARGO_BIN_EXE_jixia"))
            .args(["serve", "--port", "0", "--root"])
            .arg(site.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = BufReader::new(process.stderr.take().unwrap()).lines();
        let said = printed
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.contains("http://"));
        let said = said.unwrap();
        let address = said.split("http://").nth(1).unwrap();
        let (address, path) = address.split_once('/').unwrap();
        let (address, path) = (address.to_owned(), format!("/{path}"));
        // Somebody must read on, or the server blocks when the pipe is full.
        thread::spawn(move || printed.for_each(drop));
        Self {
            site,
            process,
            address,
            path,
        }
    }

    /// Opens a connection and asks; the answer is read later.
    fn asks(&self, path: &str, headers: &str) -> TcpStream {
        self.sends("GET", path, &format!("Connection: close\r\n{headers}"))
    }

    /// Opens a connection, which stays open unless the headers say otherwise, and sends a request.
    fn sends(&self, method: &str, path: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(HANG)).unwrap();
        let host = &self.address;
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn get(&self, path: &str, headers: &str) -> Answer {
        Answer::read(self.asks(path, headers))
    }

    /// Asks as a page does that waits for the next news.
    fn waiting(&self, news: u64) -> TcpStream {
        self.asks(&format!("/__jixia/wait?news={news}"), "")
    }

    fn news(&self) -> u64 {
        self.get("/__jixia/wait", "").json()["news"].as_u64().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Puts a file in place in one step, by way of a directory that is not watched: no build sees half of it.
fn write(root: &Path, path: &str, text: &str) {
    let (path, new) = (root.join(path), root.join(".jixia/new"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::create_dir_all(new.parent().unwrap()).unwrap();
    fs::write(&new, text).unwrap();
    fs::rename(new, path).unwrap();
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = bytes[end + 4..].to_vec();
        Self { status, head, body }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Whether nothing has been answered yet.
fn is_silent(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    seen.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// Waits for the beginning of an answer; whether it is the one hoped for.
fn begins_well(stream: &mut TcpStream) -> bool {
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).unwrap();
    &begin == b"HTTP/1.1 200"
}

#[test]
fn waiting_pages_keep_nobody_else_from_being_answered() {
    let server = Server::start();
    assert_eq!(server.get("/", "").status, 200);
    let news = server.news();
    // Pages that are gone before they were answered, and pages that stay open.
    (0..40).for_each(|_| drop(server.waiting(news)));
    let open: Vec<TcpStream> = (0..40).map(|_| server.waiting(news)).collect();
    assert_eq!(server.get("/", "").status, 200);
    // Had they held the threads, this answer would have come after some of theirs.
    assert!(open.iter().all(is_silent));
    write(
        server.site.path(),
        "content/pages/a.md",
        "---\ntitle: 乙\n---\n\n正文。\n",
    );
    for stream in open {
        let state = Answer::read(stream).json();
        assert!(state["news"].as_u64() > Some(news), "{state}");
        assert_eq!(state["errors"], "");
    }
}

#[test]
fn connections_that_come_at_the_same_moment_and_stay_open_are_all_answered() {
    let server = Server::start();
    let moment = Barrier::new(32);
    // Connections of one round end at once, so that the next finds a server that just became idle.
    for _ in 0..10 {
        let open: Vec<TcpStream> = thread::scope(|scope| {
            let ask = || {
                moment.wait();
                let mut stream = server.sends("GET", "/__jixia/reload.js", "");
                assert!(begins_well(&mut stream));
                stream
            };
            let asking: Vec<_> = (0..32).map(|_| scope.spawn(ask)).collect();
            asking.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        drop(open);
    }
}

#[test]
fn browsers_that_stop_reading_keep_nobody_else_from_being_answered() {
    let server = Server::start();
    assert_eq!(server.get("/", "").status, 200);
    let big = fs::File::create(server.site.path().join("public/big.bin")).unwrap();
    // More than the system keeps for a connection; nobody reads it.
    big.set_len(1 << 28).unwrap();
    let mut stopped: Vec<TcpStream> = (0..40).map(|_| server.asks("/big.bin", "")).collect();
    for stream in &mut stopped {
        assert!(begins_well(stream));
        assert_eq!(server.get("/", "").status, 200);
    }
}

#[test]
fn a_head_is_the_answer_without_its_body_and_nothing_can_be_changed() {
    let server = Server::start();
    let close = "Connection: close\r\n";
    for path in ["/", "/search/index.bin", "/none/"] {
        let answer = server.get(path, "");
        let head = Answer::read(server.sends("HEAD", path, close));
        assert_eq!((head.status, head.body.len()), (answer.status, 0), "{path}");
        for name in ["Content-Length", "Content-Type", "ETag"] {
            assert_eq!(head.header(name), answer.header(name), "{path} {name}");
        }
        assert!(head.header("Content-Length").is_some(), "{path}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        let answer = Answer::read(server.sends(method, "/", close));
        assert_eq!(answer.status, 405, "{method}");
    }
}

#[test]
fn nothing_outside_the_output_is_served_and_nobody_is_sent_elsewhere() {
    let server = Server::start();
    for path in ["/../site.toml", "/%2e%2e/site.toml", "/..%2fsite.toml"] {
        assert_eq!(server.get(path, "").status, 404, "{path}");
    }
    assert_eq!(server.get("//pages", "").header("Location"), Some("/pages/"));
}

#[test]
fn no_more_questions_are_kept_than_there_is_room_for() {
    let server = Server::start();
    let news = server.news();
    let mut open: Vec<TcpStream> = (0..300).map(|_| server.waiting(news)).collect();
    assert_eq!(server.get("/", "").status, 200);
    // Which of them came last is not certain, but 300 are more than are kept: some are sent away.
    let sent_away = |stream: &TcpStream| !is_silent(stream);
    while !open.iter().any(sent_away) {
        open.push(server.waiting(news));
    }
    let position = open.iter().position(sent_away).unwrap();
    assert_eq!(Answer::read(open.swap_remove(position)).status, 503);
    assert_eq!(server.get("/", "").status, 200);
}

#[test]
fn open_pages_are_told_what_is_wrong() {
    let server = Server::start();
    let before = server.get("/__jixia/wait", "").json();
    let page = server.waiting(before["news"].as_u64().unwrap());
    write(
        server.site.path(),
        "content/pages/b.md",
        "---\ntitel: 乙\n---\n\n正文。\n",
    );
    let broken = Answer::read(page).json();
    assert_eq!(
        broken["version"], before["version"],
        "the portal stayed as it was"
    );
    assert!(broken["errors"].as_str().unwrap().contains("titel"), "{broken}");
    // Another mistake is news too.
    let page = server.waiting(broken["news"].as_u64().unwrap());
    write(
        server.site.path(),
        "content/pages/b.md",
        "---\ntittle: 乙\n---\n\n正文。\n",
    );
    let still_broken = Answer::read(page).json();
    assert!(
        still_broken["errors"].as_str().unwrap().contains("tittle"),
        "{still_broken}"
    );
    let page = server.waiting(still_broken["news"].as_u64().unwrap());
    write(
        server.site.path(),
        "content/pages/b.md",
        "---\ntitle: 乙\n---\n\n正文。\n",
    );
    let mended = Answer::read(page).json();
    assert_eq!(mended["errors"], "");
    assert_ne!(mended["version"], before["version"]);
}

#[test]
fn files_can_be_asked_for_in_part_and_again() {
    let server = Server::start();
    let path = "/search/index.bin";
    let whole = server.get(path, "");
    assert_eq!(whole.status, 200);
    assert_eq!(
        whole.header("Content-Length"),
        Some(whole.body.len().to_string().as_str())
    );
    assert_eq!(
        whole.header("Cache-Control"),
        Some(jixia::output::cache_control(path))
    );
    let (etag, date) = (
        whole.header("ETag").unwrap(),
        whole.header("Last-Modified").unwrap(),
    );

    let part = server.get(path, "Range: bytes=2-5\r\n");
    assert_eq!((part.status, part.body.as_slice()), (206, &whole.body[2..6]));
    let expected = format!("bytes 2-5/{}", whole.body.len());
    assert_eq!(part.header("Content-Range"), Some(expected.as_str()));
    assert_eq!(part.header("ETag"), Some(etag));

    let cases = [
        (format!("If-None-Match: {etag}\r\n"), 304),
        (
            format!("If-None-Match: \"other\"\r\nIf-Modified-Since: {date}\r\n"),
            200,
        ),
        (format!("If-Modified-Since: {date}\r\n"), 304),
        (format!("Range: bytes=2-5\r\nIf-Range: {etag}\r\n"), 206),
        ("Range: bytes=2-5\r\nIf-Range: \"other\"\r\n".to_owned(), 200),
        (format!("Range: bytes=2-5\r\nIf-None-Match: {etag}\r\n"), 304),
    ];
    for (headers, status) in cases {
        let answer = server.get(path, &headers);
        assert_eq!(answer.status, status, "{headers}");
        assert_eq!(answer.body.is_empty(), status == 304, "{headers}");
    }
}

#[test]
fn a_portal_below_a_path_is_served_there() {
    let server =
        Server::with_settings("[site]\ntitle = \"示例\"\nbase_url = \"https://example.org/portal\"\n");
    assert!(server.path.starts_with("/portal/"), "{}", server.path);
    for (path, status, location) in [
        ("/", 307, Some("/portal/")),
        ("/portal", 308, Some("/portal/")),
        ("/portal/", 200, None),
        ("/portal/pages/a", 308, Some("/portal/pages/a/")),
        ("/portal/pages/a/", 200, None),
        ("/pages/a/", 404, None),
    ] {
        let answer = server.get(path, "");
        assert_eq!(
            (answer.status, answer.header("Location")),
            (status, location),
            "{path}"
        );
    }
    assert_eq!(server.get("/__jixia/wait", "").status, 200);
}

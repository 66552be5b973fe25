//! What a client can hold up: connections that send half of what they began.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use support::Server;

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

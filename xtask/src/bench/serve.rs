//! `jixia serve`: how long from saving a file until its page is served.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::result::Result;

use super::again::{edit_body, edit_title};
use super::corpus::{self, Corpus};
use super::measure;
use super::portal::Portal;
use super::report::{self, Table};
use super::setting::Bench;

/// The longest that the first build may take.
const START: Duration = Duration::from_secs(300);
/// The longest that an edit may take.
const EDIT: Duration = Duration::from_secs(30);
/// Between two edits, so that each finds the server at rest.
const REST: Duration = Duration::from_millis(700);
/// Edits of each sort in a run: they cost little beside the first build.
const EDITS: usize = 5;

/// A server that ends with the measurement.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Measures edits of a body and of a title.
pub(super) fn run(bench: &Bench) -> Result<Table> {
    let corpus = Corpus {
        size: bench.size,
        code: true,
    };
    let directory = bench.directory()?;
    let portal = Portal::write(corpus, directory.path(), &bench.jixia)?;
    portal.build_clean()?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut command = portal.command("serve");
    command
        .args(["--port", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _server = Server(command.spawn()?);
    let path = corpus::path(corpus::ordinary(corpus.size / 2));
    let url = format!("/{}/", path.trim_end_matches(".md"));
    wait_for(address, &url, "</html>", START)?;
    thread::sleep(REST);

    let file = portal.root().join("content").join(path);
    let heading = format!(
        "serve, {} entries: from saving a file to its page served",
        corpus.size
    );
    let mut table = Table::new(heading, &["", "median", "slowest", "goal"]);
    let edits: [(&str, &str, Edit); 2] = [("body", "50 ms", edit_body), ("title", "", edit_title)];
    for (name, goal, edit) in edits {
        let mut times = Vec::new();
        for number in 0..bench.runs * EDITS {
            times.push(time_of(address, &url, &file, edit, &format!("{name}{number}"))?);
        }
        let slowest = times.iter().copied().fold(0.0, f64::max);
        let median = measure::median(&mut times);
        table.row(
            name,
            [report::seconds(median), report::seconds(slowest), goal.to_owned()],
        );
    }
    Ok(table)
}

/// Changes a file so that its page has the mark.
type Edit = fn(&Path, &str) -> Result<()>;

/// Seconds from saving `file` to `mark` on its page.
fn time_of(address: SocketAddr, url: &str, file: &Path, edit: Edit, mark: &str) -> Result<f64> {
    let marked = format!("「{mark}」");
    edit(file, &marked)?;
    let saved = Instant::now();
    wait_for(address, url, &marked, EDIT)?;
    let time = saved.elapsed().as_secs_f64();
    thread::sleep(REST);
    Ok(time)
}

/// Asks for a page until it holds `expected`.
fn wait_for(address: SocketAddr, url: &str, expected: &str, longest: Duration) -> Result<()> {
    let started = Instant::now();
    while started.elapsed() < longest {
        if get(address, url).is_ok_and(|page| page.contains(expected)) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err(format!("serve did not answer with the page expected within {longest:?}").into())
}

/// The answer to a request, headers included.
fn get(address: SocketAddr, url: &str) -> Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.set_nodelay(true)?;
    write!(
        stream,
        "GET {url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

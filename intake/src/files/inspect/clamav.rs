//! Asking ClamAV: the command INSTREAM of clamd(8), over TCP or a socket of the same machine.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// How long clamd may take for a connection, a piece or its answer.
const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes that are sent at once.
const PIECE: usize = 256 * 1024;
/// Most bytes of an answer that are read.
const ANSWER: u64 = 4096;

/// What clamd says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It knows nothing against it.
    Clean,
    /// The name of what it found.
    Infected(String),
}

trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

/// Connects to `tcp://HOST:PORT` or to the socket of a path.
fn connect(address: &str) -> io::Result<Box<dyn Stream>> {
    if let Some(host) = address.strip_prefix("tcp://") {
        let address = host.to_socket_addrs()?.next().ok_or(io::ErrorKind::NotFound)?;
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        return Ok(Box::new(stream));
    }
    let stream = UnixStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(Box::new(stream))
}

/// Has a file looked at.
///
/// # Errors
/// When clamd cannot be reached, refuses the file for its size, or fails.
pub fn scan(address: &str, path: &Path) -> io::Result<Verdict> {
    let mut file = File::open(path)?;
    let mut stream = connect(address)?;
    stream.write_all(b"zINSTREAM\0")?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece)?;
        // Once too much came clamd says so and closes: its answer tells more than the broken pipe.
        let sent = stream
            .write_all(&u32::try_from(read).unwrap_or_default().to_be_bytes())
            .and_then(|()| stream.write_all(&piece[..read]));
        if sent.is_err() || read == 0 {
            break;
        }
    }
    stream.flush()?;
    let mut answer = Vec::new();
    stream.take(ANSWER).read_to_end(&mut answer)?;
    judge(&String::from_utf8_lossy(&answer))
}

fn judge(answer: &str) -> io::Result<Verdict> {
    let answer = answer.trim_matches(['\0', '\n', ' ']);
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    if said == "OK" {
        return Ok(Verdict::Clean);
    }
    match said.strip_suffix(" FOUND") {
        Some(name) => Ok(Verdict::Infected(name.to_owned())),
        None => Err(io::Error::other(format!("clamd says: {answer:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood() {
        let cases = [
            ("stream: OK\0", Some(Verdict::Clean)),
            (
                "stream: Win.Test.EICAR_HDB-1 FOUND\0",
                Some(Verdict::Infected("Win.Test.EICAR_HDB-1".to_owned())),
            ),
            ("INSTREAM size limit exceeded. ERROR\0", None),
            ("", None),
        ];
        for (answer, expected) in cases {
            assert_eq!(judge(answer).ok(), expected, "{answer}");
        }
    }
}

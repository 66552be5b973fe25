//! A small server that is told what the portal changed, as a CDN would be.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What it was told, and how often it says no before it listens.
#[derive(Default)]
struct Told {
    lists: Vec<String>,
    refusals: u32,
}

/// The server.
pub struct Cdn {
    pub url: String,
    told: Arc<Mutex<Told>>,
}

impl Cdn {
    pub fn start(refusals: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/purge?key=secret", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Told {
            refusals,
            ..Told::default()
        }));
        let shared = Arc::clone(&told);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                listen(stream, &shared);
            }
        });
        Self { url, told }
    }

    /// The lists that it took, in their order.
    pub fn took(&self) -> Vec<String> {
        self.told.lock().unwrap().lists.clone()
    }

    /// From now on it takes everything.
    pub fn recovers(&self) {
        self.told.lock().unwrap().refusals = 0;
    }
}

fn listen(mut stream: TcpStream, told: &Mutex<Told>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).is_ok_and(|count| count > 2) {
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut told = told.lock().unwrap();
    let status = if told.refusals > 0 {
        told.refusals -= 1;
        "500 Internal Server Error"
    } else {
        told.lists.push(String::from_utf8(body).unwrap());
        "204 No Content"
    };
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(answer.as_bytes());
}

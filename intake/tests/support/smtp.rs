//! A small mail server, and what came to it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::{Browser, Server, between, eventually};

/// A mail as it came.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub id: String,
    pub subject: String,
    pub head: String,
    pub text: String,
}

#[derive(Default)]
struct Post {
    came: Vec<Mail>,
    /// So many senders are refused before the first is not.
    refusals: u32,
    refused: u32,
}

/// A mail server that takes everything, but for its refusals.
pub struct Smtp {
    port: u16,
    post: Arc<Mutex<Post>>,
}

impl Smtp {
    pub fn start(refusals: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let post = Arc::new(Mutex::new(Post {
            refusals,
            ..Post::default()
        }));
        let shared = Arc::clone(&post);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let post = Arc::clone(&shared);
                std::thread::spawn(move || talk(stream, &post));
            }
        });
        Self { port, post }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("JIXIA_INTAKE_MAIL_HOST", "127.0.0.1".to_owned()),
            ("JIXIA_INTAKE_MAIL_PORT", self.port.to_string()),
            ("JIXIA_INTAKE_MAIL_TLS", "none".to_owned()),
            ("JIXIA_INTAKE_MAIL_FROM", "portal@example.org".to_owned()),
            (
                "JIXIA_INTAKE_MAIL_ADDRESS",
                "https://portal.example.org".to_owned(),
            ),
            ("JIXIA_INTAKE_MAIL_DIGEST_HOUR", "0".to_owned()),
        ]
    }

    /// Starts a server that sends its mail here.
    pub fn serves(&self, data: &Path) -> Server {
        let settings = self.settings();
        let settings: Vec<(&str, &str)> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        Server::start_in(data, &settings)
    }

    /// How many senders were refused.
    pub fn refused(&self) -> u32 {
        self.post.lock().unwrap().refused
    }

    pub fn came(&self) -> Vec<Mail> {
        self.post.lock().unwrap().came.clone()
    }

    /// Waits for a mail to somebody about something.
    #[track_caller]
    pub fn wait(&self, to: &str, subject: &str) -> Mail {
        eventually(&format!("a mail to {to}: {subject}"), || {
            let came = self.came();
            came.into_iter()
                .find(|mail| mail.to == to && mail.subject.contains(subject))
        })
    }
}

fn talk(stream: TcpStream, post: &Mutex<Post>) {
    let mut answers = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut say = |text: &str| answers.write_all(format!("{text}\r\n").as_bytes());
    let mut to = String::new();
    say("220 mail.example.org").unwrap();
    while let Some(line) = lines.next() {
        let word = line.to_uppercase();
        let answer = if word.starts_with("MAIL") {
            let mut post = post.lock().unwrap();
            if post.refused < post.refusals {
                post.refused += 1;
                "451 4.7.1 come back later"
            } else {
                "250 ok"
            }
        } else if word.starts_with("RCPT") {
            between(&line, "<", ">").clone_into(&mut to);
            "250 ok"
        } else if word.starts_with("DATA") {
            say("354 go on").unwrap();
            let data: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
            post.lock().unwrap().came.push(read(&to, &data.join("\n")));
            "250 taken"
        } else if word.starts_with("QUIT") {
            let _ = say("221 bye");
            return;
        } else {
            "250 ok"
        };
        if say(answer).is_err() {
            return;
        }
    }
}

fn read(to: &str, data: &str) -> Mail {
    let (head, body) = data.split_once("\n\n").unwrap();
    let head = head.replace("\n ", " ");
    let header = |name: &str| {
        let start = format!("{name}: ");
        let line = head.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_default().to_owned()
    };
    assert_eq!(header("Content-Transfer-Encoding"), "base64");
    Mail {
        to: to.to_owned(),
        id: header("Message-ID"),
        subject: words(&header("Subject")),
        text: String::from_utf8(unbase64(body)).unwrap().replace("\r\n", "\n"),
        head,
    }
}

/// A header with its encoded words (RFC 2047) decoded.
fn words(header: &str) -> String {
    let mut parts = header.split("=?utf-8?b?");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (word, rest) = part.split_once("?=").unwrap();
        text.push_str(&String::from_utf8(unbase64(word)).unwrap());
        // A space between two encoded words is none.
        text.push_str(if rest == " " { "" } else { rest });
    }
    text
}

fn unbase64(text: &str) -> Vec<u8> {
    data_encoding::BASE64_MIME_PERMISSIVE
        .decode(text.as_bytes())
        .unwrap()
}

impl Browser {
    /// Says where mail goes to and which is wanted.
    pub fn wants_mail(&self, email: &str, notices: &str) {
        let pairs = [("email", email), ("notices", notices)];
        let page = self.form("/intake/account/notices", &pairs).is(200).body;
        assert!(page.contains(email) && page.contains("已保存"), "{page}");
    }
}

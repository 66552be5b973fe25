//! Mail over a small mail server: what is told to whom, how it is written, and that a refusal is not the end of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use support::{Browser, Server, between, eventually};

/// A mail as it came.
#[derive(Debug, Clone)]
struct Mail {
    to: String,
    id: String,
    subject: String,
    head: String,
    text: String,
}

#[derive(Default)]
struct Post {
    came: Vec<Mail>,
    /// So many senders are refused before the first is not.
    refusals: u32,
    refused: u32,
}

/// A mail server that takes everything, but for its refusals.
struct Smtp {
    port: u16,
    post: Arc<Mutex<Post>>,
}

impl Smtp {
    fn start(refusals: u32) -> Self {
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

    fn came(&self) -> Vec<Mail> {
        self.post.lock().unwrap().came.clone()
    }

    /// Waits for a mail to somebody about something.
    #[track_caller]
    fn wait(&self, to: &str, subject: &str) -> Mail {
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

fn start(smtp: &Smtp, data: &std::path::Path) -> Server {
    let settings = smtp.settings();
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Server::start_in(data, &settings)
}

fn wants(browser: &Browser, email: &str, notices: &str) {
    let pairs = [("email", email), ("notices", notices)];
    let page = browser.form("/intake/account/notices", &pairs).is(200).body;
    assert!(page.contains(email) && page.contains("已保存"), "{page}");
}

#[test]
fn everybody_is_told_what_concerns_them() {
    let directory = tempfile::tempdir().unwrap();
    let smtp = Smtp::start(0);
    let server = start(&smtp, &directory.path().join("data"));
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    teacher
        .form(
            "/intake/account/notices",
            &[("email", "no address"), ("notices", "digest")],
        )
        .is(422);
    teacher
        .form("/intake/account/notices", &[("email", ""), ("notices", "hourly")])
        .is(422);
    wants(&teacher, "teacher@example.org", "digest");
    wants(&school, "school@example.org", "digest");
    wants(&city, "city@example.org", "at-once");

    let id = teacher.submits_news("邮件说了什么：一、二");
    let digest = smtp.wait("school@example.org", "今天的待办");
    assert!(
        digest.text.contains("邮件说了什么：一、二") && digest.text.contains("已等 0 天"),
        "{}",
        digest.text
    );
    school.endorses(&id);
    let work = smtp.wait("city@example.org", "新的待办：邮件说了什么");
    assert!(
        work.text
            .contains(&format!("https://portal.example.org/intake/items/{id}")),
        "{}",
        work.text
    );
    smtp.wait("teacher@example.org", "本单位已审核通过");
    city.decides(&id, "return", &[("message", "请写明日期。")])
        .is(303);
    let returned = smtp.wait("teacher@example.org", "请修改：邮件说了什么：一、二");
    assert!(returned.text.contains("请写明日期。"), "{}", returned.text);
    for line in [
        "From: ",
        "To: ",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(returned.head.contains(line), "{line}: {}", returned.head);
    }
    assert!(returned.head.is_ascii() && returned.head.lines().all(|line| line.len() < 998));
    teacher
        .fills(&id, &support::news("邮件说了什么：一、二，三月五日"), "submit")
        .is(303);
    school.endorses(&id);
    city.decides(&id, "accept", &[]).is(303);
    smtp.wait("teacher@example.org", "审核通过：邮件说了什么");
    smtp.wait("teacher@example.org", "已发布：邮件说了什么");

    // Everything is sent once; the school had its digest of the day; nobody is told what they did themselves.
    let came = smtp.came();
    let mut ids: Vec<&str> = came.iter().map(|mail| mail.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), came.len());
    let count = |to: &str| came.iter().filter(|mail| mail.to == to).count();
    assert_eq!((count("school@example.org"), count("city@example.org")), (1, 2));

    wants(&teacher, "teacher@example.org", "none");
    let id = teacher.submits_news("不要邮件");
    school.decides(&id, "return", &[("message", "不好。")]).is(303);
    wants(&teacher, "teacher@example.org", "at-once");
    let id = teacher.submits_news("又要邮件");
    school
        .decides(&id, "return", &[("message", "还是不好。")])
        .is(303);
    smtp.wait("teacher@example.org", "请修改：又要邮件");
    assert!(smtp.came().iter().all(|mail| !mail.subject.contains("不要邮件")));
}

#[test]
fn an_invitation_is_mailed_with_a_link_of_its_own_and_tried_again_after_a_refusal() {
    let directory = tempfile::tempdir().unwrap();
    let smtp = Smtp::start(2);
    let data = directory.path().join("data");
    let server = start(&smtp, &data);
    let school = server.sign_in("school");
    let account = [
        ("login", "by.mail"),
        ("name", "示例收信人"),
        ("unit", "shili-haiwan"),
        ("role", "teacher"),
        ("email", "new@example.org"),
    ];
    let shown = school.form("/intake/people", &account).is(200).body;
    let shown = between(&shown, "class=\"in-link\">", "<").replace("&#x2F;", "/");
    let mail = smtp.wait("new@example.org", "请设置密码");
    assert_eq!(smtp.post.lock().unwrap().refused, 2);
    assert!(
        mail.text.contains("示例收信人") && mail.text.contains("by.mail"),
        "{}",
        mail.text
    );
    assert!(
        mail.id.starts_with('<') && mail.id.ends_with("@example.org>"),
        "{}",
        mail.id
    );
    let link = between(&mail.text, "https://portal.example.org", "\n").to_owned();
    assert_ne!(link, shown);

    // Neither link is kept anywhere; both hold until one is used.
    let fresh = server.browser();
    fresh.get(&link).is(200);
    fresh.get(&shown).is(200);
    let secret = link.rsplit('/').next().unwrap();
    assert!(!support::keeps(&data, secret), "kept as a hash");
    let password = [
        ("password", "rain over the river"),
        ("again", "rain over the river"),
    ];
    fresh.post(&link, &password).is(303);
    fresh.get(&link).is(422);
    fresh.get(&shown).is(422);
}

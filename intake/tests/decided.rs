//! What is published is what was decided on: nothing comes in beside it, and nothing that a client says names bytes of the
//! store.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use sha2::{Digest as _, Sha256};
use support::{Browser, Server, between, database, news, sql};

/// A save with a file whose second half has not been sent yet.
struct HalfSave {
    stream: TcpStream,
    rest: Vec<u8>,
}

impl HalfSave {
    fn begin(server: &Server, author: &Browser, id: &str, file: (&str, &str)) -> Self {
        let field = |name: &str, value: &str| {
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let revision = author.revision(id);
        let body = format!(
            "{}{}{}--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\n{}\r\n--XX--\r\n",
            field("csrf", &author.csrf),
            field("revision", &revision),
            field("do", "save"),
            file.0,
            file.1,
        );
        let address = server.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let (half, rest) = body.as_bytes().split_at(body.len() - 20);
        write!(
            stream,
            "POST /intake/items/{id}/edit HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\nConnection: close\r\n\
             Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: {}\r\n\r\n",
            author.cookie,
            body.len()
        )
        .unwrap();
        stream.write_all(half).unwrap();
        Self {
            stream,
            rest: rest.to_vec(),
        }
    }

    /// Sends the rest; gives the status.
    fn end(mut self) -> u16 {
        self.stream.write_all(&self.rest).unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

#[test]
fn a_save_that_ends_after_the_decision_adds_nothing() {
    let server = Server::start();
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    for steps in 0..3 {
        let id = teacher.begins("news");
        let title = format!("决定之后不再变的一课 {steps}");
        teacher.fills(&id, &news(&title), "save").is(303);
        let half = HalfSave::begin(&server, &teacher, &id, ("没人看过.txt", "没人看过的内容"));
        teacher.fills(&id, &news(&title), "submit").is(303);
        if steps > 0 {
            school.endorses(&id);
        }
        if steps > 1 {
            city.decides(&id, "accept", &[]).is(303);
        }
        assert_eq!(half.end(), 409, "after {steps} steps");
        if steps == 0 {
            school.endorses(&id);
        }
        if steps < 2 {
            city.decides(&id, "accept", &[]).is(303);
        }
        teacher.waits_for(&id, "published");
        let files = server.git(&["grep", "-l", &title, "main"]);
        let file = server.git(&["show", files.trim()]);
        assert!(!file.contains("没人看过"), "{file}");
        let page = city.get(&format!("/intake/items/{id}")).is(200).body;
        assert!(!page.contains("没人看过"), "{page}");
    }
}

/// Publishes a piece of news with a file; gives its path in the repository.
fn published_with_file(server: &Server, name: &str) -> String {
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    let id = teacher.begins("news");
    teacher
        .multipart(
            &format!("/intake/items/{id}/edit"),
            &[("revision", "0"), ("do", "files")],
            (name, "公开的名单".as_bytes()),
        )
        .is(303);
    teacher.fills(&id, &news("带附件的一课"), "submit").is(303);
    school.endorses(&id);
    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "published");
    let files = server.git(&["ls-tree", "-r", "--name-only", "main"]);
    files.lines().find(|path| path.contains(&id)).unwrap().to_owned()
}

#[test]
fn what_a_form_says_of_a_file_names_no_bytes() {
    let server = Server::start();
    let path = published_with_file(&server, "名单.txt");
    let (teacher, other) = (server.sign_in("teacher"), server.sign_in("school"));
    // Somebody else's draft, which nobody may read.
    let secret = "还没交的题库";
    let draft = other.begins("news");
    other
        .multipart(
            &format!("/intake/items/{draft}/edit"),
            &[("revision", "0"), ("do", "files")],
            ("题库.txt", secret.as_bytes()),
        )
        .is(303);
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(secret.as_bytes()));
    let forged = format!(
        "{{\"name\":\"x.html\",\"sha256\":\"{sha256}\",\"size\":{},\"media_type\":\"text/html\"}}",
        secret.len()
    );

    let begun = teacher
        .form("/intake/entries", &[("path", &path), ("purpose", "edit")])
        .is(303);
    let id = between(begun.location(), "/intake/items/", "/edit").to_owned();
    let form = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
    assert!(form.contains("名单.txt"), "{form}");
    let own = between(&form, "name=\"kept\" value=\"", "\"").replace("&quot;", "\"");
    let own = own.replace("&#x2F;", "/");
    let sent = [
        ("has.kept", "1"),
        ("kept", own.as_str()),
        ("kept", forged.as_str()),
    ];
    teacher.fills(&id, &sent, "save").is(303);
    let form = teacher.get(&format!("/intake/items/{id}/edit")).is(200).body;
    assert!(form.contains("名单.txt") && !form.contains(&sha256), "{form}");

    // A field that is a file, of a new entry and of a chapter.
    let resource = teacher.begins("resource");
    teacher
        .fills(
            &resource,
            &[("title", "一份资源"), ("main_file", &forged)],
            "save",
        )
        .is(303);
    let form = teacher
        .get(&format!("/intake/items/{resource}/edit"))
        .is(200)
        .body;
    assert!(!form.contains(&sha256), "{form}");
    for id in [&id, &resource] {
        let page = teacher.get(&format!("/intake/items/{id}/preview")).body;
        assert!(!page.contains(&sha256), "{page}");
    }
    let address = format!("/files/{}/{sha256}/x.html", &sha256[..2]);
    assert_eq!(teacher.get(&address).status, 404);
}

/// Has the database itself change what is accepted, in the moment in which it is.
fn changes_what_is_accepted(server: &Server) {
    if database(server.data()).is_none() {
        sql(
            server.data(),
            "CREATE TRIGGER later AFTER UPDATE ON submission WHEN NEW.state = 'accepted'
             BEGIN UPDATE submission SET body = '没人看过的正文' WHERE id = NEW.id AND body <> '没人看过的正文'; END",
        );
        return;
    }
    sql(
        server.data(),
        "CREATE FUNCTION later() RETURNS trigger AS $$ BEGIN NEW.body := '没人看过的正文'; RETURN NEW; END $$
         LANGUAGE plpgsql",
    );
    sql(
        server.data(),
        "CREATE TRIGGER later BEFORE UPDATE ON submission FOR EACH ROW WHEN (NEW.state = 'accepted')
         EXECUTE FUNCTION later()",
    );
}

#[test]
fn what_is_merged_is_what_was_accepted() {
    let server = Server::start();
    let (teacher, school, city) = (
        server.sign_in("teacher"),
        server.sign_in("school"),
        server.sign_in("city"),
    );
    let id = teacher.submits_news("通过以后被改的一课");
    school.endorses(&id);
    changes_what_is_accepted(&server);
    city.decides(&id, "accept", &[]).is(303);
    teacher.waits_for(&id, "returned");
    let page = teacher.get(&format!("/intake/items/{id}")).is(200).body;
    assert!(page.contains("与审核通过时的不一致"), "{page}");
    let files = server.git(&["ls-tree", "-r", "--name-only", "main"]);
    assert!(!files.contains(&id), "{files}");
}

//! The people of nearly every story, and what they do in nearly every one.

use std::process::Command;

use super::{Answer, Browser, DECLARATIONS, Server, between, eventually, news};

/// A teacher, the admin of the school, and the admin of the city that reviews what the school hands on.
pub struct Office {
    pub teacher: Browser,
    pub school: Browser,
    pub city: Browser,
}

impl Server {
    /// Signs in the three.
    pub fn office(&self) -> Office {
        let [teacher, school, city] = ["teacher", "school", "city"].map(|login| self.sign_in(login));
        Office {
            teacher,
            school,
            city,
        }
    }

    /// The file of a submission in the published branch.
    #[track_caller]
    pub fn path_of(&self, id: &str) -> String {
        let paths = self.git(&["ls-tree", "-r", "--name-only", "main", "--", "content"]);
        let path = paths.lines().find(|path| path.contains(id));
        path.unwrap_or_else(|| panic!("{id} is not in {paths}"))
            .to_owned()
    }

    /// Pushes files straight to the published branch, as whoever works with git does. The portal shows it with the next
    /// merge.
    pub fn pushes(&self, files: &[(&str, &str)]) {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let git = |arguments: &[&str]| {
            let identity = ["-c", "user.name=示例", "-c", "user.email=git@example.org"];
            let output = Command::new("git")
                .args(identity)
                .arg("-C")
                .arg(root)
                .args(arguments)
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        };
        let repository = self.data().join("repository.git");
        git(&[
            "clone",
            "--quiet",
            "--branch",
            "main",
            repository.to_str().unwrap(),
            ".",
        ]);
        for (path, text) in files {
            std::fs::write(root.join(path), text).unwrap();
        }
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", "by hand"]);
        git(&["push", "--quiet", "origin", "main"]);
    }

    /// What is published in a file.
    pub fn published(&self, path: &str) -> String {
        self.git(&["show", &format!("main:{path}")])
    }
}

impl Office {
    /// Endorses and accepts what was handed in, and waits until the portal shows it.
    #[track_caller]
    pub fn publishes(&self, id: &str) {
        self.accepts(id);
        self.teacher.waits_for(id, "published");
    }

    /// The same for what somebody else handed in.
    #[track_caller]
    pub fn publishes_of(&self, author: &Browser, id: &str) {
        self.accepts(id);
        author.waits_for(id, "published");
    }

    /// Endorses and accepts what was handed in.
    #[track_caller]
    pub fn accepts(&self, id: &str) {
        self.school.endorses(id);
        self.city.decides(id, "accept", &[]).is(303);
    }

    /// A piece of news from the first word to the portal.
    #[track_caller]
    pub fn publishes_news(&self, title: &str) -> String {
        let id = self.teacher.submits_news(title);
        self.publishes(&id);
        id
    }
}

impl Browser {
    /// Fills fields in, makes every declaration and presses the button that hands in.
    pub fn hands_in(&self, id: &str, fields: &[(&str, &str)]) -> Answer {
        self.fills(id, &declared(fields), "submit")
    }

    /// Begins a piece of news with this body and hands it in.
    #[track_caller]
    pub fn submits_news_of(&self, title: &str, body: &str) -> String {
        let id = self.begins("news");
        let mut fields = news(title);
        fields.retain(|(name, _)| *name != "body");
        fields.push(("body", body));
        self.fills(&id, &fields, "submit").is(303);
        id
    }

    /// Begins to edit what is published in a file, or to take it down; gives the submission's id.
    #[track_caller]
    pub fn begins_on(&self, path: &str, purpose: &str) -> String {
        let pairs = [("path", path), ("purpose", purpose)];
        let answer = self.form("/intake/entries", &pairs).is(303);
        between(answer.location(), "/intake/items/", "/edit").to_owned()
    }

    /// Adds a file as a browser without script does.
    #[track_caller]
    pub fn adds(&self, id: &str, file: (&str, &[u8])) {
        let pairs = [("revision", &*self.revision(id)), ("do", "files")];
        self.multipart(&format!("/intake/items/{id}/edit"), &pairs, file)
            .is(303);
    }

    /// Adds a file as the page's script does, and gives its id.
    #[track_caller]
    pub fn uploads(&self, id: &str, name: &str, bytes: &[u8]) -> String {
        let announced = self.announces(id, name, bytes.len()).is(201);
        self.patches(announced.location(), 0, bytes).is(204);
        announced
            .location()
            .trim_start_matches("/intake/uploads/")
            .to_owned()
    }

    /// What the check of a saved form lists, as `stop` or `note` with its sentence; none when all is well.
    pub fn checks(&self, id: &str) -> Vec<String> {
        let page = self.get(&format!("/intake/items/{id}/edit?check=true"));
        findings(&page.is(200).body)
    }

    /// Waits until a page says something, and gives it.
    #[track_caller]
    pub fn waits_to_read(&self, path: &str, text: &str) -> String {
        eventually(&format!("{path} says {text}"), || {
            let page = self.get(path).is(200).body;
            page.contains(text).then_some(page)
        })
    }
}

/// Fields with all declarations.
pub fn declared<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let declarations = DECLARATIONS.map(|name| ("declaration", name));
    fields.iter().copied().chain(declarations).collect()
}

/// The list of checks on a page without its markup, as `stop` or `note` with its sentence; none when there is no list.
pub fn findings(page: &str) -> Vec<String> {
    let Some((_, list)) = page.split_once("<ul class=\"in-findings\">") else {
        return Vec::new();
    };
    let list = list.split("</ul>").next().unwrap_or_default();
    let items = list.split("<li class=\"in-").skip(1);
    items
        .map(|item| {
            let (class, rest) = item.split_once("\">").unwrap();
            let (_, text) = rest
                .chars()
                .fold((false, String::new()), |(is_tag, mut text), sign| {
                    match sign {
                        '<' => return (true, text),
                        '>' => return (false, text),
                        sign if !is_tag => text.push(sign),
                        _ => {}
                    }
                    (is_tag, text)
                });
            format!("{class} {}", text.trim())
        })
        .collect()
}

/// Fails unless one of the findings is of a class and holds these texts.
#[track_caller]
pub fn says(found: &[String], class: &str, parts: &[&str]) {
    let is_said = found
        .iter()
        .any(|line| line.starts_with(class) && parts.iter().all(|part| line.contains(part)));
    assert!(is_said, "{class} {parts:?} in {found:#?}");
}

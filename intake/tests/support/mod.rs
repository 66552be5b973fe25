//! A small language over the real server: `Server::start()`, `server.sign_in("teacher")`, `teacher.drafts("news", …)`.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub, unused_imports)]

mod archives;
mod browser;
mod cdn;
mod database;
mod office;
mod smtp;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use ureq::Agent;

pub use archives::{archive, listed_again};
pub use browser::{Answer, Browser};
pub use cdn::Cdn;
pub use database::{acts, database, keeps, number, rows, sql, texts};
pub use office::{Office, declared, findings, says};
pub use smtp::{Mail, Smtp};

pub const BINARY: &str = env!("CARGO_BIN_EXE_jixia-intake");
/// One browser at one address sees portal and intake.
const ONE_HOST: &[&str] = &["--one-host"];
/// Guards against hanging for ever; the slowest machine stays far below it.
const HANG: Duration = Duration::from_secs(600);

/// A running demonstration with a data directory of its own.
pub struct Server {
    pub url: String,
    pub accounts: Vec<Value>,
    data: PathBuf,
    child: Child,
    _directory: Option<TempDir>,
}

impl Server {
    pub fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut server = Self::start_in(&directory.path().join("data"), &[]);
        server._directory = Some(directory);
        server
    }

    /// Starts on a data directory that may have been used before.
    pub fn start_in(data: &Path, environment: &[(&str, &str)]) -> Self {
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        Self::start_with(content, data, environment)
    }

    /// Starts with another content.
    pub fn start_with(content: &Path, data: &Path, environment: &[(&str, &str)]) -> Self {
        Self::run(Command::new(BINARY), content, data, ONE_HOST, environment)
    }

    /// Starts with more settings of the site.
    pub fn start_with_settings(more: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let site = directory.path().join("site");
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        std::fs::create_dir(&site).unwrap();
        for name in ["content", "themes"] {
            let target = repository.join(name).canonicalize().unwrap();
            std::os::unix::fs::symlink(target, site.join(name)).unwrap();
        }
        let settings = std::fs::read_to_string(repository.join("site.toml")).unwrap();
        std::fs::write(site.join("site.toml"), format!("{settings}\n{more}\n")).unwrap();
        let mut server = Self::start_with(&site, &directory.path().join("data"), &[]);
        server._directory = Some(directory);
        server
    }

    /// Starts with the portal at 127.0.0.1 and the intake at localhost.
    pub fn start_on_two_hosts(data: &Path) -> Self {
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        Self::run(Command::new(BINARY), content, data, &[], &[])
    }

    /// Starts by a script that is given the program's arguments.
    pub fn start_by(script: &Path, data: &Path) -> Self {
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut shell = Command::new("sh");
        shell.arg(script);
        Self::run(shell, content, data, ONE_HOST, &[])
    }

    /// A directory as the server sees it, which may have mounted something there.
    pub fn seen(&self, directory: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        root.join(directory.strip_prefix("/").unwrap())
    }

    fn run(
        mut command: Command,
        content: &Path,
        data: &Path,
        hosts: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        command
            .args(["demo", "--port", "0", "--json", "--data"])
            .arg(data)
            .args(hosts)
            .arg("--content")
            .arg(content);
        command
            .env("JIXIA_INTAKE_LOG", "warn")
            .envs(database(data))
            .envs(environment.iter().copied());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).expect("the server says where it is");
        Self {
            url: ready["url"].as_str().unwrap().trim_end_matches('/').to_owned(),
            accounts: ready["accounts"].as_array().unwrap().clone(),
            data: data.to_path_buf(),
            child,
            _directory: None,
        }
    }

    /// Forgets how much memory there ever was, so that `VmHWM` begins anew.
    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    /// Memory of the process in MB (10^6 bytes) by a line of /proc/PID/status.
    pub fn memory(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let found = status
            .lines()
            .find_map(|known| known.strip_prefix(line)?.strip_prefix(':'));
        let kibibytes: u64 = found.unwrap().trim().trim_end_matches(" kB").parse().unwrap();
        kibibytes * 1024 / 1_000_000
    }

    /// How many files the process may have open.
    pub fn most_files(&self) -> usize {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.child.id())).unwrap();
        let line = limits.lines().find(|line| line.starts_with("Max open files"));
        let soft = line.and_then(|line| line.split_whitespace().nth(3)).unwrap();
        soft.parse().unwrap_or(usize::MAX)
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Kills it without a word and starts it again on the same data.
    pub fn crash_and_restart(self) -> Self {
        self.crash_and_restart_with(&[])
    }

    /// The same with other settings.
    pub fn crash_and_restart_with(mut self, environment: &[(&str, &str)]) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut server = Self::start_in(&self.data, environment);
        server._directory = self._directory.take();
        server
    }

    /// Asks it to stop and waits; tells whether it ended well.
    pub fn stop(mut self) -> (bool, PathBuf, Option<TempDir>) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let status = self.child.wait().unwrap();
        (status.success(), self.data.clone(), self._directory.take())
    }

    pub fn browser(&self) -> Browser {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false);
        Browser {
            agent: config.timeout_global(Some(HANG)).build().into(),
            url: self.url.clone(),
            cookie: String::new(),
            csrf: String::new(),
        }
    }

    pub fn password(&self, login: &str) -> String {
        let account = self
            .accounts
            .iter()
            .find(|account| account["login"] == login)
            .unwrap();
        account["password"].as_str().unwrap().to_owned()
    }

    pub fn sign_in(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser
            .post(
                "/intake/sign-in",
                &[("login", login), ("password", &self.password(login))],
            )
            .is(303);
        let cookie = answer.headers["set-cookie"].split(';').next().unwrap().to_owned();
        browser.cookie = cookie;
        let desk = browser.get("/intake/").is(200);
        browser.csrf = between(&desk.body, "name=\"csrf\" value=\"", "\"").to_owned();
        browser
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg("--git-dir")
            .arg(self.data.join("repository.git"))
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git is installed");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command of the program on a data directory.
pub fn command(data: &Path, arguments: &[&str]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .env("JIXIA_INTAKE_DATA", data)
        .envs(database(data))
        .output()
        .unwrap()
}

/// What stands between two texts.
#[track_caller]
pub fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let start = text
        .find(before)
        .unwrap_or_else(|| panic!("{before} is not in {text}"))
        + before.len();
    let length = text[start..]
        .find(after)
        .unwrap_or_else(|| panic!("{after} does not follow {before}"));
    &text[start..start + length]
}

/// Waits until something is so.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    while started.elapsed() < HANG {
        if let Some(found) = look() {
            return found;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("never: {what}");
}

/// Fields of a piece of news with all declarations.
pub fn news(title: &str) -> Vec<(&'static str, &str)> {
    let mut fields = vec![
        ("title", title),
        ("category", "research"),
        ("summary", "一句话说明。"),
        ("body", "正文第一段。"),
    ];
    fields.extend(DECLARATIONS.map(|name| ("declaration", name)));
    fields
}

pub const DECLARATIONS: [&str; 5] = ["original", "unclassified", "no-personal-data", "fit", "licence"];

pub fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

/// Has an admin make an account, opens it and signs in.
pub fn joins(server: &Server, admin: &Browser, login: &str, unit: &str, role: &str) -> Browser {
    let name = format!("示例{login}");
    let account = [("login", login), ("name", &name), ("unit", unit), ("role", role)];
    let made = admin.form("/intake/people", &account).is(200).body;
    let link = between(&made, "class=\"in-link\">", "<").replace("&#x2F;", "/");
    let mut browser = server.browser();
    let password = [
        ("password", "rain over the river"),
        ("again", "rain over the river"),
    ];
    let opened = browser.post(&link, &password).is(303);
    browser.cookie = opened.headers["set-cookie"].split(';').next().unwrap().to_owned();
    let desk = browser.get("/intake/").is(200);
    browser.csrf = between(&desk.body, "name=\"csrf\" value=\"", "\"").to_owned();
    browser
}

/// What an editor of a declaration holds: the fingerprint of what is published, and the text.
pub fn text_area(page: &str) -> (String, String) {
    let base = between(page, "name=\"base\" value=\"", "\"").to_owned();
    let area = between(page, "<textarea id=\"text\"", "</textarea>");
    let text = &area[area.find('>').unwrap() + 2..];
    let signs = [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
    ];
    let text = signs.iter().fold(text.to_owned(), |text, (sign, written)| {
        text.replace(sign, written)
    });
    (base, text.replace("&amp;", "&"))
}

/// The value of an option with this label.
#[track_caller]
pub fn option<'p>(page: &'p str, label: &str) -> &'p str {
    let before = page.split(label).next().unwrap();
    assert_ne!(before.len(), page.len(), "{label} is not in {page}");
    before
        .rsplit("value=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap()
}

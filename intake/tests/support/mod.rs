//! A small language over the real server: `Server::start()`, `server.sign_in("teacher")`, `teacher.drafts("news", …)`.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub, unused_imports)]

mod office;
mod smtp;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use ureq::Agent;
use ureq::http::{Request, Response};

pub use office::{Office, declared, findings, says};
pub use smtp::{Mail, Smtp};

pub const BINARY: &str = env!("CARGO_BIN_EXE_jixia-intake");
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

/// A browser, signed in or not.
pub struct Browser {
    agent: Agent,
    url: String,
    pub cookie: String,
    pub csrf: String,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    /// What the browser is to keep, as `NAME=VALUE`.
    pub cookies: Vec<String>,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    /// Fails unless the status is as expected.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub fn location(&self) -> &str {
        self.headers.get("location").map_or("", String::as_str)
    }
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
        Self::run(Command::new(BINARY), content, data, environment)
    }

    /// Starts by a script that is given the program's arguments.
    pub fn start_by(script: &Path, data: &Path) -> Self {
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut shell = Command::new("sh");
        shell.arg(script);
        Self::run(shell, content, data, &[])
    }

    /// A directory as the server sees it, which may have mounted something there.
    pub fn seen(&self, directory: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        root.join(directory.strip_prefix("/").unwrap())
    }

    fn run(mut command: Command, content: &Path, data: &Path, environment: &[(&str, &str)]) -> Self {
        command
            .args(["demo", "--port", "0", "--json", "--data"])
            .arg(data)
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
    pub fn crash_and_restart(mut self) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut server = Self::start_in(&self.data, &[]);
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

/// The setting that names the database: none for SQLite, and a database for each data directory where the variable
/// `JIXIA_TEST_POSTGRES` says where PostgreSQL is, as an address with `NAME` in the place of the database's name.
pub fn database(data: &Path) -> Option<(&'static str, String)> {
    let address = std::env::var("JIXIA_TEST_POSTGRES").ok()?;
    let path = data.as_os_str().as_encoded_bytes();
    let name = path.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    let name = format!("jixia_{name:016x}");
    let created = Command::new("psql")
        .args(["--quiet", "--command", &format!("CREATE DATABASE {name}")])
        .arg(address.replace("NAME", "postgres"))
        .output();
    let said = String::from_utf8_lossy(&created.unwrap().stderr).into_owned();
    assert!(said.is_empty() || said.contains("already exists"), "{said}");
    Some(("JIXIA_INTAKE_DATABASE_URL", address.replace("NAME", &name)))
}

/// Whether the database of a data directory holds a text anywhere.
pub fn keeps(data: &Path, text: &str) -> bool {
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    if let Some((_, address)) = database(data) {
        let dump = Command::new("pg_dump").arg(address).output().unwrap();
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        return holds(&dump.stdout);
    }
    let file = data.join("intake.db");
    let log = std::fs::read(file.with_extension("db-wal")).unwrap_or_default();
    holds(&std::fs::read(file).unwrap()) || holds(&log)
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

impl Browser {
    fn run(&self, request: Request<Vec<u8>>) -> Answer {
        let (mut parts, body) = request.into_parts();
        if !self.cookie.is_empty() {
            parts.headers.insert("cookie", self.cookie.parse().unwrap());
        }
        let response: Response<ureq::Body> = self.agent.run(Request::from_parts(parts, body)).unwrap();
        let kept = response.headers().get_all("set-cookie").iter();
        let kept = kept.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookies = kept.map(str::to_owned).collect();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        let (status, headers) = (response.status().as_u16(), headers.collect());
        let mut body = response.into_body();
        let bytes = body.with_config().limit(1 << 30).read_to_vec().unwrap();
        Answer {
            status,
            cookies,
            headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.run(request.body(body.to_vec()).unwrap())
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// The same browser at another server.
    pub fn at(&self, url: &str) -> Self {
        Self {
            agent: self.agent.clone(),
            url: url.to_owned(),
            cookie: self.cookie.clone(),
            csrf: self.csrf.clone(),
        }
    }

    /// Sends a form as it is.
    pub fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        self.send(
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            body.as_bytes(),
        )
    }

    /// Sends a form with the secret of the session, and with the version that the page of the submission shows now
    /// unless the form names one.
    pub fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let versions = self.versions(path, pairs);
        let mut sent = vec![("csrf", self.csrf.as_str())];
        sent.extend(
            versions
                .iter()
                .map(|(name, version)| (name.as_str(), version.as_str())),
        );
        sent.extend(pairs);
        self.post(path, &sent)
    }

    fn versions(&self, path: &str, pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        if path == "/intake/queue/many" {
            let items = pairs.iter().filter(|(name, _)| *name == "item");
            let named = |id: &str| pairs.iter().any(|(name, _)| *name == format!("version.{id}"));
            return items
                .filter(|(_, id)| !named(id))
                .map(|(_, id)| (format!("version.{id}"), self.version(id)))
                .collect();
        }
        let item = path
            .strip_prefix("/intake/items/")
            .and_then(|rest| rest.split_once('/'));
        let acts = ["step", "reviewer", "experts", "opinion", "assessment", "links"];
        match item {
            Some((id, act)) if acts.contains(&act) && pairs.iter().all(|(name, _)| *name != "version") => {
                vec![("version".to_owned(), self.version(id))]
            }
            _ => Vec::new(),
        }
    }

    /// The version that a submission's page shows; empty for those who cannot see it.
    pub fn version(&self, id: &str) -> String {
        let page = self.get(&format!("/intake/items/{id}")).body;
        match page.split_once("data-version=\"") {
            Some((_, rest)) => rest[..rest.find('"').unwrap()].to_owned(),
            None => String::new(),
        }
    }

    /// Sends a form with a file, as a browser without script does.
    pub fn multipart(&self, path: &str, pairs: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        self.multipart_of(path, pairs, &[file])
    }

    /// Sends a form with files.
    pub fn multipart_of(&self, path: &str, pairs: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("csrf", self.csrf.as_str())].iter().chain(pairs) {
            let part = format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in files {
            let head =
                format!("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--XX--\r\n");
        let kind = [("content-type", "multipart/form-data; boundary=XX")];
        self.send("POST", path, &kind, &body)
    }

    /// Begins a submission and gives its id.
    pub fn begins(&self, kind: &str) -> String {
        let answer = self.form("/intake/new", &[("kind", kind)]).is(303);
        between(answer.location(), "/intake/items/", "/edit").to_owned()
    }

    /// The number of the last save.
    pub fn revision(&self, id: &str) -> String {
        let form = self.get(&format!("/intake/items/{id}/edit")).is(200);
        between(&form.body, "name=\"revision\" value=\"", "\"").to_owned()
    }

    /// Fills fields of the form and presses a button.
    pub fn fills(&self, id: &str, fields: &[(&str, &str)], button: &str) -> Answer {
        let revision = self.revision(id);
        let shown: Vec<String> = fields
            .iter()
            .map(|(name, _)| format!("has.{}", name.split('.').next().unwrap_or(name)))
            .collect();
        let mut pairs = vec![("revision", revision.as_str()), ("do", button)];
        pairs.extend(shown.iter().map(|name| (name.as_str(), "1")));
        pairs.extend(fields);
        self.form(&format!("/intake/items/{id}/edit"), &pairs)
    }

    /// Begins a piece of news that can be submitted, and submits it.
    pub fn submits_news(&self, title: &str) -> String {
        let id = self.begins("news");
        let answer = self.fills(&id, &news(title), "submit").is(303);
        assert!(
            answer.location().ends_with("notice=submitted"),
            "{}",
            answer.location()
        );
        id
    }

    /// Takes a step of a submission.
    pub fn decides(&self, id: &str, step: &str, more: &[(&str, &str)]) -> Answer {
        let mut pairs = vec![("do", step)];
        pairs.extend(more);
        self.form(&format!("/intake/items/{id}/step"), &pairs)
    }

    pub fn endorses(&self, id: &str) {
        self.decides(
            id,
            "endorse",
            &[("signed_off_by", "示例分管院长"), ("confirmed", "yes")],
        )
        .is(303);
    }

    /// The word for the state on a submission's page.
    pub fn state(&self, id: &str) -> String {
        let item = self.get(&format!("/intake/items/{id}")).is(200);
        between(&item.body, "in-state in-state-", "\"").to_owned()
    }

    pub fn waits_for(&self, id: &str, state: &str) {
        eventually(&format!("{id} is {state}"), || {
            (self.state(id) == state).then_some(())
        });
    }

    /// Sends bytes by tus from an offset on; gives the answer to the last slice.
    pub fn patches(&self, upload: &str, offset: usize, bytes: &[u8]) -> Answer {
        let offset = offset.to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("x-csrf", self.csrf.as_str()),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", offset.as_str()),
        ];
        self.send("PATCH", upload, &headers, bytes)
    }

    /// Announces a file; `filename` in Base64.
    pub fn announces(&self, id: &str, filename: &str, size: usize) -> Answer {
        let (size, id) = (size.to_string(), base64(id.as_bytes()));
        let metadata = format!("filename {},submission {id}", base64(filename.as_bytes()));
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("x-csrf", self.csrf.as_str()),
            ("upload-length", size.as_str()),
            ("upload-metadata", metadata.as_str()),
        ];
        self.send("POST", "/intake/uploads", &headers, b"")
    }

    /// How many bytes of an upload the server has.
    pub fn offset(&self, upload: &str) -> usize {
        self.send("HEAD", upload, &[], b"").is(200).headers["upload-offset"]
            .parse()
            .unwrap()
    }
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

/// Does something to the database behind the server's back, as time would.
pub fn sql(data: &Path, statement: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let file = format!("sqlite://{}", data.join("intake.db").display());
        let address = database(data).map_or(file, |(_, address)| address);
        let pool = sqlx::AnyPool::connect(&address).await.unwrap();
        sqlx::query(statement).execute(&pool).await.unwrap();
        pool.close().await;
    });
}

/// A number of the database, asked for behind the server's back.
pub fn number(data: &Path, query: &'static str) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let file = format!("sqlite://{}", data.join("intake.db").display());
        let address = database(data).map_or(file, |(_, address)| address);
        let pool = sqlx::AnyPool::connect(&address).await.unwrap();
        let found = sqlx::query_scalar(query).fetch_one(&pool).await.unwrap();
        pool.close().await;
        found
    })
}

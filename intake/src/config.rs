//! `intake.toml` and the environment.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use crate::domain::policy::Role;

mod mail;
mod metrics;
mod publish;
mod secret;
mod webhooks;

pub use mail::{Mail, Security};
pub use metrics::Metrics;
pub use publish::Publish;
pub use webhooks::Webhooks;

/// Every setting. `docs/intake.md` describes them for whoever runs the server.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Directory of everything that the server keeps: database, repository, files, checkout, portal.
    pub data: PathBuf,
    /// `[database]`
    pub database: Database,
    /// `[server]`
    pub server: Server,
    /// `[sessions]`
    pub sessions: Sessions,
    /// `[limits]`
    pub limits: Limits,
    /// `[mail]`
    pub mail: Mail,
    /// `[checks]`
    pub checks: Checks,
    /// `[files]`
    pub files: Files,
    /// `[metrics]`
    pub metrics: Metrics,
    /// `[publish]`
    pub publish: Publish,
    /// `[webhooks]`
    pub webhooks: Webhooks,
}

/// `[database]`
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Address of a PostgreSQL database, `postgres://USER:PASSWORD@HOST/NAME`; empty for SQLite below `data`.
    pub url: String,
}

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address to listen at.
    pub host: String,
    /// Port; 0 lets the system choose.
    pub port: u16,
    /// The portal's origin, such as `https://www.example.org`, where the intake has a host of its own; empty for one host.
    pub portal_origin: String,
    /// The intake's origin, such as `https://intake.example.org`; empty for one host.
    pub intake_origin: String,
    /// Whether browsers come over HTTPS: then cookies are sent over nothing else.
    pub https: bool,
    /// Whether a proxy in front tells the client's address in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Log lines as JSON instead of text.
    pub json_logs: bool,
}

impl Server {
    /// What is wrong with the two origins, a line each.
    fn problems(&self) -> String {
        let origins = [
            ("portal_origin", &self.portal_origin),
            ("intake_origin", &self.intake_origin),
        ];
        let mut wrong = String::new();
        for (name, origin) in origins {
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            let is_host = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
            if !origin.is_empty() && !host.is_some_and(is_host) {
                let _ = writeln!(
                    wrong,
                    "server.{name}: expected an origin such as https://www.example.org without anything after it, \
                     found {origin:?}"
                );
            }
        }
        if self.portal_origin.is_empty() != self.intake_origin.is_empty() {
            wrong.push_str("server.portal_origin, server.intake_origin: expected both or neither\n");
        } else if !self.portal_origin.is_empty() && self.portal_origin == self.intake_origin {
            wrong.push_str("server.intake_origin: expected another host than server.portal_origin\n");
        }
        wrong
    }
}

/// `[sessions]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    /// Minutes without a request after which one must sign in again.
    pub idle_minutes: u32,
    /// Hours after which one must sign in again whatever happens.
    pub longest_hours: u32,
    /// Hours for which an invitation or reset link holds.
    pub invitation_hours: u32,
    /// Roles that must have the second step of signing in.
    pub totp_roles: Vec<Role>,
}

/// `[limits]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Most MB (10^6 bytes) of one file.
    pub file_mb: u64,
    /// Most files of one submission.
    pub files: usize,
    /// Most MB of the files of an account's submissions together that are not published.
    pub quota_mb: u64,
    /// Most MB of the files of all submissions of a unit together that are not published.
    pub unit_quota_mb: u64,
    /// Most KB (10^3 bytes) of what is typed into one form.
    pub form_kb: usize,
    /// Requests a minute that change something, by account.
    pub changes_per_minute: u32,
    /// Requests a minute that change something, by address, which many accounts may share.
    pub changes_per_address: u32,
    /// Passwords, codes and opened links a minute, by address.
    pub sign_ins_per_minute: u32,
    /// Registrations a minute, by address.
    pub registrations_per_minute: u32,
    /// Days after which an upload that was not finished is forgotten.
    pub unfinished_days: u32,
    /// Days after which the files of a submission that was withdrawn are removed.
    pub withdrawn_days: u32,
    /// MB of the disk below which the server says that it is short of room and takes no more files.
    pub free_mb: u64,
}

/// `[checks]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Checks {
    /// Checks, previews and the like that run at once; 0 for one fewer than there are processors, and at least two.
    pub at_once: usize,
    /// How long one waits for that, in seconds; then one is asked to come back.
    pub wait_seconds: u64,
    /// File with words to look for in what is submitted; relative to the settings' file. Empty for none.
    pub words: PathBuf,
}

/// `[files]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// Where clamd listens: `tcp://HOST:PORT` or the path of a socket. Empty for no scanner.
    pub clamav: String,
}

impl Default for Checks {
    fn default() -> Self {
        Self {
            at_once: 0,
            wait_seconds: 10,
            words: PathBuf::new(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            database: Database::default(),
            server: Server::default(),
            sessions: Sessions::default(),
            limits: Limits::default(),
            mail: Mail::default(),
            checks: Checks::default(),
            files: Files::default(),
            metrics: Metrics::default(),
            publish: Publish::default(),
            webhooks: Webhooks::default(),
        }
    }
}

impl std::fmt::Debug for Database {
    /// The address holds a password, which is for no log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = if self.url.is_empty() { "" } else { "***" };
        formatter.debug_struct("Database").field("url", &url).finish()
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            portal_origin: String::new(),
            intake_origin: String::new(),
            port: 8090,
            https: false,
            behind_proxy: false,
            json_logs: false,
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle_minutes: 120,
            longest_hours: 12,
            invitation_hours: 72,
            totp_roles: Vec::new(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_mb: 300,
            files: 50,
            quota_mb: 3000,
            unit_quota_mb: 60_000,
            form_kb: 2000,
            changes_per_minute: 240,
            changes_per_address: 2400,
            sign_ins_per_minute: 120,
            registrations_per_minute: 20,
            unfinished_days: 7,
            withdrawn_days: 30,
            free_mb: 500,
        }
    }
}

/// Variables with this beginning take the place of settings: `JIXIA_INTAKE_SERVER_PORT` is `port` of `[server]`.
const PREFIX: &str = "JIXIA_INTAKE_";
/// Says what is logged (`warn`, `info,sqlx=warn`); no setting, since it holds before settings are read.
pub const LOG: &str = "JIXIA_INTAKE_LOG";

impl Config {
    /// Reads a file, if one is named, and the environment. A relative `data` is meant from the file's directory.
    ///
    /// # Errors
    /// What is wrong, in words, with the place in the file.
    pub fn load(
        path: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, String> {
        let mut table = Table::new();
        if let Some(path) = path {
            let text =
                std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            // Parsed as settings first: only the text knows the places of mistakes.
            toml::from_str::<Self>(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            table = text
                .parse()
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
        for (name, value) in environment.into_iter().filter(|(name, _)| name != LOG) {
            let Some(key) = name.strip_prefix(PREFIX) else {
                continue;
            };
            set(&mut table, &key.to_ascii_lowercase(), &value).map_err(|wrong| format!("{name}: {wrong}"))?;
        }
        let mut config: Self = table.try_into().map_err(|error: toml::de::Error| {
            format!("settings from variables {PREFIX}…: {}", error.message())
        })?;
        if let Some(directory) = path.and_then(Path::parent) {
            config.data = directory.join(&config.data);
            config.mail.resolve(directory);
            config.metrics.resolve(directory);
            config.publish.resolve(directory);
            if !config.checks.words.as_os_str().is_empty() {
                config.checks.words = directory.join(&config.checks.words);
            }
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        let mut wrong = String::new();
        let url = &self.database.url;
        if !url.is_empty() && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            wrong.push_str(
                "database.url: expected postgres://USER:PASSWORD@HOST/NAME, or nothing for SQLite\n",
            );
        }
        let least = [
            ("sessions.idle_minutes", u64::from(self.sessions.idle_minutes)),
            ("sessions.longest_hours", u64::from(self.sessions.longest_hours)),
            (
                "sessions.invitation_hours",
                u64::from(self.sessions.invitation_hours),
            ),
            ("limits.file_mb", self.limits.file_mb),
            ("limits.files", self.limits.files as u64),
            ("limits.quota_mb", self.limits.quota_mb),
            ("limits.unit_quota_mb", self.limits.unit_quota_mb),
            ("limits.form_kb", self.limits.form_kb as u64),
            (
                "limits.changes_per_minute",
                u64::from(self.limits.changes_per_minute),
            ),
            (
                "limits.changes_per_address",
                u64::from(self.limits.changes_per_address),
            ),
            (
                "limits.sign_ins_per_minute",
                u64::from(self.limits.sign_ins_per_minute),
            ),
            (
                "limits.registrations_per_minute",
                u64::from(self.limits.registrations_per_minute),
            ),
            ("limits.unfinished_days", u64::from(self.limits.unfinished_days)),
            ("limits.withdrawn_days", u64::from(self.limits.withdrawn_days)),
        ];
        for (name, value) in least {
            if value == 0 {
                let _ = writeln!(wrong, "{name}: expected a number of at least 1");
            }
        }
        wrong.push_str(&self.server.problems());
        wrong.push_str(&self.mail.problems());
        if let Some(problem) = self.webhooks.problem() {
            let _ = writeln!(wrong, "{problem}");
        }
        if let Some(problem) = self.publish.problem() {
            let _ = writeln!(wrong, "{problem}");
        }
        if let Err(problem) = self.metrics.token() {
            let _ = writeln!(wrong, "{problem}");
        }
        let clamav = &self.files.clamav;
        let is_address = clamav
            .strip_prefix("tcp://")
            .is_some_and(|host| host.contains(':'));
        if !(clamav.is_empty() || is_address || clamav.starts_with('/')) {
            let _ = writeln!(
                wrong,
                "files.clamav: expected tcp://HOST:PORT or the absolute path of a socket, found {clamav:?}"
            );
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.trim_end().to_owned())
        }
    }
}

/// Sets `data` or `section_key`. A value that is no TOML is a text.
fn set(table: &mut Table, key: &str, value: &str) -> Result<(), String> {
    let parsed = format!("value = {value}").parse::<Table>().ok();
    let parsed = parsed.and_then(|mut table| table.remove("value"));
    // A password of digits is a text all the same.
    let value = match parsed.filter(|_| !matches!(key, "mail_password" | "mail_user" | "metrics_token")) {
        Some(value @ (Value::Integer(_) | Value::Boolean(_) | Value::String(_) | Value::Array(_))) => value,
        _ => Value::String(value.to_owned()),
    };
    if key == "data" {
        table.insert(key.to_owned(), value);
        return Ok(());
    }
    let (section, key) = key.split_once('_').ok_or("there is no such setting")?;
    let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    let section = section.as_table_mut().ok_or("there is no such setting")?;
    section.insert(key.to_owned(), value);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("intake.toml");
        std::fs::write(&path, text).unwrap();
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(Some(&path), variables.collect::<Vec<_>>())
    }

    #[test]
    fn variables_win_over_the_file_and_the_file_over_defaults() {
        let config = load(
            "data = \"d\"\n[server]\nport = 1\nhost = \"::1\"\n",
            &[
                ("JIXIA_INTAKE_SERVER_PORT", "2"),
                ("JIXIA_INTAKE_LIMITS_FILE_MB", "5"),
                ("OTHER", "x"),
            ],
        );
        let config = config.unwrap();
        assert_eq!((config.server.port, config.server.host.as_str()), (2, "::1"));
        assert_eq!((config.limits.file_mb, config.limits.files), (5, 50));
        assert!(config.data.ends_with("d") && config.data.is_absolute());
    }

    #[test]
    fn mistakes_are_explained() {
        type Variables<'a> = &'a [(&'a str, &'a str)];
        let cases: &[(&str, Variables<'_>, &str)] = &[
            ("[server]\nprot = 1\n", &[], "prot"),
            ("[server]\nport = 99999\n", &[], "port = 99999"),
            (
                "",
                &[("JIXIA_INTAKE_SESSIONS_TOTP_ROLES", "[\"chief\"]")],
                "unknown role `chief`: expected one of teacher",
            ),
            (
                "[limits]\nfile_mb = 0\n",
                &[],
                "limits.file_mb: expected a number of at least 1",
            ),
            (
                "[files]\nclamav = \"127.0.0.1\"\n",
                &[],
                "files.clamav: expected tcp://HOST:PORT",
            ),
            (
                "",
                &[("JIXIA_INTAKE_DATABASE_URL", "mysql://a/b")],
                "database.url: expected postgres://",
            ),
            ("", &[("JIXIA_INTAKE_SERVER_PORT", "many")], "JIXIA_INTAKE_"),
            (
                "",
                &[("JIXIA_INTAKE_NONSENSE", "1")],
                "JIXIA_INTAKE_NONSENSE: there is no such setting",
            ),
        ];
        for (text, variables, expected) in cases {
            let wrong = load(text, variables).unwrap_err();
            assert!(wrong.contains(expected), "{wrong}");
        }
    }

    #[test]
    fn the_documented_example_is_the_defaults() {
        let example = load(include_str!("../intake.example.toml"), &[]).unwrap();
        let mut default = Config::default();
        default.data.clone_from(&example.data);
        assert_eq!(format!("{example:?}"), format!("{default:?}"));
    }
}

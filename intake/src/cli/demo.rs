//! `jixia-intake demo`: everything from the demonstration content, with an account for every role that has work.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::hold::Hold;
use super::output::print;
use super::seed;
use crate::app::App;
use crate::clock;
use crate::config::{Config, Server};
use crate::domain::audit::Event;
use crate::domain::policy::Role;
use crate::identity::passwords;
use crate::store::Account;
use crate::{ids, server};

/// Makes a data directory from the demonstration content and serves it
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// The data directory; made when absent, gone on with otherwise. Without it one below the home directory
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Port to listen on, 0 for any; without it 8090, or any when that is taken
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Print address and sign-ins as one line of JSON
    #[arg(long)]
    json: bool,
    /// Portal and intake on one host; without it the portal is at 127.0.0.1 and the intake at localhost, as they are to
    /// be on two hosts of the network
    #[arg(long)]
    one_host: bool,
    /// The content; by default the current directory, else where this program was built from
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
}

/// A sign-in as it is printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SignIn {
    role: Role,
    login: String,
    password: String,
    name: String,
    unit: String,
}

#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    intake: String,
    accounts: &'a [SignIn],
}

/// Role, login, name, unit. All of them are invented.
const PEOPLE: &[(Role, &str, &str, &str)] = &[
    (Role::Teacher, "teacher", "示例教师甲", "shili-haiwan"),
    (Role::Teacher, "teacher-b", "示例教师乙", "shili-gangcheng"),
    (Role::SchoolAdmin, "school", "示例院校管理员", "shili-haiwan"),
    (Role::GroupAdmin, "group", "示例教研组管理员", "cnc"),
    (Role::CountyAdmin, "county", "示例县区管理员", "weihai-shiliqu"),
    (Role::CityAdmin, "city", "示例市级管理员", "weihai-jiaoyanshi"),
    (
        Role::ProvinceAdmin,
        "province",
        "示例省级管理员",
        "shengzhiyanshi",
    ),
    (Role::Expert, "expert", "示例评审专家", "weihai-jiaoyanshi"),
    (Role::Patroller, "patroller", "示例巡网员", "shili-haiwan"),
];

impl Demo {
    pub(super) async fn run(self) -> Result<(), String> {
        let mut config = Config::load(None, std::env::vars())?;
        let below_home = || below_home(&|name| std::env::var_os(name));
        config.data = self.data.clone().map_or_else(below_home, Ok)?;
        let _hold = Hold::take(&config.data)?;
        let content = self.content.clone().map_or_else(demonstration, Ok)?;
        let data = config.data.clone();
        let listening = server::listen(&config.server.host, self.port, config.server.port)?;
        let address = server::address(&listening)?;
        if !self.one_host {
            on_two_hosts(&mut config.server, address);
        }
        let url = match config.server.portal_origin.as_str() {
            "" => format!("http://{address}/"),
            origin => format!("{origin}/"),
        };
        let intake = match config.server.intake_origin.as_str() {
            "" => format!("{url}intake/"),
            origin => format!("{origin}/intake/"),
        };
        seed::from_directory(&data, &content)?;
        let app = server::start(config).await?;
        let accounts = accounts(&app, &data).await?;
        if self.json {
            let ready = Ready {
                url: &url,
                intake,
                accounts: &accounts,
            };
            print(&serde_json::to_string(&ready).unwrap_or_default());
        } else {
            print(&words(&app, [&url, &intake], listening.taken, &accounts));
        }
        server::serve(app, listening).await
    }
}

/// Gives the intake another host than the portal, where the machine has two names for itself and nobody named others.
fn on_two_hosts(server: &mut Server, address: SocketAddr) {
    if address.ip() == Ipv4Addr::LOCALHOST && server.intake_origin.is_empty() {
        server.portal_origin = format!("http://{address}");
        server.intake_origin = format!("http://localhost:{}", address.port());
    }
}

/// What a person needs to know: where it is, who may sign in, where its data lies and how it ends.
fn words(app: &App, [url, intake]: [&str; 2], taken: Option<u16>, accounts: &[SignIn]) -> String {
    let texts = &app.texts;
    let data = std::path::absolute(&app.config.data).unwrap_or_else(|_| app.config.data.clone());
    let mut lines = vec![String::new()];
    if let Some(port) = taken {
        lines.push(texts.fill("demo.taken", &[("port", &port.to_string())]));
    }
    lines.push(texts.fill("demo.portal", &[("url", url)]));
    lines.push(texts.fill("demo.intake", &[("url", intake)]));
    lines.extend([String::new(), texts.get("demo.accounts").to_owned()]);
    let snapshot = app.portal.snapshot();
    for account in accounts {
        let SignIn {
            role,
            login,
            password,
            name,
            unit,
        } = account;
        let role = texts.get(role.text());
        let unit = snapshot.units.name(unit);
        lines.push(format!("  {login:<10} {password}  {role}：{name}（{unit}）"));
    }
    lines.extend([String::new(), texts.get("demo.try").to_owned()]);
    lines.push(texts.fill("demo.data", &[("data", &data.display().to_string())]));
    lines.push(texts.get("demo.stop").to_owned());
    lines.join("\n")
}

/// A directory of one's own for the data: never the current one, which may be a checkout in which programs that list its
/// files would come upon the repositories of the demonstration.
fn below_home(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<PathBuf, String> {
    let directory = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let data = directory("XDG_DATA_HOME").or_else(|| Some(directory("HOME")?.join(".local/share")));
    data.map(|data| data.join("jixia-intake/demo"))
        .ok_or_else(|| "--data: name a directory; there is no home directory to put one into".to_owned())
}

/// Where the demonstration content lies.
fn demonstration() -> Result<PathBuf, String> {
    let places = [
        PathBuf::from("."),
        Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
    ];
    let found = places.into_iter().find(|place| place.join("site.toml").is_file());
    found.ok_or_else(|| "--content: name a directory with site.toml and content/".to_owned())
}

/// Makes the accounts the first time; the sign-ins stay in the data directory, so that they can be printed again.
async fn accounts(app: &App, data: &Path) -> Result<Vec<SignIn>, String> {
    let kept = data.join("demo-accounts.json");
    if let Ok(text) = fs::read_to_string(&kept) {
        return serde_json::from_str(&text).map_err(|error| format!("{}: {error}", kept.display()));
    }
    let snapshot = app.portal.snapshot();
    let people = PEOPLE
        .iter()
        .filter(|(_, _, _, unit)| snapshot.units.get(unit).is_some());
    let sign_in = |(role, login, name, unit): &(Role, &str, &str, &str)| SignIn {
        role: *role,
        login: (*login).to_owned(),
        password: ids::secret()[..14].to_owned(),
        name: (*name).to_owned(),
        unit: (*unit).to_owned(),
    };
    let accounts: Vec<SignIn> = people.map(sign_in).collect();
    let failed = |error: crate::store::Error| error.to_string();
    let mut change = app.store.change().await.map_err(failed)?;
    for SignIn {
        role,
        login,
        password,
        name,
        unit,
    } in &accounts
    {
        let role = *role;
        let now = clock::now();
        let mut account = Account::new(ids::name(), login, name, unit, role, now);
        account.password = Some(passwords::hash(password));
        change.add_account(&account).await.map_err(failed)?;
        let event = Event {
            at: now,
            actor: None,
            action: "account-made".to_owned(),
            subject: format!("account/{}", account.id),
            detail: role.name().to_owned(),
        };
        change.record(&event).await.map_err(failed)?;
    }
    change.commit().await.map_err(failed)?;
    let text = serde_json::to_string_pretty(&accounts).map_err(|error| error.to_string())?;
    let mut options = fs::File::options();
    let file = options
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(&kept);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("{}: {error}", kept.display()))?;
    Ok(accounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_lies_below_the_home_directory() {
        let cases = [
            (vec![("HOME", "/h")], Some("/h/.local/share/jixia-intake/demo")),
            (
                vec![("HOME", "/h"), ("XDG_DATA_HOME", "/d")],
                Some("/d/jixia-intake/demo"),
            ),
            (
                vec![("HOME", "/h"), ("XDG_DATA_HOME", "")],
                Some("/h/.local/share/jixia-intake/demo"),
            ),
            (vec![("HOME", "relative")], None),
            (vec![], None),
        ];
        for (variables, expected) in cases {
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name)?;
                Some(OsString::from(found.1))
            };
            assert_eq!(
                below_home(&variable).ok(),
                expected.map(PathBuf::from),
                "{variables:?}"
            );
        }
    }
}

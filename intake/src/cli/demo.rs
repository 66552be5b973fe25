//! `jixia-intake demo`: everything from the demonstration content, with an account for every role that has work.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{print, seed, serve};
use crate::app::App;
use crate::clock;
use crate::config::Config;
use crate::domain::audit::Event;
use crate::domain::policy::Role;
use crate::store::Account;
use crate::{ids, passwords};

/// Makes a data directory from the demonstration content and serves it
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// The data directory; made when absent, used as it is otherwise
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// The port; 0 lets the system choose
    #[arg(long, value_name = "N", default_value_t = 8090)]
    port: u16,
    /// Print address and sign-ins as one line of JSON
    #[arg(long)]
    json: bool,
    /// The content; by default the current directory, else where this program was built from
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
}

/// A sign-in as it is printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SignIn {
    role: String,
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
        config.data.clone_from(&self.data);
        config.server.port = self.port;
        let content = self.content.clone().map_or_else(demonstration, Ok)?;
        seed::from_directory(&self.data, &content)?;
        let listener = serve::listen(&config).await?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let app = serve::start(config).await?;
        let accounts = accounts(&app, &self.data).await?;
        self.say(&format!("http://{address}/"), &accounts);
        serve::serve(app, listener).await
    }

    fn say(&self, url: &str, accounts: &[SignIn]) {
        let ready = Ready {
            url,
            intake: format!("{url}intake/"),
            accounts,
        };
        if self.json {
            print(&serde_json::to_string(&ready).unwrap_or_default());
            return;
        }
        print(&format!("门户 {url}\n投稿 {}\n", ready.intake));
        for account in accounts {
            let SignIn {
                role,
                login,
                password,
                name,
                unit,
            } = account;
            print(&format!("{login:<10} {password}  {name}（{unit}，{role}）"));
        }
    }
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
        role: role.name().to_owned(),
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
        let role = Role::from_name(role).unwrap_or(Role::Patroller);
        let now = clock::now();
        let mut account = Account::new(ids::name(), login, name, unit, role, now);
        account.password = passwords::hash(password);
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

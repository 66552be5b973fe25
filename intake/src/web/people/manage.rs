//! Accounts of a unit and of those below it: made, reset, closed by whoever answers for them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jixia::content::Level;
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::{Action, Role};
use crate::domain::typed::filled;
use crate::services::Kind;
use crate::services::invitation::Opened;
use crate::services::people::{self, Newcomer};
use crate::services::repair;
use crate::store::Account;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, done_page, page};
use crate::web::people::account;
use crate::web::signed::{Anonymous, Signed};

#[derive(Serialize)]
struct PeoplePage {
    accounts: Vec<AccountLine>,
    /// Who asked for an account and waits; not among `accounts`.
    pending: Vec<AccountLine>,
    units: Vec<(String, String)>,
    roles: Vec<(String, String)>,
    problem: String,
    typed: Typed,
}

#[derive(Default, Serialize)]
struct Typed {
    login: String,
    name: String,
    unit: String,
    role: String,
    phone: String,
    email: String,
    roster: String,
}

#[derive(Serialize)]
struct AccountLine {
    id: String,
    login: String,
    name: String,
    unit: String,
    unit_id: String,
    role: String,
    role_id: &'static str,
    position: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    has_totp: bool,
    is_active: bool,
    is_suspended: bool,
    is_pending: bool,
    is_opened: bool,
    is_self: bool,
}

/// The units that an actor answers for: the own one and all below.
fn units(app: &App, actor: &Actor) -> Vec<(String, String)> {
    let snapshot = app.portal.snapshot();
    let allowed = snapshot.units.iter();
    let allowed = allowed.filter(|unit| actor.may_in(app, Action::ManageAccounts, &unit.id));
    let mut units: Vec<(String, String)> = allowed.map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    // Most accounts are for the own unit, so it is offered first.
    units.sort_by_key(|(id, _)| *id != actor.account.unit);
    units
}

async fn people_page(app: &App, actor: &Actor, problem: &str, typed: Typed) -> Result<Page, Error> {
    actor
        .must_in(app, Action::ReadRoster, &actor.account.unit)
        .await?;
    let snapshot = app.portal.snapshot();
    let accounts = app.store.accounts().await?.into_iter();
    let visible = accounts.filter(|account| actor.may_in(app, Action::ReadRoster, &account.unit));
    let line = |account: Account| AccountLine {
        role: app.texts.get(account.role().text()).to_owned(),
        unit: snapshot.units.name(&account.unit).to_owned(),
        role_id: account.role().name(),
        is_active: account.is_active(),
        is_suspended: account.is_suspended(),
        is_pending: account.is_pending(),
        is_opened: account.password.is_some(),
        is_self: account.id == actor.account.id,
        id: account.id,
        login: account.login,
        name: account.name,
        unit_id: account.unit,
        position: account.position,
        has_totp: account.totp.is_some(),
        phone: account.phone,
        email: account.email,
    };
    let roles = Role::ALL.iter().filter(|role| actor.role().may_appoint(**role));
    let roles = roles.map(|role| (role.name().to_owned(), app.texts.get(role.text()).to_owned()));
    let (pending, accounts): (Vec<AccountLine>, Vec<AccountLine>) =
        visible.map(line).partition(|line| line.is_pending);
    let shown = PeoplePage {
        accounts,
        pending,
        units: units(app, actor),
        roles: roles.collect(),
        problem: problem.to_owned(),
        typed,
    };
    Ok(page(app, Some(actor), "people.html", &shown))
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    people_page(&app, &actor, "", Typed::default()).await
}

pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let text = |name: &str| form.get(name).trim().chars().take(100).collect::<String>();
    let typed = Typed {
        login: text("login").to_lowercase(),
        name: text("name"),
        unit: text("unit"),
        role: text("role"),
        phone: text("phone"),
        email: text("email"),
        roster: String::new(),
    };
    let newcomer = [(1, Ok(newcomer(&typed)))];
    let place = (typed.unit.as_str(), typed.role.as_str());
    let opened = match people::add(&app, &actor, place, &newcomer).await {
        Err(error) if error.kind == Kind::Invalid => {
            let shown = people_page(&app, &actor, app.texts.get(error.key), typed).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
        }
        opened => opened?,
    };
    let opened = opened.into_iter().next();
    Ok(page(&app, Some(&actor), "opened.html", &opened).into_response())
}

/// Who is to have an account, as it was typed.
fn newcomer(typed: &Typed) -> Newcomer {
    Newcomer {
        login: typed.login.clone(),
        name: typed.name.clone(),
        phone: filled(&typed.phone),
        email: filled(&typed.email),
    }
}

#[derive(Serialize)]
pub(crate) struct ImportedPage {
    pub(crate) opened: Vec<Opened>,
    pub(crate) hours: u32,
}

/// Makes an account for every line of a roster, or none: name, login, mobile number, mail address.
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let place = (form.get("unit"), form.get("role"));
    let lines = form.get("roster").lines().enumerate();
    let newcomers: Vec<_> = lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| (number + 1, roster_line(line)))
        .collect();
    let opened = match people::add(&app, &actor, place, &newcomers).await {
        Err(error) if error.kind == Kind::Invalid => {
            let said = [app.texts.get(error.key).to_owned()]
                .into_iter()
                .chain(error.hints);
            let typed = Typed {
                unit: place.0.to_owned(),
                role: place.1.to_owned(),
                roster: form.get("roster").to_owned(),
                ..Typed::default()
            };
            let said = said.collect::<Vec<_>>().join("\n");
            let shown = people_page(&app, &actor, &said, typed).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
        }
        opened => opened?,
    };
    let shown = ImportedPage {
        opened,
        hours: app.config.sessions.invitation_hours,
    };
    Ok(page(&app, Some(&actor), "imported.html", &shown).into_response())
}

/// Name, login, mobile number and mail address of a line with commas or tabs; the last two may be missing.
fn roster_line(line: &str) -> Result<Newcomer, &'static str> {
    let mut parts = line
        .split(['\t', ',', '，'])
        .map(|part| part.trim().trim_matches('"').to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let (name, login, phone, email) = (next(), next().to_lowercase(), next(), next());
    if name.is_empty() {
        return Err("people.no-name");
    }
    Ok(Newcomer {
        login,
        name,
        phone: filled(&phone),
        email: filled(&email),
    })
}

#[derive(Default, Serialize)]
struct RegisterPage {
    units: Vec<(String, String)>,
    typed: Typed,
    problem: String,
}

fn register_page(app: &App, typed: Typed, problem: &str) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let units = snapshot.units.iter();
    let units = units.filter(|unit| matches!(unit.level, Level::School | Level::Group | Level::Other));
    let shown = RegisterPage {
        units: units.map(|unit| (unit.id.clone(), unit.name.clone())).collect(),
        typed,
        problem: problem.to_owned(),
    };
    Ok(page(app, None, "register.html", &shown))
}

pub(crate) async fn show_register(State(app): State<Arc<App>>) -> Result<Page, Error> {
    register_page(&app, Typed::default(), "")
}

/// A teacher asks for an account; it opens once an admin of the unit has confirmed it.
pub(crate) async fn register(
    State(app): State<Arc<App>>,
    Anonymous(form): Anonymous,
) -> Result<Response, Error> {
    let text = |name: &str| form.get(name).trim().chars().take(100).collect::<String>();
    let typed = Typed {
        login: text("login").to_lowercase(),
        name: text("name"),
        unit: text("unit"),
        phone: text("phone"),
        email: text("email"),
        ..Typed::default()
    };
    let newcomer = newcomer(&typed);
    match people::register(&app, &typed.unit, &newcomer, account::wanted(&form)).await {
        Err(error) if error.kind == Kind::Invalid => {
            let shown = register_page(&app, typed, app.texts.get(error.key))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
        Ok(()) => Ok(done_page(&app, "people.registered").into_response()),
    }
}

pub(crate) async fn act(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    match form.get("do") {
        "reset" => {
            let opened = people::reset(&app, &actor, &id, form.get("totp") == "off").await?;
            return Ok(page(&app, Some(&actor), "opened.html", &opened).into_response());
        }
        "confirm" => people::confirm(&app, &actor, &id).await?,
        "amend" => {
            let text = |name: &str| form.get(name).trim().chars().take(100).collect::<String>();
            let wanted = Newcomer {
                login: String::new(),
                name: text("name"),
                phone: filled(&text("phone")),
                email: filled(&text("email")),
            };
            repair::amend(&app, &actor, &id, &wanted, form.get("role")).await?;
        }
        "suspend" => repair::suspend(&app, &actor, &id).await?,
        "reopen" => repair::reopen(&app, &actor, &id).await?,
        "close" => people::close(&app, &actor, &id, form.get("successor")).await?,
        _ => return Err(Error::invalid("wrong.form")),
    }
    Ok(Redirect::to("/intake/people").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rosters_are_read_line_by_line() {
        let cases = [
            ("示例甲,Jia.1", Ok(["示例甲", "jia.1", "", ""])),
            (
                "示例乙\tYI-2\t13800138000\tyi@example.org",
                Ok(["示例乙", "yi-2", "13800138000", "yi@example.org"]),
            ),
            ("\"示例丙\"，bing", Ok(["示例丙", "bing", "", ""])),
            (",nobody", Err("people.no-name")),
        ];
        for (line, expected) in cases {
            let expected = expected.map(|parts: [&str; 4]| {
                let [name, login, phone, email] = parts;
                Newcomer {
                    login: login.to_owned(),
                    name: name.to_owned(),
                    phone: filled(phone),
                    email: filled(email),
                }
            });
            assert_eq!(roster_line(line), expected, "{line}");
        }
    }
}

//! Accounts of a unit and of those below it: made, reset, closed by whoever answers for them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jixia::content::Level;
use serde::Serialize;

use crate::app::App;
use crate::domain::account::AccountState;
use crate::domain::audit::Event;
use crate::domain::policy::{Action, Role, can};
use crate::domain::roster::is_login;
use crate::jobs::notices;
use crate::services::invitation::{Opened, invite};
use crate::store::Account;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, done_page, page};
use crate::web::people::account;
use crate::web::signed::{Anonymous, Signed};
use crate::{clock, ids};

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
    position: String,
    phone: String,
    email: String,
    has_totp: bool,
    is_active: bool,
    is_pending: bool,
    is_opened: bool,
    is_self: bool,
}

/// The units that an actor answers for: the own one and all below.
fn units(app: &App, actor: &Actor) -> Vec<(String, String)> {
    let snapshot = app.portal.snapshot();
    let allowed = snapshot.units.iter().filter(|unit| {
        let scope = snapshot.units.scope(&actor.account.unit, &unit.id, false);
        can(actor.role(), Action::ManageAccounts, scope)
    });
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
    let visible = accounts.filter(|account| {
        let scope = snapshot.units.scope(&actor.account.unit, &account.unit, false);
        can(actor.role(), Action::ReadRoster, scope)
    });
    let line = |account: Account| AccountLine {
        role: app.texts.get(account.role().text()).to_owned(),
        unit: snapshot.units.name(&account.unit).to_owned(),
        is_active: account.is_active(),
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

/// The role of a name, if the actor may give it to accounts of a unit and such units have it.
pub(crate) fn appointable(app: &App, actor: &Actor, unit: &str, role: &str) -> Result<Role, Error> {
    let level = app.portal.snapshot().units.get(unit).map(|unit| unit.level);
    let role = Role::from_name(role);
    let role =
        role.filter(|role| actor.role().may_appoint(*role) && level.is_some_and(|level| role.fits(level)));
    role.ok_or(Error::invalid("people.bad-role"))
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
    actor.must_in(&app, Action::ManageAccounts, &typed.unit).await?;
    let role = appointable(&app, &actor, &typed.unit, &typed.role).ok();
    let problem = match role {
        _ if !is_login(&typed.login) => "people.bad-login",
        _ if typed.name.is_empty() => "people.no-name",
        None => "people.bad-role",
        _ if app.store.account_of_login(&typed.login).await?.is_some() => "people.taken",
        _ => "",
    };
    let Some(role) = role.filter(|_| problem.is_empty()) else {
        let shown = people_page(&app, &actor, app.texts.get(problem), typed).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    };
    let now = clock::now();
    let mut account = Account::new(ids::name(), &typed.login, &typed.name, &typed.unit, role, now);
    account.phone = typed.phone;
    account.email = typed.email;
    let mut change = app.store.change().await?;
    change.add_account(&account).await?;
    change
        .record(&actor.event("account-made", &format!("account/{}", account.id), role.name()))
        .await?;
    let opened = invite(&mut change, &account, now, app.config.sessions.invitation_hours).await?;
    notices::of_link(&app, &mut change, &account, &opened.token, now).await?;
    change.commit().await?;
    app.bells.ring();
    Ok(page(&app, Some(&actor), "opened.html", &opened).into_response())
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
    let unit = form.get("unit");
    actor.must_in(&app, Action::ManageAccounts, unit).await?;
    let role = appointable(&app, &actor, unit, form.get("role"))?;
    let now = clock::now();
    let (mut accounts, mut problems) = (Vec::new(), Vec::new());
    for (number, line) in form.get("roster").lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match roster_line(line) {
            Ok([name, login, phone, email]) => {
                let is_twice = accounts.iter().any(|account: &Account| account.login == login);
                if is_twice || app.store.account_of_login(&login).await?.is_some() {
                    problems.push((number, "people.taken"));
                }
                let mut account = Account::new(ids::name(), &login, &name, unit, role, now);
                (account.phone, account.email) = (phone, email);
                accounts.push(account);
            }
            Err(key) => problems.push((number, key)),
        }
    }
    if !problems.is_empty() || accounts.is_empty() || accounts.len() > 1000 {
        let said = problems.iter().map(|(number, key)| {
            let line = (number + 1).to_string();
            app.texts.fill(
                "people.line",
                &[("number", &line), ("problem", app.texts.get(key))],
            )
        });
        let mut said = said.collect::<Vec<_>>().join("\n");
        if said.is_empty() {
            app.texts.get("people.roster-size").clone_into(&mut said);
        }
        let typed = Typed {
            unit: unit.to_owned(),
            role: role.name().to_owned(),
            roster: form.get("roster").to_owned(),
            ..Typed::default()
        };
        let shown = people_page(&app, &actor, &said, typed).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let (mut change, hours) = (app.store.change().await?, app.config.sessions.invitation_hours);
    let mut opened = Vec::new();
    for account in &accounts {
        change.add_account(account).await?;
        let subject = format!("account/{}", account.id);
        change
            .record(&actor.event("account-made", &subject, role.name()))
            .await?;
        let made = invite(&mut change, account, now, hours).await?;
        notices::of_link(&app, &mut change, account, &made.token, now).await?;
        opened.push(made);
    }
    change.commit().await?;
    app.bells.ring();
    Ok(page(
        &app,
        Some(&actor),
        "imported.html",
        &ImportedPage { opened, hours },
    )
    .into_response())
}

/// Name, login, mobile number and mail address of a line with commas or tabs; the last two may be missing.
fn roster_line(line: &str) -> Result<[String; 4], &'static str> {
    let mut parts = line
        .split(['\t', ',', '，'])
        .map(|part| part.trim().trim_matches('"').to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let [name, login, phone, email] = [next(), next().to_lowercase(), next(), next()];
    if name.is_empty() || name.chars().count() > 60 {
        Err("people.no-name")
    } else if !is_login(&login) {
        Err("people.bad-login")
    } else {
        Ok([name, login, phone, email])
    }
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
    let snapshot = app.portal.snapshot();
    let level = snapshot.units.get(&typed.unit).map(|unit| unit.level);
    let problem = if typed.name.is_empty() {
        Some("people.no-name".to_owned())
    } else if !is_login(&typed.login) {
        Some("people.bad-login".to_owned())
    } else if !matches!(level, Some(Level::School | Level::Group | Level::Other)) {
        Some("people.bad-unit".to_owned())
    } else if app.store.account_of_login(&typed.login).await?.is_some() {
        Some("people.taken".to_owned())
    } else {
        account::password_problem(&form, &typed.login)
    };
    if let Some(problem) = problem {
        let shown = register_page(&app, typed, app.texts.get(&problem))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let now = clock::now();
    let mut account = Account::new(
        ids::name(),
        &typed.login,
        &typed.name,
        &typed.unit,
        Role::Teacher,
        now,
    );
    (account.phone, account.email) = (typed.phone, typed.email);
    account.state = AccountState::Pending;
    account.password = Some(account::hash(&app, form.get("password")).await?);
    let mut change = app.store.change().await?;
    change.add_account(&account).await?;
    let event = Event {
        at: now,
        actor: Some(account.id.clone()),
        action: "registered".to_owned(),
        subject: format!("account/{}", account.id),
        detail: account.unit.clone(),
    };
    change.record(&event).await?;
    change.commit().await?;
    Ok(done_page(&app, "people.registered").into_response())
}

pub(crate) async fn act(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let account = app.store.account(&id).await?.ok_or_else(Error::not_found)?;
    actor.must_in(&app, Action::ManageAccounts, &account.unit).await?;
    if !actor.role().may_appoint(account.role()) || account.id == actor.account.id {
        return Err(Error::forbidden());
    }
    let (subject, now) = (format!("account/{id}"), clock::now());
    let mut change = app.store.change().await?;
    match form.get("do") {
        "reset" if account.is_active() => {
            change.record(&actor.event("account-reset", &subject, "")).await?;
            if form.get("totp") == "off" && account.totp.is_some() {
                change.set_totp(&id, None, 0).await?;
                change.record(&actor.event("totp-removed", &subject, "")).await?;
            }
            let opened = invite(&mut change, &account, now, app.config.sessions.invitation_hours).await?;
            notices::of_link(&app, &mut change, &account, &opened.token, now).await?;
            change.commit().await?;
            app.bells.ring();
            return Ok(page(&app, Some(&actor), "opened.html", &opened).into_response());
        }
        "confirm" if account.is_pending() => {
            change.set_account_state(&id, AccountState::Active).await?;
            change
                .record(&actor.event("account-confirmed", &subject, ""))
                .await?;
        }
        "close" => {
            let heir = heir(&app, &account, form.get("successor")).await?;
            change.set_account_state(&id, AccountState::Closed).await?;
            change.end_sessions(&id).await?;
            change.set_totp(&id, None, 0).await?;
            change.release(&id, now).await?;
            let handed = match &heir {
                Some(heir) => change.hand_over(&id, heir).await?,
                None => 0,
            };
            let detail = format!("{handed} {}", heir.unwrap_or_default());
            change
                .record(&actor.event("account-closed", &subject, detail.trim()))
                .await?;
        }
        _ => return Err(Error::invalid("wrong.form")),
    }
    change.commit().await?;
    Ok(Redirect::to("/intake/people").into_response())
}

/// The account of the same unit that goes on with what another leaves behind: who was named, or else the admin who has
/// been there longest. Nobody where the unit has no other admin: then a new one is made first, or the superior names
/// somebody.
async fn heir(app: &App, account: &Account, wanted: &str) -> Result<Option<String>, Error> {
    let accounts = app.store.accounts().await?;
    let mut heirs: Vec<&Account> = accounts
        .iter()
        .filter(|heir| heir.unit == account.unit && heir.is_active() && heir.id != account.id)
        .collect();
    if wanted.is_empty() {
        heirs.retain(|heir| heir.role().is_admin());
        heirs.sort_by_key(|heir| (heir.created_at, heir.id.clone()));
        return Ok(heirs.first().map(|heir| heir.id.clone()));
    }
    let heir = heirs.into_iter().find(|heir| heir.id == wanted);
    Ok(Some(
        heir.ok_or(Error::invalid("people.bad-successor"))?.id.clone(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Scope;

    #[test]
    fn logins_can_be_typed() {
        for (login, expected) in [
            ("zhang.san", true),
            ("ab", false),
            ("张三", false),
            ("A-b", false),
            ("a b c", false),
        ] {
            assert_eq!(is_login(login), expected, "{login}");
        }
    }

    #[test]
    fn rosters_are_read_line_by_line() {
        let cases = [
            ("示例甲,jia.1", Ok(["示例甲", "jia.1", "", ""])),
            (
                "示例乙\tYI-2\t13800138000\tyi@example.org",
                Ok(["示例乙", "yi-2", "13800138000", "yi@example.org"]),
            ),
            ("\"示例丙\"，bing", Ok(["示例丙", "bing", "", ""])),
            (",nobody", Err("people.no-name")),
            ("示例丁,丁", Err("people.bad-login")),
        ];
        for (line, expected) in cases {
            assert_eq!(
                roster_line(line),
                expected.map(|parts| parts.map(str::to_owned)),
                "{line}"
            );
        }
    }

    #[test]
    fn a_teacher_manages_nobody() {
        assert!(
            Scope::ALL
                .iter()
                .all(|scope| !can(Role::Teacher, Action::ManageAccounts, *scope))
        );
    }
}

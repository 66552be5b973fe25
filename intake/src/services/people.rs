//! Accounts of a unit and of those below it: made, reset, closed by whoever answers for them.

use std::collections::BTreeSet;

use jixia::content::Level;

use super::account::Wanted;
use super::actor::{Actor, event_of};
use super::invitation::{Opened, invite};
use super::{Error, Kind, notices, passwords};
use crate::app::App;
use crate::domain::account::AccountState;
use crate::domain::policy::Action;
use crate::domain::role::Role;
use crate::domain::roster::is_login;
use crate::store::{Account, Change};
use crate::{clock, ids};

/// Accounts that are made together.
const MOST: usize = 1000;
/// Most who wait in a unit to be confirmed: strangers can fill no more.
const MOST_PENDING: i64 = 200;
/// Most numbers that are tried where a login is taken.
const MOST_NUMBER: usize = 20;
/// Most characters of a name.
const LONGEST_NAME: usize = 60;

/// Who is to have an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Newcomer {
    pub login: String,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// The role of a name, if the actor may give it to accounts of a unit and such units have it.
///
/// # Errors
/// When there is no such role for them.
pub fn appointable(app: &App, actor: &Actor, unit: &str, role: &str) -> Result<Role, Error> {
    let level = app.portal.snapshot().units.get(unit).map(|unit| unit.level);
    let role = Role::from_name(role)
        .filter(|role| actor.role().may_appoint(*role) && level.is_some_and(|level| role.fits(level)));
    role.ok_or_else(|| Error::invalid("people.bad-role"))
}

/// What is wrong with what was typed of who is to have an account; the key of a text.
pub(super) fn typing_problem(newcomer: &Newcomer) -> Option<&'static str> {
    let is_named = !newcomer.name.is_empty() && newcomer.name.chars().count() <= LONGEST_NAME;
    if !is_login(&newcomer.login) {
        Some("people.bad-login")
    } else if !is_named {
        Some("people.no-name")
    } else {
        None
    }
}

/// What is wrong with who is to have an account; the key of a text.
async fn problem(app: &App, newcomer: &Newcomer) -> Result<Option<&'static str>, Error> {
    let typed = typing_problem(newcomer);
    Ok(if typed.is_some() {
        typed
    } else if app.store.account_of_login(&newcomer.login).await?.is_some() {
        Some("people.taken")
    } else {
        None
    })
}

/// Makes accounts in a unit, or none: what is wrong with any of them is said of all together.
///
/// # Errors
/// [`Kind::Forbidden`]; a role that the unit has not; hints with the line of everybody who cannot have an account.
pub async fn add(
    app: &App,
    actor: &Actor,
    (unit, role): (&str, &str),
    newcomers: &[(usize, Result<Newcomer, &'static str>)],
) -> Result<Vec<Opened>, Error> {
    actor.must_in(app, Action::ManageAccounts, unit).await?;
    let role = appointable(app, actor, unit, role)?;
    let now = clock::now();
    let (mut accounts, mut problems): (Vec<Account>, Vec<(usize, &str)>) = (Vec::new(), Vec::new());
    let mut logins = BTreeSet::new();
    for (line, newcomer) in newcomers {
        let newcomer = match newcomer {
            Ok(newcomer) => newcomer,
            Err(key) => {
                problems.push((*line, key));
                continue;
            }
        };
        match problem(app, newcomer).await? {
            Some(key) => problems.push((*line, key)),
            None if !logins.insert(&newcomer.login) => problems.push((*line, "people.taken")),
            None => {
                let mut account = Account::new(ids::name(), &newcomer.login, &newcomer.name, unit, role, now);
                account.phone.clone_from(&newcomer.phone);
                account.email.clone_from(&newcomer.email);
                accounts.push(account);
            }
        }
    }
    must_be_right(app, &problems, accounts.len(), newcomers.len())?;
    make(app, actor, &accounts).await
}

/// Makes accounts with the links that open them, all or none.
///
/// # Errors
/// When the database does not answer.
pub async fn make(app: &App, actor: &Actor, accounts: &[Account]) -> Result<Vec<Opened>, Error> {
    let (now, hours) = (clock::now(), app.config.sessions.invitation_hours);
    let mut change = app.store.change().await?;
    let mut opened = Vec::with_capacity(accounts.len());
    for account in accounts {
        change.add_account(account).await?;
        let subject = format!("account/{}", account.id);
        change
            .record(&actor.event("account-made", &subject, account.role().name()))
            .await?;
        let made = invite(&mut change, account, now, hours).await?;
        notices::of_link(app, &mut change, account, &made.token, now).await?;
        opened.push(made);
    }
    change.commit().await?;
    app.bells.ring();
    Ok(opened)
}

fn must_be_right(
    app: &App,
    problems: &[(usize, &'static str)],
    right: usize,
    all: usize,
) -> Result<(), Error> {
    let said = |(number, key): &(usize, &'static str)| {
        let (line, problem) = (number.to_string(), app.texts.get(key));
        app.texts
            .fill("people.line", &[("number", &line), ("problem", problem)])
    };
    match problems {
        // Whoever adds one person sees no lines.
        [(_, key)] if all == 1 => Err(Error::invalid(key)),
        [] if right == 0 || right > MOST => Err(Error::invalid("people.roster-size")),
        [] => Ok(()),
        problems => Err(Error::invalid("people.roster-wrong").hint(problems.iter().map(said))),
    }
}

/// The account of an id, if the actor answers for it.
pub(super) async fn managed(app: &App, actor: &Actor, id: &str) -> Result<Account, Error> {
    let account = app.store.account(id).await?.ok_or(Kind::NotFound)?;
    actor.must_in(app, Action::ManageAccounts, &account.unit).await?;
    if !actor.role().may_appoint(account.role()) || account.id == actor.account.id {
        return Err(Kind::Forbidden.into());
    }
    Ok(account)
}

/// Gives somebody a new link, and takes their second step of signing in away where it is lost.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] when the account is not open.
pub async fn reset(app: &App, actor: &Actor, id: &str, without_totp: bool) -> Result<Opened, Error> {
    let account = managed(app, actor, id).await?;
    if !account.is_active() {
        return Err(Kind::NotNow.into());
    }
    let (subject, now) = (format!("account/{id}"), clock::now());
    let mut change = app.store.change().await?;
    change.record(&actor.event("account-reset", &subject, "")).await?;
    // Whoever is in already may be why it is reset.
    change.end_sessions(id).await?;
    if without_totp && account.totp.is_some() {
        change.set_totp(id, None, 0).await?;
        change.record(&actor.event("totp-removed", &subject, "")).await?;
    }
    let opened = invite(&mut change, &account, now, app.config.sessions.invitation_hours).await?;
    notices::of_link(app, &mut change, &account, &opened.token, now).await?;
    change.commit().await?;
    app.bells.ring();
    Ok(opened)
}

/// Confirms somebody who asked for an account.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] when the account waits for nothing.
pub async fn confirm(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    let account = managed(app, actor, id).await?;
    if !account.is_pending() {
        return Err(Kind::NotNow.into());
    }
    let mut change = app.store.change().await?;
    change.set_account_state(id, AccountState::Active).await?;
    change
        .record(&actor.event("account-confirmed", &format!("account/{id}"), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Closes an account. What it was reviewing waits for its colleagues again, and its open submissions go to a successor:
/// each of them is no longer what its pages show.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; a successor of another unit.
pub async fn close(app: &App, actor: &Actor, id: &str, successor: &str) -> Result<(), Error> {
    let account = managed(app, actor, id).await?;
    let heir = heir(app, &account, successor).await?;
    let mut change = app.store.change().await?;
    change.set_account_state(id, AccountState::Closed).await?;
    change.end_sessions(id).await?;
    change.set_totp(id, None, 0).await?;
    release(&mut change, actor, id).await?;
    let handed = match &heir {
        Some(heir) => change.hand_over(id, heir).await?,
        None => Vec::new(),
    };
    for submission in &handed {
        let (subject, detail) = (
            format!("submission/{submission}"),
            format!("account/{}", heir.as_deref().unwrap_or_default()),
        );
        change
            .record(&actor.event("hand-over", &subject, &detail))
            .await?;
    }
    let detail = format!("{} {}", handed.len(), heir.unwrap_or_default());
    change
        .record(&actor.event("account-closed", &format!("account/{id}"), detail.trim()))
        .await?;
    change.commit().await?;
    Ok(())
}

/// What an account was reviewing waits for its colleagues, and nobody stands in for it or by it.
pub(super) async fn release(change: &mut Change<'_>, actor: &Actor, id: &str) -> Result<(), Error> {
    for submission in change.release(id, clock::now()).await? {
        let subject = format!("submission/{submission}");
        change.record(&actor.event("release", &subject, "")).await?;
    }
    Ok(())
}

/// The account of the same unit that goes on with what another leaves behind: who was named, or else the admin who has
/// been there longest. Returns `None` if the unit has no other admin: then a new one is made first, or the superior names
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
    let heir = heir.ok_or_else(|| Error::invalid("people.bad-successor"))?;
    Ok(Some(heir.id.clone()))
}

/// A teacher asks for an account; it opens once an admin of the unit has confirmed it. Nobody learns from it which logins
/// there are: if one is taken the account has a similar one, which the admin tells its holder.
///
/// # Errors
/// What is wrong with what was typed; too many wait in the unit already.
pub async fn register(app: &App, unit: &str, newcomer: &Newcomer, wanted: Wanted<'_>) -> Result<(), Error> {
    if let Some(key) = typing_problem(newcomer) {
        return Err(Error::invalid(key));
    }
    let level = app.portal.snapshot().units.get(unit).map(|unit| unit.level);
    if !matches!(level, Some(Level::School | Level::Group | Level::Other)) {
        return Err(Error::invalid("people.bad-unit"));
    }
    wanted.must_do(&newcomer.login)?;
    let (id, now) = (ids::name(), clock::now());
    let password = passwords::hash(app, wanted.password).await?;
    let mut change = app.store.change().await?;
    if change.pending_accounts(unit).await? >= MOST_PENDING {
        return Err(Error::invalid("people.full"));
    }
    let login = free_login(&mut change, &newcomer.login).await?;
    let mut account = Account::new(id, &login, &newcomer.name, unit, Role::Teacher, now);
    account.phone.clone_from(&newcomer.phone);
    account.email.clone_from(&newcomer.email);
    account.state = AccountState::Pending;
    account.password = Some(password);
    change.add_account(&account).await?;
    let mut event = event_of(&account, "registered", now);
    event.detail.clone_from(&account.unit);
    change.record(&event).await?;
    change.commit().await?;
    Ok(())
}

/// A login, or if it is taken the same with a number.
async fn free_login(change: &mut Change<'_>, wanted: &str) -> Result<String, Error> {
    let mut login = wanted.to_owned();
    for number in 2..=MOST_NUMBER {
        if !change.has_login(&login).await? {
            return Ok(login);
        }
        login = format!("{wanted}-{number}");
    }
    Ok(format!("{wanted}-{}", ids::name()))
}

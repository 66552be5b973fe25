//! A roster as a file: read and checked, and made once that is confirmed. Nothing waits on the server in between: the page
//! carries what was read, and it is checked again.

use std::collections::HashSet;

use jixia::office::tables;

use super::actor::Actor;
use super::blocking::looking;
use super::invitation::Opened;
use super::people::{self, appointable};
use super::sheets::Sheets;
use super::{Error, Kind};
use crate::app::App;
use crate::domain::policy::{Action, Role};
use crate::domain::roster::{self, Fault, Person};
use crate::domain::typed::filled;
use crate::domain::units::Unit;
use crate::store::Account;
use crate::{clock, ids};

/// What came of a roster.
#[derive(Debug)]
pub struct Checked<T> {
    /// What its people are to be.
    pub role: Role,
    /// Where in the file they stand.
    pub sheets: Sheets,
    /// What is made of it, or everything that is wrong with it.
    pub result: Result<T, Vec<Fault>>,
}

/// Reads a file for people of a unit, who are to have a role.
///
/// # Errors
/// [`super::Kind::Forbidden`]; a role that the unit has not; a file that cannot be read.
pub async fn read(
    app: &App,
    actor: &Actor,
    (unit, role): (&str, &str),
    file: Vec<u8>,
) -> Result<Checked<Vec<Person>>, Error> {
    actor.must_in(app, Action::ManageAccounts, unit).await?;
    let role = appointable(app, actor, unit, role)?;
    let table = looking(app, move |stop| tables::read(&file, None, stop)).await;
    // Whatever a file does to the reader, it is only a file that cannot be read.
    let is_fault = |error: &Error| error.kind == Kind::Internal;
    let table = match table {
        Err(error) if is_fault(&error) => Err(tables::Unreadable::Damaged),
        table => table?,
    };
    let table = table.map_err(|unreadable| Error::invalid(unreadable.text()))?;
    let sheets = Sheets::of(&table);
    let result = match roster::read(&table.rows) {
        Ok(people) => complete(app, actor, people, unit, role).await?,
        Err(faults) => Err(faults),
    };
    Ok(Checked { role, sheets, result })
}

/// Makes every account of a roster that was shown, or none.
///
/// # Errors
/// [`super::Kind::Forbidden`]; a role that the unit has not.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    (unit, role): (&str, &str),
    people: Vec<Person>,
) -> Result<Checked<Vec<Opened>>, Error> {
    actor.must_in(app, Action::ManageAccounts, unit).await?;
    let role = appointable(app, actor, unit, role)?;
    let people = match complete(app, actor, people, unit, role).await? {
        Ok(people) => people,
        Err(faults) => {
            return Ok(Checked {
                role,
                sheets: Sheets::default(),
                result: Err(faults),
            });
        }
    };
    let now = clock::now();
    let account = |person: Person| {
        let mut account = Account::new(ids::name(), &person.login, &person.name, &person.unit, role, now);
        account.phone = filled(&person.phone);
        account.email = filled(&person.email);
        account.position = filled(&person.position);
        account
    };
    let accounts: Vec<Account> = people.into_iter().map(account).collect();
    let result = Ok(people::make(app, actor, &accounts).await?);
    Ok(Checked {
        role,
        sheets: Sheets::default(),
        result,
    })
}

/// Units by id and logins in the place of what was written and left out, or what is wrong with them.
async fn complete(
    app: &App,
    actor: &Actor,
    mut people: Vec<Person>,
    chosen: &str,
    role: Role,
) -> Result<Result<Vec<Person>, Vec<Fault>>, Error> {
    let snapshot = app.portal.snapshot();
    let mut faults = roster::faults(&people);
    let given: HashSet<String> = people.iter().map(|person| person.login.clone()).collect();
    let mut taken: HashSet<String> = app.store.logins().await?.into_iter().collect();
    for person in &mut people {
        let unit = match person.unit.as_str() {
            "" => snapshot.units.get(chosen),
            written => snapshot
                .units
                .iter()
                .find(|unit| unit.id == written || unit.name == written),
        };
        let of_actor = |unit: &&Unit| actor.may_in(app, Action::ManageAccounts, &unit.id);
        match unit.filter(of_actor) {
            Some(unit) if appointable(app, actor, &unit.id, role.name()).is_ok() => {
                unit.id.clone_into(&mut person.unit);
            }
            Some(_) => faults.push(Fault::new(person.row, "unit", "people.bad-role")),
            None => faults.push(Fault::new(person.row, "unit", "roster.bad-unit")),
        }
        if !person.login.is_empty() {
            if !taken.insert(person.login.clone()) {
                faults.push(Fault::new(person.row, "login", "people.taken"));
            }
        } else if let Some(wanted) = roster::suggestion(&person.email) {
            let free =
                |login: &String| roster::is_login(login) && !taken.contains(login) && !given.contains(login);
            let numbered = (2..=roster::MOST + 1).map(|number| format!("{wanted}{number}"));
            let login = std::iter::once(wanted.clone()).chain(numbered).find(free);
            match login {
                Some(login) => {
                    taken.insert(login.clone());
                    person.login = login;
                }
                None => faults.push(Fault::new(person.row, "login", "roster.no-suggestion")),
            }
        }
    }
    faults.sort_by_key(|fault| fault.row);
    Ok(if faults.is_empty() {
        Ok(people)
    } else {
        Err(faults)
    })
}

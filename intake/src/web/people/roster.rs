//! A roster as a file: shown with what would be made of it, and made when that is confirmed. Nothing waits on the server
//! in between: the page carries what was read, and it is checked again.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::{Action, Role};
use crate::domain::roster::{self, Fault, Person};
use crate::files::tables;
use crate::services::people::{self, appointable};
use crate::store::Account;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::{Form, Incoming};
use crate::web::pages::page;
use crate::web::people::manage::ImportedPage;
use crate::web::signed::Signed;
use crate::{clock, ids};

#[derive(Serialize)]
struct RosterPage {
    faults: Vec<FaultLine>,
    people: Vec<PersonLine>,
    /// What was read, for the form that confirms it.
    packed: String,
    unit: String,
    role: String,
    role_label: String,
}

#[derive(Serialize)]
struct FaultLine {
    row: usize,
    column: &'static str,
    text: String,
}

#[derive(Serialize)]
struct PersonLine {
    person: Person,
    unit: String,
}

/// A table with nothing but the headings, with the mark by which Excel knows UTF-8.
pub(crate) async fn template(State(app): State<Arc<App>>, actor: Actor) -> Result<Response, Error> {
    actor
        .must_in(&app, Action::ManageAccounts, &actor.account.unit)
        .await?;
    let headings: Vec<&str> = roster::headings().collect();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"roster.csv\""),
    ];
    Ok((headers, format!("\u{feff}{}\r\n", headings.join(","))).into_response())
}

/// Reads a file and shows what would be made of it, or everything that is wrong with it.
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Incoming>,
) -> Result<Response, Error> {
    let (form, file) = form.with_file(tables::LARGEST, "roster.large").await?;
    actor
        .must_in(&app, Action::ManageAccounts, form.get("unit"))
        .await?;
    let role = appointable(&app, &actor, form.get("unit"), form.get("role"))?;
    // A task of its own: whatever a file does to the reader, it is only a file that cannot be read.
    let rows = tokio::task::spawn_blocking(move || tables::rows(&file)).await;
    let rows = rows.unwrap_or(Err(tables::Unreadable::Damaged));
    let rows = rows.map_err(|unreadable| Error::invalid(unreadable.text()))?;
    let checked = match roster::read(&rows) {
        Ok(people) => complete(&app, &actor, people, form.get("unit"), role).await?,
        Err(faults) => Err(faults),
    };
    show(&app, &actor, checked, form.get("unit"), role)
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
        let of_actor =
            |unit: &&crate::domain::units::Unit| actor.may_in(app, Action::ManageAccounts, &unit.id);
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
                None => faults.push(Fault::new(person.row, "login", "roster.no-login")),
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

fn show(
    app: &App,
    actor: &Actor,
    checked: Result<Vec<Person>, Vec<Fault>>,
    unit: &str,
    role: Role,
) -> Result<Response, Error> {
    let snapshot = app.portal.snapshot();
    let status = match &checked {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (people, faults) = match checked {
        Ok(people) => (people, Vec::new()),
        Err(faults) => (Vec::new(), faults),
    };
    let fault = |fault: Fault| FaultLine {
        row: fault.row,
        column: fault.column,
        text: app.texts.get(fault.text).to_owned(),
    };
    let shown = RosterPage {
        packed: serde_json::to_string(&people)?,
        faults: faults.into_iter().map(fault).collect(),
        people: people
            .into_iter()
            .map(|person| PersonLine {
                unit: snapshot.units.name(&person.unit).to_owned(),
                person,
            })
            .collect(),
        unit: unit.to_owned(),
        role: role.name().to_owned(),
        role_label: app.texts.get(&format!("role.{}", role.name())).to_owned(),
    };
    Ok((status, page(app, Some(actor), "roster.html", &shown)).into_response())
}

/// Makes every account of a roster that was shown, or none.
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let unit = form.get("unit");
    actor.must_in(&app, Action::ManageAccounts, unit).await?;
    let role = appointable(&app, &actor, unit, form.get("role"))?;
    let people: Vec<Person> =
        serde_json::from_str(form.get("people")).map_err(|_| Error::invalid("wrong.form"))?;
    let people = match complete(&app, &actor, people, unit, role).await? {
        Ok(people) => people,
        Err(faults) => return show(&app, &actor, Err(faults), unit, role),
    };
    let (now, hours) = (clock::now(), app.config.sessions.invitation_hours);
    let account = |person: Person| {
        let mut account = Account::new(ids::name(), &person.login, &person.name, &person.unit, role, now);
        (account.phone, account.email, account.position) = (person.phone, person.email, person.position);
        account
    };
    let accounts: Vec<Account> = people.into_iter().map(account).collect();
    let opened = people::make(&app, &actor, &accounts).await?;
    Ok(page(
        &app,
        Some(&actor),
        "imported.html",
        &ImportedPage { opened, hours },
    )
    .into_response())
}

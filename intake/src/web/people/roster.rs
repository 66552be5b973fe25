//! A roster as a file: shown with what would be made of it, and made when that is confirmed.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jixia::office::tables;
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::roster::{self, Fault, Person};
use crate::services;
use crate::services::roster::Checked;
use crate::services::sheets::Sheets;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::{Form, Incoming};
use crate::web::pages::page;
use crate::web::people::manage::ImportedPage;
use crate::web::signed::Signed;

#[derive(Serialize)]
struct RosterPage {
    sheets: Sheets,
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
    column: String,
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
    Ok(empty_table("roster.csv", &headings))
}

/// A file with nothing but headings, with the mark by which Excel knows UTF-8.
pub(crate) fn empty_table(name: &str, headings: &[impl AsRef<str>]) -> Response {
    let headings: Vec<&str> = headings.iter().map(AsRef::as_ref).collect();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, format!("\u{feff}{}\r\n", headings.join(","))).into_response()
}

/// Reads a file and shows what would be made of it, or everything that is wrong with it.
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Incoming>,
) -> Result<Response, Error> {
    let (form, file) = form.with_file(tables::LARGEST, "roster.large").await?;
    let unit = form.get("unit");
    let checked = services::roster::read(&app, &actor, (unit, form.get("role")), file.bytes).await?;
    show(&app, &actor, checked, unit)
}

fn show(
    app: &App,
    actor: &Actor,
    Checked { role, sheets, result }: Checked<Vec<Person>>,
    unit: &str,
) -> Result<Response, Error> {
    let snapshot = app.portal.snapshot();
    let (status, people, faults) = match result {
        Ok(people) => (StatusCode::OK, people, Vec::new()),
        Err(faults) => (StatusCode::UNPROCESSABLE_ENTITY, Vec::new(), faults),
    };
    let fault = |fault: Fault| FaultLine {
        row: fault.row,
        column: fault.column,
        text: app.texts.get(fault.text).to_owned(),
    };
    let shown = RosterPage {
        sheets,
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
    let (unit, role) = (form.get("unit"), form.get("role"));
    let people: Vec<Person> =
        serde_json::from_str(form.get("people")).map_err(|_| Error::invalid("wrong.form"))?;
    let Checked { role, sheets, result } =
        services::roster::confirm(&app, &actor, (unit, role), people).await?;
    let opened = match result {
        Ok(opened) => opened,
        Err(faults) => {
            let checked = Checked {
                role,
                sheets,
                result: Err(faults),
            };
            return show(&app, &actor, checked, unit);
        }
    };
    let shown = ImportedPage {
        opened,
        hours: app.config.sessions.invitation_hours,
    };
    Ok(page(&app, Some(&actor), "imported.html", &shown).into_response())
}

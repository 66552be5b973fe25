//! Many drafts from a table, for admins.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jixia::office::tables;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::policy::Action;
use crate::portal::TableFault;
use crate::services;
use crate::services::sheets::Sheets;
use crate::services::table::{Checked, Draft, LARGEST, MOST};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Incoming;
use crate::web::pages::{Page, page};
use crate::web::people::roster::empty_table;
use crate::web::signed::Signed;

#[derive(Default, Serialize)]
struct TablePage {
    kinds: Vec<(String, String)>,
    chosen: String,
    most: usize,
    /// Why a file was not read.
    problem: String,
    is_checked: bool,
    is_made: bool,
    sheets: Sheets,
    faults: Vec<FaultLine>,
    drafts: Vec<DraftLine>,
    known: Vec<DraftLine>,
    left: Vec<String>,
    lost: Vec<String>,
}

#[derive(Serialize)]
struct FaultLine {
    row: usize,
    title: String,
    column: String,
    message: String,
    mend: String,
}

#[derive(Serialize)]
struct DraftLine {
    row: usize,
    title: String,
    id: String,
    refused: Vec<String>,
}

fn line(draft: Draft) -> DraftLine {
    DraftLine {
        row: draft.row,
        title: draft.title,
        id: draft.id,
        refused: draft.refused,
    }
}

fn empty(app: &App, actor: &Actor, chosen: &str) -> TablePage {
    let snapshot = app.portal.snapshot();
    let kinds = snapshot
        .kinds_begun_by(actor.role(), &actor.account.unit)
        .into_iter();
    TablePage {
        kinds: kinds
            .map(|kind| (kind.id.clone(), kind.label("zh-CN").to_owned()))
            .collect(),
        chosen: chosen.to_owned(),
        most: MOST,
        ..TablePage::default()
    }
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    actor
        .must_in(&app, Action::CreateMany, &actor.account.unit)
        .await?;
    Ok(page(&app, Some(&actor), "table.html", &empty(&app, &actor, "")))
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    kind: String,
}

/// An empty table for drafts of a kind.
pub(crate) async fn template(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let headings = services::table::headings(&app, &actor, &wanted.kind).await?;
    Ok(empty_table("table.csv", &headings))
}

/// Checks a table, or makes drafts of it.
pub(crate) async fn make(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Incoming>,
) -> Result<Response, Error> {
    let taken = [("table", tables::LARGEST), ("archive", LARGEST)];
    let (form, [table, archive]) = form.with_files(taken, "table.large").await?;
    let (kind, is_trial) = (form.get("kind"), form.get("do") != "make");
    let mut shown = empty(&app, &actor, kind);
    let status = match services::table::drafts(&app, &actor, (kind, is_trial), table, archive).await {
        Err(error) if error.kind == services::Kind::Invalid => {
            app.texts.get(error.key).clone_into(&mut shown.problem);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        checked => fill(&mut shown, checked?, is_trial),
    };
    Ok((status, page(&app, Some(&actor), "table.html", &shown)).into_response())
}

fn fill(shown: &mut TablePage, checked: Checked, is_trial: bool) -> StatusCode {
    let fault = |fault: TableFault| FaultLine {
        row: fault.row,
        title: fault.title,
        column: fault.column,
        message: fault.message,
        mend: fault.mend,
    };
    shown.faults = checked.faults.into_iter().map(fault).collect();
    shown.sheets = checked.sheets;
    shown.is_checked = true;
    shown.is_made = shown.faults.is_empty() && !is_trial;
    shown.drafts = checked.drafts.into_iter().map(line).collect();
    shown.known = checked.known.into_iter().map(line).collect();
    (shown.left, shown.lost) = (checked.left, checked.lost);
    if shown.faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

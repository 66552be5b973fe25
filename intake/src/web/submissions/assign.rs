//! A reviewer gives what is under review to a colleague of the same unit.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use crate::app::App;
use crate::domain::submission::Version;
use crate::services::assignment;
use crate::store::Account;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::again;
use crate::web::submissions::opinion::{self, AskedLine};

#[derive(Serialize)]
struct AssignPage {
    id: String,
    title: String,
    version: Version,
    colleagues: Vec<(String, String)>,
    reviewer: String,
    experts: Vec<(String, String)>,
    asked: Vec<AskedLine>,
    /// The day until which an opinion is usually asked for.
    due: String,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Page, Error> {
    let submission = assignment::under_review(&app, &actor, &id).await?;
    let accounts = app.store.accounts().await?;
    // Oneself takes an item on its own page.
    let colleagues = accounts.iter().filter(|account| {
        assignment::can_be_given(&app, account, &submission) && account.id != actor.account.id
    });
    let asked = opinion::lines(&app, &actor, &submission).await?;
    let is_awaited = |account: &Account| {
        let mut asked = asked.iter();
        asked.any(|line| line.is_awaited && line.expert == account.id)
    };
    let experts = accounts
        .iter()
        .filter(|account| assignment::can_be_asked(&app, account, &submission) && !is_awaited(account));
    let line = |account: &Account| (account.id.clone(), account.name.clone());
    let shown = AssignPage {
        id,
        title: submission.title.clone(),
        version: submission.decided_on(),
        colleagues: colleagues.map(line).collect(),
        experts: experts.map(line).collect(),
        due: assignment::usual_due(&app),
        asked,
        reviewer: submission.reviewer.unwrap_or_default(),
    };
    Ok(page(&app, Some(&actor), "assign.html", &shown))
}

/// Gives it to a colleague.
pub(crate) async fn give(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let done = assignment::give(&app, &actor, &id, form.version(), form.get("reviewer")).await;
    let (address, next) = (
        format!("/intake/items/{id}/reviewer"),
        format!("/intake/items/{id}"),
    );
    again::answer(&app, &actor, &id, (&address, &form), done, &next).await
}

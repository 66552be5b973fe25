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

#[derive(Serialize)]
struct AssignPage {
    id: String,
    title: String,
    version: Version,
    colleagues: Vec<(String, String)>,
    reviewer: String,
    experts: Vec<(String, String)>,
    asked: Vec<Asked>,
}

/// An expert who was asked, and what came of it.
#[derive(Serialize)]
struct Asked {
    name: String,
    verdict: String,
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
    let mut asked = Vec::new();
    let mut awaited = Vec::new();
    for assignment in app.store.assignments(&id).await? {
        let expert = accounts.iter().find(|account| account.id == assignment.expert);
        let key = match assignment.verdict {
            None => "opinion.awaited".to_owned(),
            Some(verdict) => format!("opinion.{}", verdict.name()),
        };
        if assignment.verdict.is_none() {
            awaited.push(assignment.expert.clone());
        }
        asked.push(Asked {
            name: expert.map(|expert| expert.name.clone()).unwrap_or_default(),
            verdict: app.texts.get(&key).to_owned(),
        });
    }
    let experts = accounts.iter().filter(|account| {
        assignment::can_be_asked(&app, account, &submission) && !awaited.contains(&account.id)
    });
    let line = |account: &Account| (account.id.clone(), account.name.clone());
    let shown = AssignPage {
        id,
        title: submission.title.clone(),
        version: submission.decided_on(),
        colleagues: colleagues.map(line).collect(),
        experts: experts.map(line).collect(),
        asked,
        reviewer: submission.reviewer,
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

//! The page after a decision: what happened, who has it now, and what comes next.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::services::desk;
use crate::services::submission::find_for;
use crate::store::Row;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::pages::{Page, page};
use crate::web::submissions::desk::{Line, lines};
use crate::web::submissions::live::{self, Live};

#[derive(Serialize)]
struct ResultPage {
    id: String,
    title: String,
    /// What the reader did, and when.
    act: String,
    at: String,
    live: Live,
    next: Vec<Line>,
    /// How many wait for the unit.
    left: i64,
}

/// Where one comes to after deciding: the page of the result, for those who may still see the submission.
pub(crate) async fn after(app: &App, actor: &Actor, id: &str) -> Result<String, Error> {
    let submission = app.store.submission(id).await?;
    let sees = submission.is_some_and(|submission| actor.may(app, Action::Read, &submission));
    Ok(if sees {
        format!("/intake/items/{id}/result")
    } else {
        "/intake/queue".to_owned()
    })
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Page, Error> {
    let submission = find_for(&app, &actor, &id, Action::Read).await?;
    let acts = app
        .store
        .last_acts(&actor.account.id, std::slice::from_ref(&id))
        .await?;
    let (_, act, at) = acts.last().ok_or_else(Error::not_found)?;
    let next: Option<Row> = desk::next(&app, &actor, &id).await?;
    let shown = ResultPage {
        live: live::of(&app, &submission).await?,
        act: app.texts.get(&format!("step.{act}")).to_owned(),
        at: clock::written(*at, app.portal.snapshot().zone()),
        next: lines(&app, next.into_iter().collect()),
        left: actor.tasks.queue,
        title: submission.title,
        id,
    };
    Ok(page(&app, Some(&actor), "result.html", &shown))
}

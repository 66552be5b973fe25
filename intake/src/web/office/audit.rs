//! The audit log and work that went wrong, for the province's admin.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::services::publishing;
use crate::store::JobState;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// Events that the page shows.
const MOST: i64 = 200;

#[derive(Serialize)]
struct AuditPage {
    events: Vec<EventLine>,
    jobs: Vec<JobLine>,
}

#[derive(Serialize)]
struct EventLine {
    number: i64,
    at: String,
    who: String,
    /// What happened in words.
    what: String,
    /// The log's own word.
    action: String,
    subject: String,
    detail: String,
}

#[derive(Serialize)]
struct JobLine {
    id: String,
    state: JobState,
    attempts: i64,
    problem: String,
}

/// What happened in words; the log's own word where there are none.
fn happened(app: &App, action: &str) -> String {
    if action.starts_with("refused:") {
        return app.texts.get("audit.refused").to_owned();
    }
    let keys = [format!("step.{action}"), format!("happened.{action}")];
    let known = keys.iter().map(|key| (key, app.texts.get(key)));
    let known = known.into_iter().find(|(key, text)| key.as_str() != *text);
    known.map_or(action, |(_, text)| text).to_owned()
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    actor
        .must_in(&app, Action::ReadAudit, &actor.account.unit)
        .await?;
    let snapshot = app.portal.snapshot();
    let names: Vec<(String, String)> = app
        .store
        .accounts()
        .await?
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect();
    let name = |id: &str| {
        names
            .iter()
            .find(|(known, _)| known == id)
            .map_or(id, |(_, name)| name)
            .to_owned()
    };
    let events = app
        .store
        .latest_audit(MOST)
        .await?
        .into_iter()
        .map(|recorded| EventLine {
            number: recorded.number,
            at: clock::written(recorded.event.at, snapshot.zone()),
            who: recorded
                .event
                .actor
                .as_deref()
                .map_or_else(|| app.texts.get("item.server").to_owned(), name),
            what: happened(&app, &recorded.event.action),
            action: recorded.event.action,
            subject: recorded.event.subject,
            detail: recorded.event.detail,
        });
    let events = events.collect();
    let jobs = app.store.troubled_jobs().await?.into_iter().map(|job| JobLine {
        id: job.id,
        state: job.state,
        attempts: job.attempts,
        problem: job.problem,
    });
    let shown = AuditPage {
        events,
        jobs: jobs.collect(),
    };
    Ok(page(&app, Some(&actor), "audit.html", &shown))
}

pub(crate) async fn retry(
    State(app): State<Arc<App>>,
    Signed { actor, .. }: Signed<Form>,
) -> Result<Response, Error> {
    publishing::retry(&app, &actor).await?;
    Ok(Redirect::to("/intake/audit").into_response())
}

//! Experts: asked by a reviewer before the decision, they see what is assigned to them and say what they think of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use crate::app::App;
use crate::domain::opinion::Verdict;
use crate::domain::policy::Action;
use crate::domain::submission::Version;
use crate::services::assignment;
use crate::services::submission::find_for;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::again;

#[derive(Serialize)]
struct OpinionPage {
    id: String,
    title: String,
    version: Version,
    verdicts: Vec<(&'static str, String)>,
}

/// Asks an expert.
pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let done = assignment::ask(&app, &actor, &id, form.version(), form.get("expert")).await;
    let (address, next) = (
        format!("/intake/items/{id}/experts"),
        format!("/intake/items/{id}/reviewer"),
    );
    again::answer(&app, &actor, &id, (&address, &form), done, &next).await
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Page, Error> {
    let submission = find_for(&app, &actor, &id, Action::Advise).await?;
    let verdict = |verdict: &Verdict| {
        let name = verdict.name();
        (name, app.texts.get(&format!("opinion.{name}")).to_owned())
    };
    let shown = OpinionPage {
        id,
        version: submission.decided_on(),
        title: submission.title,
        verdicts: Verdict::ALL.iter().map(verdict).collect(),
    };
    Ok(page(&app, Some(&actor), "opinion.html", &shown))
}

/// Says what an expert thinks.
pub(crate) async fn say(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let said = (form.get("verdict"), form.get("message"));
    let done = assignment::advise(&app, &actor, &id, form.version(), said).await;
    let (address, next) = (
        format!("/intake/items/{id}/opinion"),
        format!("/intake/items/{id}#remarks"),
    );
    again::answer(&app, &actor, &id, (&address, &form), done, &next).await
}

//! Beginning a new entry: from nothing, or from a Word document.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::Action;
use crate::services::{drafts, word};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::{Form, Incoming};
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::saving::of_word;

#[derive(Serialize)]
struct KindsPage {
    kinds: Vec<(String, String)>,
    /// The kind that was chosen for a document.
    chosen: String,
    /// Why a document was not read.
    problem: String,
}

fn show(app: &App, actor: &Actor, chosen: &str, problem: &str) -> Page {
    let snapshot = app.portal.snapshot();
    let kinds = snapshot
        .kinds_begun_by(actor.role(), &actor.account.unit)
        .into_iter()
        .map(|kind| (kind.id.clone(), kind.label("zh-CN").to_owned()));
    let shown = KindsPage {
        kinds: kinds.collect(),
        chosen: chosen.to_owned(),
        problem: problem.to_owned(),
    };
    page(app, Some(actor), "kinds.html", &shown)
}

pub(crate) async fn kinds(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    actor.must_in(&app, Action::Create, &actor.account.unit).await?;
    Ok(show(&app, &actor, "", ""))
}

pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let submission = drafts::begin(&app, &actor, form.get("kind")).await?;
    Ok(Redirect::to(&format!("/intake/items/{}/edit", submission.id)).into_response())
}

/// Begins an entry whose title and text are those of a document.
pub(crate) async fn from_word(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Incoming>,
) -> Result<Response, Error> {
    let (form, file) = form.with_file(word::LARGEST, "word.large").await?;
    let (kind, name) = (form.get("kind"), file.name.clone());
    match word::begin(&app, &actor, kind, file).await? {
        Ok((submission, losses)) => {
            let place = format!("/intake/items/{}/edit{}", submission.id, of_word(&losses));
            Ok(Redirect::to(&place).into_response())
        }
        Err(key) => {
            let between = if name.is_empty() { "" } else { "：" };
            let problem = format!("{name}{between}{}", app.texts.get(key));
            Ok((
                StatusCode::UNPROCESSABLE_ENTITY,
                show(&app, &actor, kind, &problem),
            )
                .into_response())
        }
    }
}

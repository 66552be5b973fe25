//! Where a submission is while the server publishes it: for the page's script, which asks again until it is there.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::submission::State as Standing;
use crate::services::going_public;
use crate::services::submission::find_for;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::submissions::standing::whose_turn;

/// What the page says and the script renews.
#[derive(Serialize)]
pub(crate) struct Live {
    state: Standing,
    label: String,
    /// Who has it now, in a sentence.
    turn: String,
    /// Whether it is worth asking again.
    pub(crate) is_moving: bool,
    url: Option<String>,
    /// What the link to the page says.
    link: String,
    /// When it will be public by itself, in a sentence.
    scheduled: Option<String>,
}

/// Where a submission is.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn of(app: &App, submission: &Submission) -> Result<Live, Error> {
    let progress = going_public::progress(app, submission);
    let scheduled = progress.scheduled.as_deref();
    Ok(Live {
        state: progress.state,
        label: app
            .texts
            .get(&format!("state.{}", progress.state.name()))
            .to_owned(),
        turn: whose_turn(app, submission, 0).await?,
        is_moving: progress.is_moving,
        scheduled: scheduled.map(|at| app.texts.fill("item.scheduled", &[("at", at)])),
        url: progress.url,
        link: app.texts.get("item.on_portal").to_owned(),
    })
}

pub(crate) async fn state(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Json<Live>, Error> {
    let submission = find_for(&app, &actor, &id, Action::Read).await?;
    Ok(Json(of(&app, &submission).await?))
}

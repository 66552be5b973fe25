//! What everybody will see when a submission is accepted: said before it is done, for nobody can take back what was read.

use std::sync::Arc;

use serde_json::Value;

use super::Error;
use super::content;
use crate::app::App;
use crate::clock;
use crate::domain::submission::{Purpose, State};
use crate::store::Submission;

/// What will be public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoingPublic {
    /// What is published, changed or taken down.
    pub purpose: Purpose,
    /// The address of its page.
    pub url: String,
    /// When it appears by itself, if not at once.
    pub at: Option<String>,
    /// The names of its files.
    pub files: Vec<String>,
    /// Names of people and of the unit on the page.
    pub names: Vec<String>,
}

/// What will be public of a submission.
///
/// # Errors
/// When the database does not answer, or the content cannot be composed.
pub async fn of(app: &Arc<App>, submission: &Submission) -> Result<GoingPublic, Error> {
    let snapshot = app.portal.snapshot();
    let uploads = app.store.uploads(&submission.id).await?;
    let content = content::proposed(app, submission).await?.content;
    let authors = content.get("authors").and_then(Value::as_array);
    let authors = authors.into_iter().flatten().filter_map(Value::as_str);
    let mut names: Vec<String> = authors.map(|author| snapshot.author_named(author).name).collect();
    names.extend(submission.signed_off_by.clone());
    names.push(snapshot.units.name(&submission.unit).to_owned());
    let at = content.get("publish_at").and_then(Value::as_str);
    Ok(GoingPublic {
        purpose: submission.purpose,
        url: snapshot.url_of(&submission.path),
        at: at.filter(|at| !at.is_empty()).map(str::to_owned),
        files: uploads.into_iter().map(|upload| upload.name).collect(),
        names,
    })
}

/// Where a submission stands for a page that waits for it to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its state.
    pub state: State,
    /// Whether the server is at work, so that it is worth asking again.
    pub is_moving: bool,
    /// The page on the portal, once it is there.
    pub url: Option<String>,
    /// When it will be public by itself, if it is published and does not show yet.
    pub scheduled: Option<String>,
}

/// Where a submission stands.
pub fn progress(app: &App, submission: &Submission) -> Progress {
    let snapshot = app.portal.snapshot();
    let is_published = submission.state == State::Published;
    let scheduled = is_published
        .then(|| snapshot.scheduled_at(&submission.path))
        .flatten();
    let is_there = is_published && scheduled.is_none() && submission.purpose != Purpose::Takedown;
    Progress {
        state: submission.state,
        is_moving: matches!(submission.state, State::Accepted | State::Merged),
        url: is_there.then(|| snapshot.url_of(&submission.path)),
        scheduled: scheduled.map(|at| clock::written(at, snapshot.zone())),
    }
}

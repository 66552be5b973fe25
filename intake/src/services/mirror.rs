//! Keeps what a forge shows about a submission in step: where it is, as labels; what was decided, as comments.
//!
//! Who reads a forge need not have an account here, so a comment says what was decided and by which unit, and neither a
//! name nor what people wrote to each other.

use std::sync::Arc;

use super::{Error, submission};
use crate::app::App;
use crate::forge::{Comment, Person};
use crate::store::Submission;

/// Events that are told.
const TOLD: &[&str] = &[
    "submit", "endorse", "take", "assign", "return", "reject", "accept", "conflict", "publish", "withdraw",
];

/// Brings the forge up to what the database says; repeated it changes nothing.
///
/// # Errors
/// When the forge does not answer; it is tried again.
pub async fn mirror(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let submission = &submission::find(app, id).await?;
    let labels = labels(submission);
    let comments = comments(app, submission).await?;
    let (forge, id) = (Arc::clone(&app.forge), submission.id.clone());
    let told = tokio::task::spawn_blocking(move || {
        // In this order who sees a label finds the comments that led to it.
        forge.comment(&id, &comments)?;
        forge.label(&id, &labels)
    });
    told.await?.map_err(Error::internal)?;
    Ok(())
}

fn labels(submission: &Submission) -> Vec<String> {
    vec![
        format!("state:{}", submission.state.name()),
        format!("kind:{}", submission.kind),
        format!("unit:{}", submission.unit),
        format!("purpose:{}", submission.purpose.name()),
    ]
}

async fn comments(app: &App, submission: &Submission) -> Result<Vec<Comment>, Error> {
    let snapshot = app.portal.snapshot();
    let mut comments = Vec::new();
    for recorded in app.store.audit_of(&submission.subject()).await? {
        let event = recorded.event;
        if !TOLD.contains(&event.action.as_str()) {
            continue;
        }
        let unit = match &event.actor {
            Some(actor) => app.store.account(actor).await?.map(|account| account.unit),
            None => None,
        };
        let author = match &unit {
            Some(unit) => Person::of_account(unit, snapshot.units.name(unit)),
            None => Person::of_account("server", app.texts.get("item.server")),
        };
        comments.push(Comment {
            key: Some(recorded.number.to_string()),
            author,
            at: event.at / 1000,
            text: app.texts.get(&format!("step.{}", event.action)).to_owned(),
        });
    }
    Ok(comments)
}

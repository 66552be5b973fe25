//! A step of a submission: the new state, its audit event and the job that follows, stored together or not at all.

use std::sync::Arc;

use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::submission::{State, Step};
use crate::jobs::notices;
use crate::store::{Account, Change, JobKind, Message, Submission};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::submissions::changes;
use crate::{clock, ids};

/// Milliseconds after which the forge is told of a submission: on the last day of a call branches come first.
const PATIENCE: i64 = 30_000;

/// What a remark is about.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct About<'a> {
    /// Name of the field; empty for the whole.
    pub(crate) field: &'a str,
    /// Words of the body; empty for the field as a whole.
    pub(crate) quote: &'a str,
}

/// What goes with a step.
#[derive(Debug, Default)]
pub(crate) struct With<'a> {
    /// What the actor says; empty for nothing.
    pub(crate) message: &'a str,
    /// What that is about.
    pub(crate) about: About<'a>,
    /// The leader who signed off, for an endorsement.
    pub(crate) signed_off_by: &'a str,
    /// Hash of the content, for a submission.
    pub(crate) content: &'a str,
    /// The save that was checked, for a submission: nothing may have been saved since.
    pub(crate) revision: Option<i64>,
}

/// Takes a step for an actor who may.
pub(crate) async fn take(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    (action, step): (Action, Step),
    with: With<'_>,
) -> Result<Submission, Error> {
    let known = app.store.submission(id).await?.ok_or_else(Error::not_found)?;
    actor.must(app, action, &known).await?;
    let files = app.store.uploads(id).await?;
    let mut change = app.store.change().await?;
    // Again within the transaction: somebody else may have decided since the page was shown.
    let mut submission = change.submission(id).await?.ok_or_else(Error::not_found)?;
    let is_checked = with
        .revision
        .is_none_or(|revision| revision == submission.revision);
    if !actor.may(app, action, &submission) || !is_checked {
        return Err(Error::not_now());
    }
    let state = submission.state.after(step).map_err(|_| Error::not_now())?;
    let principal = actor.in_place_of(app, action, &submission);
    let now = clock::now();
    apply(app, actor, &mut submission, (step, state), &with, now);
    change.put_submission(&submission).await?;
    match step {
        Step::Submit { .. } => {
            let content = changes::said(app, &submission, &files)?;
            change.add_edition(id, submission.version, &content, now).await?;
        }
        Step::Return => {
            change
                .note_return(id, submission.version, &actor.account.unit)
                .await?;
        }
        _ => {}
    }
    change
        .record(&actor.event(step.name(), &submission.subject(), with.message))
        .await?;
    if let Some(principal) = principal {
        note_deputy(&mut change, actor, principal, step, &submission).await?;
    }
    if !with.message.is_empty() {
        say(&mut change, actor, &submission, with.about, with.message).await?;
    }
    if let Some((kind, edition)) = job_after(&submission, state) {
        change.enqueue(kind, id, &edition, now).await?;
    }
    let who = &actor.account.id;
    notices::of_step(app, &mut change, &submission, state, who, with.message, now).await?;
    let edition = format!("{}-{}", submission.version, state.name());
    let due = match state {
        State::Submitted => now + PATIENCE,
        _ => now,
    };
    change.enqueue(JobKind::Mirror, id, &edition, due).await?;
    change.commit().await?;
    app.bells.ring();
    Ok(submission)
}

fn apply(
    app: &App,
    actor: &Actor,
    submission: &mut Submission,
    (step, state): (Step, State),
    with: &With<'_>,
    now: i64,
) {
    submission.state = state;
    submission.state_at = now;
    submission.updated_at = now;
    match step {
        Step::Submit { .. } => {
            submission.version += 1;
            submission.submitted_at = now;
            with.content.clone_into(&mut submission.submitted_hash);
        }
        Step::Endorse => {
            submission.endorsed_hash = submission.submitted_hash.clone();
            submission.endorser.clone_from(&actor.account.id);
            with.signed_off_by.clone_into(&mut submission.signed_off_by);
        }
        Step::Take => submission.reviewer.clone_from(&actor.account.id),
        Step::Accept => {
            submission.reviewer.clone_from(&actor.account.id);
            submission.accepted_at = now;
        }
        _ => {}
    }
    submission.holder = holder(app, submission, state);
}

/// The unit whose turn it is in a state.
fn holder(app: &App, submission: &Submission, state: State) -> String {
    let snapshot = app.portal.snapshot();
    match state {
        State::Submitted => submission.unit.clone(),
        State::Endorsed => {
            let chain = snapshot
                .kind(&submission.kind)
                .map(|kind| snapshot.chain(kind))
                .unwrap_or_default();
            let reviewer = snapshot.units.reviewer(&chain, &submission.unit);
            reviewer.map(|unit| unit.id.clone()).unwrap_or_default()
        }
        State::InReview | State::Accepted => submission.holder.clone(),
        _ => String::new(),
    }
}

/// The job that a new state asks for, with what makes its id differ from that of an earlier round.
fn job_after(submission: &Submission, state: State) -> Option<(JobKind, String)> {
    let version = submission.version;
    match state {
        State::Submitted => Some((JobKind::Branch, format!("{version}"))),
        // The leader's name comes with the endorsement.
        State::Endorsed => Some((JobKind::Branch, format!("{version}-endorsed"))),
        State::Accepted => Some((JobKind::Merge, format!("{version}"))),
        State::Withdrawn | State::Rejected => Some((JobKind::Close, format!("{version}"))),
        _ => None,
    }
}

/// Notes for whom a deputy took a step.
async fn note_deputy(
    change: &mut Change<'_>,
    actor: &Actor,
    principal: &Account,
    step: Step,
    submission: &Submission,
) -> Result<(), Error> {
    let detail = format!("{} for account/{}", step.name(), principal.id);
    change
        .record(&actor.event("in-place-of", &submission.subject(), &detail))
        .await?;
    Ok(())
}

/// Adds what an actor says about a submission.
pub(crate) async fn say(
    change: &mut Change<'_>,
    actor: &Actor,
    submission: &Submission,
    about: About<'_>,
    text: &str,
) -> Result<(), Error> {
    let message = Message {
        id: ids::name(),
        submission: submission.id.clone(),
        author: actor.account.id.clone(),
        field: about.field.to_owned(),
        quote: about.quote.to_owned(),
        text: text.chars().take(4000).collect(),
        version: submission.version,
        at: clock::now(),
        settled_at: 0,
    };
    change.add_message(&message).await?;
    Ok(())
}

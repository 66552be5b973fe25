//! The only place where a submission moves: its new state, its audit event, what is said with it, who is told, and the
//! jobs that follow, stored together or not at all.

use std::sync::Arc;

use super::actor::Actor;
use super::{Error, Kind, content, notices, remarks};
use crate::app::App;
use crate::domain::audit::Event;
use crate::domain::policy::Action;
use crate::domain::rights::{self, Right};
use crate::domain::submission::{Purpose, State, Step, Version};
use crate::store::{Account, Change, JobKind, Submission, Upload};
use crate::{clock, ids};

pub use super::remarks::About;

/// Milliseconds after which the forge is told of a submission: on the last day of a call branches come first.
const PATIENCE: i64 = 30_000;

/// Who takes a step.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Somebody who is signed in.
    Actor(&'a Actor),
    /// The server itself, when a merge or a rebuild is done.
    Server,
}

/// What goes with a step.
#[derive(Debug, Default, Clone, Copy)]
pub struct StepDetails<'a> {
    /// What is said; empty for nothing.
    pub message: &'a str,
    /// What that is about.
    pub about: About<'a>,
    /// The leader who signed off, for an endorsement.
    pub signed_off_by: &'a str,
    /// The colleague whom it is given to.
    pub reviewer: Option<&'a Account>,
    /// The save that was checked, for handing in: nothing may have been saved since.
    pub revision: Option<i64>,
    /// The commit, for what the server does.
    pub commit: &'a str,
}

/// The submission of an id.
///
/// # Errors
/// [`Kind::NotFound`] when there is none.
pub async fn find(app: &App, id: &str) -> Result<Submission, Error> {
    let found = app.store.submission(id).await?;
    found.ok_or_else(|| Kind::NotFound.into())
}

/// The submission of an id, if the actor may do something with it.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`].
pub async fn find_for(app: &App, actor: &Actor, id: &str, action: Action) -> Result<Submission, Error> {
    let submission = find(app, id).await?;
    actor.must(app, action, &submission).await?;
    Ok(submission)
}

/// Refuses what was decided on another version than the current one.
///
/// # Errors
/// [`Kind::Outdated`].
pub fn must_be(submission: &Submission, expected: Option<Version>) -> Result<(), Error> {
    let is_current = |version: Version| {
        version.content == submission.version && version.round.is_none_or(|round| round == submission.round)
    };
    match expected {
        Some(version) if is_current(version) => Ok(()),
        _ => Err(Kind::Outdated.into()),
    }
}

/// Refuses what was said about another content than the current one. Who has it meanwhile does not matter to it.
///
/// # Errors
/// [`Kind::Outdated`].
pub fn must_say(submission: &Submission, expected: Option<Version>) -> Result<(), Error> {
    match expected {
        Some(version) if version.content == submission.version => Ok(()),
        _ => Err(Kind::Outdated.into()),
    }
}

/// Takes a step, if it was decided on what is still so.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::Forbidden`] when the actor may not; [`Kind::Outdated`] when the submission is not `expected`
/// any more, or was saved since it was checked; [`Kind::NotNow`] when its state cannot take the step.
pub async fn advance(
    app: &Arc<App>,
    by: By<'_>,
    id: &str,
    expected: Option<Version>,
    step: Step,
    details: StepDetails<'_>,
) -> Result<Submission, Error> {
    let known = find(app, id).await?;
    if let (By::Actor(actor), Some(action)) = (by, rights::needed(step, known.state)) {
        actor.must(app, action, &known).await?;
    }
    let mut change = app.store.change().await?;
    // Again within the transaction: somebody else may have decided since the page was shown.
    let mut submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_be(&submission, expected)?;
    if details
        .revision
        .is_some_and(|revision| revision != submission.revision)
    {
        return Err(Kind::Outdated.into());
    }
    let right = right(app, by, step, &submission)?;
    let files = change.uploads(id).await?;
    if matches!(step, Step::Submit { .. }) && files.iter().any(|file| !file.is_whole()) {
        return Err(Error::invalid("edit.unfinished"));
    }
    let step = with_endorsement(step, &submission, &files);
    let state = submission.state.after(step).map_err(|_| Kind::NotNow)?;
    let now = clock::now();
    apply(app, by, &mut submission, (step, state), &details, now);
    if matches!(step, Step::Submit { .. }) {
        submission.submitted_hash = content::hash(&submission, &files);
    }
    change.put_submission(&submission).await?;
    keep_edition(app, &mut change, &submission, (step, &files), right, by).await?;
    record(&mut change, by, right, step, &submission, &details).await?;
    if !details.message.is_empty() {
        remarks::add(&mut change, by, &submission, details.about, details.message).await?;
    }
    tell(app, &mut change, by, &submission, (step, state), &details, now).await?;
    enqueue(&mut change, &submission, (step, state), now).await?;
    change.commit().await?;
    app.bells.ring();
    Ok(submission)
}

/// By what right the step is taken, as things are within the transaction. Returns `None` for the server's own.
fn right<'a>(
    app: &App,
    by: By<'a>,
    step: Step,
    submission: &Submission,
) -> Result<Option<(&'a Actor, Right<'a>)>, Error> {
    match (by, rights::needed(step, submission.state)) {
        (By::Actor(actor), Some(action)) => match actor.right(app, action, submission) {
            Some(right) => Ok(Some((actor, right))),
            None => Err(Kind::NotNow.into()),
        },
        (By::Server, None) => Ok(None),
        _ => Err(Kind::Forbidden.into()),
    }
}

/// What is handed in unchanged since the unit endorsed it goes to the unit above at once.
fn with_endorsement(step: Step, submission: &Submission, files: &[Upload]) -> Step {
    match step {
        Step::Submit { .. } => {
            let endorsed = &submission.endorsed_hash;
            let is_endorsed = !endorsed.is_empty() && *endorsed == content::hash(submission, files);
            Step::Submit { is_endorsed }
        }
        step => step,
    }
}

fn apply(
    app: &App,
    by: By<'_>,
    submission: &mut Submission,
    (step, state): (Step, State),
    details: &StepDetails<'_>,
    now: i64,
) {
    let actor = match by {
        By::Actor(actor) => actor.account.id.as_str(),
        By::Server => "",
    };
    // Given on within a review it goes on waiting since when it waited.
    if submission.state != state {
        submission.state_at = now;
    }
    submission.state = state;
    submission.updated_at = now;
    submission.round += 1;
    match step {
        Step::Submit { .. } => {
            submission.version += 1;
            submission.submitted_at = now;
            submission.accepted_at = 0;
        }
        Step::Endorse => {
            submission.endorsed_hash = submission.submitted_hash.clone();
            actor.clone_into(&mut submission.endorser);
            details.signed_off_by.clone_into(&mut submission.signed_off_by);
        }
        Step::Take => actor.clone_into(&mut submission.reviewer),
        Step::Assign => {
            let reviewer = details.reviewer.map_or(actor, |account| &account.id);
            reviewer.clone_into(&mut submission.reviewer);
        }
        Step::Accept => {
            actor.clone_into(&mut submission.reviewer);
            submission.accepted_at = now;
        }
        Step::Merge => details.commit.clone_into(&mut submission.commit_id),
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
            let kind = snapshot.kind(&submission.kind);
            let chain = kind.map(|kind| snapshot.chain(kind)).unwrap_or_default();
            let reviewer = snapshot.units.reviewer(&chain, &submission.unit);
            reviewer.map(|unit| unit.id.clone()).unwrap_or_default()
        }
        State::InReview | State::Accepted => submission.holder.clone(),
        _ => String::new(),
    }
}

/// Keeps what was handed in, and which unit gave it back.
async fn keep_edition(
    app: &App,
    change: &mut Change<'_>,
    submission: &Submission,
    (step, files): (Step, &[Upload]),
    right: Option<(&Actor, Right<'_>)>,
    by: By<'_>,
) -> Result<(), Error> {
    let (id, version) = (submission.id.as_str(), submission.version);
    match (step, by) {
        (Step::Submit { .. }, _) => {
            let said = content::said(&app.portal.snapshot(), submission, files)?;
            change
                .add_edition(id, version, &said, submission.submitted_at)
                .await?;
        }
        (Step::Return, By::Actor(actor)) => {
            let unit = match right {
                Some((_, Right::InPlaceOf(principal))) => principal.unit,
                _ => &actor.account.unit,
            };
            change.note_return(id, version, unit).await?;
        }
        _ => {}
    }
    Ok(())
}

async fn record(
    change: &mut Change<'_>,
    by: By<'_>,
    right: Option<(&Actor, Right<'_>)>,
    step: Step,
    submission: &Submission,
    details: &StepDetails<'_>,
) -> Result<(), Error> {
    let detail = match (step, details.reviewer) {
        (Step::Assign, Some(reviewer)) => format!("account/{}", reviewer.id),
        (Step::Merge | Step::Publish, _) => details.commit.to_owned(),
        _ => details.message.to_owned(),
    };
    let event = Event {
        at: clock::now(),
        actor: match by {
            By::Actor(actor) => Some(actor.account.id.clone()),
            By::Server => None,
        },
        action: step.name().to_owned(),
        subject: submission.subject(),
        detail,
    };
    change.record(&event).await?;
    if let Some((actor, Right::InPlaceOf(principal))) = right {
        let detail = format!("{} for account/{}", step.name(), principal.id);
        change
            .record(&actor.event("in-place-of", &submission.subject(), &detail))
            .await?;
    }
    Ok(())
}

async fn tell(
    app: &App,
    change: &mut Change<'_>,
    by: By<'_>,
    submission: &Submission,
    (step, state): (Step, State),
    details: &StepDetails<'_>,
    now: i64,
) -> Result<(), Error> {
    let actor = match by {
        By::Actor(actor) => actor.account.id.as_str(),
        By::Server => "",
    };
    if let (Step::Assign, Some(reviewer)) = (step, details.reviewer) {
        notices::of_assignment(app, change, &reviewer.id, actor, &submission.id, now).await?;
        return Ok(());
    }
    notices::of_step(app, change, submission, state, actor, details.message, now).await?;
    Ok(())
}

/// Asks for the jobs that follow; what makes their ids differ is the version or the round.
async fn enqueue(
    change: &mut Change<'_>,
    submission: &Submission,
    (step, state): (Step, State),
    now: i64,
) -> Result<(), Error> {
    let (id, version) = (submission.id.as_str(), submission.version);
    let job = match state {
        State::Submitted => Some((JobKind::Branch, format!("{version}"))),
        // The leader's name comes with the endorsement.
        State::Endorsed => Some((JobKind::Branch, format!("{version}-endorsed"))),
        State::Accepted => Some((JobKind::Merge, format!("{version}"))),
        State::Withdrawn | State::Rejected => Some((JobKind::Close, format!("{version}"))),
        State::Merged => Some((JobKind::Rebuild, submission.commit_id.clone())),
        State::Published => Some((JobKind::Close, submission.commit_id.clone())),
        _ => None,
    };
    if let Some((kind, edition)) = job {
        change.enqueue(kind, id, &edition, now).await?;
    }
    let due = match step {
        Step::Submit { is_endorsed: false } => now + PATIENCE,
        _ => now,
    };
    let round = submission.round.to_string();
    change.enqueue(JobKind::Mirror, id, &round, due).await?;
    Ok(())
}

/// A submission of nothing yet.
pub(super) fn blank(owner: &Account) -> Submission {
    let now = clock::now();
    Submission {
        id: ids::name(),
        kind: String::new(),
        purpose: Purpose::New,
        path: String::new(),
        unit: owner.unit.clone(),
        owner: owner.id.clone(),
        state: State::Draft,
        holder: String::new(),
        reviewer: String::new(),
        title: String::new(),
        fields: "{}".to_owned(),
        body: String::new(),
        declarations: "[]".to_owned(),
        base: "{}".to_owned(),
        revision: 0,
        version: 0,
        round: 0,
        submitted_hash: String::new(),
        endorsed_hash: String::new(),
        endorser: String::new(),
        signed_off_by: String::new(),
        commit_id: String::new(),
        created_at: now,
        updated_at: now,
        state_at: now,
        submitted_at: 0,
        accepted_at: 0,
    }
}

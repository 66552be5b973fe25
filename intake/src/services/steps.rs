//! The only place where a submission moves: its new state, its audit event, what is said with it, who is told, and the
//! jobs that follow, stored together or not at all.

use std::sync::Arc;

use super::actor::Actor;
use super::remarks::About;
use super::submission::{By, find, must_be};
use super::{Error, Kind, content, deadlines, notices, remarks, webhooks};
use crate::app::App;
use crate::clock;
use crate::domain::audit::Event;
use crate::domain::rights::{self, Right};
use crate::domain::routing::Route;
use crate::domain::submission::{State, Step, Version};
use crate::store::{Account, Change, JobKind, Submission, Upload};

/// Milliseconds after which the forge is told of a submission: on the last day of a call branches come first.
const PATIENCE: i64 = 30_000;

/// What goes with a step.
#[derive(Debug, Default, Clone, Copy)]
pub struct StepDetails<'a> {
    /// What is said; empty for nothing.
    pub message: &'a str,
    /// What that is about.
    pub about: About<'a>,
    /// The leader who signed off, for an endorsement.
    pub signed_off_by: Option<&'a str>,
    /// The colleague whom it is given to.
    pub reviewer: Option<&'a Account>,
    /// The save that was checked, for handing in: nothing may have been saved since.
    pub revision: Option<i64>,
    /// The commit, for what the server does.
    pub commit: Option<&'a str>,
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
    if let Some((actor, right)) = right
        && !rights::fits(step, actor.turn(app, right, &submission))
    {
        return Err(Kind::NotNow.into());
    }
    let files = change.uploads(id).await?;
    if matches!(step, Step::Submit { .. }) && files.iter().any(|file| !file.is_whole()) {
        return Err(Error::invalid("edit.unfinished"));
    }
    let step = with_endorsement(step, &submission, &files);
    let state = submission.state.after(step).map_err(|_| Kind::NotNow)?;
    let now = clock::now();
    apply(app, by, &mut submission, (step, state), &details, now);
    if matches!(step, Step::Submit { .. }) {
        submission.submitted_hash = Some(content::hash(&submission, &files));
    }
    change.put_submission(&submission).await?;
    keep_edition(app, &mut change, &submission, (step, &files), right, by).await?;
    record(&mut change, by, right, step, &submission, &details).await?;
    if !details.message.is_empty() {
        remarks::add(&mut change, by, &submission, details.about, details.message).await?;
    }
    tell(app, &mut change, by, &submission, (step, state), &details, now).await?;
    if !matches!(step, Step::Assign | Step::Take) {
        webhooks::of_step(&mut change, &submission, state, now).await?;
    }
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
            let endorsed = submission.endorsed_hash.as_ref();
            let is_endorsed = endorsed.is_some_and(|hash| *hash == content::hash(submission, files));
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
    let actor = by.account().map(str::to_owned);
    // Given on within a review it goes on waiting since when it waited.
    if submission.state != state || matches!(step, Step::Pass) {
        submission.state_at = now;
    }
    submission.state = state;
    submission.updated_at = now;
    submission.round += 1;
    match step {
        Step::Submit { .. } => {
            submission.version += 1;
            submission.submitted_at = Some(now);
            submission.accepted_at = None;
            submission.decided.clear();
        }
        Step::Endorse => {
            submission.endorsed_hash = submission.submitted_hash.clone();
            submission.endorser.clone_from(&actor);
            submission.signed_off_by = details.signed_off_by.map(str::to_owned);
            submission.decided = actor.unwrap_or_default();
        }
        Step::Pass => {
            submission.reviewer = None;
            submission.decided = format!("{} {}", submission.decided, actor.unwrap_or_default())
                .trim()
                .to_owned();
        }
        Step::Take => submission.reviewer = actor,
        Step::Assign => {
            let given = details.reviewer.map(|account| account.id.clone());
            submission.reviewer = given.or(actor);
        }
        Step::Accept => {
            submission.reviewer = actor;
            submission.accepted_at = Some(now);
        }
        Step::Merge => submission.commit_id = details.commit.map(str::to_owned),
        _ => {}
    }
    let holder_before = submission.holder.take();
    send_on(app, submission, step, holder_before);
    let snapshot = app.portal.snapshot();
    let due =
        |holder: &String| deadlines::of_holder(&snapshot, &submission.kind, holder, submission.state_at);
    submission.due_at = match state {
        State::Submitted | State::Endorsed | State::InReview => submission.holder.as_ref().map(due),
        _ => None,
    };
}

/// Says whose turn it is after a step, and which units come then.
fn send_on(app: &App, submission: &mut Submission, step: Step, before: Option<String>) {
    let snapshot = app.portal.snapshot();
    let (route, holder) = match submission.state {
        State::Submitted => (Route::default(), Some(submission.unit.clone())),
        State::Endorsed if matches!(step, Step::Pass) => {
            let route = Route::read(&submission.route).passed();
            let holder = route.holder().map(str::to_owned);
            (route, holder)
        }
        State::Endorsed => {
            let kind = snapshot.kind(&submission.kind);
            let chain = kind.map(|kind| snapshot.chain(kind)).unwrap_or_default();
            let route = Route::of(&chain, &submission.fields(), &submission.unit, &snapshot.units);
            let holder = route.holder().map(str::to_owned);
            (route, holder)
        }
        State::InReview | State::Accepted => (Route::read(&submission.route), before),
        _ => (Route::default(), None),
    };
    (submission.route, submission.holder) = (route.to_string(), holder);
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
                .add_edition(id, version, &said, submission.updated_at)
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
        (Step::Merge | Step::Publish, _) => details.commit.unwrap_or_default().to_owned(),
        _ => details.message.to_owned(),
    };
    let event = Event {
        at: clock::now(),
        actor: by.account().map(str::to_owned),
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
    let actor = by.account();
    if let (Step::Assign, Some(reviewer)) = (step, details.reviewer) {
        notices::of_assignment(app, change, &reviewer.id, actor, &submission.id, now).await?;
        return Ok(());
    }
    // That it went on from one office to the next is in its history; an author is told what is decided.
    if matches!(step, Step::Pass) {
        notices::of_turn(app, change, submission, state, actor, now).await?;
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
    let commit = submission.commit_id.clone().unwrap_or_default();
    let job = match state {
        State::Submitted => Some((JobKind::Branch, format!("{version}"))),
        // The leader's name comes with the endorsement.
        State::Endorsed => Some((JobKind::Branch, format!("{version}-endorsed"))),
        State::Accepted => Some((JobKind::Merge, format!("{version}"))),
        State::Withdrawn | State::Rejected => Some((JobKind::Close, format!("{version}"))),
        State::Merged => Some((JobKind::Rebuild, commit)),
        State::Published => Some((JobKind::Close, commit)),
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

//! Decisions that need more than a state: endorsing and accepting.

use std::sync::Arc;

use super::actor::Actor;
use super::checks::{Moment, checks};
use super::remarks::About;
use super::steps::{StepDetails, advance};
use super::submission::{By, find, find_for, must_be};
use super::{Error, Kind, assessments};
use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::rights;
use crate::domain::routing::Turn;
use crate::domain::submission::{Step, Version};
use crate::store::Submission;

/// Submissions that are decided on together.
const MOST: usize = 100;
/// Milliseconds after which no further one is begun, so that the answer comes before browser and proxy give up.
const LONGEST: i64 = 30_000;

/// What is said with a decision, as forms send it.
#[derive(Debug, Default, Clone, Copy)]
pub struct Said<'a> {
    /// The words; empty for none.
    pub message: &'a str,
    /// The field that they are about; empty for the whole.
    pub field: &'a str,
    /// Words of the body that they are about; empty for none.
    pub quote: &'a str,
}

impl<'a> Said<'a> {
    fn details(self, submission: &Submission) -> Result<StepDetails<'a>, Error> {
        Ok(StepDetails {
            message: self.message.trim(),
            about: About::read(submission, self.field, self.quote)?,
            ..StepDetails::default()
        })
    }
}

/// Refuses what would stop the portal from being built; says what it is.
async fn must_be_sound(app: &Arc<App>, submission: &Submission) -> Result<(), Error> {
    let findings = checks(app, submission, Moment::Deciding).await?;
    let stops = findings.into_iter().filter(|finding| finding.is_error);
    let stops: Vec<String> = stops.map(|finding| finding.in_words()).collect();
    if stops.is_empty() {
        return Ok(());
    }
    Err(Error::invalid("wrong.unsound").hint(stops))
}

/// The actor's unit stands for a submission, by the word of the leader who signed off and, as `is_confirmed` says, agreed.
///
/// # Errors
/// As [`advance`]; when the content is not sound; without the leader's name and word.
pub async fn endorse(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    (signed_off_by, is_confirmed): (&str, bool),
    said: Said<'_>,
) -> Result<(), Error> {
    let submission = find_for(app, actor, id, Action::Endorse).await?;
    must_be(&submission, expected)?;
    let signed_off_by = signed_off_by.trim();
    if signed_off_by.is_empty() || !is_confirmed {
        return Err(Error::invalid("wrong.sign-off"));
    }
    must_be_sound(app, &submission).await?;
    let details = StepDetails {
        signed_off_by: Some(signed_off_by),
        ..said.details(&submission)?
    };
    advance(app, By::Actor(actor), id, expected, Step::Endorse, details).await?;
    Ok(())
}

/// The reviewer says yes: the next unit has it, or a job merges where nobody comes after. `message` is an opinion, which
/// those who decide nothing owe.
///
/// # Errors
/// As [`advance`]; when the content is not sound or the actor's own sheet says no; an opinion without a word.
pub async fn accept(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    said: Said<'_>,
) -> Result<(), Error> {
    let submission = find_for(app, actor, id, Action::Review).await?;
    must_be(&submission, expected)?;
    let right = actor
        .right(app, Action::Review, &submission)
        .ok_or(Kind::NotNow)?;
    let turn = actor.turn(app, right, &submission);
    if turn == Turn::Advises && said.message.trim().is_empty() {
        return Err(Error::invalid("wrong.opinion"));
    }
    if turn != Turn::Advises {
        assessments::must_allow(app, actor, &submission).await?;
    }
    must_be_sound(app, &submission).await?;
    let details = said.details(&submission)?;
    let step = match turn {
        Turn::Publishes => Step::Accept,
        Turn::Advises | Turn::Passes => Step::Pass,
    };
    advance(app, By::Actor(actor), id, expected, step, details).await?;
    Ok(())
}

/// Turns a submission down, gives it back, takes it up or withdraws it.
///
/// # Errors
/// As [`advance`]; without a reason where one is needed.
pub async fn decide(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    step: Step,
    said: Said<'_>,
) -> Result<(), Error> {
    let submission = find(app, id).await?;
    if let Some(action) = rights::needed(step, submission.state) {
        actor.must(app, action, &submission).await?;
    }
    must_be(&submission, expected)?;
    let details = said.details(&submission)?;
    if matches!(step, Step::Return | Step::Reject) && details.message.is_empty() {
        return Err(Error::invalid("wrong.reason"));
    }
    advance(app, By::Actor(actor), id, expected, step, details).await?;
    Ok(())
}

/// What is decided on many submissions together.
#[derive(Debug, Clone, Copy)]
pub enum Together<'a> {
    /// The leader who signed off, and whether they agreed.
    Endorse(&'a str, bool),
    /// The reviewer says yes.
    Accept,
}

/// What became of one of many.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The submission's id, as it was sent.
    pub id: &'a str,
    /// The version that the page showed.
    pub expected: Option<Version>,
    /// The submission, if the actor may see it: as it was before it was decided on, or as it stands if it was not.
    pub seen: Option<Submission>,
    /// Whether it was done.
    pub done: Result<(), Error>,
}

/// Decides on every submission by itself: one that fails does not stop the others.
///
/// # Errors
/// [`Kind::Forbidden`] for those who answer for no unit; nothing to decide on.
pub async fn many<'a>(
    app: &Arc<App>,
    actor: &Actor,
    items: &[(&'a str, Option<Version>)],
    together: Together<'_>,
) -> Result<Vec<Outcome<'a>>, Error> {
    // Whoever answers for a unit may open the queue that the form is part of.
    actor
        .must_in(app, Action::ReadRoster, &actor.account.unit)
        .await?;
    if items.is_empty() {
        return Err(Error::invalid("wrong.nothing-ticked"));
    }
    let (started, mut outcomes) = (clock::now(), Vec::with_capacity(items.len()));
    for (position, (id, expected)) in items.iter().enumerate() {
        let visible = |submission: &Submission| actor.may(app, Action::Read, submission);
        let mut seen = app.store.submission(id).await?.filter(visible);
        let is_late = position >= MOST || clock::now() - started > LONGEST;
        let done = match together {
            _ if is_late => Err(Error::invalid("many.later")),
            Together::Endorse(leader, is_confirmed) => {
                endorse(app, actor, id, *expected, (leader, is_confirmed), Said::default()).await
            }
            Together::Accept => accept(app, actor, id, *expected, Said::default()).await,
        };
        if let Err(error) = &done
            && error.kind == Kind::Internal
        {
            tracing::error!(%error, "one of many decisions failed");
        }
        // Somebody may have been faster than this decision, and slower than the look before it.
        if done.is_err() {
            seen = app.store.submission(id).await?.filter(visible);
        }
        outcomes.push(Outcome {
            id,
            expected: *expected,
            seen,
            done,
        });
    }
    Ok(outcomes)
}

//! Who looks at a submission under review: the colleague whom it is given to, and experts who are asked.

use std::sync::Arc;

use super::actor::{Actor, Facts, person};
use super::remarks::{self, About};
use super::steps::{StepDetails, advance};
use super::submission::{By, find, find_for, must_be, must_say};
use super::{Error, Kind};
use crate::app::App;
use crate::clock;
use crate::domain::opinion::Verdict;
use crate::domain::policy::Action;
use crate::domain::rights;
use crate::domain::submission::{Step, Version};
use crate::store::{Account, Submission};

/// Whether an account can be given a submission.
pub fn can_be_given(app: &App, account: &Account, submission: &Submission) -> bool {
    let units = &app.portal.snapshot().units;
    account.is_active() && rights::can_be_given(person(account), Facts::of(app, submission).subject(), units)
}

/// Whether an account can be asked about a submission.
pub fn can_be_asked(app: &App, account: &Account, submission: &Submission) -> bool {
    let units = &app.portal.snapshot().units;
    account.is_active() && rights::can_be_asked(person(account), Facts::of(app, submission).subject(), units)
}

/// The submission, if the actor may decide on it and it is under review or waits for that.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`], [`Kind::NotNow`].
pub async fn under_review(app: &App, actor: &Actor, id: &str) -> Result<Submission, Error> {
    let submission = find_for(app, actor, id, Action::Review).await?;
    if rights::is_under_review(submission.state) {
        Ok(submission)
    } else {
        Err(Kind::NotNow.into())
    }
}

/// Gives a submission to a colleague.
///
/// # Errors
/// As [`advance`]; and when the colleague cannot be given it.
pub async fn give(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    colleague: &str,
) -> Result<(), Error> {
    let known = find_for(app, actor, id, Action::Review).await?;
    must_be(&known, expected)?;
    let colleague = app.store.account(colleague).await?;
    let colleague = colleague.filter(|account| can_be_given(app, account, &known));
    let colleague = colleague.ok_or_else(|| Error::invalid("assign.bad-who"))?;
    let details = StepDetails {
        reviewer: Some(&colleague),
        ..StepDetails::default()
    };
    advance(app, By::Actor(actor), id, expected, Step::Assign, details).await?;
    Ok(())
}

/// Asks an expert about the version that the actor saw.
///
/// # Errors
/// [`Kind::Outdated`]; [`Kind::NotNow`] when it is not under review; and when the expert cannot be asked.
pub async fn ask(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    expert: &str,
) -> Result<(), Error> {
    find_for(app, actor, id, Action::Review).await?;
    let expert = app.store.account(expert).await?;
    let mut change = app.store.change().await?;
    let submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_be(&submission, expected)?;
    if !actor.permissions(app, &submission).assign {
        return Err(Kind::NotNow.into());
    }
    let expert = expert.filter(|account| can_be_asked(app, account, &submission));
    let expert = expert.ok_or_else(|| Error::invalid("assign.bad-who"))?;
    change
        .assign(id, &expert.id, &actor.account.id, clock::now())
        .await?;
    let detail = format!("account/{}", expert.id);
    change
        .record(&actor.event("ask-expert", &submission.subject(), &detail))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Says what an expert thinks of the version that they saw; everybody who sees the submission reads it among the remarks.
///
/// # Errors
/// [`Kind::Forbidden`] for who is not asked; [`Kind::Outdated`]; and without a verdict or a word of reason.
pub async fn advise(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    (verdict, text): (&str, &str),
) -> Result<(), Error> {
    let known = find(app, id).await?;
    actor.must(app, Action::Advise, &known).await?;
    let mut change = app.store.change().await?;
    let submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_say(&submission, expected)?;
    let (Some(verdict), false) = (Verdict::from_name(verdict), text.trim().is_empty()) else {
        return Err(Error::invalid("wrong.reason"));
    };
    let key = format!("opinion.{}", verdict.name());
    let said = [("verdict", app.texts.get(&key)), ("text", text.trim())];
    let said = app.texts.fill("opinion.said", &said);
    change
        .advise(id, &actor.account.id, verdict, clock::now())
        .await?;
    remarks::add(
        &mut change,
        By::Actor(actor),
        &submission,
        About::default(),
        &said,
    )
    .await?;
    change
        .record(&actor.event("advise", &submission.subject(), verdict.name()))
        .await?;
    change.commit().await?;
    Ok(())
}

//! Who looks at a submission under review: the colleague whom it is given to, and experts who are asked.

use std::sync::Arc;

use super::actor::{Actor, Facts, person};
use super::notices::{self, Told};
use super::remarks::{self, About};
use super::steps::{StepDetails, advance};
use super::submission::{By, find, find_for, must_be, must_say};
use super::{Error, Kind};
use crate::app::App;
use crate::domain::opinion::Verdict;
use crate::domain::policy::Action;
use crate::domain::reminders::DAY;
use crate::domain::rights;
use crate::domain::submission::{Step, Version};
use crate::store::{Account, Submission};
use crate::{clock, mail};

/// Working days that an expert usually has.
const USUAL_DAYS: usize = 5;
/// Days that an expert has at most.
const LONGEST_DAYS: i64 = 90;

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

/// The day until which an opinion is usually asked for, as `2026-03-05`.
pub fn usual_due(app: &App) -> String {
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let end = snapshot.calendar().end_after(now, USUAL_DAYS, snapshot.zone());
    clock::day(end - 1, snapshot.zone())
}

/// The end of the day until which an opinion is asked for; nothing for none.
fn due_of(app: &App, due: &str) -> Result<Option<i64>, Error> {
    if due.is_empty() {
        return Ok(None);
    }
    let end = clock::start_of(due, 1, app.portal.snapshot().zone());
    let now = clock::now();
    let end = end.filter(|end| *end > now && *end <= now + LONGEST_DAYS * DAY);
    end.map(Some).ok_or_else(|| Error::invalid("assign.bad-due"))
}

/// Asks an expert about the version that the actor saw, until a day written as `2026-03-05`; without one there is no hurry.
///
/// # Errors
/// [`Kind::Outdated`]; [`Kind::NotNow`] when it is not under review; and when the expert cannot be asked.
pub async fn ask(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    (expert, due): (&str, &str),
) -> Result<(), Error> {
    find_for(app, actor, id, Action::Review).await?;
    let due_at = due_of(app, due)?;
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
        .assign(id, &expert.id, &actor.account.id, (clock::now(), due_at))
        .await?;
    let detail = format!("account/{}", expert.id);
    change
        .record(&actor.event("ask-expert", &submission.subject(), &detail))
        .await?;
    if let Some(recipient) = change.recipient(&expert.id).await? {
        let told = Told::of(mail::Kind::Asked, id, clock::now());
        notices::tell(app, &mut change, &recipient, told).await?;
    }
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

/// An expert who is asked, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The expert's account.
    pub expert: String,
    /// Their name.
    pub name: String,
    /// The name of who asked.
    pub asked_by: String,
    /// When, milliseconds since 1970.
    pub asked_at: i64,
    /// Until when an opinion is asked for.
    pub due_at: Option<i64>,
    /// What they think.
    pub verdict: Option<Verdict>,
    /// When they said so.
    pub said_at: Option<i64>,
}

/// The experts who are asked about a submission, for those who decide on it and for the offices above its unit; for others
/// there are none.
///
/// # Errors
/// When the database does not answer.
pub async fn asked(app: &App, actor: &Actor, submission: &Submission) -> Result<Vec<Asked>, Error> {
    let units = &app.portal.snapshot().units;
    let is_above = units.is_below(&submission.unit, &actor.account.unit);
    let sees = actor.permissions(app, submission).assign || actor.role().is_admin() && is_above;
    if !sees {
        return Ok(Vec::new());
    }
    let mut asked = Vec::new();
    for assignment in app.store.assignments(&submission.id).await? {
        let expert = app.store.account(&assignment.expert).await?;
        let by = app.store.account(&assignment.asked_by).await?;
        asked.push(Asked {
            name: expert.map(|expert| expert.name).unwrap_or_default(),
            asked_by: by.map(|by| by.name).unwrap_or_default(),
            expert: assignment.expert,
            asked_at: assignment.asked_at,
            due_at: assignment.due_at,
            verdict: assignment.verdict,
            said_at: assignment.said_at,
        });
    }
    Ok(asked)
}

/// Until when the actor, an expert, is asked for an opinion.
///
/// # Errors
/// When the database does not answer.
pub async fn due(app: &App, actor: &Actor, submission: &str) -> Result<Option<i64>, Error> {
    let assignments = app.store.assignments(submission).await?;
    let mut own = assignments.iter().filter(|one| one.expert == actor.account.id);
    Ok(own.next().and_then(|one| one.due_at))
}

//! What patrollers find wrong on published pages of their unit, and what the unit's admins did about it.

use super::actor::Actor;
use super::{Error, Kind};
use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::reminders::DAY;
use crate::store::Problem;
use crate::{clock, ids};

/// Nothing stays without an answer for longer than three months (national inspection of government sites).
const LONGEST_DAYS: i64 = 90;
/// Most characters of what is said.
const LONGEST: usize = 4000;

/// Whether the actor sees the problems of a unit: who reports them, and who answers them.
pub fn sees(app: &App, actor: &Actor, unit: &str) -> bool {
    let actions = [Action::ReportProblem, Action::AnswerProblem];
    actions.into_iter().any(|action| actor.may_in(app, action, unit))
}

/// Files a problem of a page that the actor's unit has published, to be answered by a day written as `2026-03-05`.
///
/// # Errors
/// [`Kind::Forbidden`]; a page, a day or a text that cannot be.
pub async fn report(app: &App, actor: &Actor, path: &str, due: &str, text: &str) -> Result<(), Error> {
    let unit = actor.account.unit.clone();
    actor.must_in(app, Action::ReportProblem, &unit).await?;
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let published = snapshot.published_of(&unit);
    let entry = published.into_iter().find(|(known, _)| known == path);
    let due_at = clock::start_of(due, 1, snapshot.zone());
    let due_at = due_at.filter(|due_at| *due_at > now && *due_at <= now + LONGEST_DAYS * DAY);
    let text: String = text.trim().chars().take(LONGEST).collect();
    let (Some((path, title)), Some(due_at), false) = (entry, due_at, text.is_empty()) else {
        return Err(Error::invalid("patrol.wrong"));
    };
    let problem = Problem {
        id: ids::name(),
        unit,
        path,
        title,
        text,
        reporter: actor.account.id.clone(),
        at: now,
        due_at,
        answer: None,
        answered_by: None,
        answered_at: None,
    };
    let subject = format!("problem/{}", problem.id);
    let mut change = app.store.change().await?;
    change.add_problem(&problem).await?;
    change
        .record(&actor.event("problem-reported", &subject, &problem.path))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Says what was done about a problem.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] when somebody else has answered; no answer.
pub async fn answer(app: &App, actor: &Actor, id: &str, text: &str) -> Result<(), Error> {
    let problem = app.store.problem(id).await?.ok_or(Kind::NotFound)?;
    actor.must_in(app, Action::AnswerProblem, &problem.unit).await?;
    let text: String = text.trim().chars().take(LONGEST).collect();
    if text.is_empty() {
        return Err(Error::invalid("wrong.reason"));
    }
    let mut change = app.store.change().await?;
    if !change.answer(id, &text, &actor.account.id, clock::now()).await? {
        return Err(Kind::NotNow.into());
    }
    change
        .record(&actor.event("problem-answered", &format!("problem/{id}"), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

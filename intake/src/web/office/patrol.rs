//! What patrollers find wrong on published pages of their unit, and what the unit's admins did about it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::{Action, can};
use crate::domain::reminders::DAY;
use crate::portal::url_of;
use crate::store::Problem;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::{clock, ids};

/// Problems that the page shows at most.
const MOST: i64 = 500;
/// Nothing stays without an answer for longer than three months (national inspection of government sites).
const LONGEST_DAYS: i64 = 90;
/// The deadline that is suggested.
const USUAL_DAYS: i64 = 10;

#[derive(Serialize)]
struct PatrolPage {
    entries: Vec<(String, String)>,
    problems: Vec<ProblemLine>,
    may_report: bool,
    due: String,
    text: String,
    wrong: String,
}

#[derive(Serialize)]
struct ProblemLine {
    id: String,
    title: String,
    url: String,
    unit: String,
    text: String,
    answer: String,
    at: String,
    due: String,
    is_late: bool,
    is_answered: bool,
    may_answer: bool,
}

/// Whether the actor sees the problems of a unit: who reports them, and who answers them.
fn sees(app: &App, actor: &Actor, unit: &str) -> bool {
    let scope = app
        .portal
        .snapshot()
        .units
        .scope(&actor.account.unit, unit, false);
    [Action::ReportProblem, Action::AnswerProblem]
        .iter()
        .any(|action| can(actor.role(), *action, scope))
}

async fn patrol_page(app: &App, actor: &Actor, (wrong, text): (&str, &str)) -> Result<Page, Error> {
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let scope = |unit: &str| snapshot.units.scope(&actor.account.unit, unit, false);
    let may_report = can(actor.role(), Action::ReportProblem, scope(&actor.account.unit));
    let line = |problem: Problem| ProblemLine {
        url: url_of(&problem.path),
        unit: snapshot.units.name(&problem.unit).to_owned(),
        at: clock::day(problem.at, snapshot.zone()),
        due: clock::day(problem.due_at - 1, snapshot.zone()),
        is_late: problem.answered_at.is_none() && problem.due_at <= now,
        is_answered: problem.answered_at.is_some(),
        may_answer: problem.answered_at.is_none()
            && can(actor.role(), Action::AnswerProblem, scope(&problem.unit)),
        id: problem.id,
        title: problem.title,
        text: problem.text,
        answer: problem.answer.unwrap_or_default(),
    };
    let problems = app.store.problems(MOST).await?.into_iter();
    let shown = PatrolPage {
        entries: if may_report {
            snapshot.published_of(&actor.account.unit)
        } else {
            Vec::new()
        },
        problems: problems
            .filter(|problem| sees(app, actor, &problem.unit))
            .map(line)
            .collect(),
        may_report,
        due: clock::day(now + USUAL_DAYS * DAY, snapshot.zone()),
        text: text.to_owned(),
        wrong: wrong.to_owned(),
    };
    Ok(page(app, Some(actor), "patrol.html", &shown))
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    if !sees(&app, &actor, &actor.account.unit) {
        actor
            .must_in(&app, Action::AnswerProblem, &actor.account.unit)
            .await?;
    }
    patrol_page(&app, &actor, ("", "")).await
}

/// Files a problem of a page that the actor's unit has published.
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let unit = actor.account.unit.clone();
    actor.must_in(&app, Action::ReportProblem, &unit).await?;
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let published = snapshot.published_of(&unit);
    let entry = published.into_iter().find(|(path, _)| path == form.get("path"));
    let due_at = clock::start_of(form.get("due"), 1, snapshot.zone());
    let due_at = due_at.filter(|due_at| *due_at > now && *due_at <= now + LONGEST_DAYS * DAY);
    let text: String = form.get("text").trim().chars().take(4000).collect();
    let (Some((path, title)), Some(due_at), false) = (entry, due_at, text.is_empty()) else {
        let shown = patrol_page(&app, &actor, (app.texts.get("patrol.wrong"), &text)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
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
    Ok(Redirect::to("/intake/problems").into_response())
}

/// Says what was done about a problem.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let problem = app.store.problem(&id).await?.ok_or_else(Error::not_found)?;
    actor.must_in(&app, Action::AnswerProblem, &problem.unit).await?;
    let text: String = form.get("answer").trim().chars().take(4000).collect();
    if text.is_empty() {
        return Err(Error::invalid("wrong.reason"));
    }
    let mut change = app.store.change().await?;
    if !change.answer(&id, &text, &actor.account.id, clock::now()).await? {
        return Err(Error::not_now());
    }
    change
        .record(&actor.event("problem-answered", &format!("problem/{id}"), ""))
        .await?;
    change.commit().await?;
    Ok(Redirect::to("/intake/problems").into_response())
}

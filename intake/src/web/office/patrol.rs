//! What patrollers find wrong on published pages of their unit, and what the unit's admins did about it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::reminders::DAY;
use crate::services::{Kind, patrol};
use crate::store::Problem;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// Problems that the page shows at most.
const MOST: i64 = 500;
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

async fn patrol_page(app: &App, actor: &Actor, (wrong, text): (&str, &str)) -> Result<Page, Error> {
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let may_report = actor.may_in(app, Action::ReportProblem, &actor.account.unit);
    let line = |problem: Problem| ProblemLine {
        url: snapshot.url_of(&problem.path),
        unit: snapshot.units.name(&problem.unit).to_owned(),
        at: clock::day(problem.at, snapshot.zone()),
        due: clock::day(problem.due_at - 1, snapshot.zone()),
        is_late: problem.answered_at.is_none() && problem.due_at <= now,
        is_answered: problem.answered_at.is_some(),
        may_answer: problem.answered_at.is_none() && actor.may_in(app, Action::AnswerProblem, &problem.unit),
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
            .filter(|problem| patrol::sees(app, actor, &problem.unit))
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
    if !patrol::sees(&app, &actor, &actor.account.unit) {
        actor
            .must_in(&app, Action::AnswerProblem, &actor.account.unit)
            .await?;
    }
    patrol_page(&app, &actor, ("", "")).await
}

/// Files a problem of a published page.
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let text = form.get("text");
    match patrol::report(&app, &actor, form.get("path"), form.get("due"), text).await {
        Err(error) if error.kind == Kind::Invalid => {
            let shown = patrol_page(&app, &actor, (app.texts.get(error.key), text)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        done => Ok(done.map(|()| Redirect::to("/intake/problems").into_response())?),
    }
}

/// Says what was done about a problem.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    patrol::answer(&app, &actor, &id, form.get("answer")).await?;
    Ok(Redirect::to("/intake/problems").into_response())
}

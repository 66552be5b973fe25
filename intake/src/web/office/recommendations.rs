//! What is recommended to the unit above: the form that does it, what waits for an answer, and what became of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::recommendation;
use crate::portal::Published;
use crate::services::Kind;
use crate::services::actor::person;
use crate::services::recommending::{self, MOST};
use crate::store::Recommendation;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// Recommendations that the page shows at most.
const SHOWN: i64 = 500;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Visit {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct RecommendationsPage {
    /// Whether the reader recommends at all.
    may_recommend: bool,
    q: String,
    entries: Vec<EntryLine>,
    has_more: bool,
    chosen: String,
    reason: String,
    wrong: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct EntryLine {
    path: String,
    title: String,
    url: String,
    unit: String,
}

#[derive(Serialize)]
struct Line {
    id: String,
    title: String,
    url: String,
    unit: String,
    reason: String,
    by: String,
    at: String,
    to: String,
    state: &'static str,
    state_label: String,
    answer: String,
    may_answer: bool,
    /// What was typed as an answer and was not taken.
    typed: String,
}

/// What was typed and was not taken, and why.
#[derive(Default)]
struct Refused<'a> {
    wrong: &'a str,
    path: &'a str,
    reason: &'a str,
    /// The recommendation that was answered.
    id: &'a str,
    answer: &'a str,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(visit): Query<Visit>,
) -> Result<Page, Error> {
    recommendations_page(&app, &actor, &visit.q, Refused::default()).await
}

pub(crate) async fn recommend(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let (path, reason) = (form.get("path"), form.get("reason"));
    let done = recommending::recommend(&app, &actor, path, reason).await;
    let refused = Refused {
        path,
        reason,
        ..Refused::default()
    };
    answered(&app, &actor, form.get("q"), done, refused).await
}

pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let takes = match form.get("do") {
        "take" => true,
        "decline" => false,
        _ => return Err(Error::invalid("wrong.form")),
    };
    let answer = form.get("answer");
    let done = recommending::answer(&app, &actor, &id, takes, answer).await;
    let refused = Refused {
        id: &id,
        answer,
        ..Refused::default()
    };
    answered(&app, &actor, "", done, refused).await
}

/// The page again where something was typed wrong, with what was typed.
async fn answered(
    app: &App,
    actor: &Actor,
    q: &str,
    done: Result<(), crate::services::Error>,
    refused: Refused<'_>,
) -> Result<Response, Error> {
    match done {
        Err(error) if error.kind == Kind::Invalid => {
            let wrong = app.texts.get(error.key);
            let shown = recommendations_page(app, actor, q, Refused { wrong, ..refused }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        done => {
            done?;
            Ok(Redirect::to("/intake/recommendations").into_response())
        }
    }
}

async fn recommendations_page(
    app: &App,
    actor: &Actor,
    q: &str,
    refused: Refused<'_>,
) -> Result<Page, Error> {
    actor
        .must_in(app, Action::ReadRoster, &actor.account.unit)
        .await?;
    let snapshot = app.portal.snapshot();
    let (units, who) = (&snapshot.units, person(&actor.account));
    let accounts = app.store.accounts().await?.into_iter();
    let names: BTreeMap<String, String> = accounts.map(|account| (account.id, account.name)).collect();
    let known = app.store.recommendations(SHOWN).await?;
    let visible = known
        .iter()
        .filter(|known| recommendation::may_see(who, &known.unit, units));
    let mut found = recommending::found(app, actor, q);
    let has_more = found.len() > MOST;
    found.truncate(MOST);
    let entry = |found: Published| EntryLine {
        url: snapshot.url_of(&found.path),
        unit: units.name(&found.unit).to_owned(),
        path: found.path,
        title: found.title,
    };
    let shown = RecommendationsPage {
        may_recommend: recommendation::target(who, &actor.account.unit, units).is_some(),
        q: q.to_owned(),
        entries: found.into_iter().map(entry).collect(),
        has_more,
        chosen: refused.path.to_owned(),
        reason: refused.reason.to_owned(),
        wrong: refused.wrong.to_owned(),
        lines: visible
            .map(|known| line(app, actor, known, &names, &refused))
            .collect(),
    };
    Ok(page(app, Some(actor), "recommendations.html", &shown))
}

fn line(
    app: &App,
    actor: &Actor,
    known: &Recommendation,
    names: &BTreeMap<String, String>,
    refused: &Refused<'_>,
) -> Line {
    let (snapshot, who) = (app.portal.snapshot(), person(&actor.account));
    let (units, zone) = (&snapshot.units, snapshot.zone());
    let until = match known.decided_at {
        Some(at) => clock::written(at, zone),
        // The moment itself is not included.
        None => clock::day(known.due_at - 1, zone),
    };
    let label = format!("recommend.{}", known.state.name());
    Line {
        id: known.id.clone(),
        title: known.title.clone(),
        url: snapshot.url_of(&known.path),
        unit: units.name(&known.unit).to_owned(),
        reason: known.reason.clone(),
        by: format!(
            "{}（{}）",
            names.get(&known.recommended_by).map_or("", String::as_str),
            units.name(&known.recommended_unit)
        ),
        at: clock::written(known.recommended_at, zone),
        to: units.name(&known.to_unit).to_owned(),
        state: known.state.name(),
        state_label: app.texts.fill(&label, &[("until", &until)]),
        answer: known.answer.clone().unwrap_or_default(),
        may_answer: recommendation::may_answer(who, &known.to_unit, &known.recommended_by, known.state),
        typed: match refused.id == known.id {
            true => refused.answer.to_owned(),
            false => String::new(),
        },
    }
}

//! What was taken down from above, what waits to be confirmed, and the form that orders it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::takedown::{self, REASONS};
use crate::portal::Published;
use crate::services::Kind;
use crate::services::actor::person;
use crate::services::takedowns::{self, MOST, Ordered};
use crate::store::Takedown;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// Orders that the page shows at most.
const SHOWN: i64 = 500;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Visit {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct TakedownsPage {
    q: String,
    entries: Vec<EntryLine>,
    /// Whether more was found than is shown.
    has_more: bool,
    reasons: Vec<(String, String)>,
    days: usize,
    orders: Vec<OrderLine>,
    typed: Typed,
    wrong: String,
}

/// What was typed into the form.
#[derive(Default, Serialize)]
struct Typed {
    reason: String,
    ground: String,
    note: String,
    advice: String,
}

#[derive(Serialize)]
struct EntryLine {
    path: String,
    title: String,
    url: String,
    unit: String,
    is_ticked: bool,
    is_withdrawn: bool,
}

#[derive(Serialize)]
struct OrderLine {
    id: String,
    title: String,
    url: String,
    unit: String,
    reason: String,
    ground: String,
    note: Option<String>,
    advice: Option<String>,
    by: String,
    at: String,
    state: &'static str,
    state_label: String,
    /// When it was decided on, or until when it has to be.
    until: String,
    may_confirm: bool,
    may_lift: bool,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(visit): Query<Visit>,
) -> Result<Page, Error> {
    takedowns_page(&app, &actor, (&visit.q, &[]), Typed::default(), "").await
}

pub(crate) async fn order(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let paths: Vec<&str> = form.all("path").collect();
    if form.get("do") == "restore" {
        let [path] = paths[..] else {
            return Err(Error::invalid("wrong.form"));
        };
        takedowns::restore(&app, &actor, path).await?;
        return Ok(Redirect::to("/intake/takedowns").into_response());
    }
    let ordered = Ordered {
        reason: form.get("reason"),
        ground: form.get("ground"),
        note: form.get("note"),
        advice: form.get("advice"),
    };
    match takedowns::order(&app, &actor, &paths, ordered).await {
        Err(error) if error.kind == Kind::Invalid => {
            let typed = Typed {
                reason: ordered.reason.to_owned(),
                ground: ordered.ground.to_owned(),
                note: ordered.note.to_owned(),
                advice: ordered.advice.to_owned(),
            };
            let wrong = app.texts.get(error.key);
            let shown = takedowns_page(&app, &actor, (form.get("q"), &paths), typed, wrong).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        done => {
            done?;
            Ok(Redirect::to("/intake/takedowns").into_response())
        }
    }
}

pub(crate) async fn decide(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    match form.get("do") {
        "confirm" => takedowns::confirm(&app, &actor, &id).await?,
        "lift" => takedowns::lift(&app, &actor, &id).await?,
        _ => return Err(Error::invalid("wrong.form")),
    }
    Ok(Redirect::to("/intake/takedowns").into_response())
}

async fn takedowns_page(
    app: &App,
    actor: &Actor,
    (q, ticked): (&str, &[&str]),
    typed: Typed,
    wrong: &str,
) -> Result<Page, Error> {
    actor.must_in(app, Action::TakeDown, &actor.account.unit).await?;
    let snapshot = app.portal.snapshot();
    let names: BTreeMap<String, String> = app
        .store
        .accounts()
        .await?
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect();
    let orders = app.store.takedowns(SHOWN).await?;
    let units = &snapshot.units;
    let visible = orders
        .iter()
        .filter(|order| takedown::may_order(person(&actor.account), &order.unit, units));
    let mut found = takedowns::found(app, actor, q, ticked);
    let has_more = found.len() > MOST;
    found.truncate(MOST);
    let entry = |found: Published| EntryLine {
        url: snapshot.url_of(&found.path),
        unit: units.name(&found.unit).to_owned(),
        is_ticked: ticked.contains(&found.path.as_str()),
        path: found.path,
        title: found.title,
        is_withdrawn: found.is_withdrawn,
    };
    let shown = TakedownsPage {
        q: q.to_owned(),
        entries: found.into_iter().map(entry).collect(),
        has_more,
        reasons: snapshot.terms(REASONS),
        days: takedown::DAYS,
        orders: visible.map(|order| line(app, actor, order, &names)).collect(),
        typed,
        wrong: wrong.to_owned(),
    };
    Ok(page(app, Some(actor), "takedowns.html", &shown))
}

fn line(app: &App, actor: &Actor, order: &Takedown, names: &BTreeMap<String, String>) -> OrderLine {
    let (snapshot, who) = (app.portal.snapshot(), person(&actor.account));
    let (units, zone) = (&snapshot.units, snapshot.zone());
    let terms = snapshot.terms(REASONS);
    let reason = terms.iter().find(|(id, _)| *id == order.reason);
    let until = match order.decided_at {
        Some(at) => clock::written(at, zone),
        // The moment itself is not included.
        None => clock::day(order.due_at - 1, zone),
    };
    OrderLine {
        id: order.id.clone(),
        title: order.title.clone(),
        url: snapshot.url_of(&order.path),
        unit: units.name(&order.unit).to_owned(),
        reason: reason.map_or_else(|| order.reason.clone(), |(_, label)| label.clone()),
        ground: order.ground.clone(),
        note: order.note.clone(),
        advice: order.advice.clone(),
        by: format!(
            "{}（{}）",
            names.get(&order.ordered_by).map_or("", String::as_str),
            units.name(&order.ordered_unit)
        ),
        at: clock::written(order.ordered_at, zone),
        state: order.state.name(),
        state_label: app
            .texts
            .fill(&format!("takedown.{}", order.state.name()), &[("until", &until)]),
        until,
        may_confirm: takedown::may_confirm(who, order.order(), units),
        may_lift: takedown::may_lift(who, order.order(), units),
    }
}

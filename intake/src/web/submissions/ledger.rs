//! The ledger: everything that the actor can read, wherever it is, with filters, views that are kept, and files of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use crate::app::App;
use crate::clock;
use crate::domain::ledger::{Leaf, Order, Place, Wanted, Whose};
use crate::domain::submission::{Purpose, State as Standing};
use crate::services::ledger::{self, Ledger};
use crate::services::ledger_file::{self, Shape};
use crate::store::{LedgerRow, LedgerView};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// Where it is.
const ADDRESS: &str = "/intake/ledger";
/// Milliseconds.
const DAY: i64 = 86_400_000;

/// What can be chosen.
#[derive(Serialize)]
struct Choice {
    id: String,
    label: String,
    count: i64,
    is_chosen: bool,
}

/// A heading by which one can sort.
#[derive(Serialize)]
struct Heading {
    label: String,
    url: String,
    /// As `aria-sort` says it; empty for the others.
    sort: &'static str,
}

#[derive(Serialize)]
struct Line {
    id: String,
    title: String,
    kind: String,
    /// Empty for what is new.
    purpose: String,
    unit: String,
    authors: String,
    state: Standing,
    state_label: String,
    holder: String,
    days: Option<i64>,
    due: String,
    is_overdue: bool,
    updated: String,
    /// What the reader did last, and when; empty where they did nothing.
    act: String,
    acted: String,
}

#[derive(Serialize)]
struct ViewLine {
    id: String,
    name: String,
    url: String,
    is_shown: bool,
}

#[derive(Serialize)]
struct LedgerPage {
    lines: Vec<Line>,
    query: String,
    whose: Vec<Choice>,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    late: Choice,
    headings: BTreeMap<&'static str, Heading>,
    orders: Vec<Choice>,
    found: i64,
    total: i64,
    is_narrowed: bool,
    /// Whether it is about what the reader dealt with.
    is_done: bool,
    views: Vec<ViewLine>,
    /// Names and values of the form that keeps this view.
    kept: Vec<(&'static str, String)>,
    before: Option<String>,
    after: Option<String>,
    csv: String,
    xlsx: String,
    /// How many a file holds at most.
    most: i64,
}

/// Names and values of an address.
type Pairs = Query<Vec<(String, String)>>;

fn get<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    let found = pairs.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

fn wanted(pairs: &[(String, String)]) -> Result<Wanted, Error> {
    Wanted::read(|name| get(pairs, name)).map_err(|_| Error::invalid("wrong.form"))
}

/// The address of what is wanted, with more behind it.
fn address(place: &str, wanted: &Wanted, more: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(wanted.pairs());
    query.extend_pairs(more);
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{place}{mark}{query}")
}

fn leaf(pairs: &[(String, String)]) -> Leaf {
    let place = |name| Place::parse(get(pairs, name));
    match (place("after"), place("before")) {
        (Some(place), _) => Leaf::After(place),
        (None, Some(place)) => Leaf::Before(place),
        (None, None) => Leaf::First,
    }
}

fn line(app: &App, row: LedgerRow, act: Option<&(String, i64)>) -> Line {
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let text = |key: String| app.texts.get(&key).to_owned();
    let kind = snapshot.kind(&row.kind);
    Line {
        kind: kind
            .map_or(row.kind.as_str(), |kind| kind.label("zh-CN"))
            .to_owned(),
        purpose: match row.purpose {
            Purpose::New => String::new(),
            purpose => text(format!("purpose.{}", purpose.name())),
        },
        unit: snapshot.units.name(&row.unit).to_owned(),
        authors: ledger::authors(app, &row),
        state_label: text(format!("state.{}", row.state.name())),
        holder: ledger::who_has(app, &row),
        days: (!row.state.is_over()).then_some((now - row.state_at) / DAY),
        due: row
            .due_at
            .map_or_else(String::new, |due| clock::day(due - 1, snapshot.zone())),
        is_overdue: row.due_at.is_some_and(|due| due <= now),
        updated: clock::written(row.updated_at, snapshot.zone()),
        act: act.map_or_else(String::new, |(act, _)| text(format!("step.{act}"))),
        acted: act.map_or_else(String::new, |(_, at)| clock::written(*at, snapshot.zone())),
        title: match row.title.as_str() {
            "" => text("item.untitled".to_owned()),
            title => title.to_owned(),
        },
        state: row.state,
        id: row.id,
    }
}

/// The units with something in them, each behind the one above it.
fn units(app: &App, counts: &BTreeMap<String, i64>, chosen: Option<&str>) -> Vec<Choice> {
    let tree = &app.portal.snapshot().units;
    let mut known: Vec<(Vec<&str>, &str)> = Vec::new();
    for id in counts.keys().map(String::as_str).chain(chosen) {
        let mut path: Vec<&str> = tree.above(id).map(|unit| unit.id.as_str()).collect();
        path.reverse();
        path.push(id);
        known.push((path, id));
    }
    known.sort();
    known.dedup();
    let choice = |(path, id): (Vec<&str>, &str)| Choice {
        label: format!("{}{}", "　".repeat(path.len() - 1), tree.name(id)),
        count: counts.get(id).copied().unwrap_or_default(),
        is_chosen: chosen == Some(id),
        id: id.to_owned(),
    };
    known.into_iter().map(choice).collect()
}

fn headings(app: &App, wanted: &Wanted) -> BTreeMap<&'static str, Heading> {
    let heading = |order: &Order| {
        let is_sorted = wanted.order == *order;
        let descends = if is_sorted {
            !wanted.descends
        } else {
            order.usual().starts_with('-')
        };
        let next = Wanted {
            order: *order,
            descends,
            ..wanted.clone()
        };
        let heading = Heading {
            label: app
                .texts
                .get(&format!("ledger.order-{}", order.name()))
                .to_owned(),
            url: address(ADDRESS, &next, &[]),
            sort: match (is_sorted, wanted.descends) {
                (true, true) => "descending",
                (true, false) => "ascending",
                _ => "",
            },
        };
        (order.name(), heading)
    };
    Order::ALL.iter().map(heading).collect()
}

/// What the form can sort by: headings are not there on a phone. What is sorted the other way round is there while it is.
fn orders(app: &App, wanted: &Wanted) -> Vec<Choice> {
    let mut names: Vec<String> = Order::ALL.iter().map(|order| order.usual().to_owned()).collect();
    let chosen = wanted.order_name();
    if !names.contains(&chosen) {
        names.push(chosen.clone());
    }
    let choice = |id: String| Choice {
        label: app.texts.get(&format!("ledger.by-{id}")).to_owned(),
        count: 0,
        is_chosen: id == chosen,
        id,
    };
    names.into_iter().map(choice).collect()
}

fn views(kept: Vec<LedgerView>, wanted: &Wanted) -> Vec<ViewLine> {
    let shown = address("", wanted, &[]);
    let line = |view: LedgerView| ViewLine {
        is_shown: shown.trim_start_matches('?') == view.query,
        url: format!("{ADDRESS}?{}", view.query),
        name: view.name,
        id: view.id,
    };
    kept.into_iter().map(line).collect()
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(pairs): Pairs,
) -> Result<Page, Error> {
    let wanted = wanted(&pairs)?;
    let found = ledger::page(&app, &actor, &wanted, &leaf(&pairs)).await?;
    let kept = app.store.ledger_views(&actor.account.id).await?;
    Ok(page(
        &app,
        Some(&actor),
        "ledger.html",
        &shown(&app, &wanted, found, kept),
    ))
}

fn shown(app: &App, wanted: &Wanted, found: Ledger, kept: Vec<LedgerView>) -> LedgerPage {
    let (snapshot, facets) = (app.portal.snapshot(), &found.facets);
    let text = |key: String| app.texts.get(&key).to_owned();
    let whose = |whose: &Whose| Choice {
        id: whose.name().to_owned(),
        label: text(format!("ledger.whose-{}", whose.name())),
        count: 0,
        is_chosen: *whose == wanted.whose,
    };
    let state = |state: &Standing| Choice {
        id: state.name().to_owned(),
        label: text(format!("state.{}", state.name())),
        count: facets.states.get(state.name()).copied().unwrap_or_default(),
        is_chosen: wanted.state == Some(*state),
    };
    let states = Standing::ALL.iter().map(state);
    let kinds = facets.kinds.iter().map(|(id, count)| Choice {
        label: snapshot
            .kind(id)
            .map_or(id.as_str(), |kind| kind.label("zh-CN"))
            .to_owned(),
        id: id.clone(),
        count: *count,
        is_chosen: wanted.kind.as_ref() == Some(id),
    });
    let leads = |name: &str, place: &Option<Place>| {
        let place = place.as_ref();
        place.map(|place| address(ADDRESS, wanted, &[(name, &place.to_string())]))
    };
    LedgerPage {
        query: wanted.query.clone(),
        whose: Whose::ALL.iter().map(whose).collect(),
        states: states
            .filter(|choice| choice.count > 0 || choice.is_chosen)
            .collect(),
        kinds: kinds.collect(),
        units: units(app, &facets.units, wanted.unit.as_deref()),
        late: Choice {
            id: "yes".to_owned(),
            label: text("item.late".to_owned()),
            count: facets.late,
            is_chosen: wanted.is_late,
        },
        headings: headings(app, wanted),
        orders: orders(app, wanted),
        found: facets.found,
        total: facets.total,
        is_narrowed: wanted.is_narrowed(),
        is_done: wanted.whose == Whose::Done,
        views: views(kept, wanted),
        kept: wanted.pairs(),
        before: leads("before", &found.before),
        after: leads("after", &found.after),
        csv: address("/intake/ledger.csv", wanted, &[]),
        xlsx: address("/intake/ledger.xlsx", wanted, &[]),
        most: ledger_file::MOST,
        lines: found
            .rows
            .into_iter()
            .map(|row| {
                let act = found.acts.get(&row.id);
                line(app, row, act)
            })
            .collect(),
    }
}

/// Keeps a view, or forgets one.
pub(crate) async fn keep(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Redirect, Error> {
    let wanted = wanted(&form.pairs)?;
    match form.get("do") {
        "keep" => ledger::keep_view(&app, &actor, form.get("name"), &wanted).await?,
        "forget" => ledger::forget_view(&app, &actor, form.get("view")).await?,
        _ => return Err(Error::invalid("wrong.form")),
    }
    Ok(Redirect::to(&address(ADDRESS, &wanted, &[])))
}

pub(crate) async fn csv(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(pairs): Pairs,
    request: Request,
) -> Result<Response, Error> {
    file(&app, &actor, &pairs, Shape::Csv, request).await
}

pub(crate) async fn xlsx(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(pairs): Pairs,
    request: Request,
) -> Result<Response, Error> {
    file(&app, &actor, &pairs, Shape::Xlsx, request).await
}

async fn file(
    app: &Arc<App>,
    actor: &Actor,
    pairs: &[(String, String)],
    shape: Shape,
    request: Request,
) -> Result<Response, Error> {
    let wanted = wanted(pairs)?;
    let written = ledger_file::write(app, actor, &wanted, shape).await?;
    let (media_type, ending) = match shape {
        Shape::Csv => ("text/csv; charset=utf-8", "csv"),
        Shape::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    };
    // It is open from here on, and gone from the disk when the answer has been given.
    let answer = ServeFile::new(written.path()).oneshot(request).await?;
    let mut answer = answer.map(Body::new).into_response();
    let name = format!("{}-{}.{ending}", app.texts.get("ledger.title"), app.today());
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let disposition = format!("attachment; filename=\"ledger.{ending}\"; filename*=UTF-8''{encoded}");
    let headers: [(HeaderName, &str); 3] = [
        (CONTENT_TYPE, media_type),
        (CONTENT_DISPOSITION, &disposition),
        (CACHE_CONTROL, "private, no-store"),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    }
    Ok(answer)
}

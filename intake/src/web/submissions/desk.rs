//! The first page after signing in, and beginning an edit of what is published.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::submission::{Purpose, State as Standing, Version};
use crate::portal::{Aside, Snapshot};
use crate::services::{desk, drafts, finding};
use crate::store::Row;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

/// Submissions that a list shows at most.
const MOST: i64 = 200;

/// A submission in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    id: String,
    title: String,
    kind: String,
    purpose: String,
    is_new: bool,
    state: Standing,
    state_label: String,
    owner: String,
    unit: String,
    holder: String,
    since: String,
    days: i64,
    is_overdue: bool,
    version: i64,
    decided_on: Version,
    url: Option<String>,
}

/// Rows as lists show them.
pub(crate) fn lines(app: &App, rows: Vec<Row>) -> Vec<Line> {
    let snapshot = app.portal.snapshot();
    let now = clock::now();
    let line = |row: Row| {
        let kind = snapshot
            .kind(&row.kind)
            .map_or(row.kind.as_str(), |kind| kind.label("zh-CN"));
        let days = (now - row.state_at) / 86_400_000;
        Line {
            decided_on: row.decided_on(),
            title: if row.title.is_empty() {
                app.texts.get("item.untitled").to_owned()
            } else {
                row.title
            },
            kind: kind.to_owned(),
            purpose: app
                .texts
                .get(&format!("purpose.{}", row.purpose.name()))
                .to_owned(),
            is_new: row.purpose == Purpose::New,
            state_label: app.texts.get(&format!("state.{}", row.state.name())).to_owned(),
            owner: row.owner_name,
            unit: snapshot.units.name(&row.unit).to_owned(),
            holder: row
                .holder
                .as_deref()
                .map(|holder| snapshot.units.name(holder).to_owned())
                .unwrap_or_default(),
            since: clock::written(row.state_at, snapshot.zone()),
            days,
            is_overdue: row.due_at.is_some_and(|due| due <= now),
            version: row.version,
            url: (row.state == Standing::Published && snapshot.scheduled_at(&row.path).is_none())
                .then(|| snapshot.url_of(&row.path)),
            state: row.state,
            id: row.id,
        }
    };
    rows.into_iter().map(line).collect()
}

#[derive(Serialize)]
struct DeskPage {
    /// What came back to the actor; not among `mine`.
    returned: Vec<Line>,
    mine: Vec<Line>,
    todo: Vec<Todo>,
    waiting: Vec<Line>,
    sent_up: Vec<Line>,
    overdue: Vec<Line>,
    set_aside: Vec<AsideLine>,
    damaged: Vec<AsideLine>,
    deputised: Vec<Deputised>,
    assigned: Vec<Line>,
    year: Option<YearShown>,
    lacking: Vec<String>,
    /// How many more units lack something.
    more_lacking: String,
    may_create: bool,
}

/// Something to do, and where.
#[derive(Serialize)]
struct Todo {
    text: String,
    url: &'static str,
}

/// What the unit did of what it owes this school year, in sentences.
#[derive(Serialize)]
struct YearShown {
    title: String,
    standing: String,
    done: usize,
    owed: usize,
    kinds: Vec<(String, usize)>,
    authors: Vec<(String, usize)>,
}

/// What the actor may decide in somebody's place.
#[derive(Serialize)]
struct Deputised {
    title: String,
    lines: Vec<Line>,
}

fn year(app: &App, actor: &Actor) -> Option<YearShown> {
    let year = desk::year(app, actor)?;
    let (begins, ends) = (year.begins.to_string(), (year.begins + 1).to_string());
    let (done, owed) = (year.done.to_string(), year.owed.to_string());
    let missing = year.owed.saturating_sub(year.done).to_string();
    let key = if year.done >= year.owed {
        "desk.year-done"
    } else {
        "desk.year-owed"
    };
    Some(YearShown {
        title: app
            .texts
            .fill("desk.year", &[("begins", &begins), ("ends", &ends)]),
        standing: app
            .texts
            .fill(key, &[("done", &done), ("owed", &owed), ("missing", &missing)]),
        done: year.done,
        owed: year.owed,
        kinds: year.kinds,
        authors: year.authors,
    })
}

fn lacking(app: &App, actor: &Actor) -> (Vec<String>, String) {
    let (units, more) = desk::lacking_below(app, actor);
    let sentence = |(unit, done, owed): (String, usize, usize)| {
        let (done, owed) = (done.to_string(), owed.to_string());
        let arguments = [("unit", &*unit), ("done", &*done), ("owed", &*owed)];
        app.texts.fill("desk.lacks", &arguments)
    };
    let more = match more {
        0 => String::new(),
        more => app.texts.fill("desk.more-lack", &[("count", &more.to_string())]),
    };
    (units.into_iter().map(sentence).collect(), more)
}

/// An entry of the actor's unit that is left out of the portal, or some of its files.
#[derive(Serialize)]
struct AsideLine {
    path: String,
    title: String,
    unit: String,
    reasons: Vec<String>,
    may_edit: bool,
}

/// What of the actor's unit is left out of the portal, for its admins.
fn lines_of(
    app: &App,
    actor: &Actor,
    of_unit: impl for<'a> Fn(&'a Snapshot, &str) -> Vec<&'a Aside>,
) -> Vec<AsideLine> {
    if !actor.role().is_admin() {
        return Vec::new();
    }
    let snapshot = app.portal.snapshot();
    let aside = of_unit(&snapshot, &actor.account.unit).into_iter();
    aside
        .map(|aside| AsideLine {
            path: aside.path.clone(),
            title: aside.title.clone(),
            unit: snapshot.units.name(&aside.unit).to_owned(),
            reasons: aside.reasons.clone(),
            may_edit: drafts::may_edit(app, actor, &aside.path),
        })
        .collect()
}

pub(crate) async fn moved() -> Redirect {
    Redirect::permanent("/intake/")
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    let mine = app.store.submissions_of(&actor.account.id, MOST).await?;
    let waiting = if actor.role().is_admin() {
        desk::waiting(&app, &actor.account.unit).await?
    } else {
        Vec::new()
    };
    let (returned, mine): (Vec<Row>, Vec<Row>) =
        mine.into_iter().partition(|row| row.state == Standing::Returned);
    let mut deputised = Vec::new();
    for principal in &actor.principals {
        let rows = desk::waiting(&app, &principal.unit).await?;
        deputised.push(Deputised {
            title: app.texts.fill("desk.deputised", &[("name", &principal.name)]),
            lines: lines(&app, rows),
        });
    }
    let todo = desk::todo(&app, &actor, &actor.tasks).await?;
    let todo = todo
        .into_iter()
        .map(|desk::Todo { text, url }| Todo { text, url });
    let (lacking, more_lacking) = lacking(&app, &actor);
    let shown = DeskPage {
        deputised,
        assigned: lines(&app, actor.assigned.clone()),
        returned: lines(&app, returned),
        mine: lines(&app, mine),
        todo: todo.collect(),
        waiting: lines(&app, waiting),
        sent_up: lines(&app, desk::sent_up(&app, &actor).await?),
        overdue: lines(&app, desk::overdue_below(&app, &actor).await?),
        set_aside: lines_of(&app, &actor, Snapshot::set_aside_for),
        damaged: lines_of(&app, &actor, Snapshot::damaged_for),
        year: year(&app, &actor),
        lacking,
        more_lacking,
        may_create: actor.may_in(&app, Action::Create, &actor.account.unit),
    };
    Ok(page(&app, Some(&actor), "desk.html", &shown))
}

/// Entries of units below that the page shows at most.
const MOST_BELOW: usize = 50;

/// What is looked for among the entries of units below.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Looking {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct EntriesPage {
    entries: Vec<EntryLine>,
    /// Whether there are units below whose entries the actor may change.
    has_below: bool,
    q: String,
    below: Vec<BelowLine>,
}

/// An entry of a unit below.
#[derive(Serialize)]
struct BelowLine {
    path: String,
    title: String,
    unit: String,
    url: String,
}

#[derive(Serialize)]
struct EntryLine {
    path: String,
    title: String,
    kind: String,
    url: String,
    is_withdrawn: bool,
}

pub(crate) async fn entries(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(looking): Query<Looking>,
) -> Result<Page, Error> {
    actor.must_in(&app, Action::Create, &actor.account.unit).await?;
    let snapshot = app.portal.snapshot();
    let entries = snapshot
        .entries_of_unit(actor.role(), &actor.account.unit)
        .into_iter();
    let line = |(path, kind, title, is_withdrawn): (String, String, String, bool)| EntryLine {
        url: snapshot.url_of(&path),
        kind: snapshot
            .kind(&kind)
            .map_or(kind.as_str(), |kind| kind.label("zh-CN"))
            .to_owned(),
        path,
        title,
        is_withdrawn,
    };
    let (own, units) = (&actor.account.unit, &snapshot.units);
    let is_changed_from_above =
        |unit: &str| units.is_below(unit, own) && actor.may_in(&app, Action::Amend, unit);
    let below = finding::published(&app, &looking.q, MOST_BELOW, |entry| {
        is_changed_from_above(&entry.unit) && drafts::may_edit(&app, &actor, &entry.path)
    });
    let shown = EntriesPage {
        entries: entries.map(line).collect(),
        has_below: units.iter().any(|unit| is_changed_from_above(&unit.id)),
        q: looking.q,
        below: below
            .into_iter()
            .map(|entry| BelowLine {
                url: snapshot.url_of(&entry.path),
                unit: units.name(&entry.unit).to_owned(),
                path: entry.path,
                title: entry.title,
            })
            .collect(),
    };
    Ok(page(&app, Some(&actor), "entries.html", &shown))
}

pub(crate) async fn begin_edit(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let purpose = match form.get("purpose") {
        "edit" => Purpose::Edit,
        "takedown" => Purpose::Takedown,
        _ => return Err(Error::invalid("wrong.form")),
    };
    let submission = drafts::begin_edit(&app, &actor, form.get("path"), purpose).await?;
    Ok(Redirect::to(&format!("/intake/items/{}/edit", submission.id)).into_response())
}

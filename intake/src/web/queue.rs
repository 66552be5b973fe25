//! What waits for the actor's unit.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Html;
use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::desk::{Line, lines};
use super::error::Wrong;
use super::pages::page;
use crate::app::App;
use crate::domain::policy::Action;
use crate::store::Filter;

/// Submissions that the page shows at most; the filters find the others.
const MOST: i64 = 100;

/// Which submissions are wanted.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    unit: String,
}

#[derive(Serialize)]
struct Choice {
    id: String,
    label: String,
    count: i64,
    is_chosen: bool,
}

#[derive(Serialize)]
struct QueuePage {
    lines: Vec<Line>,
    total: i64,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    is_filtered: bool,
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, Wrong> {
    // Whoever answers for a unit sees what waits for it.
    actor
        .must_in(&app, Action::ReadRoster, &actor.account.unit)
        .await?;
    let snapshot = app.portal.snapshot();
    let counts = app.store.queue_counts(&actor.account.unit).await?;
    let filter = Filter {
        holder: actor.account.unit.clone(),
        state: wanted.state,
        kind: wanted.kind,
        unit: wanted.unit,
    };
    let rows = app.store.queue(&filter, MOST).await?;
    let (mut by_state, mut by_kind) = (BTreeMap::new(), BTreeMap::new());
    for (state, kind, count) in &counts {
        *by_state.entry(state.as_str()).or_insert(0) += count;
        *by_kind.entry(kind.as_str()).or_insert(0) += count;
    }
    let state_choice = |(state, count): (&str, i64)| Choice {
        id: state.to_owned(),
        label: app.texts.get(&format!("state.{state}")).to_owned(),
        count,
        is_chosen: filter.state == state,
    };
    let kind_choice = |(kind, count): (&str, i64)| Choice {
        id: kind.to_owned(),
        label: snapshot
            .kind(kind)
            .map_or(kind, |kind| kind.label("zh-CN"))
            .to_owned(),
        count,
        is_chosen: filter.kind == kind,
    };
    let shown = QueuePage {
        lines: lines(&app, rows),
        total: counts.iter().map(|(_, _, count)| count).sum(),
        states: by_state.into_iter().map(state_choice).collect(),
        kinds: by_kind.into_iter().map(kind_choice).collect(),
        is_filtered: !(filter.state.is_empty() && filter.kind.is_empty() && filter.unit.is_empty()),
    };
    page(&app, Some(&actor), "queue.html", &shown)
}

//! What waits for the actor's unit.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::rights::Permissions;
use crate::domain::submission::State as Standing;
use crate::portal::Snapshot;
use crate::store::{Filter, QueueCount};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::pages::{Page, page};
use crate::web::submissions::desk::{Line, lines};

/// Submissions that the page shows at most; the filters find the others.
const MOST: i64 = 100;
/// More units than these are chosen from a list of their own only when they are filtered otherwise first.
const MOST_UNITS: usize = 300;

/// Which submissions are wanted.
#[derive(Debug, Default, Clone, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    late: String,
}

/// What one can filter by, with how many there are under the other filters.
#[derive(Serialize)]
struct Choice {
    id: String,
    label: String,
    count: i64,
    is_chosen: bool,
}

/// A submission of the queue.
#[derive(Serialize)]
struct Waiting {
    #[serde(flatten)]
    line: Line,
    /// Whether it can be decided on together with others.
    can_tick: bool,
}

#[derive(Serialize)]
struct QueuePage {
    lines: Vec<Waiting>,
    /// All that wait, whatever the filters.
    total: i64,
    /// What the filters let through.
    found: i64,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    late: Choice,
    is_filtered: bool,
    can_endorse: bool,
    can_accept: bool,
}

impl Wanted {
    fn wants(&self, count: &QueueCount, but: &str) -> bool {
        let fits = |name, wanted: &str, known: &str| but == name || wanted.is_empty() || wanted == known;
        fits("state", &self.state, count.state.name())
            && fits("kind", &self.kind, &count.kind)
            && fits("unit", &self.unit, &count.unit)
    }

    /// How many there are of a count.
    fn of(&self, count: &QueueCount) -> i64 {
        if self.is_late() { count.late } else { count.count }
    }

    /// The state that is wanted; one that there is not is refused.
    fn state(&self) -> Result<Option<Standing>, Error> {
        let named = |name: String| Standing::from_name(&name).ok_or_else(|| Error::invalid("wrong.form"));
        some(&self.state).map(named).transpose()
    }

    fn is_late(&self) -> bool {
        self.late == "yes"
    }

    /// Choices of one name, counted under the other filters.
    fn choices<'c>(
        &self,
        counts: &'c [QueueCount],
        name: &str,
        chosen: &str,
        id: impl Fn(&'c QueueCount) -> &'c str,
        label: impl Fn(&str) -> String,
    ) -> Vec<Choice> {
        let mut found: BTreeMap<&str, i64> = BTreeMap::new();
        for count in counts.iter().filter(|count| self.wants(count, name)) {
            *found.entry(id(count)).or_insert(0) += self.of(count);
        }
        let choice = |(id, count): (&str, i64)| Choice {
            id: id.to_owned(),
            label: label(id),
            count,
            is_chosen: id == chosen,
        };
        let mut choices: Vec<Choice> = found.into_iter().map(choice).collect();
        choices.retain(|choice| choice.count > 0 || choice.is_chosen);
        choices
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn kind_label(snapshot: &Snapshot, id: &str) -> String {
    let kind = snapshot.kind(id);
    kind.map_or(id, |kind| kind.label("zh-CN")).to_owned()
}

/// Whether one says yes to it without a word: an opinion needs one.
fn can_accept(may: &Permissions) -> bool {
    may.accept || may.pass && !may.opine
}

/// Submissions of the queue, with what the actor can do with each.
fn waiting(lines: Vec<Line>, may: &[Permissions]) -> Vec<Waiting> {
    let one = |(line, may): (Line, &Permissions)| Waiting {
        line,
        can_tick: may.endorse || can_accept(may),
    };
    lines.into_iter().zip(may).map(one).collect()
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Page, Error> {
    // Whoever answers for a unit sees what waits for it.
    actor
        .must_in(&app, Action::ReadRoster, &actor.account.unit)
        .await?;
    let snapshot = app.portal.snapshot();
    let now = clock::now();
    let counts = app.store.queue_counts(&actor.account.unit, now).await?;
    let filter = Filter {
        holder: actor.account.unit.clone(),
        state: wanted.state()?,
        kind: some(&wanted.kind),
        unit: some(&wanted.unit),
        due_until: wanted.is_late().then_some(now),
    };
    let rows = app.store.queue(&filter, MOST).await?;
    let may: Vec<Permissions> = rows
        .iter()
        .map(|row| actor.permissions_in_queue(&app, row))
        .collect();
    let state_label = |state: &str| app.texts.get(&format!("state.{state}")).to_owned();
    let units = wanted.choices(
        &counts,
        "unit",
        &wanted.unit,
        |count| &count.unit,
        |unit| snapshot.units.name(unit).to_owned(),
    );
    let fitting = || counts.iter().filter(|count| wanted.wants(count, ""));
    let shown = QueuePage {
        total: counts.iter().map(|count| count.count).sum(),
        found: fitting().map(|count| wanted.of(count)).sum(),
        states: wanted.choices(
            &counts,
            "state",
            &wanted.state,
            |count| count.state.name(),
            state_label,
        ),
        kinds: wanted.choices(
            &counts,
            "kind",
            &wanted.kind,
            |count| &count.kind,
            |kind| kind_label(&snapshot, kind),
        ),
        units: units.into_iter().take(MOST_UNITS).collect(),
        late: Choice {
            id: "yes".to_owned(),
            label: app.texts.get("item.late").to_owned(),
            count: fitting().map(|count| count.late).sum(),
            is_chosen: wanted.is_late(),
        },
        is_filtered: wanted.is_late()
            || ![&wanted.state, &wanted.kind, &wanted.unit]
                .iter()
                .all(|text| text.is_empty()),
        can_endorse: may.iter().any(|may| may.endorse),
        can_accept: may.iter().any(can_accept),
        lines: waiting(lines(&app, rows), &may),
    };
    Ok(page(&app, Some(&actor), "queue.html", &shown))
}

//! The ledger: everything that somebody can read, wherever it is. What that is says the same rule as for the page of a
//! submission, through [`crate::domain::reach`].

use std::collections::BTreeMap;

use super::actor::Actor;
use super::{Error, Kind};
use crate::app::App;
use crate::domain::ledger::{Leaf, Place, Wanted};
use crate::domain::reach::Reach;
use crate::domain::submission::State;
use crate::store::{Asked, LedgerCount, LedgerRow, LedgerView};
use crate::{clock, ids};

/// Submissions of a page.
pub const PAGE: i64 = 50;
/// Views that an account keeps at most.
const MOST_VIEWS: i64 = 20;
/// Characters of a view's name.
const LONGEST_NAME: usize = 40;

/// How many submissions there are by what one can narrow them down, each under the other choices.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By state.
    pub states: BTreeMap<&'static str, i64>,
    /// By kind.
    pub kinds: BTreeMap<String, i64>,
    /// By unit, with what is of units below it.
    pub units: BTreeMap<String, i64>,
    /// Overdue.
    pub late: i64,
    /// Under every choice.
    pub found: i64,
    /// Whatever the choices.
    pub total: i64,
}

/// A page of the ledger.
#[derive(Debug)]
pub struct Ledger {
    /// The submissions.
    pub rows: Vec<LedgerRow>,
    /// What the actor did last to those that they dealt with, and when.
    pub acts: BTreeMap<String, (String, i64)>,
    /// How many there are.
    pub facets: Facets,
    /// Where the page before ends.
    pub before: Option<Place>,
    /// Where the page behind begins.
    pub after: Option<Place>,
}

/// Somebody's question, with what belongs to it.
struct Question<'a> {
    actor: &'a Actor,
    wanted: &'a Wanted,
    reach: Reach,
    units: Option<Vec<String>>,
    now: i64,
}

impl<'a> Question<'a> {
    fn new(app: &App, actor: &'a Actor, wanted: &'a Wanted) -> Self {
        let units = &app.portal.snapshot().units;
        Self {
            actor,
            wanted,
            reach: actor.reach(app),
            units: wanted.unit.as_deref().map(|unit| units.with_below(unit)),
            now: clock::now(),
        }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            account: &self.actor.account.id,
            reach: &self.reach,
            wanted: self.wanted,
            units: self.units.as_deref(),
            now: self.now,
        }
    }

    fn facets(&self, app: &App, counts: &[LedgerCount]) -> Facets {
        let (wanted, snapshot) = (self.wanted, app.portal.snapshot());
        let mut facets = Facets::default();
        for count in counts {
            let fits_state = wanted.state.is_none_or(|state| state == count.state);
            let fits_kind = wanted.kind.as_ref().is_none_or(|kind| *kind == count.kind);
            let fits_unit = self
                .units
                .as_ref()
                .is_none_or(|units| units.contains(&count.unit));
            let number = if wanted.is_late { count.late } else { count.count };
            facets.total += count.count;
            if number > 0 && fits_kind && fits_unit {
                *facets.states.entry(count.state.name()).or_default() += number;
            }
            if number > 0 && fits_state && fits_unit {
                *facets.kinds.entry(count.kind.clone()).or_default() += number;
            }
            if number > 0 && fits_state && fits_kind {
                let above = snapshot.units.above(&count.unit).map(|unit| unit.id.as_str());
                for unit in std::iter::once(count.unit.as_str()).chain(above) {
                    match facets.units.get_mut(unit) {
                        Some(known) => *known += number,
                        None => drop(facets.units.insert(unit.to_owned(), number)),
                    }
                }
            }
            if fits_state && fits_kind && fits_unit {
                facets.late += count.late;
                facets.found += number;
            }
        }
        facets
    }
}

/// A page of what the actor can read and looks for.
///
/// # Errors
/// When the database does not answer.
pub async fn page(app: &App, actor: &Actor, wanted: &Wanted, leaf: &Leaf) -> Result<Ledger, Error> {
    let question = Question::new(app, actor, wanted);
    let counts = app.store.ledger_counts(&question.asked()).await?;
    let facets = question.facets(app, &counts);
    let mut rows = app
        .store
        .ledger(&question.asked(), (leaf, PAGE + 1), facets.found)
        .await?;
    let is_full = rows.len() as i64 > PAGE;
    let is_back = matches!(leaf, Leaf::Before(_));
    if is_full && is_back {
        rows.remove(0);
    } else if is_full {
        rows.pop();
    }
    let place = |row: Option<&LedgerRow>| row.map(|row| row.place(wanted.order));
    let (has_before, has_after) = match leaf {
        Leaf::First => (false, is_full),
        Leaf::After(_) => (true, is_full),
        Leaf::Before(_) => (is_full, true),
    };
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let acts = app.store.last_acts(&actor.account.id, &ids).await?;
    Ok(Ledger {
        before: place(rows.first()).filter(|_| has_before),
        after: place(rows.last()).filter(|_| has_after),
        rows,
        acts: acts.into_iter().map(|(id, act, at)| (id, (act, at))).collect(),
        facets,
    })
}

/// The submissions behind a place, for a file of all of them; `found` is how many there are.
pub(super) async fn following(
    app: &App,
    actor: &Actor,
    wanted: &Wanted,
    (leaf, most): (&Leaf, i64),
    found: i64,
) -> Result<Vec<LedgerRow>, Error> {
    let question = Question::new(app, actor, wanted);
    Ok(app.store.ledger(&question.asked(), (leaf, most), found).await?)
}

/// How many submissions the actor can read and looks for.
pub(super) async fn found(app: &App, actor: &Actor, wanted: &Wanted) -> Result<i64, Error> {
    let question = Question::new(app, actor, wanted);
    let counts = app.store.ledger_counts(&question.asked()).await?;
    Ok(question.facets(app, &counts).found)
}

/// Who has a submission now, in words; empty when it is over.
pub fn who_has(app: &App, row: &LedgerRow) -> String {
    let snapshot = app.portal.snapshot();
    let unit = row.holder.as_deref().map_or("", |unit| snapshot.units.name(unit));
    match row.state {
        State::Draft | State::Returned => row.owner_name.clone(),
        State::Submitted | State::Endorsed => unit.to_owned(),
        State::InReview => match &row.reviewer_name {
            Some(reviewer) => format!("{reviewer}（{unit}）"),
            None => unit.to_owned(),
        },
        State::Accepted | State::Merged => app.texts.get("item.server").to_owned(),
        State::Published | State::Withdrawn | State::Rejected => String::new(),
    }
}

/// The authors of a submission: those that it names, or whoever made it.
pub fn authors(app: &App, row: &LedgerRow) -> String {
    let snapshot = app.portal.snapshot();
    let named = row.authors.lines().filter(|author| !author.trim().is_empty());
    let named: Vec<String> = named.map(|author| snapshot.author_named(author).name).collect();
    if named.is_empty() {
        row.owner_name.clone()
    } else {
        named.join("、")
    }
}

/// Keeps what the actor looks for under a name, in the place of what was kept under it.
///
/// # Errors
/// No name, one that is too long, too many views.
pub async fn keep_view(app: &App, actor: &Actor, name: &str, wanted: &Wanted) -> Result<(), Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid("ledger.bad-name"));
    }
    let view = LedgerView {
        id: ids::name(),
        account: actor.account.id.clone(),
        name: name.to_owned(),
        query: form_urlencoded::Serializer::new(String::new())
            .extend_pairs(wanted.pairs())
            .finish(),
        made_at: clock::now(),
    };
    let mut change = app.store.change().await?;
    if change.other_views(&view.account, name).await? >= MOST_VIEWS {
        return Err(Error::invalid("ledger.many-views"));
    }
    change.keep_view(&view).await?;
    change.commit().await?;
    Ok(())
}

/// Forgets a view of the actor's.
///
/// # Errors
/// [`Kind::NotFound`] when there is none.
pub async fn forget_view(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    let views = app.store.ledger_views(&actor.account.id).await?;
    if !views.iter().any(|view| view.id == id) {
        return Err(Kind::NotFound.into());
    }
    let mut change = app.store.change().await?;
    change.forget_view(&actor.account.id, id).await?;
    change.commit().await?;
    Ok(())
}

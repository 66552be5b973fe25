//! Taking published entries down from above, and making them public again.

use std::sync::Arc;

use super::actor::{Actor, person};
use super::finding::Words;
use super::takedown_notices::of_takedown;
use super::{Error, Kind};
use crate::app::App;
use crate::domain::audit::Event;
use crate::domain::policy::Action;
use crate::domain::takedown::{self, State};
use crate::domain::typed::filled;
use crate::mail;
use crate::portal::Published;
use crate::store::{JobKind, Takedown};
use crate::{clock, ids};

/// Most characters of what the public or the unit reads.
const LONGEST: usize = 500;
/// Most entries that one order takes down.
pub const MOST: usize = 200;

/// What the actor can have taken down whose title, author or unit has all words of a query, and what lies in the files that
/// are ticked: one more than [`MOST`] at most.
pub fn found(app: &App, actor: &Actor, query: &str, ticked: &[&str]) -> Vec<Published> {
    let (words, snapshot) = (Words::of(query), app.portal.snapshot());
    let (who, units) = (person(&actor.account), &snapshot.units);
    let wanted = snapshot.published_by_units().filter(|(entry, authors)| {
        let is_wanted = ticked.contains(&entry.path.as_str()) || words.are_in(entry, authors, units);
        is_wanted && takedown::may_order(who, &entry.unit, units)
    });
    wanted.map(|(entry, _)| entry).take(MOST + 1).collect()
}

/// What is ordered, as a form says it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ordered<'a> {
    /// Term of the vocabulary of reasons.
    pub reason: &'a str,
    /// The law or rule it rests on.
    pub ground: &'a str,
    /// What the public reads.
    pub note: &'a str,
    /// What the unit alone reads.
    pub advice: &'a str,
}

/// Has entries taken down at once, all of them or none.
///
/// # Errors
/// [`Kind::Forbidden`] and [`Kind::NotFound`] for any of them; an unknown reason, no ground, a text that is too long, too many
/// entries; [`Kind::NotNow`] where one is down already.
pub async fn order(app: &Arc<App>, actor: &Actor, paths: &[&str], ordered: Ordered<'_>) -> Result<(), Error> {
    let snapshot = app.portal.snapshot();
    let is_long = |text: &str| text.trim().chars().count() > LONGEST;
    if paths.is_empty() || paths.len() > MOST {
        return Err(Error::invalid("takedown.none"));
    }
    if !snapshot.has_term(takedown::REASONS, ordered.reason) {
        return Err(Error::invalid("takedown.no-reason"));
    }
    if ordered.ground.trim().is_empty() {
        return Err(Error::invalid("takedown.no-ground"));
    }
    if [ordered.ground, ordered.note, ordered.advice]
        .into_iter()
        .any(is_long)
    {
        return Err(Error::invalid("takedown.too-long"));
    }
    let now = clock::now();
    let due_at = snapshot
        .calendar()
        .end_after(now, takedown::DAYS, snapshot.zone());
    let mut takedowns = Vec::with_capacity(paths.len());
    for path in paths {
        let (kind, title, unit) = snapshot.entry_to_edit(path).ok_or(Kind::NotFound)?;
        actor.must_in(app, Action::TakeDown, &unit).await?;
        takedowns.push(Takedown {
            id: ids::name(),
            kind,
            path: (*path).to_owned(),
            title,
            unit,
            reason: ordered.reason.to_owned(),
            ground: ordered.ground.trim().to_owned(),
            note: filled(ordered.note),
            advice: filled(ordered.advice),
            ordered_by: actor.account.id.clone(),
            ordered_unit: actor.account.unit.clone(),
            ordered_at: now,
            due_at,
            state: State::Ordered,
            decided_by: None,
            decided_at: None,
        });
    }
    let mut change = app.store.change().await?;
    for takedown in &takedowns {
        if snapshot.withdrawn_for(&takedown.path).is_some() || change.is_down(&takedown.path).await? {
            return Err(Kind::NotNow.into());
        }
        change.add_takedown(takedown).await?;
        let detail = format!("{} {}", takedown.reason, takedown.path);
        let event = actor.event("takedown-ordered", &takedown.subject(), &detail);
        change.record(&event).await?;
        let told = (mail::Kind::TakenDown, Some(&*actor.account.id));
        of_takedown(app, &mut change, takedown, told, now).await?;
        change
            .enqueue(JobKind::Takedown, &takedown.id, State::Ordered.name(), now)
            .await?;
    }
    change.commit().await?;
    app.bells.ring();
    Ok(())
}

/// Confirms an order that somebody else gave.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] when it was decided on meanwhile.
pub async fn confirm(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    let takedown = find(app, actor, id, takedown::may_confirm).await?;
    let mut change = app.store.change().await?;
    let steps = (State::Ordered, State::Confirmed);
    let (by, now) = (Some(actor.account.id.as_str()), clock::now());
    if !change.decide_takedown(id, steps, by, now).await? {
        return Err(Kind::NotNow.into());
    }
    let event = actor.event("takedown-confirmed", &takedown.subject(), "");
    change.record(&event).await?;
    let told = (mail::Kind::TakedownConfirmed, by);
    of_takedown(app, &mut change, &takedown, told, now).await?;
    change.commit().await?;
    app.bells.mail.notify_one();
    Ok(())
}

/// Makes an entry public again.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] when it was decided on meanwhile.
pub async fn lift(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    let takedown = find(app, actor, id, takedown::may_lift).await?;
    let event = actor.event("takedown-lifted", &takedown.subject(), "");
    lifted(app, &takedown, event).await
}

/// Makes an entry public again that its own unit had taken down, or that is down by an order.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] when it is not down.
pub async fn restore(app: &Arc<App>, actor: &Actor, path: &str) -> Result<(), Error> {
    let snapshot = app.portal.snapshot();
    let (kind, title, unit) = snapshot.entry_to_edit(path).ok_or(Kind::NotFound)?;
    actor.must_in(app, Action::TakeDown, &unit).await?;
    if let Some(order) = app.store.takedown_of(path).await? {
        return lift(app, actor, &order.id).await;
    }
    let reason = snapshot.withdrawn_for(path).ok_or(Kind::NotNow)?;
    let now = clock::now();
    let takedown = Takedown {
        id: ids::name(),
        kind,
        path: path.to_owned(),
        title,
        unit,
        reason,
        ground: String::new(),
        note: None,
        advice: None,
        ordered_by: actor.account.id.clone(),
        ordered_unit: actor.account.unit.clone(),
        ordered_at: now,
        due_at: now,
        state: State::Confirmed,
        decided_by: None,
        decided_at: None,
    };
    let mut change = app.store.change().await?;
    change.add_takedown(&takedown).await?;
    change.commit().await?;
    lift(app, actor, &takedown.id).await
}

/// Makes public again what nobody confirmed in time.
///
/// # Errors
/// When the database does not answer.
pub async fn lift_unconfirmed(app: &App) -> Result<(), Error> {
    let now = clock::now();
    for takedown in app.store.unconfirmed(now).await? {
        let event = Event {
            at: now,
            actor: None,
            action: "takedown-lifted".to_owned(),
            subject: takedown.subject(),
            detail: "unconfirmed".to_owned(),
        };
        match lifted(app, &takedown, event).await {
            // Somebody confirmed it just now.
            Err(error) if error.kind == Kind::NotNow => {}
            done => done?,
        }
    }
    Ok(())
}

async fn lifted(app: &App, takedown: &Takedown, event: Event) -> Result<(), Error> {
    let mut change = app.store.change().await?;
    let steps = (takedown.state, State::Lifted);
    if !change
        .decide_takedown(&takedown.id, steps, event.actor.as_deref(), event.at)
        .await?
    {
        return Err(Kind::NotNow.into());
    }
    change.record(&event).await?;
    let kind = match &event.actor {
        Some(_) => mail::Kind::TakedownLifted,
        None => mail::Kind::TakedownLapsed,
    };
    of_takedown(
        app,
        &mut change,
        takedown,
        (kind, event.actor.as_deref()),
        event.at,
    )
    .await?;
    change
        .enqueue(JobKind::Takedown, &takedown.id, State::Lifted.name(), event.at)
        .await?;
    change.commit().await?;
    app.bells.ring();
    Ok(())
}

/// The order of an id, if the actor may do something with it.
async fn find(
    app: &App,
    actor: &Actor,
    id: &str,
    may: impl Fn(crate::domain::subject::Person<'_>, takedown::Order<'_>, &crate::domain::units::Tree) -> bool,
) -> Result<Takedown, Error> {
    let found = app.store.takedown(id).await?.ok_or(Kind::NotFound)?;
    actor.must_in(app, Action::TakeDown, &found.unit).await?;
    let (snapshot, who) = (app.portal.snapshot(), person(&actor.account));
    if may(who, found.order(), &snapshot.units) {
        return Ok(found);
    }
    // Who sees it learns why not.
    let is_own = found.state == State::Ordered && found.ordered_by == actor.account.id;
    Err(if is_own {
        Error::invalid("takedown.own")
    } else {
        Kind::Forbidden.into()
    })
}

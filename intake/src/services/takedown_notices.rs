//! Who is told of an order to take entries down, and of what becomes of it. What is ordered together is told in one mail.

use std::collections::BTreeSet;

use super::Error;
use super::actor::{Actor, person};
use super::notices::{Told, tell};
use crate::app::App;
use crate::clock;
use crate::domain::reminders::DAY;
use crate::domain::takedown::{self, REASONS, State};
use crate::mail::{Kind, Values};
use crate::store::{self, Account, Change, Mail, Recipient, Takedown};

/// How long the desk shows what was decided, in milliseconds.
const SHOWN: i64 = 14 * DAY;
/// Entries that a mail names; the page shows all.
const LINES: usize = 20;

/// Tells the admins of the unit of what was ordered or decided, its authors, and whoever ordered it; not who did it.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn of_takedown(
    app: &App,
    change: &mut Change<'_>,
    takedown: &Takedown,
    (kind, by): (Kind, Option<&str>),
    now: i64,
) -> Result<(), store::Error> {
    let mut told: Vec<Recipient> = Vec::new();
    let orderer = change.recipient(&takedown.ordered_by).await?;
    let of_unit = change.recipients_of(&takedown.unit).await?;
    let admins = of_unit
        .into_iter()
        .filter(|known| known.account.role().is_admin());
    let authors = change.authors_of(&takedown.path).await?;
    for recipient in admins.chain(orderer).chain(authors) {
        let is_told = told.iter().any(|known| known.account.id == recipient.account.id);
        if !is_told && by != Some(&recipient.account.id) {
            told.push(recipient);
        }
    }
    for recipient in told {
        write(app, change, &recipient, kind, takedown, now).await?;
    }
    Ok(())
}

/// Reminds those who may confirm an order once one working day is left to do it.
///
/// # Errors
/// When the database does not answer.
pub async fn remind(app: &App) -> Result<(), Error> {
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let due = app.store.orders_since(i64::MAX).await?;
    let due: Vec<Takedown> = due
        .into_iter()
        .filter(|order| {
            let begins = snapshot
                .calendar()
                .end_after(order.ordered_at, takedown::DAYS - 1, snapshot.zone());
            order.state == State::Ordered && (begins..order.due_at).contains(&now)
        })
        .collect();
    if due.is_empty() {
        return Ok(());
    }
    let mut change = app.store.change().await?;
    for order in &due {
        let above = snapshot.units.above(&order.ordered_unit).map(|unit| &*unit.id);
        let units: BTreeSet<&str> = above.chain([&*order.ordered_unit]).collect();
        for unit in units {
            for recipient in change.recipients_of(unit).await? {
                if takedown::may_confirm(person(&recipient.account), order.order(), &snapshot.units) {
                    write(app, &mut change, &recipient, Kind::TakedownDue, order, now).await?;
                }
            }
        }
    }
    change.commit().await?;
    app.bells.mail.notify_one();
    Ok(())
}

/// Tells somebody. What was ordered together has one id, and told again it is the same.
async fn write(
    app: &App,
    change: &mut Change<'_>,
    recipient: &Recipient,
    kind: Kind,
    takedown: &Takedown,
    at: i64,
) -> Result<(), store::Error> {
    let about = match kind {
        // Decided on one by one.
        Kind::TakedownConfirmed | Kind::TakedownLifted => takedown.id.clone(),
        _ => format!(
            "{}-{}-{}",
            takedown.ordered_by, takedown.ordered_at, takedown.unit
        ),
    };
    let id = format!("{}-{about}-{}", kind.name(), recipient.account.id);
    let told = Told::of(kind, &takedown.id, at).once(id);
    tell(app, change, recipient, told).await
}

/// Fills in what a mail about a takedown says. Returns `None` if there is nothing to tell any more.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn fill(
    app: &App,
    mail: &Mail,
    account: &Account,
    mut values: Values,
) -> Result<Option<Values>, Error> {
    let Some(first) = app.store.takedown(&mail.subject).await? else {
        return Ok(None);
    };
    let (snapshot, is_admin) = (app.portal.snapshot(), account.role().is_admin());
    let mut all = match mail.kind {
        Kind::TakedownConfirmed | Kind::TakedownLifted => vec![first.clone()],
        _ => app.store.ordered_with(&first).await?,
    };
    all.retain(|order| match mail.kind {
        Kind::TakenDown => order.state != State::Lifted,
        Kind::TakedownDue => order.state == State::Ordered,
        Kind::TakedownLapsed => order.state == State::Ordered || order.decided_by.is_none(),
        _ => true,
    });
    let Some(one) = all.first() else {
        return Ok(None);
    };
    let count = all.len().to_string();
    values.title = match all.len() {
        1 => app.texts.fill("takedown.mail-one", &[("title", &*one.title)]),
        _ => app.texts.fill(
            "takedown.mail-many",
            &[("title", &*one.title), ("count", &*count)],
        ),
    };
    let terms = snapshot.terms(REASONS);
    let reason = terms.iter().find(|(id, _)| *id == first.reason);
    let said = [
        ("reason", reason.map_or(&*first.reason, |(_, label)| label)),
        ("ground", &first.ground),
        ("note", first.note.as_deref().unwrap_or_default()),
        // What is said to the unit is for its admins.
        (
            "advice",
            first.advice.as_deref().filter(|_| is_admin).unwrap_or_default(),
        ),
    ];
    let said = said.iter().filter(|(_, text)| !text.is_empty());
    let mut lines: Vec<String> = said
        .map(|(key, text)| format!("{}：{text}", app.texts.get(&format!("takedown.{key}"))))
        .collect();
    if all.len() > 1 {
        lines.extend(all.iter().take(LINES).map(|order| format!("- {}", order.title)));
    }
    values.detail = lines.join("\n");
    values.unit = snapshot.units.name(&first.unit).to_owned();
    // The moment itself is not included.
    values.until = clock::day(first.due_at - 1, snapshot.zone());
    values.link = app
        .config
        .mail
        .link(if is_admin { "/intake/takedowns" } else { "/intake/" });
    Ok(Some(values))
}

/// What the desk says of takedowns, as keys of texts with how many there are, and until when for the last.
///
/// # Errors
/// When the database does not answer.
pub async fn of_desk(app: &App, actor: &Actor) -> Result<Vec<(&'static str, usize, String)>, Error> {
    let (snapshot, who) = (app.portal.snapshot(), person(&actor.account));
    let orders = app.store.orders_since(clock::now() - SHOWN).await?;
    let of_unit = |order: &&Takedown| order.unit == who.unit && order.ordered_by != who.id;
    let down = orders
        .iter()
        .filter(of_unit)
        .filter(|order| order.state != State::Lifted);
    let up = orders
        .iter()
        .filter(of_unit)
        .filter(|order| order.state == State::Lifted);
    let to_confirm: Vec<&Takedown> = orders
        .iter()
        .filter(|order| takedown::may_confirm(who, order.order(), &snapshot.units))
        .collect();
    let until = to_confirm.iter().map(|order| order.due_at).min();
    let until = until.map(|due| clock::day(due - 1, snapshot.zone()));
    let counts = [
        ("desk.taken-down", down.count(), String::new()),
        ("desk.restored", up.count(), String::new()),
        ("desk.to-confirm", to_confirm.len(), until.unwrap_or_default()),
    ];
    Ok(counts.into_iter().filter(|(_, count, _)| *count > 0).collect())
}

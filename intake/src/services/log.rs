//! The audit log for people: a unit's own for its admins, the whole for whoever tends the server, in words.

use std::collections::BTreeMap;

use super::actor::Actor;
use super::{Error, log_words};
use crate::app::App;
use crate::clock;
use crate::domain::audit::Recorded;
use crate::domain::audit_acts::{self, REFUSED_GROUP};
use crate::domain::policy::Action;
use crate::domain::table_cell::harmless;
use crate::store::{Account, AuditAsked};

pub use super::log_words::Entry;

/// Events of a page.
pub const PAGE: i64 = 100;
/// Events of a file.
pub const MOST: i64 = 50_000;
/// Characters of what is looked for.
const LONGEST: usize = 100;

/// What is looked for, as a form says it; empty for anything.
#[derive(Debug, Clone, Default)]
pub struct LogQuery {
    /// From this day on, as `2026-03-05`.
    pub from: String,
    /// Until this day, which is included.
    pub until: String,
    /// The account.
    pub person: String,
    /// The unit; only whoever reads the whole log chooses one.
    pub unit: String,
    /// A group of acts, or one.
    pub act: String,
    /// A text.
    pub text: String,
}

/// A part of the log.
#[derive(Debug)]
pub struct Log {
    /// The events, the latest first.
    pub entries: Vec<Entry>,
    /// The number that older events stand before. `None` if there are none.
    pub older: Option<i64>,
}

/// Whether the actor reads the log of every unit.
pub fn reads_all(app: &App, actor: &Actor) -> bool {
    actor.may_in(app, Action::TendServer, &actor.account.unit)
}

/// The people whom the actor can look for in the log.
///
/// # Errors
/// When the database does not answer.
pub async fn people(app: &App, actor: &Actor) -> Result<Vec<Account>, Error> {
    let mut people = app.store.accounts().await?;
    people.retain(|account| reads_all(app, actor) || account.unit == actor.account.unit);
    Ok(people)
}

/// A page of the log that the actor may read, of events before a number.
///
/// # Errors
/// [`super::Kind::Forbidden`]; a day or an act that there is not.
pub async fn page(app: &App, actor: &Actor, query: &LogQuery, before: Option<i64>) -> Result<Log, Error> {
    actor.must_in(app, Action::ReadAudit, &actor.account.unit).await?;
    let mut events = part(app, actor, query, before, PAGE + 1).await?;
    let is_full = events.len() as i64 > PAGE;
    events.truncate(usize::try_from(PAGE).unwrap_or_default());
    Ok(Log {
        older: events.last().map(|event| event.number).filter(|_| is_full),
        entries: log_words::entries(app, events).await?,
    })
}

/// What the actor may read and looks for as CSV, with the mark by which Excel knows UTF-8; that it was taken is an event.
///
/// # Errors
/// As [`page`].
pub async fn csv(app: &App, actor: &Actor, query: &LogQuery) -> Result<Vec<u8>, Error> {
    actor.must_in(app, Action::ReadAudit, &actor.account.unit).await?;
    let mut builder = csv::WriterBuilder::new();
    let builder = builder.terminator(csv::Terminator::CRLF);
    let mut writer = builder.from_writer("\u{feff}".as_bytes().to_vec());
    let headings = ["number", "at", "who", "what", "subject", "detail"];
    writer.write_record(headings.map(|key| {
        app.texts.get(match key {
            "number" => "audit.number",
            "at" => "audit.at",
            "who" => "audit.who",
            "what" => "audit.what",
            "subject" => "audit.subject",
            _ => "audit.detail",
        })
    }))?;
    let (mut before, mut written) = (None, 0);
    while written < MOST {
        let events = part(app, actor, query, before, 1000).await?;
        let Some(last) = events.last() else { break };
        before = Some(last.number);
        written += events.len() as i64;
        for entry in log_words::entries(app, events).await? {
            let cells = [&entry.at, &entry.who, &entry.what, &entry.subject, &entry.detail];
            let number = entry.number.to_string();
            let cells = cells.into_iter().map(|cell| harmless(cell));
            writer.write_record(std::iter::once(number).chain(cells))?;
        }
    }
    let mut change = app.store.change().await?;
    let subject = actor.account.subject();
    change
        .record(&actor.event("audit-written", &subject, &written.to_string()))
        .await?;
    change.commit().await?;
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))
}

async fn part(
    app: &App,
    actor: &Actor,
    query: &LogQuery,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<Recorded>, Error> {
    let some = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
    let zone = app.portal.snapshot().zone().clone();
    let day = |text: &str, plus: i64| match text {
        "" => Ok(None),
        day => match clock::start_of(day, plus, &zone) {
            Some(moment) => Ok(Some(moment)),
            None => Err(Error::invalid("audit.bad-day")),
        },
    };
    let acts = audit_acts::acts(&query.act);
    let is_refused = query.act == REFUSED_GROUP;
    if acts.is_empty() && !is_refused && !query.act.is_empty() {
        return Err(Error::invalid("wrong.form"));
    }
    // Whatever a form says, a unit's admin reads what is of the unit.
    let unit = if reads_all(app, actor) {
        some(&query.unit)
    } else {
        Some(actor.account.unit.clone())
    };
    let text: String = query.text.trim().chars().take(LONGEST).collect();
    let asked = AuditAsked {
        unit: unit.as_deref(),
        actor: Some(&*query.person).filter(|person| !person.is_empty()),
        acts: &acts,
        is_refused,
        text: &text,
        from: day(&query.from, 0)?,
        until: day(&query.until, 1)?,
        before,
    };
    Ok(app.store.audit(&asked, most).await?)
}

/// The acts that one can look for, by group, each with its words.
pub fn acts(app: &App) -> BTreeMap<&'static str, Vec<(&'static str, String)>> {
    let group = |group: &audit_acts::Group| {
        let acts = group.acts.iter();
        let acts = acts.map(|act| (*act, log_words::what(app, act).to_owned()));
        (group.name, acts.collect())
    };
    audit_acts::GROUPS.iter().map(group).collect()
}

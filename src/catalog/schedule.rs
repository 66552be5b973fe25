//! What the calendar does to a site without an edit.

use jiff::Timestamp;

use super::{Catalog, Ix};
use crate::content::{Moment, Value};

/// Where the present lies in an entry's span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// It has not begun.
    Before,
    /// It goes on.
    Within,
    /// It is over.
    After,
}

/// Fields that begin and end a span of time, of which pages say whether it goes on.
const SPANS: &[(&str, &str)] = &[
    ("effective_date", "expiry_date"),
    ("opens", "closes"),
    ("start", "end"),
];
/// Fields that end one.
const DEADLINES: &[&str] = &["deadline"];

impl Catalog {
    /// Where the present lies between the dates that an entry gives; nothing when it gives none.
    pub fn period(&self, ix: Ix) -> Option<Period> {
        SPANS.iter().find_map(|(first, last)| {
            let (first, last) = (self.moment(ix, first), self.moment(ix, last));
            if first.is_none() && last.is_none() {
                return None;
            }
            let (zone, now) = (&self.site.zone, self.site.now);
            let begins = first.map(|moment| moment.starts(zone));
            // An event without an end is over when its day is.
            let ends = last.map(|moment| moment.ends(zone));
            Some(if begins.is_some_and(|begins| now < begins) {
                Period::Before
            } else if ends.is_some_and(|ends| ends <= now) {
                Period::After
            } else {
                Period::Within
            })
        })
    }

    /// Whether a deadline of an entry is over; nothing when it has none.
    pub fn deadline_passed(&self, ix: Ix) -> Option<bool> {
        let moment = DEADLINES.iter().find_map(|name| self.moment(ix, name))?;
        Some(moment.ends(&self.site.zone) <= self.site.now)
    }

    /// A date of one of the kind's own fields.
    pub fn moment(&self, ix: Ix, name: &str) -> Option<Moment> {
        match self.entry(ix).get(name) {
            Some(Value::Moment(moment)) => Some(*moment),
            _ => None,
        }
    }

    /// The next instant at which the output changes without an edit.
    pub fn next_change(&self) -> Option<Timestamp> {
        let zone = &self.site.zone;
        let instants = self
            .iter()
            .filter(|(_, entry)| !entry.draft)
            .flat_map(|(ix, entry)| {
                let begins = [
                    entry.publish_at,
                    self.moment(ix, "effective_date"),
                    self.moment(ix, "opens"),
                    self.moment(ix, "start"),
                ];
                let ends = [
                    entry.expires_at,
                    self.moment(ix, "expiry_date"),
                    self.moment(ix, "closes"),
                    self.moment(ix, "end"),
                    self.moment(ix, "deadline"),
                ];
                let begins = begins
                    .into_iter()
                    .flatten()
                    .map(|moment| moment.starts(zone))
                    .collect::<Vec<_>>();
                begins
                    .into_iter()
                    .chain(ends.into_iter().flatten().map(|moment| moment.ends(zone)))
            });
        instants.filter(|instant| *instant > self.site.now).min()
    }
}

//! What the calendar does to a site without an edit.

use jiff::Timestamp;

use super::{Catalog, Ix, Site};
use crate::content::{Entry, Id, Moment, Value};

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

/// Why the public does not see an entry that a preview shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unpublished {
    /// It is not finished.
    Draft,
    /// Its time has not come.
    Scheduled,
    /// Its time is over.
    Expired,
}

/// Fields that begin and end a span of time, of which pages say whether it goes on.
const SPANS: &[(&str, &str)] = &[
    ("effective_date", "expiry_date"),
    ("opens", "closes"),
    ("start", "end"),
];
/// Fields that end one.
const DEADLINES: &[&str] = &["deadline"];

impl Site {
    /// Why the public does not see an entry, by its own front matter.
    pub(super) fn unpublished(&self, entry: &Entry) -> Option<Unpublished> {
        let (zone, now) = (&self.zone, self.now);
        if entry.draft {
            Some(Unpublished::Draft)
        } else if entry.publish_at.is_some_and(|moment| moment.starts(zone) > now) {
            Some(Unpublished::Scheduled)
        } else if entry.expires_at.is_some_and(|moment| moment.ends(zone) <= now) {
            Some(Unpublished::Expired)
        } else {
            None
        }
    }
}

impl Catalog {
    /// Why the public does not see an entry; a part is not seen while the whole is not.
    pub fn unpublished(&self, ix: Ix) -> Option<Unpublished> {
        let entry = self.entry(ix);
        let parent = || self.find(entry.parent.as_ref()?);
        let own = self.site.unpublished(entry);
        own.or_else(|| self.site.unpublished(self.entry(parent()?)))
    }

    /// Whether an entry's date is a day that has not come.
    pub(super) fn is_future(&self, ix: Ix) -> bool {
        let today = self.site.now.to_zoned(self.site.zone.clone()).date();
        self.entry(ix).date.is_some_and(|date| date.date() > today)
    }

    /// Where the present lies between the dates that an entry gives. Returns `None` if it gives none.
    pub fn period(&self, ix: Ix) -> Option<Period> {
        SPANS.iter().find_map(|(first, last_name)| {
            let (first, last) = (self.moment(ix, first), self.moment(ix, last_name));
            if first.is_none() && last.is_none() {
                return None;
            }
            let (zone, now) = (&self.site.zone, self.site.now);
            let begins = first.map(|moment| moment.starts(zone));
            // An event without an end is over when its day is.
            let ends = last
                .map(|moment| moment.ends(zone))
                .or_else(|| self.end_of_event(ix).filter(|_| *last_name == "end"));
            Some(if begins.is_some_and(|begins| now < begins) {
                Period::Before
            } else if ends.is_some_and(|ends| ends <= now) {
                Period::After
            } else {
                Period::Within
            })
        })
    }

    /// When an event that gives only its start is over: with its day.
    fn end_of_event(&self, ix: Ix) -> Option<Timestamp> {
        Some(Moment::day(self.moment(ix, "start")?.date()).ends(&self.site.zone))
    }

    /// Key that orders events: what goes on or comes, the soonest first; then what is over, the latest first.
    pub(super) fn upcoming(&self, ix: Ix) -> (bool, i64, &Id) {
        let zone = &self.site.zone;
        let entry = self.entry(ix);
        let start = self.moment(ix, "start").or(entry.date);
        let start = start.map_or(0, |start| start.starts(zone).as_second());
        let is_over = self.period(ix) == Some(Period::After);
        (is_over, if is_over { -start } else { start }, &entry.id)
    }

    /// Whether a deadline of an entry is over. Returns `None` if it has none.
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
                let day_is_over = self.moment(ix, "end").is_none().then(|| self.end_of_event(ix));
                let begins = begins
                    .into_iter()
                    .flatten()
                    .map(|moment| moment.starts(zone))
                    .collect::<Vec<_>>();
                begins
                    .into_iter()
                    .chain(ends.into_iter().flatten().map(|moment| moment.ends(zone)))
                    .chain(day_is_over.flatten())
            });
        instants.filter(|instant| *instant > self.site.now).min()
    }
}

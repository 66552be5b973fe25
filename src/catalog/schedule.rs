//! What the calendar does to a site without an edit.

use jiff::Timestamp;

use super::{Catalog, Ix, Site};
use crate::content::{Entry, Id, Moment};

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

    /// Where the present lies in the time that an entry gives. Returns `None` if it gives none.
    pub fn period(&self, ix: Ix) -> Option<Period> {
        let span = self.kind(ix).abilities.span()?;
        let first = span.first.and_then(|name| self.moment(ix, name));
        let last = span.last.and_then(|name| self.moment(ix, name));
        if first.is_none() && last.is_none() {
            return None;
        }
        let (zone, now) = (&self.site.zone, self.site.now);
        let begins = first.map(|moment| moment.starts(zone));
        let ends = last
            .map(|moment| moment.ends(zone))
            .or_else(|| self.end_of_day(ix));
        Some(if begins.is_some_and(|begins| now < begins) {
            Period::Before
        } else if ends.is_some_and(|ends| ends <= now) {
            Period::After
        } else {
            Period::Within
        })
    }

    /// When an entry is over that gives only its beginning: with its day, unless it stays open.
    fn end_of_day(&self, ix: Ix) -> Option<Timestamp> {
        let span = self.kind(ix).abilities.span().filter(|span| span.is_of_a_day)?;
        if span.last.is_some_and(|last| self.moment(ix, last).is_some()) {
            return None;
        }
        let first = self.moment(ix, span.first?)?;
        Some(Moment::day(first.date()).ends(&self.site.zone))
    }

    /// Key that orders events: what goes on or comes, the soonest first; then what is over, the latest first.
    pub(super) fn upcoming(&self, ix: Ix) -> (bool, i64, &Id) {
        let zone = &self.site.zone;
        let entry = self.entry(ix);
        let calendar = self.kind(ix).abilities.calendar.as_ref();
        let start = calendar.and_then(|calendar| self.moment(ix, &calendar.start));
        let start = start.or(entry.date);
        let start = start.map_or(0, |start| start.starts(zone).as_second());
        let is_over = self.period(ix) == Some(Period::After);
        (is_over, if is_over { -start } else { start }, &entry.id)
    }

    /// Whether a deadline of an entry is over. Returns `None` if it has none.
    pub fn deadline_passed(&self, ix: Ix) -> Option<bool> {
        let moment = self.moment(ix, self.kind(ix).abilities.deadline.as_deref()?)?;
        Some(moment.ends(&self.site.zone) <= self.site.now)
    }

    /// A date that one of an entry's fields gives.
    pub fn moment(&self, ix: Ix, name: &str) -> Option<Moment> {
        self.entry(ix).moment(name)
    }

    /// The next instant at which the output changes without an edit.
    pub fn next_change(&self) -> Option<Timestamp> {
        let zone = &self.site.zone;
        let instants = self
            .iter()
            .filter(|(_, entry)| !entry.draft)
            .flat_map(|(ix, entry)| {
                let abilities = &self.kind(ix).abilities;
                let (first, last) = abilities
                    .span()
                    .map_or((None, None), |span| (span.first, span.last));
                let moment = |name: Option<&str>| self.moment(ix, name?);
                let begins = [entry.publish_at, moment(first)];
                let ends = [
                    entry.expires_at,
                    moment(last),
                    moment(abilities.deadline.as_deref()),
                ];
                let begins = begins
                    .into_iter()
                    .flatten()
                    .map(|moment| moment.starts(zone))
                    .collect::<Vec<_>>();
                begins
                    .into_iter()
                    .chain(ends.into_iter().flatten().map(|moment| moment.ends(zone)))
                    .chain(self.end_of_day(ix))
            });
        instants.filter(|instant| *instant > self.site.now).min()
    }
}

//! Calendar files (RFC 5545) of whatever has a calendar.

use std::convert::Infallible;
use std::fmt::Write as _;

use super::{Family, Located, Planner, View, entry};
use crate::catalog::{Catalog, Ix, Status};
use crate::config::Output;
use crate::content::Moment;

/// A calendar file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Calendar {
    /// All events and calls.
    All,
    /// One of them.
    Entry(Ix),
}

impl Located for Calendar {
    fn path(&self, catalog: &Catalog) -> String {
        match self {
            Self::All => "calendar.ics".to_owned(),
            Self::Entry(ix) => format!("{}event.ics", entry::EntryPage(*ix).path(catalog)),
        }
    }
}

impl Family for Calendar {
    type Shows = Infallible;

    fn is_on(output: &Output) -> bool {
        output.calendar
    }

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let listed = catalog
            .iter()
            .map(|(ix, _)| ix)
            .filter(|ix| catalog.status(*ix) == Status::Listed && span(catalog, *ix).is_some());
        listed.map(Self::Entry).chain([Self::All]).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        match self {
            Self::All => planner.whole_calendar(),
            Self::Entry(ix) => View::Text(planner.calendar(&[*ix])),
        }
    }

    fn entry(&self) -> Option<Ix> {
        match self {
            Self::All => None,
            Self::Entry(ix) => Some(*ix),
        }
    }
}

/// When something takes place or can be applied for.
fn span(catalog: &Catalog, ix: Ix) -> Option<(Moment, Option<Moment>)> {
    let calendar = catalog.kind(ix).abilities.calendar.as_ref()?;
    let start = catalog.moment(ix, &calendar.start)?;
    let end = calendar.end.as_deref();
    Some((start, end.and_then(|end| catalog.moment(ix, end))))
}

impl Planner<'_> {
    /// The calendar file of an entry, if it has one.
    pub(super) fn entry_calendar(&self, ix: Ix) -> Option<String> {
        self.there(&Calendar::Entry(ix))
    }

    /// Everything that has a calendar.
    fn whole_calendar(&self) -> View<Infallible> {
        let kinds = self.catalog.site.schema.kinds.values();
        let entries: Vec<Ix> = kinds
            .filter(|kind| kind.abilities.calendar.is_some())
            .flat_map(|kind| self.catalog.listed(&kind.id))
            .copied()
            .collect();
        View::Text(self.calendar(&entries))
    }

    fn calendar(&self, entries: &[Ix]) -> String {
        let mut calendar = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Jixia//Portal//ZH\r\n");
        line(
            &mut calendar,
            "X-WR-CALNAME",
            &escape(&self.catalog.site.config.site.title),
        );
        for ix in entries {
            if let Some((start, end)) = span(self.catalog, *ix) {
                self.event(&mut calendar, *ix, start, end);
            }
        }
        calendar.push_str("END:VCALENDAR\r\n");
        calendar
    }

    fn event(&self, calendar: &mut String, ix: Ix, start: Moment, end: Option<Moment>) {
        let entry = self.catalog.entry(ix);
        let zone = &self.catalog.site.zone;
        let utc = |timestamp: jiff::Timestamp| timestamp.strftime("%Y%m%dT%H%M%SZ").to_string();
        let address = self.absolute(&self.entry_url(ix));
        let stamp = entry.updated.max(entry.date).unwrap_or(start);
        calendar.push_str("BEGIN:VEVENT\r\n");
        line(
            calendar,
            "UID",
            &format!("{}-{}", entry.id, self.catalog.site.config.site.base_url),
        );
        line(calendar, "DTSTAMP", &utc(stamp.starts(zone)));
        if start.has_time {
            line(calendar, "DTSTART", &utc(start.starts(zone)));
            if let Some(end) = end {
                line(calendar, "DTEND", &utc(end.ends(zone)));
            }
        } else {
            let day = |moment: Moment| moment.date().strftime("%Y%m%d").to_string();
            line(calendar, "DTSTART;VALUE=DATE", &day(start));
            // The end of a whole-day event is the first day that does not belong to it.
            let last = end.unwrap_or(start).date();
            line(
                calendar,
                "DTEND;VALUE=DATE",
                &day(Moment::day(last.tomorrow().unwrap_or(last))),
            );
        }
        line(calendar, "SUMMARY", &escape(&entry.title));
        if let Some(place) = entry.text("place") {
            line(calendar, "LOCATION", &escape(place));
        }
        line(calendar, "DESCRIPTION", &escape(entry.summary()));
        line(calendar, "URL", &address);
        calendar.push_str("END:VEVENT\r\n");
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace('\n', "\\n")
        .replace('\r', "")
}

/// Writes a content line, folded so that no line is over 75 bytes (RFC 5545, 3.1).
fn line(calendar: &mut String, name: &str, value: &str) {
    let mut length = 0;
    let mut whole = String::new();
    let _ = write!(whole, "{name}:{value}");
    for character in whole.chars() {
        if length + character.len_utf8() > 75 {
            calendar.push_str("\r\n ");
            length = 1;
        }
        calendar.push(character);
        length += character.len_utf8();
    }
    calendar.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut calendar = String::new();
        line(&mut calendar, "SUMMARY", &"稷".repeat(60));
        assert!(calendar.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(
            calendar.replace("\r\n ", ""),
            format!("SUMMARY:{}\r\n", "稷".repeat(60))
        );
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("a;b,c\\d\ne"), "a\\;b\\,c\\\\d\\ne");
    }
}

//! Working days: Monday to Friday but for days off, and the weekends on which one works. Which those are is data.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jixia::config::WorkingDays;
use serde::Deserialize;

/// Days that differ from the rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    off: Vec<String>,
    work: Vec<String>,
}

const SHIPPED: &str = include_str!("../../data/working-days.toml");

impl Calendar {
    /// The one that comes with the program.
    ///
    /// # Panics
    /// Never outside of tests: the file is compiled in and a test reads it.
    pub fn shipped() -> Self {
        Self::read(SHIPPED).unwrap_or_else(|error| panic!("compiled-in calendar: {error}"))
    }

    /// Reads a table by year, `[2026]`, with `off` and `work` as lists of `MM-DD`.
    ///
    /// # Errors
    /// What is no year or no day of it, and what stands in both lists.
    pub fn read(text: &str) -> Result<Self, String> {
        let years: BTreeMap<String, Year> =
            toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let mut calendar = Self::default();
        for (year, days) in &years {
            for (days, into) in [(&days.off, &mut calendar.off), (&days.work, &mut calendar.work)] {
                for day in days {
                    let date = format!("{year}-{day}");
                    let date: Date = date
                        .parse()
                        .map_err(|_| format!("{date}: no such day, expected MM-DD"))?;
                    into.insert(date);
                }
            }
        }
        match calendar.off.intersection(&calendar.work).next() {
            Some(day) => Err(format!("{day}: both off and worked")),
            None => Ok(calendar),
        }
    }

    /// The same calendar with what a site says of some years instead of what it has of them. What is no day is left out: it
    /// was reported where it stands.
    #[must_use]
    pub fn with(mut self, years: &BTreeMap<u16, WorkingDays>) -> Self {
        let is_of_site = |day: &Date| u16::try_from(day.year()).is_ok_and(|year| years.contains_key(&year));
        self.off.retain(|day| !is_of_site(day));
        self.work.retain(|day| !is_of_site(day));
        for (year, days) in years {
            let dates = |days: &[String]| -> Vec<Date> {
                let dates = days.iter().map(|day| format!("{year}-{day}").parse());
                dates.filter_map(Result::ok).collect()
            };
            self.off.extend(dates(&days.off));
            self.work.extend(dates(&days.work));
        }
        self
    }

    /// Whether one works on a day.
    pub fn works(&self, day: Date) -> bool {
        let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.work.contains(&day) || !is_weekend && !self.off.contains(&day)
    }

    /// The end of the last of so many working days after a moment, both milliseconds since 1970.
    pub fn end_after(&self, moment: i64, count: usize, zone: &TimeZone) -> i64 {
        let day = Timestamp::from_millisecond(moment).map(|moment| moment.to_zoned(zone.clone()).date());
        let end = day.and_then(|day| self.after(day, count).tomorrow());
        let end = end.and_then(|next| next.to_zoned(zone.clone()));
        end.map_or(moment, |end| end.timestamp().as_millisecond())
    }

    /// The last of so many working days after a day; the day itself counts for nothing. The day itself if `count` is 0.
    pub fn after(&self, day: Date, count: usize) -> Date {
        let following = day.series(jiff::Span::new().days(1)).skip(1);
        let mut working = following.filter(|day| self.works(*day));
        match count {
            0 => day,
            count => working.nth(count - 1).unwrap_or(day),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn holidays_and_worked_weekends_count() {
        let calendar = Calendar::shipped();
        let cases = [
            // A Monday, and a Friday before a plain weekend.
            ("2026-03-02", 5, "2026-03-09"),
            ("2026-03-06", 1, "2026-03-09"),
            ("2026-03-06", 0, "2026-03-06"),
            // Before the Spring Festival: the Saturday before it is worked.
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-02-14", 1, "2026-02-24"),
            // The National Day, with a Saturday that is worked at its end.
            ("2026-09-30", 1, "2026-10-08"),
            ("2026-09-30", 3, "2026-10-10"),
            ("2026-09-30", 4, "2026-10-12"),
            // Into a year of which nothing is known but its weekends.
            ("2030-12-31", 1, "2031-01-01"),
            ("2026-12-31", 1, "2027-01-04"),
        ];
        for (day, count, expected) in cases {
            let found = calendar.after(day.parse().unwrap(), count);
            assert_eq!(found, expected.parse().unwrap(), "{count} after {day}");
        }
    }

    #[test]
    fn what_a_site_says_of_a_year_stands_in_the_place_of_all_of_it() {
        let said = WorkingDays {
            off: vec!["02-15".to_owned(), "03-02".to_owned(), "02-30".to_owned()],
            work: vec!["03-01".to_owned()],
        };
        let calendar = Calendar::shipped().with(&BTreeMap::from([(2026, said)]));
        let works = |day: &str| calendar.works(day.parse().unwrap());
        assert!(!works("2026-03-02") && works("2026-03-01"));
        assert!(
            works("2026-02-16"),
            "the holidays that came with the program are gone"
        );
        assert!(!works("2027-01-01"), "another year's are not");
    }

    #[test]
    fn what_is_no_calendar_is_said() {
        for (text, expected) in [
            ("[2026]\noff = [\"02-30\"]\nwork = []", "2026-02-30: no such day"),
            ("[x]\noff = [\"01-01\"]\nwork = []", "x-01-01: no such day"),
            (
                "[2026]\noff = [\"01-01\"]\nwork = [\"01-01\"]",
                "2026-01-01: both",
            ),
            ("[2026]\noff = []", "missing field `work`"),
            ("[2026]\noff = []\nwork = []\nrest = []", "unknown field `rest`"),
        ] {
            let wrong = Calendar::read(text).unwrap_err();
            assert!(wrong.contains(expected), "{text}: {wrong}");
        }
    }

    #[test]
    fn a_time_ends_with_a_working_day() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        // 8, 9, 10 (a Saturday that is worked), 12 and 13 October.
        let end = Calendar::shipped().end_after(at("2026-09-30T10:00:00+08:00"), 5, &zone);
        assert_eq!(end, at("2026-10-14T00:00:00+08:00"));
    }
}

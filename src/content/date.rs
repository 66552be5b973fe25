//! Dates and times as authors write them, in the site's time zone.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

/// A day, or a minute of a day, in the site's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The day and the time; midnight when no time was written.
    pub datetime: DateTime,
    /// Whether a time was written.
    pub has_time: bool,
}

/// Why a date could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadDate {
    /// Written in no known form.
    Unreadable,
    /// Such as 30 February.
    NoSuchDay,
}

impl Moment {
    /// Reads `2026-03-05`, `2026-3-5`, `2026/3/5`, `2026年3月5日`, each with or without `09:30[:00]`, or RFC 3339.
    ///
    /// # Errors
    /// Another form, or a day or time that does not exist.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Self, BadDate> {
        let text = text.trim();
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Ok(Self {
                datetime: timestamp.to_zoned(zone.clone()).datetime(),
                has_time: true,
            });
        }
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time.trim())),
            None => (text, None),
        };
        let date = parse_day(day)?;
        let Some(time) = time else {
            return Ok(Self::day(date));
        };
        let time = parse_time(time)?;
        Ok(Self {
            datetime: date.to_datetime(time),
            has_time: true,
        })
    }

    /// A whole day.
    pub fn day(date: Date) -> Self {
        Self {
            datetime: date.to_datetime(Time::midnight()),
            has_time: false,
        }
    }

    /// The day.
    pub fn date(self) -> Date {
        self.datetime.date()
    }

    /// The instant it begins.
    pub fn starts(self, zone: &TimeZone) -> Timestamp {
        zone.to_ambiguous_zoned(self.datetime)
            .compatible()
            .map_or(Timestamp::MIN, |zoned| zoned.timestamp())
    }

    /// The instant after which it is past: the end of the day when no time was written.
    pub fn ends(self, zone: &TimeZone) -> Timestamp {
        if self.has_time {
            return self.starts(zone);
        }
        let next = self.datetime.checked_add(1.day()).unwrap_or(self.datetime);
        Self {
            datetime: next,
            has_time: false,
        }
        .starts(zone)
    }

    /// RFC 3339 with the zone's offset, for feeds and machine-readable dates; a whole day is its first instant.
    pub fn rfc3339(self, zone: &TimeZone) -> String {
        let timestamp = self.starts(zone);
        timestamp
            .display_with_offset(zone.to_offset(timestamp))
            .to_string()
    }
}

/// `2026-03-05`, or `2026-03-05 09:30`.
impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.datetime.date())?;
        if self.has_time {
            write!(
                formatter,
                " {:02}:{:02}",
                self.datetime.hour(),
                self.datetime.minute()
            )?;
        }
        Ok(())
    }
}

fn parse_day(text: &str) -> Result<Date, BadDate> {
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut parts = text.split(['-', '/', '年', '月', '.']).map(str::trim);
    let mut number = |digits: std::ops::RangeInclusive<usize>| {
        parts
            .next()
            .filter(|part| digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse::<i16>().ok())
            .ok_or(BadDate::Unreadable)
    };
    let (year, month, day) = (number(4..=4)?, number(1..=2)?, number(1..=2)?);
    if parts.next().is_some() {
        return Err(BadDate::Unreadable);
    }
    // Both fit into i8: they have at most two digits.
    Date::new(year, month as i8, day as i8).map_err(|_| BadDate::NoSuchDay)
}

fn parse_time(text: &str) -> Result<Time, BadDate> {
    let mut parts = text.split(':');
    let mut number = |required: bool| match parts.next() {
        None if !required => Ok(0),
        part => part
            .filter(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse::<i8>().ok())
            .ok_or(BadDate::Unreadable),
    };
    let (hour, minute, second) = (number(true)?, number(true)?, number(false)?);
    Time::new(hour, minute, second, 0).map_err(|_| BadDate::NoSuchDay)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let cases: &[(&str, Result<&str, BadDate>)] = &[
            ("2026-03-05", Ok("2026-03-05")),
            ("2026-3-5", Ok("2026-03-05")),
            ("2026/03/05", Ok("2026-03-05")),
            ("2026年3月5日", Ok("2026-03-05")),
            ("2026-03-05 9:30", Ok("2026-03-05 09:30")),
            ("2026-03-05T09:30:15", Ok("2026-03-05 09:30")),
            ("2026-03-05T01:30:00Z", Ok("2026-03-05 09:30")),
            ("2026-03-05T09:30:00+08:00", Ok("2026-03-05 09:30")),
            ("2026-02-30", Err(BadDate::NoSuchDay)),
            ("2026-13-01", Err(BadDate::NoSuchDay)),
            ("2026-03-05 25:00", Err(BadDate::NoSuchDay)),
            ("26-03-05", Err(BadDate::Unreadable)),
            ("昨天", Err(BadDate::Unreadable)),
            ("", Err(BadDate::Unreadable)),
            ("2026-03-05-06", Err(BadDate::Unreadable)),
            ("2026-0003-05", Err(BadDate::Unreadable)),
        ];
        for (text, expected) in cases {
            let parsed = Moment::parse(text, &zone).map(|moment| moment.to_string());
            assert_eq!(parsed.as_deref().map_err(|error| *error), *expected, "{text}");
        }
    }

    #[test]
    fn a_day_ends_when_the_next_begins() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let day = Moment::parse("2026-03-05", &zone).unwrap();
        assert_eq!(day.starts(&zone).to_string(), "2026-03-04T16:00:00Z");
        assert_eq!(day.ends(&zone).to_string(), "2026-03-05T16:00:00Z");
        assert_eq!(day.rfc3339(&zone), "2026-03-05T00:00:00+08:00");
    }
}

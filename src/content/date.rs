//! Dates and times as authors write them, in the site's time zone.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
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
    /// Reads a day as `2026-03-05`, `2026-3-5`, `2026/3/5`, `2026.3.5`, `20260305`, `2026年3月5日` or
    /// `二〇二六年三月五日`, each with or without a time as `09:30[:00]` or `下午3时30分`, that with or without an offset as
    /// `+0800`; and RFC 3339. Digits may be full-width.
    ///
    /// # Errors
    /// Another form, or a day or time that does not exist.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Self, BadDate> {
        let text = narrow(text.trim());
        let text = text.as_ref();
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Ok(Self::of_instant(timestamp, zone));
        }
        let (day, time) = match day_end(text) {
            Some(end) => (
                text[..end].trim_end(),
                Some(text[end..].trim_start_matches(['T', 't']).trim()),
            ),
            None => (text, None),
        };
        let date = parse_day(day)?;
        let Some(time) = time.filter(|time| !time.is_empty()) else {
            return Ok(Self::day(date));
        };
        let (time, offset) = split_offset(time);
        let datetime = date.to_datetime(parse_time(time)?);
        let Some(offset) = offset else {
            return Ok(Self {
                datetime,
                has_time: true,
            });
        };
        let timestamp = parse_offset(offset)?.to_timestamp(datetime);
        timestamp.map_or(Err(BadDate::NoSuchDay), |timestamp| {
            Ok(Self::of_instant(timestamp, zone))
        })
    }

    fn of_instant(timestamp: Timestamp, zone: &TimeZone) -> Self {
        Self {
            datetime: timestamp.to_zoned(zone.clone()).datetime(),
            has_time: true,
        }
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

/// Full-width digits and signs as their narrow ones.
fn narrow(text: &str) -> Cow<'_, str> {
    let is_wide = |sign: char| matches!(sign, '！'..='～' | '\u{3000}');
    if !text.contains(is_wide) {
        return Cow::Borrowed(text);
    }
    let narrowed = text.chars().map(|sign| match sign {
        '\u{3000}' => ' ',
        // Full-width forms stand in the order of ASCII.
        sign if is_wide(sign) => char::from_u32(sign as u32 - 0xFEE0).unwrap_or(sign),
        sign => sign,
    });
    Cow::Owned(narrowed.collect())
}

/// Where the day ends and a time begins: behind `日` or `号`, before `T` or a blank.
fn day_end(text: &str) -> Option<usize> {
    text.find(['日', '号'])
        .map(|at| at + '日'.len_utf8())
        .or_else(|| text.find(['T', 't', ' ']))
}

fn parse_day(text: &str) -> Result<Date, BadDate> {
    let text = text.strip_suffix(['日', '号']).unwrap_or(text);
    let is_digits =
        |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let numbers: Vec<&str> = if is_digits(text, 8) {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        text.split(['-', '/', '年', '月', '.']).map(str::trim).collect()
    };
    let [year, month, day] = numbers.as_slice() else {
        return Err(BadDate::Unreadable);
    };
    let year = match chinese_digits(year) {
        Some(year) => year,
        None if is_digits(year, 4) => year.parse().map_err(|_| BadDate::Unreadable)?,
        None => return Err(BadDate::Unreadable),
    };
    let small = |text: &str| {
        let digits = (is_digits(text, 1) || is_digits(text, 2)).then(|| text.parse::<i8>().ok());
        digits
            .flatten()
            .or_else(|| chinese_number(text))
            .ok_or(BadDate::Unreadable)
    };
    Date::new(year, small(month)?, small(day)?).map_err(|_| BadDate::NoSuchDay)
}

fn chinese_digit(sign: char) -> Option<i8> {
    let digits = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    match sign {
        '零' | '○' | 'Ｏ' | 'O' => Some(0),
        _ => digits
            .iter()
            .position(|digit| *digit == sign)
            .and_then(|digit| i8::try_from(digit).ok()),
    }
}

/// A year as official documents write it, digit by digit.
fn chinese_digits(text: &str) -> Option<i16> {
    if text.chars().count() != 4 {
        return None;
    }
    text.chars().try_fold(0_i16, |year, sign| {
        Some(year * 10 + i16::from(chinese_digit(sign)?))
    })
}

/// A number up to 99, such as 二十三.
fn chinese_number(text: &str) -> Option<i8> {
    let one = |text: &str| {
        let mut signs = text.chars();
        let digit = signs.next().and_then(chinese_digit)?;
        signs.next().is_none().then_some(digit)
    };
    match text.split_once('十') {
        None => one(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { one(tens)? };
            let ones = if ones.is_empty() { 0 } else { one(ones)? };
            Some(tens * 10 + ones)
        }
    }
}

/// Parts a time from the offset behind it.
fn split_offset(time: &str) -> (&str, Option<&str>) {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return (time.trim_end(), Some("+00"));
    }
    match time.find(['+', '-']) {
        Some(at) => (time[..at].trim_end(), Some(&time[at..])),
        None => (time, None),
    }
}

/// `+08`, `+0800` or `+08:00`.
fn parse_offset(text: &str) -> Result<Offset, BadDate> {
    let (sign, digits) = text.split_at(1);
    let digits: String = digits.chars().filter(|sign| *sign != ':').collect();
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<i32>().ok());
    let (hours, minutes) = match digits.len() {
        2 => (number(0..2), Some(0)),
        4 => (number(0..2), number(2..4)),
        _ => (None, None),
    };
    let seconds = hours
        .zip(minutes)
        .map(|(hours, minutes)| (hours * 60 + minutes) * 60);
    let seconds = seconds.ok_or(BadDate::Unreadable)?;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).map_err(|_| BadDate::Unreadable)
}

/// `9:30`, `09:30:00`, `8时30分`, `下午3点`.
fn parse_time(text: &str) -> Result<Time, BadDate> {
    let halves = [("上午", 0), ("早上", 0), ("中午", 12), ("下午", 12), ("晚上", 12)];
    let half = halves
        .into_iter()
        .find_map(|(name, later)| Some((text.strip_prefix(name)?.trim(), later)));
    let (text, later) = half.unwrap_or((text, 0));
    let text = text.strip_suffix('整').unwrap_or(text);
    let is_hour = text.ends_with(['时', '点']);
    let text = text.strip_suffix(['分', '秒', '时', '点']).unwrap_or(text);
    // Fractions of seconds are of no use to anybody.
    let text = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut parts = text.split([':', '时', '点', '分']);
    let mut number = |required: bool| match parts.next().map(str::trim) {
        None if !required => Ok(0),
        part => part
            .filter(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse::<i8>().ok())
            .ok_or(BadDate::Unreadable),
    };
    let (hour, minute, second) = (number(true)?, number(!is_hour)?, number(false)?);
    let hour = if hour < 12 { hour + later } else { hour };
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
            ("2026-03-01 08:00:00 +0800", Ok("2026-03-01 08:00")),
            ("2026-03-01 08:00:00 +00:00", Ok("2026-03-01 16:00")),
            ("2026-03-01T08:00:00.000+0800", Ok("2026-03-01 08:00")),
            ("2026-03-01 23:30 -01", Ok("2026-03-02 08:30")),
            ("2026年3月1日 8时30分", Ok("2026-03-01 08:30")),
            ("2026年3月1日8时", Ok("2026-03-01 08:00")),
            ("2026年3月1日下午3点30分", Ok("2026-03-01 15:30")),
            ("2026年3月1号 8:30", Ok("2026-03-01 08:30")),
            ("２０２６年３月１日", Ok("2026-03-01")),
            ("20260301", Ok("2026-03-01")),
            ("2026.3.1", Ok("2026-03-01")),
            ("二〇二六年三月一日", Ok("2026-03-01")),
            ("二零二六年十二月三十一日", Ok("2026-12-31")),
            ("二○二六年二月二十日", Ok("2026-02-20")),
            ("20260230", Err(BadDate::NoSuchDay)),
            ("2026年3月", Err(BadDate::Unreadable)),
            ("2026-03-05 9", Err(BadDate::Unreadable)),
            ("202603", Err(BadDate::Unreadable)),
            ("2026-03-05 09:30 +8", Err(BadDate::Unreadable)),
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

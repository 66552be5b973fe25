//! Dates as other generators write them.

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::content::Moment;

/// Forms with an offset, as `strftime` names their parts.
const WITH_OFFSET: &[&str] = &[
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S %:z",
    "%Y-%m-%d %H:%M:%S%:z",
    "%Y-%m-%d %H:%M %z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y/%m/%d %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %d %Y %H:%M:%S %z",
];
/// Forms without one, which mean the site's zone.
const WITHOUT: &[&str] = &["%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%Y%m%d"];

/// A date as our front matter has it, in the site's zone. Returns `None` for what is no date.
pub(super) fn date(text: &str, zone: &TimeZone) -> Option<String> {
    let text = text.trim();
    if let Ok(moment) = Moment::parse(text, zone) {
        return Some(moment.to_string());
    }
    for form in WITH_OFFSET {
        let parsed = strtime::parse(form, text).and_then(|parts| parts.to_timestamp());
        if let Ok(timestamp) = parsed {
            return Some(of_timestamp(timestamp, zone, true));
        }
    }
    for form in WITHOUT {
        let parsed = strtime::parse(form, text).and_then(|parts| parts.to_date());
        if let Ok(date) = parsed {
            return Some(Moment::day(date).to_string());
        }
    }
    // `2020-01-02T03:04:05.000` and the like: the day is sure.
    let day = text.get(..10)?;
    let moment = Moment::parse(day, zone).ok()?;
    text[10..].starts_with(['T', ' ']).then(|| moment.to_string())
}

/// The moment of a commit, as a day.
pub(super) fn day_of_seconds(seconds: i64, zone: &TimeZone) -> Option<String> {
    let timestamp = Timestamp::from_second(seconds).ok()?;
    Some(of_timestamp(timestamp, zone, false))
}

fn of_timestamp(timestamp: Timestamp, zone: &TimeZone, has_time: bool) -> String {
    let datetime = timestamp.to_zoned(zone.clone()).datetime();
    Moment { datetime, has_time }.to_string()
}

/// A date that a file name begins with, and the rest: `2020-01-02-name`, `2020-1-2-name`, `20200102-name`.
pub(super) fn of_name(stem: &str) -> Option<(String, &str)> {
    let mut parts = stem.splitn(4, '-');
    if let (Some(year), Some(month), Some(day), Some(rest)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
        && let Ok(moment) = Moment::parse(&format!("{year}-{month}-{day}"), &TimeZone::UTC)
        && !rest.is_empty()
    {
        return Some((moment.to_string(), rest));
    }
    // `2020-01-02 name`, as people save documents.
    let end = stem.find([' ', '_']).unwrap_or_default();
    if let Ok(moment) = Moment::parse(&stem[..end], &TimeZone::UTC) {
        let rest = stem[end..].trim_start_matches([' ', '_']);
        return (!rest.is_empty()).then(|| (moment.to_string(), rest));
    }
    let (digits, rest) = stem.split_at_checked(8)?;
    let rest = rest.strip_prefix(['-', '_'])?;
    let parsed = strtime::parse("%Y%m%d", digits).and_then(|parts| parts.to_date());
    let date = parsed.ok().filter(|_| !rest.is_empty())?;
    Some((Moment::day(date).to_string(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_others_are_read() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let cases = [
            ("2026-03-01", Some("2026-03-01")),
            ("2026-03-01 08:00:00 +0800", Some("2026-03-01 08:00")),
            ("2026-03-01 00:00:00 +0000", Some("2026-03-01 08:00")),
            ("2026-03-01T00:00:00Z", Some("2026-03-01 08:00")),
            ("2026-03-01T08:00:00+08:00", Some("2026-03-01 08:00")),
            ("2026/3/1 8:05:00", Some("2026-03-01 08:05")),
            ("Mar 1, 2026", Some("2026-03-01")),
            ("20260301", Some("2026-03-01")),
            ("2026-03-01T08:00:00.123", Some("2026-03-01 08:00")),
            ("yesterday", None),
            ("2026-02-30", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(date(text, &zone).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn names_begin_with_dates() {
        let cases = [
            ("2020-01-02-hello-world", Some(("2020-01-02", "hello-world"))),
            ("2020-1-2-你好", Some(("2020-01-02", "你好"))),
            ("20200102_x", Some(("2020-01-02", "x"))),
            ("2026-03-01 通知", Some(("2026-03-01", "通知"))),
            ("2020-13-02-x", None),
            ("2020-01-02", None),
            ("数控车床编程与操作", None),
            ("hello", None),
        ];
        for (stem, expected) in cases {
            let found = of_name(stem);
            let found = found.as_ref().map(|(date, rest)| (date.as_str(), *rest));
            assert_eq!(found, expected, "{stem}");
        }
    }
}

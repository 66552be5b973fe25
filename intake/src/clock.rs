//! The one place that asks what time it is.

use jiff::{Timestamp, tz::TimeZone};

/// The present moment.
#[expect(clippy::disallowed_methods, reason = "this is the place that asks")]
pub fn instant() -> Timestamp {
    Timestamp::now()
}

/// The present moment, milliseconds since 1970.
pub fn now() -> i64 {
    instant().as_millisecond()
}

/// A moment as people write it: `2026-03-05 09:30`.
pub fn written(milliseconds: i64, zone: &TimeZone) -> String {
    moment(milliseconds, zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The day of a moment: `2026-03-05`.
pub fn day(milliseconds: i64, zone: &TimeZone) -> String {
    moment(milliseconds, zone).strftime("%Y-%m-%d").to_string()
}

/// The first moment of a day such as `2026-03-05`, or of the one after it. Returns `None` if there is no such day.
pub fn start_of(day: &str, plus_days: i64, zone: &TimeZone) -> Option<i64> {
    let day: jiff::civil::Date = day.parse().ok()?;
    let day = day.checked_add(jiff::Span::new().days(plus_days)).ok()?;
    Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

/// The hour of a moment's day, 0 to 23.
pub fn hour(milliseconds: i64, zone: &TimeZone) -> u8 {
    moment(milliseconds, zone).hour().unsigned_abs()
}

fn moment(milliseconds: i64, zone: &TimeZone) -> jiff::Zoned {
    Timestamp::from_millisecond(milliseconds)
        .unwrap_or_default()
        .to_zoned(zone.clone())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_in_the_portals_zone() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let start = start_of("2026-03-05", 0, &zone).unwrap();
        assert_eq!(written(start, &zone), "2026-03-05 00:00");
        assert_eq!(start_of("2026-02-28", 1, &zone), start_of("2026-03-01", 0, &zone));
        assert_eq!((hour(start, &zone), hour(start - 1, &zone)), (0, 23));
        assert_eq!(start_of("2026-02-30", 0, &zone), None);
        assert_eq!(start_of("9999-12-31", 1, &zone), None);
    }
}

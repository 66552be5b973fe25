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

/// The hour of a moment's day, 0 to 23.
pub fn hour(milliseconds: i64, zone: &TimeZone) -> u8 {
    moment(milliseconds, zone).hour().unsigned_abs()
}

fn moment(milliseconds: i64, zone: &TimeZone) -> jiff::Zoned {
    Timestamp::from_millisecond(milliseconds)
        .unwrap_or_default()
        .to_zoned(zone.clone())
}

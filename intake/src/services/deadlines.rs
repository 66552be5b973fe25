//! Until when somebody is to have done with a submission, in working days.

use jixia::content::Level;

use crate::portal::Snapshot;

/// Nothing waits for longer, in working days.
const MOST: u32 = 1000;

/// Until when a unit that has a submission of a kind from `now` on is to have done with it, milliseconds since 1970; `now`
/// itself where it has no day.
pub(super) fn of_holder(snapshot: &Snapshot, kind: &str, holder: &str, now: i64) -> i64 {
    let level = snapshot.units.get(holder).map(|unit| unit.level);
    let chain = snapshot.kind(kind).map(|kind| snapshot.chain(kind));
    let of_level = |level: Level| chain.as_ref()?.days.get(&level).copied();
    let days = level.and_then(of_level);
    match days.unwrap_or(snapshot.config().review.overdue_days) {
        0 => now,
        days => snapshot
            .calendar()
            .end_after(now, days.min(MOST) as usize, snapshot.zone()),
    }
}

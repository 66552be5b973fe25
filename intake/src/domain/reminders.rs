//! When whoever holds a submission is reminded of it.

use super::names::named;

named! {
    /// How near the end of its time something is.
    Phase("phase of a deadline") {
        /// A day is left.
        Soon = "soon",
        /// The time is over.
        Late = "late",
    }
}

/// Milliseconds of a day.
pub const DAY: i64 = 86_400_000;

impl Phase {
    /// The moments between which, the first not included, something came to its holder that is in this phase at `now`:
    /// milliseconds since 1970. Where one day is all the time there is, nothing is announced before.
    pub fn span(self, now: i64, overdue_days: u32) -> Option<(i64, i64)> {
        let days = i64::from(overdue_days);
        match self {
            Self::Soon if days < 2 => None,
            Self::Soon => Some((now - days * DAY, now - (days - 1) * DAY)),
            Self::Late => Some((i64::MIN, now - days * DAY)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_before_and_once_it_is_over() {
        let now = 100 * DAY;
        let is_in = |phase: Phase, came: i64, days: u32| {
            phase
                .span(now, days)
                .is_some_and(|(after, until)| came > after && came <= until)
        };
        let cases = [
            (0, 5, None),
            (4 * DAY - 1, 5, None),
            (4 * DAY, 5, Some(Phase::Soon)),
            (5 * DAY - 1, 5, Some(Phase::Soon)),
            (5 * DAY, 5, Some(Phase::Late)),
            (90 * DAY, 5, Some(Phase::Late)),
            (DAY - 1, 1, None),
            (DAY, 1, Some(Phase::Late)),
        ];
        for (age, days, expected) in cases {
            for phase in Phase::ALL.iter().copied() {
                assert_eq!(
                    is_in(phase, now - age, days),
                    expected == Some(phase),
                    "{age} {days} {phase:?}"
                );
            }
        }
    }
}

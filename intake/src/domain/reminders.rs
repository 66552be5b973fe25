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
    /// The moments between which, the first not included, something falls due that is in this phase at `now`: milliseconds
    /// since 1970.
    pub fn span(self, now: i64) -> (i64, i64) {
        match self {
            Self::Soon => (now, now + DAY),
            Self::Late => (0, now),
        }
    }

    /// For how long somebody must have had it to be reminded in this phase, milliseconds: where a day or two are all the time
    /// there is, nothing is announced before.
    pub fn least_age(self) -> i64 {
        match self {
            Self::Soon => DAY,
            Self::Late => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_before_and_once_it_is_over() {
        let now = 100 * DAY;
        let cases = [
            (now + 2 * DAY, None),
            (now + DAY + 1, None),
            (now + DAY, Some(Phase::Soon)),
            (now + 1, Some(Phase::Soon)),
            (now, Some(Phase::Late)),
            (now - 90 * DAY, Some(Phase::Late)),
        ];
        for (due, expected) in cases {
            for phase in Phase::ALL.iter().copied() {
                let (after, until) = phase.span(now);
                let is_in = due > after && due <= until;
                assert_eq!(is_in, expected == Some(phase), "{due} {phase:?}");
            }
        }
    }
}

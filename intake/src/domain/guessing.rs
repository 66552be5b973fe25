//! How often a secret can be guessed at: attempts are counted before anything is looked at, by the secret and by where
//! they come from.

use super::reminders::DAY;

/// Milliseconds without an attempt after which counting begins anew.
pub const FORGOTTEN_AFTER: i64 = DAY;
/// Milliseconds for which a place is known from which somebody signed in.
pub const KNOWN_FOR: i64 = 90 * DAY;
/// Most places, networks and browsers, from which somebody is known.
pub const KNOWN_PLACES: i64 = 40;

/// What can be guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// A password, at sign-in or where it is asked for again.
    Password,
    /// A one-time password or a recovery code.
    Code,
}

impl Secret {
    /// Its name in the key of a count.
    pub fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
        }
    }

    /// Milliseconds that all places from which an account is not known wait after their `count`-th attempt together, so
    /// that nobody gets more guesses by asking from many places. Of six digits there are few: codes are guarded more.
    pub fn pause_of_strangers(self, count: i64) -> i64 {
        let (free, pause) = match self {
            Self::Password => (100, 60_000),
            Self::Code => (20, 900_000),
        };
        if count < free { 0 } else { pause }
    }
}

/// Milliseconds that one place waits after its `count`-th attempt in a row without success: none at first, then half a
/// minute, doubling up to a quarter of an hour.
pub fn pause_of_place(count: i64) -> i64 {
    match count {
        ..=4 => 0,
        5.. => (30_000_i64 << (count - 5).min(5)).min(900_000),
    }
}

/// Whether the log tells of the `count`-th wrong guess: ever fewer, so that nobody can fill it.
pub fn is_noted(count: i64) -> bool {
    count.count_ones() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses = [4, 5, 6, 9, 10, 99].map(|count| pause_of_place(count) / 1000);
        assert_eq!(pauses, [0, 30, 60, 480, 900, 900]);
        let pauses = [99, 100, 1000].map(|count| Secret::Password.pause_of_strangers(count));
        assert_eq!(pauses, [0, 60_000, 60_000]);
        let pauses = [19, 20].map(|count| Secret::Code.pause_of_strangers(count));
        assert_eq!(pauses, [0, 900_000]);
    }

    #[test]
    fn the_log_tells_of_ever_fewer_guesses() {
        assert_eq!((1..=1_000_000).filter(|count| is_noted(*count)).count(), 20);
    }
}

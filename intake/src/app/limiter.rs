//! Counts what somebody does within a minute, in a memory that does not grow with those who ask.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

/// Counters of everybody. Each is counted in one of every row, which others share; the least of them is the truest.
const ROWS: usize = 4;
/// Bits of a counter's place in its row.
const BITS: usize = 13;

/// Counts by rule and by whom.
#[derive(Debug, Default)]
pub struct Limiter {
    /// Drawn at random, so that nobody can choose to share another's counters.
    hasher: RandomState,
    minute: Mutex<Minute>,
}

#[derive(Debug)]
struct Minute {
    number: i64,
    counts: Vec<u32>,
}

impl Default for Minute {
    fn default() -> Self {
        Self {
            number: 0,
            counts: vec![0; ROWS << BITS],
        }
    }
}

impl Limiter {
    /// Whether `who` may do one thing more of those that `rule` counts, in the minute of `now`, of which there may be
    /// `most`. Many at once can be taken for each other and refused too early, never too late.
    pub fn allows(&self, rule: impl Hash, who: &str, most: u32, now: i64) -> bool {
        let number = now.div_euclid(60_000);
        let hash = self.hasher.hash_one((rule, who));
        let places: [usize; ROWS] = std::array::from_fn(|row| {
            let bits = usize::try_from((hash >> (row * BITS)) & ((1 << BITS) - 1)).unwrap_or_default();
            (row << BITS) + bits
        });
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number != number {
            minute.number = number;
            minute.counts.fill(0);
        }
        let least = places.iter().map(|place| minute.counts[*place]).min();
        let least = least.unwrap_or_default();
        for place in places {
            // What is greater was counted for others.
            if minute.counts[place] == least {
                minute.counts[place] = least.saturating_add(1);
            }
        }
        least < most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_allows_so_much() {
        let limiter = Limiter::default();
        assert!(limiter.allows("changes", "a", 2, 0) && limiter.allows("changes", "a", 2, 59_999));
        assert!(!limiter.allows("changes", "a", 2, 59_999));
        assert!(limiter.allows("changes", "b", 2, 59_999) && limiter.allows("entries", "a", 2, 59_999));
        assert!(limiter.allows("changes", "a", 2, 60_000));
    }

    #[test]
    fn a_crowd_takes_no_memory_and_does_not_shut_others_out() {
        let limiter = Limiter::default();
        for stranger in 0..10_000 {
            limiter.allows("changes", &format!("stranger {stranger}"), 20, 0);
        }
        let held = limiter.minute.lock().map(|minute| minute.counts.capacity());
        assert_eq!(held.ok(), Some(ROWS << BITS));
        let allowed = (0..10).filter(|_| limiter.allows("changes", "somebody", 20, 0));
        assert_eq!(allowed.count(), 10);
        for _ in 0..20 {
            limiter.allows("changes", "stranger 7", 20, 0);
        }
        assert!(!limiter.allows("changes", "stranger 7", 20, 0));
    }
}

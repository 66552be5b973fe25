//! The audit log as a chain: each event carries the hash of the one before, so that none can be changed or left out
//! unnoticed.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// Something that happened, before it has a place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// The account that did it; `None` for the server itself.
    pub actor: Option<String>,
    /// A word such as `submit` or `refused:read-draft`.
    pub action: String,
    /// What it was done to, as `submission/ID` or `account/ID`.
    pub subject: String,
    /// What else is to be remembered; no secrets.
    pub detail: String,
}

/// An event in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number, from 1 without gaps.
    pub number: i64,
    /// What happened.
    pub event: Event,
    /// The hash of the event before; empty for the first.
    pub previous: String,
    /// The hash of this one.
    pub hash: String,
}

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainError {
    /// The number of the first event that does not fit.
    pub number: i64,
}

/// SHA-256 of an event at its place. Every part is preceded by its length, so that parts cannot flow into each other.
pub fn hash(number: i64, previous: &str, event: &Event) -> String {
    let mut hasher = Sha256::new();
    let (number, at) = (number.to_string(), event.at.to_string());
    let actor = event.actor.as_deref().unwrap_or_default();
    for part in [
        number.as_str(),
        previous,
        &at,
        actor,
        &event.action,
        &event.subject,
        &event.detail,
    ] {
        hasher.update(part.len().to_string());
        hasher.update(":");
        hasher.update(part);
    }
    HEXLOWER.encode(&hasher.finalize())
}

/// Checks events in their order, beginning with number `first` after an event with the hash `previous`; gives the hash
/// of the last.
///
/// # Errors
/// The first event whose number, predecessor or hash is wrong.
pub fn verify<'a>(
    events: impl IntoIterator<Item = &'a Recorded>,
    first: i64,
    previous: &str,
) -> Result<String, ChainError> {
    let mut last = previous.to_owned();
    for (expected, recorded) in (first..).zip(events) {
        let fits = recorded.number == expected
            && recorded.previous == last
            && recorded.hash == hash(recorded.number, &recorded.previous, &recorded.event);
        if !fits {
            return Err(ChainError { number: expected });
        }
        last.clone_from(&recorded.hash);
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Vec<Recorded> {
        let mut previous = String::new();
        let record = |number: i64| {
            let event = Event {
                at: 1000 * number,
                actor: (number != 2).then(|| "a1".to_owned()),
                action: "submit".to_owned(),
                subject: format!("submission/{number}"),
                detail: String::new(),
            };
            let hash = hash(number, &previous, &event);
            let recorded = Recorded {
                number,
                event,
                previous: previous.clone(),
                hash: hash.clone(),
            };
            previous = hash;
            recorded
        };
        (1..=4).map(record).collect()
    }

    #[test]
    fn a_whole_log_holds() {
        assert!(verify(&log(), 1, "").is_ok());
    }

    #[test]
    fn a_changed_or_missing_event_is_found() {
        let mut changed = log();
        changed[1].event.detail = "nothing to see".to_owned();
        assert_eq!(verify(&changed, 1, ""), Err(ChainError { number: 2 }));
        let mut missing = log();
        missing.remove(2);
        assert_eq!(verify(&missing, 1, ""), Err(ChainError { number: 3 }));
        let mut rehashed = log();
        rehashed[1].event.actor = Some("b2".to_owned());
        rehashed[1].hash = hash(2, &rehashed[1].previous, &rehashed[1].event);
        assert_eq!(verify(&rehashed, 1, ""), Err(ChainError { number: 3 }));
    }
}

//! What was found out last about whether the server can do its work.

use std::time::{Duration, Instant};

use tokio::sync::{Mutex, MutexGuard};

/// How long an answer holds: looking writes to the database, and whoever asks may ask often.
const HOLDS: Duration = Duration::from_secs(5);

/// What looking found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// When it was looked at, milliseconds since 1970.
    pub at: i64,
    /// Whether a row could be written to the database.
    pub writes: bool,
    /// Whether the repository could be read.
    pub repository: bool,
    /// Bytes that the server may still write to the disk of its data, if the system tells.
    pub free: Option<u64>,
    /// Jobs that wait to be done.
    pub waiting: i64,
    /// Jobs that were given up.
    pub failed: i64,
    /// Lists of what the portal changed that nobody took so far.
    pub untold: i64,
    /// Since when a job is due, milliseconds since 1970; `None` if none waits.
    pub longest_due: Option<i64>,
}

/// The last probe, for as long as it holds.
#[derive(Debug, Default)]
pub struct Probes {
    last: Mutex<Option<(Instant, Probe)>>,
}

/// The turn to look, which one has at a time.
pub struct Turn<'a> {
    last: MutexGuard<'a, Option<(Instant, Probe)>>,
}

impl Probes {
    /// What was found lately, or the turn to look: whoever asks meanwhile waits for what is found.
    pub async fn last(&self) -> Result<Probe, Turn<'_>> {
        let last = self.last.lock().await;
        match &*last {
            Some((at, probe)) if at.elapsed() < HOLDS => Ok(probe.clone()),
            _ => Err(Turn { last }),
        }
    }
}

impl Turn<'_> {
    /// Keeps what was found.
    pub fn keep(mut self, probe: &Probe) {
        *self.last = Some((Instant::now(), probe.clone()));
    }
}

//! Tells open pages that the portal changed, or that it could not be built.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

/// Path of the script that [`files`](super::files) adds to pages.
pub(super) const SCRIPT_PATH: &str = "/__jixia/reload.js";
/// Path that the script asks; the answer comes when something happened.
pub(super) const WAIT_PATH: &str = "/__jixia/wait";
/// The script: same origin, no inline code, so the portal's content security policy allows it.
pub(super) const SCRIPT: &str = include_str!("reload.js");
/// How long a question waits for an answer before the script asks again.
const PATIENCE: Duration = Duration::from_secs(25);

/// The state of the portal, for pages that wait for the next one.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct State {
    /// Counts builds that changed something.
    version: u64,
    /// What is wrong; empty when the last build succeeded.
    errors: String,
    /// Counts every build.
    #[serde(skip)]
    builds: u64,
}

/// The newest state and whoever waits for it.
#[derive(Debug, Default)]
pub(super) struct Reload {
    state: Mutex<State>,
    changed: Condvar,
}

impl Reload {
    /// Records a build.
    pub(super) fn tell(&self, has_changed: bool, errors: String) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = has_changed || errors != state.errors;
        state.builds += 1;
        state.version += u64::from(has_changed);
        state.errors = errors;
        if is_news {
            self.changed.notify_all();
        }
    }

    /// Waits until the state differs from what a page knows, or a while.
    pub(super) fn wait(&self, known_version: Option<u64>, known_errors: bool) -> State {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = known_version else {
            return state.clone();
        };
        let is_old = |state: &mut State| state.version == known && state.errors.is_empty() != known_errors;
        let waited = self.changed.wait_timeout_while(state, PATIENCE, is_old);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }
}

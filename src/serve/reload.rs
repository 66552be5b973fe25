//! Tells open pages that the portal changed, or that it could not be built.
//!
//! A page asks and is answered when there is news. Until then its question holds a connection but no thread: many pages
//! may be open. The question of a page that was closed ends with its connection.

use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

/// A question without news is answered after this, so that one of a page whose computer went away is forgotten.
const ROUND: Duration = Duration::from_secs(25);
/// Questions that are kept; each holds a connection. Who asks when there are so many is sent away, and the script asks
/// again after a second.
const MOST_WAITING: usize = 256;

/// The state of the portal, for pages that wait for the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct State {
    /// Counts everything that pages should know of.
    news: u64,
    /// Counts builds that changed something.
    version: u64,
    /// What is wrong; empty when the last build succeeded.
    errors: String,
}

/// The newest state and whoever waits for the next.
#[derive(Default)]
pub(super) struct Reload {
    state: watch::Sender<State>,
}

impl Reload {
    /// Records a build.
    pub(super) fn tell(&self, has_changed: bool, errors: String) {
        self.state.send_if_modified(|state| {
            let is_news = has_changed || errors != state.errors;
            if is_news {
                state.news += 1;
                state.version += u64::from(has_changed);
                state.errors = errors;
            }
            is_news
        });
    }

    /// Answers at once when there is news since `known`, else as it comes or when the question's time is over: then
    /// the page is told what it knows. Returns `None` if too many wait.
    pub(super) async fn ask(&self, known: Option<u64>) -> Option<State> {
        let mut receiver = self.state.subscribe();
        let is_new = |state: &State| known != Some(state.news);
        let has_news = is_new(&receiver.borrow());
        if !has_news && self.state.receiver_count() > MOST_WAITING {
            return None;
        }
        let _ = tokio::time::timeout(ROUND, receiver.wait_for(is_new)).await;
        let state = receiver.borrow().clone();
        Some(state)
    }
}

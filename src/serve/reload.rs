//! Tells open pages that the portal changed, or that it could not be built.
//!
//! A page asks and is answered when there is news. Until then its question holds a connection but no thread: many pages
//! may be open. The question of a page that was closed ends with its connection.

use std::time::Duration;

use hyper::{Response, StatusCode};
use serde::Serialize;
use tokio::sync::watch;

use super::body::Body;
use super::files;

/// Path of the script that [`super::files`] adds to pages.
pub(super) const SCRIPT_PATH: &str = "/__jixia/reload.js";
/// Path that the script asks; the answer comes when something happened.
pub(super) const WAIT_PATH: &str = "/__jixia/wait";
/// The script: same origin, no inline code, so the portal's content security policy allows it.
pub(super) const SCRIPT: &str = include_str!("reload.js");
/// A question without news is answered after this, so that one of a page whose computer went away is forgotten.
const ROUND: Duration = Duration::from_secs(25);
/// Questions that are kept; each holds a connection. Who asks when there are so many is sent away, and the script asks
/// again after a second.
const MOST_WAITING: usize = 256;

/// The state of the portal, for pages that wait for the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct State {
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

    /// Answers at once when there is news since `known`, else as it comes or when the question's time is over.
    pub(super) async fn ask(&self, known: Option<u64>) -> Response<Body> {
        let mut receiver = self.state.subscribe();
        let is_new = |state: &State| known != Some(state.news);
        let has_news = is_new(&receiver.borrow());
        if !has_news && self.state.receiver_count() > MOST_WAITING {
            return files::empty(StatusCode::SERVICE_UNAVAILABLE);
        }
        // Without news the page is told what it knows.
        let _ = tokio::time::timeout(ROUND, receiver.wait_for(is_new)).await;
        // Strings and numbers always serialise.
        let body = serde_json::to_vec(&*receiver.borrow()).unwrap_or_default();
        files::fresh(StatusCode::OK, "application/json", body)
    }
}

//! Tells open pages that the portal changed, or that it could not be built.
//!
//! A page asks and is answered when there is news. Until then its question is kept in a list and holds no thread: many
//! pages may be open, and those that were closed leave their questions behind.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tiny_http::{Request, Response};

use super::files::send;

/// Path of the script that [`files`](super::files) adds to pages.
pub(super) const SCRIPT_PATH: &str = "/__jixia/reload.js";
/// Path that the script asks; the answer comes when something happened.
pub(super) const WAIT_PATH: &str = "/__jixia/wait";
/// The script: same origin, no inline code, so the portal's content security policy allows it.
pub(super) const SCRIPT: &str = include_str!("reload.js");
/// A question without news is answered after [`ROUNDS`] of this, so that the script asks again and one of a closed
/// page is forgotten.
const ROUND: Duration = Duration::from_secs(5);
const ROUNDS: u64 = 5;
/// Questions that are kept; each holds a connection. One more, and the oldest is sent away: most likely that of a
/// closed page, and the script of an open one asks again after a second.
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

/// A question without an answer.
struct Waiting {
    request: Request,
    /// The round in which it came.
    since: u64,
}

#[derive(Default)]
struct Inner {
    state: State,
    /// The oldest first. All of them know the present state.
    waiting: VecDeque<Waiting>,
    round: u64,
}

/// The newest state and whoever waits for the next.
#[derive(Default)]
pub(super) struct Reload {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Reload {
    /// Records a build.
    pub(super) fn tell(&self, has_changed: bool, errors: String) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut inner.state;
        if has_changed || errors != state.errors {
            state.news += 1;
            state.version += u64::from(has_changed);
            state.errors = errors;
            self.changed.notify_all();
        }
    }

    /// Answers at once when there is news since `known`, else later from [`Reload::answer_waiting`].
    pub(super) fn ask(&self, request: Request, known: Option<u64>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if known != Some(inner.state.news) {
            let state = inner.state.clone();
            drop(inner);
            return respond(request, &state);
        }
        let since = inner.round;
        inner.waiting.push_back(Waiting { request, since });
        let oldest = if inner.waiting.len() > MOST_WAITING {
            inner.waiting.pop_front()
        } else {
            None
        };
        drop(inner);
        if let Some(oldest) = oldest {
            // The connection may be closed.
            let _ = oldest.request.respond(Response::empty(503));
        }
    }

    /// Answers those who wait, as news comes or their time is over, until the process ends.
    pub(super) fn answer_waiting(&self) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told = inner.state.news;
        loop {
            let waited = self
                .changed
                .wait_timeout_while(inner, ROUND, |inner| inner.state.news == told);
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
            let due = if inner.state.news == told {
                inner.round += 1;
                let round = inner.round;
                inner
                    .waiting
                    .partition_point(|waiting| waiting.since + ROUNDS < round)
            } else {
                told = inner.state.news;
                inner.waiting.len()
            };
            let answered: Vec<Waiting> = inner.waiting.drain(..due).collect();
            let state = inner.state.clone();
            drop(inner);
            for waiting in answered {
                respond(waiting.request, &state);
            }
            inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn respond(request: Request, state: &State) {
    // Strings and numbers always serialise.
    let body = serde_json::to_vec(state).unwrap_or_default();
    send(request, 200, "application/json", body);
}

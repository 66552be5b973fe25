//! The worker in the browser that keeps what was read for times without a network.

use std::convert::Infallible;

use serde_json::json;

use super::{Family, Located, Planner, View};
use crate::catalog::Catalog;
use crate::config::Output;

const WORKER: &str = include_str!("offline-worker.js");
/// The line of the worker that takes its texts.
const TEXTS: &str = "const TEXTS = {};";

/// The worker. It lies at the top of the portal: it may answer for pages beside and below it alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfflineWorker;

impl Located for OfflineWorker {
    fn path(&self, _catalog: &Catalog) -> String {
        "offline-worker.js".to_owned()
    }
}

impl Family for OfflineWorker {
    type Shows = Infallible;

    fn is_on(output: &Output) -> bool {
        output.offline
    }

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        planner.offline_worker()
    }
}

impl Planner<'_> {
    fn offline_worker(&self) -> View<Infallible> {
        let texts = json!({
            "language": self.texts.language,
            "title": self.texts.get("offline.title"),
            "advice": self.texts.get("offline.advice"),
            "home": self.texts.get("nav.home"),
        });
        View::Text(WORKER.replacen(TEXTS, &format!("const TEXTS = {texts};"), 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_has_a_place_for_its_texts() {
        assert_eq!(WORKER.matches(TEXTS).count(), 1);
    }
}

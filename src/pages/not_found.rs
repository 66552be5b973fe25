//! The page that servers show in the place of one that is not there.

use super::plain::PlainView;
use super::{Family, Located, Meta, Planner, View};
use crate::catalog::Catalog;

/// The page that answers for what is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotFound;

impl Located for NotFound {
    fn path(&self, _catalog: &Catalog) -> String {
        "404.html".to_owned()
    }
}

impl Family for NotFound {
    type Shows = PlainView;

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View<PlainView> {
        planner.not_found()
    }
}

impl Planner<'_> {
    fn not_found(&self) -> View<PlainView> {
        let title = self.texts.get("page.not_found");
        let meta = Meta {
            noindex: true,
            ..self.meta(&NotFound, title, self.texts.get("not_found.advice"))
        };
        self.plain("404.html", meta, title)
    }
}

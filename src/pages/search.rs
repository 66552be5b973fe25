//! The page of the search.

use super::files::SEARCH;
use super::plain::PlainView;
use super::{Family, Located, Meta, Planner, View};
use crate::catalog::Catalog;
use crate::config::Output;

/// The page that the search script works in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Search;

impl Located for Search {
    fn path(&self, _catalog: &Catalog) -> String {
        format!("{SEARCH}/")
    }
}

impl Family for Search {
    type Shows = PlainView;

    const SEGMENTS: &'static [&'static str] = &[SEARCH];

    fn is_on(output: &Output) -> bool {
        output.search
    }

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View<PlainView> {
        planner.search_page()
    }
}

impl Planner<'_> {
    fn search_page(&self) -> View<PlainView> {
        let title = self.texts.get("page.search");
        let meta = Meta {
            noindex: true,
            ..self.meta(&Search, title, self.texts.get("search.help"))
        };
        self.plain("search.html", meta, title)
    }
}

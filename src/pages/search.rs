//! The page of the search.

use super::{Family, Located, Meta, Planner, View};
use crate::catalog::Catalog;
use crate::config::Output;

/// The directory of the page, and below it of the index.
pub(super) const SEARCH: &str = "search";

/// The page that the search script works in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Search;

impl Located for Search {
    fn path(&self, _catalog: &Catalog) -> String {
        format!("{SEARCH}/")
    }
}

impl Family for Search {
    const SEGMENTS: &'static [&'static str] = &[SEARCH];

    fn is_on(output: &Output) -> bool {
        output.search
    }

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View {
        planner.search_page()
    }
}

impl Planner<'_> {
    fn search_page(&self) -> View {
        let title = self.texts.get("page.search");
        let meta = Meta {
            noindex: true,
            ..self.meta(&Search, title, self.texts.get("search.help"))
        };
        self.plain("search.html", meta, title)
    }
}

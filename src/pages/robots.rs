//! What search engines read first.

use std::convert::Infallible;

use super::{Family, Located, Planner, View};
use crate::catalog::Catalog;
use crate::config::Output;

/// The file that leads search engines to the sitemaps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Robots;

impl Located for Robots {
    fn path(&self, _catalog: &Catalog) -> String {
        "robots.txt".to_owned()
    }
}

impl Family for Robots {
    type Shows = Infallible;

    fn is_on(output: &Output) -> bool {
        output.sitemap
    }

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        let sitemap = planner.sitemap_url();
        View::Text(format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n"))
    }
}

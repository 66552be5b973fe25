//! The description by which browsers offer the portal's search beside others (OpenSearch 1.1).

use std::convert::Infallible;

use super::{Family, Located, Planner, View, search};
use crate::catalog::Catalog;
use crate::config::Output;

/// The description of the search.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenSearch;

impl Located for OpenSearch {
    fn path(&self, _catalog: &Catalog) -> String {
        "opensearch.xml".to_owned()
    }
}

impl Family for OpenSearch {
    type Shows = Infallible;

    fn is_on(output: &Output) -> bool {
        output.opensearch && output.search
    }

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        planner.open_search()
    }
}

impl Planner<'_> {
    fn open_search(&self) -> View<Infallible> {
        let site = &self.catalog.site.config.site;
        let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
        let search = self.absolute(&self.url(&search::Search));
        View::Text(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
             <ShortName>{}</ShortName>\n<Description>{}</Description>\n<InputEncoding>UTF-8</InputEncoding>\n\
             <Url type=\"text/html\" template=\"{}?q={{searchTerms}}\"/>\n</OpenSearchDescription>\n",
            escape(&site.title.chars().take(16).collect::<String>()),
            escape(if site.subtitle.is_empty() {
                &site.title
            } else {
                &site.subtitle
            }),
            escape(&search),
        ))
    }
}

//! Sitemaps: the addresses that search engines should know.

use serde::Serialize;

use super::{Page, Planner, Route, View};
use crate::catalog::{Ix, Status};

/// Most addresses of one sitemap: a fifth of what the protocol allows, so that an edit rewrites little.
const MOST_URLS: usize = 10_000;

/// A sitemap, or the index of sitemaps.
#[derive(Debug, Clone, Serialize)]
pub struct SitemapView {
    /// Whether it lists sitemaps.
    pub is_index: bool,
    /// Absolute addresses with the day of their last change.
    pub urls: Vec<(String, Option<String>)>,
}

/// A page that sitemaps name: its route and the entry it shows, for the day of its last change.
type Listed = (Route, Option<Ix>);

impl Planner<'_> {
    /// Sitemaps that a portal needs: entries in the order of their ids, after the pages that are no entries.
    pub(super) fn sitemap_count(&self, pages: &[Page]) -> usize {
        self.listed_routes(pages).len().div_ceil(MOST_URLS).max(1)
    }

    pub(super) fn sitemap_index(&self, sitemaps: usize) -> View {
        let url = |number| self.absolute(&self.url(&Route::Sitemap(number)));
        View::Sitemap(SitemapView {
            is_index: true,
            urls: (1..=sitemaps).map(|number| (url(number), None)).collect(),
        })
    }

    pub(super) fn sitemap(&self, number: usize) -> View {
        let routes = self.listed_routes(&super::plan::html_pages(*self));
        let urls = routes
            .into_iter()
            .skip((number - 1) * MOST_URLS)
            .take(MOST_URLS)
            .map(|(route, ix)| {
                let entry = ix.map(|ix| self.catalog.entry(ix));
                let changed = entry
                    .and_then(|entry| entry.updated.max(entry.date))
                    .map(|moment| moment.date().to_string());
                (self.absolute(&self.url(&route)), changed)
            });
        View::Sitemap(SitemapView {
            is_index: false,
            urls: urls.collect(),
        })
    }

    fn listed_routes(&self, pages: &[Page]) -> Vec<Listed> {
        let listed = pages.iter().filter_map(|page| match page {
            Page::Detail(ix) => {
                (self.catalog.status(*ix) == Status::Listed).then(|| (page.route(*self), Some(*ix)))
            }
            Page::NotFound | Page::Search => None,
            _ => Some((page.route(*self), None)),
        });
        listed.collect()
    }
}

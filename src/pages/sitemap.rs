//! Sitemaps: the addresses that search engines should know.

use std::convert::Infallible;

use super::{Family, Located, Planner, SitemapView, View};
use crate::catalog::Catalog;
use crate::config::Output;

/// Most addresses of one sitemap: a fifth of what the protocol allows, so that an edit rewrites little.
const MOST_URLS: usize = 10_000;

const SITEMAP: &str = "sitemap";

/// A sitemap, or the index of sitemaps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sitemap {
    /// Names the sitemaps.
    Index,
    /// Some of the pages, numbered from 1.
    Part(usize),
}

impl Located for Sitemap {
    fn path(&self, _catalog: &Catalog) -> String {
        match self {
            Self::Index => "sitemap.xml".to_owned(),
            Self::Part(number) => format!("{SITEMAP}/{number}.xml"),
        }
    }
}

impl Family for Sitemap {
    type Shows = Infallible;

    const SEGMENTS: &'static [&'static str] = &[SITEMAP];

    fn is_on(output: &Output) -> bool {
        output.sitemap
    }

    fn pages(_catalog: &Catalog, listed: usize) -> Vec<Self> {
        [Self::Index].into_iter().chain(parts(listed)).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        match self {
            Self::Index => planner.sitemap_index(),
            Self::Part(number) => planner.sitemap(*number),
        }
    }
}

/// The sitemaps of so many pages.
fn parts(listed: usize) -> impl Iterator<Item = Sitemap> {
    (1..=listed.div_ceil(MOST_URLS).max(1)).map(Sitemap::Part)
}

impl Planner<'_> {
    /// The address of the index of sitemaps.
    pub(super) fn sitemap_url(&self) -> String {
        self.absolute(&self.url(&Sitemap::Index))
    }

    fn sitemap_index(&self) -> View<Infallible> {
        let listed = self.addresses.listed().count();
        let url = |part: Sitemap| (self.absolute(&self.url(&part)), None);
        View::Sitemap(SitemapView {
            is_index: true,
            urls: parts(listed).map(url).collect(),
        })
    }

    fn sitemap(&self, number: usize) -> View<Infallible> {
        let places = self.addresses.listed();
        let urls = places
            .skip((number - 1) * MOST_URLS)
            .take(MOST_URLS)
            .map(|place| {
                let entry = place.entry.map(|ix| self.catalog.entry(ix));
                let changed = entry
                    .and_then(|entry| entry.updated.max(entry.date))
                    .map(|moment| moment.date().to_string());
                (self.absolute(&self.url(place)), changed)
            });
        View::Sitemap(SitemapView {
            is_index: false,
            urls: urls.collect(),
        })
    }
}

//! The page that names all others: sections with their categories and years, cities, pages.

use serde::Serialize;

use super::feed::Feed;
use super::view::{Counted, FacetView, Link};
use super::{
    Family, Located, Planner, View, calendar, places, recommended, search, statistics, tags, withdrawn,
};
use crate::catalog::Catalog;

const SITE_MAP: &str = "site-map";

/// What the site map shows.
#[derive(Debug, Clone, Serialize)]
pub struct SiteMapView {
    pub title: String,
    /// Sections in their order.
    pub sections: Vec<SectionView>,
    /// Cities with a page.
    pub cities: Vec<Link>,
    /// Pages that stand by themselves.
    pub pages: Vec<Link>,
    /// What does not belong to a section: search, tags, the cities' page, feeds.
    pub others: Vec<Link>,
}

/// A section on the site map.
#[derive(Debug, Clone, Serialize)]
pub struct SectionView {
    pub section: Counted,
    /// Its parts: the values of its first facet.
    pub parts: Option<FacetView>,
    /// Its years.
    pub years: Option<FacetView>,
}

/// The page that names all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteMap;

impl Located for SiteMap {
    fn path(&self, _catalog: &Catalog) -> String {
        format!("{SITE_MAP}/")
    }
}

impl Family for SiteMap {
    type Shows = SiteMapView;

    const SEGMENTS: &'static [&'static str] = &[SITE_MAP];

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View<SiteMapView> {
        planner.site_map()
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

impl Planner<'_> {
    fn site_map(&self) -> View<SiteMapView> {
        let title = self.texts.get("page.site_map").to_owned();
        let kinds = self.catalog.site.schema.sections().into_iter();
        let filled =
            kinds.filter(|kind| !kind.abilities.navigation && !self.catalog.listed(&kind.id).is_empty());
        let sections = filled.map(|kind| SectionView {
            section: self.counted(kind),
            parts: self.first_facet(kind),
            years: self.facet_named(kind, "year"),
        });
        let cities = self.cities().into_iter();
        let page = SiteMapView {
            title: title.clone(),
            sections: sections.collect(),
            cities: cities
                .filter_map(|city| self.term_link("city", city).linked())
                .collect(),
            pages: self.navigation().map(|ix| self.entry_link(ix)).collect(),
            others: self.other_pages(),
        };
        let meta = self.meta(&SiteMap, &title, self.texts.get("page.site_map_about"));
        View::html("site-map.html", meta, vec![self.home_link()], page)
    }

    fn other_pages(&self) -> Vec<Link> {
        let candidates = [
            (self.there(&search::Search), "page.search"),
            (self.there(&statistics::Statistics), "page.statistics"),
            (self.there(&places::Places::All), "page.cities"),
            (self.there(&tags::Tags::All), "page.tags"),
            (self.there(&recommended::Recommended), "page.recommended"),
            (self.there(&withdrawn::Withdrawn::Latest), "page.withdrawn"),
            (self.there(&Feed::All), "nav.feed"),
            (self.there(&calendar::Calendar::All), "nav.calendar"),
        ];
        let links = candidates.into_iter().filter_map(|(url, key)| {
            Some(Link {
                label: self.texts.get(key).to_owned(),
                url: url?,
            })
        });
        links.collect()
    }
}

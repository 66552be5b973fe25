//! The page that names all others: sections with their categories and years, cities, pages.

use serde::Serialize;

use super::view::{Counted, FacetView, Link};
use super::{HtmlView, PageView, Planner, Route, View};

/// The site map.
#[derive(Debug, Clone, Serialize)]
pub struct SiteMapView {
    /// Heading.
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
    /// The section.
    pub section: Counted,
    /// Its parts: the values of its first facet.
    pub parts: Option<FacetView>,
    /// Its years.
    pub years: Option<FacetView>,
}

impl Planner<'_> {
    pub(super) fn site_map(&self) -> View {
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
        View::Html(Box::new(HtmlView {
            template: "site-map.html".to_owned(),
            meta: self.meta(&Route::SiteMap, &title, self.texts.get("page.site_map_about")),
            breadcrumbs: vec![self.home_link()],
            body: None,
            page: PageView::SiteMap(Box::new(page)),
        }))
    }

    fn other_pages(&self) -> Vec<Link> {
        let output = &self.catalog.site.config.output;
        let has_tags = output.terms && self.catalog.tags().next().is_some();
        let candidates = [
            (output.search, Route::Search, "page.search"),
            (output.statistics, Route::Statistics, "page.statistics"),
            (!self.cities().is_empty(), Route::Cities, "page.cities"),
            (has_tags, Route::Tags, "page.tags"),
            (output.feeds, Route::Feed, "nav.feed"),
            (output.calendar, Route::Calendar, "nav.calendar"),
        ];
        let links = candidates.into_iter().filter(|(there, ..)| *there);
        let links = links.map(|(_, route, key)| Link {
            label: self.texts.get(key).to_owned(),
            url: self.url(&route),
        });
        links.collect()
    }
}

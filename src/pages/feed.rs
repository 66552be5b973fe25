//! Atom feeds: what they hold. How Atom is written is the renderer's.

use std::convert::Infallible;

use super::{Family, FeedEntry, FeedView, Located, Planner, View, unit};
use crate::catalog::{Catalog, CatalogUnit, Ix};
use crate::config::Output;
use crate::content::Kind;

/// A feed, by what it follows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feed {
    /// Everything dated.
    All,
    /// A kind.
    Section(String),
    /// A unit.
    Unit(String),
}

impl Located for Feed {
    fn path(&self, catalog: &Catalog) -> String {
        match self {
            Self::All => FEED.to_owned(),
            Self::Section(kind) => format!("{}/{FEED}", catalog.section(kind)),
            Self::Unit(unit) => format!("{}{FEED}", unit::UnitPage(unit.clone()).path(catalog)),
        }
    }
}

impl Family for Feed {
    type Shows = Infallible;

    fn is_on(output: &Output) -> bool {
        output.feeds
    }

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let has_dated = |entries: &[Ix]| entries.iter().any(|ix| catalog.entry(*ix).date.is_some());
        let sections = catalog.kinds_with_section();
        let sections = sections.filter(|kind| kind.dated && has_dated(catalog.listed(&kind.id)));
        let sections = sections.map(|kind| Self::Section(kind.id.clone()));
        let units = catalog.units.iter();
        let units =
            units.filter(|unit| has_dated(catalog.of_unit(&unit.id)) && unit::is_shown(catalog, unit));
        let units = units.map(|unit| Self::Unit(unit.id.to_string()));
        sections.chain([Self::All]).chain(units).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        match self {
            Self::All => planner.feed_of_all(),
            Self::Section(kind) => planner.of_kind(kind, |kind| planner.feed_of_section(kind)),
            Self::Unit(unit) => planner.of_unit(unit, |unit| planner.feed_of_unit(unit)),
        }
    }
}

const FEED: &str = "feed.xml";

impl Planner<'_> {
    /// The feed of a section, if there is one.
    pub(super) fn section_feed(&self, kind: &Kind) -> Option<String> {
        self.there(&Feed::Section(kind.id.clone()))
    }

    /// The feed of what a unit publishes, if there is one.
    pub(super) fn unit_feed(&self, unit: &CatalogUnit) -> Option<String> {
        self.there(&Feed::Unit(unit.id.to_string()))
    }

    /// Everything dated.
    fn feed_of_all(&self) -> View<Infallible> {
        let dated = self.catalog.site.schema.kinds.values().filter(|kind| kind.dated);
        let size = self.catalog.site.config.lists.feed_size;
        let mut entries: Vec<Ix> = dated
            .flat_map(|kind| self.newest(self.catalog.listed(&kind.id), size))
            .collect();
        entries.sort_by(|left, right| self.catalog.newest_first(*left, *right));
        let title = self.catalog.site.config.site.title.clone();
        self.feed(title, &Feed::All, &self.home_link().url, &entries)
    }

    fn feed_of_section(&self, kind: &Kind) -> View<Infallible> {
        let section = self.section_link(kind);
        let title = format!("{} - {}", section.label, self.catalog.site.config.site.title);
        let entries = self.newest(
            self.catalog.listed(&kind.id),
            self.catalog.site.config.lists.feed_size,
        );
        self.feed(title, &Feed::Section(kind.id.clone()), &section.url, &entries)
    }

    fn feed_of_unit(&self, unit: &CatalogUnit) -> View<Infallible> {
        let title = format!("{} - {}", unit.name, self.catalog.site.config.site.title);
        let page = self.unit_link(unit).url.unwrap_or_default();
        let entries = self.catalog.of_unit(&unit.id);
        self.feed(title, &Feed::Unit(unit.id.to_string()), &page, entries)
    }

    /// The newest dated entries of a list, whatever its order.
    fn newest(&self, entries: &[Ix], limit: usize) -> Vec<Ix> {
        let mut dated: Vec<Ix> = entries
            .iter()
            .copied()
            .filter(|ix| self.catalog.entry(*ix).date.is_some())
            .collect();
        dated.sort_by(|left, right| self.catalog.newest_first(*left, *right));
        dated.truncate(limit);
        dated
    }

    fn feed(&self, title: String, feed: &Feed, page: &str, entries: &[Ix]) -> View<Infallible> {
        let limit = self.catalog.site.config.lists.feed_size;
        let entries: Vec<FeedEntry> = entries
            .iter()
            .filter_map(|ix| self.feed_entry(*ix))
            .take(limit)
            .collect();
        let updated = entries.iter().map(|entry| entry.updated.clone()).max();
        View::Feed(Box::new(FeedView {
            title,
            url: self.absolute(&self.url(feed)),
            page: self.absolute(page),
            // A feed must say when it changed; an empty one never did.
            updated: updated.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned()),
            language: self.texts.language.clone(),
            entries,
        }))
    }

    fn feed_entry(&self, ix: Ix) -> Option<FeedEntry> {
        let entry = self.catalog.entry(ix);
        let zone = &self.catalog.site.zone;
        let published = entry.date?.rfc3339(zone);
        let mut authors = self.author_names(ix);
        if authors.is_empty() {
            authors.extend(self.catalog.unit_of(ix).map(|unit| unit.name.to_string()));
        }
        let kind = self.catalog.kind(ix).label(&self.texts.language).to_owned();
        Some(FeedEntry {
            title: entry.title.to_string(),
            url: self.absolute(&self.entry_url(ix)),
            updated: entry
                .updated
                .map_or_else(|| published.clone(), |updated| updated.rfc3339(zone)),
            published,
            authors,
            summary: entry.summary().to_owned(),
            categories: std::iter::once(kind)
                .chain(entry.tags.iter().map(ToString::to_string))
                .collect(),
        })
    }
}

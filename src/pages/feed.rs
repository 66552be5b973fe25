//! Atom feeds: what they hold. How Atom is written is the renderer's.

use serde::Serialize;

use super::{Planner, Route, View};
use crate::catalog::Ix;

/// A feed.
#[derive(Debug, Clone, Serialize)]
pub struct FeedView {
    /// Title.
    pub title: String,
    /// Absolute address of the feed; also its id.
    pub url: String,
    /// Absolute address of the page it follows.
    pub page: String,
    /// RFC 3339: of the newest entry.
    pub updated: String,
    /// Language tag.
    pub language: String,
    /// Entries.
    pub entries: Vec<FeedEntry>,
}

/// An entry of a feed.
#[derive(Debug, Clone, Serialize)]
pub struct FeedEntry {
    /// Title.
    pub title: String,
    /// Absolute address; also the id.
    pub url: String,
    /// RFC 3339.
    pub published: String,
    /// RFC 3339.
    pub updated: String,
    /// Authors, or the unit.
    pub authors: Vec<String>,
    /// Summary, plain text.
    pub summary: String,
    /// Kind label and tags.
    pub categories: Vec<String>,
}

impl Planner<'_> {
    /// The feed of everything dated.
    pub(super) fn feed_of_all(&self) -> View {
        let dated = self.catalog.site.schema.kinds.values().filter(|kind| kind.dated);
        let size = self.catalog.site.config.lists.feed_size;
        let mut entries: Vec<Ix> = dated
            .flat_map(|kind| self.newest(self.catalog.listed(&kind.id), size))
            .collect();
        entries.sort_by(|left, right| self.catalog.newest_first(*left, *right));
        let title = self.catalog.site.config.site.title.clone();
        self.feed(title, &Route::Feed, &Route::Home, &entries)
    }

    /// The feed of a section.
    pub(super) fn feed_of_section(&self, kind: &crate::content::Kind) -> View {
        let title = format!(
            "{} - {}",
            kind.label(&self.texts.language),
            self.catalog.site.config.site.title
        );
        let entries = self.newest(
            self.catalog.listed(&kind.id),
            self.catalog.site.config.lists.feed_size,
        );
        let (feed, page) = (
            Route::SectionFeed(kind.section.clone()),
            Route::Section(kind.section.clone()),
        );
        self.feed(title, &feed, &page, &entries)
    }

    /// The feed of a unit.
    pub(super) fn feed_of_unit(&self, unit: &crate::catalog::CatalogUnit) -> View {
        let title = format!("{} - {}", unit.name, self.catalog.site.config.site.title);
        let page = self.unit_route(unit).unwrap_or(Route::Home);
        let entries = self.catalog.of_unit(&unit.id);
        self.feed(title, &Route::UnitFeed(unit.id.to_string()), &page, entries)
    }

    /// Whether a unit has a page and dated entries to follow there.
    pub(super) fn has_feed(&self, unit: &crate::catalog::CatalogUnit) -> bool {
        let mut entries = self.catalog.of_unit(&unit.id).iter();
        self.catalog.site.config.output.feeds
            && self.unit_route(unit).is_some()
            && entries.any(|ix| self.catalog.entry(*ix).date.is_some())
    }

    /// Whether a section has a feed.
    pub(super) fn section_has_feed(&self, kind: &crate::content::Kind) -> bool {
        let mut entries = self.catalog.listed(&kind.id).iter();
        self.catalog.site.config.output.feeds
            && kind.dated
            && entries.any(|ix| self.catalog.entry(*ix).date.is_some())
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

    fn feed(&self, title: String, route: &Route, page: &Route, entries: &[Ix]) -> View {
        let limit = self.catalog.site.config.lists.feed_size;
        let entries: Vec<FeedEntry> = entries
            .iter()
            .filter_map(|ix| self.feed_entry(*ix))
            .take(limit)
            .collect();
        let updated = entries.iter().map(|entry| entry.updated.clone()).max();
        View::Feed(Box::new(FeedView {
            title,
            url: self.absolute(&self.url(route)),
            page: self.absolute(&self.url(page)),
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
            url: self.absolute(&self.url(&Route::entry(self.catalog, ix))),
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

//! Sections: the entries of a kind, the newest first, older ones on numbered pages, and by year.

use std::collections::BTreeMap;

use super::list::{ListPage, ListView, Part};
use super::view::{Counted, Link, Pager};
use super::{Family, Located, Meta, Planner, View};
use crate::catalog::Catalog;
use crate::content::{Kind, Order};

/// A page of a section, by the id of its kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// A part of all its entries.
    Part(String, Part),
    /// Its entries of one year.
    Year(String, i16),
}

impl Section {
    /// The page with the newest entries of a kind.
    pub(super) fn newest(kind: &Kind) -> Self {
        Self::Part(kind.id.clone(), Part::Newest)
    }
}

impl Located for Section {
    fn path(&self, catalog: &Catalog) -> String {
        match self {
            Self::Part(kind, part) => format!("{}/{}", catalog.section(kind), part.path()),
            Self::Year(kind, year) => format!("{}/year/{year}/", catalog.section(kind)),
        }
    }
}

impl Family for Section {
    type Shows = ListPage;

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let page_size = catalog.site.config.lists.page_size;
        let pages = catalog.kinds_with_section().flat_map(|kind| {
            let parts = Part::of(catalog.listed(&kind.id).len(), page_size);
            let parts = parts.map(|part| Self::Part(kind.id.clone(), part));
            let years = years(catalog, kind).into_keys();
            parts.chain(years.map(|year| Self::Year(kind.id.clone(), year)))
        });
        pages.collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<ListPage> {
        match self {
            Self::Part(kind, part) => planner.of_kind(kind, |kind| planner.section(kind, *part)),
            Self::Year(kind, year) => planner.of_kind(kind, |kind| planner.year(kind, *year)),
        }
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

/// The years that have pages, with the number of their entries.
fn years(catalog: &Catalog, kind: &Kind) -> BTreeMap<i16, usize> {
    let mut counts = BTreeMap::new();
    if catalog.site.config.output.years && kind.dated {
        let dates = catalog
            .listed(&kind.id)
            .iter()
            .filter_map(|ix| catalog.entry(*ix).date);
        dates.for_each(|date| *counts.entry(date.date().year()).or_default() += 1);
    }
    counts
}

impl Planner<'_> {
    /// A kind's section, by its label.
    pub(super) fn section_link(&self, kind: &Kind) -> Link {
        Link {
            label: kind.label(&self.texts.language).to_owned(),
            url: self.url(&Section::newest(kind)),
        }
    }

    /// The address of a numbered page of a section.
    pub(super) fn numbered_url(&self, kind: &Kind, number: usize) -> String {
        self.url(&Section::Part(kind.id.clone(), Part::Numbered(number)))
    }

    /// The address of a section's entries of one year.
    pub(super) fn year_url(&self, kind: &Kind, year: i16) -> String {
        self.url(&Section::Year(kind.id.clone(), year))
    }

    fn section(&self, kind: &Kind, part: Part) -> View<ListPage> {
        let entries = self.catalog.listed(&kind.id);
        let title = kind.label(&self.texts.language).to_owned();
        let page = |part| Section::Part(kind.id.clone(), part);
        let feed = self.section_feed(kind);
        let is_newest = part == Part::Newest;
        let heading = self.heading(&title, part);
        let list = ListView {
            title: heading.clone(),
            kind: Some(kind.id.clone()),
            entries: self.cut(entries, part).iter().map(|ix| self.card(*ix)).collect(),
            count: is_newest.then_some(entries.len()),
            pager: self.pager(entries.len(), part, page),
            years: Vec::new(),
            facets: if is_newest { self.facets(kind) } else { Vec::new() },
            facets_file: self.facets_url(kind).filter(|_| is_newest),
            register: self.register_url(kind).filter(|_| is_newest),
            feed: feed.clone(),
            newest: is_newest,
            sortable: kind.order != Order::Upcoming,
        };
        let meta = Meta {
            feed,
            column_name: Some(title.clone()),
            column_type: Some(title.clone()),
            ..self.meta(
                &page(part),
                &heading,
                &self.list_about(&heading, part, entries.len()),
            )
        };
        self.list_page(&kind.templates.list, meta, vec![self.home_link()], list)
    }

    fn year(&self, kind: &Kind, year: i16) -> View<ListPage> {
        let entries = self.catalog.listed(&kind.id).iter();
        let of_year = entries.filter(|ix| {
            self.catalog
                .entry(**ix)
                .date
                .is_some_and(|date| date.date().year() == year)
        });
        let title = format!("{} {year}", kind.label(&self.texts.language));
        let list = ListView {
            title: title.clone(),
            kind: Some(kind.id.clone()),
            entries: of_year.map(|ix| self.card(*ix)).collect(),
            count: None,
            pager: Pager::default(),
            years: self.years(kind),
            facets: Vec::new(),
            facets_file: None,
            register: None,
            feed: None,
            newest: false,
            sortable: kind.order != Order::Upcoming,
        };
        let meta = self.meta(&Section::Year(kind.id.clone(), year), &title, &title);
        let breadcrumbs = vec![self.home_link(), self.section_link(kind)];
        self.list_page(&kind.templates.list, meta, breadcrumbs, list)
    }

    fn years(&self, kind: &Kind) -> Vec<Counted> {
        let counted = years(self.catalog, kind)
            .into_iter()
            .rev()
            .map(|(year, count)| Counted {
                label: year.to_string(),
                url: self.url(&Section::Year(kind.id.clone(), year)),
                count,
            });
        counted.collect()
    }
}

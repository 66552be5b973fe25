//! The home page.

use serde::Serialize;

use super::places::CityTile;
use super::view::{Counted, SharedCard};
use super::{HtmlView, PageView, Planner, Route, View};
use crate::catalog::{Ix, Period};

/// The home page.
#[derive(Debug, Clone, Serialize)]
pub struct HomeView {
    /// The newest entries of the main sections, in the order of `HOME_LISTS`.
    pub lists: Vec<HomeList>,
    /// Calls and events whose end or deadline is ahead, the nearest first.
    pub calls: Vec<SharedCard>,
    /// Cities with their schools.
    pub cities: Vec<CityTile>,
    /// Entries of each section.
    pub counts: Vec<Counted>,
}

/// The newest entries of a section.
#[derive(Debug, Clone, Serialize)]
pub struct HomeList {
    /// Kind id.
    pub kind: String,
    /// Section.
    pub section: Counted,
    /// Entries.
    pub entries: Vec<SharedCard>,
}

/// Kinds whose newest entries the home page shows, with how many.
const HOME_LISTS: &[(&str, usize)] = &[
    ("notice", 8),
    ("news", 8),
    ("resource", 8),
    ("course", 4),
    ("showcase", 4),
    ("magazine", 2),
];
/// Open calls.
const MOST_CALLS: usize = 6;

impl Planner<'_> {
    pub(super) fn home(&self) -> View {
        let config = &self.catalog.site.config;
        let site = &config.site;
        let about = if site.description.is_empty() {
            &site.subtitle
        } else {
            &site.description
        };
        let meta = self.meta(&Route::Home, &site.title, about);
        let feed = config.output.feeds.then(|| self.url(&Route::Feed));
        let page = HomeView {
            lists: HOME_LISTS
                .iter()
                .filter_map(|(kind, limit)| self.home_list(kind, *limit))
                .collect(),
            calls: self.calls(),
            cities: self.city_tiles(),
            counts: self.counts(),
        };
        View::Html(Box::new(HtmlView {
            template: "home.html".to_owned(),
            meta: super::Meta { feed, ..meta },
            breadcrumbs: Vec::new(),
            body: None,
            page: PageView::Home(Box::new(page)),
        }))
    }

    fn home_list(&self, kind: &str, limit: usize) -> Option<HomeList> {
        let kind = self.catalog.site.schema.kinds.get(kind)?;
        let entries = self.catalog.listed(&kind.id);
        (!entries.is_empty()).then(|| HomeList {
            kind: kind.id.clone(),
            section: self.counted(kind),
            entries: entries.iter().take(limit).map(|ix| self.card(*ix)).collect(),
        })
    }

    fn counted(&self, kind: &crate::content::Kind) -> Counted {
        let link = self.section_link(kind);
        Counted {
            label: link.label,
            url: link.url,
            count: self.catalog.listed(&kind.id).len(),
        }
    }

    /// Sections with the number of their entries.
    pub(super) fn counts(&self) -> Vec<Counted> {
        let kinds = self.catalog.site.schema.sections().into_iter();
        let sections = kinds.filter(|kind| kind.id != "page");
        sections
            .map(|kind| self.counted(kind))
            .filter(|section| section.count > 0)
            .collect()
    }

    /// What one can still apply for or attend, by the day it ends.
    fn calls(&self) -> Vec<SharedCard> {
        let ends = |ix: Ix| {
            let names = ["deadline", "closes", "end", "start"];
            names
                .iter()
                .find_map(|name| self.catalog.moment(ix, name))
                .map(|moment| (moment, ix))
        };
        let is_open = |ix: &Ix| match self.catalog.deadline_passed(*ix) {
            Some(passed) => !passed,
            None => matches!(self.catalog.period(*ix), Some(Period::Before | Period::Within)),
        };
        let kinds = ["selection", "event", "notice"]
            .iter()
            .flat_map(|kind| self.catalog.listed(kind));
        let has_end = |ix: &&Ix| {
            let entry = self.catalog.entry(**ix);
            &*entry.id.kind != "notice" || entry.get("deadline").is_some()
        };
        let mut calls: Vec<_> = kinds
            .filter(has_end)
            .copied()
            .filter(is_open)
            .filter_map(ends)
            .collect();
        calls.sort_by(|left, right| {
            left.0
                .cmp(&right.0)
                .then_with(|| self.catalog.entry(left.1).id.cmp(&self.catalog.entry(right.1).id))
        });
        calls
            .into_iter()
            .take(MOST_CALLS)
            .map(|(_, ix)| self.card(ix))
            .collect()
    }
}

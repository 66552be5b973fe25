//! The home page.

use serde::Serialize;

use super::view::{CityTile, Counted, FacetValue, Link, SharedCard};
use super::{Family, HtmlView, Located, PageView, Planner, View, feed};
use crate::catalog::{Catalog, Ix, Period};
use crate::config::HOME_BLOCKS;

/// The home page.
#[derive(Debug, Clone, Serialize)]
pub struct HomeView {
    /// Blocks in the order of the settings.
    pub blocks: Vec<BlockView>,
    /// Quick ways for each audience.
    pub audiences: Vec<AudienceView>,
    /// Parts of the first section of resources, as words to begin with.
    pub topics: Vec<FacetValue>,
    /// Calls and events whose end or deadline is ahead, the nearest first.
    pub calls: Vec<SharedCard>,
    /// Entries that stand out.
    pub featured: Vec<SharedCard>,
    /// Cities with their schools.
    pub cities: Vec<CityTile>,
    /// Entries of each section.
    pub counts: Vec<Counted>,
    /// Links to other sites.
    pub links: Vec<Link>,
}

/// A block of the home page.
#[derive(Debug, Clone, Serialize)]
pub struct BlockView {
    /// A kind's id, or `search`, `calls`, `featured`, `cities`, `counts`, `links`.
    pub id: String,
    /// Of a kind: its section.
    pub section: Option<Counted>,
    /// Of a kind: its newest entries.
    pub entries: Vec<SharedCard>,
}

/// Quick ways for an audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AudienceView {
    /// Who.
    pub label: String,
    /// The ways.
    pub links: Vec<Link>,
}

/// Entries that a block of a kind shows, where it is not [`USUAL_LIMIT`].
const LIMITS: &[(&str, usize)] = &[("notice", 8), ("news", 8), ("resource", 8), ("magazine", 2)];
const USUAL_LIMIT: usize = 4;
/// Open calls.
const MOST_CALLS: usize = 6;
/// Entries that stand out where the settings name none: of them courses, the rest micro-lessons.
const FEATURED: usize = 4;
const FEATURED_COURSES: usize = 2;
/// Which sections an audience uses, where the settings name no ways.
const AUDIENCES: &[(&str, &[&str])] = &[
    ("home.teacher", &["resource", "course", "selection", "group"]),
    ("home.manager", &["notice", "project", "event", "school"]),
    ("home.student", &["course", "library", "showcase", "event"]),
    ("home.public", &["resource", "platform", "magazine", "news"]),
];

/// The page at the top of the portal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home;

impl Located for Home {
    fn path(&self, _catalog: &Catalog) -> String {
        String::new()
    }
}

impl Family for Home {
    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View {
        planner.home()
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

impl Planner<'_> {
    fn home(&self) -> View {
        let config = &self.catalog.site.config;
        let site = &config.site;
        let about = if site.description.is_empty() {
            &site.subtitle
        } else {
            &site.description
        };
        let meta = self.meta(&Home, &site.title, about);
        let feed = self.there(&feed::Feed::All);
        let has = |block: &str| config.home.blocks.iter().any(|known| known == block);
        let page = HomeView {
            blocks: config
                .home
                .blocks
                .iter()
                .filter_map(|block| self.block(block))
                .collect(),
            audiences: if has("search") {
                self.audiences()
            } else {
                Vec::new()
            },
            topics: if has("search") { self.topics() } else { Vec::new() },
            calls: if has("calls") { self.calls() } else { Vec::new() },
            featured: if has("featured") {
                self.featured()
            } else {
                Vec::new()
            },
            cities: if has("cities") {
                self.city_tiles(None)
            } else {
                Vec::new()
            },
            counts: if has("counts") { self.counts() } else { Vec::new() },
            links: config
                .home
                .links
                .iter()
                .map(|link| self.site_link(link))
                .collect(),
        };
        View::Html(Box::new(HtmlView {
            template: "home.html".to_owned(),
            meta: super::Meta { feed, ..meta },
            breadcrumbs: Vec::new(),
            body: None,
            page: PageView::Home(Box::new(page)),
        }))
    }

    /// A block; of a kind without entries there is none.
    fn block(&self, id: &str) -> Option<BlockView> {
        if HOME_BLOCKS.contains(&id) {
            return Some(BlockView {
                id: id.to_owned(),
                section: None,
                entries: Vec::new(),
            });
        }
        let kind = self.catalog.site.schema.kinds.get(id)?;
        let entries = self.catalog.listed(id);
        let limit = LIMITS.iter().find(|(kind, _)| *kind == id);
        let limit = limit.map_or(USUAL_LIMIT, |(_, limit)| *limit);
        (!entries.is_empty()).then(|| BlockView {
            id: kind.id.clone(),
            section: Some(self.counted(kind)),
            entries: entries.iter().take(limit).map(|ix| self.card(*ix)).collect(),
        })
    }

    fn audiences(&self) -> Vec<AudienceView> {
        let chosen = &self.catalog.site.config.home.audiences;
        if !chosen.is_empty() {
            let views = chosen.iter().map(|audience| AudienceView {
                label: audience.label.clone(),
                links: audience.links.iter().map(|link| self.site_link(link)).collect(),
            });
            return views.collect();
        }
        let usual = AUDIENCES.iter().map(|(label, kinds)| AudienceView {
            label: self.texts.get(label).to_owned(),
            links: kinds
                .iter()
                .filter(|kind| !self.catalog.listed(kind).is_empty())
                .filter_map(|kind| self.catalog.site.schema.kinds.get(*kind))
                .map(|kind| self.section_link(kind))
                .collect(),
        });
        usual.filter(|audience| !audience.links.is_empty()).collect()
    }

    /// The categories of resources: what most visitors look for, in one step.
    fn topics(&self) -> Vec<FacetValue> {
        let kind = self.catalog.site.schema.kinds.get("resource");
        let category = kind.and_then(|kind| self.facet_named(kind, "category"));
        category.map_or_else(Vec::new, |facet| facet.values)
    }

    /// What the settings name, or the newest courses and micro-lessons.
    fn featured(&self) -> Vec<SharedCard> {
        let chosen = &self.catalog.site.config.home.featured;
        if !chosen.is_empty() {
            let chosen = chosen.iter().filter_map(|id| self.catalog.featured(id));
            return chosen.map(|ix| self.card(ix)).collect();
        }
        let courses = self
            .catalog
            .listed("course")
            .iter()
            .take(FEATURED_COURSES)
            .copied();
        let mut featured: Vec<Ix> = courses.collect();
        let resources = self.catalog.listed("resource").iter().copied();
        let is_lesson = |ix: &Ix| self.catalog.entry(*ix).text("category") == Some("micro-lesson");
        featured.extend(resources.filter(is_lesson).take(FEATURED - featured.len()));
        featured.into_iter().map(|ix| self.card(ix)).collect()
    }

    pub(super) fn counted(&self, kind: &crate::content::Kind) -> Counted {
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

//! The home page.

use serde::Serialize;

use super::view::{CityTile, Counted, FacetValue, Link, SharedCard};
use super::{Family, Located, Meta, Planner, View, feed};
use crate::catalog::{Catalog, Ix, Period};
use crate::config::HOME_BLOCKS;
use crate::content::{Audience, BlockForm, BlockWidth, Moment, Value};

/// The home page.
#[derive(Debug, Clone, Serialize)]
pub struct HomeView {
    /// Blocks in the order of the settings.
    pub blocks: Vec<BlockView>,
    /// Quick ways for each audience.
    pub audiences: Vec<AudienceView>,
    /// Words to begin with.
    pub topics: Vec<FacetValue>,
    /// Calls and events whose end or deadline is ahead, the nearest first.
    pub calls: Vec<SharedCard>,
    /// Entries that stand out.
    pub featured: Vec<SharedCard>,
    /// What units above recommended, the latest first.
    pub recommended: Vec<SharedCard>,
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
    /// A kind's id, or `search`, `calls`, `featured`, `recommended`, `cities`, `counts`, `links`.
    pub id: String,
    /// Of a kind: how it looks, `rows`, `titles` or `cards`.
    pub form: Option<BlockForm>,
    /// Of a kind: how wide it is.
    pub width: Option<BlockWidth>,
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

/// Open calls.
const MOST_CALLS: usize = 6;
/// Entries that stand out where the settings name none.
const FEATURED: usize = 4;

/// The page at the top of the portal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home;

impl Located for Home {
    fn path(&self, _catalog: &Catalog) -> String {
        String::new()
    }
}

impl Family for Home {
    type Shows = HomeView;

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View<HomeView> {
        planner.home()
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

impl Planner<'_> {
    fn home(&self) -> View<HomeView> {
        let config = &self.catalog.site.config;
        let site = &config.site;
        let about = if site.description.is_empty() {
            &site.subtitle
        } else {
            &site.description
        };
        let meta = self.meta(&Home, &site.title, about);
        let feed = self.there(&feed::Feed::All);
        let blocks = self.blocks();
        let has = |block: &str| blocks.contains(&block);
        let page = HomeView {
            blocks: blocks.iter().filter_map(|block| self.block(block)).collect(),
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
            recommended: if has("recommended") {
                self.recommended_latest()
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
        View::html("home.html", Meta { feed, ..meta }, Vec::new(), page)
    }

    /// The blocks that the settings name, or those of the theme and of kinds that declare a place among them.
    fn blocks(&self) -> Vec<&str> {
        let site = &self.catalog.site;
        if let Some(chosen) = &site.config.home.blocks {
            return chosen.iter().map(String::as_str).collect();
        }
        let kinds = site.schema.sections().into_iter();
        let kinds = kinds.filter_map(|kind| Some((kind.abilities.home.position?, kind.id.as_str())));
        let own = HOME_BLOCKS.iter().map(|(block, position)| (*position, *block));
        let mut blocks: Vec<(u32, &str)> = own.chain(kinds).collect();
        blocks.sort_by_key(|(position, _)| *position);
        blocks.into_iter().map(|(_, block)| block).collect()
    }

    /// A block; of a kind without entries there is none.
    fn block(&self, id: &str) -> Option<BlockView> {
        if HOME_BLOCKS.iter().any(|(block, _)| *block == id) {
            return Some(BlockView {
                id: id.to_owned(),
                form: None,
                width: None,
                section: None,
                entries: Vec::new(),
            });
        }
        let kind = self.catalog.site.schema.kinds.get(id)?;
        let entries = self.catalog.listed(id);
        let limit = kind.abilities.home.limit;
        (!entries.is_empty()).then(|| BlockView {
            id: kind.id.clone(),
            form: Some(kind.abilities.block_form()),
            width: Some(kind.abilities.home.width),
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
        let usual = Audience::ALL.iter().map(|(audience, label)| AudienceView {
            label: self.texts.get(label).to_owned(),
            links: self.entrances(*audience),
        });
        usual.filter(|audience| !audience.links.is_empty()).collect()
    }

    /// Ways to the sections that an audience uses, as their kinds declare.
    fn entrances(&self, audience: Audience) -> Vec<Link> {
        let kinds = self.catalog.site.schema.sections().into_iter();
        let filled = kinds.filter(|kind| !self.catalog.listed(&kind.id).is_empty());
        let mut ways: Vec<(u32, Link)> = filled
            .filter_map(|kind| {
                let place = kind.abilities.home.entrances.get(&audience)?;
                Some((*place, self.section_link(kind)))
            })
            .collect();
        ways.sort_by_key(|(place, _)| *place);
        ways.into_iter().map(|(_, link)| link).collect()
    }

    /// The words that most visitors look for, in one step.
    fn topics(&self) -> Vec<FacetValue> {
        let kinds = self.catalog.site.schema.sections().into_iter();
        let facets = kinds.filter_map(|kind| {
            let topics = kind.abilities.home.topics.as_deref()?;
            self.facet_named(kind, topics)
        });
        facets.flat_map(|facet| facet.values).collect()
    }

    /// What the settings name, or the newest entries of kinds that say so.
    fn featured(&self) -> Vec<SharedCard> {
        let chosen = &self.catalog.site.config.home.featured;
        if !chosen.is_empty() {
            let chosen = chosen.iter().filter_map(|id| self.catalog.featured(id));
            return chosen.map(|ix| self.card(ix)).collect();
        }
        let kinds = self.catalog.site.schema.sections().into_iter();
        let mut kinds: Vec<_> = kinds
            .filter_map(|kind| Some((kind.abilities.home.featured.as_ref()?, kind)))
            .collect();
        kinds.sort_by_key(|(featured, _)| featured.position);
        let mut entries: Vec<Ix> = Vec::new();
        for (featured, kind) in kinds {
            let room = FEATURED - entries.len();
            let listed = self.catalog.listed(&kind.id).iter().copied();
            let is_wanted = |ix: &Ix| {
                let entry = self.catalog.entry(*ix);
                let mut only = featured.only.iter();
                only.all(|(field, word)| {
                    let mut words = entry.items(field).iter().filter_map(Value::as_text);
                    words.any(|known| known == word)
                })
            };
            let limit = featured.limit.unwrap_or(room).min(room);
            entries.extend(listed.filter(is_wanted).take(limit));
        }
        entries.into_iter().map(|ix| self.card(ix)).collect()
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
        let sections = kinds.filter(|kind| !kind.abilities.navigation);
        sections
            .map(|kind| self.counted(kind))
            .filter(|section| section.count > 0)
            .collect()
    }

    /// What one can still apply for or attend, by the day it ends.
    fn calls(&self) -> Vec<SharedCard> {
        let is_open = |ix: &Ix| match self.catalog.deadline_passed(*ix) {
            Some(passed) => !passed,
            None => matches!(self.catalog.period(*ix), Some(Period::Before | Period::Within)),
        };
        let kinds = self.catalog.site.schema.kinds.values();
        let kinds = kinds
            .filter(|kind| kind.abilities.has_calls())
            .flat_map(|kind| self.catalog.listed(&kind.id));
        let mut calls: Vec<_> = kinds
            .copied()
            .filter(is_open)
            .filter_map(|ix| Some((self.ends(ix)?, ix)))
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

    /// The day by which a call is sorted: its deadline, its end, or of what is over with its day the beginning.
    fn ends(&self, ix: Ix) -> Option<Moment> {
        let abilities = &self.catalog.kind(ix).abilities;
        let span = abilities.span().filter(|_| abilities.calendar.is_some());
        let last = span.and_then(|span| span.last);
        let first = span.filter(|span| span.is_of_a_day).and_then(|span| span.first);
        [abilities.deadline.as_deref(), last, first]
            .into_iter()
            .flatten()
            .find_map(|name| self.catalog.moment(ix, name))
    }
}

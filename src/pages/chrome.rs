//! What every page of a portal shares: the site's name, the menu, the footer.

use serde::Serialize;

use super::view::Link;
use super::{Family, Planner};
use super::{feed, home, offline, open_search, search, site_map, statistics};
use crate::catalog::Ix;
use crate::config::SiteLink;

/// What every template may show as `site`.
#[derive(Debug, Clone, Serialize)]
pub struct Chrome {
    /// Name.
    pub title: String,
    /// A line below the name.
    pub subtitle: String,
    /// A sentence.
    pub description: String,
    /// Language tag.
    pub language: String,
    /// `/`, or the base path with a slash at the end.
    pub home: String,
    /// The site's absolute address.
    pub base_url: String,
    /// Accent colour, or empty.
    pub accent: String,
    /// Who answers for the site.
    pub publisher: String,
    /// Mail address.
    pub contact: String,
    /// Form for problems of a page, or empty.
    pub report: String,
    /// Main menu.
    pub menu: Vec<MenuView>,
    /// Pages for the footer: those with a `weight`.
    pub pages: Vec<Link>,
    /// Feed of everything, or empty.
    pub feed: String,
    /// Search page, or empty.
    pub search: String,
    /// The page that names all others.
    pub site_map: String,
    /// OpenSearch description, or empty.
    pub opensearch: String,
    /// The page of numbers, or empty.
    pub statistics: String,
    /// The worker that keeps pages in the browser, or empty.
    pub offline: String,
    /// Government meta tags and filing numbers.
    pub government: crate::config::Government,
}

/// An item of the main menu: a link, or a group of links.
#[derive(Debug, Clone, Serialize)]
pub struct MenuView {
    /// Text.
    pub label: String,
    /// Address; empty for a group.
    pub url: String,
    /// The links of a group.
    pub items: Vec<Link>,
    /// The addresses of a group's links.
    pub urls: Vec<String>,
}

/// Pages that the footer links.
const MOST_PAGES: usize = 10;

impl Planner<'_> {
    /// What every page shares.
    pub fn chrome(&self) -> Chrome {
        let config = &self.catalog.site.config;
        let site = &config.site;
        Chrome {
            title: site.title.clone(),
            subtitle: site.subtitle.clone(),
            description: site.description.clone(),
            language: site.language.clone(),
            home: self.url(&home::Home),
            base_url: self.absolute(&self.url(&home::Home)),
            accent: site.accent.clone(),
            publisher: site.publisher.clone(),
            contact: site.contact.clone(),
            report: site.report.clone(),
            menu: self.menu(),
            pages: self.top_pages(),
            feed: self.url_or_empty(&feed::Feed::All),
            search: self.url_or_empty(&search::Search),
            site_map: self.url(&site_map::SiteMap),
            opensearch: self.url_or_empty(&open_search::OpenSearch),
            statistics: self.url_or_empty(&statistics::Statistics),
            offline: self.url_or_empty(&offline::OfflineWorker),
            government: config.government.clone(),
        }
    }

    fn url_or_empty(&self, page: &impl Family) -> String {
        self.there(page).unwrap_or_default()
    }

    fn menu(&self) -> Vec<MenuView> {
        let config = &self.catalog.site.config;
        if config.menu.items.is_empty() {
            let sections = self.sections().into_iter();
            return sections
                .map(|link| menu_item(link.label, link.url, Vec::new()))
                .collect();
        }
        let items = config.menu.items.iter().map(|item| {
            let inside = item.items.iter().map(|link| self.site_link(link)).collect();
            menu_item(item.label.clone(), self.site_url(&item.url), inside)
        });
        items.collect()
    }

    /// A link that the settings name.
    pub(super) fn site_link(&self, link: &SiteLink) -> Link {
        Link {
            label: link.label.clone(),
            url: self.site_url(&link.url),
        }
    }

    /// An address of the settings: paths of the site lie below its base.
    fn site_url(&self, url: &str) -> String {
        if url.starts_with('/') {
            format!("{}{url}", self.catalog.site.config.base_path())
        } else {
            url.to_owned()
        }
    }

    /// Sections that have entries.
    pub(super) fn sections(&self) -> Vec<Link> {
        let kinds = self.catalog.site.schema.sections().into_iter();
        let filled =
            kinds.filter(|kind| !kind.abilities.navigation && !self.catalog.listed(&kind.id).is_empty());
        filled.map(|kind| self.section_link(kind)).collect()
    }

    /// Pages at the top of the section of pages, in their order: about, manual, privacy, contact.
    fn top_pages(&self) -> Vec<Link> {
        let top = self
            .navigation()
            .filter(|ix| self.catalog.entry(*ix).weight.is_some());
        top.take(MOST_PAGES).map(|ix| self.entry_link(ix)).collect()
    }

    /// The pages about the site itself.
    pub(super) fn navigation(&self) -> impl Iterator<Item = Ix> {
        let kinds = self.catalog.site.schema.sections().into_iter();
        let kinds = kinds.filter(|kind| kind.abilities.navigation);
        kinds.flat_map(|kind| self.catalog.listed(&kind.id)).copied()
    }

    pub(super) fn home_link(&self) -> Link {
        Link {
            label: self.texts.get("nav.home").to_owned(),
            url: self.url(&home::Home),
        }
    }
}

fn menu_item(label: String, url: String, items: Vec<Link>) -> MenuView {
    MenuView {
        label,
        url,
        urls: items.iter().map(|link| link.url.clone()).collect(),
        items,
    }
}

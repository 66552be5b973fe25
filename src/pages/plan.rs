//! Every page of a portal with its address: the one table that links, sitemaps and builds ask.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::addresses::Place;
use super::{Addresses, Family, Located, PlainFile, Planner, View, address, files};
use super::{
    alias, api, calendar, detail, entry, facets, feed, home, list, not_found, offline, open_search, places,
    plain, recommended, register, robots, search, section, site_map, sitemap, statistics, tags, terms, unit,
    withdrawn,
};
use crate::catalog::{Catalog, Ix};
use crate::diag::{Code, Diagnostic, Handling, Span, Why};

/// Makes [`Page`] of the families, in the order of the plan.
macro_rules! families {
    ($($name:ident: $family:ty,)*) => {
        /// A page, small: what it shows is asked for when it is rendered.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum Page {
            $($name($family),)*
        }

        impl Page {
            /// Every page that the families have, in a fixed order; two may claim one address.
            fn all(catalog: &Catalog) -> Vec<Self> {
                let (mut pages, mut listed) = (Vec::new(), 0);
                $(claim::<$family>(catalog, &mut pages, &mut listed);)*
                pages
            }

            /// First segments of addresses that no section may have as its name.
            fn segments() -> Vec<&'static str> {
                [$(<$family>::SEGMENTS,)*].concat()
            }

            /// What it shows.
            pub fn view(&self, planner: Planner<'_>) -> View<PageView> {
                match self { $(Self::$name(page) => page.view(planner).map(PageView::from),)* }
            }

            /// The entry that it is about.
            pub fn entry(&self) -> Option<Ix> {
                match self { $(Self::$name(page) => page.entry(),)* }
            }

            /// Whether it shows the body of its entry, or what is counted in the body.
            pub fn shows_body(&self) -> bool {
                match self { $(Self::$name(page) => page.shows_body(),)* }
            }

            fn origin(&self, catalog: &Catalog) -> Option<(Arc<str>, Span)> {
                match self { $(Self::$name(page) => page.origin(catalog),)* }
            }

            fn is_listed(&self, catalog: &Catalog) -> bool {
                match self { $(Self::$name(page) => page.is_listed(catalog),)* }
            }
        }

        impl Located for Page {
            fn path(&self, catalog: &Catalog) -> String {
                match self { $(Self::$name(page) => page.path(catalog),)* }
            }
        }

        $(impl From<$family> for Page {
            fn from(page: $family) -> Self {
                Self::$name(page)
            }
        })*
    };
}

families! {
    Home: home::Home,
    NotFound: not_found::NotFound,
    Search: search::Search,
    SiteMap: site_map::SiteMap,
    Statistics: statistics::Statistics,
    Recommended: recommended::Recommended,
    Withdrawn: withdrawn::Withdrawn,
    Section: section::Section,
    Entry: entry::EntryPage,
    Places: places::Places,
    Unit: unit::UnitPage,
    Tags: tags::Tags,
    Terms: terms::Terms,
    Feed: feed::Feed,
    Calendar: calendar::Calendar,
    Facets: facets::FacetsFile,
    Register: register::Register,
    Api: api::Api,
    Sitemap: sitemap::Sitemap,
    Robots: robots::Robots,
    OpenSearch: open_search::OpenSearch,
    OfflineWorker: offline::OfflineWorker,
    Alias: alias::Alias,
}

/// Makes [`PageView`] of what the families show.
macro_rules! views {
    ($($name:ident: $view:ty,)*) => {
        /// What a template shows.
        #[derive(Debug, Clone, Serialize)]
        #[serde(untagged)]
        #[allow(missing_docs)]
        pub enum PageView {
            $($name(Box<$view>),)*
        }

        $(impl From<$view> for PageView {
            fn from(view: $view) -> Self {
                Self::$name(Box::new(view))
            }
        })*
    };
}

views! {
    Home: home::HomeView,
    List: list::ListPage,
    Detail: detail::DetailView,
    Places: places::PlacesView,
    SiteMap: site_map::SiteMapView,
    Statistics: statistics::StatisticsView,
    Recommended: recommended::RecommendedView,
    WithdrawnList: withdrawn::WithdrawnListView,
    Plain: plain::PlainView,
}

impl From<Infallible> for PageView {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Adds the pages of a family, and how many of them sitemaps name.
fn claim<F: Family + Into<Page>>(catalog: &Catalog, pages: &mut Vec<Page>, listed: &mut usize) {
    if F::is_on(&catalog.site.config.output) {
        let own = F::pages(catalog, *listed);
        *listed += own.iter().filter(|page| page.is_listed(catalog)).count();
        pages.extend(own.into_iter().map(F::into));
    }
}

impl Page {
    /// The output file, relative to the output directory.
    pub fn file(&self, catalog: &Catalog) -> String {
        address::file(&self.path(catalog))
    }
}

/// First segments of addresses that sections may not have as their names.
pub fn reserved_segments() -> Vec<&'static str> {
    [&Page::segments(), files::SEGMENTS].concat()
}

/// The pages of a portal, each address once.
#[derive(Debug, Default)]
pub struct Plan {
    pages: Vec<Page>,
    /// Where they lie, in the same order.
    addresses: Addresses,
}

impl Plan {
    /// Asks every family. Of pages that claim one address the first is kept; the others are reported: entries against
    /// each other, aliases against pages. An alias that one entry gives twice is only dropped.
    pub fn new(catalog: &Catalog) -> (Self, Vec<Diagnostic>) {
        let claimed = Page::all(catalog);
        let place = |page: &Page| Place::new(&page.file(catalog), page.entry(), page.is_listed(catalog));
        let places: Vec<Place> = claimed.par_iter().map(place).collect();
        let mut plan = Self::default();
        let mut diagnostics = Vec::new();
        for (page, place) in claimed.into_iter().zip(places) {
            match plan.addresses.add(place) {
                Ok(()) => plan.pages.push(page),
                Err(other) => {
                    let other = &plan.pages[other];
                    diagnostics.extend((*other != page).then(|| taken(catalog, &page, other)));
                }
            }
        }
        diagnostics.extend(plan.taken_by_files(catalog));
        diagnostics.extend(plan.misplaced(catalog));
        (plan, diagnostics)
    }

    /// Reports files beside Markdown that would be written in the place of a page.
    fn taken_by_files(&self, catalog: &Catalog) -> Vec<Diagnostic> {
        let used = catalog.files.iter_used();
        let taking = used.filter_map(|(path, _)| {
            let page = self.at(&PlainFile::beside(path).file())?;
            let diagnostic = Diagnostic::new(Code::DuplicateUrl).in_file(path);
            let url = address::url("", &page.path(catalog));
            Some(diagnostic.with("url", &url).with("other", url))
        });
        taking.collect()
    }

    /// Reports pages that would lie below the file of another page, or among files of the build's own.
    fn misplaced(&self, catalog: &Catalog) -> Vec<Diagnostic> {
        let misplaced = self.addresses.files().filter_map(|(file, position)| {
            let page = &self.pages[position];
            let directory = &file[..file.rfind('/')?];
            let above = || {
                let mut slashes = file.match_indices('/');
                slashes.find_map(|(slash, _)| self.at(&file[..slash]))
            };
            let first = file.split('/').next().unwrap_or_default();
            let is_own = first == "search" || files::SEGMENTS.contains(&first);
            let other = directory.contains('.').then(above).flatten();
            let is_misplaced = other.is_some() || is_own && matches!(page, Page::Alias(_));
            is_misplaced.then(|| taken(catalog, page, other.unwrap_or(page)))
        });
        misplaced
            .map(|wrong| wrong.handled(Handling::Fixed(Why::Output)))
            .collect()
    }

    /// The pages, in a fixed order.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The page that is written to an output file.
    pub fn at(&self, file: &str) -> Option<&Page> {
        self.addresses
            .position(file)
            .map(|position| &self.pages[position])
    }

    /// Where the pages lie, and what else has an address.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Takes up files that links name and that are no pages, but that the build writes.
    pub(crate) fn add_plain_files(&mut self, files: BTreeSet<String>) {
        self.addresses.add_plain_files(files);
    }
}

fn taken(catalog: &Catalog, page: &Page, other: &Page) -> Diagnostic {
    let url = address::url("", &page.path(catalog));
    let of_other = other.origin(catalog);
    let named = of_other.as_ref().map_or_else(
        || address::url("", &other.path(catalog)),
        |(path, _)| path.to_string(),
    );
    let diagnostic = Diagnostic::new(Code::DuplicateUrl)
        .with("url", &url)
        .with("other", named);
    match page.origin(catalog).or(of_other) {
        Some((path, span)) => diagnostic.in_file(&path).at(span),
        None => diagnostic,
    }
}

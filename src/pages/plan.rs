//! Every page of a portal with its address: the one table that links, sitemaps and builds ask.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry as Slot;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Family, Located, PlainFile, Planner, View, address, files};
use super::{
    alias, api, calendar, entry, facets, feed, home, not_found, offline, open_search, places, register,
    robots, search, section, site_map, sitemap, statistics, tags, terms, unit,
};
use crate::catalog::{Catalog, Ix};
use crate::diag::{Code, Diagnostic, Span};

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
            pub fn view(&self, planner: Planner<'_>) -> View {
                match self { $(Self::$name(page) => page.view(planner),)* }
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
    /// Positions in `pages`.
    by_file: FxHashMap<String, u32>,
    plain_files: BTreeSet<String>,
}

impl Plan {
    /// Asks every family. Of pages that claim one address the first is kept; the others are reported: entries against
    /// each other, aliases against pages. An alias that one entry gives twice is only dropped.
    pub fn new(catalog: &Catalog) -> (Self, Vec<Diagnostic>) {
        let claimed = Page::all(catalog);
        let files: Vec<String> = claimed.par_iter().map(|page| page.file(catalog)).collect();
        let mut plan = Self::default();
        let mut diagnostics = Vec::new();
        plan.by_file.reserve(claimed.len());
        for (page, file) in claimed.into_iter().zip(files) {
            match plan.by_file.entry(file) {
                Slot::Vacant(slot) => {
                    slot.insert(plan.pages.len() as u32);
                    plan.pages.push(page);
                }
                Slot::Occupied(other) => {
                    let other = &plan.pages[*other.get() as usize];
                    diagnostics.extend((*other != page).then(|| taken(catalog, &page, other)));
                }
            }
        }
        diagnostics.extend(plan.taken_by_files(catalog));
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

    /// The pages, in a fixed order.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The page that is written to an output file.
    pub fn at(&self, file: &str) -> Option<&Page> {
        self.by_file
            .get(file)
            .map(|position| &self.pages[*position as usize])
    }

    /// Output files of pages.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.by_file.keys().map(String::as_str)
    }

    /// The pages that sitemaps name.
    pub(super) fn listed(&self, catalog: &Catalog) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(|page| page.is_listed(catalog))
    }

    /// Of the files that links name and that are no pages, those that the build writes.
    pub fn plain_files(&self) -> &BTreeSet<String> {
        &self.plain_files
    }

    /// Takes up files that links name and that are no pages, but that the build writes.
    pub(crate) fn add_plain_files(&mut self, files: BTreeSet<String>) {
        self.plain_files.extend(files);
    }
}

fn taken(catalog: &Catalog, page: &Page, other: &Page) -> Diagnostic {
    let url = address::url("", &page.path(catalog));
    let of_other = other.origin(catalog);
    let named = of_other
        .as_ref()
        .map_or_else(|| url.clone(), |(path, _)| path.to_string());
    let diagnostic = Diagnostic::new(Code::DuplicateUrl)
        .with("url", &url)
        .with("other", named);
    match page.origin(catalog).or(of_other) {
        Some((path, span)) => diagnostic.in_file(&path).at(span),
        None => diagnostic,
    }
}

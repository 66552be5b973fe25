//! The list of pages.

use std::collections::BTreeSet;

use super::list::Part;
use super::view::Counted;
use super::{Planner, Route, View, api};
use crate::catalog::{Ix, Status, numbered_pages};
use crate::content::Kind;

/// A page, small: what it shows is asked for when it is rendered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Page {
    Home,
    NotFound,
    Search,
    SiteMap,
    Statistics,
    Section(String),
    SectionPage(String, usize),
    Year(String, i16),
    Detail(Ix),
    Cities,
    City(String),
    Unit(String),
    Tags,
    Tag(String, Option<usize>),
    Vocabulary(String),
    Term(String, String, Option<usize>),
    Feed,
    SectionFeed(String),
    SectionFacets(String),
    SectionRegister(String),
    UnitFeed(String),
    Calendar,
    EntryCalendar(Ix),
    SitemapIndex(usize),
    Sitemap(usize),
    Robots,
    OpenSearch,
    ApiIndex,
    ApiList(String, usize),
    ApiEntry(Ix),
    ApiSchema(String),
    OfflineWorker,
    Alias(String, Ix),
}

/// Every page of a portal, in a fixed order.
pub fn plan(planner: Planner<'_>) -> Vec<Page> {
    let output = &planner.catalog.site.config.output;
    let mut pages = html_pages(planner);
    let sitemaps = if output.sitemap {
        planner.sitemap_count(&pages)
    } else {
        0
    };
    add_files_of_entries(planner, &mut pages);
    add_files_of_sections(planner, &mut pages);
    if output.api {
        pages.push(Page::ApiIndex);
        pages.extend(
            planner
                .catalog
                .site
                .schema
                .kinds
                .keys()
                .map(|kind| Page::ApiSchema(kind.clone())),
        );
    }
    if output.feeds {
        pages.push(Page::Feed);
        pages.extend(
            planner
                .catalog
                .units
                .iter()
                .filter(|unit| planner.has_feed(unit))
                .map(|unit| Page::UnitFeed(unit.id.to_string())),
        );
    }
    if output.calendar {
        pages.push(Page::Calendar);
    }
    if output.sitemap {
        pages.push(Page::SitemapIndex(sitemaps));
        pages.extend((1..=sitemaps).map(Page::Sitemap));
        pages.push(Page::Robots);
    }
    if output.opensearch && output.search {
        pages.push(Page::OpenSearch);
    }
    if output.offline {
        pages.push(Page::OfflineWorker);
    }
    pages
}

/// What entries have besides their pages.
fn add_files_of_entries(planner: Planner<'_>, pages: &mut Vec<Page>) {
    let output = &planner.catalog.site.config.output;
    let entries = planner
        .catalog
        .iter()
        .filter(|(ix, _)| planner.catalog.status(*ix) != Status::Hidden);
    for (ix, entry) in entries {
        pages.extend(
            entry
                .aliases
                .iter()
                .map(|(alias, _)| Page::Alias(alias.to_string(), ix)),
        );
        if output.api {
            pages.push(Page::ApiEntry(ix));
        }
        if output.calendar
            && planner.calendar_span(ix).is_some()
            && planner.catalog.status(ix) == Status::Listed
        {
            pages.push(Page::EntryCalendar(ix));
        }
    }
}

/// What sections have besides their pages.
fn add_files_of_sections(planner: Planner<'_>, pages: &mut Vec<Page>) {
    let output = &planner.catalog.site.config.output;
    for kind in sections(planner) {
        if planner.section_has_feed(kind) {
            pages.push(Page::SectionFeed(kind.id.clone()));
        }
        if planner.has_facets(kind) {
            pages.push(Page::SectionFacets(kind.id.clone()));
        }
        if planner.catalog.has_register(&kind.id) {
            pages.push(Page::SectionRegister(kind.id.clone()));
        }
        if output.api && !planner.catalog.listed(&kind.id).is_empty() {
            let count = api::api_pages(planner.catalog.listed(&kind.id).len());
            pages.extend((1..=count).map(|page| Page::ApiList(kind.id.clone(), page)));
        }
    }
}

fn sections(planner: Planner<'_>) -> impl Iterator<Item = &Kind> {
    planner
        .catalog
        .site
        .schema
        .kinds
        .values()
        .map(|kind| &**kind)
        .filter(|kind| !kind.section.is_empty() && planner.catalog.has_section(&kind.id))
}

/// The pages that people read.
pub(super) fn html_pages(planner: Planner<'_>) -> Vec<Page> {
    let (catalog, output) = (planner.catalog, &planner.catalog.site.config.output);
    let page_size = catalog.site.config.lists.page_size;
    let mut pages = vec![Page::Home, Page::NotFound];
    if output.search {
        pages.push(Page::Search);
    }
    pages.push(Page::SiteMap);
    if output.statistics {
        pages.push(Page::Statistics);
    }
    for kind in sections(planner) {
        let entries = catalog.listed(&kind.id);
        pages.push(Page::Section(kind.id.clone()));
        let numbered = 1..=numbered_pages(entries.len(), page_size);
        pages.extend(numbered.map(|number| Page::SectionPage(kind.id.clone(), number)));
        if output.years && kind.dated {
            let dates = entries.iter().filter_map(|ix| catalog.entry(*ix).date);
            let years: BTreeSet<i16> = dates.map(|date| date.date().year()).collect();
            pages.extend(years.into_iter().map(|year| Page::Year(kind.id.clone(), year)));
        }
    }
    let visible = catalog
        .iter()
        .filter(|(ix, _)| catalog.status(*ix) != Status::Hidden);
    pages.extend(visible.map(|(ix, _)| Page::Detail(ix)));
    let cities = planner.cities();
    if !cities.is_empty() {
        pages.push(Page::Cities);
    }
    pages.extend(cities.into_iter().map(|city| Page::City(city.to_owned())));
    let offices = catalog
        .units
        .iter()
        .filter(|unit| matches!(planner.unit_route(unit), Some(Route::Unit(_))));
    pages.extend(offices.map(|unit| Page::Unit(unit.id.to_string())));
    if output.terms {
        pages.extend(words(planner, page_size));
    }
    pages
}

fn words(planner: Planner<'_>, page_size: usize) -> Vec<Page> {
    let catalog = planner.catalog;
    let mut pages = Vec::new();
    if catalog.tags().next().is_some() {
        pages.push(Page::Tags);
    }
    for (tag, entries) in catalog.tags() {
        pages.push(Page::Tag(tag.to_owned(), None));
        let numbered = 1..=numbered_pages(entries.len(), page_size);
        pages.extend(numbered.map(|number| Page::Tag(tag.to_owned(), Some(number))));
    }
    let mut vocabularies = BTreeSet::new();
    for (vocabulary, term, entries) in catalog.terms().filter(|(vocabulary, ..)| *vocabulary != "city") {
        if vocabularies.insert(vocabulary) {
            pages.push(Page::Vocabulary(vocabulary.to_owned()));
        }
        pages.push(Page::Term(vocabulary.to_owned(), term.to_owned(), None));
        let numbered = 1..=numbered_pages(entries.len(), page_size);
        pages.extend(numbered.map(|number| Page::Term(vocabulary.to_owned(), term.to_owned(), Some(number))));
    }
    pages
}

impl Page {
    /// Its address.
    pub fn route(&self, planner: Planner<'_>) -> Route {
        let section = |kind: &String| {
            let kind = planner.catalog.site.schema.kinds.get(kind);
            kind.map_or_else(String::new, |kind| kind.section.clone())
        };
        match self {
            Self::Home => Route::Home,
            Self::NotFound => Route::NotFound,
            Self::Search => Route::Search,
            Self::SiteMap => Route::SiteMap,
            Self::Statistics => Route::Statistics,
            Self::Section(kind) => Route::Section(section(kind)),
            Self::SectionPage(kind, number) => Route::SectionPage(section(kind), *number),
            Self::Year(kind, year) => Route::Year(section(kind), *year),
            Self::Detail(ix) => Route::entry(planner.catalog, *ix),
            Self::Cities => Route::Cities,
            Self::City(city) => Route::City(city.clone()),
            Self::Unit(unit) => Route::Unit(unit.clone()),
            Self::Tags => Route::Tags,
            Self::Tag(tag, None) => Route::Tag(tag.clone()),
            Self::Tag(tag, Some(number)) => Route::TagPage(tag.clone(), *number),
            Self::Vocabulary(vocabulary) => Route::Vocabulary(vocabulary.clone()),
            Self::Term(vocabulary, term, None) => Route::Term(vocabulary.clone(), term.clone()),
            Self::Term(vocabulary, term, Some(number)) => {
                Route::TermPage(vocabulary.clone(), term.clone(), *number)
            }
            Self::Feed => Route::Feed,
            Self::SectionFeed(kind) => Route::SectionFeed(section(kind)),
            Self::SectionFacets(kind) => Route::SectionFacets(section(kind)),
            Self::SectionRegister(kind) => Route::SectionRegister(section(kind), kind.clone()),
            Self::UnitFeed(unit) => Route::UnitFeed(unit.clone()),
            Self::Calendar => Route::Calendar,
            Self::EntryCalendar(ix) => Route::entry_calendar(planner.catalog, *ix),
            Self::SitemapIndex(_) => Route::SitemapIndex,
            Self::Sitemap(number) => Route::Sitemap(*number),
            Self::Robots => Route::Robots,
            Self::OpenSearch => Route::OpenSearch,
            Self::ApiIndex => Route::ApiIndex,
            Self::ApiList(kind, page) => Route::ApiList(section(kind), *page),
            Self::ApiEntry(ix) => Route::api_entry(planner.catalog, *ix),
            Self::ApiSchema(kind) => Route::ApiSchema(kind.clone()),
            Self::OfflineWorker => Route::OfflineWorker,
            Self::Alias(path, _) => Route::Alias(path.clone()),
        }
    }

    /// The entry it belongs to.
    pub fn entry(&self) -> Option<Ix> {
        match self {
            Self::Detail(ix) | Self::EntryCalendar(ix) | Self::ApiEntry(ix) | Self::Alias(_, ix) => Some(*ix),
            _ => None,
        }
    }
}

impl Planner<'_> {
    /// What a page shows.
    pub fn view(&self, page: &Page) -> View {
        let kinds = &self.catalog.site.schema.kinds;
        match page {
            Page::Home => self.home(),
            Page::NotFound => self.not_found(),
            Page::Search => self.search_page(),
            Page::SiteMap => self.site_map(),
            Page::Statistics => self.statistics(),
            Page::Section(kind) => self.section(&kinds[kind], Part::Newest),
            Page::SectionPage(kind, number) => self.section(&kinds[kind], Part::Numbered(*number)),
            Page::Year(kind, year) => self.year(&kinds[kind], *year),
            Page::Detail(ix) => self.detail(*ix),
            Page::Cities => self.cities_page(),
            Page::City(city) => self.city(city),
            Page::Unit(unit) => self.for_unit(unit, Self::unit),
            Page::Tags => self.all_tags(),
            Page::Tag(tag, number) => self.tag(tag, *number),
            Page::Vocabulary(vocabulary) => self.vocabulary(vocabulary),
            Page::Term(vocabulary, term, number) => self.term(vocabulary, term, *number),
            Page::Feed => self.feed_of_all(),
            Page::SectionFeed(kind) => self.feed_of_section(&kinds[kind]),
            Page::SectionFacets(kind) => self.facets_file(&kinds[kind]),
            Page::SectionRegister(kind) => self.register(&kinds[kind]),
            Page::UnitFeed(unit) => self.for_unit(unit, Self::feed_of_unit),
            Page::Calendar => self.whole_calendar(),
            Page::EntryCalendar(ix) => self.entry_calendar(*ix),
            Page::SitemapIndex(sitemaps) => self.sitemap_index(*sitemaps),
            Page::Sitemap(number) => self.sitemap(*number),
            Page::Robots => self.robots(),
            Page::OpenSearch => self.open_search(),
            Page::ApiIndex => self.api_index(),
            Page::ApiList(kind, page) => self.api_list(&kinds[kind], *page),
            Page::ApiEntry(ix) => self.api_entry(*ix),
            Page::ApiSchema(kind) => self.api_schema(&kinds[kind]),
            Page::OfflineWorker => self.offline_worker(),
            Page::Alias(_, ix) => View::Redirect(self.entry_link(*ix)),
        }
    }

    fn for_unit(&self, unit: &str, view: impl Fn(&Self, &crate::catalog::CatalogUnit) -> View) -> View {
        match self.catalog.units.get(unit) {
            Some(unit) => view(self, unit),
            None => View::Text(String::new()),
        }
    }

    fn all_tags(&self) -> View {
        let words = self.catalog.tags().map(|(tag, entries)| Counted {
            label: tag.to_owned(),
            url: self.url(&Route::Tag(tag.to_owned())),
            count: entries.len(),
        });
        self.words(&Route::Tags, self.texts.get("page.tags"), words.collect())
    }

    fn tag(&self, tag: &str, number: Option<usize>) -> View {
        let above = super::Link {
            label: self.texts.get("page.tags").to_owned(),
            url: self.url(&Route::Tags),
        };
        let numbered = |number| Route::TagPage(tag.to_owned(), number);
        let routes = (Route::Tag(tag.to_owned()), &numbered as &dyn Fn(usize) -> Route);
        let title = self.texts.get("page.tag").replace("{name}", tag);
        let entries = self.catalog.with_tag(tag);
        self.word((&title, above), entries, part(number), routes, None)
    }

    fn vocabulary_label(&self, id: &str) -> String {
        let vocabulary = self.catalog.site.schema.vocabularies.get(id);
        vocabulary
            .map_or(id, |vocabulary| vocabulary.label(&self.texts.language))
            .to_owned()
    }

    fn vocabulary(&self, id: &str) -> View {
        let words = self
            .catalog
            .terms()
            .filter(|(vocabulary, ..)| *vocabulary == id)
            .map(|(_, term, entries)| Counted {
                label: self.term_label(id, term),
                url: self.url(&Route::Term(id.to_owned(), term.to_owned())),
                count: entries.len(),
            });
        let title = self.vocabulary_label(id);
        self.words(&Route::Vocabulary(id.to_owned()), &title, words.collect())
    }

    fn term(&self, vocabulary: &str, term: &str, number: Option<usize>) -> View {
        let numbered = |number| Route::TermPage(vocabulary.to_owned(), term.to_owned(), number);
        let newest = Route::Term(vocabulary.to_owned(), term.to_owned());
        let entries = self.catalog.with_term(vocabulary, term);
        let name = self.term_label(vocabulary, term);
        let routes = (newest, &numbered as &dyn Fn(usize) -> Route);
        // Words of one kind alone, such as the categories of resources, are parts of its section.
        if let Some(kind) = self.only_kind(vocabulary) {
            let section = self.section_link(kind);
            let title = self
                .texts
                .get("page.term")
                .replace("{vocabulary}", &section.label);
            let named = (&*title.replace("{name}", &name), section);
            return self.word(named, entries, part(number), routes, Some(kind));
        }
        let above = super::Link {
            label: self.vocabulary_label(vocabulary),
            url: self.url(&Route::Vocabulary(vocabulary.to_owned())),
        };
        let title = self.texts.get("page.term");
        let title = title
            .replace("{vocabulary}", &above.label)
            .replace("{name}", &name);
        self.word((&title, above), entries, part(number), routes, None)
    }

    /// The kind that alone uses a vocabulary, if it has a section.
    fn only_kind(&self, vocabulary: &str) -> Option<&Kind> {
        let kinds = self.catalog.site.schema.kinds.values();
        let mut users = kinds.filter(|kind| {
            let mut fields = kind.fields.iter();
            fields.any(|field| field.vocabulary.as_deref() == Some(vocabulary))
        });
        let only = users.next().filter(|kind| !kind.section.is_empty())?;
        users.next().is_none().then_some(&**only)
    }

    fn robots(&self) -> View {
        let sitemap = self.absolute(&self.url(&Route::SitemapIndex));
        View::Text(format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n"))
    }

    fn open_search(&self) -> View {
        let site = &self.catalog.site.config.site;
        let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
        let search = self.absolute(&self.url(&Route::Search));
        View::Text(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
             <ShortName>{}</ShortName>\n<Description>{}</Description>\n<InputEncoding>UTF-8</InputEncoding>\n\
             <Url type=\"text/html\" template=\"{}?q={{searchTerms}}\"/>\n</OpenSearchDescription>\n",
            escape(&site.title.chars().take(16).collect::<String>()),
            escape(if site.subtitle.is_empty() {
                &site.title
            } else {
                &site.subtitle
            }),
            escape(&search),
        ))
    }
}

fn part(number: Option<usize>) -> Part {
    number.map_or(Part::Newest, Part::Numbered)
}

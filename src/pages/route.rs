//! The only builder of URLs and output paths.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::catalog::{Catalog, Ix, segment};

/// What stays as it is in a path of a URL.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b'+')
    .remove(b',')
    .remove(b'(')
    .remove(b')')
    .remove(b'@');

/// Every address of a portal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Route {
    Home,
    NotFound,
    Search,
    /// The page that names all others.
    SiteMap,
    Statistics,
    /// The newest entries of a section; its directory's name.
    Section(String),
    /// An older page of a section, numbered from the oldest.
    SectionPage(String, usize),
    /// A section's entries of one year.
    Year(String, i16),
    /// A section's feed.
    SectionFeed(String),
    /// What a section's list can be narrowed to, for the script: its directory's name.
    SectionFacets(String),
    /// A section's entries as a table to download: its directory's name and the kind.
    SectionRegister(String, String),
    /// An entry's page.
    Entry {
        section: String,
        name: String,
    },
    /// An entry's calendar file.
    EntryCalendar {
        section: String,
        name: String,
    },
    /// The cities, and one city.
    Cities,
    City(String),
    /// A unit that is neither a city nor an entry.
    Unit(String),
    UnitFeed(String),
    /// Every tag, and one tag; older pages of it are numbered from the oldest.
    Tags,
    Tag(String),
    TagPage(String, usize),
    /// A vocabulary, and one of its terms.
    Vocabulary(String),
    Term(String, String),
    TermPage(String, String, usize),
    Feed,
    Calendar,
    SitemapIndex,
    Sitemap(usize),
    Robots,
    OpenSearch,
    ApiIndex,
    ApiList(String, usize),
    ApiEntry {
        section: String,
        name: String,
    },
    ApiSchema(String),
    /// A file beside Markdown, by its path below `content/`.
    File(String),
    /// A smaller copy of a picture beside Markdown: the picture's path, and the copy's width in pixels. The name keeps
    /// the picture's extension, for `a.jpg` and `a.png` may lie side by side.
    Rendition(String, u32),
    /// An attachment of the store.
    Blob {
        sha256: String,
        name: String,
    },
    /// A file of the search index.
    SearchFile(String),
    /// A file of the theme, its fingerprint in the name.
    Asset(String),
    /// A path that leads to another page.
    Alias(String),
    /// The worker that keeps pages in the browser.
    OfflineWorker,
    /// A file at the top of the output.
    Top(&'static str),
}

impl Route {
    /// The route of an entry's page.
    pub fn entry(catalog: &Catalog, ix: Ix) -> Self {
        let (section, name) = address(catalog, ix);
        Self::Entry { section, name }
    }

    /// The route of an entry's calendar file.
    pub fn entry_calendar(catalog: &Catalog, ix: Ix) -> Self {
        let (section, name) = address(catalog, ix);
        Self::EntryCalendar { section, name }
    }

    /// The route of an entry in the API.
    pub fn api_entry(catalog: &Catalog, ix: Ix) -> Self {
        let (section, name) = address(catalog, ix);
        Self::ApiEntry { section, name }
    }

    /// The output file, relative to the output directory.
    pub fn file(&self) -> String {
        let mut path = self.path();
        if path.is_empty() || path.ends_with('/') {
            path.push_str("index.html");
        }
        path
    }

    /// The path of the URL below the site's base, percent-encoded, with a slash in front.
    pub fn url(&self, base_path: &str) -> String {
        let path = self.path();
        let mut url = String::with_capacity(base_path.len() + path.len() + 1);
        let _ = write!(url, "{base_path}/{}", utf8_percent_encode(&path, PATH));
        url
    }

    /// The path without encoding; a page that is a directory ends in a slash.
    fn path(&self) -> String {
        match self {
            Self::Home => String::new(),
            Self::NotFound => "404.html".to_owned(),
            Self::Search => "search/".to_owned(),
            Self::SiteMap => "site-map/".to_owned(),
            Self::Statistics => "statistics/".to_owned(),
            Self::Section(section) => format!("{section}/"),
            Self::SectionPage(section, number) => format!("{section}/page/{number}/"),
            Self::Year(section, year) => format!("{section}/year/{year}/"),
            Self::SectionFeed(section) => format!("{section}/feed.xml"),
            Self::SectionFacets(section) => format!("{section}/facets.json"),
            Self::SectionRegister(section, kind) => format!("{section}/{kind}.csv"),
            Self::Entry { section, name } => format!("{section}/{name}/"),
            Self::EntryCalendar { section, name } => format!("{section}/{name}/event.ics"),
            Self::Cities => "cities/".to_owned(),
            Self::City(city) => format!("cities/{}/", segment(city)),
            Self::Unit(unit) => format!("units/{}/", segment(unit)),
            Self::UnitFeed(unit) => format!("units/{}/feed.xml", segment(unit)),
            Self::Tags => "tags/".to_owned(),
            Self::Tag(tag) => format!("tags/{}/", segment(tag)),
            Self::TagPage(tag, number) => format!("tags/{}/page/{number}/", segment(tag)),
            Self::Vocabulary(vocabulary) => format!("terms/{vocabulary}/"),
            Self::Term(vocabulary, term) => format!("terms/{vocabulary}/{}/", segment(term)),
            Self::TermPage(vocabulary, term, number) => {
                format!("terms/{vocabulary}/{}/page/{number}/", segment(term))
            }
            Self::Feed => "feed.xml".to_owned(),
            Self::Calendar => "calendar.ics".to_owned(),
            Self::SitemapIndex => "sitemap.xml".to_owned(),
            Self::Sitemap(number) => format!("sitemap/{number}.xml"),
            Self::Robots => "robots.txt".to_owned(),
            Self::OpenSearch => "opensearch.xml".to_owned(),
            Self::ApiIndex => "api/v1/index.json".to_owned(),
            Self::ApiList(section, number) => format!("api/v1/{section}/page/{number}.json"),
            Self::ApiEntry { section, name } => format!("api/v1/{section}/{name}.json"),
            Self::ApiSchema(kind) => format!("api/v1/schema/{kind}.json"),
            Self::File(path) => path.clone(),
            Self::Rendition(path, width) => format!("{path}.{width}.webp"),
            Self::Blob { sha256, name } => {
                format!(
                    "files/{}/{sha256}/{}",
                    sha256.get(..2).unwrap_or("00"),
                    segment(name)
                )
            }
            Self::SearchFile(path) => format!("search/{path}"),
            Self::Asset(name) => format!("assets/{name}"),
            Self::Alias(path) => {
                let path = path.trim_start_matches('/');
                let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
                if is_file || path.ends_with('/') || path.is_empty() {
                    path.to_owned()
                } else {
                    format!("{path}/")
                }
            }
            Self::OfflineWorker => "offline-worker.js".to_owned(),
            Self::Top(name) => (*name).to_owned(),
        }
    }
}

/// Section and name of an entry in URLs. A part lies below the whole: `courses/cnc/01-intro`.
fn address(catalog: &Catalog, ix: Ix) -> (String, String) {
    let entry = catalog.entry(ix);
    let owner = entry
        .parent
        .as_ref()
        .map_or(&entry.id.kind, |parent| &parent.kind);
    let section = catalog
        .site
        .schema
        .kinds
        .get(&**owner)
        .map_or("", |kind| kind.section.as_str());
    (section.to_owned(), entry.id.name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_have_one_file_and_one_url() {
        let entry = |name: &str| Route::Entry {
            section: "notices".to_owned(),
            name: name.to_owned(),
        };
        let cases = [
            (Route::Home, "index.html", "/"),
            (entry("a"), "notices/a/index.html", "/notices/a/"),
            (
                entry("通知"),
                "notices/通知/index.html",
                "/notices/%E9%80%9A%E7%9F%A5/",
            ),
            (
                Route::Tag("C/C++".to_owned()),
                "tags/C~2f~C++/index.html",
                "/tags/C~2f~C++/",
            ),
            (
                Route::Tag("..".to_owned()),
                "tags/~2e~./index.html",
                "/tags/~2e~./",
            ),
            (Route::Alias("/old/a".to_owned()), "old/a/index.html", "/old/a/"),
            (
                Route::Rendition("news/照片.jpg".to_owned(), 480),
                "news/照片.jpg.480.webp",
                "/news/%E7%85%A7%E7%89%87.jpg.480.webp",
            ),
            (
                Route::Alias("/old/a.html".to_owned()),
                "old/a.html",
                "/old/a.html",
            ),
            (
                Route::SectionPage("news".to_owned(), 3),
                "news/page/3/index.html",
                "/news/page/3/",
            ),
        ];
        for (route, file, url) in cases {
            assert_eq!(route.file(), file);
            assert_eq!(route.url(""), url);
        }
        assert_eq!(Route::Home.url("/portal"), "/portal/");
    }
}

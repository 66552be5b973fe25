//! Which pages EXIST, and what data each shows.
//!
//! A [`Family`] is a file of this room: which pages it has, where they lie, what each shows. [`Plan`] asks all families
//! and gives every page with its address, once; whether anything lies at an address is asked of it alone. A view is flat
//! and serialisable: this room builds URLs and knows no markup, for how a page looks is the theme's.

mod address;
mod alias;
mod api;
mod calendar;
mod chrome;
mod detail;
mod entry;
mod facets;
mod family;
mod feed;
mod files;
mod home;
mod json_ld;
mod links;
mod list;
mod meta;
mod not_found;
mod offline;
mod open_search;
mod picture;
mod places;
mod plan;
mod register;
mod robots;
mod search;
mod section;
mod site_map;
mod sitemap;
mod statistics;
mod tags;
mod targets;
mod terms;
mod texts;
mod unit;
mod view;

use std::sync::OnceLock;

use serde::Serialize;

use crate::catalog::{Catalog, Ix};

pub use chrome::Chrome;
pub use entry::EntryPage;
pub use family::{Family, Located};
pub use feed::FeedView;
pub use files::PlainFile;
pub use links::Unanswered;
pub use meta::Meta;
pub use plan::{Page, Plan, reserved_segments};
pub use sitemap::SitemapView;
pub use texts::Texts;
pub use view::{Link, SharedCard};

/// Makes views: the catalog, the plan and the interface texts.
#[derive(Debug, Clone, Copy)]
pub struct Planner<'a> {
    /// The entries.
    pub catalog: &'a Catalog,
    /// Every page, with its address.
    pub plan: &'a Plan,
    /// Interface texts of the theme.
    pub texts: &'a Texts,
    /// Entries as lists show them, by position; filled as they are needed.
    pub cards: &'a [OnceLock<SharedCard>],
}

/// What a page shows.
#[derive(Debug, Clone, Serialize)]
pub enum View {
    /// An HTML page, for a template.
    Html(Box<HtmlView>),
    /// An Atom feed.
    Feed(Box<FeedView>),
    /// A sitemap, or the index of sitemaps.
    Sitemap(SitemapView),
    /// Anything that is already text: JSON, calendars, `robots.txt`.
    Text(String),
    /// A page that leads elsewhere at once.
    Redirect(Link),
}

/// An HTML page.
#[derive(Debug, Clone, Serialize)]
pub struct HtmlView {
    /// The template's file name.
    pub template: String,
    /// Head of the page.
    pub meta: Meta,
    /// From the home page down to this one.
    pub breadcrumbs: Vec<Link>,
    /// The entry whose body belongs into the page.
    #[serde(skip)]
    pub body: Option<BodyRef>,
    /// What the template shows as `page`.
    pub page: PageView,
}

/// A body to render into a page.
#[derive(Debug, Clone)]
pub struct BodyRef {
    /// The entry.
    pub ix: Ix,
    /// Where its links lead, in their order.
    pub targets: Vec<jixia_markdown::Target>,
}

/// What a template shows.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum PageView {
    Home(Box<home::HomeView>),
    List(Box<list::ListView>),
    Detail(Box<detail::DetailView>),
    Places(Box<places::PlacesView>),
    Words(Box<list::WordsView>),
    SiteMap(Box<site_map::SiteMapView>),
    Statistics(Box<statistics::StatisticsView>),
    Plain(chrome::PlainView),
}

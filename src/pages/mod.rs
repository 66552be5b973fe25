//! Which pages EXIST, and what data each shows.
//!
//! [`plan()`] lists every page of a portal as a small [`Page`]; [`Planner::view`] gives what it shows, flat and
//! serialisable. This room builds URLs ([`Route`]) and knows no markup: how a page looks is the theme's.

mod api;
mod calendar;
mod chrome;
mod detail;
mod facets;
mod feed;
mod home;
mod json_ld;
mod list;
mod meta;
mod offline;
mod picture;
mod places;
mod plan;
mod register;
mod route;
mod site_map;
mod sitemap;
mod statistics;
mod targets;
mod texts;
mod view;

use std::sync::OnceLock;

use serde::Serialize;

use crate::catalog::{Catalog, Ix};

pub use chrome::Chrome;
pub use feed::FeedView;
pub use meta::Meta;
pub use plan::{Page, plan};
pub use route::Route;
pub use sitemap::SitemapView;
pub use texts::Texts;
pub use view::{Link, SharedCard};

/// Makes views: the catalog and the interface texts.
#[derive(Debug, Clone, Copy)]
pub struct Planner<'a> {
    /// The entries.
    pub catalog: &'a Catalog,
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

//! What a page shows, as the renderer gets it: HTML for a template, a feed, a sitemap, or text.

use serde::Serialize;

use super::view::Link;
use crate::catalog::Ix;

/// What a page shows; `P` is what its template gets as `page`.
#[derive(Debug, Clone, Serialize)]
pub enum View<P> {
    /// An HTML page, for a template.
    Html(Box<HtmlView<P>>),
    /// An Atom feed.
    Feed(Box<FeedView>),
    /// A sitemap, or the index of sitemaps.
    Sitemap(SitemapView),
    /// Anything that is already text: JSON, calendars, `robots.txt`.
    Text(String),
    /// A page that leads elsewhere at once.
    Redirect(Link),
}

impl<P> View<P> {
    /// An HTML page without a body of Markdown.
    pub(super) fn html(template: &str, meta: Meta, breadcrumbs: Vec<Link>, page: P) -> Self {
        Self::Html(Box::new(HtmlView {
            template: template.to_owned(),
            meta,
            breadcrumbs,
            body: None,
            page,
        }))
    }

    /// The same with something else as `page`.
    pub(super) fn map<Q>(self, page: impl FnOnce(P) -> Q) -> View<Q> {
        match self {
            Self::Html(html) => View::Html(Box::new(HtmlView {
                template: html.template,
                meta: html.meta,
                breadcrumbs: html.breadcrumbs,
                body: html.body,
                page: page(html.page),
            })),
            Self::Feed(feed) => View::Feed(feed),
            Self::Sitemap(sitemap) => View::Sitemap(sitemap),
            Self::Text(text) => View::Text(text),
            Self::Redirect(link) => View::Redirect(link),
        }
    }
}

/// An HTML page.
#[derive(Debug, Clone, Serialize)]
pub struct HtmlView<P> {
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
    pub page: P,
}

/// A body to render into a page.
#[derive(Debug, Clone)]
pub struct BodyRef {
    /// The entry.
    pub ix: Ix,
    /// Its title, which the page shows above the body.
    pub title: Box<str>,
    /// Where its links lead, in their order.
    pub targets: Vec<jixia_markdown::Target>,
}

/// What the head of a page says.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Meta {
    /// `<title>`, with the site's name.
    pub title: String,
    /// The page's own title.
    pub heading: String,
    /// A sentence or two.
    pub description: String,
    /// Absolute address.
    pub canonical: String,
    /// Path of the address below the host.
    pub url: String,
    /// `article` or `website`.
    pub og_type: &'static str,
    /// Absolute address of a picture.
    pub image: Option<String>,
    /// Whether search engines are told to stay away.
    pub noindex: bool,
    /// Address of the nearest feed.
    pub feed: Option<String>,
    /// Schema.org objects, as JSON that can stand in a script element.
    pub json_ld: Vec<String>,
    /// `ColumnName`: the section.
    pub column_name: Option<String>,
    /// `ColumnType`: the kind of section.
    pub column_type: Option<String>,
    /// `ArticleTitle`.
    pub article_title: Option<String>,
    /// `PubDate`, `2026-03-05 09:30`.
    pub publication_date: Option<String>,
    /// `ContentSource`.
    pub content_source: Option<String>,
    /// Authors.
    pub authors: Vec<String>,
    /// Tags.
    pub keywords: Vec<String>,
    /// RFC 3339.
    pub published: Option<String>,
    /// RFC 3339.
    pub modified: Option<String>,
}

/// A feed.
#[derive(Debug, Clone, Serialize)]
pub struct FeedView {
    /// Title.
    pub title: String,
    /// Absolute address of the feed; also its id.
    pub url: String,
    /// Absolute address of the page it follows.
    pub page: String,
    /// RFC 3339: of the newest entry.
    pub updated: String,
    /// Language tag.
    pub language: String,
    /// Entries.
    pub entries: Vec<FeedEntry>,
}

/// An entry of a feed.
#[derive(Debug, Clone, Serialize)]
pub struct FeedEntry {
    /// Title.
    pub title: String,
    /// Absolute address; also the id.
    pub url: String,
    /// RFC 3339.
    pub published: String,
    /// RFC 3339.
    pub updated: String,
    /// Authors, or the unit.
    pub authors: Vec<String>,
    /// Summary, plain text.
    pub summary: String,
    /// Kind label and tags.
    pub categories: Vec<String>,
}

/// What a sitemap or the index of sitemaps says.
#[derive(Debug, Clone, Serialize)]
pub struct SitemapView {
    /// Whether it lists sitemaps.
    pub is_index: bool,
    /// Absolute addresses with the day of their last change.
    pub urls: Vec<(String, Option<String>)>,
}

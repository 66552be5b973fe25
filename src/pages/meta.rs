//! The head of a page: titles, descriptions, canonical address, Open Graph, government meta tags.

use super::{Family, Located, Meta, Planner, View, address};
use crate::catalog::{CatalogUnit, Ix};
use crate::content::Kind;

impl Planner<'_> {
    /// The head of a page that is no entry.
    pub(super) fn meta(&self, page: &impl Located, heading: &str, description: &str) -> Meta {
        let config = &self.catalog.site.config;
        let site_title = &config.site.title;
        let title = if heading.is_empty() || heading == site_title {
            site_title.clone()
        } else {
            format!("{heading} - {site_title}")
        };
        let url = self.url(page);
        Meta {
            title,
            heading: heading.to_owned(),
            description: description.to_owned(),
            canonical: self.absolute(&url),
            url,
            og_type: "website",
            ..Meta::default()
        }
    }

    /// The label of an entry's kind.
    pub fn kind_label(&self, ix: Ix) -> String {
        self.catalog.kind(ix).label(&self.texts.language).to_owned()
    }

    /// The path of the URL of something in the portal, with the site's base path.
    pub(super) fn url(&self, place: &impl Located) -> String {
        address::url(self.catalog.site.config.base_path(), &place.path(self.catalog))
    }

    /// The path of a page's URL, with the site's base path, if the portal has the page.
    pub(super) fn there(&self, page: &impl Family) -> Option<String> {
        let path = page.path(self.catalog);
        let is_there = self.addresses.at(&address::file(&path)).is_some();
        is_there.then(|| address::url(self.catalog.site.config.base_path(), &path))
    }

    /// What a page of a kind shows.
    pub(super) fn of_kind<P>(&self, kind: &str, view: impl FnOnce(&Kind) -> View<P>) -> View<P> {
        let kind = self.catalog.site.schema.kinds.get(kind);
        kind.map_or_else(|| View::Text(String::new()), |kind| view(kind))
    }

    /// What a page of a unit shows.
    pub(super) fn of_unit<P>(&self, unit: &str, view: impl FnOnce(&CatalogUnit) -> View<P>) -> View<P> {
        let unit = self.catalog.units.get(unit);
        unit.map_or_else(|| View::Text(String::new()), view)
    }

    /// The whole address of a path that [`Planner::url`] gave; an address elsewhere stays as it is.
    pub(super) fn absolute(&self, url: &str) -> String {
        if !url.starts_with('/') {
            return url.to_owned();
        }
        let base = self.catalog.site.config.site.base_url.trim_end_matches('/');
        let host = base
            .strip_suffix(self.catalog.site.config.base_path())
            .unwrap_or(base);
        format!("{host}{url}")
    }
}

//! What of a site there is something to show of: its sections and cities.

use std::sync::Arc;

use super::{Catalog, Ix, Status};
use crate::content::{Id, Kind};
use crate::diag::{Code, Diagnostic};

impl Catalog {
    /// The kinds whose sections have something to show: entries, or a place in the menu, which must never lead nowhere.
    pub fn kinds_with_section(&self) -> impl Iterator<Item = &Kind> {
        let kinds = self.site.schema.kinds.values().map(|kind| &**kind);
        kinds.filter(|kind| !kind.section.is_empty() && self.sections.contains(&*kind.id))
    }

    /// The directory of a kind's entries; empty where it has none.
    pub fn section(&self, kind: &str) -> &str {
        let kind = self.site.schema.kinds.get(kind);
        kind.map_or("", |kind| kind.section.as_str())
    }

    /// The entries that the public sees, also those that were taken down, in the order of ids.
    pub fn visible(&self) -> impl Iterator<Item = Ix> {
        let positions = self.iter().map(|(ix, _)| ix);
        positions.filter(|ix| self.status(*ix) != Status::Hidden)
    }

    /// Whether a city (a term of `city`) has a unit to show.
    pub fn has_city(&self, city: &str) -> bool {
        self.cities.contains(city)
    }

    /// Finds the sections and cities that have something to show.
    pub(super) fn find_places(&mut self) {
        let config = &self.site.config;
        let kinds = self.site.schema.kinds.values();
        let in_menu = kinds.filter(|kind| {
            let mut links = config.links();
            !kind.section.is_empty() && links.any(|(_, url)| url.trim_matches('/') == kind.section)
        });
        let mut sections: std::collections::BTreeSet<Box<str>> =
            in_menu.map(|kind| Box::from(kind.id.as_str())).collect();
        // The page of a withdrawn entry leads back to its section.
        let shown = self.iter().filter(|(ix, _)| self.status(*ix) != Status::Hidden);
        sections.extend(shown.map(|(_, entry)| {
            let owner = entry.parent.as_ref().unwrap_or(&entry.id);
            Box::from(&*owner.kind)
        }));
        let vocabulary = self.site.schema.vocabularies.get("city");
        let shown = self
            .units
            .iter()
            .filter(|unit| !self.is_hidden(&unit.id) || !self.of_unit(&unit.id).is_empty());
        let cities = shown.filter_map(|unit| self.units.city(&unit.id)).filter(|city| {
            vocabulary.is_some_and(|vocabulary| vocabulary.terms.iter().any(|term| term.id == *city))
        });
        self.cities = cities.map(Box::from).collect();
        self.sections = sections;
    }

    /// Whether a unit is an entry that is not published.
    fn is_hidden(&self, unit: &str) -> bool {
        let entry = self
            .units
            .get(unit)
            .and_then(|unit| self.find(unit.entry.as_ref()?));
        entry.is_some_and(|ix| self.status(ix) == Status::Hidden)
    }

    /// Reports entries that the settings feature and that are not there.
    pub(super) fn check_featured(&self) -> Vec<Diagnostic> {
        let featured = self.site.config.home.featured.iter();
        let lost = featured.filter(|id| self.featured(id).is_none());
        let diagnostics = lost.map(|id| {
            let diagnostic = Diagnostic::new(Code::MenuLink).in_file(&Arc::from(crate::config::SETTINGS));
            diagnostic.with("label", id).with("target", id)
        });
        diagnostics.collect()
    }

    /// The listed entry that a site features by `kind/name`.
    pub fn featured(&self, id: &str) -> Option<Ix> {
        let (kind, name) = id.split_once('/')?;
        let ix = self.find(&Id {
            kind: kind.into(),
            name: name.into(),
        })?;
        (self.status(ix) == Status::Listed).then_some(ix)
    }
}

//! Which pages besides those of entries there are: sections, cities.

use super::{Catalog, Status};

impl Catalog {
    /// Whether a kind's section has a page: entries, or a place in the menu, which must never lead nowhere.
    pub fn has_section(&self, kind: &str) -> bool {
        self.sections.contains(kind)
    }

    /// Whether a city (a term of `city`) has a page.
    pub fn has_city(&self, city: &str) -> bool {
        self.cities.contains(city)
    }

    /// Finds the sections and cities that have pages.
    pub(super) fn find_places(&mut self) {
        let menu = &self.site.config.menu.items;
        let kinds = self.site.schema.kinds.values();
        let in_menu = kinds.filter(|kind| {
            let mut items = menu.iter();
            !kind.section.is_empty() && items.any(|item| item.url.trim_matches('/') == kind.section)
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

    /// Whether a unit is a school or group whose entry is not published.
    fn is_hidden(&self, unit: &str) -> bool {
        ["school", "group"].into_iter().any(|kind| {
            let id = crate::content::Id {
                kind: kind.into(),
                name: unit.into(),
            };
            self.find(&id).is_some_and(|ix| self.status(ix) == Status::Hidden)
        })
    }
}

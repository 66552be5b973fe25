//! Which pages besides those of entries there are.

use std::fmt::Write as _;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::{Catalog, Destination, Ix, Status};
use crate::content::{Entry, Id, Level, Value};
use crate::diag::{Code, Diagnostic};

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
}

/// How many numbered pages a list has besides the newest page. The newest shows from one to nearly two pages' worth,
/// so that a new entry changes it alone until a page is full.
pub(crate) fn numbered_pages(entries: usize, page_size: usize) -> usize {
    (entries / page_size).saturating_sub(1)
}

/// Free text as one segment of a path: what cannot stand in a file name becomes `~` and hexadecimal digits.
pub(crate) fn segment(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for (position, character) in text.chars().enumerate() {
        let at_start = position == 0 && character == '.';
        if at_start || character == '~' || "/\\?#%&<>\"':|*`".contains(character) || character.is_control() {
            let _ = write!(segment, "~{:x}~", u32::from(character));
        } else if character.is_whitespace() {
            segment.push('-');
        } else {
            segment.push(character);
        }
    }
    segment
}

impl Catalog {
    /// Whether there is a page at a path, such as `/tags/a/`, that is no entry's.
    pub(super) fn has_page(&self, path: &str) -> bool {
        let output = &self.site.config.output;
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            [""] | ["assets", _] => true,
            ["cities"] => !self.cities.is_empty(),
            ["cities", city] => self.has_city(city),
            ["units", unit] => self.has_unit_page(unit),
            ["units", unit, "feed.xml"] => output.feeds && self.is_dated(self.of_unit(unit)),
            ["tags" | "terms", rest @ ..] => output.terms && self.has_word_page(parts[0], rest),
            ["search"] => output.search,
            ["site-map"] => true,
            ["statistics"] => output.statistics,
            ["opensearch.xml"] => output.search && output.opensearch,
            ["feed.xml"] => output.feeds,
            ["calendar.ics"] => output.calendar,
            ["robots.txt" | "sitemap.xml"] | ["sitemap", _] => output.sitemap,
            ["api", "v1", ..] => output.api,
            ["files", _, sha256, name] => {
                let names = self.files.blobs().find(|(known, _)| known == sha256);
                names.is_some_and(|(_, names)| names.keys().any(|known| segment(known) == *name))
            }
            [section, rest @ ..] => {
                let kind = self.site.schema.kind_of_section(section);
                kind.is_some_and(|kind| self.has_section_page(&kind.id, rest))
            }
            [] => true,
        }
    }

    fn has_section_page(&self, kind: &str, rest: &[&str]) -> bool {
        let (entries, output) = (self.listed(kind), &self.site.config.output);
        let is_dated = self.site.schema.kinds.get(kind).is_some_and(|kind| kind.dated);
        match rest {
            [] => self.has_section(kind),
            ["feed.xml"] => output.feeds && is_dated && self.is_dated(entries),
            [name] if *name == format!("{kind}.csv") => self.has_register(kind),
            ["page", number] => self.has_number(entries, number),
            ["year", year] => {
                let mut dates = entries.iter().filter_map(|ix| self.entry(*ix).date);
                output.years && is_dated && dates.any(|date| date.date().year().to_string() == **year)
            }
            _ => false,
        }
    }

    /// Whether a section offers its entries as a table to download.
    pub fn has_register(&self, kind: &str) -> bool {
        let declared = self.site.schema.kinds.get(kind);
        let is_register = declared.is_some_and(|kind| kind.abilities.register);
        self.site.config.output.api && is_register && !self.listed(kind).is_empty()
    }

    fn has_word_page(&self, first: &str, rest: &[&str]) -> bool {
        match (first, rest) {
            ("tags", []) => self.tags().next().is_some(),
            ("tags", [tag, rest @ ..]) => {
                let mut tags = self.tags().filter(|(known, _)| segment(known) == **tag);
                tags.any(|(_, entries)| self.has_part(entries, rest))
            }
            (_, ["city", ..]) => false,
            (_, [vocabulary]) => self.terms().any(|(known, ..)| known == *vocabulary),
            (_, [vocabulary, term, rest @ ..]) => {
                let mut terms = self
                    .terms()
                    .filter(|(known, name, _)| known == vocabulary && segment(name) == **term);
                terms.any(|(_, _, entries)| self.has_part(entries, rest))
            }
            _ => false,
        }
    }

    fn has_part(&self, entries: &[Ix], rest: &[&str]) -> bool {
        match rest {
            [] => true,
            ["page", number] => self.has_number(entries, number),
            _ => false,
        }
    }

    fn has_number(&self, entries: &[Ix], number: &str) -> bool {
        let pages = numbered_pages(entries.len(), self.site.config.lists.page_size);
        number.parse().is_ok_and(|number| (1..=pages).contains(&number))
    }

    fn is_dated(&self, entries: &[Ix]) -> bool {
        entries.iter().any(|ix| self.entry(*ix).date.is_some())
    }

    /// An entry that is a unit and a city have pages of their own elsewhere.
    fn has_unit_page(&self, unit: &str) -> bool {
        let unit = self.units.get(unit).filter(|unit| unit.entry.is_none());
        unit.is_some_and(|unit| {
            let city = unit.city.as_deref().filter(|_| unit.level == Level::City);
            !city.is_some_and(|city| self.has_city(city))
        })
    }

    /// Whether entries that are not published would make a page that is not there.
    pub(super) fn would_have_page(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let makes = |entry: &Entry| match parts.as_slice() {
            ["tags", tag, ..] => entry.tags.iter().any(|known| segment(known) == **tag),
            ["terms", _, term, ..] => entry.fields.iter().any(|(_, value)| {
                let mut values = value.items().iter();
                values.any(|value| matches!(value, Value::Term(known) if segment(known) == **term))
            }),
            ["cities", city] => entry.text("city") == Some(*city),
            [_, "year", year]
                if entry
                    .date
                    .is_none_or(|date| date.date().year().to_string() != **year) =>
            {
                false
            }
            [section, ..] => {
                let kind = self.site.schema.kind_of_section(section);
                kind.is_some_and(|kind| *kind.id == *entry.id.kind)
            }
            [] => false,
        };
        self.iter()
            .any(|(ix, entry)| self.status(ix) == Status::Hidden && makes(entry))
    }

    /// Reports links of the menu and the home page that lead nowhere, and featured entries that are not there.
    pub(super) fn check_menu(&self) -> Vec<Diagnostic> {
        let config = &self.site.config;
        let dead = config.links().filter(|(_, url)| self.leads_nowhere(url));
        let featured = config.home.featured.iter().map(String::as_str);
        let lost = featured.filter(|id| self.featured(id).is_none());
        let diagnostics = dead.chain(lost.map(|id| (id, id))).map(|(label, target)| {
            let diagnostic = Diagnostic::new(Code::MenuLink).in_file(&Arc::from(crate::config::SETTINGS));
            diagnostic.with("label", label).with("target", target)
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

    fn leads_nowhere(&self, url: &str) -> bool {
        let path = url.split(['#', '?']).next().unwrap_or_default();
        let Some(inside) = path.strip_prefix('/') else {
            return false;
        };
        match self.page(&percent_decode_str(inside).decode_utf8_lossy(), None) {
            Destination::Entry(ix, _) => self.status(ix) == Status::Hidden,
            Destination::Page(path) => !self.has_page(&path),
            _ => {
                let file = format!("content/{inside}");
                let mut aliases = self.entries.iter().flat_map(|entry| &entry.aliases);
                self.files.used(&file).is_none()
                    && !aliases.any(|(alias, _)| alias.trim_matches('/') == inside.trim_matches('/'))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::numbered_pages;

    #[test]
    fn a_new_entry_changes_only_the_newest_page_until_a_page_is_full() {
        let cases = [
            (0, 0),
            (1, 0),
            (19, 0),
            (20, 0),
            (39, 0),
            (40, 1),
            (59, 1),
            (60, 2),
        ];
        for (entries, pages) in cases {
            assert_eq!(numbered_pages(entries, 20), pages, "{entries}");
        }
    }
}

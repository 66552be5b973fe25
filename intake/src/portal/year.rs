//! What units published in a school year, and what they owe: counted as the portal's page of statistics counts.

use std::collections::BTreeMap;

use jixia::catalog::{CatalogUnit, Ix, school_year};

use super::snapshot::Snapshot;
use crate::domain::units::Unit;

/// What a unit did of what it owes in a school year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The year in which it begins.
    pub begins: i16,
    /// Published items.
    pub done: usize,
    /// Items that its quota asks for.
    pub owed: usize,
    /// Items by the label of their kind, the most first.
    pub kinds: Vec<(String, usize)>,
    /// Items by author, the most first.
    pub authors: Vec<(String, usize)>,
}

impl Snapshot {
    /// What a unit did in the school year of a day such as `2026-03-05`. Returns `None` for units that owe nothing.
    pub fn year_of(&self, unit: &str, day: &str) -> Option<Year> {
        let catalog = &self.loaded.catalog;
        let begins = school_year(day.parse().ok()?);
        let unit = self.catalog_unit(unit)?;
        let standing = catalog.standing(unit, begins)?;
        let is_of_year = |ix: &Ix| {
            let date = catalog.entry(*ix).date;
            date.is_some_and(|date| school_year(date.date()) == begins)
        };
        let (mut kinds, mut authors) = (BTreeMap::new(), BTreeMap::new());
        for ix in catalog.contributions(unit).into_iter().filter(is_of_year) {
            let label = catalog.kind(ix).label("zh-CN").to_owned();
            *kinds.entry(label).or_default() += 1;
            for (author, _) in &catalog.entry(ix).authors {
                *authors.entry(self.author_named(author).name).or_default() += 1;
            }
        }
        Some(Year {
            begins,
            done: standing.done,
            owed: standing.quota,
            kinds: most_first(kinds),
            authors: most_first(authors),
        })
    }

    /// The units below one that owe something in the school year of a day and have not done it: unit, done, owed; those
    /// that lack the most first.
    pub fn lacking_below(&self, unit: &str, day: &str) -> Vec<(&Unit, usize, usize)> {
        let Ok(day) = day.parse() else {
            return Vec::new();
        };
        let year = school_year(day);
        let below = self
            .units
            .iter()
            .filter(|known| self.units.is_below(&known.id, unit));
        let mut lacking: Vec<(&Unit, usize, usize)> = below
            .filter_map(|known| {
                let standing = self
                    .loaded
                    .catalog
                    .standing(self.catalog_unit(&known.id)?, year)?;
                (standing.missing() > 0).then_some((known, standing.done, standing.quota))
            })
            .collect();
        lacking.sort_by_key(|(unit, done, owed)| (std::cmp::Reverse(owed - done), &unit.id));
        lacking
    }

    fn catalog_unit(&self, id: &str) -> Option<&CatalogUnit> {
        self.loaded.catalog.units.iter().find(|unit| &*unit.id == id)
    }
}

fn most_first(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), name.clone()));
    counts
}

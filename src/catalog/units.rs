//! The tree of units: those of `units.toml`, and the entries of kinds that are units.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::content::{Entry, Id, Kind, Level, Schema};

/// A unit, wherever it was declared.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogUnit {
    /// Its id; of an entry that is a unit, the entry's name.
    pub id: Box<str>,
    /// The entry that is the unit.
    pub entry: Option<Id>,
    /// Full name.
    pub name: Box<str>,
    /// Level.
    pub level: Level,
    /// City, as declared.
    pub city: Option<Box<str>>,
    /// The unit above.
    pub parent: Option<Box<str>>,
}

/// All units by id, and by name for issuers that are written as text.
#[derive(Debug, Default)]
pub struct Units {
    units: BTreeMap<Box<str>, CatalogUnit>,
    names: BTreeMap<Box<str>, Box<str>>,
    /// Ids of the units right below one.
    below: BTreeMap<Box<str>, Vec<Box<str>>>,
}

impl Units {
    pub(super) fn new(schema: &Schema, entries: &[Arc<Entry>], kinds: &[Arc<Kind>]) -> Self {
        let mut units = Self::default();
        for unit in &schema.units {
            units.insert(CatalogUnit {
                id: unit.id.as_str().into(),
                entry: None,
                name: unit.name.as_str().into(),
                level: unit.level,
                city: unit.city.as_deref().map(Box::from),
                parent: unit.parent.as_deref().map(Box::from),
            });
        }
        for (entry, kind) in entries.iter().zip(kinds) {
            let Some(ability) = &kind.abilities.unit else {
                continue;
            };
            let parent = ability.parent.as_deref().and_then(|field| entry.text(field));
            units.insert(CatalogUnit {
                id: Box::from(&*entry.id.name),
                entry: Some(entry.id.clone()),
                name: entry.title.clone(),
                level: ability.level,
                city: entry.text("city").map(Box::from),
                parent: parent.map(Box::from),
            });
        }
        for unit in units.units.values() {
            if let Some(parent) = &unit.parent {
                units
                    .below
                    .entry(parent.clone())
                    .or_default()
                    .push(unit.id.clone());
            }
        }
        units
    }

    fn insert(&mut self, unit: CatalogUnit) {
        self.names.insert(unit.name.clone(), unit.id.clone());
        self.units.insert(unit.id.clone(), unit);
    }

    /// The unit with this id.
    pub fn get(&self, id: &str) -> Option<&CatalogUnit> {
        self.units.get(id)
    }

    /// The unit with exactly this name.
    pub fn named(&self, name: &str) -> Option<&CatalogUnit> {
        self.names.get(name).and_then(|id| self.get(id))
    }

    /// All units by id.
    pub fn iter(&self) -> impl Iterator<Item = &CatalogUnit> {
        self.units.values()
    }

    /// The units right below one, by id.
    pub fn below(&self, id: &str) -> impl Iterator<Item = &CatalogUnit> {
        let ids = self.below.get(id).into_iter().flatten();
        ids.filter_map(|id| self.get(id))
    }

    /// The city of a unit: its own, or that of the nearest unit above. A group draws from many cities and has none.
    pub fn city(&self, id: &str) -> Option<&str> {
        let mut unit = self.get(id)?;
        // A tree of units is a few levels deep; the bound ends a circle.
        for _ in 0..16 {
            if unit.level == Level::Group {
                return None;
            }
            if let Some(city) = &unit.city {
                return Some(city);
            }
            unit = self.get(unit.parent.as_deref()?)?;
        }
        None
    }
}

//! The tree of units.

use std::collections::BTreeMap;

use jixia::content::Level;

use super::policy::Scope;

/// A unit as the rules need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Level.
    pub level: Level,
    /// The unit above.
    pub parent: Option<String>,
}

/// All units by id.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    units: BTreeMap<String, Unit>,
}

/// No tree of units is deeper; the bound ends a circle of wrong declarations.
const DEEPEST: usize = 16;

impl Tree {
    /// A tree of these units.
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Self {
        Self {
            units: units.into_iter().map(|unit| (unit.id.clone(), unit)).collect(),
        }
    }

    /// The unit with this id.
    pub fn get(&self, id: &str) -> Option<&Unit> {
        self.units.get(id)
    }

    /// All units by id.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// The name of a unit, or its id when it has gone.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.get(id).map_or(id, |unit| &unit.name)
    }

    /// The units above one, the nearest first.
    pub fn above<'a>(&'a self, id: &str) -> impl Iterator<Item = &'a Unit> {
        let parent = |unit: &&'a Unit| unit.parent.as_deref().and_then(|parent| self.get(parent));
        std::iter::successors(self.get(id).as_ref().and_then(parent), parent_of(self)).take(DEEPEST)
    }

    /// Whether `unit` is below `above`.
    pub fn is_below(&self, unit: &str, above: &str) -> bool {
        unit != above && self.above(unit).any(|unit| unit.id == above)
    }

    /// A unit and every unit below it.
    pub fn with_below(&self, id: &str) -> Vec<String> {
        let below = self.units.keys().filter(|unit| self.is_below(unit, id));
        let below = below.map(String::as_str);
        std::iter::once(id).chain(below).map(str::to_owned).collect()
    }

    /// How an actor of one unit stands to a thing of another.
    pub fn scope(&self, actor_unit: &str, unit: &str, is_own: bool) -> Scope {
        if is_own {
            Scope::Own
        } else if actor_unit == unit {
            Scope::OwnUnit
        } else if self.is_below(unit, actor_unit) {
            Scope::Child
        } else if self.is_below(actor_unit, unit) {
            Scope::Parent
        } else {
            Scope::Other
        }
    }

    /// The unit above all others that a unit is below; the unit itself if there is none above.
    pub fn root_of<'a>(&'a self, id: &str) -> Option<&'a Unit> {
        let own = self.get(id)?;
        Some(self.above(id).last().unwrap_or(own))
    }
}

fn parent_of<'a>(tree: &'a Tree) -> impl FnMut(&&'a Unit) -> Option<&'a Unit> {
    |unit| unit.parent.as_deref().and_then(|parent| tree.get(parent))
}

/// Units for tests of rules.
#[cfg(test)]
pub(super) mod fixture {
    use jixia::content::Level;

    use super::{Tree, Unit};

    /// Units of these ids, levels and units above, which are called as their ids.
    pub(in crate::domain) fn tree<const N: usize>(rows: [(&str, Level, &str); N]) -> Tree {
        Tree::new(rows.map(|(id, level, parent)| Unit {
            id: id.to_owned(),
            name: id.to_owned(),
            level,
            parent: (!parent.is_empty()).then(|| parent.to_owned()),
        }))
    }

    /// A province with two cities: a county, a school and a group below one, a school below the other.
    pub(in crate::domain) fn units() -> Tree {
        tree([
            ("province", Level::Province, ""),
            ("city", Level::City, "province"),
            ("city-b", Level::City, "province"),
            ("county", Level::County, "city"),
            ("school", Level::School, "county"),
            ("school-b", Level::School, "city-b"),
            ("group", Level::Group, "school"),
        ])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    /// A province, two cities, a county, schools in each, a group, and a circle.
    pub(crate) fn tree() -> Tree {
        fixture::tree([
            ("p", Level::Province, ""),
            ("c", Level::City, "p"),
            ("c2", Level::City, "p"),
            ("k", Level::County, "c"),
            ("s", Level::School, "c"),
            ("sk", Level::School, "k"),
            ("sp", Level::School, "p"),
            ("g", Level::Group, "s"),
            ("circle", Level::School, "circle"),
        ])
    }

    #[test]
    fn scopes_follow_the_tree_and_circles_end() {
        let cases = [
            ("c", "s", Scope::Child),
            ("c", "sk", Scope::Child),
            ("c", "c", Scope::OwnUnit),
            ("c", "p", Scope::Parent),
            ("c", "c2", Scope::Other),
            ("c2", "s", Scope::Other),
            ("s", "circle", Scope::Other),
        ];
        for (actor, unit, scope) in cases {
            assert_eq!(tree().scope(actor, unit, false), scope, "{actor} {unit}");
        }
        assert_eq!(tree().with_below("c"), ["c", "g", "k", "s", "sk"]);
        assert_eq!(tree().with_below("gone"), ["gone"]);
        assert_eq!(tree().scope("s", "s", true), Scope::Own);
        assert_eq!(tree().above("circle").count(), DEEPEST);
    }
}

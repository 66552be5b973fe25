//! People, as a catalog keeps them.

use rustc_hash::FxHashMap;

use super::Ix;

/// Somebody whom an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Person<'a> {
    /// Somebody with an entry.
    Entry(Ix),
    /// Somebody known by a name, within a unit or, where none is known, within what has no unit.
    Name(&'a str, Option<&'a str>),
}

/// A unit, if any, and a name.
type NameInUnit = (Option<Box<str>>, Box<str>);

/// The people who have an entry.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Kinds whose entries are people.
    pub(super) kinds: Vec<String>,
    /// By unit and name; `None` where two of a unit have one name, so that the name alone means neither.
    pub(super) names: FxHashMap<NameInUnit, Option<Ix>>,
}

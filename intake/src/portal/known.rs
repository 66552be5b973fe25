//! What the catalog tells of an entry to whoever only has its file.

use jixia::pipeline::Loaded;

/// What is known of an entry: its kind, its title and the unit that answers for it.
pub(super) type Known = (String, String, String);

/// The entry in a file: kind, title and the unit that answers for it.
pub(super) fn entry_in(loaded: &Loaded, path: &str) -> Option<Known> {
    let entry = loaded.catalog.entry(loaded.catalog.at(path)?);
    let unit = match &entry.unit {
        Some((unit, _)) => unit.to_string(),
        None => entry.id.name.to_string(),
    };
    Some((entry.id.kind.to_string(), entry.title.to_string(), unit))
}

/// A published entry, or the tombstone of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The file in the repository.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The unit that answers for it.
    pub unit: String,
    /// Whether it is down.
    pub is_withdrawn: bool,
}

//! The tree of units that publish: province, cities, counties; schools and groups join it from their entries.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::schema::{KindSource, parse};
use crate::diag::{Code, Diagnostic, nearest};

/// The level of a unit in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Level {
    Province,
    City,
    County,
    School,
    Group,
    Other,
}

/// A unit of `content/units.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Short name, where space is scarce.
    #[serde(default)]
    pub short_name: Option<String>,
    /// Level.
    pub level: Level,
    /// The city (a term of the vocabulary `city`) that it is in.
    #[serde(default)]
    pub city: Option<String>,
    /// The unit above.
    #[serde(default)]
    pub parent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    #[serde(default)]
    units: Vec<Unit>,
}

pub(super) fn load(source: &KindSource, diagnostics: &mut Vec<Diagnostic>) -> Vec<Unit> {
    let Some(Units { units }) = parse::<Units>(source, diagnostics) else { return Vec::new() };
    let mut ids = BTreeSet::new();
    for unit in &units {
        if !ids.insert(unit.id.as_str()) {
            let diagnostic = Diagnostic::new(Code::DuplicateId).in_file(&source.path);
            diagnostics.push(diagnostic.with("id", &unit.id).with("other", &source.path));
        }
    }
    for unit in &units {
        if let Some(parent) = unit.parent.as_deref().filter(|parent| !ids.contains(parent)) {
            let diagnostic = Diagnostic::new(Code::UnknownUnitParent).in_file(&source.path);
            let diagnostic = diagnostic.with("unit", &unit.id).with("parent", parent);
            diagnostics.push(diagnostic.suggest(nearest(parent, ids.iter().copied())));
        }
    }
    units
}

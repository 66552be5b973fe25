//! The tree of units that publish: province, cities, counties; schools and groups join it from their entries.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::declaration::KindSource;
use crate::diag::{Code, Diagnostic, Handling, Why, nearest};
use crate::source::declaration;

/// So many units above that are unknown get a suggestion, for which all others are looked at.
const MOST_SUGGESTIONS: usize = 20;

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

impl Level {
    /// The levels of units that other units are below, the lowest first.
    pub const ABOVE: &'static [Self] = &[Self::County, Self::City, Self::Province];

    /// Its name in declarations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::School => "school",
            Self::Group => "group",
            Self::Other => "other",
        }
    }
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
    let (parsed, wrong) = declaration::<Units>(&source.path, &source.text);
    diagnostics.extend(wrong);
    let Some((Units { units }, places)) = parsed else {
        return Vec::new();
    };
    let at = |code, position: usize, key: &str| {
        Diagnostic::new(code)
            .in_file(&source.path)
            .at(places.value(&format!("units.{position}.{key}")))
    };
    let ids: BTreeSet<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
    let (mut seen, mut unknown) = (BTreeSet::new(), 0);
    for (position, unit) in units.iter().enumerate() {
        if !seen.insert(&unit.id) {
            let diagnostic = at(Code::DuplicateId, position, "id").with("id", &unit.id);
            let diagnostic = diagnostic.with("other", &source.path);
            diagnostics.push(diagnostic.handled(Handling::Fixed(Why::Declaration)));
        }
        if let Some(parent) = unit.parent.as_deref().filter(|parent| !ids.contains(parent)) {
            let diagnostic = at(Code::UnknownUnitParent, position, "parent").with("unit", &unit.id);
            // Where nearly all are unknown, it is no slip of the pen.
            let meant = (unknown < MOST_SUGGESTIONS).then(|| nearest(parent, ids.iter().copied()));
            unknown += 1;
            diagnostics.push(diagnostic.with("parent", parent).suggest(meant.flatten()));
        }
    }
    units
}

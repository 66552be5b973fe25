//! Kinds as data: the declarations and the whole schema of a site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::label::localized;
use super::rubric::Rubric;
use super::{Abilities, Field, Level, Unit, Vocabulary};

/// How lists are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// By title.
    Title,
    /// By `weight`, then title.
    Weight,
    /// By the beginning that the calendar names, the next ones first.
    Upcoming,
}

/// Template files of a kind.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    /// Of the section's lists.
    #[serde(default)]
    pub list: String,
    /// Of an entry's page.
    #[serde(default)]
    pub detail: String,
}

/// Chains of reviewers that every site has, whether or not its settings say what they are.
pub const USUAL_CHAINS: &[&str] = &["unit-superior", "publisher"];

/// How submissions of a kind are reviewed. No page depends on it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The chain of reviewers, by its name in the settings; empty for a kind that nobody submits.
    #[serde(default)]
    pub chain: String,
    /// Id of the rubric by which reviewers score unless the settings say otherwise; empty for none.
    #[serde(default)]
    pub rubric: String,
    /// Whether teachers submit it where the settings do not say; admins of units submit all.
    #[serde(default)]
    pub teachers: bool,
}

/// A kind of entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Name and namespace of ids.
    pub id: String,
    /// The kind that it is like: what it does not say itself is taken from there.
    #[serde(default)]
    pub extends: Option<String>,
    /// What it does not take from there: fields, and abilities as `abilities.NAME`.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Chinese name of the section.
    pub label: String,
    /// English name.
    #[serde(default)]
    pub label_en: Option<String>,
    /// Directory below `content/` and first part of the URL; empty for a kind that lives in another's folder.
    #[serde(default)]
    pub section: String,
    /// Place among the sections in menus and overviews, smaller first.
    #[serde(default = "last_position")]
    pub position: u32,
    /// Whether folders below the section belong to the id (`pages/a/b.md` is `a/b`).
    #[serde(default)]
    pub nested: bool,
    /// Whether an entry may be a folder with `index.md`.
    #[serde(default)]
    pub folder: bool,
    /// Kind of the other files in such a folder.
    #[serde(default)]
    pub children: Option<String>,
    /// Whether `date` is required.
    #[serde(default)]
    pub dated: bool,
    /// How lists are ordered.
    #[serde(default)]
    pub order: Order,
    /// Whether its entries count as contributions of their units.
    #[serde(default)]
    pub counted: bool,
    /// Template files.
    #[serde(default)]
    pub templates: Templates,
    /// Type of the JSON-LD object.
    #[serde(default)]
    pub schema_org: Option<String>,
    /// Days after which the newest entry counts as stale.
    #[serde(default)]
    pub stale_after_days: Option<u32>,
    /// What lists and search can be filtered by.
    #[serde(default)]
    pub facets: Vec<String>,
    /// The lowest level of units that may begin an entry of it; any unit may where it is missing. Groups and others count
    /// as schools.
    #[serde(default)]
    pub create: Option<Level>,
    /// What the intake server needs.
    #[serde(default)]
    pub review: Review,
    /// What its entries can do.
    #[serde(default)]
    pub abilities: Abilities,
    /// Fields; once loaded, the common ones come first.
    #[serde(default)]
    pub fields: Vec<Field>,
}

fn last_position() -> u32 {
    1000
}

impl Kind {
    /// The declaration of a field.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Kind {
    /// Whether units of a level may begin an entry of it.
    pub fn may_be_begun_by(&self, level: Level) -> bool {
        let rank = |level| {
            Level::ABOVE
                .iter()
                .position(|above| *above == level)
                .map_or(0, |at| at + 1)
        };
        self.create.is_none_or(|lowest| rank(level) >= rank(lowest))
    }

    /// Whether a unit sets in an entry what is reserved for those above: one that others answer to, which a school is not by
    /// leading a group, and that is above the entry's unit, or begins an entry of a kind that not every unit begins.
    pub fn is_set_from_above(&self, level: Option<Level>, is_above: bool, is_new: bool) -> bool {
        let begins = |level| is_new && self.create.is_some() && self.may_be_begun_by(level);
        level.is_some_and(|level| Level::ABOVE.contains(&level) && (is_above || begins(level)))
    }

    /// The label in a language tag.
    pub fn label(&self, language: &str) -> &str {
        localized(language, &self.label, self.label_en.as_deref())
    }
}

/// What declarations are held to that stands elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// Names that no section may have.
    pub reserved: &'a [&'a str],
    /// Chains of reviewers that the settings declare.
    pub chains: &'a [&'a str],
}

/// Everything that says what entries may look like.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// By id.
    pub kinds: BTreeMap<String, Arc<Kind>>,
    /// By id.
    pub vocabularies: BTreeMap<String, Vocabulary>,
    /// By id.
    pub rubrics: BTreeMap<String, Rubric>,
    /// Units declared in `content/units.toml`, in their order; schools and groups are added by the catalog.
    pub units: Vec<Unit>,
    /// What the schema depends on, for caches.
    pub fingerprint: [u8; 16],
}

impl Schema {
    /// The kinds that have a section, in the order of their positions.
    pub fn sections(&self) -> Vec<&Arc<Kind>> {
        let mut kinds: Vec<_> = self
            .kinds
            .values()
            .filter(|kind| !kind.section.is_empty())
            .collect();
        kinds.sort_by_key(|kind| (kind.position, &kind.id));
        kinds
    }

    /// The kinds whose entries hold lists that fields of others refer into.
    pub fn list_holders(&self) -> BTreeSet<&str> {
        let mut holders = BTreeSet::new();
        for kind in self.kinds.values() {
            for field in &kind.fields {
                let lists = std::iter::once(field).chain(&field.fields);
                let references = lists.filter_map(|list| list.among.as_deref()?.split_once('.'));
                for (reference, _) in references {
                    let beside = field.fields.iter().find(|known| known.name == reference);
                    let declared = beside.or_else(|| kind.field(reference));
                    let kinds = declared.map_or(&[] as &[String], |field| &field.kinds);
                    holders.extend(kinds.iter().map(String::as_str));
                }
            }
        }
        holders
    }

    /// The kind that a directory below `content/` holds.
    pub fn kind_of_section(&self, section: &str) -> Option<&Arc<Kind>> {
        self.kinds
            .values()
            .find(|kind| !kind.section.is_empty() && kind.section == section)
    }
}

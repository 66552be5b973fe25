//! Fields as declared: types, limits, labels.

use serde::{Deserialize, Serialize};

use super::label::localized;

/// The type of a field's value. `README.md` beside the built-in kinds explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum FieldType {
    Text,
    Prose,
    Integer,
    Number,
    Boolean,
    Date,
    Moment,
    Url,
    Email,
    Color,
    Term,
    Tag,
    Person,
    Issuer,
    Reference,
    Unit,
    File,
    Image,
    Record,
}

impl FieldType {
    /// Its name in declarations, also the key of its description in the messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Prose => "prose",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Moment => "moment",
            Self::Url => "url",
            Self::Email => "email",
            Self::Color => "color",
            Self::Term => "term",
            Self::Tag => "tag",
            Self::Person => "person",
            Self::Issuer => "issuer",
            Self::Reference => "reference",
            Self::Unit => "unit",
            Self::File => "file",
            Self::Image => "image",
            Self::Record => "record",
        }
    }
}

/// Whether a field must, should or may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// An error when missing.
    Required,
    /// A warning when missing; an error where the site is strict.
    Advised,
    /// May be missing.
    #[default]
    Optional,
}

/// Who sets a field that decides about whoever the entry is of. Nobody else may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SetBy {
    /// A unit above the one that answers for the entry; the root for its own.
    Superior,
    /// The root of the tree of units.
    Province,
    /// The program, from what a round of judging came to.
    Round,
}

impl SetBy {
    /// Whether a unit may set it: whether it is above the one that answers for the entry, and whether it is the root.
    pub fn allows(self, is_above: bool, is_root: bool) -> bool {
        match self {
            Self::Superior => is_above || is_root,
            Self::Province => is_root,
            Self::Round => false,
        }
    }

    /// The key of the phrase that names them.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Superior => "set-by-superior",
            Self::Province => "set-by-province",
            Self::Round => "set-by-round",
        }
    }

    /// Its name in declarations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Superior => "superior",
            Self::Province => "province",
            Self::Round => "round",
        }
    }
}

/// The list of everything that has a name in the rubric by which the kind is scored.
pub const AMONG_RUBRIC: &str = "review.rubric";

/// A field's declaration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Key in the front matter.
    pub name: String,
    /// Type of the value.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Whether it is a list.
    #[serde(default)]
    pub many: bool,
    /// Whether it must be given.
    #[serde(default)]
    pub need: Need,
    /// Chinese label.
    pub label: String,
    /// English label.
    #[serde(default)]
    pub label_en: Option<String>,
    /// Chinese help for whoever fills it in.
    #[serde(default)]
    pub help: Option<String>,
    /// English help.
    #[serde(default)]
    pub help_en: Option<String>,
    /// The vocabulary of a `term`.
    #[serde(default)]
    pub vocabulary: Option<String>,
    /// The kinds a `reference` may point to; any when empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Least number, or least characters.
    #[serde(default)]
    pub min: Option<f64>,
    /// Greatest number, or most characters.
    #[serde(default)]
    pub max: Option<f64>,
    /// Most items of a list.
    #[serde(default)]
    pub max_items: Option<usize>,
    /// Fields of a `record`.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// The list that each text must be one of: a list beside it, or `REFERENCE.LIST` of the entry that a reference
    /// beside it names; of a structure the points' keys. Or [`AMONG_RUBRIC`].
    #[serde(default)]
    pub among: Option<String>,
    /// Whether an item of that list may also be named by its letter, `A` the first.
    #[serde(default)]
    pub by_letter: bool,
    /// Who sets it, where its authors may not.
    #[serde(default)]
    pub set_by: Option<SetBy>,
}

impl Field {
    /// The label in a language tag.
    pub fn label(&self, language: &str) -> &str {
        localized(language, &self.label, self.label_en.as_deref())
    }
}

//! What the entries of a kind can do besides holding fields: the table `[abilities]` of its declaration.
//!
//! Rooms above ask for an ability, never for a kind by its id, so that a site's own kind can do whatever a built-in one
//! can. All names in here are names of the kind's own fields.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::label::localized;
use super::{FieldType, Level};

/// What the entries of a kind can do. A plain kind needs none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Abilities {
    /// Its entries are units of the tree of units, under their own ids.
    pub unit: Option<UnitAbility>,
    /// Its entries are people: the title is the name, and others name them as authors.
    pub person: bool,
    /// The field that names the unit that an entry belongs to, where it has no `unit`.
    pub belongs: Option<String>,
    /// When an entry takes place: it goes into calendars.
    pub calendar: Option<Calendar>,
    /// From when until when an entry holds.
    pub period: Option<Validity>,
    /// The field that says until when one can apply.
    pub deadline: Option<String>,
    /// A tree of points that other entries refer to.
    pub structure: Option<Structure>,
    /// Its section is offered as a table to download.
    pub register: bool,
    /// Its entries are pages about the site itself: in the footer, not among the sections.
    pub navigation: bool,
    /// An entry's page lists what refers to it.
    pub gathers: bool,
    /// An entry's page offers related ones.
    pub related: bool,
    /// The number of its entries stands among the key facts of a unit's page.
    pub key_fact: bool,
    /// How its entries look in lists.
    pub card: CardAbility,
    /// Its part on the home page.
    pub home: HomeAbility,
}

impl Default for Abilities {
    fn default() -> Self {
        Self {
            unit: None,
            person: false,
            belongs: None,
            calendar: None,
            period: None,
            deadline: None,
            structure: None,
            register: false,
            navigation: false,
            gathers: false,
            related: true,
            key_fact: false,
            card: CardAbility::default(),
            home: HomeAbility::default(),
        }
    }
}

/// `abilities.unit`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitAbility {
    /// Their level in the tree.
    pub level: Level,
    /// The field that names the unit above.
    #[serde(default)]
    pub parent: Option<String>,
    /// The field by which entries of other kinds name such a unit and count as its contributions.
    #[serde(default)]
    pub named_in: Option<String>,
}

/// `abilities.calendar`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The field that says when it begins.
    pub start: String,
    /// The field that says when it ends.
    #[serde(default)]
    pub end: Option<String>,
    /// Whether one can apply in between: then it stays open where no end is given, and its end is a deadline. Otherwise
    /// it is over with the day on which it began.
    #[serde(default)]
    pub open: bool,
    /// What its states are called.
    #[serde(default)]
    pub labels: Labels,
}

/// `abilities.period`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The field that says from when.
    #[serde(default)]
    pub from: Option<String>,
    /// The field that says until when.
    #[serde(default)]
    pub until: Option<String>,
    /// What its states are called.
    #[serde(default)]
    pub labels: Labels,
}

/// What is said of an entry before, within and after its time; what is missing says the theme. An empty text: nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Labels {
    pub before: Option<String>,
    pub before_en: Option<String>,
    pub within: Option<String>,
    pub within_en: Option<String>,
    pub after: Option<String>,
    pub after_en: Option<String>,
}

/// `abilities.structure`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// The list of records that are the points.
    pub field: String,
    /// The field of a point that others name it by; dots in it make the levels of the tree.
    pub key: String,
    /// The field of a point that says what it is.
    pub title: String,
}

/// How entries look in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CardForm {
    /// One below the other, the day in front.
    #[default]
    Row,
    /// Side by side with a picture; readers may have rows instead.
    Card,
    /// Side by side, and only so.
    Cover,
}

/// `abilities.card`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CardAbility {
    /// How they look.
    pub form: CardForm,
    /// Fields that are shown below the title, in this order.
    pub facts: Vec<CardFact>,
    /// Whether the summary is shown.
    pub summary: bool,
}

impl Default for CardAbility {
    fn default() -> Self {
        Self {
            form: CardForm::Row,
            facts: Vec::new(),
            summary: true,
        }
    }
}

/// A field on a card: its name, or the name and words around the value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a string")]
pub enum CardFact {
    /// The value alone.
    Field(String),
    /// The value in a text.
    Text(FactText),
}

/// A field's value with words around it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactText {
    /// The field.
    pub field: String,
    /// Chinese text with `{value}`.
    pub text: String,
    /// English text.
    #[serde(default)]
    pub text_en: Option<String>,
}

impl CardFact {
    /// The field that it shows.
    pub fn field(&self) -> &str {
        match self {
            Self::Field(field) => field,
            Self::Text(text) => &text.field,
        }
    }

    /// A value with the words around it.
    pub fn shown(&self, value: &str, language: &str) -> String {
        match self {
            Self::Field(_) => value.to_owned(),
            Self::Text(text) => {
                localized(language, &text.text, text.text_en.as_deref()).replace("{value}", value)
            }
        }
    }
}

/// How a block of the home page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockForm {
    /// Titles with their days.
    Rows,
    /// Titles with what they are and whose.
    Titles,
    /// Cards.
    Cards,
}

/// How wide a block of the home page is, where there is room for two side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockWidth {
    /// The page.
    #[default]
    Whole,
    /// Half of it.
    Half,
    /// A third of it, or half where three do not fit.
    Third,
    /// Two thirds of it, or what a narrow one after it leaves.
    Wide,
    /// A third of it, or half beside a wide one where that takes no more.
    Narrow,
}

/// `abilities.home`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HomeAbility {
    /// Place among the blocks of a home page whose site does not say otherwise, smaller first; without one it has no
    /// block there.
    pub position: Option<u32>,
    /// Most entries of its block.
    pub limit: usize,
    /// How its block looks; as its lists do where missing.
    pub form: Option<BlockForm>,
    /// How wide its block is.
    pub width: BlockWidth,
    /// Whether its entries are among the calls while they are open; where missing, if it has a calendar.
    pub calls: Option<bool>,
    /// The field whose words a visitor may begin with.
    pub topics: Option<String>,
    /// Whether its newest entries stand out where the settings name none.
    pub featured: Option<Featured>,
    /// The audiences that are offered a way to its section, each with the place among its ways.
    pub entrances: BTreeMap<Audience, u32>,
}

impl Default for HomeAbility {
    fn default() -> Self {
        Self {
            position: None,
            limit: 4,
            form: None,
            width: BlockWidth::default(),
            calls: None,
            topics: None,
            featured: None,
            entrances: BTreeMap::new(),
        }
    }
}

/// `abilities.home.featured`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Featured {
    /// Place among the kinds whose entries stand out, smaller first.
    pub position: u32,
    /// Most entries; as many as there is room for where missing.
    #[serde(default)]
    pub limit: Option<usize>,
    /// Only entries with these words in these fields.
    #[serde(default)]
    pub only: BTreeMap<String, String>,
}

/// Whom the home page offers quick ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Audience {
    Teacher,
    Manager,
    Student,
    Public,
}

impl Audience {
    /// All, in the order of the page, with the keys of their names among the theme's texts.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Teacher, "home.teacher"),
        (Self::Manager, "home.manager"),
        (Self::Student, "home.student"),
        (Self::Public, "home.public"),
    ];
}

/// The time of an entry, as its calendar or its period declares it.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    /// Field of the beginning.
    pub first: Option<&'a str>,
    /// Field of the end.
    pub last: Option<&'a str>,
    /// Whether it is over with its first day where no end is given.
    pub is_of_a_day: bool,
    /// What its states are called.
    pub labels: &'a Labels,
}

impl Abilities {
    /// The time of an entry; `None` if the kind has neither calendar nor period.
    pub fn span(&self) -> Option<Span<'_>> {
        let calendar = self.calendar.as_ref().map(|calendar| Span {
            first: Some(&calendar.start),
            last: calendar.end.as_deref(),
            is_of_a_day: !calendar.open,
            labels: &calendar.labels,
        });
        let period = || self.period.as_ref();
        calendar.or_else(|| {
            period().map(|period| Span {
                first: period.from.as_deref(),
                last: period.until.as_deref(),
                is_of_a_day: false,
                labels: &period.labels,
            })
        })
    }

    /// Whether its entries are among the calls of the home page.
    pub fn has_calls(&self) -> bool {
        self.home.calls.unwrap_or(self.calendar.is_some())
    }

    /// How its block of the home page looks.
    pub fn block_form(&self) -> BlockForm {
        self.home.form.unwrap_or(match self.card.form {
            CardForm::Row => BlockForm::Rows,
            CardForm::Card | CardForm::Cover => BlockForm::Cards,
        })
    }
}

impl Labels {
    /// What is said in a language; `None` if the theme says it.
    pub fn before(&self, language: &str) -> Option<&str> {
        chosen(language, self.before.as_deref(), self.before_en.as_deref())
    }

    /// What is said in a language; `None` if the theme says it.
    pub fn within(&self, language: &str) -> Option<&str> {
        chosen(language, self.within.as_deref(), self.within_en.as_deref())
    }

    /// What is said in a language; `None` if the theme says it.
    pub fn after(&self, language: &str) -> Option<&str> {
        chosen(language, self.after.as_deref(), self.after_en.as_deref())
    }
}

fn chosen<'a>(language: &str, chinese: Option<&'a str>, english: Option<&'a str>) -> Option<&'a str> {
    chinese.map(|chinese| localized(language, chinese, english))
}

/// Types whose values fit on a card.
pub(super) const SHORT: &[FieldType] = &[
    FieldType::Text,
    FieldType::Term,
    FieldType::Integer,
    FieldType::Number,
    FieldType::Date,
    FieldType::Moment,
    FieldType::Person,
    FieldType::Issuer,
];

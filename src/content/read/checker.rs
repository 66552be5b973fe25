//! What reading a file knows and collects, and how fields are found in front matter.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::super::{Field, Kind, Schema};
use crate::diag::{Argument, By, Code, Diagnostic, Handling, Part, nearest};
use crate::source::{self, Mapping, Spanned};

/// What reading needs to know besides the file.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Kinds, vocabularies, units.
    pub schema: &'a Schema,
    /// The site's time zone.
    pub zone: &'a TimeZone,
    /// Whether advised fields are required.
    pub strict: bool,
    /// Language tag of labels in diagnostics.
    pub language: &'a str,
}

/// Fields that say whether an entry may be published: what is wrong with one leaves the entry out.
const HOLD_BACK: &[&str] = &["draft", "publish_at", "expires_at", "withdrawn"];

/// So many unknown fields of a mapping are held against every field there is: where there are more, it is no slip of the pen.
pub(super) const MOST_SUGGESTIONS: usize = 20;

/// Collects what is wrong with one file.
pub(super) struct Checker<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) kind: &'a Arc<Kind>,
    pub(super) path: &'a Arc<str>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) is_held_back: bool,
}

impl Checker<'_> {
    /// Reports what is wrong with a field.
    pub(super) fn report(&mut self, mut diagnostic: Diagnostic) {
        let field = match diagnostic.arguments.first() {
            Some((name, Argument::Text(field))) if name == "field" => field.as_str(),
            _ => "",
        };
        let meant = diagnostic
            .suggestion
            .as_deref()
            .filter(|_| diagnostic.code == Code::UnknownField);
        let is_about =
            |names: &[&str]| names.contains(&field) || meant.is_some_and(|meant| names.contains(&meant));
        let is_lost = diagnostic.handling.is_left_out() || diagnostic.code == Code::UnknownField;
        let is_missing = matches!(
            diagnostic.code,
            Code::MissingField | Code::EmptyValue | Code::WrongType
        );
        if is_lost && is_about(HOLD_BACK) {
            diagnostic.handling = Handling::LeftOut(Part::Entry);
            self.is_held_back = true;
        } else if is_missing && field == "title" {
            diagnostic.handling = Handling::Replaced(By::FileName);
        }
        self.diagnostics.push(diagnostic.in_file(self.path));
    }
}

/// Whether an unknown field was reported as probably meant for this one.
pub(super) fn is_meant(declared: &[Field], mapping: &Mapping<'_>, name: &str) -> bool {
    let is_declared = |key: &str| declared.iter().any(|field| field.name == key);
    let mut unknown = mapping
        .iter()
        .map(|(key, _)| &*key.value)
        .filter(|key| !is_declared(key))
        .take(MOST_SUGGESTIONS);
    unknown.any(|key| suggestion(declared, key) == Some(name))
}

/// What other generators call fields that every kind or some have.
const OF_OTHERS: &[(&str, &str)] = &[
    ("abstract", "summary"),
    ("author", "authors"),
    ("banner", "cover"),
    ("categories", "category"),
    ("created", "date"),
    ("createtime", "date"),
    ("description", "summary"),
    ("excerpt", "summary"),
    ("expirydate", "expires_at"),
    ("featured_image", "cover"),
    ("image", "cover"),
    ("keyword", "tags"),
    ("keywords", "tags"),
    ("lastmod", "updated"),
    ("last_modified_at", "updated"),
    ("modified", "updated"),
    ("permalink", "aliases"),
    ("pubdate", "date"),
    ("publishdate", "publish_at"),
    ("redirect_from", "aliases"),
    ("slug", "aliases"),
    ("subtitle", "summary"),
    ("tag", "tags"),
    ("thumbnail", "cover"),
    ("update", "updated"),
    ("updated_at", "updated"),
    ("url", "aliases"),
];

/// The field that one of another generator corresponds to, by its name in small letters.
fn of_others<'a>(declared: &'a [Field], key: &str) -> Option<&'a str> {
    let key = key.to_ascii_lowercase();
    let (_, ours) = OF_OTHERS.iter().find(|(theirs, _)| *theirs == key)?;
    let mut fields = declared.iter().map(|field| field.name.as_str());
    fields.find(|field| field == ours)
}

/// The field that an unknown one was probably meant for: what others call it, the nearest name, or the field of that label.
pub(super) fn suggestion<'a>(declared: &'a [Field], key: &str) -> Option<&'a str> {
    of_others(declared, key)
        .or_else(|| nearest(key, declared.iter().map(|field| field.name.as_str())))
        .or_else(|| {
            let by_label = declared.iter().find(|field| field.label == key);
            by_label.map(|field| field.name.as_str())
        })
}

/// What [`suggestion`] finds among the fields that say whether an entry may be published.
pub(super) fn held_back(key: &str) -> Option<&'static str> {
    nearest(key, HOLD_BACK.iter().copied())
}

/// The value of a field.
pub(super) fn find<'m, 'a>(mapping: &'m Mapping<'a>, name: &str) -> Option<&'m Spanned<source::Node<'a>>> {
    mapping
        .iter()
        .find(|(key, _)| key.value == name)
        .map(|(_, value)| value)
}

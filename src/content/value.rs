//! Values of fields, once their type is known.

use serde::{Deserialize, Serialize};

use super::Moment;
use crate::diag::Span;

/// A field's value. What other rooms must check keeps its place in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `text`, `prose`, `url`, `email`, `tag`, `person`, `issuer`, `image`, `color`.
    Text(Box<str>),
    /// `integer`.
    Integer(i64),
    /// `number`.
    Number(f64),
    /// `boolean`.
    Boolean(bool),
    /// `date` and `moment`.
    Moment(Moment),
    /// `term`: the term's id.
    Term(Box<str>),
    /// `reference`: as written, `name` or `kind/name`. A `person` who is named by an id.
    Reference(Box<str>, Span),
    /// `text` and `prose` that must be an item of a list.
    Item(Box<str>, Span),
    /// `unit`: the unit's id.
    Unit(Box<str>, Span),
    /// `file`.
    File(Box<Attachment>),
    /// A field with `many`.
    List(Vec<Value>),
    /// `record`.
    Record(Record),
}

/// Inner fields in the order of the declaration.
pub type Record = Vec<(Box<str>, Value)>;

/// A file that belongs to an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// What the reader sees and what a download is called.
    pub name: Box<str>,
    /// SHA-256 in lower-case hexadecimal: the file is in the store.
    pub sha256: Option<Box<str>>,
    /// Path beside the Markdown, for small files kept in git.
    pub path: Option<Box<str>>,
    /// Bytes, as the entry says.
    pub size: Option<u64>,
    /// Media type such as `application/pdf`.
    pub media_type: Option<Box<str>>,
    /// The picture shown before a video plays: a PNG file of the store.
    pub poster: Option<Box<Attachment>>,
    /// Where the checksum or the path stands.
    pub span: Span,
    /// Where the size stands.
    pub size_span: Span,
}

impl Attachment {
    /// The file, and its poster if it has one.
    pub fn with_poster(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.poster.as_deref())
    }
}

impl Value {
    /// The text of a textual value, the item that it names, or the id of a term, reference or unit.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text)
            | Value::Term(text)
            | Value::Reference(text, _)
            | Value::Item(text, _)
            | Value::Unit(text, _) => Some(text),
            _ => None,
        }
    }

    /// The values of a list; a single value is a list of one.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            single => std::slice::from_ref(single),
        }
    }

    /// The inner field of a record.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Record(record) => record
                .iter()
                .find(|(key, _)| &**key == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// A number as text without a needless `.0`.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(integer) => Some(*integer as f64),
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
}

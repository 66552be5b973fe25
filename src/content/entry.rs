//! An entry: one content file read against its kind.

use std::fmt;
use std::sync::Arc;

use jixia_markdown::Facts;
use serde::{Deserialize, Serialize};

use super::{Attachment, Moment, Record, Value};
use crate::diag::Span;

/// An entry's name for ever: its kind and its file name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id {
    /// The kind's id.
    pub kind: Arc<str>,
    /// The file name without `.md`.
    pub name: Arc<str>,
}

/// `kind/name`.
impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.kind, self.name)
    }
}

/// That an entry was taken down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Term of `takedown-reason`.
    pub reason: Box<str>,
    /// The day.
    pub date: Option<Moment>,
    /// What the public is told besides.
    pub note: Option<Box<str>>,
    /// The entry to read instead, and where that is said.
    pub replaced_by: Option<(Box<str>, Span)>,
}

/// What an entry is called in another system, such as a DOI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identifier {
    /// The system, such as `DOI`.
    pub system: Box<str>,
    /// The identifier in it.
    pub value: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// What a content file says, typed; its body only as facts. Fields that every kind has are members, the kind's own are
/// in `fields`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Entry {
    pub id: Id,
    /// The file.
    pub path: Arc<str>,
    /// The entry whose part this is.
    pub parent: Option<Id>,
    /// Whether the file is the `index.md` of a folder.
    pub folder: bool,
    pub title: Box<str>,
    pub title_span: Span,
    pub date: Option<Moment>,
    pub updated: Option<Moment>,
    pub summary: Option<Box<str>>,
    pub unit: Option<(Box<str>, Span)>,
    /// Names, or ids of people who have an entry.
    pub authors: Vec<(Box<str>, Span)>,
    pub signed_off_by: Option<Box<str>>,
    pub tags: Vec<Box<str>>,
    pub attachments: Vec<Attachment>,
    pub cover: Option<(Box<str>, Span)>,
    pub cover_alt: Option<Box<str>>,
    pub draft: bool,
    pub publish_at: Option<Moment>,
    pub expires_at: Option<Moment>,
    pub aliases: Vec<(Box<str>, Span)>,
    pub identifiers: Vec<Identifier>,
    pub source: Option<Box<str>>,
    pub rights: Option<Box<str>>,
    pub withdrawn: Option<Withdrawal>,
    pub weight: Option<i64>,
    /// The kind's own fields, in the order of the declaration.
    pub fields: Record,
    /// Where the body stands in the file.
    pub body: Span,
    /// BLAKE3 of the body's bytes, cut to 16.
    pub body_hash: [u8; 16],
    /// What others may know of the body.
    pub facts: Facts,
}

impl Entry {
    /// Hash of what other pages may show of the entry: the front matter, and of the body its summary alone. A
    /// corrected typo leaves it as it is.
    pub fn meaning(&self) -> [u8; 16] {
        let mut bare = self.clone();
        bare.body = 0..0;
        bare.body_hash = [0; 16];
        bare.facts = Facts {
            summary: self.summary().to_owned(),
            ..Facts::default()
        };
        crate::hash::hash(&postcard::to_stdvec(&bare).unwrap_or_default())
    }

    /// One of the kind's own fields.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value)
    }

    /// Its files: attachments, and those of the kind's own fields, such as a resource's main file.
    pub fn files(&self) -> impl Iterator<Item = &Attachment> {
        let values = self.fields.iter().flat_map(|(_, value)| value.items());
        let own = values.filter_map(|value| match value {
            Value::File(attachment) => Some(&**attachment),
            _ => None,
        });
        self.attachments.iter().chain(own)
    }

    /// The text, term id, or reference of one of the kind's own fields.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// The values of one of the kind's own fields; none when it is absent.
    pub fn items(&self, name: &str) -> &[Value] {
        self.get(name).map_or(&[], Value::items)
    }

    /// The date that a field gives.
    pub fn moment(&self, name: &str) -> Option<Moment> {
        match name {
            "date" => self.date,
            "updated" => self.updated,
            "publish_at" => self.publish_at,
            "expires_at" => self.expires_at,
            _ => match self.get(name) {
                Some(Value::Moment(moment)) => Some(*moment),
                _ => None,
            },
        }
    }

    /// The summary, or what the body begins with.
    pub fn summary(&self) -> &str {
        self.summary.as_deref().unwrap_or(&self.facts.summary)
    }
}

//! What is to be written, and what a site is to an import.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::fault::Fault;
use super::report::Report;
use crate::catalog::Catalog;
use crate::content::{Kind, Schema};

/// The site that an import is for.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// What it holds already.
    pub catalog: &'a Catalog,
    /// Kinds, vocabularies, units.
    pub schema: &'a Schema,
    /// The site's time zone.
    pub zone: &'a TimeZone,
    /// Language tag of labels.
    pub language: &'a str,
    /// Words of categories elsewhere and what each is here.
    pub categories: &'a BTreeMap<String, String>,
}

impl<'a> Site<'a> {
    /// The kind of this id, if its entries lie in a section.
    pub fn kind(&self, id: &str) -> Option<&'a Kind> {
        let kind = self.schema.kinds.get(id)?;
        (!kind.section.is_empty()).then_some(&**kind)
    }
}

/// What a new file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An entry.
    Text(String),
    /// A picture that was in a text.
    Bytes(Vec<u8>),
    /// The same as a file of the source, by its path there.
    Copy(String),
}

/// Everything that an import would write.
#[derive(Debug, Default, Clone)]
pub struct Plan {
    /// New files by their paths in the site, all of them below `content/`.
    pub files: BTreeMap<String, Content>,
    /// What is wrong with a table. If anything is, nothing is to be written.
    pub faults: Vec<Fault>,
    /// What it says.
    pub report: Report,
}

//! Makes documents ready for the index: each by itself, on any thread.

use std::cell::RefCell;

use super::collector::{Collector, Keys};
use super::columns::Value;
use super::document::Document;
use super::{packs, record};

/// A document made ready for the index: its compressed record and its keys, some 6 KB in memory for 5 KB of text.
pub struct Digest {
    pub(super) record: Vec<u8>,
    pub(super) keys: Keys,
    facts: Facts,
}

impl Digest {
    pub(super) fn into_parts(self) -> (Vec<u8>, Keys, Facts) {
        (self.record, self.keys, self.facts)
    }
}

thread_local! {
    static COLLECTOR: RefCell<Collector> = RefCell::default();
}

/// Characters of the title of a document that is too long for a record.
const LONGEST_TITLE: usize = 200;

/// Makes a document ready for the index. Depends on the document alone; may run on any thread. A date outside the years 1
/// to 9999 counts as none.
pub fn digest(document: &Document) -> Digest {
    let (text, keys) = COLLECTOR.with_borrow_mut(|collector| {
        let text = record::text(document, collector);
        (text, collector.pack())
    });
    let record = record::compress_record(&text);
    if record.len() > packs::LONGEST {
        // No page is that long. Its text stays out, for it would damage the pack.
        return digest(&Document {
            title: document.title.chars().take(LONGEST_TITLE).collect(),
            url: document.url.chars().take(LONGEST_TITLE).collect(),
            date: document.date,
            ..Document::default()
        });
    }
    let mut facets = document.facets.clone();
    facets.sort_unstable();
    facets.dedup();
    let facts = Facts {
        date: document.indexed_date(),
        title_class: record::title_class(&document.title),
        facets,
    };
    Digest { keys, record, facts }
}

/// What is known of a document besides its text.
pub(super) struct Facts {
    /// Days since 1970-01-01.
    pub(super) date: Option<i32>,
    /// The class of its title's length.
    pub(super) title_class: u8,
    /// Its facets and labels.
    pub(super) facets: Vec<Value>,
}

/// The keys of a record's text. Returns `None` if the text is not a record.
pub(super) fn keys_of(text: &str) -> Option<Keys> {
    COLLECTOR.with_borrow_mut(|collector| {
        record::collect(text, collector)?;
        Some(collector.pack())
    })
}

//! The search index: static files that a worker in the browser fetches as it needs them. Made for Chinese, incremental.
//!
//! # What is found
//! Every run of two or more Chinese characters within one block of a document, every word by its beginning, single
//! characters of titles, names by pinyin and initials. Text and query are folded (`fold`) and cut into keys (`keys`) by
//! the same rules here and in `search-worker.js`: all pairs of adjacent characters, whole words of
//! Latin letters and digits, so nothing depends on a dictionary of words. What the keys find are candidates; the worker
//! shows a document only after it has found the query in its text.
//!
//! # Files
//! | file | holds | read when |
//! |---|---|---|
//! | `index.bin`, `days.bin`, `facet-N.bin` | `columns`: layout, dates; facets | at the first query; when facets are shown |
//! | `s/*.bin` | `shard`: lists of documents by key, laid out by `tree` | one for each pair of the query, about 3 KB |
//! | `t/*.bin` | `packs`: `record`s, the texts | one record for each result shown, about 3 KB |
//! | `fold.bin` | traditional characters | when a query finds nothing |
//!
//! # What an edit costs
//! The files are a function of the set of documents, whatever the order of edits: documents have stable numbers
//! (`slots`), lists are cut into shards by their sizes alone (`tree`). One index is searched, not one for each group of
//! documents: a group more would be one more request for each pair of a query. The price is that a new document touches as
//! many shards as it has distinct pairs, at most some 600 of 3 KB, however large the portal is; a corrected word touches
//! about ten. The shards in reach are read from the published files and patched; the texts likewise. When the number of
//! documents passes a power of two, slots double and the whole is built anew, once.
//!
//! The crate knows nothing of pages, Markdown or the disk: it gets [`Document`]s and a [`Library`]. The other half of the
//! format, the reader that runs in the browser, is [`WORKER`].

mod bits;
mod collector;
mod columns;
mod fold;
mod keys;
mod packs;
mod patch;
mod pinyin;
mod postings;
mod record;
mod rows;
mod shard;
mod slots;
mod state;
mod text;
mod tree;
mod update;

#[cfg(test)]
mod tests;

pub use state::{Recorded, State};
pub use text::Text;
pub use update::{Library, Outcome, Stamp, update};

use std::cell::RefCell;
use std::ops::RangeInclusive;

use collector::{Collector, Keys};
use rows::Facts;

/// The script that reads the index: a module for a Web Worker, without dependencies. It is served as
/// `search-worker.js`, beside the script of the page that starts it.
pub const WORKER: &str = include_str!("search-worker.js");

/// What is indexed of a page.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The address of the page, shown as the result's link.
    pub url: String,
    /// The title.
    pub title: String,
    /// The label of the kind, shown with the result.
    pub kind: String,
    /// Days since 1970-01-01.
    pub date: Option<i32>,
    /// Authors and other people named by the metadata.
    pub people: Vec<String>,
    /// Publishing units.
    pub units: Vec<String>,
    /// Facets by which results are filtered and counted, as names and labels, in any order; a facet may have several labels.
    pub facets: Vec<(String, String)>,
    /// The text, block by block. A query's words may stand in different blocks, a phrase stands in one.
    pub text: Text,
}

/// A block of text: a heading, a paragraph, a table's cell, a list's item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The text without markup.
    pub text: String,
}

/// What a block is; an occurrence in a heading counts more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading within the page.
    Heading,
    /// Any other text.
    Body,
}

/// A document made ready for the index: its compressed record and its keys, some 6 KB in memory for 5 KB of text.
pub struct Digest {
    record: Vec<u8>,
    keys: Keys,
    facts: Facts,
}

impl Digest {
    fn into_parts(self) -> (Vec<u8>, Keys, Facts) {
        (self.record, self.keys, self.facts)
    }
}

thread_local! {
    static COLLECTOR: RefCell<Collector> = RefCell::default();
}

/// The days from the year 1 to the year 9999.
const DATES: RangeInclusive<i32> = -719_162..=2_932_896;
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
        date: date(document),
        title_class: record::title_class(&document.title),
        facets,
    };
    Digest { keys, record, facts }
}

fn date(document: &Document) -> Option<i32> {
    document.date.filter(|days| DATES.contains(days))
}

/// The keys of a record's text; `None` if the text is no record.
fn keys_of(text: &str) -> Option<Keys> {
    COLLECTOR.with_borrow_mut(|collector| {
        record::collect(text, collector)?;
        Some(collector.pack())
    })
}

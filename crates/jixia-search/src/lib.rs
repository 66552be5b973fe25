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
mod digest;
mod document;
mod fold;
mod keys;
mod library;
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

pub use digest::{Digest, digest};
pub use document::Document;
pub use library::{Library, Stamp};
pub use state::{Recorded, State};
pub use text::{Block, BlockKind, Text};
pub use update::{Outcome, update};

/// The script that reads the index: a module for a Web Worker, without dependencies. It is served as
/// `search-worker.js`, beside the script of the page that starts it.
pub const WORKER: &str = include_str!("search-worker.js");

//! Jixia: from a repository of Markdown to a static portal. This is the map of the crate.
//!
//! # The way of the data
//!
//! ```text
//! World ──► source text ──► Entry ──► Catalog ──► Page ──► View ──► bytes ──► disk
//!      read           against    all to-     which     what     how it    only what
//!      a file         its kind   gether      exist     it shows looks     changed
//! ```
//!
//! Each arrow is a function of its input that gives a value and diagnostics; nothing is half built and filled in later.
//! [`pipeline`] puts them in a row. Of a body only its facts (headings, links, counts, summary) go beyond the entry, so that
//! a corrected word renders one page. Bodies are not kept: when a page is written its Markdown is read again.
//!
//! # The rooms, and what each does not know
//!
//! What a room does *not* know is what makes it possible to change the others. These are invariants. A room uses only
//! rooms that stand above it in this table, and no two files use each other.
//!
//! | room | is for | does not know |
//! |---|---|---|
//! | [`jixia_markdown`], a crate | a body to facts and to HTML, as pure functions | files, entries, URLs: links come back resolved |
//! | [`jixia_search`], a crate | the search index, as a function of documents, and the script that reads it | entries, pages, Markdown, the disk |
//! | [`hash`] | telling two inputs or contents apart | everything else |
//! | [`stop`] | ending work that nobody waits for any more | what the work is |
//! | [`progress`] | how far long work has come | what the work is |
//! | [`diag`] | diagnostics as data, and their words in each language | kinds, entries, pages |
//! | [`name`] | what a file of the portal may be called, in bytes | what is in it |
//! | [`office`] | archives, tables and documents that offices send, within bounds | entries, kinds, the disk |
//! | [`program`] | running other programs within bounds | what they are for |
//! | [`history`] | versions of files, from what git prints | git itself, entries |
//! | [`world`] | the only way in: files, attachments, commits, the present moment | what a file means |
//! | [`source`] | text, front matter and declarations, with the place of each value | kinds, and that there are other files |
//! | [`media`] | what a file is: type, size in pixels, checksum, whether it is safe; smaller copies of images | entries that use it |
//! | [`output`] | the only way out: staged, then moved; stale files removed | what is in a file |
//! | [`content`] | what an entry is: kinds as data, fields, vocabularies, ids, dates | the disk, other entries, URLs, HTML |
//! | [`config`] | `site.toml` | entries |
//! | [`cache`] | what the last build found out | whether it is used: without it the result is the same |
//! | [`catalog`] | what entries mean together: references, lists, units, schedule. Never changes once built | URLs, markup, bodies |
//! | [`pages`] | which pages exist, their URLs, and what each shows | markup, files, the disk |
//! | `check_external` | asks outward links; the only use of the network | everything but the catalog |
//! | `check_reserved` | what changed since another commit and was not for its author to change | git, output |
//! | [`render`] | how a view looks: theme, templates, Atom, sitemaps | the catalog, and what is on other pages |
//! | [`import`] | what other generators and Word hold, as new files of a site | pages, markup of pages, and whether anything is written |
//! | [`pipeline`] | the order of the stages, and what of the last build still holds | how any stage works |
//! | [`serve`] | the same build in a loop, a local server, reloading | a second way of building |
//! | [`cli`] | arguments to a command, one file each; asks for the time; prints | how anything is done |
//!
//! No room knows the clock, randomness or the order of a hash map: the same input gives the same bytes. The present is
//! [`world::World::now`], and the command line is the one place that sets it.
//!
//! # Where does it go?
//!
//! What a thing is belongs to [`content`]; what takes two entries to [`catalog`]; what has an address to [`pages`] (only
//! [`pages::Located`] gives URLs); what has markup to [`render`] or [`jixia_markdown`]. What spans two rooms is a type that
//! travels between them: [`content::Entry`], [`catalog::Catalog`], [`pages::Page`], [`pages::View`].
//!
//! A new kind of content is a file in `src/content/kinds/`, a new diagnostic a line in `src/diag/code.rs` and its words in
//! `src/diag/messages/`, a new family of pages a file in `src/pages/` that implements [`pages::Family`], and its line in
//! `src/pages/plan.rs`.
//!
//! # What goes wrong
//!
//! What is wrong with a site is a [`diag::Diagnostic`]: functions collect them and go on, so that one run reports everything,
//! with its place. If one is an error, [`pipeline`] leaves the output as it was. What is wrong with a command, such as a
//! port that is taken, is an error of [`cli`], which is the one place that prints either. Input is hostile: nothing panics
//! on it.

pub mod cache;
pub mod catalog;
mod check_external;
mod check_reserved;
pub mod cli;
pub mod config;
pub mod content;
pub mod diag;
pub mod hash;
pub mod history;
pub mod import;
pub mod media;
pub mod name;
pub mod office;
pub mod output;
pub mod pages;
pub mod pipeline;
pub mod program;
pub mod progress;
pub mod render;
pub mod serve;
pub mod source;
pub mod stop;
pub mod world;

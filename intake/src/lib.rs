//! The intake of Jixia: from a form to a merged change and a rebuilt portal. This is the map of the crate.
//!
//! ```text
//! Request → Form → Submission{state} → Proposal → merge → published
//!           web     domain, store      jobs → forge      jobs → portal
//! ```
//!
//! | room | is for | does not know |
//! |---|---|---|
//! | [`domain`] | rules, pure: who may what, states, units, audit chain, merging of edits | HTTP, SQL, git, the clock |
//! | [`store`] | the database, and the only SQL | HTTP, git, rules |
//! | [`forge`] | proposals and merges in a repository | people's rights, the database |
//! | [`blob`] | files by checksum, and files on their way | whose they are |
//! | [`inspect`] | what is in a file: text, a video's tables, viruses | whose it is, the database, HTTP |
//! | [`portal`] | the generator: checkout, checks, previews, rebuilds | people, the database |
//! | [`mail`] | what notices say, and handing them to a mail server | HTTP, SQL, who is told |
//! | [`tables`] | CSV and XLSX that people send | what is in them |
//! | [`jobs`] | slow work that must not be lost | HTTP |
//! | [`services`] | what the office does, one use case a function, one transaction each | HTTP, templates, SQL |
//! | [`web`] | pages, forms, uploads | SQL, git |
//! | [`app`] | what a running server has at hand | how anything is done |
//! | [`cli`] | commands | how anything is done |
//!
//! Truth about what is published is git. Truth about people, drafts and what was decided is the database. A handler
//! stores a new state, its audit event and the job that follows in one transaction, so nothing happens unrecorded and
//! nothing recorded is lost; jobs are repeated until they succeed and find what an earlier try did.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod files;
pub mod forge;
pub mod identity;
pub mod ids;
pub mod jobs;
pub mod mail;
pub mod portal;
mod server;
pub mod services;
pub mod store;
mod templates;
pub mod texts;
pub mod web;

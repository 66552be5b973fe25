//! The intake of Jixia: from a form to a merged change and a rebuilt portal. This is the map of the crate.
//!
//! ```text
//! Request → Signed<Form> → service → rule → one transaction → answer
//!           web            services  domain  store               job → forge, portal, mail, files
//! ```
//!
//! # The rooms, and what each does not know
//!
//! No room imports one that stands above it.
//!
//! | room | is for | does not know |
//! |---|---|---|
//! | [`cli`] | commands: arguments to calls | how anything is done |
//! | `server` | a running server, from start to signal | what is answered |
//! | [`web`] | HTTP alone, in folders by subject | SQL, git, the database's rows as anything but values |
//! | [`jobs`] | slow and outward work, repeated until it succeeds | HTTP, pages |
//! | [`app`] | what a running server has at hand | how anything is done; pages and templates |
//! | [`services`] | what the office does, one transaction a use case | HTTP, templates, SQL |
//! | [`portal`] | the generator: checkout, checks, previews, rebuilds | people, the database |
//! | [`store`] | the database, the only SQL, rows as types | HTTP, git, who may what |
//! | [`mail`] | what notices say, and handing them to a mail server | HTTP, SQL, who is told |
//! | [`files`] | bytes that people send: kept, unpacked, looked into | whose they are, the database, HTTP |
//! | [`identity`] | passwords and one-time passwords | sessions, accounts, HTTP |
//! | [`forge`] | what is published ([`forge::Repository`]) and proposing changes of it ([`forge::Forge`]) | people's rights, states, the database |
//! | `templates`, [`texts`], [`config`] | what pages look like, what is said, settings | who asks |
//! | [`domain`] | rules, pure: who may what, states, units, audit chain, merging of edits | everything else, the clock too |
//!
//! # Walls that the compiler or a test keeps
//!
//! - A handler that changes something takes [`web`]'s `Signed`, which has checked the session's secret: the table of routes
//!   accepts no other, and `tests/walls.rs` walks it.
//! - A name of a role, a state or the like that this program does not know is an error where it is read, never something
//!   else. Roles are one table: `domain/role.rs`.
//! - Only [`store`] knows that an empty text or a zero in a column stands for nothing.
//! - A request comes to its actor through one function, `web/actor.rs`, which asks for the second step that a role must have;
//!   `tests/walls.rs` walks what is changed and what is shown.
//! - No guess at a password or code is looked at before it is counted, `services/guesses.rs`.
//! - No file of [`web`] begins a transaction: use cases are [`services`]. `tests/walls.rs` reads the sources.
//! - A submission moves in one function, `services/steps.rs`, which compares the version that was decided on within its
//!   transaction; its content is composed in one file, `services/content.rs`; every right is asked for in `domain/rights.rs`.
//! - A response is made of an error in one place, `web/error.rs`; a page is rendered in one, `web/guard.rs`.
//!
//! Truth about what is published is git. Truth about people, drafts and what was decided is the database. A service
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

//! Moving in: what other generators and Word hold, as content of a site.
//!
//! A source is read through a [`World`](crate::world::World) like a site, and what is to be written comes back as a [`Plan`]: a
//! function of the source, so that a second run plans the same and finds it written. Nothing is planned outside `content/`.
//!
//! What a generator calls things is data, `recipes.toml`. What cannot be carried over is never lost in silence: each such
//! thing is a [`Note`] of the [`Report`].

mod addresses;
mod admonitions;
mod anchors;
mod beside;
mod body;
mod cells;
mod code;
mod columns;
mod converted;
mod dates;
mod decode;
mod documents;
mod fault;
mod fields;
mod folder;
mod front;
mod links;
mod names;
mod nav;
mod pictures;
mod placing;
mod plan;
mod recipe;
mod report;
mod settings;
mod shortcodes;
mod sources;
mod table;
mod tidy;
mod write;

pub use columns::headings;
pub use documents::import_documents;
pub use fault::{Fault, Wrong};
pub use folder::import_folder;
pub use plan::{Content, Plan, Site};
pub use recipe::{Recipe, recipe, recipe_ids};
pub use report::{Note, NoteKind, Report};
pub use sources::Sources;
pub use table::import_table;
pub use write::{Written, write};

//! From a world to an output directory: the order of the stages, and what of the last build still holds.
//!
//! `World → SourceFile → Entry → Catalog → Page → Artifact → disk`. A clean build, an incremental one and a rebuild of
//! `serve` are this same code with a warmer [`Cache`](crate::cache::Cache).

mod addresses;
mod aside;
mod body;
mod build;
mod check;
mod commit;
mod entries;
mod failure;
mod files;
mod last;
mod load;
mod loaded;
mod pages;
mod preview;
mod renderer;
mod search;
mod single;
mod snippets;
mod task;
mod texts;
mod thumbnails;
mod work;

pub use build::{build, build_and_keep};
pub use check::{check, check_watched};
pub use last::build_if_changed;
pub use load::{load, load_aside};
pub use loaded::Loaded;
pub use preview::{WarmSite, preview};
pub use single::{Neighbours, check_entries, entry_page};
pub use task::{Options, Outcome, SetAside, Task};

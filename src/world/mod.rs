//! The only way in: files, attachments and the time, for the whole program.
//!
//! Everything a build reads comes through [`World`], so a test's world is a map of strings ([`Memory`]) and nothing
//! beyond this room opens a file of the site. Paths are relative to the site's root with `/` between names.

mod disk;
mod git;
mod glance;
mod memory;
mod site;

pub use disk::Disk;
pub use git::Changed;
pub use glance::Glance;
pub use memory::Memory;
pub(crate) use site::blob_path;
pub use site::{File, Listing, Stamp, World};

//! What a catalog knows besides the entries that could be read.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Config;
use crate::content::{Id, Schema};
use crate::history::History;

/// What a build knows besides the entries.
#[derive(Debug, Clone)]
pub struct Site {
    /// `site.toml`.
    pub config: Config,
    /// Kinds, vocabularies, units.
    pub schema: Schema,
    /// The site's time zone.
    pub zone: TimeZone,
    /// The moment the build is for.
    pub now: Timestamp,
    /// Whether drafts, scheduled and expired entries are shown.
    pub drafts: bool,
    /// Files of entries that are set aside since they cannot be published: they are hidden.
    pub aside: BTreeSet<Arc<str>>,
    /// Whether an attachment whose bytes are damaged or gone is left out by itself: an error otherwise.
    pub set_aside: bool,
    /// Versions of the content files, where the site shows them and a repository knows them.
    pub history: Option<Arc<History>>,
}

/// Entries that are there but could not be read.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    /// Their ids, where the path says one.
    pub ids: FxHashSet<Id>,
    /// Their files.
    pub paths: FxHashSet<Arc<str>>,
    /// What they are called in other systems, by system in lower case and identifier, with their files.
    pub identifiers: FxHashMap<(String, Box<str>), Arc<str>>,
}

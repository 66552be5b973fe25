//! What the last build could not publish, kept in files beside the name of the commit: it outlives the server.

use std::fs;
use std::io;
use std::path::PathBuf;

use jixia::content::place;
use jixia::diag::{Language, words};
use jixia::pipeline::{Loaded, SetAside};

use super::{Places, Snapshot};

/// An entry that is left out of the portal until somebody mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// The file of the entry.
    pub path: String,
    /// The id of its kind.
    pub kind: String,
    /// Its title; the path of a file that cannot be read.
    pub title: String,
    /// The unit that answers for it; empty when nobody can tell.
    pub unit: String,
    /// What is wrong, a sentence each.
    pub reasons: Vec<String>,
}

impl Aside {
    /// What is known of a set-aside entry: from its file, or from what was published in its place `before`.
    pub(super) fn of(entry: &SetAside, loaded: &Loaded, before: Option<&Snapshot>) -> Self {
        let path = entry.path.to_string();
        let found = super::entry_in(loaded, &path);
        let found = found.or_else(|| before?.entry_at(&path));
        let (kind, title, unit) = found.unwrap_or_else(|| {
            let placed = place(&entry.path, &loaded.site().schema, &|_| false);
            let kind = placed.ok().and_then(|place| Some(place.id()?.kind.to_string()));
            (kind.unwrap_or_default(), path.clone(), String::new())
        });
        let reason = |wrong| {
            let (message, _) = words(wrong, Language::Chinese);
            message
        };
        Self {
            path,
            kind,
            title,
            unit,
            reasons: entry.diagnostics.iter().map(reason).collect(),
        }
    }
}

fn list_file(places: &Places) -> PathBuf {
    places.commit.with_extension("aside")
}

fn failure_file(places: &Places) -> PathBuf {
    places.commit.with_extension("failed")
}

/// The entries that the last build set aside.
pub(super) fn list(places: &Places) -> Vec<SetAside> {
    let bytes = fs::read(list_file(places)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Keeps how a build ended.
pub(super) fn keep(places: &Places, result: Result<&[SetAside], &str>) -> io::Result<()> {
    match result {
        Ok(entries) => {
            let _ = fs::remove_file(failure_file(places));
            let file = list_file(places);
            let new = file.with_extension("aside-new");
            fs::write(&new, serde_json::to_vec(entries)?)?;
            fs::rename(new, file)
        }
        Err(failure) => fs::write(failure_file(places), failure),
    }
}

/// Why the last build failed, if it did: the portal is then that of the build before.
pub(super) fn failure(places: &Places) -> Option<String> {
    fs::read_to_string(failure_file(places)).ok()
}

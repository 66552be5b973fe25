//! What the last build could not publish, kept in files beside the name of the commit: it outlives the server.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jixia::content::place;
use jixia::diag::{Language, words};
use jixia::pipeline::{Loaded, SetAside};
use serde::{Deserialize, Serialize};

use super::building::Built;
use super::known::{Known, entry_in};
use super::places::Places;

/// An entry that is left out of the portal until somebody mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Whether it is published, without some of its files.
    #[serde(default)]
    pub files_only: bool,
}

impl Aside {
    /// Under which name it is noted that somebody was told.
    pub(super) fn key(&self) -> String {
        let what = if self.files_only { "files of " } else { "" };
        format!("{what}{}", self.path)
    }

    /// What is known of a set-aside entry: from its file, or else from what was known of it `before`.
    pub(super) fn of(entry: &SetAside, loaded: &Loaded, before: impl Fn(&str) -> Option<Known>) -> Self {
        let path = entry.path.to_string();
        let found = entry_in(loaded, &path).or_else(|| before(&path));
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
            files_only: false,
        }
    }
}

fn list_file(places: &Places) -> PathBuf {
    places.commit.with_extension("aside")
}

fn failure_file(places: &Places) -> PathBuf {
    places.commit.with_extension("failed")
}

fn damaged_file(places: &Places) -> PathBuf {
    places.commit.with_extension("damaged")
}

/// The entries that the last build set aside.
pub(super) fn list(places: &Places) -> Vec<SetAside> {
    let bytes = fs::read(list_file(places)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// The entries that the last build published without some of their files.
pub(super) fn damaged(places: &Places) -> Vec<SetAside> {
    let bytes = fs::read(damaged_file(places)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Keeps how a build ended.
pub(super) fn keep(places: &Places, result: Result<&Built, &str>) -> io::Result<()> {
    match result {
        Ok(built) => {
            let _ = fs::remove_file(failure_file(places));
            write(&damaged_file(places), &serde_json::to_vec(&built.damaged)?)?;
            write(&list_file(places), &serde_json::to_vec(&built.set_aside)?)
        }
        Err(failure) => fs::write(failure_file(places), failure),
    }
}

/// Why the last build failed, if it did: the portal is then that of the build before.
pub(super) fn failure(places: &Places) -> Option<String> {
    fs::read_to_string(failure_file(places)).ok()
}

/// When the portal was last built, and when building it last failed if it fails since.
pub(super) fn moments(places: &Places) -> (Option<SystemTime>, Option<SystemTime>) {
    let at = |file: PathBuf| fs::metadata(file).and_then(|metadata| metadata.modified()).ok();
    (at(list_file(places)), at(failure_file(places)))
}

fn known_file(places: &Places) -> PathBuf {
    places.commit.with_extension("known-aside")
}

fn told_file(places: &Places) -> PathBuf {
    places.commit.with_extension("told-aside")
}

/// Keeps what is known of the entries that are set aside: their files may not tell it any more.
pub(super) fn remember(places: &Places, entries: &[Aside]) -> io::Result<()> {
    write(&known_file(places), &serde_json::to_vec(entries)?)
}

/// What was known of entries that were set aside.
pub(super) fn remembered(places: &Places) -> Vec<Aside> {
    let bytes = fs::read(known_file(places)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// What is known of one of these entries.
pub(super) fn known(entries: &[Aside], path: &str) -> Option<Known> {
    let aside = entries.iter().find(|aside| aside.path == path)?;
    Some((aside.kind.clone(), aside.title.clone(), aside.unit.clone()))
}

/// The files of the entries of which somebody was told by mail that they are set aside.
pub(super) fn told(places: &Places) -> BTreeSet<String> {
    let bytes = fs::read(told_file(places)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Keeps of which entries somebody was told.
pub(super) fn keep_told(places: &Places, paths: &BTreeSet<String>) -> io::Result<()> {
    write(&told_file(places), &serde_json::to_vec(paths)?)
}

/// Writes a file as a whole or not at all.
fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push("-new");
    fs::write(&name, bytes)?;
    fs::rename(name, file)
}

//! The portal's settings and declarations: which files there are, and what the generator says of the site with one of them
//! changed.

use std::collections::BTreeSet;

use jixia::cache::Cache;
use jixia::content::replaceable;
use jixia::diag::{Diagnostic, Language, Severity, words};
use jixia::pipeline::{Loaded, Options, SetAside, load_aside};
use jixia::world::{Disk, World};

use super::snapshot::{self, Snapshot};
use crate::domain::site::{FILES, FOLDERS, is_editable};
use crate::domain::units::Tree;

/// Most remarks that are shown; how many more there are is counted.
const MOST: usize = 60;

/// Something that the generator says of a changed declaration, or of an entry because of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Remark {
    /// Title of the entry or path of the file; empty for the declaration itself.
    pub place: String,
    /// Line of the declaration, from 1; 0 where there is none.
    pub line: usize,
    /// What is wrong, in the generator's words.
    pub message: String,
    /// How to mend it; empty where the message says so.
    pub mend: String,
    /// Whether it keeps the change from going on.
    pub is_error: bool,
}

/// What is known of the site with one declaration changed.
#[derive(Debug)]
pub struct SiteCheck {
    /// What the generator says, errors first.
    pub remarks: Vec<Remark>,
    /// How many more there are.
    pub more: usize,
    /// Titles of entries that would be gone.
    pub lost: Vec<String>,
    /// The units as they would be.
    pub units: Tree,
}

/// The files of settings and declarations that there are, by path; those in folders sorted.
pub(super) fn declarations(world: &Disk) -> Vec<String> {
    let mut paths: Vec<String> = FILES
        .into_iter()
        .filter(|path| world.stamp(path).is_some())
        .map(str::to_owned)
        .collect();
    for folder in FOLDERS {
        let files = world.list(folder).files.into_iter();
        let files = files.map(|file| file.path.to_string());
        paths.extend(files.filter(|path| is_editable(path)));
    }
    paths
}

/// What the generator says of the site with a declaration laid over it. Entries that are set aside stay so.
pub(super) fn examine(
    (world, cache): (&dyn World, &mut Cache),
    (path, text): (&str, &str),
    set_aside: &[SetAside],
    published: &Snapshot,
) -> SiteCheck {
    let loaded = load_aside(world, Options::default(), cache, set_aside);
    let title = |path: &str| published.entry_at(path).map(|(_, title, _)| title);
    let wanted = loaded.diagnostics.iter().filter(|wrong| {
        let is_here = wrong.path.as_deref() == Some(path);
        let is_error = wrong.severity == Severity::Error;
        is_here || is_error && !published.loaded.diagnostics.contains(wrong)
    });
    let mut remarks: Vec<Remark> = wanted.map(|wrong| remark(wrong, (path, text), title)).collect();
    remarks.sort_by_key(|remark| (!remark.is_error, !remark.place.is_empty()));
    let more = remarks.len().saturating_sub(MOST);
    remarks.truncate(MOST);
    SiteCheck {
        remarks,
        more,
        lost: lost(&published.loaded, &loaded),
        units: snapshot::units_of(&loaded),
    }
}

/// A built-in declaration that a file of the site would replace. Returns `None` if there is none.
pub fn built_in(path: &str) -> Option<String> {
    let mut known = replaceable();
    known.find(|(known, _)| known == path).map(|(_, text)| text)
}

/// The files of a site that would replace a built-in declaration, sorted by folder.
pub fn replaceable_paths() -> Vec<String> {
    replaceable().map(|(path, _)| path).collect()
}

fn remark(
    wrong: &Diagnostic,
    (declaration, text): (&str, &str),
    title: impl Fn(&str) -> Option<String>,
) -> Remark {
    let (message, mend) = words(wrong, Language::Chinese);
    let path = wrong.path.as_deref().unwrap_or_default();
    let (place, line) = if path == declaration {
        let start = wrong.span.as_ref().map(|span| span.start as usize);
        let before = start.and_then(|start| text.as_bytes().get(..start));
        let line = before.map_or(0, |before| {
            1 + before.iter().filter(|byte| **byte == b'\n').count()
        });
        (String::new(), line)
    } else {
        (title(path).unwrap_or_else(|| path.to_owned()), 0)
    };
    Remark {
        place,
        line,
        message,
        mend,
        is_error: wrong.severity == Severity::Error,
    }
}

/// Titles of entries that are in one site and not in another, by the paths of their files.
fn lost(before: &Loaded, after: &Loaded) -> Vec<String> {
    let kept: BTreeSet<&str> = after.catalog.iter().map(|(_, entry)| &*entry.path).collect();
    let entries = before.catalog.iter();
    let gone = entries.filter(|(_, entry)| !kept.contains(&*entry.path));
    gone.map(|(_, entry)| entry.title.to_string()).collect()
}

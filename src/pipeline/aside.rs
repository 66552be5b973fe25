//! Entries that cannot be published, while the rest of the portal is.
//!
//! A build that may set entries aside is tried, and tried again without those that were at fault, until it succeeds or
//! what is wrong is no entry's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::loaded::Loaded;
use super::task::SetAside;
use crate::diag::{Diagnostic, Handling, Part, Severity};

/// So many entries may be set aside whatever the size of the site.
const FEW: usize = 20;
/// Of a large site the part that may be: when more is wrong, it is rather the site.
const MOST_SHARE: usize = 10;

/// Entries to leave out, by the path of their file, and what was wrong with each.
#[derive(Debug, Default)]
pub(super) struct Aside {
    entries: BTreeMap<Arc<str>, Vec<Diagnostic>>,
}

impl Aside {
    /// Adds the entries that are at fault for a build's failure. Returns whether there is any use in trying again.
    pub(super) fn extend(&mut self, diagnostics: &[Diagnostic], entries: usize) -> bool {
        let known = self.entries.len();
        for wrong in diagnostics
            .iter()
            .filter(|wrong| wrong.severity == Severity::Error)
        {
            let path = wrong.path.as_ref().filter(|path| is_content(path));
            if let Some(path) = path {
                let mut wrong = wrong.clone().severity(Severity::Warning);
                wrong.handling = Handling::LeftOut(Part::Entry);
                self.entries.entry(Arc::clone(path)).or_default().push(wrong);
            }
        }
        known < self.entries.len() && self.entries.len() <= FEW.max(entries / MOST_SHARE)
    }

    /// The files of the entries.
    pub(super) fn paths(&self) -> BTreeSet<Arc<str>> {
        self.entries.keys().cloned().collect()
    }

    /// Puts what was found wrong with the entries in the place of what is found now.
    pub(super) fn report(&self, loaded: &mut Loaded) {
        let is_other = |wrong: &Diagnostic| {
            wrong
                .path
                .as_ref()
                .is_none_or(|path| !self.entries.contains_key(path))
        };
        loaded.diagnostics.retain(is_other);
        loaded.report(self.entries.values().flatten().cloned().collect());
    }

    /// The entries for whoever must be told.
    pub(super) fn into_list(self) -> Vec<SetAside> {
        let entries = self.entries.into_iter();
        entries
            .map(|(path, diagnostics)| SetAside { path, diagnostics })
            .collect()
    }
}

/// The entries that are published without some of their attachments, and why.
pub(super) fn damaged(diagnostics: &[Diagnostic]) -> Vec<SetAside> {
    let mut entries = BTreeMap::<Arc<str>, Vec<Diagnostic>>::new();
    for wrong in diagnostics {
        let is_left_out =
            wrong.handling == Handling::LeftOut(Part::File) && wrong.severity == Severity::Warning;
        if let Some(path) = wrong
            .path
            .as_ref()
            .filter(|_| is_left_out && wrong.code.is_damage())
        {
            entries.entry(Arc::clone(path)).or_default().push(wrong.clone());
        }
    }
    Aside { entries }.into_list()
}

fn is_content(path: &str) -> bool {
    path.starts_with("content/") && path.ends_with(".md")
}

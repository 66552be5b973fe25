//! Links that name addresses of the portal, in bodies and in the settings: what is there, and what is wrong where
//! nothing is.

use std::sync::Arc;

use jixia_markdown::{Address, Link, classify};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{EntryPage, Located as _, Plan, Planner, address, entry};
use crate::catalog::{Destination, Ix, Status, decode};
use crate::diag::{Code, Diagnostic, nearest};

/// Links to nothing for which an address is sought that can have been meant: each takes a look at its neighbours.
const MOST_SUGGESTIONS: usize = 200;

/// A link whose address is no page's. It leads nowhere unless the build writes another file there.
#[derive(Debug, Clone)]
pub struct Unanswered {
    /// The path below the site's base, decoded.
    path: String,
    source: Source,
}

/// Where a link stands.
#[derive(Debug, Clone)]
enum Source {
    /// In a body: which of its links.
    Body(Ix, usize),
    /// In the settings.
    Settings { label: String, target: String },
}

impl Unanswered {
    /// The output file that would answer.
    pub fn file(&self) -> String {
        address::file(&self.path)
    }

    /// Whether a plan has a page there.
    pub fn is_answered_by(&self, plan: &Plan) -> bool {
        plan.addresses().answering(&self.path).is_some()
    }
}

impl Planner<'_> {
    /// Looks up the addresses that the bodies of entries name: wrong headings, and links that no page answers.
    pub(crate) fn check_addresses(&self, entries: &[Ix]) -> (Vec<Diagnostic>, Vec<Unanswered>) {
        let found: Vec<_> = entries.par_iter().map(|ix| self.check_body(*ix)).collect();
        let (mut diagnostics, mut unanswered) = (Vec::new(), Vec::new());
        for (wrong, unknown) in found {
            diagnostics.extend(wrong);
            unanswered.extend(unknown);
        }
        (diagnostics, unanswered)
    }

    fn check_body(&self, ix: Ix) -> (Vec<Diagnostic>, Vec<Unanswered>) {
        let entry = self.catalog.entry(ix);
        let (mut diagnostics, mut unanswered) = (Vec::new(), Vec::new());
        for (position, link) in entry.facts.links.iter().enumerate() {
            // Most links are not looked up again: only such as begin with a slash can be addresses.
            if !link.target.starts_with(['/', '%']) {
                continue;
            }
            let Destination::Address(path, anchor) = self.catalog.destination(entry, &link.target) else {
                continue;
            };
            let path = path.strip_prefix('/').unwrap_or(&path);
            match self.addresses.answering(path) {
                Some(place) => {
                    let target = place.entry.filter(|ix| {
                        // Of the pages about an entry its own has the headings.
                        EntryPage(*ix).path(self.catalog) == place.path(self.catalog)
                    });
                    let wrong = target.zip(anchor).and_then(|(target, anchor)| {
                        let target = self.catalog.entry(target);
                        self.catalog.wrong_anchor(target, link, &anchor)
                    });
                    diagnostics.extend(wrong.map(|wrong| wrong.in_file(&entry.path).at(link.span.clone())));
                }
                None => unanswered.push(Unanswered {
                    path: path.to_owned(),
                    source: Source::Body(ix, position),
                }),
            }
        }
        (diagnostics, unanswered)
    }

    /// Looks up the addresses that the menu and the home page name.
    pub(crate) fn check_settings(&self) -> Vec<Unanswered> {
        let links = self.catalog.site.config.links();
        let inside = links.filter(|(_, url)| url.starts_with('/') && classify(url) == Address::Path);
        let unanswered = inside.filter_map(|(label, url)| {
            let path = decode(url.split(['#', '?']).next().unwrap_or_default());
            let path = path.strip_prefix('/').unwrap_or(&path);
            self.addresses.answering(path).is_none().then(|| Unanswered {
                path: path.to_owned(),
                source: Source::Settings {
                    label: label.to_owned(),
                    target: url.to_owned(),
                },
            })
        });
        unanswered.collect()
    }

    /// Reports links that lead nowhere: to nothing at all, or to what only unpublished entries would make.
    pub(crate) fn report(&self, unanswered: &[Unanswered]) -> Vec<Diagnostic> {
        if unanswered.is_empty() {
            return Vec::new();
        }
        let has_hidden = self
            .catalog
            .iter()
            .any(|(ix, _)| self.catalog.status(ix) == Status::Hidden);
        let to_come = has_hidden.then(|| Plan::new(&self.catalog.as_if_published()).0);
        let known = Neighbours::new(self.addresses.files().map(|(file, _)| file));
        let mut suggestions = 0..MOST_SUGGESTIONS;
        let reports = unanswered.iter().filter_map(|link| match &link.source {
            Source::Settings { label, target } => {
                let diagnostic = Diagnostic::new(Code::MenuLink).in_file(&Arc::from(crate::config::SETTINGS));
                Some(diagnostic.with("label", label).with("target", target))
            }
            Source::Body(ix, position) => {
                let entry = self.catalog.entry(*ix);
                let written = &entry.facts.links[*position];
                let will_be = to_come.as_ref().is_some_and(|plan| link.is_answered_by(plan));
                let diagnostic = if self.was_reported(*ix, &link.path, written) {
                    None
                } else if will_be {
                    let is_public = self.catalog.status(*ix) != Status::Hidden;
                    let diagnostic = Diagnostic::new(Code::LinkToDraft).with("target", &written.target);
                    is_public.then_some(diagnostic)
                } else {
                    let meant = suggestions.next().and_then(|_| self.meant(&known, &link.path));
                    Some(self.catalog.nowhere(entry, written, meant))
                };
                diagnostic.map(|wrong| wrong.in_file(&entry.path).at(written.span.clone()))
            }
        });
        reports.collect()
    }

    /// Whether a link means an entry that could not be read.
    fn was_reported(&self, ix: Ix, path: &str, link: &Link) -> bool {
        let mut ids = entry::ids_at(self.catalog, path).into_iter();
        self.catalog.leads_to_unread(self.catalog.entry(ix), &link.target)
            || ids.any(|id| self.catalog.is_unread(&id))
    }

    /// The address that one to nothing can have meant: without the site's base path, which links leave out, or with
    /// another name in one place.
    fn meant(&self, known: &Neighbours<'_>, path: &str) -> Option<String> {
        let base = self.catalog.site.config.base_path().trim_start_matches('/');
        let without_base = path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
        let without_base = without_base.filter(|rest| self.addresses.answering(rest).is_some());
        let meant = without_base.map(str::to_owned).or_else(|| {
            let near = known.near(path)?;
            self.addresses.answering(&near).is_some().then_some(near)
        })?;
        Some(format!("/{meant}"))
    }
}

/// The addresses of pages by the directories in which they lie.
struct Neighbours<'a> {
    /// Names by directory; that of the top is empty, others end in a slash.
    names: FxHashMap<&'a str, FxHashSet<&'a str>>,
}

impl<'a> Neighbours<'a> {
    fn new(files: impl Iterator<Item = &'a str>) -> Self {
        let mut names: FxHashMap<&str, FxHashSet<&str>> = FxHashMap::default();
        for file in files {
            let mut start = 0;
            for (end, _) in file.match_indices('/').chain([(file.len(), "")]) {
                let inside = names.entry(&file[..start]).or_default();
                inside.insert(&file[start..end]);
                start = end + 1;
            }
        }
        Self { names }
    }

    /// A path with the nearest name in the first place where no directory and no page has the one that is written.
    fn near(&self, path: &str) -> Option<String> {
        let mut near = String::with_capacity(path.len());
        let mut is_mended = false;
        let directory = path.ends_with('/');
        let mut segments = path.trim_end_matches('/').split('/').peekable();
        while let Some(segment) = segments.next() {
            let names = self.names.get(near.as_str())?;
            if names.contains(segment) {
                near.push_str(segment);
            } else if is_mended {
                return None;
            } else {
                near.push_str(nearest(segment, names.iter().copied())?);
                is_mended = true;
            }
            if directory || segments.peek().is_some() {
                near.push('/');
            }
        }
        is_mended.then_some(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_name_in_an_address_is_mended() {
        let files = [
            "index.html",
            "notices/2026-call/index.html",
            "tags/数控/index.html",
        ];
        let known = Neighbours::new(files.into_iter());
        let cases = [
            ("notices/2026-cal/", Some("notices/2026-call/")),
            ("notice/2026-call/", Some("notices/2026-call/")),
            ("Notices/2026-call", Some("notices/2026-call")),
            ("notice/2026-cal/", None),
            ("nothing/at/all/", None),
        ];
        for (path, expected) in cases {
            assert_eq!(known.near(path).as_deref(), expected, "{path}");
        }
    }
}

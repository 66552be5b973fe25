//! Checks that take more than one entry.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Catalog, Ix, Status};
use crate::content::{Kind, Moment, UNITS};
use crate::diag::{Code, Diagnostic, Handling, Span, Why};

impl Catalog {
    pub(super) fn check(&self) -> Vec<Diagnostic> {
        let positions: Vec<Ix> = (0..self.entries.len() as u32).map(Ix).collect();
        let mut diagnostics: Vec<Diagnostic> = positions
            .par_iter()
            .fold(Vec::new, |mut diagnostics, ix| {
                self.check_references(*ix, &mut diagnostics);
                self.check_items(*ix, &mut diagnostics);
                self.check_links(*ix, &mut diagnostics);
                diagnostics.extend(self.date_in_future(*ix));
                diagnostics
            })
            .reduce(Vec::new, |mut left, mut right| {
                left.append(&mut right);
                left
            });
        diagnostics.extend(self.units_twice());
        diagnostics.extend(self.identifiers_twice());
        diagnostics.extend(self.check_featured());
        for kind in self.site.schema.kinds.values() {
            diagnostics.extend(self.stale(kind));
        }
        diagnostics
    }

    /// Entries that are units: their ids must differ from each other's and from those of `units.toml`.
    fn units_twice(&self) -> Vec<Diagnostic> {
        let declared = self
            .site
            .schema
            .units
            .iter()
            .map(|unit| (unit.id.as_str(), UNITS));
        let mut seen: FxHashMap<&str, &str> = declared.collect();
        let mut diagnostics = Vec::new();
        for (_, entry) in self.iter().filter(|(ix, _)| self.is_unit(*ix)) {
            if let Some(other) = seen.insert(&entry.id.name, &entry.path) {
                let diagnostic = Diagnostic::new(Code::DuplicateId)
                    .in_file(&entry.path)
                    .handled(Handling::Fixed(Why::Declaration));
                diagnostics.push(diagnostic.with("id", &entry.id.name).with("other", other));
            }
        }
        diagnostics
    }

    /// What an entry is called in another system says which entry is meant: both places are reported.
    fn identifiers_twice(&self) -> Vec<Diagnostic> {
        let mut seen: FxHashMap<(String, &str), (&Arc<str>, &Span)> = FxHashMap::default();
        let mut diagnostics = Vec::new();
        let known = &self.unread.identifiers;
        for (_, entry) in self.iter() {
            for identifier in &entry.identifiers {
                let key = (identifier.system.to_lowercase(), &*identifier.value);
                let taken = |path: &Arc<str>, span: &Span, other: &Arc<str>| {
                    let diagnostic = Diagnostic::new(Code::DuplicateIdentifier)
                        .in_file(path)
                        .at(span.clone());
                    let diagnostic = diagnostic.with("system", &identifier.system);
                    diagnostic.with("value", &identifier.value).with("other", other)
                };
                let elsewhere = known.get(&(key.0.clone(), Box::from(key.1)));
                if let Some(other) = elsewhere.filter(|other| **other != entry.path) {
                    diagnostics.push(taken(&entry.path, &identifier.span, other));
                }
                match seen.get(&key) {
                    Some((path, span)) => {
                        diagnostics.push(taken(&entry.path, &identifier.span, path));
                        diagnostics.push(taken(path, span, &entry.path));
                    }
                    None => {
                        seen.insert(key, (&entry.path, &identifier.span));
                    }
                }
            }
        }
        diagnostics
    }

    /// A date that has not come is a slip: the entry would stand above everything newer for as long.
    pub(super) fn date_in_future(&self, ix: Ix) -> Option<Diagnostic> {
        let entry = self.entry(ix);
        let is_public = self.status(ix) == Status::Listed && self.unpublished(ix).is_none();
        let date = entry.date.filter(|_| is_public && self.is_future(ix))?;
        let diagnostic = Diagnostic::new(Code::DateInFuture)
            .in_file(&entry.path)
            .at(entry.title_span.clone());
        Some(diagnostic.with("date", date).with("title", &entry.title))
    }

    /// The national inspection of government sites fails stale and empty columns.
    fn stale(&self, kind: &Kind) -> Option<Diagnostic> {
        let days = self.stale_days(kind)?;
        let label = kind.label(&self.site.config.site.language);
        let Some(newest) = self.newest(kind) else {
            return Some(Diagnostic::new(Code::EmptySection).with("section", label));
        };
        (self.fresh_until(newest, days) < self.site.now).then(|| {
            let diagnostic = Diagnostic::new(Code::StaleSection).with("section", label);
            diagnostic.with("date", newest.date()).with("days", days)
        })
    }

    /// Days without anything new after which a section is stale. Returns `None` if that does not matter.
    fn stale_days(&self, kind: &Kind) -> Option<u32> {
        let own = self.site.config.check.stale_days.get(&kind.id).copied();
        own.or(kind.stale_after_days)
    }

    /// When the newest entry of a section came out.
    fn newest(&self, kind: &Kind) -> Option<Moment> {
        let listed = self.listed(&kind.id).iter();
        let past = listed.filter(|ix| !self.is_future(**ix));
        past.filter_map(|ix| self.entry(*ix).date).max()
    }

    /// The last instant at which a section whose newest entry is that old is not stale.
    fn fresh_until(&self, newest: Moment, days: u32) -> Timestamp {
        let fresh = SignedDuration::from_hours(i64::from(days) * 24);
        let end = newest.starts(&self.site.zone).saturating_add(fresh);
        end.unwrap_or(Timestamp::MAX)
    }

    /// The next instant at which a build gives something else without an edit: other pages, or other findings.
    pub fn next_difference(&self) -> Option<Timestamp> {
        let due = [self.next_change(), self.next_finding()];
        due.into_iter().flatten().min()
    }

    /// The next instant at which these checks say something else without an edit.
    pub(crate) fn next_finding(&self) -> Option<Timestamp> {
        let zone = &self.site.zone;
        let come = self
            .iter()
            .filter_map(|(_, entry)| Some(Moment::day(entry.date?.date()).starts(zone)));
        let kinds = self.site.schema.kinds.values();
        let stale = kinds.filter_map(|kind| {
            let end = self.fresh_until(self.newest(kind)?, self.stale_days(kind)?);
            end.saturating_add(SignedDuration::from_nanos(1)).ok()
        });
        come.chain(stale).filter(|instant| *instant > self.site.now).min()
    }
}

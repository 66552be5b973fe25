//! Versions of an entry, for its page.

use jiff::Timestamp;
use serde::Serialize;

use super::super::Planner;
use super::super::view::DateView;
use crate::catalog::Ix;

/// Versions that a page names at most; a page that is edited daily would be all history.
const MOST: usize = 50;

/// Versions of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryView {
    /// The newest first.
    pub versions: Vec<VersionView>,
    /// How many there are in all.
    pub count: usize,
    /// Whether the first of them is known too.
    pub complete: bool,
}

/// A version of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionView {
    /// When it was written, to the minute.
    pub date: DateView,
    /// What changed.
    pub text: String,
    /// The commit, shortened.
    pub commit: String,
}

impl Planner<'_> {
    /// The versions of an entry. Returns `None` if the site does not show them or git does not know the file.
    pub(super) fn history(&self, ix: Ix) -> Option<HistoryView> {
        let site = &self.catalog.site;
        let history = site.history.as_ref()?;
        let versions = history.of(&self.catalog.entry(ix).path);
        let views = versions.iter().rev().take(MOST).filter_map(|version| {
            let moment = Timestamp::from_second(version.at)
                .ok()?
                .to_zoned(site.zone.clone());
            Some(VersionView {
                date: DateView {
                    text: moment.strftime("%Y-%m-%d %H:%M").to_string(),
                    machine: moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
                    year: moment.year(),
                },
                text: version.subject.to_string(),
                commit: version.commit.chars().take(10).collect(),
            })
        });
        (!versions.is_empty()).then(|| HistoryView {
            versions: views.collect(),
            count: versions.len(),
            complete: history.is_complete && versions.len() <= MOST,
        })
    }
}

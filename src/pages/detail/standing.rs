//! What a unit contributed of what it owes.

use serde::Serialize;

use super::super::Planner;
use crate::catalog::{Ix, school_year};

/// Contributions of a school year against the quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingView {
    /// `2026—2027`.
    pub year: String,
    /// Published items.
    pub done: usize,
    /// Items that the quota asks for.
    pub quota: usize,
    /// Items still owed.
    pub missing: usize,
}

impl Planner<'_> {
    /// Of the newest school year in which anybody contributed: the present one would change pages without an edit.
    pub(super) fn standing(&self, ix: Ix) -> Option<StandingView> {
        let unit = self.catalog.unit_of(ix).filter(|_| self.catalog.is_unit(ix))?;
        let kinds = self
            .catalog
            .site
            .schema
            .kinds
            .values()
            .filter(|kind| kind.counted);
        let newest = kinds.filter_map(|kind| {
            let first = self.catalog.listed(&kind.id).first()?;
            self.catalog.entry(*first).date
        });
        let year = school_year(newest.max()?.date());
        let standing = self.catalog.standing(unit, year)?;
        Some(StandingView {
            year: format!("{year}—{}", year + 1),
            done: standing.done,
            quota: standing.quota,
            missing: standing.missing(),
        })
    }
}

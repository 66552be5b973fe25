//! Fields that decide about whoever an entry is of: only a unit above, the province or a round of judging sets them.

use jixia::content::{Field, Kind, SetBy};
use serde_json::Value;

use crate::domain::merge::Fields;
use crate::domain::submission::Purpose;
use crate::portal::Snapshot;
use crate::store::Submission;

/// How the unit that hands in stands to the entry.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    is_above: bool,
    is_root: bool,
}

impl Standing {
    /// Of a submission.
    pub fn of(snapshot: &Snapshot, submission: &Submission) -> Self {
        let own = submission.unit.as_str();
        let Some(kind) = snapshot.kind(&submission.kind) else {
            return Self::default();
        };
        if submission.purpose == Purpose::New {
            return Self::of_new(snapshot, kind, own);
        }
        let entry = snapshot.entry_to_edit(&submission.path);
        let is_above = entry.is_some_and(|(_, _, unit)| snapshot.units.is_below(&unit, own));
        Self::with(snapshot, kind, own, (is_above, false))
    }

    /// Of a unit that begins an entry of a kind.
    pub fn of_new(snapshot: &Snapshot, kind: &Kind, unit: &str) -> Self {
        Self::with(snapshot, kind, unit, (false, true))
    }

    fn with(snapshot: &Snapshot, kind: &Kind, unit: &str, (is_above, is_new): (bool, bool)) -> Self {
        let own = snapshot.units.get(unit);
        Self {
            is_above: kind.is_set_from_above(own.map(|unit| unit.level), is_above, is_new),
            is_root: own.is_some_and(|unit| unit.parent.is_none()),
        }
    }

    /// Who sets a field, if it is not whoever hands in.
    pub fn locks(self, field: &Field) -> Option<SetBy> {
        field.set_by.filter(|by| !by.allows(self.is_above, self.is_root))
    }
}

/// The reserved fields whose value is not what was published when the submission was begun.
pub fn changed<'k>(
    standing: Standing,
    kind: &'k Kind,
    fields: &Fields,
    base: &Fields,
) -> Vec<(&'k Field, SetBy)> {
    let value =
        |fields: &Fields, name: &str| fields.get(name).filter(|value| **value != Value::Null).cloned();
    let locked = kind
        .fields
        .iter()
        .filter_map(|field| Some((field, standing.locks(field)?)));
    locked
        .filter(|(field, _)| value(fields, &field.name) != value(base, &field.name))
        .collect()
}

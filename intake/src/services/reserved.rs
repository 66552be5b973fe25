//! Fields that decide about whoever an entry is of: only a unit above, the province or a round of judging sets them.

use jixia::content::{Field, Kind, Level, SetBy};
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
    /// Of a submission. Whoever may begin a kind that not every unit may begin sets what is reserved in a new entry of it.
    pub fn of(snapshot: &Snapshot, submission: &Submission) -> Self {
        let own = submission.unit.as_str();
        let is_above = match submission.purpose {
            Purpose::New => snapshot
                .kind(&submission.kind)
                .is_some_and(|kind| kind.create.is_some()),
            Purpose::Edit | Purpose::Takedown => snapshot
                .entry_to_edit(&submission.path)
                .is_some_and(|(_, _, unit)| snapshot.units.is_below(&unit, own)),
        };
        // A school leads a group, and does not decide about it.
        let level = snapshot.units.get(own).map(|unit| unit.level);
        let is_above = is_above && level.is_some_and(|level| Level::ABOVE.contains(&level));
        Self {
            is_above,
            is_root: snapshot.units.get(own).is_some_and(|unit| unit.parent.is_none()),
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

//! Which sheet of a workbook was read: people keep several in one, and what was passed over must not go unsaid.

use jixia::office::tables::Table;
use serde::Serialize;

/// The sheet that was read, and those that were not; empty for other files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sheets {
    /// The one that was read.
    pub read: String,
    /// Those in which something is written too.
    pub others: Vec<String>,
}

impl Sheets {
    /// Of a table.
    pub(super) fn of(table: &Table) -> Self {
        Self {
            read: table.sheet.clone(),
            others: table.others.clone(),
        }
    }
}

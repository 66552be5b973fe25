//! Moves what was rendered into place and records it.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;

use super::work::{Done, Records};
use crate::diag::Diagnostic;
use crate::output::{self, Changes, Output, OutputRecord, Put};

/// What was put out.
pub(super) struct Written {
    pub(super) changes: Changes,
    /// The new output.
    pub(super) records: Records,
    /// Files that did not have to be written.
    pub(super) unchanged: usize,
    /// HTML files.
    pub(super) pages: usize,
}

/// Moves everything into place and makes the records of the new output. What `before` has besides is removed.
pub(super) fn whole(files: Vec<Done>, output: Output, before: &Records) -> Result<Written, Diagnostic> {
    let names: BTreeSet<&str> = files.iter().map(|done| done.file.as_str()).collect();
    let old: BTreeSet<String> = if before.is_empty() && !output.is_fresh() {
        output.files()
    } else {
        before.keys().cloned().collect()
    };
    let stale: BTreeSet<String> = old
        .into_iter()
        .filter(|file| !names.contains(file.as_str()))
        .collect();
    let staged = staged(&files);
    let root = output.root().to_path_buf();
    let pages = names.iter().filter(|name| name.ends_with(".html")).count();
    let unchanged = names.len() - staged.len();
    Ok(Written {
        changes: output.commit(staged, stale)?,
        records: records(files, &root),
        unchanged,
        pages,
    })
}

/// Moves staged files into place beside an output that stays as it is, and gives their records.
pub(super) fn part(files: Vec<Done>, output: Output) -> Result<Records, Diagnostic> {
    let root = output.root().to_path_buf();
    output.commit(staged(&files), BTreeSet::new())?;
    Ok(records(files, &root))
}

fn staged(files: &[Done]) -> Vec<String> {
    let staged = files.iter().filter(|done| done.put != Put::Same);
    staged.map(|done| done.file.clone()).collect()
}

/// The records of files that are in place now.
fn records(files: Vec<Done>, root: &Path) -> Records {
    let record = |done: &Done| match (done.known, done.put) {
        (Some(record), _) => Some(record),
        (None, Put::Staged { size, modified }) => Some(OutputRecord {
            input: done.input,
            size,
            modified,
        }),
        (None, Put::Same) => output::stamp(&root.join(&done.file)).map(|stamp| OutputRecord {
            input: done.input,
            size: stamp.size,
            modified: stamp.modified,
        }),
    };
    let records: Vec<Option<OutputRecord>> = files.par_iter().map(record).collect();
    let named = files.into_iter().zip(records);
    named
        .filter_map(|(done, record)| Some((done.file, record?)))
        .collect()
}

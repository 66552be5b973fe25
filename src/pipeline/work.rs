//! What rendering reads, and how a file goes into the stage unless the output has it.

use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::loaded::Loaded;
use super::task::Options;
use crate::diag::Diagnostic;
use crate::hash::Hash;
use crate::media::thumbnails::Store;
use crate::output::{self, Output, OutputRecord, Put};
use crate::render::{Assets, Renderer};
use crate::world::World;

/// By path of the output file.
pub(super) type Records = FxHashMap<String, OutputRecord>;

/// Everything that rendering reads, and where it writes.
pub(super) struct Work<'a> {
    pub(super) world: &'a dyn World,
    pub(super) root: &'a Path,
    pub(super) loaded: &'a Loaded,
    pub(super) renderer: &'a Renderer,
    pub(super) assets: &'a Assets,
    pub(super) options: Options,
    pub(super) thumbnails: &'a Store,
    pub(super) output: &'a Output,
    /// The output as the build before left it.
    pub(super) before: &'a Records,
}

/// A file in the stage, or in the output already.
pub(super) struct Done {
    pub(super) file: String,
    pub(super) input: Hash,
    pub(super) put: Put,
    /// The record that still holds.
    pub(super) known: Option<OutputRecord>,
}

impl Done {
    /// A file of the output that is as its record says.
    pub(super) fn same(file: String, record: OutputRecord) -> Self {
        Self {
            file,
            input: record.input,
            put: Put::Same,
            known: Some(record),
        }
    }

    /// A file that was compared with the output, and staged if it differs.
    pub(super) fn put(file: String, input: Hash, put: Put) -> Self {
        Self {
            file,
            input,
            put,
            known: None,
        }
    }
}

impl Work<'_> {
    /// Whether every file of the output is as its record says.
    pub(super) fn holds_all(&self) -> bool {
        self.before
            .par_iter()
            .all(|(file, record)| self.output.holds(file, record))
    }

    /// The record of a file whose inputs are the same and whose output is as it was left, with its compressed copies.
    pub(super) fn known(&self, file: &str, input: Hash) -> Option<Vec<Done>> {
        let names = [
            Some(file.to_owned()),
            Some(format!("{file}.gz")),
            Some(format!("{file}.br")),
        ];
        let mut done = Vec::new();
        for (position, name) in names.into_iter().flatten().enumerate() {
            match self.before.get(&name).filter(|record| record.input == input) {
                Some(record) if position == 0 || self.options.precompress => {
                    if !self.output.holds(&name, record) {
                        return None;
                    }
                    done.push(Done::same(name, *record));
                }
                None if position == 0 => return None,
                // A small file has no copies; a compressible one must have both.
                None if self.options.precompress && is_text_of_size(self.output, file) => return None,
                _ => {}
            }
        }
        Some(done)
    }

    /// Stages a file unless the output has the same bytes, with its compressed copies if they are wanted.
    pub(super) fn stage(&self, file: String, input: Hash, bytes: &[u8]) -> Result<Vec<Done>, Diagnostic> {
        let mut done = Vec::with_capacity(1);
        if self.options.precompress && output::compressible(&file, bytes) {
            for (name, bytes) in output::variants(&file, bytes) {
                let put = self.output.put(&name, &bytes)?;
                done.push(Done::put(name, input, put));
            }
        }
        let put = self.output.put(&file, bytes)?;
        done.push(Done::put(file, input, put));
        Ok(done)
    }
}

/// Whether the output has the file as a text that is large enough for compressed copies.
fn is_text_of_size(output: &Output, file: &str) -> bool {
    let size = output.stamp(file).map_or(0, |stamp| stamp.size);
    // Only the length counts, so zeros will do in place of the bytes.
    output::compressible(file, &vec![0; size.min(1024) as usize])
}

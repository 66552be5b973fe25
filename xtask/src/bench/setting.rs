//! What a run measures, and with which programs.

use std::path::PathBuf;

use tempfile::TempDir;

use super::peers::Peers;
use crate::result::Result;

/// What all measurements need.
pub(super) struct Bench {
    pub(super) jixia: PathBuf,
    /// The program that has the floor: this one, built for release.
    pub(super) floor: PathBuf,
    pub(super) peers: Option<Peers>,
    pub(super) size: usize,
    pub(super) sizes: Vec<usize>,
    pub(super) runs: usize,
    pub(super) corpus: Option<PathBuf>,
    pub(super) temporary: PathBuf,
}

impl Bench {
    /// A directory that is removed with the value.
    pub(super) fn directory(&self) -> Result<TempDir> {
        Ok(tempfile::Builder::new()
            .prefix("jixia-bench-")
            .tempdir_in(&self.temporary)?)
    }
}

//! What a build is asked for, and what it answers.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;
use crate::output::Changes;

/// A build to do.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// The site's directory: attachments are linked from it.
    pub root: &'a Path,
    /// The output directory.
    pub out: &'a Path,
    /// What the caller decides.
    pub options: Options,
    /// Is told how far rendering has come, if somebody watches.
    pub progress: Option<&'a Progress>,
}

impl Task<'_> {
    /// The output directory as the cache names it.
    pub(super) fn key(&self) -> PathBuf {
        std::path::absolute(self.out).unwrap_or_else(|_| self.out.to_owned())
    }
}

/// What the caller decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Show drafts, scheduled and expired entries.
    pub drafts: bool,
    /// Write compressed copies of text files.
    pub precompress: bool,
    /// Require advised fields whatever `site.toml` says.
    pub strict: bool,
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Everything that is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Entries that were read.
    pub entries: usize,
    /// Pages of the portal: HTML files.
    pub pages: usize,
    /// Files that did not have to be written.
    pub unchanged: usize,
    /// Files that were written and removed; `None` if the build failed.
    pub changes: Option<Changes>,
}

/// How far rendering has come, for a progress bar in another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Pages there are; 0 until that is known.
    pub pages: AtomicUsize,
    /// Pages that are done.
    pub done: AtomicUsize,
}

//! What a build is asked for, and what it answers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;
use crate::output::Changes;
use crate::progress::Progress;

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
    /// Set entries aside that cannot be published, and publish the others. Otherwise nothing is written.
    pub set_aside: bool,
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
    /// Entries that are left out since they cannot be published, by path.
    pub set_aside: Vec<SetAside>,
    /// Entries that are published without some of their attachments, whose bytes are damaged or gone, by path.
    pub damaged: Vec<SetAside>,
}

/// An entry that is left out, or a part of it, so that the others can be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The file of the entry.
    pub path: Arc<str>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

//! What a build is asked for, and what it answers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Work that can take long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Smaller copies of pictures are made.
    Pictures,
    /// Pages are rendered.
    Pages,
    /// Outward links are asked.
    Links,
}

const STAGES: [Stage; 3] = [Stage::Pictures, Stage::Pages, Stage::Links];

/// How far long work has come, for whoever watches it from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Which of [`STAGES`].
    stage: AtomicUsize,
    /// Things to do in this stage; 0 until that is known.
    total: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// Begins a stage with so many things to do.
    pub fn begin(&self, stage: Stage, total: usize) {
        self.total.store(0, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.stage.store(stage as usize, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// One thing is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// The stage, what is done of it and how much there is. Returns `None` before the first begins.
    pub fn now(&self) -> Option<(Stage, usize, usize)> {
        let total = self.total.load(Ordering::Relaxed);
        let stage = STAGES.get(self.stage.load(Ordering::Relaxed))?;
        (total > 0).then(|| (*stage, self.done.load(Ordering::Relaxed).min(total), total))
    }
}

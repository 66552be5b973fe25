//! The memo of a whole build: when all its inputs are as they were, so is its output, and nothing needs to be loaded.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::build::build;
use super::task::{Options, Outcome, Task};
use crate::cache::{self, Cache, Lock, OutputState};
use crate::config::{Config, SETTINGS};
use crate::diag::Diagnostic;
use crate::hash::{Hash, hash};
use crate::history::Commits;
use crate::output::{self, Changes};
use crate::render::Theme;
use crate::world::{Disk, File, Glance, Stamp, World};

const FILE: &str = "last";
/// Larger files are not hashed again: they count as changed when their stamp differs.
const MOST_HASHED: u64 = 4_000_000;

/// A build that succeeded: what it read, what it wrote, what it said.
#[derive(Debug, Serialize, Deserialize)]
struct Last {
    options: Options,
    out: PathBuf,
    /// Directories whose files are inputs.
    directories: Vec<String>,
    inputs: Vec<Input>,
    /// Attachments, by their path in the store.
    blobs: Vec<(String, Stamp)>,
    trusted_before: i64,
    state: OutputState,
    diagnostics: Vec<Diagnostic>,
    entries: usize,
    pages: usize,
    /// Whether pages show the history of entries, and of what commits.
    history: bool,
    commits: Option<Commits>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    path: Arc<str>,
    stamp: Stamp,
    /// `None` for files that are too large to hash each time.
    hash: Option<Hash>,
}

/// Builds a portal unless the last build had the same inputs and its output is as it was left. Keeps what it learned
/// in the cache directory.
pub fn build_if_changed(world: &Disk, task: Task<'_>, lock: &Lock) -> Outcome {
    // One look at every file serves this memo, the build and the memo of it.
    let world = &Glance::new(world);
    let last = cache::read::<Last>(task.root, FILE);
    if let Some(outcome) = last.and_then(|last| last.still_holds(world, task)) {
        return outcome;
    }
    let mut cache = Cache::load(task.root);
    let outcome = build(world, task, &mut cache);
    if outcome.changes.is_some() {
        cache.trust_before(lock);
        if !(outcome.set_aside.is_empty() && outcome.damaged.is_empty()) {
            // Why they could not be published may have gone by the next build, and no input tells that.
            let _ = cache.save(task.root);
            return outcome;
        }
        // Without what is kept here the next build is slower, nothing else.
        let save_last = || {
            let last = Last::new(world, task, &cache, &outcome);
            last.map(|last| cache::write(task.root, FILE, &last))
        };
        let _ = rayon::join(|| cache.save(task.root), save_last);
    }
    outcome
}

fn list(world: &Glance<'_>, directories: &[String]) -> Vec<File> {
    let mut files: Vec<File> = directories
        .par_iter()
        .flat_map(|directory| world.list(directory).files)
        .collect();
    files.extend(world.stamp(SETTINGS).map(|stamp| File {
        path: Arc::from(SETTINGS),
        stamp,
    }));
    files
}

impl Last {
    fn new(world: &Glance<'_>, task: Task<'_>, cache: &Cache, outcome: &Outcome) -> Option<Self> {
        let (config, ..) = Config::load(world);
        let out = std::path::absolute(task.out).ok()?;
        let mut directories = vec!["content".to_owned()];
        directories.extend(Theme::directories(&config));
        let inputs = list(world, &directories).into_par_iter().map(|file| {
            let known = cache
                .sources
                .get(&file.path)
                .filter(|record| record.stamp == file.stamp);
            let hash = known
                .map(|record| record.hash)
                .or_else(|| hash_as_looked_at(world.disk(), &file));
            Input {
                path: file.path,
                stamp: file.stamp,
                hash,
            }
        });
        Some(Self {
            options: task.options,
            directories: directories.clone(),
            inputs: inputs.collect(),
            blobs: cache.media.blob_stamps(&config.store.blobs),
            trusted_before: cache.trusted_before,
            state: cache.outputs.get(&out)?.clone(),
            diagnostics: outcome.diagnostics.clone(),
            entries: outcome.entries,
            pages: outcome.pages,
            history: config.output.history,
            commits: cache.commits.as_ref().map(Commits::without_changes),
            out,
        })
    }

    /// The outcome of building again, if that is known without doing it.
    fn still_holds(self, world: &Glance<'_>, task: Task<'_>) -> Option<Outcome> {
        let is_same_task = self.options == task.options && std::path::absolute(task.out).ok()? == self.out;
        let is_output_whole = || {
            let records = &self.state.records;
            records.par_iter().all(|(file, record)| {
                output::stamp(&self.out.join(file))
                    .is_some_and(|stamp| stamp.size == record.size && stamp.modified == record.modified)
            })
        };
        let holds = is_same_task
            && self.state.covers(world.now())
            && self.has_same_inputs(world)
            && self.has_same_history(world)
            && self
                .blobs
                .iter()
                .all(|(path, stamp)| world.stamp(path) == Some(*stamp))
            && is_output_whole();
        holds.then(|| Outcome {
            unchanged: self.state.records.len(),
            diagnostics: self.diagnostics,
            entries: self.entries,
            pages: self.pages,
            set_aside: Vec::new(),
            damaged: Vec::new(),
            changes: Some(Changes::default()),
        })
    }

    /// Asks for the state of the repository alone: what is known of it counts as everything.
    fn has_same_history(&self, world: &Glance<'_>) -> bool {
        let now = || world.commits(self.commits.as_ref());
        !self.history || now().as_ref().map(Commits::state) == self.commits.as_ref().map(Commits::state)
    }

    fn has_same_inputs(&self, world: &Glance<'_>) -> bool {
        let files = list(world, &self.directories);
        let is_same = |(file, input): (&File, &Input)| {
            let is_trusted = file.stamp == input.stamp && file.stamp.changed < self.trusted_before;
            file.path == input.path
                && (is_trusted || input.hash.is_some() && hash_of(world.disk(), file) == input.hash)
        };
        files.len() == self.inputs.len() && files.par_iter().zip(&self.inputs).all(is_same)
    }
}

fn hash_of(disk: &Disk, file: &File) -> Option<Hash> {
    if file.stamp.size > MOST_HASHED {
        return None;
    }
    disk.read(&file.path).ok().map(|bytes| hash(&bytes))
}

/// Hash of a file that is still as it was when it was looked at; of another nobody knows which state the build read.
fn hash_as_looked_at(disk: &Disk, file: &File) -> Option<Hash> {
    hash_of(disk, file).filter(|_| disk.stamp(&file.path) == Some(file.stamp))
}

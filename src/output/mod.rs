//! The only way out: files of the portal, written so that no server ever shows half of one.
//!
//! Everything is written into a stage beside the output directory first. Only when the whole build succeeded is it
//! moved into place, file by file, or in one step when there was no output before.

mod compress;
mod server;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diag::{Code, Diagnostic};
use crate::hash::Hash;
use crate::world::Stamp;

pub use compress::{compressible, variants};
pub use server::{CACHING, HEADERS, cache_control, server_snippets};

/// Marks a directory as one that may be cleaned.
const MARKER: &str = ".jixia-output";

/// An output directory during a build.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    stage: PathBuf,
    /// There was nothing before: the stage becomes the output.
    is_fresh: bool,
}

/// Whether a file had to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The output had the same bytes.
    Same,
    /// The stage has it. Moving it into place keeps the time of its last modification.
    Staged {
        /// Bytes.
        size: u64,
        /// Time of the last modification, nanoseconds since 1970.
        modified: i64,
    },
}

/// What was written to an output file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputRecord {
    /// Hash of everything that the file depends on.
    pub input: Hash,
    /// Bytes.
    pub size: u64,
    /// Time of the last modification after it was written, nanoseconds since 1970. Restoring a directory from an
    /// archive keeps this and nothing else of a stamp.
    pub modified: i64,
}

/// What a build did to its output directory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Files with new bytes, in order.
    pub written: Vec<String>,
    /// Files that are gone, in order.
    pub removed: Vec<String>,
}

impl Changes {
    /// A line a file: `+` or `-`, then its path below the output directory; first what was written, each in order.
    pub fn list(&self) -> String {
        let written = self.written.iter().map(|file| format!("+{file}\n"));
        let removed = self.removed.iter().map(|file| format!("-{file}\n"));
        written.chain(removed).collect()
    }
}

fn failed(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::OutputFailed)
        .with("path", path.display())
        .with("reason", error)
}

impl Output {
    /// Prepares an output directory.
    ///
    /// # Errors
    /// When it holds files that no build of this program wrote, or cannot be written.
    pub fn open(root: &Path) -> Result<Self, Diagnostic> {
        let root = std::path::absolute(root).map_err(|error| failed(root, &error))?;
        let is_empty = match fs::read_dir(&root) {
            Ok(mut items) => items.next().is_none(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(failed(&root, &error)),
        };
        if !is_empty && !root.join(MARKER).exists() {
            return Err(Diagnostic::new(Code::ForeignOutput).with("path", root.display()));
        }
        let name = root
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let parent = root.parent().unwrap_or(Path::new("/")).to_path_buf();
        fs::create_dir_all(&parent).map_err(|error| failed(&parent, &error))?;
        let prefix = format!(".{name}.stage-");
        remove_old_stages(&parent, &prefix);
        let stage = tempfile::Builder::new().prefix(&prefix).tempdir_in(&parent);
        let stage = stage.map_err(|error| failed(&parent, &error))?.keep();
        if is_empty {
            fs::write(stage.join(MARKER), "").map_err(|error| failed(&stage, &error))?;
        }
        Ok(Self {
            root,
            stage,
            is_fresh: is_empty,
        })
    }

    /// The output directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there was no output before.
    pub fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    /// Whether an output file is as a record says.
    pub fn holds(&self, file: &str, record: &OutputRecord) -> bool {
        !self.is_fresh
            && self
                .stamp(file)
                .is_some_and(|stamp| stamp.size == record.size && stamp.modified == record.modified)
    }

    /// Size and times of a file of the output.
    pub fn stamp(&self, file: &str) -> Option<Stamp> {
        stamp(&self.root.join(file))
    }

    /// The bytes of a file of the output.
    pub fn read(&self, file: &str) -> Option<Vec<u8>> {
        fs::read(self.root.join(file)).ok()
    }

    /// Stages a file unless the output has the same bytes already.
    ///
    /// # Errors
    /// When the stage cannot be written.
    pub fn put(&self, file: &str, bytes: &[u8]) -> Result<Put, Diagnostic> {
        if !self.is_fresh {
            let path = self.root.join(file);
            let same_size = fs::metadata(&path).is_ok_and(|metadata| metadata.len() == bytes.len() as u64);
            if same_size && fs::read(&path).is_ok_and(|existing| existing == bytes) {
                return Ok(Put::Same);
            }
        }
        let path = self.stage.join(file);
        let file = write(&path, bytes).map_err(|error| failed(&path, &error))?;
        staged(&path, file.metadata())
    }

    /// Stages a file by linking or copying, unless the output has it with the same size and content address.
    ///
    /// # Errors
    /// When the source cannot be read or the stage not be written.
    pub fn link(&self, file: &str, source: &Path) -> Result<Put, Diagnostic> {
        let size = fs::metadata(source)
            .map_err(|error| failed(source, &error))?
            .len();
        if !self.is_fresh && self.stamp(file).is_some_and(|stamp| stamp.size == size) {
            return Ok(Put::Same);
        }
        let path = self.stage.join(file);
        let parent = path.parent().unwrap_or(&self.stage);
        let linked = fs::create_dir_all(parent)
            .and_then(|()| fs::hard_link(source, &path).or_else(|_| fs::copy(source, &path).map(|_| ())));
        linked.map_err(|error| failed(&path, &error))?;
        staged(&path, fs::metadata(&path))
    }

    /// Every file of the output, for a build that remembers nothing.
    pub fn files(&self) -> BTreeSet<String> {
        let walk = walkdir::WalkDir::new(&self.root).into_iter().flatten();
        let files = walk.filter(|item| item.file_type().is_file());
        let relative = files.filter_map(|item| {
            let path = item.path().strip_prefix(&self.root).ok()?;
            Some(path.to_string_lossy().into_owned())
        });
        relative.filter(|path| path != MARKER).collect()
    }

    /// Moves the stage into place and removes what is stale. `written` are the staged files.
    ///
    /// # Errors
    /// When a file cannot be moved or removed; then some are new and some old, and the next build mends that.
    pub fn commit(self, mut written: Vec<String>, stale: BTreeSet<String>) -> Result<Changes, Diagnostic> {
        written.sort();
        if self.is_fresh {
            // An empty directory in the way would make the rename fail on some systems.
            let _ = fs::remove_dir(&self.root);
            fs::rename(&self.stage, &self.root).map_err(|error| failed(&self.root, &error))?;
            return Ok(Changes {
                written,
                removed: Vec::new(),
            });
        }
        let moved: Result<Vec<()>, Diagnostic> = written
            .par_iter()
            .map(|file| self.move_into_place(file))
            .collect();
        moved?;
        for file in &stale {
            self.remove(file)?;
        }
        let _ = fs::remove_dir_all(&self.stage);
        Ok(Changes {
            written,
            removed: stale.into_iter().collect(),
        })
    }

    /// Forgets the stage; the output stays as it was.
    pub fn abandon(self) {
        let _ = fs::remove_dir_all(&self.stage);
    }

    fn move_into_place(&self, file: &str) -> Result<(), Diagnostic> {
        let (from, to) = (self.stage.join(file), self.root.join(file));
        if fs::rename(&from, &to).is_ok() {
            return Ok(());
        }
        let parent = to.parent().unwrap_or(&self.root);
        // A page may take the place of a directory, and the other way round.
        if to.is_dir() {
            fs::remove_dir_all(&to).map_err(|error| failed(&to, &error))?;
        }
        let made = fs::create_dir_all(parent).or_else(|_| {
            let mut blocked = parent;
            while !blocked.exists() {
                blocked = blocked.parent().unwrap_or(&self.root);
            }
            fs::remove_file(blocked).and_then(|()| fs::create_dir_all(parent))
        });
        made.and_then(|()| fs::rename(&from, &to))
            .map_err(|error| failed(&to, &error))
    }

    fn remove(&self, file: &str) -> Result<(), Diagnostic> {
        let path = self.root.join(file);
        match fs::remove_file(&path) {
            Ok(()) => {}
            // Already gone, or a directory stands there now.
            Err(error) if error.kind() == io::ErrorKind::NotFound || path.is_dir() => {}
            Err(_) if path.parent().is_some_and(Path::is_file) => {}
            Err(error) => return Err(failed(&path, &error)),
        }
        let mut directory = path.parent();
        while let Some(parent) = directory.filter(|parent| *parent != self.root) {
            if fs::remove_dir(parent).is_err() {
                break;
            }
            directory = parent.parent();
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<fs::File> {
    // Nearly every page has a directory of its own, so trying without would fail most of the time.
    if path.file_name().is_some_and(|name| name == "index.html") {
        let _ = fs::create_dir(path.parent().unwrap_or(path));
    }
    let mut file = match fs::File::create(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            fs::File::create(path)?
        }
        result => result?,
    };
    file.write_all(bytes)?;
    Ok(file)
}

fn staged(path: &Path, metadata: io::Result<fs::Metadata>) -> Result<Put, Diagnostic> {
    let stamp = metadata
        .map_err(|error| failed(path, &error))
        .map(|metadata| Stamp::of(&metadata))?;
    Ok(Put::Staged {
        size: stamp.size,
        modified: stamp.modified,
    })
}

/// Size and times of a file.
pub(crate) fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(Stamp::of(&metadata))
}

/// Stages of builds that were killed.
fn remove_old_stages(parent: &Path, prefix: &str) {
    let Ok(items) = fs::read_dir(parent) else { return };
    for item in items.flatten() {
        if item.file_name().to_string_lossy().starts_with(prefix) {
            let _ = fs::remove_dir_all(item.path());
        }
    }
}

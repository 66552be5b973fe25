//! What a site and its surroundings are to the program.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::diag::Diagnostic;
use crate::history::Commits;

/// What a file looks like from outside: enough to see that it has not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Time of the last modification, nanoseconds since 1970.
    pub modified: i64,
    /// Time of the last change of the inode, nanoseconds since 1970: programs can set `modified` back, not this.
    pub changed: i64,
    /// The inode, so that a file moved over another is seen.
    pub inode: u64,
}

impl Stamp {
    /// The stamp of a file that was looked at.
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            size: metadata.len(),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }
}

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path.
    pub path: Arc<str>,
    /// Its size and times.
    pub stamp: Stamp,
}

/// The files of a directory and what was wrong with some of them.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// All files below the directory, ordered by path.
    pub files: Vec<File>,
    /// Symbolic links that lead outside, names that are not UTF-8, unreadable directories.
    pub diagnostics: Vec<Diagnostic>,
}

/// A site and its surroundings.
pub trait World: Sync {
    /// Every file below `directory`; an absent directory has none.
    fn list(&self, directory: &str) -> Listing;

    /// The size and times of one file.
    fn stamp(&self, path: &str) -> Option<Stamp>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// What the system says when the file is absent or unreadable.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// The first bytes of a file, at most `most`.
    ///
    /// # Errors
    /// What the system says when the file is absent or unreadable.
    fn head(&self, path: &str, most: usize) -> io::Result<Vec<u8>>;

    /// Size and times of the attachment with this SHA-256 (64 lower-case hexadecimal digits), if the store has it.
    fn blob(&self, store: &str, sha256: &str) -> Option<Stamp>;

    /// The bytes of an attachment.
    ///
    /// # Errors
    /// What the system says when the attachment is absent or unreadable.
    fn read_blob(&self, store: &str, sha256: &str) -> io::Result<Vec<u8>>;

    /// The SHA-256 of an attachment's bytes.
    ///
    /// # Errors
    /// What the system says when the attachment is absent or unreadable.
    fn hash_blob(&self, store: &str, sha256: &str) -> io::Result<[u8; 32]> {
        Ok(Sha256::digest(self.read_blob(store, sha256)?).into())
    }

    /// The commits that touched the content. Returns `None` if there is no repository to ask. Of what is `known`
    /// from an earlier call only newer commits are read.
    fn commits(&self, known: Option<&Commits>) -> Option<Commits>;

    /// The present moment. The one clock of the program.
    fn now(&self) -> Timestamp;
}

/// Where an attachment lies in a store: two digits as a directory, then the whole checksum.
pub(crate) fn blob_path(store: &str, sha256: &str) -> String {
    let prefix = sha256.get(..2).unwrap_or("00");
    format!("{store}/{prefix}/{sha256}")
}

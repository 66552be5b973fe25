//! What the last build found out, so that this one need not.
//!
//! One file, `.jixia/cache`, safe to delete. It begins with the identity of the program that wrote it and a checksum;
//! whatever does not fit is ignored and everything is built anew. Nothing is taken from it by a name alone: every
//! record carries the stamp or the hash of what it was made from.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::content::Entry;
use crate::diag::Diagnostic;
use crate::hash::Hash;
use crate::history::Commits;
use crate::media;
use crate::output::OutputRecord;
use crate::world::Stamp;

/// Directory of the cache below the site's root.
pub const DIRECTORY: &str = ".jixia";
const FILE: &str = "cache";
/// Below [`DIRECTORY`]: smaller copies of pictures. Who made them does not matter, so they survive another program.
const THUMBNAILS: &str = "thumbnails";
/// Who wrote the file. Two programs of different sources never read each other's.
const IDENTITY: &str = concat!(
    "jixia ",
    env!("CARGO_PKG_VERSION"),
    " ",
    env!("JIXIA_BUILD"),
    "\n"
);

/// What was read from a content file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Size and times of the file then.
    pub stamp: Stamp,
    /// Hash of its bytes.
    pub hash: Hash,
    /// Hash of what reading depends on: schema, time zone, strictness.
    pub settings: Hash,
    /// Hash of the entry without its body and the places of things in the file: what other pages may show of it.
    pub meaning: Hash,
    /// The entry, if there was one.
    pub entry: Option<Arc<Entry>>,
    /// What was wrong with the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// An output directory as a build left it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OutputState {
    /// By path of the output file.
    pub records: FxHashMap<String, OutputRecord>,
    /// State of the search index.
    pub search: Vec<u8>,
    /// Hash of everything that the pages depend on, bodies left out.
    pub facts: Hash,
    /// [`Cache::sources_key`] of that build.
    pub sources_key: Hash,
    /// The moment of that build, nanoseconds since 1970.
    pub now: i64,
    /// The moment at which the output, or what is said of it, changes without an edit.
    pub until: Option<i64>,
}

impl OutputState {
    /// Whether nothing was due between that build and `now`.
    pub fn covers(&self, now: Timestamp) -> bool {
        let now = nanoseconds(now);
        self.now <= now && self.until.is_none_or(|until| now < until)
    }
}

/// Nanoseconds since 1970.
pub fn nanoseconds(timestamp: Timestamp) -> i64 {
    i64::try_from(timestamp.as_nanosecond()).unwrap_or(i64::MAX)
}

/// Held while a site is built, so that two builds of it do not get into each other's way.
#[derive(Debug)]
pub struct Lock {
    _file: Option<fs::File>,
    /// When it was taken, by the clock of the file system: that is the clock of the stamps.
    began: Option<i64>,
}

impl Lock {
    /// Waits for other builds of the site. Where the directory cannot be written there is no lock to take, and no
    /// cache to damage.
    pub fn take(root: &Path) -> Self {
        let directory = root.join(DIRECTORY);
        let open = || {
            fs::create_dir_all(&directory)?;
            let file = fs::File::options()
                .create(true)
                .append(true)
                .open(directory.join("lock"))?;
            file.lock()?;
            Ok::<_, io::Error>(file)
        };
        let file = open().ok();
        let probe = file
            .as_ref()
            .and_then(|_| tempfile::NamedTempFile::new_in(&directory).ok());
        let began = probe
            .and_then(|probe| crate::output::stamp(probe.path()))
            .map(|stamp| stamp.changed);
        Self { _file: file, began }
    }
}

/// Everything that is remembered.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Cache {
    /// By path of the content file.
    pub sources: FxHashMap<Arc<str>, SourceRecord>,
    /// Files beside Markdown and attachments.
    pub media: media::Memo,
    /// By output directory, then by path of the output file.
    pub outputs: BTreeMap<PathBuf, OutputState>,
    /// Hash of the paths and bytes of all content files.
    pub sources_key: Hash,
    /// Commits that touched the content, where pages show its history.
    pub commits: Option<Commits>,
    /// Stamps of files that changed at this instant (nanoseconds since 1970) or later cannot be trusted: another
    /// change within the same tick of the clock would look the same.
    pub trusted_before: i64,
    /// Directory in which smaller copies of pictures are kept; `None` for a build that remembers nothing.
    #[serde(skip)]
    pub thumbnails: Option<PathBuf>,
}

impl Cache {
    /// Reads the cache of a site. It is empty if it is missing, damaged or another program's.
    pub fn load(root: &Path) -> Self {
        Self {
            thumbnails: Some(root.join(DIRECTORY).join(THUMBNAILS)),
            ..read(root, FILE).unwrap_or_default()
        }
    }

    /// Writes the cache in one step: readers see the old one or the new one.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn save(&self, root: &Path) -> io::Result<()> {
        write(root, FILE, self)
    }

    /// Sets which stamps the next build may trust: those well before this build began.
    pub fn trust_before(&mut self, lock: &Lock) {
        /// Clocks of file systems tick in steps of up to 10 ms.
        const TICK: i64 = 20_000_000;
        self.trusted_before = lock.began.map_or(i64::MIN, |began| began.saturating_sub(TICK));
    }

    /// Whether a file with this stamp is sure to have the bytes that a record with the same stamp was made from.
    pub fn trusts(&self, known: Stamp, stamp: Stamp) -> bool {
        known == stamp && stamp.changed < self.trusted_before
    }
}

/// Reads a file of the cache directory, unless it is absent, damaged or another program's.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(root: &Path, name: &str) -> Option<T> {
    let bytes = fs::read(root.join(DIRECTORY).join(name)).ok()?;
    let (checksum, payload) = bytes.strip_prefix(IDENTITY.as_bytes())?.split_at_checked(32)?;
    if blake3::hash(payload).as_bytes() != checksum {
        return None;
    }
    postcard::from_bytes(payload).ok()
}

/// Writes a file of the cache directory in one step.
///
/// # Errors
/// When the directory cannot be written.
pub(crate) fn write<T: Serialize>(root: &Path, name: &str, value: &T) -> io::Result<()> {
    let directory = root.join(DIRECTORY);
    fs::create_dir_all(&directory)?;
    let mut file = tempfile::NamedTempFile::new_in(&directory)?;
    file.write_all(IDENTITY.as_bytes())?;
    file.write_all(&[0; blake3::OUT_LEN])?;
    let writer = Checked {
        file: file.as_file_mut(),
        hasher: blake3::Hasher::new(),
    };
    // Written as it is made: a buffer that grows to the whole would be copied and cleared over and over.
    let mut writer = io::BufWriter::with_capacity(BUFFER, writer);
    postcard::to_io(value, &mut writer).map_err(io::Error::other)?;
    let checksum = writer
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .hasher
        .finalize();
    file.seek(io::SeekFrom::Start(IDENTITY.len() as u64))?;
    file.write_all(checksum.as_bytes())?;
    file.persist(directory.join(name))?;
    Ok(())
}

/// Bytes written at once.
const BUFFER: usize = 1 << 18;

/// A file and the checksum of what is written to it.
struct Checked<'a> {
    file: &'a mut fs::File,
    hasher: blake3::Hasher,
}

impl io::Write for Checked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_trusted_when_they_are_old_enough() {
        let stamp = |changed| Stamp {
            size: 5,
            modified: 70,
            changed,
            inode: 9,
        };
        let cache = Cache {
            trusted_before: 100,
            ..Cache::default()
        };
        let cases = [
            (stamp(99), stamp(99), true),
            // Another change within the same tick would look the same.
            (stamp(100), stamp(100), false),
            (stamp(101), stamp(101), false),
            (stamp(98), stamp(99), false),
            (
                stamp(99),
                Stamp {
                    inode: 8,
                    ..stamp(99)
                },
                false,
            ),
            (stamp(99), Stamp { size: 6, ..stamp(99) }, false),
        ];
        for (known, now, expected) in cases {
            assert_eq!(cache.trusts(known, now), expected, "{known:?} {now:?}");
        }
    }

    #[test]
    fn a_damaged_file_is_not_read() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "x", &"remembered").unwrap();
        assert_eq!(read(root.path(), "x"), Some("remembered".to_owned()));
        let path = root.path().join(DIRECTORY).join("x");
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert_eq!(read::<String>(root.path(), "x"), None, "byte {at}");
        }
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(read::<String>(root.path(), "x"), None);
    }

    #[test]
    fn without_a_lock_no_stamp_is_trusted() {
        let lock = |began| Lock { _file: None, began };
        let mut cache = Cache::default();
        cache.trust_before(&lock(Some(1_000_000_000)));
        assert!(cache.trusted_before < 1_000_000_000);
        cache.trust_before(&lock(None));
        assert_eq!(cache.trusted_before, i64::MIN);
    }
}

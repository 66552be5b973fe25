//! Files by the SHA-256 of their bytes, and files on their way there.
//!
//! A file arrives piece by piece in a stage named after its upload; once whole it is moved to where its checksum says.
//! The stage's length is the truth of how far an upload has come, so that a restart loses nothing.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// Where files lie.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: PathBuf,
    stage: PathBuf,
    /// What comes into the store and what goes out of it do so one after another.
    turn: Arc<Mutex<()>>,
}

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;

/// A file that grows, and the checksum of what it holds so far.
#[derive(Debug)]
pub struct Stage {
    file: File,
    hasher: Sha256,
    size: u64,
}

impl Stage {
    /// Bytes there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    /// When the disk is full or fails; what is on disk then still counts.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Waits until what was added is safe from a power cut.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

impl Blobs {
    /// A store below `store`, with stages below `stage`, both made when absent. They must be on one file system.
    ///
    /// # Errors
    /// When a directory cannot be made.
    pub fn open(store: &Path, stage: &Path) -> io::Result<Self> {
        fs::create_dir_all(store)?;
        fs::create_dir_all(stage)?;
        Ok(Self {
            store: store.to_path_buf(),
            stage: stage.to_path_buf(),
            turn: Arc::default(),
        })
    }

    /// Where a file lies or would lie. Only lower-case hexadecimal comes into paths.
    pub fn path(&self, sha256: &str) -> Option<PathBuf> {
        let is_checksum = sha256.len() == 64
            && sha256
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_checksum.then(|| self.store.join(&sha256[..2]).join(sha256))
    }

    /// Whether a file is there.
    pub fn holds(&self, sha256: &str) -> bool {
        self.path(sha256).is_some_and(|path| path.is_file())
    }

    fn stage_path(&self, upload: &str) -> PathBuf {
        self.stage.join(upload)
    }

    /// Bytes of an upload that are there.
    pub fn staged(&self, upload: &str) -> u64 {
        fs::metadata(self.stage_path(upload)).map_or(0, |metadata| metadata.len())
    }

    /// Opens a stage to add to it. What it holds is read for the checksum.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn stage(&self, upload: &str) -> io::Result<Stage> {
        let path = self.stage_path(upload);
        let is_new = !path.exists();
        let mut options = File::options();
        let options = options.create(true).read(true).write(true).truncate(false);
        let mut file = options.open(path)?;
        if is_new {
            // What was acknowledged must be found by its name.
            File::open(&self.stage)?.sync_all()?;
        }
        let mut hasher = Sha256::new();
        let size = each_piece(&mut file, |piece| hasher.update(piece))?;
        file.seek(SeekFrom::Start(size))?;
        Ok(Stage { file, hasher, size })
    }

    /// The first bytes of a stage.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn head(&self, upload: &str, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.stage_path(upload))?
            .take(most as u64)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Where the stage of an upload lies, to look into it.
    pub fn staged_path(&self, upload: &str) -> PathBuf {
        self.stage_path(upload)
    }

    /// Gives a whole stage its place in the store, and its checksum. Bytes that are there already are not kept twice; they
    /// count as new again, so that nobody collects them before it is written down that they are in use. A file of other
    /// bytes in their place is replaced. The stage stays until [`Blobs::discard`]: whoever is told that all bytes came must
    /// be able to ask for them again until that is written down.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn keep(&self, upload: &str, stage: Stage) -> io::Result<String> {
        stage.file.sync_all()?;
        let sha256 = HEXLOWER.encode(&stage.hasher.finalize());
        let directory = self.store.join(&sha256[..2]);
        make_directory(&directory)?;
        let (from, to) = (self.stage_path(upload), directory.join(&sha256));
        // Reading takes long and needs no turn: what is whole stays whole.
        let is_whole = match is_of(&to, &sha256) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            known => known?,
        };
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_whole {
            tracing::warn!(sha256, "a damaged file is replaced by the bytes that came again");
            let new = directory.join(format!(".new-{upload}"));
            fs::hard_link(&from, &new)?;
            fs::rename(new, &to)?;
        }
        match fs::hard_link(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                File::open(&to)?.set_modified(SystemTime::from(crate::clock::instant()))?;
            }
            linked => linked?,
        }
        drop(turn);
        File::open(directory)?.sync_all()?;
        Ok(sha256)
    }

    /// When a file of the store changed, and its bytes. Returns `None` if it is missing.
    pub fn stamp(&self, sha256: &str) -> Option<(SystemTime, u64)> {
        let metadata = fs::metadata(self.path(sha256)?).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    }

    /// Whether the bytes of a file of the store are what its name says; not if it is missing.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn is_whole(&self, sha256: &str) -> io::Result<bool> {
        match self.path(sha256) {
            Some(path) if path.is_file() => is_of(&path, sha256),
            _ => Ok(false),
        }
    }

    /// Makes a file of the store look as if it had changed, for those who read only what has. Does nothing if it is missing.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn mark(&self, sha256: &str) -> io::Result<()> {
        let path = self.path(sha256).filter(|path| path.is_file());
        match path {
            Some(path) => File::open(path)?.set_modified(SystemTime::from(crate::clock::instant())),
            None => Ok(()),
        }
    }

    /// Checksums of files that came into the store, or came again, before a moment.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn older_than(&self, moment: SystemTime) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for directory in fs::read_dir(&self.store)? {
            let directory = directory?;
            if !directory.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(directory.path())? {
                let file = file?;
                let name = file.file_name().to_string_lossy().into_owned();
                let is_blob = self.path(&name).is_some_and(|path| path == file.path());
                if is_blob && file.metadata()?.modified()? < moment {
                    found.push(name);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// Removes a file from the store unless its bytes came, or came again, since a moment. Returns whether it did.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn remove(&self, sha256: &str, moment: SystemTime) -> io::Result<bool> {
        let Some(path) = self.path(sha256) else {
            return Ok(false);
        };
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match fs::metadata(&path) {
            Ok(metadata) if metadata.modified()? < moment => fs::remove_file(&path).map(|()| true),
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Uploads whose stages nobody added to since a moment.
    ///
    /// # Errors
    /// When the stages cannot be read.
    pub fn stages_older_than(&self, moment: SystemTime) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for file in fs::read_dir(&self.stage)? {
            let file = file?;
            if file.file_type()?.is_file() && file.metadata()?.modified()? < moment {
                found.push(file.file_name().to_string_lossy().into_owned());
            }
        }
        Ok(found)
    }

    /// Forgets a stage. Does nothing if it is missing.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn discard(&self, upload: &str) -> io::Result<()> {
        match fs::remove_file(self.stage_path(upload)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Files whose bytes are not what their names say.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn damaged(&self) -> io::Result<Vec<String>> {
        let mut damaged = Vec::new();
        for directory in fs::read_dir(&self.store)? {
            let directory = directory?.path();
            if !directory.is_dir() {
                continue;
            }
            for file in fs::read_dir(directory)? {
                let file = file?;
                let name = file.file_name().to_string_lossy().into_owned();
                if !is_of(&file.path(), &name)? {
                    damaged.push(name);
                }
            }
        }
        damaged.sort();
        Ok(damaged)
    }
}

/// Whether the bytes of a file have a checksum.
fn is_of(path: &Path, sha256: &str) -> io::Result<bool> {
    let mut hasher = Sha256::new();
    each_piece(&mut File::open(path)?, |piece| hasher.update(piece))?;
    Ok(HEXLOWER.encode(&hasher.finalize()) == sha256)
}

/// Makes a directory if it is absent, so that a power cut leaves it there.
fn make_directory(directory: &Path) -> io::Result<()> {
    match fs::create_dir(directory) {
        Ok(()) => File::open(directory.parent().unwrap_or(directory))?.sync_all(),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn each_piece(file: &mut File, mut take: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut piece = vec![0; PIECE];
    let mut size = 0;
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(size),
            Ok(read) => {
                take(&piece[..read]);
                size += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_file_survives_a_restart_half_way_and_is_kept_once() {
        let directory = tempfile::tempdir().unwrap();
        let open = || Blobs::open(&directory.path().join("blob"), &directory.path().join("stage")).unwrap();
        let mut stage = open().stage("u").unwrap();
        stage.add(b"ab").unwrap();
        drop(stage);
        let blobs = open();
        assert_eq!((blobs.staged("u"), blobs.staged("other")), (2, 0));
        let mut stage = blobs.stage("u").unwrap();
        stage.add(b"c").unwrap();
        assert_eq!(blobs.keep("u", stage).unwrap(), ABC);
        assert_eq!(blobs.staged("u"), 3, "until it is written down");
        blobs.discard("u").unwrap();
        assert!(blobs.holds(ABC) && !blobs.holds("../../etc/passwd"));
        let mut again = blobs.stage("v").unwrap();
        again.add(b"abc").unwrap();
        assert_eq!(blobs.keep("v", again).unwrap(), ABC);
        blobs.discard("v").unwrap();
        blobs.discard("v").unwrap();
        assert_eq!(blobs.staged("v"), 0);
        assert!(blobs.damaged().unwrap().is_empty());
        fs::write(blobs.path(ABC).unwrap(), "abd").unwrap();
        assert_eq!(blobs.damaged().unwrap(), [ABC]);
    }

    fn kept(blobs: &Blobs, upload: &str, bytes: &[u8]) -> String {
        let mut stage = blobs.stage(upload).unwrap();
        stage.add(bytes).unwrap();
        blobs.keep(upload, stage).unwrap()
    }

    #[test]
    fn bytes_that_come_again_are_never_lost_to_who_collects_them() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&directory.path().join("blob"), &directory.path().join("stage")).unwrap();
        let path = blobs.path(ABC).unwrap();
        let is_over = std::sync::atomic::AtomicBool::new(false);
        let mut collected = 0;
        std::thread::scope(|scope| {
            let collector = scope.spawn(|| {
                let mut removed = 0;
                while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                    // What has not come again for an hour was used by nobody when it was asked.
                    let hour = std::time::Duration::from_secs(3600);
                    removed += u32::from(
                        blobs
                            .remove(ABC, SystemTime::from(crate::clock::instant()) - hour)
                            .unwrap(),
                    );
                }
                removed
            });
            for round in 0..400 {
                // Nobody has used it for long.
                let old = SystemTime::from(crate::clock::instant()) - std::time::Duration::from_secs(86_400);
                if let Ok(file) = File::open(&path) {
                    file.set_modified(old).unwrap();
                }
                let upload = format!("u{round}");
                assert_eq!(kept(&blobs, &upload, b"abc"), ABC);
                blobs.discard(&upload).unwrap();
                assert_eq!(fs::read(&path).unwrap(), b"abc", "round {round}");
            }
            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
            collected = collector.join().unwrap();
        });
        assert!(collected > 0, "the collector came into it");
    }

    #[test]
    fn a_damaged_file_is_replaced_by_the_bytes_that_come_again() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&directory.path().join("blob"), &directory.path().join("stage")).unwrap();
        kept(&blobs, "u", b"abc");
        blobs.discard("u").unwrap();
        fs::write(blobs.path(ABC).unwrap(), "abd").unwrap();
        kept(&blobs, "v", b"abc");
        assert_eq!(fs::read(blobs.path(ABC).unwrap()).unwrap(), b"abc");
    }
}

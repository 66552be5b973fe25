//! Files by the SHA-256 of their bytes, and files on their way there.
//!
//! A file arrives piece by piece in a stage named after its upload; once whole it is moved to where its checksum says.
//! The stage's length is the truth of how far an upload has come, so that a restart loses nothing.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// Where files lie.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: PathBuf,
    stage: PathBuf,
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
        let options = File::options()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(self.stage_path(upload));
        let mut file = options?;
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

    /// Gives a whole stage its place in the store, and its checksum. Bytes that are there already are not kept twice.
    /// The stage stays until [`Blobs::discard`]: whoever is told that all bytes came must be able to ask for them
    /// again until that is written down.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn keep(&self, upload: &str, stage: Stage) -> io::Result<String> {
        stage.file.sync_all()?;
        let sha256 = HEXLOWER.encode(&stage.hasher.finalize());
        let directory = self.store.join(&sha256[..2]);
        fs::create_dir_all(&directory)?;
        match fs::hard_link(self.stage_path(upload), directory.join(&sha256)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        File::open(directory)?.sync_all()?;
        Ok(sha256)
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
                let mut hasher = Sha256::new();
                each_piece(&mut File::open(file.path())?, |piece| hasher.update(piece))?;
                if HEXLOWER.encode(&hasher.finalize()) != name {
                    damaged.push(name);
                }
            }
        }
        damaged.sort();
        Ok(damaged)
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
}

//! A site on disk.

use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::git::Changed;
use super::{File, Listing, Stamp, World, blob_path, git};
use crate::diag::{Code, Diagnostic, Handling, Part};
use crate::history::Commits;

/// A directory with `site.toml` and `content/`.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    now: Timestamp,
}

impl Disk {
    /// Opens a site's root.
    ///
    /// # Errors
    /// When the directory is absent.
    pub fn open(root: &Path, now: Timestamp) -> io::Result<Self> {
        Ok(Self {
            root: fs::canonicalize(root)?,
            now,
        })
    }

    /// The root's absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The text files that were added or changed since a commit. Returns `None` where git does not know it.
    pub fn changed_since(&self, commit: &str) -> Option<Vec<Changed>> {
        git::changed(&self.root, commit)
    }

    /// The commits that touched anything below the root, of a source that is no site. Returns `None` without a repository.
    pub fn all_commits(&self) -> Option<Commits> {
        git::commits(&self.root, ".", None)
    }

    fn absolute(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Reads one directory, then its subdirectories in parallel; a site of 100,000 entries is mostly this.
    fn walk(&self, directory: &Path, relative: &str) -> Listing {
        let mut listing = Listing::default();
        let mut subdirectories = Vec::new();
        let items = match fs::read_dir(directory) {
            Ok(items) => items,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return listing,
            Err(error) => {
                listing.diagnostics.push(unreadable(relative, &error));
                return listing;
            }
        };
        let mut names = Vec::new();
        for item in items {
            let item = match item {
                Ok(item) => item,
                Err(error) => {
                    listing.diagnostics.push(unreadable(relative, &error));
                    continue;
                }
            };
            match item.file_name().into_string() {
                Ok(name) if name.starts_with('.') => {}
                Ok(name) => names.push((name, item.file_type().ok())),
                Err(name) => listing.diagnostics.push(
                    Diagnostic::new(Code::BadFileName)
                        .handled(Handling::LeftOut(Part::File))
                        .in_file(&Arc::from(relative))
                        .with("name", name.to_string_lossy()),
                ),
            }
        }
        let stat =
            |(name, kind): &(String, Option<fs::FileType>)| self.look(directory, relative, name, *kind);
        let seen: Vec<Seen> = if names.len() > 256 {
            names.par_iter().map(stat).collect()
        } else {
            names.iter().map(stat).collect()
        };
        for seen in seen {
            match seen {
                Seen::File(file) => listing.files.push(file),
                Seen::Directory(path, relative) => subdirectories.push((path, relative)),
                Seen::Wrong(diagnostic) => listing.diagnostics.push(*diagnostic),
            }
        }
        let below: Vec<Listing> = subdirectories
            .par_iter()
            .map(|(path, relative)| self.walk(path, relative))
            .collect();
        for part in below {
            listing.files.extend(part.files);
            listing.diagnostics.extend(part.diagnostics);
        }
        listing
    }

    fn look(&self, directory: &Path, relative: &str, name: &str, kind: Option<fs::FileType>) -> Seen {
        let path = directory.join(name);
        let relative = format!("{relative}/{name}");
        let is_link = kind.is_none_or(|kind| kind.is_symlink());
        if kind.is_some_and(|kind| kind.is_dir()) {
            return Seen::Directory(path, relative);
        }
        if is_link {
            match fs::canonicalize(&path) {
                // A linked directory is left out: it could lead in circles.
                Ok(target) if self.is_source(&target) && target.is_file() => {}
                Ok(target) => {
                    let target = target
                        .file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned();
                    let diagnostic =
                        Diagnostic::new(Code::OutsideRoot).in_file(&Arc::from(relative.as_str()));
                    return Seen::Wrong(Box::new(diagnostic.with("target", target)));
                }
                Err(error) => return Seen::Wrong(Box::new(unreadable(&relative, &error))),
            }
        }
        match fs::metadata(&path) {
            // Sockets, pipes and devices have no end, or none that comes by itself.
            Ok(metadata) if !metadata.is_file() => {
                Seen::Wrong(Box::new(unreadable(&relative, &not_regular())))
            }
            Ok(metadata) => Seen::File(File {
                path: Arc::from(relative),
                stamp: Stamp::of(&metadata),
            }),
            Err(error) => Seen::Wrong(Box::new(unreadable(&relative, &error))),
        }
    }
}

impl Disk {
    /// Whether a path that leads through no link is one of the site's sources: git can carry a link to anywhere.
    fn is_source(&self, canonical: &Path) -> bool {
        canonical.starts_with(&self.root)
    }

    /// Opens a source; returns its size in bytes too. What is looked at is what is read, whatever lies at the path meanwhile.
    fn open_source(&self, path: &str) -> io::Result<(fs::File, u64)> {
        let path = self.absolute(path);
        match open_regular(&path, libc::O_NOFOLLOW) {
            Err(error) if error.raw_os_error() == Some(libc::ELOOP) => {
                let target = fs::canonicalize(path)?;
                if !self.is_source(&target) {
                    return Err(io::Error::other("a link that leads out of the site"));
                }
                open_regular(&target, libc::O_NOFOLLOW)
            }
            result => result,
        }
    }
}

fn not_regular() -> io::Error {
    io::Error::other("not a regular file")
}

/// Opens a file unless it is a pipe, a device or the like; never waits for one. Returns its size in bytes too.
fn open_regular(path: &Path, flags: i32) -> io::Result<(fs::File, u64)> {
    let mut options = fs::OpenOptions::new();
    let file = options
        .read(true)
        .custom_flags(libc::O_NONBLOCK | flags)
        .open(path)?;
    let metadata = file.metadata()?;
    match metadata.is_file() {
        true => Ok((file, metadata.len())),
        false => Err(not_regular()),
    }
}

enum Seen {
    File(File),
    Directory(PathBuf, String),
    Wrong(Box<Diagnostic>),
}

fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::Unreadable)
        .in_file(&Arc::from(path))
        .with("what", path)
        .with("reason", error)
}

impl World for Disk {
    fn list(&self, directory: &str) -> Listing {
        let mut listing = self.walk(&self.absolute(directory), directory);
        listing.files.sort_by(|left, right| left.path.cmp(&right.path));
        listing
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        fs::metadata(self.absolute(path))
            .ok()
            .filter(Metadata::is_file)
            .map(|metadata| Stamp::of(&metadata))
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let (mut file, size) = self.open_source(path)?;
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn head(&self, path: &str, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let (file, _) = self.open_source(path)?;
        file.take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn blob(&self, store: &str, sha256: &str) -> Option<Stamp> {
        self.stamp(&blob_path(store, sha256))
    }

    fn read_blob(&self, store: &str, sha256: &str) -> io::Result<Vec<u8>> {
        let (mut file, _) = open_regular(&self.absolute(&blob_path(store, sha256)), 0)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Piece by piece: a video has hundreds of megabytes.
    fn hash_blob(&self, store: &str, sha256: &str) -> io::Result<[u8; 32]> {
        let (mut file, _) = open_regular(&self.absolute(&blob_path(store, sha256)), 0)?;
        let mut hasher = Sha256::new();
        let mut piece = vec![0; 256 * 1024];
        loop {
            match file.read(&mut piece) {
                Ok(0) => return Ok(hasher.finalize().into()),
                Ok(read) => hasher.update(&piece[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn commits(&self, known: Option<&Commits>) -> Option<Commits> {
        git::commits(&self.root, "content", known)
    }

    fn now(&self) -> Timestamp {
        self.now
    }
}

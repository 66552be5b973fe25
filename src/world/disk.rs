//! A site on disk.

use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

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
                Ok(target) if target.starts_with(&self.root) && target.is_file() => {}
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
            Ok(metadata) => Seen::File(File {
                path: Arc::from(relative),
                stamp: Stamp::of(&metadata),
            }),
            Err(error) => Seen::Wrong(Box::new(unreadable(&relative, &error))),
        }
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
        fs::read(self.absolute(path))
    }

    fn head(&self, path: &str, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = fs::File::open(self.absolute(path))?;
        file.take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn blob(&self, store: &str, sha256: &str) -> Option<Stamp> {
        self.stamp(&blob_path(store, sha256))
    }

    fn read_blob(&self, store: &str, sha256: &str) -> io::Result<Vec<u8>> {
        self.read(&blob_path(store, sha256))
    }

    /// Piece by piece: a video has hundreds of megabytes.
    fn hash_blob(&self, store: &str, sha256: &str) -> io::Result<[u8; 32]> {
        let mut file = fs::File::open(self.absolute(&blob_path(store, sha256)))?;
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
        git::commits(&self.root, known)
    }

    fn now(&self) -> Timestamp {
        self.now
    }
}

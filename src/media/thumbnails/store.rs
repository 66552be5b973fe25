//! Where thumbnails are kept between two builds.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use tempfile::TempDir;

use super::super::is_video;
use super::{REVISION, Renditions, Thumbnail, make, poster};
use crate::hash::Hash;

/// A directory with one file for each picture: a checksum, then all its thumbnails. A picture that can have none has
/// a file that says so.
#[derive(Debug)]
pub struct Store {
    directory: Option<PathBuf>,
    /// Removed with everything in it when the build ends.
    _temporary: Option<TempDir>,
}

impl Store {
    /// Opens a directory; without one, or where it cannot be written, thumbnails live as long as the build.
    pub fn open(directory: Option<&Path>) -> Self {
        if let Some(directory) = directory.filter(|directory| fs::create_dir_all(directory).is_ok()) {
            return Self {
                directory: Some(directory.to_path_buf()),
                _temporary: None,
            };
        }
        let temporary = tempfile::tempdir().ok();
        Self {
            directory: temporary.as_ref().map(|temporary| temporary.path().to_path_buf()),
            _temporary: temporary,
        }
    }

    /// The thumbnails of a picture, or the poster of a video, made unless they are here. `bytes` are those that
    /// `source` is the hash of.
    pub fn get_or_make(&self, source: Hash, path: &str, bytes: &[u8]) -> Vec<Thumbnail> {
        self.get(source).unwrap_or_else(|| {
            let is_video = is_video(path);
            let thumbnails = if is_video {
                poster(path, bytes).into_iter().collect()
            } else {
                make(bytes)
            };
            // A program that is installed tomorrow may take a poster that cannot be taken today.
            if !(is_video && thumbnails.is_empty()) {
                // Those that cannot be kept are made again when they are needed.
                let _ = self.keep(source, &thumbnails);
            }
            thumbnails
        })
    }

    /// Which thumbnails a picture has, or a video as its poster, made unless they are here.
    pub fn renditions(&self, source: Hash, path: &str, bytes: &[u8]) -> Renditions {
        let thumbnails = self.get_or_make(source, path, bytes);
        Renditions {
            source,
            widths: thumbnails.iter().map(|thumbnail| thumbnail.width).collect(),
        }
    }

    /// The thumbnails of a picture, if they are here and whole.
    pub fn get(&self, source: Hash) -> Option<Vec<Thumbnail>> {
        let bytes = fs::read(self.directory.as_ref()?.join(name(source))).ok()?;
        let (checksum, payload) = bytes.split_at_checked(blake3::OUT_LEN)?;
        if blake3::hash(payload).as_bytes() != checksum {
            return None;
        }
        postcard::from_bytes(payload).ok()
    }

    fn keep(&self, source: Hash, thumbnails: &[Thumbnail]) -> io::Result<()> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        let payload = postcard::to_stdvec(thumbnails).map_err(io::Error::other)?;
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(blake3::hash(&payload).as_bytes())?;
        file.write_all(&payload)?;
        file.persist(directory.join(name(source)))?;
        Ok(())
    }

    /// Removes what belongs to none of these pictures, and what killed builds left.
    pub fn keep_only<'a>(&self, sources: impl Iterator<Item = &'a Hash>) {
        let names: BTreeSet<String> = sources.map(|source| name(*source)).collect();
        let items = self.directory.iter().flat_map(fs::read_dir).flatten().flatten();
        for item in items {
            if item.file_name().to_str().is_none_or(|name| !names.contains(name)) {
                // What stays is removed another time.
                let _ = fs::remove_file(item.path());
            }
        }
    }
}

fn name(source: Hash) -> String {
    format!("{}-{REVISION}", HEXLOWER.encode(&source))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_until_it_is_damaged_or_not_wanted() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(Some(directory.path()));
        let thumbnails = vec![Thumbnail {
            width: 480,
            bytes: vec![1, 2, 3],
        }];
        let (first, second) = ([1; 16], [2; 16]);
        store.keep(first, &thumbnails).unwrap();
        store.keep(second, &thumbnails).unwrap();
        assert_eq!(store.get(first), Some(thumbnails.clone()));
        store.keep_only([second].iter());
        assert_eq!((store.get(first), store.get(second)), (None, Some(thumbnails)));
        let path = directory.path().join(name(second));
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(store.get(second), None);
        fs::write(&path, &bytes[..7]).unwrap();
        assert_eq!(store.get(second), None);
    }

    #[test]
    fn no_picture_is_remembered_as_one_without_thumbnails() {
        let store = Store::open(None);
        assert_eq!(
            store.renditions([3; 16], "a.png", b"no picture").widths,
            Vec::<u32>::new()
        );
        assert_eq!(store.get([3; 16]), Some(Vec::new()));
    }
}

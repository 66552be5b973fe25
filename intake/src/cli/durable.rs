//! What a command made is on disk before it says so.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Waits until a directory with everything in it is safe from a power cut, what is in it first.
pub(super) fn sync_tree(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        for item in fs::read_dir(path)? {
            sync_tree(&item?.path())?;
        }
    }
    File::open(path)?.sync_all()
}

/// Waits until the name of a file in its directory is safe from a power cut.
pub(super) fn sync_name(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

//! Directories that are counted, listed and removed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::result::Result;

/// Number and bytes of the files below a directory.
pub(super) fn files_below(directory: &Path) -> Result<(usize, u64)> {
    let mut sum = (0, 0);
    for item in fs::read_dir(directory)? {
        let item = item?;
        let metadata = item.metadata()?;
        if metadata.is_dir() {
            let (files, bytes) = files_below(&item.path())?;
            sum = (sum.0 + files, sum.1 + bytes);
        } else {
            sum = (sum.0 + 1, sum.1 + metadata.len());
        }
    }
    Ok(sum)
}

/// Removes a directory if it is there.
pub(super) fn remove(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    Ok(())
}

/// The Markdown files below a directory, in order.
///
/// # Errors
/// Names a directory that cannot be read.
pub(super) fn markdown_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        let items = fs::read_dir(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        for item in items {
            let path = item?.path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    Ok(paths)
}

//! Writes a plan. Only new files, only below `content/`, never over one that is there.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use super::plan::{Content, Plan};
use super::report::{Note, NoteKind};
use crate::world::World;

/// What became of a plan.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Written {
    /// Files that are new.
    pub new: usize,
    /// Files that were there with the same bytes.
    pub same: usize,
    /// Files that were there with other bytes and stay as they are.
    pub others: Vec<Note>,
}

/// Writes the files of a plan below a site's root; with `is_dry` only says what would be. `source` gives what is copied.
///
/// # Errors
/// A file that cannot be written, with its path. Those before it are there; running again goes on.
pub fn write(
    plan: &Plan,
    root: &Path,
    source: &dyn World,
    is_dry: bool,
) -> Result<Written, (String, io::Error)> {
    let mut written = Written::default();
    for (path, content) in &plan.files {
        let bytes = match content {
            Content::Text(text) => Ok(text.clone().into_bytes()),
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::Copy(file) => source.read(file),
        };
        let bytes = bytes.map_err(|error| (path.clone(), error))?;
        let target = root.join(path);
        match fs::symlink_metadata(&target) {
            Ok(known) if known.is_file() && fs::read(&target).is_ok_and(|known| known == bytes) => {
                written.same += 1;
            }
            Ok(_) => written.others.push(Note {
                kind: NoteKind::Exists,
                file: Arc::from(path.as_str()),
                line: 0,
                detail: String::new(),
            }),
            Err(_) => {
                if !is_dry {
                    create(root, path, &bytes).map_err(|error| (path.clone(), error))?;
                }
                written.new += 1;
            }
        }
    }
    Ok(written)
}

/// Creates a file and its folders, through no link that leads elsewhere.
fn create(root: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let content = root.join("content");
    fs::create_dir_all(&content)?;
    let content = fs::canonicalize(content)?;
    let target = root.join(path);
    let folder = target.parent().unwrap_or(root);
    let mut known = folder;
    while !known.exists() {
        known = known.parent().unwrap_or(root);
    }
    if !fs::canonicalize(known)?.starts_with(&content) {
        return Err(io::Error::other("a link that leads out of content/"));
    }
    fs::create_dir_all(folder)?;
    File::create_new(target)?.write_all(bytes)
}

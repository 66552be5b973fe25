//! Bringing a backup back: made beside, looked at, written to disk and only then put where it belongs. What fails leaves
//! nothing behind.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::backup::{BLOBS, DATABASE, DUMP, REPOSITORY, STAGE};
use super::durable::sync_tree;
use super::hold::{self, Hold};
use super::output::print;
use super::{audit, postgres};
use crate::app::{Layout, open_store};
use crate::config::Config;
use crate::files::Blobs;
use crate::forge::Local;

/// What the directory is called in which everything is made, which lies in the data directory: that may be a file system
/// of its own.
const SCRATCH: &str = "restoring-";
/// What is moved in the end, in this order: without a repository no server begins.
const PARTS: [&str; 4] = [BLOBS, STAGE, DATABASE, REPOSITORY];
/// Bytes that end a tar file, all zero.
const END: usize = 1024;

/// Brings a backup back and checks that it is whole.
pub(super) async fn restore(config: &Config, file: &Path) -> Result<(), String> {
    let data = &config.data;
    let in_data = |error: io::Error| format!("{}: {error}", data.display());
    let _hold = Hold::take(data)?;
    must_be_empty(data)?;
    let scratch = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(data);
    let scratch = scratch.map_err(in_data)?;
    let events = bring_back(config, file, scratch.path()).await?;
    sync_tree(scratch.path()).map_err(in_data)?;
    put(scratch.path(), data).map_err(in_data)?;
    print(&format!(
        "restored: {events} events in the audit log, every file as its checksum says"
    ));
    Ok(())
}

/// Refuses a directory that holds anything, and removes what a restore left that was killed.
fn must_be_empty(data: &Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", data.display());
    let mut left = Vec::new();
    for item in fs::read_dir(data).map_err(failed)? {
        let item = item.map_err(failed)?;
        let name = item.file_name().to_string_lossy().into_owned();
        if name.starts_with(SCRATCH) {
            left.push(item.path());
        } else if name != hold::FILE {
            return Err(format!(
                "{}: not empty, {name} is there; nothing was changed. Name a directory that is empty or does not exist",
                data.display()
            ));
        }
    }
    for directory in left {
        fs::remove_dir_all(directory).map_err(failed)?;
    }
    Ok(())
}

/// Makes everything in a directory and looks at it. Returns how many events the audit log has.
async fn bring_back(config: &Config, file: &Path, scratch: &Path) -> Result<i64, String> {
    let failed = |what: &dyn std::fmt::Display| format!("{}: {what}; nothing was restored", file.display());
    unpack(file, scratch).map_err(|error| failed(&error))?;
    let layout = Layout {
        data: scratch.to_path_buf(),
    };
    let whole = Local::open(&layout.repository()).and_then(|repository| repository.verify());
    whole.map_err(|error| failed(&format!("its repository is damaged: {error}")))?;
    let blobs = Blobs::open(&scratch.join(BLOBS), &layout.stage()).map_err(|error| failed(&error))?;
    let damaged = blobs.damaged().map_err(|error| failed(&error))?;
    if !damaged.is_empty() {
        return Err(failed(&format!("files are damaged: {}", damaged.join(", "))));
    }
    restore_database(config, &layout)?;
    let config = Config {
        data: scratch.to_path_buf(),
        ..config.clone()
    };
    let store = open_store(&config).await?;
    let state = audit::state_of(&store).await;
    store.close().await;
    state.map(|(events, _)| events)
}

/// Unpacks a file that has its end: one that was cut between two members looks whole otherwise.
fn unpack(file: &Path, to: &Path) -> io::Result<()> {
    let mut archive = File::open(file)?;
    let cut = || io::Error::other("it is cut short, or no backup");
    let mut end = [1; END];
    archive.seek(SeekFrom::End(-(END as i64))).map_err(|_| cut())?;
    archive.read_exact(&mut end)?;
    if end.iter().any(|byte| *byte != 0) {
        return Err(cut());
    }
    archive.rewind()?;
    tar::Archive::new(archive).unpack(to)
}

/// Moves what was made to where it belongs, or back if that fails.
fn put(scratch: &Path, data: &Path) -> io::Result<()> {
    let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
    for part in PARTS {
        let (from, to) = (scratch.join(part), data.join(part));
        if !from.exists() {
            continue;
        }
        if let Err(error) = fs::rename(&from, &to) {
            for (from, to) in moved {
                fs::rename(to, from)?;
            }
            return Err(error);
        }
        moved.push((from, to));
    }
    File::open(data)?.sync_all()
}

/// Brings a dump of PostgreSQL into the database of the settings; an SQLite file lies where it belongs already.
fn restore_database(config: &Config, layout: &Layout) -> Result<(), String> {
    let (url, dump) = (&config.database.url, layout.data.join(DUMP));
    match (url.is_empty(), dump.is_file()) {
        (true, false) => Ok(()),
        (true, true) => {
            Err("the backup is of a PostgreSQL database: name an empty one as database.url".to_owned())
        }
        (false, false) => Err("the backup is of an SQLite database: leave database.url empty".to_owned()),
        (false, true) => postgres::restore(url, &dump),
    }
}

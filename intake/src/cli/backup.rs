//! One file with everything that cannot be made again: database, repository, files, uploads on their way. The checkout
//! and the portal are left out, since the server makes them anew.
//!
//! Parts are taken in an order in which each may be newer than those before: the database first, then the names of
//! branches, then objects and files, which never change. What the database knows of is therefore there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{audit_of, print};
use crate::app::Layout;
use crate::blob::Blobs;
use crate::config::Config;
use crate::forge::Local;
use crate::store::Store;

/// What a backup holds, below the data directory.
const DATABASE: &str = "intake.db";
const REPOSITORY: &str = "repository.git";
const BLOBS: &str = "blob";
const STAGE: &str = "upload";

/// Writes a backup.
pub(super) async fn write(config: &Config, file: &Path) -> Result<(), String> {
    let layout = Layout {
        data: config.data.clone(),
    };
    Local::open(&layout.repository())
        .map_err(|error| format!("{}: {error}", layout.repository().display()))?;
    let blobs = layout.data.join(BLOBS);
    if !blobs.is_dir() {
        return Err(format!(
            "{}: site.toml keeps attachments elsewhere, which this backup would leave out",
            blobs.display()
        ));
    }
    let scratch = tempfile::tempdir_in(&layout.data).map_err(|error| error.to_string())?;
    let copy = scratch.path().join(DATABASE);
    let store = Store::open_file(&layout.database())
        .await
        .map_err(|error| error.to_string())?;
    store.copy_to(&copy).await.map_err(|error| error.to_string())?;
    store.close().await;
    let archived = archive(&layout, &copy, file);
    archived.map_err(|error| format!("{}: {error}", file.display()))?;
    print(&format!("{} written", file.display()));
    Ok(())
}

fn archive(layout: &Layout, database: &Path, file: &Path) -> io::Result<()> {
    let mut archive = tar::Builder::new(File::create_new(file)?);
    archive.append_path_with_name(database, DATABASE)?;
    let repository = layout.repository();
    for name in ["HEAD", "config", "packed-refs"] {
        if repository.join(name).is_file() {
            archive.append_path_with_name(repository.join(name), Path::new(REPOSITORY).join(name))?;
        }
    }
    add(
        &mut archive,
        &repository.join("refs"),
        &Path::new(REPOSITORY).join("refs"),
    )?;
    add(
        &mut archive,
        &repository.join("objects"),
        &Path::new(REPOSITORY).join("objects"),
    )?;
    add(&mut archive, &layout.data.join(BLOBS), Path::new(BLOBS))?;
    add(&mut archive, &layout.stage(), Path::new(STAGE))?;
    archive.into_inner()?.sync_all()
}

/// Adds a directory. A file that goes away meanwhile was on its way, and is somewhere else in the archive or done with.
fn add(archive: &mut tar::Builder<File>, directory: &Path, name: &Path) -> io::Result<()> {
    archive.append_dir(name, directory)?;
    let mut items: Vec<PathBuf> = fs::read_dir(directory)?
        .flatten()
        .map(|item| item.path())
        .collect();
    items.sort();
    for item in items {
        let name = name.join(item.file_name().unwrap_or_default());
        let is_lock = item.extension().is_some_and(|extension| extension == "lock");
        if item.is_dir() {
            add(archive, &item, &name)?;
        } else if !is_lock {
            match File::open(&item) {
                Ok(mut file) => archive.append_file(name, &mut file)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

/// Brings a backup back and checks that it is whole.
pub(super) async fn restore(config: &Config, file: &Path) -> Result<(), String> {
    let layout = Layout {
        data: config.data.clone(),
    };
    let is_empty = fs::read_dir(&layout.data).map_or(true, |mut items| items.next().is_none());
    if !is_empty {
        return Err(format!(
            "{}: not empty; nothing was changed",
            layout.data.display()
        ));
    }
    let unpack = || -> io::Result<()> {
        let mut archive = tar::Archive::new(File::open(file)?);
        fs::create_dir_all(&layout.data)?;
        archive.unpack(&layout.data)
    };
    unpack().map_err(|error| format!("{}: {error}", file.display()))?;
    Local::open(&layout.repository()).map_err(|error| error.to_string())?;
    let blobs = Blobs::open(&layout.data.join(BLOBS), &layout.stage()).map_err(|error| error.to_string())?;
    let damaged = blobs.damaged().map_err(|error| error.to_string())?;
    if !damaged.is_empty() {
        return Err(format!("files are damaged: {}", damaged.join(", ")));
    }
    let store = Store::open_file(&layout.database())
        .await
        .map_err(|error| error.to_string())?;
    let (events, _) = audit_of(&store).await?;
    store.close().await;
    print(&format!(
        "restored: {events} events in the audit log, every file as its checksum says"
    ));
    Ok(())
}

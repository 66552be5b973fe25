//! One file with everything that cannot be made again: database, repository, files, uploads on their way. The checkout
//! and the portal are left out, since the server makes them anew.
//!
//! Parts are taken in an order in which each may be newer than those before: the database first, then the names of
//! branches, then objects and files, which never change. Uploads under way, which move when they are done, are held on to
//! before. What the database knows of is therefore there.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::durable::sync_name;
use super::output::print;
use super::postgres;
use crate::app::{Layout, Upkeep, must_not_be_purging, open_store};
use crate::clock;
use crate::config::Config;
use crate::forge::Local;

/// The copy of an SQLite database, below the data directory and in a backup.
pub(super) const DATABASE: &str = "intake.db";
/// The dump of a PostgreSQL database, below the data directory and in a backup.
pub(super) const DUMP: &str = "intake.dump";
/// The repository, below the data directory and in a backup.
pub(super) const REPOSITORY: &str = "repository.git";
/// Files by their checksums, below the data directory and in a backup.
pub(super) const BLOBS: &str = "blob";
/// Uploads on their way, below the data directory and in a backup.
pub(super) const STAGE: &str = "upload";

/// Writes a backup.
pub(super) async fn write(config: &Config, file: &Path) -> Result<(), String> {
    let layout = Layout {
        data: config.data.clone(),
    };
    must_not_be_purging(config)?;
    Local::open(&layout.repository())
        .map_err(|error| format!("{}: {error}", layout.repository().display()))?;
    let blobs = layout.data.join(BLOBS);
    if !blobs.is_dir() {
        return Err(format!(
            "{}: site.toml keeps attachments elsewhere, which this backup would leave out",
            blobs.display()
        ));
    }
    // What the database knows of now is not removed before it is read.
    let _upkeep =
        Upkeep::hold_off(&layout.data).map_err(|error| format!("{}: {error}", layout.data.display()))?;
    let scratch = tempfile::tempdir_in(&layout.data).map_err(|error| error.to_string())?;
    let under_way = scratch.path().join(STAGE);
    fs::create_dir(&under_way)
        .and_then(|()| hold(&layout.stage(), &under_way))
        .map_err(|error| format!("{}: {error}", layout.stage().display()))?;
    let url = &config.database.url;
    let name = if url.is_empty() { DATABASE } else { DUMP };
    let copy = scratch.path().join(name);
    if url.is_empty() {
        let store = open_store(config).await?;
        store.copy_to(&copy).await.map_err(|error| error.to_string())?;
        store.close().await;
    } else {
        postgres::dump(url, &copy)?;
    }
    // Those that were begun meanwhile.
    hold(&layout.stage(), &under_way).map_err(|error| format!("{}: {error}", layout.stage().display()))?;
    let archived = archive(&layout, (&copy, name), &under_way, file);
    archived.map_err(|error| format!("{}: {error}", file.display()))?;
    note(&layout, file).map_err(|error| format!("{}: {error}", layout.backups().display()))?;
    print(&format!("{} written", file.display()));
    Ok(())
}

/// Notes where a backup lies: it holds whatever is purged later.
fn note(layout: &Layout, file: &Path) -> io::Result<()> {
    let mut notes = File::options().create(true).append(true).open(layout.backups())?;
    let file = std::path::absolute(file)?;
    writeln!(notes, "{} {}", clock::instant(), file.display())
}

/// Holds on to uploads under way: one that is done before its turn has left its place, and the database that was copied knows
/// no other.
fn hold(stage: &Path, held: &Path) -> io::Result<()> {
    for item in fs::read_dir(stage)?.flatten().map(|item| item.path()) {
        let Some(name) = item.file_name() else { continue };
        match fs::hard_link(&item, held.join(name)) {
            Err(error)
                if !matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists
                ) =>
            {
                return Err(error);
            }
            _ => {}
        }
    }
    Ok(())
}

fn archive(
    layout: &Layout,
    (database, name): (&Path, &str),
    under_way: &Path,
    file: &Path,
) -> io::Result<()> {
    let mut archive = tar::Builder::new(File::create_new(file)?);
    archive.append_path_with_name(database, name)?;
    add(&mut archive, under_way, Path::new(STAGE))?;
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
    archive.into_inner()?.sync_all()?;
    sync_name(file)
}

/// Adds a file with the bytes that it had when it was looked at: an upload grows meanwhile, and the library takes that for a mistake.
fn append(
    archive: &mut tar::Builder<File>,
    name: &Path,
    file: &File,
    metadata: &fs::Metadata,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_metadata(metadata);
    // One that was cut short instead was given up; the archive stays readable.
    let bytes = file.chain(io::repeat(0)).take(metadata.len());
    archive.append_data(&mut header, name, bytes)
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
                Ok(file) => append(archive, &name, &file, &file.metadata()?)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_grows_or_shrinks_meanwhile_leaves_the_archive_whole() {
        let directory = tempfile::tempdir().unwrap();
        let (source, target) = (directory.path().join("a"), directory.path().join("a.tar"));
        fs::write(&source, vec![b'x'; 5000]).unwrap();
        let mut archive = tar::Builder::new(File::create_new(&target).unwrap());
        for size in [7000, 100] {
            let file = File::open(&source).unwrap();
            let metadata = file.metadata().unwrap();
            let changed = File::options().write(true).open(&source).unwrap();
            changed.set_len(size).unwrap();
            append(&mut archive, Path::new("a"), &file, &metadata).unwrap();
        }
        archive.into_inner().unwrap();
        let mut read = tar::Archive::new(File::open(&target).unwrap());
        let sizes = read.entries().unwrap().map(|entry| entry.unwrap().size());
        assert_eq!(sizes.collect::<Vec<_>>(), [5000, 7000]);
    }
}

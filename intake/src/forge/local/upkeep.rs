//! What keeps a repository small and whole.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use git2::{ConfigLevel, ErrorCode, ObjectType, Oid, Repository};
use jixia::program::{self, Bounds};
use jixia::stop::Stop;

use super::super::Error;
use crate::domain::checksums::named;

/// Those of some checksums that any object of the repository names, whether or not a commit still leads to it.
pub(super) fn naming(repository: &Repository, wanted: &BTreeSet<String>) -> Result<BTreeSet<String>, Error> {
    let odb = repository.odb()?;
    let mut ids: Vec<Oid> = Vec::new();
    odb.foreach(|id| {
        ids.push(*id);
        true
    })?;
    let mut found = BTreeSet::new();
    for id in ids {
        let (_, kind) = odb.read_header(id)?;
        if kind == ObjectType::Blob {
            named(odb.read(id)?.data(), wanted, &mut found);
        }
        if found.len() == wanted.len() {
            break;
        }
    }
    Ok(found)
}

/// What only libgit2 is told: whatever it writes is on disk before it says so. Git itself has another name for it and warns of
/// this one, so it stands in a file of its own.
const DURABLE: &str = "[core]\n\tfsyncObjectFiles = true\n";
const DURABLE_FILE: &str = "libgit2-config";

/// Settings that hold for git when people push: everything is on disk before it is acknowledged, and packing is the
/// server's business, which knows when a backup reads.
const SETTINGS: [(&str, &str); 5] = [
    ("core.fsync", "all"),
    ("core.fsyncMethod", "fsync"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("receive.autogc", "false"),
];

/// Opens a repository whose writes are on disk before they are acknowledged.
pub(super) fn open(path: &Path) -> Result<Repository, Error> {
    let (repository, durable) = (Repository::open_bare(path)?, path.join(DURABLE_FILE));
    if !durable.exists() {
        fs::write(&durable, DURABLE)?;
    }
    repository.config()?.add_file(&durable, ConfigLevel::App, false)?;
    Ok(repository)
}

/// Writes down what holds for whoever else works on the repository. Repositories of earlier programs learn it when a server
/// begins to work on them.
pub(super) fn settle(repository: &Repository) -> Result<(), Error> {
    let mut config = repository.config()?.open_level(ConfigLevel::Local)?;
    for (name, value) in SETTINGS {
        config.set_str(name, value)?;
    }
    match config.remove("core.fsyncObjectFiles") {
        Err(error) if error.code() != ErrorCode::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// What keeps the directories of objects: git, when it packs, removes those that are empty, and whoever writes into one at that
/// moment fails. Git takes files with this beginning for half objects of others and lets them be.
const KEEPER: &str = "tmp_obj_keep";

/// Makes the directories of objects, for good: what is in a directory that was just made may be lost with it when the power
/// fails.
pub(super) fn make_directories(path: &Path) -> io::Result<()> {
    let objects = path.join("objects");
    for number in 0..=u8::MAX {
        let directory = objects.join(format!("{number:02x}"));
        if !directory.join(KEEPER).exists() {
            fs::create_dir_all(&directory)?;
            fs::write(directory.join(KEEPER), "")?;
        }
    }
    fs::File::open(objects)?.sync_all()
}

/// Files of their own that hold an object each.
pub(super) fn loose(path: &Path) -> io::Result<usize> {
    let mut count = 0;
    for item in fs::read_dir(path.join("objects"))? {
        let item = item?;
        if item.file_name().len() == 2 {
            let files = fs::read_dir(item.path())?.flatten();
            count += files.filter(|file| file.file_name() != KEEPER).count();
        }
    }
    Ok(count)
}

/// Packs loose objects together, and small packs with them, and branches into one file. Nothing is dropped, whether or not a
/// commit leads to it, so this is safe beside merges. Returns how many objects were loose before and are after; `None` if git
/// is not installed.
pub(super) fn pack(path: &Path) -> Result<Option<(usize, usize)>, Error> {
    const LONGEST: Bounds = Bounds {
        output: 1_000_000,
        time: Duration::from_secs(3600),
    };
    let before = loose(path)?;
    let directory = format!("--git-dir={}", path.display());
    // Packs grow in a geometric progression: each object is packed again a number of times that is a logarithm of all.
    // Branches stay as they are: packing them removes the directory that a merge just locks one in, and there are few.
    let repack = [&*directory, "repack", "--geometric=2", "-d", "--quiet"];
    if !program::is_there("git") {
        return Ok(None);
    }
    if program::output("git", &repack, LONGEST, &Stop::default()).is_none() {
        return Err(Error::Failed("git repack did not succeed".to_owned()));
    }
    Ok(Some((before, loose(path)?)))
}

/// Reads everything that any reference leads to, and compares each object with its name.
pub(super) fn verify(repository: &Repository) -> Result<(), Error> {
    let odb = repository.odb()?;
    let (mut waiting, mut known) = (Vec::new(), BTreeSet::new());
    for reference in repository.references()? {
        waiting.extend(reference?.target());
    }
    while let Some(id) = waiting.pop() {
        if !known.insert(id) {
            continue;
        }
        match odb.read(id)?.kind() {
            ObjectType::Commit => {
                let commit = repository.find_commit(id)?;
                waiting.push(commit.tree_id());
                waiting.extend(commit.parent_ids());
            }
            ObjectType::Tree => {
                let tree = repository.find_tree(id)?;
                waiting.extend(tree.iter().map(|entry| entry.id()));
            }
            ObjectType::Tag => waiting.push(repository.find_tag(id)?.target_id()),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::super::Local;
    use crate::forge::{Forge as _, Merge, Person, Proposal, Repository as _};

    fn publishes(local: &Local, number: usize) {
        let (id, person) = (format!("s{number}"), Person::of_account("a", "示例"));
        let path = format!("content/news/{number}.md");
        let proposal = Proposal {
            id: id.clone(),
            title: id.clone(),
            author: person.clone(),
            at: 1_700_000_000,
            base: None,
            files: BTreeMap::from([(path, Some(vec![b'x'; number]))]),
        };
        local.open(&proposal).unwrap();
        let merge = Merge {
            id: id.clone(),
            title: id.clone(),
            reviewer: person,
            at: 1_700_000_001,
            trailers: Vec::new(),
        };
        local.merge(&merge).unwrap();
        local.close(&id).unwrap();
    }

    #[test]
    fn packing_beside_merges_loses_nothing() {
        const MERGES: usize = 120;
        if !jixia::program::is_there("git") {
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("r.git");
        let person = Person::of_account("a", "示例");
        let local = Local::create(&path, [("a.md", &b"1"[..])], (&person, "Beginning", 0)).unwrap();
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let packer = scope.spawn(|| {
                let mut rounds = 0;
                while !is_over.load(Ordering::Relaxed) {
                    rounds += u32::from(local.pack(0).unwrap().is_some());
                }
                rounds
            });
            let merger = scope.spawn(|| (0..MERGES).for_each(|number| publishes(&local, number)));
            let merged = merger.join();
            is_over.store(true, Ordering::Relaxed);
            assert!(merged.is_ok() && packer.join().unwrap() > 1);
        });
        local.pack(0).unwrap();
        local.verify().unwrap();
        for number in 0..MERGES {
            let file = local.read(&format!("content/news/{number}.md")).unwrap();
            assert_eq!(file.map(|bytes| bytes.len()), Some(number));
        }
        assert_eq!(super::loose(&path).unwrap(), 0);
        let packs = std::fs::read_dir(path.join("objects/pack")).unwrap().flatten();
        let packs = packs.filter(|item| item.path().extension().is_some_and(|kind| kind == "pack"));
        // A logarithm of what there is.
        assert!(packs.count() <= 12);
    }
}

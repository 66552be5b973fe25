//! The published portal as the intake sees it: a checkout of the published branch, what is in it, and its pages.
//!
//! This is the one room that calls the generator. The checkout is made of the published commit and nothing else, so
//! all of it can be deleted and is made again.

mod after;
mod aside;
pub(crate) mod asked;
pub(crate) mod building;
mod changed;
pub(crate) mod chapters;
mod document;
mod examine;
mod failure;
mod known;
mod places;
mod site;
mod snapshot;
mod table;
mod year;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::SystemTime;

use jixia::cache::Cache;
use jixia::content::Kind;
use jixia::diag::Diagnostic;
use jixia::media::Memo;
use jixia::pipeline::{Options, SetAside, check_entries, entry_page, load, load_aside};
use jixia::stop::Stop;
use jixia::world::{Disk, World};

use crate::domain::merge::{BODY, Fields};
use crate::forge::{self, Repository};

pub use after::After;
pub use aside::Aside;
pub use changed::Lists;
pub use chapters::compose_whole;
pub(crate) use document::number;
pub use document::{Added, Document, complete, compose, fields_of_file};
pub use examine::{Finding, WHOLE};
pub use failure::BuildError;
use failure::in_words;
pub use known::Published;
pub use places::Places;
pub use site::{Remark, SiteCheck, built_in, replaceable_paths};
pub use snapshot::Snapshot;
pub use table::{Planned, Row, TableFault, TableFile, plan, table_headings};
pub use year::Year;

/// The portal.
pub struct Portal {
    places: Places,
    repository: Arc<dyn Repository>,
    snapshot: RwLock<Arc<Snapshot>>,
    /// One build at a time.
    building: Mutex<()>,
    checking: Mutex<Cache>,
    memo: Mutex<Memo>,
}

/// What a rebuild did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// The commit that the portal shows now.
    pub commit: String,
    /// Files that were written or removed.
    pub changed: usize,
    /// Files of entries that could not be published and are left out.
    pub set_aside: Vec<String>,
    /// Files of entries that are published without some of their attachments.
    pub damaged: Vec<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in the generator leaves at worst a cache that does not fit, which the generator notices.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Brings checkout and portal up to the published commit before anything is read: reading is quick and small then. What
/// lies in the checkout is compared with the commit, since anything may have happened to it.
///
/// # Errors
/// When the content has errors or something cannot be written.
pub fn prepare(places: &Places, repository: &dyn Repository) -> Result<Rebuilt, BuildError> {
    publish(places, repository, None)
}

/// Brings checkout and portal up to the published commit, given the one that the checkout holds if it can be relied on.
fn publish(places: &Places, repository: &dyn Repository, holds: Option<&str>) -> Result<Rebuilt, BuildError> {
    let commit = check_out(places, repository, holds)?;
    match building::elsewhere(places) {
        Ok(built) => {
            aside::keep(places, Ok(&built))?;
            let paths = |entries: &[SetAside]| entries.iter().map(|entry| entry.path.to_string()).collect();
            Ok(Rebuilt {
                commit,
                changed: built.changed,
                set_aside: paths(&built.set_aside),
                damaged: paths(&built.damaged),
            })
        }
        Err(failure) => {
            aside::keep(places, Err(&failure.to_string()))?;
            Err(failure)
        }
    }
}

impl Portal {
    /// Checks out what is published and reads it. Nothing is built yet.
    ///
    /// # Errors
    /// When the repository cannot be read or the checkout not written.
    pub fn open(places: Places, repository: Arc<dyn Repository>) -> Result<Self, BuildError> {
        let commit = check_out(&places, &*repository, known(&places).as_deref())?;
        let mut cache = Cache::load(&places.root);
        let world = disk(&places)?;
        let set_aside = aside::list(&places);
        let loaded = load_aside(&world, Options::default(), &mut cache, &set_aside);
        let remembered = aside::remembered(&places);
        let before = |path: &str| aside::known(&remembered, path);
        let aside = (&*set_aside, &*aside::damaged(&places));
        let snapshot = Snapshot::new(&world, loaded, &commit, aside, before);
        aside::remember(&places, snapshot.set_aside())?;
        Ok(Self {
            checking: Mutex::new(for_checking(cache)),
            building: Mutex::default(),
            snapshot: RwLock::new(Arc::new(snapshot)),
            memo: Mutex::default(),
            places,
            repository,
        })
    }

    /// What is published.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Why the last rebuild failed, in words, if it did: then the portal is that of the rebuild before.
    pub fn failure(&self) -> Option<String> {
        aside::failure(&self.places)
    }

    /// When the portal was last built, and when building it last failed if it fails since.
    pub fn moments(&self) -> (Option<SystemTime>, Option<SystemTime>) {
        aside::moments(&self.places)
    }

    /// Entries that are set aside, or without some of their files, of which nobody was told by mail.
    pub fn untold(&self) -> Vec<Aside> {
        let told = aside::told(&self.places);
        let snapshot = self.snapshot();
        let aside = snapshot.set_aside.iter().chain(&snapshot.damaged);
        aside
            .filter(|aside| !told.contains(&aside.key()))
            .cloned()
            .collect()
    }

    /// Notes that everybody was told of the entries that are set aside; of what is set aside again they are told again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note_told(&self, told: &[Aside]) -> io::Result<()> {
        let snapshot = self.snapshot();
        let before = aside::told(&self.places);
        let is_told = |key: &String| before.contains(key) || told.iter().any(|aside| aside.key() == *key);
        let keys = snapshot.set_aside.iter().chain(&snapshot.damaged).map(Aside::key);
        let now: BTreeSet<String> = keys.filter(is_told).collect();
        if now == before {
            return Ok(());
        }
        aside::keep_told(&self.places, &now)
    }

    /// Where the portal's files lie.
    pub fn out(&self) -> &Path {
        &self.places.out
    }

    /// The lists of what builds changed.
    pub fn lists(&self) -> Lists {
        Lists::new(&self.places.changed)
    }

    /// Where the checkout lies.
    pub fn root(&self) -> &Path {
        &self.places.root
    }

    /// Where attachments lie, by the site's settings.
    pub fn blobs(&self) -> PathBuf {
        self.places
            .root
            .join(&self.snapshot().loaded.site().config.store.blobs)
    }

    /// Brings checkout and portal up to the published commit.
    ///
    /// # Errors
    /// When the content has errors or something cannot be written.
    pub fn rebuild(&self) -> Result<Rebuilt, BuildError> {
        let _turn = lock(&self.building);
        let rebuilt = publish(&self.places, &*self.repository, known(&self.places).as_deref())?;
        let known = self.snapshot();
        let are_known = |paths: &[String], entries: &[Aside]| {
            let mut known = entries.iter().map(|aside| &aside.path);
            paths.len() == entries.len() && known.all(|path| paths.contains(path))
        };
        let is_as_before = known.commit == rebuilt.commit
            && are_known(&rebuilt.set_aside, &known.set_aside)
            && are_known(&rebuilt.damaged, &known.damaged);
        // What was read is of its moment: what the clock changed has to be read again, whether or not a page shows it.
        let is_of_now = known.next_change().is_none_or(|next| next > crate::clock::now());
        if rebuilt.changed == 0 && is_as_before && is_of_now {
            return Ok(rebuilt);
        }
        let world = disk(&self.places)?;
        let mut cache = Cache::load(&self.places.root);
        let set_aside = aside::list(&self.places);
        let loaded = load_aside(&world, Options::default(), &mut cache, &set_aside);
        *lock(&self.checking) = for_checking(cache);
        let before = |path: &str| known.entry_at(path);
        let aside = (&*set_aside, &*aside::damaged(&self.places));
        let snapshot = Snapshot::new(&world, loaded, &rebuilt.commit, aside, before);
        aside::remember(&self.places, snapshot.set_aside())?;
        let snapshot = Arc::new(snapshot);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(rebuilt)
    }

    /// What the generator would say of a document, were it published, and of other entries because of it. A new entry that
    /// leads nowhere is looked at by itself, else the whole site is: the answer is the same.
    ///
    /// # Errors
    /// When the checkout cannot be read.
    ///
    /// # Panics
    /// When it is to stop, as [`Stop::check`] does.
    pub fn examine(&self, document: &Document, stop: &Stop) -> io::Result<Vec<Finding>> {
        let world = examine::Overlay::new(disk(&self.places)?, document, stop);
        let snapshot = self.snapshot();
        let path = Arc::from(document.path.as_str());
        // Others may name what is published, its headings and its files.
        let is_new = snapshot.entry_at(&path).is_none();
        if is_new && document.beside.is_empty() {
            let mut memo = lock(&self.memo).clone();
            let (neighbours, loaded) = (&snapshot.neighbours, &snapshot.loaded);
            let found = neighbours.check(&world, loaded, &path, &document.text, &mut memo);
            *lock(&self.memo) = memo;
            if let Some(found) = found {
                let finding = |wrong: &Diagnostic| Finding::new(wrong, &document.text);
                return Ok(found.iter().map(finding).collect());
            }
        }
        let mut others_aside = aside::list(&self.places);
        others_aside.retain(|entry| entry.path != path);
        let cache = &mut lock(&self.checking);
        let mut loaded = load_aside(&world, Options::default(), cache, &others_aside);
        check_entries(&world, &mut loaded, &document.paths());
        let found = loaded.diagnostics.iter();
        let found = found.filter_map(|wrong| examine::finding(wrong, document, &snapshot));
        Ok(found.collect())
    }

    /// The files of settings and declarations that there are, by path; those in folders sorted.
    ///
    /// # Errors
    /// When the checkout cannot be read.
    pub fn declarations(&self) -> io::Result<Vec<String>> {
        Ok(site::declarations(&disk(&self.places)?))
    }

    /// What the generator would say of the site, were the text in a file of settings or declarations another one.
    ///
    /// # Errors
    /// When the checkout cannot be read.
    ///
    /// # Panics
    /// When it is to stop, as [`Stop::check`] does.
    pub fn examine_declaration(&self, path: &str, text: &str, stop: &Stop) -> io::Result<SiteCheck> {
        let document = Document {
            path: path.to_owned(),
            text: text.to_owned(),
            beside: BTreeMap::new(),
        };
        let world = examine::Overlay::new(disk(&self.places)?, &document, stop);
        // A cache of its own: under another schema nothing that checks of entries remember is of use, nor the reverse.
        let mut cache = Cache::load(&self.places.root);
        let set_aside = aside::list(&self.places);
        let site = (&world as &dyn World, &mut cache);
        Ok(site::examine(site, (path, text), &set_aside, &self.snapshot()))
    }

    /// The page of a document, or of the chapter in a file beside it, as the portal would show it. Returns `None` if it
    /// has no title yet.
    ///
    /// # Errors
    /// When the checkout cannot be read or the theme is broken.
    ///
    /// # Panics
    /// When it is to stop, as [`Stop::check`] does.
    pub fn preview(&self, document: &Document, chapter: &str, stop: &Stop) -> io::Result<Option<Vec<u8>>> {
        let world = examine::Overlay::new(disk(&self.places)?, document, stop);
        let loaded = load(&world, Options::default(), &mut lock(&self.checking));
        let path = match chapter {
            "" => document.path.clone(),
            chapter => document.path.replace("index.md", chapter),
        };
        entry_page(&world, &loaded, &path).map_err(|wrong| io::Error::other(in_words(&wrong).join("\n")))
    }

    /// The content of a published entry of a kind, its chapters included. If its fields cannot be read, its body is all
    /// of its file.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn published(&self, kind: &Kind, path: &str) -> Result<Option<Fields>, forge::Error> {
        let Some(text) = self.published_file(path)? else {
            return Ok(None);
        };
        let Some(mut content) = fields_of_file(kind, &text) else {
            // Whoever edits it finds all that is there, and writes the fields anew.
            return Ok(Some(Fields::from_iter([(BODY.to_owned(), text.into())])));
        };
        if kind.children.is_some() && path.ends_with("/index.md") {
            let snapshot = self.snapshot();
            let paths = snapshot.loaded.catalog.iter().map(|(_, entry)| &*entry.path);
            let mut files = Vec::new();
            for name in chapters::names_beside(path, paths) {
                let text = self.published_file(&path.replace("index.md", &name))?;
                files.extend(text.map(|text| (name, text)));
            }
            chapters::add_chapters(snapshot.schema(), kind, &mut content, &files);
        }
        Ok(Some(content))
    }

    /// A published file as text.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn published_file(&self, path: &str) -> Result<Option<String>, forge::Error> {
        let bytes = self.repository.read(path)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// What is known of the sources, for checks beside the build.
fn for_checking(cache: Cache) -> Cache {
    Cache {
        sources: cache.sources,
        media: cache.media,
        trusted_before: cache.trusted_before,
        ..Cache::default()
    }
}

/// The moment counts for entries that appear or expire by themselves.
fn disk(places: &Places) -> io::Result<Disk> {
    Disk::open(&places.root, crate::clock::instant())
}

/// The commit that the checkout holds. Returns `None` if there is none.
fn known(places: &Places) -> Option<String> {
    let commit = fs::read_to_string(&places.commit).ok();
    commit.filter(|_| places.root.is_dir())
}

fn check_out(
    places: &Places,
    repository: &dyn Repository,
    holds: Option<&str>,
) -> Result<String, BuildError> {
    let commit = repository
        .check_out(&places.root, holds)
        .map_err(BuildError::Checkout)?;
    // As git itself marks a directory whose repository lies elsewhere.
    let mark = format!("gitdir: {}\n", places.repository.display());
    if fs::read_to_string(places.root.join(".git")).ok().as_ref() != Some(&mark) {
        fs::write(places.root.join(".git"), mark)?;
    }
    if known(places).as_deref() != Some(&commit) {
        let new = places.commit.with_extension("new");
        fs::write(&new, &commit)?;
        fs::rename(new, &places.commit)?;
    }
    Ok(commit)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

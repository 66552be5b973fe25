//! The published portal as the intake sees it: a checkout of the published branch, what is in it, and its pages.
//!
//! This is the one room that calls the generator. The checkout is made of the published commit and nothing else, so
//! all of it can be deleted and is made again.

mod aside;
pub(crate) mod building;
pub(crate) mod chapters;
mod document;
mod examine;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jixia::cache::Cache;
use jixia::catalog::Person;
use jixia::config::ReviewChain;
use jixia::content::{Field, Kind, Rubric, Schema};
use jixia::diag::{Diagnostic, Language, Severity, words};
use jixia::media::Memo;
use jixia::pipeline::{Loaded, Neighbours, Options, SetAside, check_entries, entry_page, load, load_aside};
use jixia::world::Disk;

use crate::domain::merge::Fields;
use crate::domain::policy::Role;
use crate::domain::units::{Tree, Unit};
use crate::forge::{self, Repository};

pub use aside::Aside;
pub use chapters::compose_whole;
pub(crate) use document::number;
pub use document::{Added, Document, complete, compose, fields_of_file};
pub use examine::{Finding, WHOLE};

/// Where the checkout and the portal lie.
#[derive(Debug, Clone)]
pub struct Places {
    /// The checkout.
    pub root: PathBuf,
    /// The portal's files.
    pub out: PathBuf,
    /// A file that names the commit in the checkout.
    pub commit: PathBuf,
    /// The repository, seen from the checkout: the generator asks git there for the history of entries.
    pub repository: PathBuf,
}

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

/// What is published, as of the last build that succeeded.
pub struct Snapshot {
    loaded: Loaded,
    neighbours: Neighbours,
    commit: String,
    set_aside: Vec<Aside>,
    /// The units.
    pub units: Tree,
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
}

/// Why a rebuild did not happen. The last good portal stays.
#[derive(Debug)]
pub enum BuildError {
    /// The repository could not be read or the checkout not written.
    Checkout(forge::Error),
    /// The content has errors, in words.
    Content(Vec<String>),
    /// The process that builds ended without a word: killed, or out of memory.
    Stopped(String),
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Checkout(error) => write!(formatter, "{error}"),
            Self::Stopped(how) => write!(formatter, "the build did not finish: {how}"),
            Self::Content(problems) => formatter.write_str(&problems.join("\n")),
        }
    }
}

impl From<io::Error> for BuildError {
    fn from(error: io::Error) -> Self {
        Self::Checkout(error.into())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in the generator leaves at worst a cache that does not fit, which the generator notices.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Brings checkout and portal up to the published commit before anything is read: reading is quick and small then.
///
/// # Errors
/// When the content has errors or something cannot be written.
pub fn prepare(places: &Places, repository: &dyn Repository) -> Result<Rebuilt, BuildError> {
    let commit = check_out(places, repository)?;
    match building::elsewhere(&places.root, &places.out) {
        Ok((changed, entries)) => {
            aside::keep(places, Ok(&entries))?;
            let set_aside = entries.iter().map(|entry| entry.path.to_string()).collect();
            Ok(Rebuilt {
                commit,
                changed,
                set_aside,
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
        let commit = check_out(&places, &*repository)?;
        let mut cache = Cache::load(&places.root);
        let world = disk(&places)?;
        let set_aside = aside::list(&places);
        let loaded = load_aside(&world, Options::default(), &mut cache, &set_aside);
        let snapshot = Snapshot::new(&world, loaded, &commit, &set_aside, None);
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

    /// Where the portal's files lie.
    pub fn out(&self) -> &Path {
        &self.places.out
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
        let rebuilt = prepare(&self.places, &*self.repository)?;
        let known = self.snapshot();
        let is_known = |path: &String| known.set_aside.iter().any(|aside| aside.path == *path);
        let is_as_before = known.commit == rebuilt.commit
            && known.set_aside.len() == rebuilt.set_aside.len()
            && rebuilt.set_aside.iter().all(is_known);
        if rebuilt.changed == 0 && is_as_before {
            return Ok(rebuilt);
        }
        let world = disk(&self.places)?;
        let mut cache = Cache::load(&self.places.root);
        let set_aside = aside::list(&self.places);
        let loaded = load_aside(&world, Options::default(), &mut cache, &set_aside);
        *lock(&self.checking) = for_checking(cache);
        let snapshot = Snapshot::new(&world, loaded, &rebuilt.commit, &set_aside, Some(&known));
        let snapshot = Arc::new(snapshot);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(rebuilt)
    }

    /// What the generator would say of a document, were it published. By itself where that is enough, else with the whole
    /// site: the answer is the same.
    ///
    /// # Errors
    /// When the checkout cannot be read.
    pub fn examine(&self, document: &Document) -> io::Result<Vec<Finding>> {
        let world = examine::Overlay::new(disk(&self.places)?, document);
        let path = Arc::from(document.path.as_str());
        if document.beside.is_empty() {
            let snapshot = self.snapshot();
            let mut memo = lock(&self.memo).clone();
            let (neighbours, loaded) = (&snapshot.neighbours, &snapshot.loaded);
            let found = neighbours.check(&world, loaded, &path, &document.text, &mut memo);
            *lock(&self.memo) = memo;
            if let Some(found) = found {
                let finding = |wrong: &Diagnostic| Finding::new(wrong, &document.text);
                return Ok(found.iter().map(finding).collect());
            }
        }
        let mut loaded = load(&world, Options::default(), &mut lock(&self.checking));
        check_entries(&world, &mut loaded, &document.paths());
        let wrong = loaded.diagnostics.iter();
        let found = wrong.filter_map(|wrong| {
            let path = wrong.path.as_deref()?;
            if path == document.path {
                return Some(Finding::new(wrong, &document.text));
            }
            let text = document.beside.get(path)?.as_deref()?;
            Some(Finding::of_chapter(wrong, text, path))
        });
        Ok(found.collect())
    }

    /// The page of a document, or of the chapter in a file beside it, as the portal would show it; nothing when it has
    /// no title yet.
    ///
    /// # Errors
    /// When the checkout cannot be read or the theme is broken.
    pub fn preview(&self, document: &Document, chapter: &str) -> io::Result<Option<Vec<u8>>> {
        let world = examine::Overlay::new(disk(&self.places)?, document);
        let loaded = load(&world, Options::default(), &mut lock(&self.checking));
        let path = match chapter {
            "" => document.path.clone(),
            chapter => document.path.replace("index.md", chapter),
        };
        entry_page(&world, &loaded, &path).map_err(|wrong| io::Error::other(in_words(&wrong).join("\n")))
    }

    /// The content of a published entry of a kind, its chapters included.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn published(&self, kind: &Kind, path: &str) -> Result<Option<Fields>, forge::Error> {
        let Some(text) = self.published_file(path)? else {
            return Ok(None);
        };
        let Some(mut content) = fields_of_file(kind, &text) else {
            return Ok(None);
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

fn check_out(places: &Places, repository: &dyn Repository) -> Result<String, BuildError> {
    let known = fs::read_to_string(&places.commit).ok();
    let commit = repository
        .check_out(&places.root, known.as_deref())
        .map_err(BuildError::Checkout)?;
    // As git itself marks a directory whose repository lies elsewhere.
    let mark = format!("gitdir: {}\n", places.repository.display());
    if fs::read_to_string(places.root.join(".git")).ok().as_ref() != Some(&mark) {
        fs::write(places.root.join(".git"), mark)?;
    }
    if known.as_deref() != Some(&commit) {
        let new = places.commit.with_extension("new");
        fs::write(&new, &commit)?;
        fs::rename(new, &places.commit)?;
    }
    Ok(commit)
}

fn in_words(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = diagnostics
        .iter()
        .filter(|wrong| wrong.severity == Severity::Error);
    let sentence = |wrong: &Diagnostic| {
        let (message, help) = words(wrong, Language::Chinese);
        let place = wrong
            .path
            .as_deref()
            .map(|path| format!("{path}："))
            .unwrap_or_default();
        format!("{place}{message} {help}").trim_end().to_owned()
    };
    errors.take(20).map(sentence).collect()
}

impl Snapshot {
    fn new(
        world: &Disk,
        loaded: Loaded,
        commit: &str,
        set_aside: &[SetAside],
        before: Option<&Self>,
    ) -> Self {
        let set_aside = set_aside
            .iter()
            .map(|entry| Aside::of(entry, &loaded, before))
            .collect();
        let unit = |unit: &jixia::catalog::CatalogUnit| Unit {
            id: unit.id.to_string(),
            name: unit.name.to_string(),
            level: unit.level,
            parent: unit.parent.as_deref().map(str::to_owned),
        };
        let units = Tree::new(loaded.catalog.units.iter().map(unit));
        let neighbours = Neighbours::new(world, &loaded);
        Self {
            loaded,
            neighbours,
            commit: commit.to_owned(),
            set_aside,
            units,
        }
    }

    /// Entries that could not be published and are left out.
    pub fn set_aside(&self) -> &[Aside] {
        &self.set_aside
    }

    /// Those that an admin of a unit must hear of: the unit's own. The province hears of all, and alone of what nobody can
    /// tell the unit of.
    pub fn set_aside_for(&self, unit: &str) -> Vec<&Aside> {
        let is_province = self.units.get(unit).is_some_and(|unit| unit.parent.is_none());
        let aside = self.set_aside.iter();
        aside.filter(|aside| is_province || aside.unit == unit).collect()
    }

    /// Kinds, vocabularies.
    pub fn schema(&self) -> &Schema {
        &self.loaded.site().schema
    }

    /// The portal's settings.
    pub fn config(&self) -> &jixia::config::Config {
        &self.loaded.site().config
    }

    /// The portal's time zone.
    pub fn zone(&self) -> &jiff::tz::TimeZone {
        &self.loaded.site().zone
    }

    /// The kinds that can be submitted through a form. Pages belong to whoever runs the portal.
    pub fn kinds(&self) -> Vec<&Arc<Kind>> {
        let mut kinds = self.schema().sections();
        kinds.retain(|kind| !kind.nested && !kind.review.chain.is_empty());
        kinds
    }

    /// The kinds that somebody of a role in a unit may submit.
    pub fn kinds_for(&self, role: Role, unit: &str) -> Vec<&Arc<Kind>> {
        let level = self.units.get(unit).map(|unit| unit.level);
        let mut kinds = self.kinds();
        kinds.retain(|kind| {
            let submitters = self.chain(kind).submitters;
            let is_of_level = submitters.is_empty() || level.is_some_and(|level| submitters.contains(&level));
            is_of_level && (role.is_admin() || self.is_for_teachers(kind))
        });
        kinds
    }

    /// Whether teachers submit a kind: as the settings say, or else as it says itself.
    fn is_for_teachers(&self, kind: &Kind) -> bool {
        let chosen = self.config().review.teachers.as_ref();
        chosen.map_or(kind.review.teachers, |kinds| kinds.contains(&kind.id))
    }

    /// The kind of an id.
    pub fn kind(&self, id: &str) -> Option<&Arc<Kind>> {
        self.schema().kinds.get(id)
    }

    /// The rubric by which a kind's submissions are scored. Returns `None` if they are not.
    pub fn rubric(&self, kind: &str) -> Option<&Rubric> {
        let id = self.config().review.rubric(self.kind(kind)?)?;
        self.schema().rubrics.get(id)
    }

    /// The chain that a kind's submissions go through.
    pub fn chain(&self, kind: &Kind) -> ReviewChain {
        self.config().review.chain(kind)
    }

    /// Published entries of a unit that somebody of a role can edit by a form: path, kind, title, whether they were taken down.
    pub fn entries_of_unit(&self, role: Role, unit: &str) -> Vec<(String, String, String, bool)> {
        let kinds = self.kinds_for(role, unit);
        let catalog = &self.loaded.catalog;
        let of_unit = catalog.iter().filter(|(ix, entry)| {
            entry.unit.as_ref().is_some_and(|(id, _)| &**id == unit)
                || catalog.is_unit(*ix) && &*entry.id.name == unit
        });
        let editable = of_unit.filter(|(_, entry)| {
            let kind = kinds.iter().find(|kind| kind.id == *entry.id.kind);
            kind.is_some_and(|kind| !entry.folder || kind.children.is_some())
        });
        editable
            .map(|(_, entry)| {
                let (path, kind) = (entry.path.to_string(), entry.id.kind.to_string());
                (path, kind, entry.title.to_string(), entry.withdrawn.is_some())
            })
            .collect()
    }

    /// Published entries that a unit answers for: path and title.
    pub fn published_of(&self, unit: &str) -> Vec<(String, String)> {
        let of_unit = self.loaded.catalog.iter().filter(|(_, entry)| {
            let is_units = entry.unit.as_ref().is_some_and(|(id, _)| &**id == unit);
            is_units && entry.withdrawn.is_none()
        });
        of_unit
            .map(|(_, entry)| (entry.path.to_string(), entry.title.to_string()))
            .collect()
    }

    /// The published entry in a file, or the one that is set aside: kind, title and the unit that answers for it.
    pub fn entry_at(&self, path: &str) -> Option<(String, String, String)> {
        let aside = || {
            let aside = self.set_aside.iter().find(|aside| aside.path == path)?;
            Some((aside.kind.clone(), aside.title.clone(), aside.unit.clone()))
        };
        entry_in(&self.loaded, path).or_else(aside)
    }

    /// Ids and titles of published entries of some kinds, for references; of all when `kinds` is empty.
    pub fn references(&self, kinds: &[String]) -> Vec<(String, String)> {
        let entries = self.loaded.catalog.iter();
        let wanted = entries.filter(|(_, entry)| kinds.iter().any(|kind| **kind == *entry.id.kind));
        wanted
            .map(|(_, entry)| (entry.id.name.to_string(), entry.title.to_string()))
            .collect()
    }

    /// The people of a unit who have an entry: id and name. Of two with one name the name says which.
    pub fn people_of(&self, unit: &str) -> Vec<(String, String)> {
        let catalog = &self.loaded.catalog;
        let kinds = catalog.person_kinds().iter();
        let people = kinds.flat_map(|kind| catalog.listed(kind)).copied();
        let of_unit: Vec<_> = people
            .filter(|ix| catalog.unit_of(*ix).is_some_and(|known| &*known.id == unit))
            .map(|ix| catalog.entry(ix))
            .collect();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in &of_unit {
            *names.entry(&entry.title).or_default() += 1;
        }
        of_unit
            .iter()
            .map(|entry| match names.get(&*entry.title) {
                Some(1) => (entry.id.to_string(), entry.title.to_string()),
                _ => (entry.id.to_string(), format!("{}（{}）", entry.title, entry.id)),
            })
            .collect()
    }

    /// How the author of that name in a unit is written: by the id of their entry if they have one.
    pub fn author(&self, name: &str, unit: &str) -> String {
        match self.loaded.catalog.person(name, Some(unit)) {
            Person::Entry(ix) => self.loaded.catalog.entry(ix).id.to_string(),
            Person::Name(..) => name.to_owned(),
        }
    }

    /// A person's name as reviewers read it; with the id that stands for it.
    pub fn person_name(&self, text: &str) -> String {
        let catalog = &self.loaded.catalog;
        let found = catalog.refer(text, catalog.person_kinds());
        match found.filter(|_| text.contains('/')) {
            Some(ix) => format!("{}（{text}）", catalog.entry(ix).title),
            None => text.to_owned(),
        }
    }

    /// The items that a field may name, each with what it is: of the entry that the reference beside it names, of all
    /// that it may name until one is chosen, or of a list of the same content.
    pub fn items(
        &self,
        kind: &Kind,
        fields: &Fields,
        record: Option<(&Field, &serde_json::Value)>,
        field: &Field,
    ) -> Vec<(String, String)> {
        let Some(among) = field.among.as_deref() else {
            return Vec::new();
        };
        let (beside, list) = match among.split_once('.') {
            Some((beside, list)) => (beside, Some(list)),
            None => (among, None),
        };
        let in_record = record.and_then(|(outer, row)| {
            let declared = outer.fields.iter().find(|known| known.name == beside)?;
            Some((declared, row.get(beside)))
        });
        let in_kind = || Some((kind.field(beside)?, fields.get(beside)));
        let Some((declared, value)) = in_record.or_else(in_kind) else {
            return Vec::new();
        };
        let Some(list) = list else {
            let texts = value.and_then(serde_json::Value::as_array).into_iter().flatten();
            let texts = texts.filter_map(serde_json::Value::as_str);
            return texts.map(|text| (text.to_owned(), String::new())).collect();
        };
        let catalog = &self.loaded.catalog;
        let chosen = value.and_then(serde_json::Value::as_str);
        match chosen.and_then(|text| catalog.refer(text, &declared.kinds)) {
            Some(ix) => catalog.items(ix, list),
            None => {
                let listed = declared.kinds.iter().flat_map(|kind| catalog.listed(kind));
                let of_each = listed.flat_map(|ix| {
                    let title = &catalog.entry(*ix).title;
                    let items = catalog.items(*ix, list).into_iter();
                    items.map(move |(item, about)| (item, format!("{title} {about}").trim().to_owned()))
                });
                of_each.collect()
            }
        }
    }

    /// Published entries whose title has the same letters, whatever stands between them: path and title.
    pub fn alike(&self, title: &str) -> Vec<(String, String)> {
        // Compared letter by letter: nearly every title differs in its first.
        fn letters(text: &str) -> impl Iterator<Item = char> {
            let kept = text.chars().filter(|character| character.is_alphanumeric());
            kept.flat_map(char::to_lowercase)
        }
        let entries = self.loaded.catalog.iter();
        entries
            .filter(|(_, entry)| letters(&entry.title).eq(letters(title)))
            .map(|(_, entry)| (entry.path.to_string(), entry.title.to_string()))
            .collect()
    }

    /// Published entries with a file of these bytes: path and title.
    pub fn using(&self, sha256: &str) -> Vec<(String, String)> {
        let is_it = |file: &jixia::content::Attachment| file.sha256.as_deref() == Some(sha256);
        let in_fields = |value: &jixia::content::Value| match value {
            jixia::content::Value::File(file) => is_it(file),
            _ => false,
        };
        let entries = self.loaded.catalog.iter();
        entries
            .filter(|(_, entry)| {
                entry.attachments.iter().any(is_it)
                    || entry
                        .fields
                        .iter()
                        .any(|(_, value)| value.items().iter().any(in_fields))
            })
            .map(|(_, entry)| (entry.path.to_string(), entry.title.to_string()))
            .collect()
    }

    /// Entries there are.
    pub fn count(&self) -> usize {
        self.loaded.catalog.iter().count()
    }
}

/// The entry in a file: kind, title and the unit that answers for it.
fn entry_in(loaded: &Loaded, path: &str) -> Option<(String, String, String)> {
    let mut entries = loaded.catalog.iter();
    let (_, entry) = entries.find(|(_, entry)| &*entry.path == path)?;
    let unit = match &entry.unit {
        Some((unit, _)) => unit.to_string(),
        None => entry.id.name.to_string(),
    };
    Some((entry.id.kind.to_string(), entry.title.to_string(), unit))
}

/// The address of the entry in a file, below the portal's root.
pub fn url_of(path: &str) -> String {
    let rest = path.trim_start_matches("content/").trim_end_matches(".md");
    let rest = rest.strip_suffix("/index").unwrap_or(rest);
    match (rest.split_once('/'), rest.rsplit_once('/')) {
        (Some((section, _)), Some((_, name))) => format!("/{section}/{name}/"),
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

//! Reads the files of entries, unless the cache knows them.

use std::collections::HashSet;
use std::sync::Arc;

use jixia_search::Text;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::texts::{self, Texts};
use crate::cache::{Cache, SourceRecord};
use crate::catalog::{Site, Unread};
use crate::content::{self, Entry, Id, Place, Reader, place};
use crate::diag::{Code, Diagnostic, Severity};
use crate::hash::{Hash, hash};
use crate::source::{MOST_BYTES, decode};
use crate::world::{File, World};

/// Reads every entry, in parallel. Bodies are gone when this returns; their facts stay.
pub(super) fn read_entries(
    world: &dyn World,
    site: &Site,
    files: &[File],
    cache: &mut Cache,
    texts: Option<&Texts>,
) -> (Vec<Arc<Entry>>, Unread, Vec<Diagnostic>) {
    let folders: HashSet<&str> = files
        .iter()
        .filter_map(|file| {
            file.path
                .strip_suffix("/index.md")
                .or_else(|| file.path.strip_suffix("/_index.md"))
        })
        .collect();
    let has_index = |directory: &str| folders.contains(directory);
    let reading = Reading {
        world,
        site,
        settings: settings(site),
        cache,
        texts,
    };
    type Result = std::result::Result<SourceRecord, Diagnostic>;
    let results: Vec<(Arc<str>, Option<Id>, Result)> = files
        .par_iter()
        .filter(|file| file.path.ends_with(".md"))
        .filter_map(|file| {
            let (id, result) = match place(&file.path, &site.schema, &has_index) {
                Ok(Place::Other) => return None,
                Ok(place) => (place.id().cloned(), reading.record(file, &place)),
                Err(diagnostic) => (None, Err(diagnostic)),
            };
            Some((Arc::clone(&file.path), id, result))
        })
        .collect();
    let (mut entries, mut diagnostics) = (Vec::with_capacity(results.len()), Vec::new());
    let mut sources = FxHashMap::default();
    sources.reserve(results.len());
    let mut unread = Unread::default();
    let mut hasher = blake3::Hasher::new();
    for (path, id, result) in results {
        if !result.as_ref().is_ok_and(|record| record.entry.is_some()) {
            unread.ids.extend(id);
            unread.paths.insert(Arc::clone(&path));
        }
        match result {
            Ok(record) => {
                // In the order of the listing, which is that of the paths.
                hasher.update(path.as_bytes()).update(&[0]).update(&record.hash);
                entries.extend(record.entry.clone());
                diagnostics.extend(record.diagnostics.iter().cloned());
                sources.insert(path, record);
            }
            Err(diagnostic) => diagnostics.push(diagnostic.in_file(&path)),
        }
    }
    cache
        .sources_key
        .copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    cache.sources = sources;
    (entries, unread, diagnostics)
}

/// What reading a file depends on besides the file.
fn settings(site: &Site) -> Hash {
    let config = &site.config;
    let parts = (
        &site.schema.fingerprint,
        config.check.strict,
        &config.site.language,
        &config.site.timezone,
    );
    hash(&postcard::to_stdvec(&parts).unwrap_or_default())
}

/// Reads the file of a known entry again. Returns `None` if it is gone or anything is wrong with it.
pub(super) fn reread(world: &dyn World, site: &Site, known: &Entry) -> Option<Arc<Entry>> {
    let (text, found) = decode(world.read(&known.path).ok()?).ok()?;
    let place = match &known.parent {
        Some(parent) => Place::Child {
            id: known.id.clone(),
            parent: parent.clone(),
        },
        None => Place::Entry {
            id: known.id.clone(),
            folder: known.folder,
        },
    };
    let (entry, diagnostics) = content::read(reader(site), &known.path, &place, &text, &mut |_| {});
    let is_fine = diagnostics
        .iter()
        .chain(&found)
        .all(|diagnostic| diagnostic.severity == Severity::Warning);
    entry.filter(|_| is_fine).map(Arc::new)
}

pub(super) fn reader(site: &Site) -> Reader<'_> {
    Reader {
        schema: &site.schema,
        zone: &site.zone,
        strict: site.config.check.strict,
        language: &site.config.site.language,
    }
}

struct Reading<'a> {
    world: &'a dyn World,
    site: &'a Site,
    settings: Hash,
    cache: &'a Cache,
    texts: Option<&'a Texts>,
}

impl Reading<'_> {
    /// The record of a file: the known one while the file is the same, else a new one.
    fn record(&self, file: &File, place: &Place) -> Result<SourceRecord, Diagnostic> {
        let known = self.cache.sources.get(&file.path).filter(|known| {
            known.settings == self.settings && known.entry.as_ref().is_none_or(|entry| is_at(entry, place))
        });
        if let Some(known) = known.filter(|known| self.cache.trusts(known.stamp, file.stamp)) {
            return Ok(known.clone());
        }
        if file.stamp.size > MOST_BYTES {
            let diagnostic = Diagnostic::new(Code::FileTooLarge).with("size", file.stamp.size);
            return Err(diagnostic.with("limit", MOST_BYTES));
        }
        let bytes = self.world.read(&file.path).map_err(|error| {
            Diagnostic::new(Code::Unreadable)
                .with("what", &file.path)
                .with("reason", error)
        })?;
        let content = hash(&bytes);
        if let Some(known) = known.filter(|known| known.hash == content) {
            return Ok(SourceRecord {
                stamp: file.stamp,
                ..known.clone()
            });
        }
        let (text, found) = decode(bytes)?;
        let texts = self.texts.filter(|texts| texts.has_room());
        let mut plain = texts.map(|_| Text::with_capacity(text.len()));
        let (entry, mut diagnostics) =
            content::read(reader(self.site), &file.path, place, &text, &mut |block| {
                if let Some(plain) = &mut plain {
                    texts::push(plain, &block);
                }
            });
        if let (Some(texts), Some(plain), Some(entry)) = (texts, plain, &entry) {
            texts.put(&entry.path, plain);
        }
        diagnostics.extend(found.map(|found| found.in_file(&file.path)));
        let meaning = entry.as_ref().map(Entry::meaning).unwrap_or_default();
        let entry = entry.map(Arc::new);
        Ok(SourceRecord {
            stamp: file.stamp,
            hash: content,
            settings: self.settings,
            meaning,
            entry,
            diagnostics,
        })
    }
}

/// A file stays where it is, but whether it is a chapter also depends on its neighbours.
fn is_at(entry: &Entry, place: &Place) -> bool {
    match place {
        Place::Entry { id, folder } => entry.id == *id && entry.parent.is_none() && entry.folder == *folder,
        Place::Child { id, parent } => entry.id == *id && entry.parent.as_ref() == Some(parent),
        Place::Other => false,
    }
}

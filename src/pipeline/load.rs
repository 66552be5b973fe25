//! Reads a site: settings, schema, theme, entries; and checks it all.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use jixia_search::Text;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::texts::{self, Texts};
use super::{Loaded, Options, addresses, finish_diagnostics};
use crate::cache::{Cache, SourceRecord};
use crate::catalog::{Catalog, Site, Unread};
use crate::config::Config;
use crate::content::{self, Entry, Id, KindSource, Place, Reader, Schema, place};
use crate::diag::{Code, Diagnostic, Severity};
use crate::hash::{Hash, hash};
use crate::pages::{Plan, reserved_segments};
use crate::render::Theme;
use crate::source::{MOST_BYTES, decode, decode_declaration};
use crate::world::{File, World};

/// Reads and checks a site. What the cache knows of unchanged files is not read again.
pub fn load(world: &dyn World, options: Options, cache: &mut Cache) -> Loaded {
    load_with(world, options, cache, None)
}

/// Does what [`load()`] does, and keeps the texts of bodies that were read for the search index, if the site has one.
pub(super) fn load_with(
    world: &dyn World,
    options: Options,
    cache: &mut Cache,
    texts: Option<&Texts>,
) -> Loaded {
    let (mut config, places, mut diagnostics) = Config::load(world);
    config.check.strict |= options.strict;
    let listing = world.list("content");
    diagnostics.extend(listing.diagnostics);
    diagnostics.extend(missing(world, &listing.files));
    let (schema, wrong) = load_schema(world, &listing.files);
    diagnostics.extend(wrong);
    diagnostics.extend(config.unknown_names(&schema, &places));
    let zone = config.zone();
    cache.commits = config
        .output
        .history
        .then(|| world.commits(cache.commits.as_ref()))
        .flatten();
    if config.output.history && cache.commits.is_none() {
        diagnostics.push(Diagnostic::new(Code::NoHistory).in_file(&Arc::from(crate::config::SETTINGS)));
    }
    let site = Arc::new(Site {
        config,
        schema,
        zone,
        now: world.now(),
        drafts: options.drafts,
        history: cache.commits.as_ref().map(|commits| Arc::new(commits.history())),
    });
    let store = format!("{}/", site.config.store.blobs.trim_end_matches('/'));
    let files: Vec<File> = listing
        .files
        .into_iter()
        .filter(|file| !file.path.starts_with(&store))
        .collect();
    let bodies = texts.filter(|_| site.config.output.search);
    let (entries, unread, wrong) = read_entries(world, &site, &files, cache, bodies);
    diagnostics.extend(wrong);
    let beside: Vec<File> = files
        .into_iter()
        .filter(|file| !file.path.ends_with(".md"))
        .collect();
    let (catalog, wrong) = Catalog::build(
        Arc::clone(&site),
        entries,
        Arc::new(unread),
        &beside,
        world,
        &mut cache.media,
    );
    diagnostics.extend(wrong);
    let (theme, wrong) = Theme::load(world, &site.config);
    diagnostics.extend(wrong);
    let (texts, wrong) = theme.texts(&site.config.site.language);
    diagnostics.extend(wrong);
    let cards = catalog.iter().map(|_| OnceLock::new()).collect();
    let (plan, wrong) = Plan::new(&catalog);
    diagnostics.extend(wrong);
    let mut loaded = Loaded {
        catalog,
        plan,
        theme,
        texts,
        diagnostics,
        cards,
    };
    addresses::check(world, &mut loaded, options, cache);
    finish_diagnostics(&mut loaded);
    loaded
}

/// What a site must have. Without entries a build would empty the portal, which nobody means.
fn missing(world: &dyn World, files: &[File]) -> Vec<Diagnostic> {
    let has_settings = world.stamp(crate::config::SETTINGS).is_some();
    if files.is_empty() && !has_settings {
        return vec![Diagnostic::new(Code::NoSite).with("root", ".")];
    }
    let mut diagnostics = Vec::new();
    if !has_settings {
        diagnostics.push(Diagnostic::new(Code::NoSettings));
    }
    if !files.iter().any(|file| file.path.ends_with(".md")) {
        diagnostics.push(Diagnostic::new(Code::NoContent));
    }
    diagnostics
}

fn load_schema(world: &dyn World, files: &[File]) -> (Schema, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut read = |path: &Arc<str>| match world.read(path).map(decode_declaration) {
        Ok(Ok(text)) => Some(KindSource {
            path: Arc::clone(path),
            text,
        }),
        Ok(Err(diagnostic)) => {
            diagnostics.push(diagnostic.in_file(path));
            None
        }
        Err(error) => {
            let diagnostic = Diagnostic::new(Code::Unreadable).in_file(path).with("what", path);
            diagnostics.push(diagnostic.with("reason", error));
            None
        }
    };
    let mut below = |directory: &str| -> Vec<KindSource> {
        let inside = files
            .iter()
            .filter(|file| file.path.starts_with(directory) && file.path.ends_with(".toml"));
        inside.filter_map(|file| read(&file.path)).collect()
    };
    let kinds = below("content/kinds/");
    let vocabularies = below("content/vocabularies/");
    let rubrics = below("content/rubrics/");
    let units = below("content/units.toml");
    let (schema, wrong) = Schema::load(
        &kinds,
        &vocabularies,
        &rubrics,
        units.first(),
        &reserved_segments(),
    );
    diagnostics.extend(wrong);
    (schema, diagnostics)
}

/// Reads every entry, in parallel. Bodies are gone when this returns; their facts stay.
fn read_entries(
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

/// Reads the file of a known entry again; nothing if it is gone or anything is wrong with it.
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

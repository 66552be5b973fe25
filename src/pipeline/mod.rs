//! From a world to an output directory: the order of the stages, and what of the last build still holds.
//!
//! `World → SourceFile → Entry → Catalog → Page → Artifact → disk`. A clean build, an incremental one and a rebuild of
//! `serve` are this same code with a warmer [`Cache`].

mod addresses;
mod last;
mod load;
mod preview;
mod search;
mod single;
mod snippets;
mod texts;
mod thumbnails;
mod write;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use self::snippets::Snippets;
use crate::cache::{Cache, OutputState};
use crate::catalog::{Catalog, Ix, Site, Status};
use crate::diag::{self, Diagnostic};
use crate::hash::{Hash, hash};
use crate::history::Commits;
use crate::media::thumbnails::Store;
use crate::output::{Changes, Output};
use crate::pages::{Plan, Planner, SharedCard, Texts};
use crate::render::{Renderer, Theme};
use crate::world::World;

pub use last::build_if_changed;
pub use load::load;
pub use preview::{Held, preview};
pub use single::{Neighbours, entry_page};

/// What the caller decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Show drafts, scheduled and expired entries.
    pub drafts: bool,
    /// Write compressed copies of text files.
    pub precompress: bool,
    /// Require advised fields whatever `site.toml` says.
    pub strict: bool,
}

/// A site that was read and checked, ready to be rendered.
#[derive(Debug)]
pub struct Loaded {
    /// All entries.
    pub catalog: Catalog,
    /// Every page, with its address.
    pub plan: Plan,
    /// The files of the theme.
    pub theme: Theme,
    /// Its texts.
    pub texts: Texts,
    /// Entries as lists show them, by position.
    pub cards: Vec<OnceLock<SharedCard>>,
    /// Everything that is wrong, judged by the site's settings and ordered.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Everything that is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Entries that were read.
    pub entries: usize,
    /// Pages of the portal: HTML files.
    pub pages: usize,
    /// Files that did not have to be written.
    pub unchanged: usize,
    /// Files that were written and removed; nothing when the build failed.
    pub changes: Option<Changes>,
}

/// How far rendering has come, for a progress bar in another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Pages there are; 0 until that is known.
    pub pages: AtomicUsize,
    /// Pages that are done.
    pub done: AtomicUsize,
}

impl Loaded {
    /// Makes views of this site.
    pub fn planner(&self) -> Planner<'_> {
        Planner {
            catalog: &self.catalog,
            plan: &self.plan,
            texts: &self.texts,
            cards: &self.cards,
        }
    }

    /// What is not an entry.
    pub fn site(&self) -> &Arc<Site> {
        &self.catalog.site
    }
}

/// Builds a portal. On errors the previous output stays whole.
pub fn build(
    world: &dyn World,
    root: &Path,
    out: &Path,
    options: Options,
    cache: &mut Cache,
    progress: &Progress,
) -> Outcome {
    build_and_hold(world, root, out, options, cache, progress).0
}

/// Builds a portal and, when that succeeds, keeps what was loaded for a [`preview()`].
pub fn build_and_hold(
    world: &dyn World,
    root: &Path,
    out: &Path,
    options: Options,
    cache: &mut Cache,
    progress: &Progress,
) -> (Outcome, Option<Held>) {
    let sources_before = cache.sources_key;
    let bodies_before: FxHashMap<Arc<str>, Hash> = body_hashes(cache);
    let texts = texts::Texts::default();
    let mut loaded = load::load_with(world, options, cache, Some(&texts));
    let store = Store::open(cache.thumbnails.as_deref());
    if diag::count(&loaded.diagnostics).0 == 0 {
        thumbnails::prepare(world, &mut loaded, cache, &store);
    }
    let mut outcome = Outcome {
        entries: loaded.catalog.iter().count(),
        ..Outcome::default()
    };
    let key = std::path::absolute(out).unwrap_or_else(|_| PathBuf::from(out));
    let before = cache.outputs.remove(&key).unwrap_or_default();
    let facts = facts(&loaded, options, cache);
    let only_bodies = before.facts == facts
        && before.sources_key == sources_before
        && is_between(&before, world)
        && diag::count(&loaded.diagnostics).0 == 0;
    let changed = only_bodies.then(|| changed_bodies(&loaded, &bodies_before));
    let mut held = None;
    let result = put_out(
        world,
        root,
        out,
        options,
        (&mut loaded, &texts, &store),
        (&before, changed),
        progress,
    );
    match result {
        Ok((written, records, search, renderer)) => {
            held = Some(renderer);
            store.keep_only(cache.media.rendition_sources());
            outcome.unchanged = written.unchanged;
            outcome.pages = written.pages;
            outcome.changes = Some(written.changes);
            let nanoseconds =
                |timestamp: jiff::Timestamp| i64::try_from(timestamp.as_nanosecond()).unwrap_or(i64::MAX);
            let due = [loaded.catalog.next_change(), loaded.catalog.next_finding()];
            let state = OutputState {
                records,
                search,
                facts,
                sources_key: cache.sources_key,
                now: nanoseconds(world.now()),
                until: due.into_iter().flatten().min().map(nanoseconds),
            };
            cache.outputs.insert(key, state);
        }
        Err(mut diagnostics) => {
            loaded.diagnostics.append(&mut diagnostics);
            cache.outputs.insert(key, before);
        }
    }
    finish_diagnostics(&mut loaded);
    outcome.diagnostics.clone_from(&loaded.diagnostics);
    let held = held.map(|renderer| Held {
        loaded,
        renderer,
        options,
    });
    (outcome, held)
}

fn body_hashes(cache: &Cache) -> FxHashMap<Arc<str>, Hash> {
    let entries = cache
        .sources
        .iter()
        .filter_map(|(path, record)| Some((path, record.entry.as_ref()?)));
    entries
        .map(|(path, entry)| (Arc::clone(path), entry.body_hash))
        .collect()
}

/// The entries whose bodies are not those of the build before.
fn changed_bodies(loaded: &Loaded, before: &FxHashMap<Arc<str>, Hash>) -> Vec<Ix> {
    let changed = loaded.catalog.iter().filter(|(ix, entry)| {
        before.get(&entry.path) != Some(&entry.body_hash) && loaded.catalog.status(*ix) != Status::Hidden
    });
    changed.map(|(ix, _)| ix).collect()
}

/// Hash of everything that pages depend on besides the bodies and the time.
fn facts(loaded: &Loaded, options: Options, cache: &Cache) -> Hash {
    let site = loaded.site();
    let mut meanings: Vec<_> = cache
        .sources
        .iter()
        .map(|(path, record)| (path, record.meaning))
        .collect();
    meanings.par_sort_unstable();
    let files: Vec<_> = loaded
        .catalog
        .files
        .iter_used()
        .map(|(path, used)| (path, used.stamp, &used.renditions))
        .collect();
    let blobs: Vec<_> = loaded.catalog.files.blobs().collect();
    let switches = (options.drafts, options.precompress, options.strict);
    let commits = cache.commits.as_ref().map(Commits::state);
    let parts = (
        meanings,
        files,
        blobs,
        (switches, commits, loaded.plan.plain_files()),
        &site.config,
        site.schema.fingerprint,
        loaded.theme.fingerprint(),
    );
    hash(&postcard::to_stdvec(&parts).unwrap_or_default())
}

/// Whether nothing was due between the build before and this one.
fn is_between(before: &OutputState, world: &dyn World) -> bool {
    let now = i64::try_from(world.now().as_nanosecond()).unwrap_or(i64::MAX);
    before.now <= now && before.until.is_none_or(|until| now < until)
}

/// Does everything that [`build`] does but write: every page is rendered.
pub fn check(world: &dyn World, loaded: &mut Loaded) {
    let mut diagnostics = match write::renderer(loaded, &Arc::default()) {
        Ok((renderer, _)) => write::render_errors(world, loaded, &renderer),
        Err(diagnostics) => diagnostics,
    };
    loaded.diagnostics.append(&mut diagnostics);
    finish_diagnostics(loaded);
}

fn finish_diagnostics(loaded: &mut Loaded) {
    let site = Arc::clone(&loaded.catalog.site);
    site.config.judge(&mut loaded.diagnostics);
    diag::sort(&mut loaded.diagnostics);
}

/// Renders and writes: all pages whose inputs changed, or only those of `changed` entries when nothing else did and
/// the output is as it was left.
fn put_out(
    world: &dyn World,
    root: &Path,
    out: &Path,
    options: Options,
    (loaded, texts, store): (&mut Loaded, &texts::Texts, &Store),
    (before, changed): (&OutputState, Option<Vec<Ix>>),
    progress: &Progress,
) -> Result<(write::Written, write::Records, Vec<u8>, Renderer), Vec<Diagnostic>> {
    let snippets = Arc::new(Snippets::of(root));
    let (renderer, assets) = write::renderer(loaded, &snippets)?;
    if diag::count(&loaded.diagnostics).0 > 0 {
        return Err(Vec::new());
    }
    let work = write::Work {
        world,
        root,
        loaded,
        renderer: &renderer,
        assets: &assets,
        options,
        thumbnails: store,
    };
    let output = Output::open(out).map_err(|diagnostic| vec![diagnostic])?;
    let rendered = match changed {
        Some(entries) if write::holds_all(&output, &before.records) => {
            work.render_bodies(&output, &entries, &before.records)
        }
        _ => work.render_all(&output, &before.records, progress),
    };
    let indexed = rendered.and_then(|mut rendered| {
        let mut state = Vec::new();
        if loaded.site().config.output.search {
            let (files, new_state) = search::index(
                world,
                loaded.planner(),
                texts,
                &output,
                (&before.records, &before.search),
            )?;
            rendered.files.extend(files);
            state = new_state;
        }
        Ok((rendered, state))
    });
    match indexed {
        Ok((rendered, state)) => {
            let (written, records) = rendered
                .commit(output, &before.records)
                .map_err(|diagnostic| vec![diagnostic])?;
            snippets.save();
            Ok((written, records, state, renderer))
        }
        Err(diagnostics) => {
            output.abandon();
            Err(diagnostics)
        }
    }
}

//! The whole way from a world to an output, and what of the last build still holds.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::aside::{self, Aside};
use super::commit::{self, Written};
use super::load::load_with;
use super::loaded::Loaded;
use super::preview::WarmSite;
use super::renderer::renderer;
use super::snippets::Snippets;
use super::task::{Options, Outcome, Task};
use super::texts::Texts;
use super::work::{Done, Work};
use super::{search, thumbnails};
use crate::cache::{Cache, OutputState, nanoseconds};
use crate::catalog::{Ix, Status};
use crate::diag::Diagnostic;
use crate::hash::{Hash, hash};
use crate::history::Commits;
use crate::media::thumbnails::Store;
use crate::output::Output;
use crate::pages::Page;
use crate::render::Renderer;
use crate::world::World;

/// Builds a portal. On errors the previous output stays whole.
pub fn build(world: &dyn World, task: Task<'_>, cache: &mut Cache) -> Outcome {
    build_and_keep(world, task, cache).0
}

/// Builds a portal and, when that succeeds, keeps what was loaded for a [`super::preview()`].
pub fn build_and_keep(world: &dyn World, task: Task<'_>, cache: &mut Cache) -> (Outcome, Option<WarmSite>) {
    let mut left_out = Aside::default();
    loop {
        let (mut outcome, warm) = attempt(world, task, cache, &left_out);
        let is_over = outcome.changes.is_some()
            || !task.options.set_aside
            || !left_out.extend(&outcome.diagnostics, outcome.entries);
        if is_over {
            outcome.damaged = aside::damaged(&outcome.diagnostics);
            outcome.set_aside = left_out.into_list();
            return (outcome, warm);
        }
    }
}

/// Builds a portal without the entries that are set aside.
fn attempt(
    world: &dyn World,
    task: Task<'_>,
    cache: &mut Cache,
    aside: &Aside,
) -> (Outcome, Option<WarmSite>) {
    let sources = Sources::of(cache);
    let texts = Texts::default();
    let mut loaded = load_with(world, task.options, cache, aside.paths(), Some(&texts));
    aside.report(&mut loaded);
    let store = Store::open(cache.thumbnails.as_deref());
    if loaded.is_sound() {
        thumbnails::prepare(world, &mut loaded, cache, &store, task.progress);
    }
    let before = cache.outputs.remove(&task.key()).unwrap_or_default();
    let facts = facts(&loaded, task.options, cache);
    let is_same_but_for_bodies = before.facts == facts
        && before.sources_key == sources.key
        && before.covers(world.now())
        && loaded.is_sound();
    let rendering = Rendering {
        world,
        task,
        texts: &texts,
        store: &store,
        before: &before,
        only: is_same_but_for_bodies.then(|| sources.changed_bodies(&loaded)),
    };
    let rendered = rendering.put_out(&loaded);
    let mut outcome = Outcome {
        entries: loaded.catalog.iter().count(),
        ..Outcome::default()
    };
    let (state, renderer) = match rendered {
        Ok(rendered) => {
            let (written, renderer) = (rendered.written, rendered.renderer);
            store.keep_only(cache.media.rendition_sources());
            outcome.unchanged = written.unchanged;
            outcome.pages = written.pages;
            outcome.changes = Some(written.changes);
            let state = OutputState {
                records: written.records,
                search: rendered.search,
                facts,
                sources_key: cache.sources_key,
                now: nanoseconds(world.now()),
                until: loaded.catalog.next_difference().map(nanoseconds),
            };
            (state, Some(renderer))
        }
        Err(wrong) => {
            loaded.report(wrong);
            (before, None)
        }
    };
    cache.outputs.insert(task.key(), state);
    outcome.diagnostics.clone_from(&loaded.diagnostics);
    let warm = renderer.map(|renderer| WarmSite {
        loaded,
        renderer,
        options: task.options,
    });
    (outcome, warm)
}

/// The content files as the build before read them.
struct Sources {
    key: Hash,
    /// By path of the entry.
    bodies: FxHashMap<Arc<str>, Hash>,
}

impl Sources {
    fn of(cache: &Cache) -> Self {
        let entries = cache
            .sources
            .iter()
            .filter_map(|(path, record)| Some((path, record.entry.as_ref()?)));
        Self {
            key: cache.sources_key,
            bodies: entries
                .map(|(path, entry)| (Arc::clone(path), entry.body_hash))
                .collect(),
        }
    }

    /// The shown entries whose bodies are others now.
    fn changed_bodies(&self, loaded: &Loaded) -> Vec<Ix> {
        let changed = loaded.catalog.iter().filter(|(ix, entry)| {
            self.bodies.get(&entry.path) != Some(&entry.body_hash)
                && loaded.catalog.status(*ix) != Status::Hidden
        });
        changed.map(|(ix, _)| ix).collect()
    }
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
        (
            switches,
            commits,
            loaded.plan.addresses().plain_files(),
            &site.aside,
        ),
        &site.config,
        site.schema.fingerprint,
        loaded.theme.fingerprint(),
    );
    hash(&postcard::to_stdvec(&parts).unwrap_or_default())
}

/// What it takes to put a loaded site out.
struct Rendering<'a> {
    world: &'a dyn World,
    task: Task<'a>,
    /// Texts of bodies that were read, for the search index.
    texts: &'a Texts,
    store: &'a Store,
    /// The output as the build before left it.
    before: &'a OutputState,
    /// The entries whose bodies changed, if nothing else did.
    only: Option<Vec<Ix>>,
}

/// What was put out.
struct Rendered {
    written: Written,
    /// State of the search index.
    search: Vec<u8>,
    renderer: Renderer,
}

impl Rendering<'_> {
    /// Renders and writes: all pages whose inputs changed, or only those of entries whose bodies did when nothing else
    /// changed and the output is as it was left.
    fn put_out(&self, loaded: &Loaded) -> Result<Rendered, Vec<Diagnostic>> {
        let snippets = Arc::new(Snippets::of(self.task.root));
        let (renderer, assets) = renderer(loaded, &snippets)?;
        if !loaded.is_sound() {
            return Err(Vec::new());
        }
        let output = Output::open(self.task.out).map_err(|wrong| vec![wrong])?;
        let work = Work {
            world: self.world,
            root: self.task.root,
            loaded,
            renderer: &renderer,
            assets: &assets,
            options: self.task.options,
            thumbnails: self.store,
            output: &output,
            before: &self.before.records,
        };
        match self.stage(&work) {
            Ok((files, search)) => {
                let written = commit::whole(files, output, &self.before.records);
                let written = written.map_err(|wrong| vec![wrong])?;
                snippets.save();
                Ok(Rendered {
                    written,
                    search,
                    renderer,
                })
            }
            Err(wrong) => {
                output.abandon();
                Err(wrong)
            }
        }
    }

    /// Stages every file that the output lacks. Returns all files and the state of the search index.
    fn stage(&self, work: &Work<'_>) -> Result<(Vec<Done>, Vec<u8>), Vec<Diagnostic>> {
        let mut files = match &self.only {
            Some(entries) if work.holds_all() => work.only_pages_of(entries)?,
            _ => {
                let pages: Vec<&Page> = work.loaded.plan.pages().iter().collect();
                let mut files = work.pages(&pages, self.task.progress)?;
                files.extend(work.files()?);
                files.extend(work.thumbnails().map_err(|wrong| vec![wrong])?);
                files
            }
        };
        if !work.loaded.site().config.output.search {
            return Ok((files, Vec::new()));
        }
        let (indexed, state) =
            search::index(work, self.texts, &self.before.search).map_err(|wrong| vec![wrong])?;
        files.extend(indexed);
        Ok((files, state))
    }
}

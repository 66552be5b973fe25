//! Addresses that links name and that no page answers: which of them other files answer that a build writes.
//!
//! Some of those have names that depend on their bytes. They are found out by doing what the build does, and only when a
//! link asks.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::body;
use super::loaded::Loaded;
use super::renderer::renderer;
use super::search;
use super::task::Options;
use super::thumbnails::renditions;
use crate::cache::Cache;
use crate::catalog::Ix;
use crate::diag::Diagnostic;
use crate::media::thumbnails::Store;
use crate::output;
use crate::pages::{PlainFile, Unanswered};
use crate::render::{Assets, Renderer};
use crate::world::World;

/// Checks the addresses that bodies and settings name, and tells the plan which other files they name.
pub(super) fn check(
    world: &dyn World,
    loaded: &mut Loaded,
    options: Options,
    cache: &Cache,
) -> Vec<Diagnostic> {
    let planner = loaded.planner();
    let entries: Vec<Ix> = loaded.catalog.iter().map(|(ix, _)| ix).collect();
    let (mut wrong, mut unanswered) = planner.check_addresses(&entries);
    unanswered.extend(planner.check_settings());
    let files = written(world, loaded, options, cache, &unanswered);
    unanswered.retain(|link| !files.contains(&link.file()));
    wrong.extend(planner.report(&unanswered));
    loaded.plan.add_plain_files(files);
    wrong
}

/// The files that links name and that a build with these options writes.
pub(super) fn written(
    world: &dyn World,
    loaded: &Loaded,
    options: Options,
    cache: &Cache,
    links: &[Unanswered],
) -> BTreeSet<String> {
    let wanted: BTreeSet<String> = links.iter().map(Unanswered::file).collect();
    if wanted.is_empty() {
        return wanted;
    }
    // Without its templates nothing is written at all, which is reported.
    let Ok((renderer, assets)) = renderer(loaded, &Arc::default()) else {
        return wanted;
    };
    let build = Build {
        world,
        loaded,
        options,
        cache,
        known: known(loaded, &assets),
        renderer,
        assets,
        index: OnceLock::new(),
    };
    wanted.into_iter().filter(|file| build.writes(file)).collect()
}

/// What a build would do.
struct Build<'a> {
    world: &'a dyn World,
    loaded: &'a Loaded,
    options: Options,
    cache: &'a Cache,
    /// Files whose names need no rendering.
    known: BTreeSet<String>,
    renderer: Renderer,
    assets: Assets,
    /// Files of the search index, once one was asked for.
    index: OnceLock<BTreeSet<String>>,
}

/// Files of the theme, beside Markdown, of the store and for servers.
fn known(loaded: &Loaded, assets: &Assets) -> BTreeSet<String> {
    let (files, config) = (&loaded.catalog.files, &loaded.site().config);
    let mut known: BTreeSet<String> = snippets(loaded).map(|(file, _)| file).collect();
    known.extend(
        assets
            .files
            .keys()
            .map(|name| PlainFile::Asset(name.clone()).file()),
    );
    known.extend(files.iter_used().map(|(path, _)| PlainFile::beside(path).file()));
    if config.store.public_url.is_empty() {
        let blobs = files.blobs().flat_map(|(sha256, names)| {
            names.keys().map(|name| PlainFile::Blob {
                sha256: sha256.to_owned(),
                name: name.to_string(),
            })
        });
        known.extend(blobs.map(|blob| blob.file()));
    }
    known
}

/// Settings for servers, with the files they are written to.
fn snippets(loaded: &Loaded) -> impl Iterator<Item = (String, String)> {
    let config = &loaded.site().config;
    let snippets = output::server_snippets(config.base_path()).into_iter();
    let are_written = config.output.server_snippets;
    let written = snippets.filter(move |_| are_written);
    written.map(|(name, text)| (PlainFile::Top(name).file(), text))
}

impl Build<'_> {
    fn writes(&self, file: &str) -> bool {
        self.known.contains(file)
            || self.is_rendition(file)
            || self.is_of_index(file)
            || self.is_compressed_copy(file)
    }

    /// Whether it is a smaller copy of a picture, which there is only if it has fewer bytes.
    fn is_rendition(&self, file: &str) -> bool {
        let Some((path, width)) = PlainFile::rendition_at(file) else {
            return false;
        };
        let has_copy = |used| {
            let store = Store::open(self.cache.thumbnails.as_deref());
            let copies = renditions(self.world, self.cache, &store, &path, used);
            copies.widths.contains(&width)
        };
        let files = &self.loaded.catalog.files;
        let used = files.used(&path).filter(|used| files.has_copies(&path, used));
        used.is_some_and(has_copy)
    }

    fn is_of_index(&self, file: &str) -> bool {
        let directory = PlainFile::Search(String::new()).file();
        if !self.loaded.site().config.output.search || !file.starts_with(&directory) {
            return false;
        }
        let index = self
            .index
            .get_or_init(|| search::files(self.world, self.loaded.planner()));
        index.contains(file)
    }

    fn is_compressed_copy(&self, file: &str) -> bool {
        let copied = [".gz", ".br"].iter().find_map(|end| file.strip_suffix(end));
        let copied = copied.filter(|_| self.options.precompress);
        copied.is_some_and(|file| {
            self.bytes(file)
                .is_some_and(|bytes| output::compressible(file, &bytes))
        })
    }

    /// The bytes of a file that may have compressed copies.
    fn bytes(&self, file: &str) -> Option<Vec<u8>> {
        if let Some(page) = self.loaded.plan.at(file) {
            let view = page.view(self.loaded.planner());
            let body = || body::of_view(self.world, self.loaded, &view);
            return self.renderer.render(&view, &body).ok();
        }
        let mut assets = self.assets.files.iter();
        let asset = assets.find(|(name, _)| PlainFile::Asset((*name).clone()).file() == file);
        if let Some((_, bytes)) = asset {
            return Some(bytes.clone());
        }
        if let Some((_, text)) = snippets(self.loaded).find(|(name, _)| name == file) {
            return Some(text.into_bytes());
        }
        let mut beside = self.loaded.catalog.files.iter_used();
        let (path, _) = beside.find(|(path, _)| PlainFile::beside(path).file() == file)?;
        self.world.read(path).ok()
    }
}

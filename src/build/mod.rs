//! From a world to an output directory: the order of the stages, and what of the last build still holds.
//!
//! `World → SourceFile → Entry → Catalog → Page → Artifact → disk`. A clean build, an incremental one and a rebuild of
//! `serve` are this same code with a warmer [`Cache`].

mod load;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crate::cache::Cache;
use crate::catalog::{Catalog, Site};
use crate::diag::{self, Diagnostic};
use crate::output::{Changes, Output};
use crate::pages::{Page, Planner, Texts, plan};
use crate::render::Theme;
use crate::world::World;

pub use load::load;

/// What the caller decides.
#[derive(Debug, Clone, Copy, Default)]
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
    /// The files of the theme.
    pub theme: Theme,
    /// Its texts.
    pub texts: Texts,
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
        Planner { catalog: &self.catalog, texts: &self.texts }
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
    let mut loaded = load(world, options, cache);
    let mut outcome = Outcome { entries: loaded.catalog.iter().count(), ..Outcome::default() };
    let renderer = write::renderer(&loaded);
    let (pages, wrong) = write::unique(&loaded, plan(loaded.planner()));
    loaded.diagnostics.extend(wrong);
    let prepared = match renderer {
        Ok(prepared) => Some(prepared),
        Err(mut diagnostics) => {
            loaded.diagnostics.append(&mut diagnostics);
            None
        }
    };
    finish_diagnostics(&mut loaded);
    if let Some((renderer, assets)) = prepared.filter(|_| diag::count(&loaded.diagnostics).0 == 0) {
        let work = write::Work { world, root, loaded: &loaded, renderer: &renderer, assets: &assets, options };
        match write_out(&work, out, &pages, cache, progress) {
            Ok(written) => {
                outcome.unchanged = written.unchanged;
                outcome.pages = written.pages;
                outcome.changes = Some(written.changes);
            }
            Err(mut diagnostics) => {
                loaded.diagnostics.append(&mut diagnostics);
                finish_diagnostics(&mut loaded);
            }
        }
    }
    outcome.diagnostics = loaded.diagnostics;
    outcome
}

/// Does everything that [`build`] does but write: addresses are checked, and every page is rendered.
pub fn check(world: &dyn World, loaded: &mut Loaded) {
    let (pages, wrong) = write::unique(loaded, plan(loaded.planner()));
    loaded.diagnostics.extend(wrong);
    let mut diagnostics = match write::renderer(loaded) {
        Ok((renderer, _)) => write::render_errors(world, loaded, &renderer, &pages),
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

fn write_out(
    work: &write::Work<'_>,
    out: &Path,
    pages: &[Page],
    cache: &mut Cache,
    progress: &Progress,
) -> Result<write::Written, Vec<Diagnostic>> {
    let output = Output::open(out).map_err(|diagnostic| vec![diagnostic])?;
    let key = std::path::absolute(out).unwrap_or_else(|_| PathBuf::from(out));
    let before = cache.outputs.remove(&key).unwrap_or_default();
    match work.render_all(&output, pages, &before, progress) {
        Ok(rendered) => {
            let (written, records) = rendered.commit(output, &before).map_err(|diagnostic| vec![diagnostic])?;
            cache.outputs.insert(key, records);
            Ok(written)
        }
        Err(diagnostics) => {
            output.abandon();
            cache.outputs.insert(key, before);
            Err(diagnostics)
        }
    }
}

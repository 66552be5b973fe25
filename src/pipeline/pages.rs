//! Renders pages whose inputs changed, in parallel.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::loaded::Loaded;
use super::work::{Done, Work};
use super::{body, failure};
use crate::catalog::Ix;
use crate::diag::{Code, Diagnostic};
use crate::hash::{Hash, hash};
use crate::pages::{Page, PageView, View};
use crate::progress::{Progress, Stage};
use crate::render::Renderer;
use crate::world::World;

impl Work<'_> {
    /// Renders every page and stages those that differ.
    pub(super) fn pages(
        &self,
        pages: &[&Page],
        progress: Option<&Progress>,
    ) -> Result<Vec<Done>, Vec<Diagnostic>> {
        let unwatched = Progress::default();
        let progress = progress.unwrap_or(&unwatched);
        progress.begin(Stage::Pages, pages.len());
        let rendered: Vec<Result<Vec<Done>, Diagnostic>> = pages
            .par_iter()
            .map(|page| {
                let done = self.page(page).map_err(|wrong| self.of_page(page, wrong));
                progress.step();
                done
            })
            .collect();
        let mut files = Vec::with_capacity(pages.len() + 64);
        let mut diagnostics = Vec::new();
        for result in rendered {
            match result {
                Ok(done) => files.extend(done),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        if diagnostics.is_empty() {
            Ok(files)
        } else {
            Err(first_of_each(diagnostics))
        }
    }

    /// Renders the pages that show the bodies of these entries, or what is counted in them.
    pub(super) fn pages_of(&self, entries: &[Ix]) -> Result<Vec<Done>, Vec<Diagnostic>> {
        let entries: FxHashSet<Ix> = entries.iter().copied().collect();
        let shows = |page: &&Page| page.shows_body() && page.entry().is_some_and(|ix| entries.contains(&ix));
        let pages: Vec<&Page> = self.loaded.plan.pages().iter().filter(shows).collect();
        self.pages(&pages, None)
    }

    /// Renders only the pages of these entries, since nothing but their bodies changed: all other files of the output
    /// stay, but for the search index.
    pub(super) fn only_pages_of(&self, entries: &[Ix]) -> Result<Vec<Done>, Vec<Diagnostic>> {
        let mut done = self.pages_of(entries)?;
        let names: BTreeSet<String> = done.iter().map(|done| done.file.clone()).collect();
        let others = self
            .before
            .iter()
            .filter(|(file, _)| !names.contains(*file) && !is_search_file(file));
        done.extend(others.map(|(file, record)| Done::same(file.clone(), *record)));
        Ok(done)
    }

    fn page(&self, page: &Page) -> Result<Vec<Done>, Diagnostic> {
        let what = || page.file(&self.loaded.catalog);
        failure::caught(&what, || self.render_and_stage(page))
    }

    fn render_and_stage(&self, page: &Page) -> Result<Vec<Done>, Diagnostic> {
        let view = page.view(self.loaded.planner());
        let file = page.file(&self.loaded.catalog);
        let input = self.input(&view);
        if let Some(known) = self.known(&file, input) {
            return Ok(known);
        }
        let body = || body::of_view(self.world, self.loaded, &view);
        let bytes = self.renderer.render(&view, &body)?;
        self.stage(file, input, &bytes)
    }

    /// Hash of everything that a page depends on.
    fn input(&self, view: &View<PageView>) -> Hash {
        // Views are made of strings, numbers and lists of known length: they always serialise.
        let mut bytes = postcard::to_stdvec(view).unwrap_or_default();
        bytes.extend_from_slice(&self.renderer.fingerprint(view));
        if let View::Html(html) = view
            && let Some(body) = &html.body
        {
            bytes.extend_from_slice(&self.loaded.catalog.entry(body.ix).body_hash);
            bytes.push(u8::from(self.loaded.site().config.output.highlight));
            bytes.extend(postcard::to_stdvec(&body.targets).unwrap_or_default());
        }
        hash(&bytes)
    }
}

/// Files of the index are the index's business.
fn is_search_file(file: &str) -> bool {
    file.starts_with("search/") && file.ends_with(".bin")
}

/// Renders every page and keeps only what goes wrong.
pub(super) fn errors(
    world: &dyn World,
    loaded: &Loaded,
    renderer: &Renderer,
    progress: Option<&Progress>,
) -> Vec<Diagnostic> {
    if let Some(progress) = progress {
        progress.begin(Stage::Pages, loaded.plan.pages().len());
    }
    let render = |page: &Page| {
        let wrong = error(world, loaded, renderer, page);
        progress.inspect(|progress| progress.step());
        wrong
    };
    let diagnostics: Vec<Option<Diagnostic>> = loaded.plan.pages().par_iter().map(render).collect();
    first_of_each(diagnostics.into_iter().flatten().collect())
}

/// Renders a page and keeps only what goes wrong.
pub(super) fn error(
    world: &dyn World,
    loaded: &Loaded,
    renderer: &Renderer,
    page: &Page,
) -> Option<Diagnostic> {
    let what = || page.file(&loaded.catalog);
    let rendered = failure::caught(&what, || {
        let view = page.view(loaded.planner());
        renderer.render(&view, &|| body::of_view(world, loaded, &view))
    });
    rendered.err()
}

/// A broken template fails on every page that uses it: one report for each place in it is enough.
fn first_of_each(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen: BTreeSet<(Option<Arc<str>>, Option<u32>, Code)> = BTreeSet::new();
    let key = |diagnostic: &Diagnostic| {
        (
            diagnostic.path.clone(),
            diagnostic.span.as_ref().map(|span| span.start),
            diagnostic.code,
        )
    };
    diagnostics
        .into_iter()
        .filter(|diagnostic| seen.insert(key(diagnostic)))
        .collect()
}

//! Renders what changed and puts it out.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jixia_markdown::highlight::Memo;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::snippets::Snippets;
use super::{Loaded, Options, Progress};
use crate::catalog::{Catalog, Ix};
use crate::content::Entry;
use crate::diag::{Code, Diagnostic};
use crate::hash::{Hash, hash};
use crate::media::thumbnails::Store;
use crate::output::{self, Changes, Output, OutputRecord, Put};
use crate::pages::{Page, PlainFile, Texts, View};
use crate::render::{Accents, Assets, Renderer, Templates, asset_urls};
use crate::source;
use crate::world::World;

/// Everything that rendering reads.
pub(super) struct Work<'a> {
    pub(super) world: &'a dyn World,
    pub(super) root: &'a Path,
    pub(super) loaded: &'a Loaded,
    pub(super) renderer: &'a Renderer,
    pub(super) assets: &'a Assets,
    pub(super) options: Options,
    pub(super) thumbnails: &'a Store,
}

impl Work<'_> {
    /// Renders the pages that show the bodies of these entries, or what is counted in them.
    pub(super) fn render_entries(
        &self,
        output: &Output,
        entries: &[Ix],
        before: &Records,
    ) -> Result<Rendered, Vec<Diagnostic>> {
        let shows = |page: &&Page| page.shows_body() && page.entry().is_some_and(|ix| entries.contains(&ix));
        let pages: Vec<&Page> = self.loaded.plan.pages().iter().filter(shows).collect();
        self.render_pages(output, &pages, before, &Progress::default())
    }

    /// Renders only the pages of these entries: nothing but their bodies changed since the output was written.
    pub(super) fn render_bodies(
        &self,
        output: &Output,
        entries: &[Ix],
        before: &Records,
    ) -> Result<Rendered, Vec<Diagnostic>> {
        let mut rendered = self.render_entries(output, entries, before)?;
        let names: BTreeSet<String> = rendered.files.iter().map(|done| done.file.clone()).collect();
        let others = before
            .iter()
            .filter(|(file, _)| !names.contains(*file) && !is_search_file(file))
            .map(|(file, record)| Done {
                file: file.clone(),
                input: record.input,
                put: Put::Same,
                known: Some(*record),
            });
        rendered.files.extend(others);
        Ok(rendered)
    }
}

/// Files of the index are the index's business.
fn is_search_file(file: &str) -> bool {
    file.starts_with("search/") && file.ends_with(".bin")
}

/// Whether every file of an output is as its record says.
pub(super) fn holds_all(output: &Output, records: &Records) -> bool {
    records
        .par_iter()
        .all(|(file, record)| output.holds(file, record))
}

/// What was put out.
pub(super) struct Written {
    pub(super) changes: Changes,
    pub(super) unchanged: usize,
    pub(super) pages: usize,
}

pub(super) type Records = FxHashMap<String, OutputRecord>;

/// Files of a successful rendering, in the stage or in the output already.
pub(super) struct Rendered {
    pub(super) files: Vec<Done>,
}

/// One file.
pub(super) struct Done {
    pub(super) file: String,
    pub(super) input: Hash,
    pub(super) put: Put,
    /// The record that still holds.
    pub(super) known: Option<OutputRecord>,
}

/// Parses the theme's templates and names its assets.
pub(super) fn renderer(
    loaded: &Loaded,
    snippets: &Arc<Snippets>,
) -> Result<(Renderer, Assets), Vec<Diagnostic>> {
    let assets = Assets::new(&loaded.theme, &accents(&loaded.catalog));
    let urls = asset_urls(&assets, loaded.site().config.base_path());
    let chrome = loaded.planner().chrome();
    let templates =
        Templates::new(&loaded.theme, &chrome, &loaded.texts, &urls).map_err(|wrong| vec![wrong])?;
    let missing = missing_templates(&loaded.catalog, &templates);
    if missing.is_empty() {
        let mut texts = body_texts(&loaded.texts);
        texts.highlight = loaded.site().config.output.highlight;
        let memo: Arc<dyn Memo> = Arc::clone(snippets) as _;
        Ok((Renderer::new(templates, texts, memo), assets))
    } else {
        Err(missing)
    }
}

/// The colours that the site and its units chose.
fn accents(catalog: &Catalog) -> Accents {
    let units = catalog
        .iter()
        .filter(|(ix, _)| catalog.is_unit(*ix) && catalog.status(*ix) == crate::catalog::Status::Listed);
    let chosen = units.filter_map(|(_, entry)| entry.text("accent"));
    Accents {
        site: catalog.site.config.site.accent.clone(),
        schools: chosen.map(str::to_owned).collect(),
    }
}

fn missing_templates(catalog: &Catalog, templates: &Templates) -> Vec<Diagnostic> {
    let kinds = catalog.site.schema.kinds.values();
    let named = kinds.flat_map(|kind| {
        let list = Some(&kind.templates.list).filter(|_| !kind.section.is_empty());
        list.into_iter()
            .chain([&kind.templates.detail])
            .map(move |template| (kind, template))
    });
    let missing = named.filter(|(_, template)| !template.is_empty() && !templates.contains(template));
    missing
        .map(|(kind, template)| {
            Diagnostic::new(Code::MissingTemplate)
                .with("kind", &kind.id)
                .with("template", template)
        })
        .collect()
}

/// The texts that rendered bodies hold, from the theme's table `markdown`.
fn body_texts(texts: &Texts) -> jixia_markdown::Texts {
    let mut body = jixia_markdown::Texts::default();
    let fields: [(&str, &mut String); 13] = [
        ("note", &mut body.note),
        ("tip", &mut body.tip),
        ("important", &mut body.important),
        ("warning", &mut body.warning),
        ("caution", &mut body.caution),
        ("footnotes", &mut body.footnotes),
        ("back", &mut body.back),
        ("anchor", &mut body.anchor),
        ("table", &mut body.table),
        ("done", &mut body.done),
        ("open", &mut body.open),
        ("download", &mut body.download),
        ("view", &mut body.view),
    ];
    for (key, text) in fields {
        if let Some(translated) = texts.texts.get(&format!("markdown.{key}")) {
            text.clone_from(translated);
        }
    }
    body
}

impl Work<'_> {
    /// Renders every page whose inputs changed and stages what differs.
    pub(super) fn render_all(
        &self,
        output: &Output,
        before: &Records,
        progress: &Progress,
    ) -> Result<Rendered, Vec<Diagnostic>> {
        let pages: Vec<&Page> = self.loaded.plan.pages().iter().collect();
        let mut rendered = self.render_pages(output, &pages, before, progress)?;
        let others: Result<Vec<Vec<Done>>, Diagnostic> =
            self.other_files(output, before).into_iter().collect();
        rendered
            .files
            .extend(others.map_err(|wrong| vec![wrong])?.into_iter().flatten());
        Ok(rendered)
    }

    fn render_pages(
        &self,
        output: &Output,
        pages: &[&Page],
        before: &Records,
        progress: &Progress,
    ) -> Result<Rendered, Vec<Diagnostic>> {
        progress.pages.store(pages.len(), Ordering::Relaxed);
        let rendered: Vec<Result<Vec<Done>, Diagnostic>> = pages
            .par_iter()
            .map(|page| {
                let done = self.page(output, page, before);
                progress.done.fetch_add(1, Ordering::Relaxed);
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
            Ok(Rendered { files })
        } else {
            Err(first_of_each(diagnostics))
        }
    }

    fn page(&self, output: &Output, page: &Page, before: &Records) -> Result<Vec<Done>, Diagnostic> {
        let planner = self.loaded.planner();
        let view = page.view(planner);
        let file = page.file(&self.loaded.catalog);
        let input = self.input(&view);
        if let Some(known) = self.known(output, &file, input, before) {
            return Ok(known);
        }
        let bytes = self
            .renderer
            .render(&view, &|| body(self.world, self.loaded, &view))?;
        self.stage(output, file, input, &bytes)
    }

    /// Hash of everything that a page depends on.
    fn input(&self, view: &View) -> Hash {
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

    /// The record of a file whose inputs are the same and whose output is as it was left, with its compressed copies.
    pub(super) fn known(
        &self,
        output: &Output,
        file: &str,
        input: Hash,
        before: &Records,
    ) -> Option<Vec<Done>> {
        let names = [
            Some(file.to_owned()),
            Some(format!("{file}.gz")),
            Some(format!("{file}.br")),
        ];
        let mut done = Vec::new();
        for (position, name) in names.into_iter().flatten().enumerate() {
            match before.get(&name).filter(|record| record.input == input) {
                Some(record) if position == 0 || self.options.precompress => {
                    if !output.holds(&name, record) {
                        return None;
                    }
                    done.push(Done {
                        file: name,
                        input,
                        put: Put::Same,
                        known: Some(*record),
                    });
                }
                None if position == 0 => return None,
                // A small file has no copies; a compressible one must have both.
                None if self.options.precompress && is_text_of_size(output, file) => return None,
                _ => {}
            }
        }
        Some(done)
    }

    pub(super) fn stage(
        &self,
        output: &Output,
        file: String,
        input: Hash,
        bytes: &[u8],
    ) -> Result<Vec<Done>, Diagnostic> {
        let mut done = Vec::with_capacity(1);
        if self.options.precompress && output::compressible(&file, bytes) {
            for (name, bytes) in output::variants(&file, bytes) {
                let put = output.put(&name, &bytes)?;
                done.push(Done {
                    file: name,
                    input,
                    put,
                    known: None,
                });
            }
        }
        let put = output.put(&file, bytes)?;
        done.push(Done {
            file,
            input,
            put,
            known: None,
        });
        Ok(done)
    }

    /// Assets, files beside Markdown, smaller copies of pictures, attachments, server snippets.
    fn other_files(&self, output: &Output, before: &Records) -> Vec<Result<Vec<Done>, Diagnostic>> {
        let mut results = Vec::new();
        for (name, bytes) in &self.assets.files {
            let file = PlainFile::Asset(name.clone()).file();
            let input = hash(bytes);
            let known = self.known(output, &file, input, before);
            results.push(known.map_or_else(|| self.stage(output, file, input, bytes), Ok));
        }
        for (path, file_use) in self.loaded.catalog.files.iter_used() {
            let file = PlainFile::beside(path).file();
            let input = hash(&postcard::to_stdvec(&(path, file_use.stamp)).unwrap_or_default());
            let known = self.known(output, &file, input, before);
            results.push(known.map_or_else(|| self.copy(output, path, file, input), Ok));
        }
        results.extend(self.thumbnails(output, before));
        if self.loaded.site().config.store.public_url.is_empty() {
            results.extend(self.attachments(output));
        }
        if self.loaded.site().config.output.server_snippets {
            for (name, text) in output::server_snippets(self.loaded.site().config.base_path()) {
                let file = PlainFile::Top(name).file();
                results.push(self.stage(output, file, hash(text.as_bytes()), text.as_bytes()));
            }
        }
        results
    }

    fn copy(&self, output: &Output, path: &str, file: String, input: Hash) -> Result<Vec<Done>, Diagnostic> {
        let bytes = self.world.read(path).map_err(|error| {
            Diagnostic::new(Code::Unreadable)
                .with("what", path)
                .with("reason", error)
        })?;
        self.stage(output, file, input, &bytes)
    }

    fn attachments(&self, output: &Output) -> Vec<Result<Vec<Done>, Diagnostic>> {
        let store = &self.loaded.site().config.store.blobs;
        let mut results = Vec::new();
        for (sha256, names) in self.loaded.catalog.files.blobs() {
            for name in names.keys() {
                let blob = PlainFile::Blob {
                    sha256: sha256.to_owned(),
                    name: name.to_string(),
                };
                let source = self.root.join(crate::world::blob_path(store, sha256));
                let file = blob.file();
                let input = hash(sha256.as_bytes());
                results.push(output.link(&file, &source).map(|put| {
                    vec![Done {
                        file,
                        input,
                        put,
                        known: None,
                    }]
                }));
            }
        }
        results
    }
}

/// The body of an entry, read anew: bodies are not kept.
pub(super) fn read_body(world: &dyn World, entry: &Entry) -> Option<String> {
    let text = source::utf8(world.read(&entry.path).ok()?).ok()?;
    let (mut text, _) = source::blanked(text);
    // The file may have changed since it was read: then the next build shows what it says now.
    text.truncate(text.get(..entry.body.end as usize)?.len());
    text.get(entry.body.start as usize..)?;
    text.drain(..entry.body.start as usize);
    Some(text)
}

/// The Markdown of the entry that a view shows.
pub(super) fn body(world: &dyn World, loaded: &Loaded, view: &View) -> Option<Arc<str>> {
    let View::Html(html) = view else { return None };
    let entry = loaded.catalog.entry(html.body.as_ref()?.ix);
    read_body(world, entry).map(Arc::from)
}

/// Renders every page and keeps only what goes wrong.
pub(super) fn render_errors(world: &dyn World, loaded: &Loaded, renderer: &Renderer) -> Vec<Diagnostic> {
    let render = |page: &Page| {
        let view = page.view(loaded.planner());
        renderer.render(&view, &|| body(world, loaded, &view)).err()
    };
    let pages = loaded.plan.pages();
    let diagnostics: Vec<Option<Diagnostic>> = pages.par_iter().map(render).collect();
    first_of_each(diagnostics.into_iter().flatten().collect())
}

/// Whether the output has the file as a text that is large enough for compressed copies.
fn is_text_of_size(output: &Output, file: &str) -> bool {
    let size = output.stamp(file).map_or(0, |stamp| stamp.size);
    // Only the length counts, so zeros will do in place of the bytes.
    output::compressible(file, &vec![0; size.min(1024) as usize])
}

impl Rendered {
    /// Moves everything into place and makes the records of the new output.
    pub(super) fn commit(self, output: Output, before: &Records) -> Result<(Written, Records), Diagnostic> {
        let names: BTreeSet<&str> = self.files.iter().map(|done| done.file.as_str()).collect();
        let old: BTreeSet<String> = if before.is_empty() && !output.is_fresh() {
            output.files()
        } else {
            before.keys().cloned().collect()
        };
        let stale: BTreeSet<String> = old
            .into_iter()
            .filter(|file| !names.contains(file.as_str()))
            .collect();
        let staged = self
            .files
            .iter()
            .filter(|done| done.put != Put::Same)
            .map(|done| done.file.clone());
        let staged: Vec<String> = staged.collect();
        let root = output.root().to_path_buf();
        let pages = names.iter().filter(|name| name.ends_with(".html")).count();
        let unchanged = names.len() - staged.len();
        let changes = output.commit(staged, stale)?;
        let records = records(self.files, &root);
        Ok((
            Written {
                changes,
                unchanged,
                pages,
            },
            records,
        ))
    }

    /// Moves staged files into place beside an output that stays as it is, and gives their records.
    pub(super) fn commit_part(self, output: Output) -> Result<Records, Diagnostic> {
        let staged = self.files.iter().filter(|done| done.put != Put::Same);
        let staged = staged.map(|done| done.file.clone()).collect();
        let root = output.root().to_path_buf();
        output.commit(staged, BTreeSet::new())?;
        Ok(records(self.files, &root))
    }
}

/// The records of files that are in place now.
fn records(files: Vec<Done>, root: &Path) -> Records {
    let record = |done: &Done| match (done.known, done.put) {
        (Some(record), _) => Some(record),
        (None, Put::Staged { size, modified }) => Some(OutputRecord {
            input: done.input,
            size,
            modified,
        }),
        (None, Put::Same) => output::stamp(&root.join(&done.file)).map(|stamp| OutputRecord {
            input: done.input,
            size: stamp.size,
            modified: stamp.modified,
        }),
    };
    let records: Vec<Option<OutputRecord>> = files.par_iter().map(record).collect();
    let named = files.into_iter().zip(records);
    named
        .filter_map(|(done, record)| Some((done.file, record?)))
        .collect()
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

//! Feeds the search index with entries and puts its files out.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jixia_search::{Digest, Document, Library, Stamp, State, Text};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::body;
use super::texts::{self, Texts};
use super::work::{Done, Work};
use crate::catalog::{Ix, Status};
use crate::content::{Entry, Value};
use crate::diag::Diagnostic;
use crate::hash::{Hash, hash};
use crate::output::OutputRecord;
use crate::pages::{PlainFile, Planner};
use crate::world::World;

/// An entry of the index: everything but its text.
struct Indexed {
    ix: Ix,
    id: String,
    document: Document,
    fingerprint: u128,
}

/// What is indexed.
struct Content<'a> {
    world: &'a dyn World,
    planner: Planner<'a>,
    texts: &'a Texts,
    entries: Vec<Indexed>,
}

/// An index that is written.
struct Index<'a> {
    content: Content<'a>,
    work: &'a Work<'a>,
    staged: Mutex<Vec<Result<Done, Diagnostic>>>,
}

/// Brings the index up to date, from its `state` of the build before: the files that changed are staged, those that did
/// not keep their records. Returns the files and the new state.
pub(super) fn index(
    work: &Work<'_>,
    texts: &Texts,
    state: &[u8],
) -> Result<(Vec<Done>, Vec<u8>), Diagnostic> {
    let index = Index {
        content: Content::new(work.world, work.loaded.planner(), texts),
        work,
        staged: Mutex::default(),
    };
    let state = State::from_bytes(state).filter(|state| index.is_whole(state));
    let stamps = index.content.stamps();
    let outcome = jixia_search::update(state.as_ref(), &stamps, &index);
    drop(stamps);
    let staged = index.staged.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut done = staged.into_iter().collect::<Result<Vec<Done>, Diagnostic>>()?;
    let staged: FxHashSet<String> = done.iter().map(|done| done.file.clone()).collect();
    let kept = outcome.state.files().filter_map(|file| {
        let file = PlainFile::Search(file.path).file();
        let record = work.before.get(&file).filter(|_| !staged.contains(&file))?;
        Some(Done::same(file, *record))
    });
    done.extend(kept);
    Ok((done, outcome.state.to_bytes()))
}

/// The files of the index, without writing it.
pub(super) fn files(world: &dyn World, planner: Planner<'_>) -> BTreeSet<String> {
    let texts = Texts::default();
    let content = Content::new(world, planner, &texts);
    let outcome = jixia_search::update(None, &content.stamps(), &content);
    let files = outcome.state.files();
    files.map(|file| PlainFile::Search(file.path).file()).collect()
}

impl<'a> Content<'a> {
    /// Every listed entry.
    fn new(world: &'a dyn World, planner: Planner<'a>, texts: &'a Texts) -> Self {
        let catalog = planner.catalog;
        let listed = catalog.iter().map(|(ix, _)| ix);
        let listed: Vec<Ix> = listed
            .filter(|ix| catalog.status(*ix) == Status::Listed)
            .collect();
        Self {
            world,
            planner,
            texts,
            entries: listed.par_iter().map(|ix| indexed(planner, *ix)).collect(),
        }
    }

    fn stamps(&self) -> Vec<Stamp<'_>> {
        let stamps = self.entries.iter().map(|entry| Stamp {
            id: &entry.id,
            fingerprint: entry.fingerprint,
        });
        stamps.collect()
    }

    /// Reads the text of an entry that does not wait.
    fn read(&self, entry: &Entry) -> Text {
        let body = body::read(self.world, entry).unwrap_or_default();
        let mut text = Text::with_capacity(body.len());
        let body = jixia_markdown::Body {
            text: &body,
            title: &entry.title,
        };
        jixia_markdown::facts(body, &mut |block| texts::push(&mut text, &block));
        text
    }
}

impl Index<'_> {
    /// Whether every file of the index is in the output as the build before left it.
    fn is_whole(&self, state: &State) -> bool {
        state.files().all(|file| {
            let file = PlainFile::Search(file.path).file();
            let record = self.work.before.get(&file);
            record.is_some_and(|record| self.work.output.holds(&file, record))
        })
    }
}

/// An index of which only the files' names are wanted.
impl Library for Content<'_> {
    fn digest(&self, index: usize) -> Digest {
        let indexed = &self.entries[index];
        let entry = self.planner.catalog.entry(indexed.ix);
        let text = self.texts.take(&entry.path).unwrap_or_else(|| self.read(entry));
        jixia_search::digest(&Document {
            text,
            ..indexed.document.clone()
        })
    }

    fn published(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }

    fn publish(&self, _path: &str, _bytes: &[u8]) {}
}

impl Library for Index<'_> {
    fn digest(&self, index: usize) -> Digest {
        self.content.digest(index)
    }

    fn published(&self, path: &str) -> Option<Vec<u8>> {
        self.work.output.read(&PlainFile::Search(path.to_owned()).file())
    }

    fn publish(&self, path: &str, bytes: &[u8]) {
        let file = PlainFile::Search(path.to_owned()).file();
        let input = hash(bytes);
        let known: Option<&OutputRecord> = self.work.before.get(&file);
        let known = known.filter(|record| record.input == input && self.work.output.holds(&file, record));
        let done = match known {
            Some(record) => Ok(Done::same(file, *record)),
            None => {
                let put = self.work.output.put(&file, bytes);
                put.map(|put| Done::put(file, input, put))
            }
        };
        self.staged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(done);
    }
}

fn indexed(planner: Planner<'_>, ix: Ix) -> Indexed {
    let entry = planner.catalog.entry(ix);
    let document = document(planner, ix, entry);
    let facets: Vec<(&str, &str)> = document
        .facets
        .iter()
        .map(|(name, label)| (name.as_str(), label.as_str()))
        .collect();
    let parts = (
        (&document.url, &document.title, &document.kind, document.date),
        (&document.people, &document.units, facets, entry.body_hash),
    );
    let fingerprint: Hash = hash(&postcard::to_stdvec(&parts).unwrap_or_default());
    Indexed {
        ix,
        id: entry.id.to_string(),
        document,
        fingerprint: u128::from_le_bytes(fingerprint),
    }
}

/// What the index shows and filters by; the text comes when it is needed.
fn document(planner: Planner<'_>, ix: Ix, entry: &Entry) -> Document {
    let catalog = planner.catalog;
    let kind = planner.kind_label(ix);
    let unit = catalog.unit_of(ix).map(|unit| unit.name.to_string());
    let mut facets = vec![("kind".to_owned(), kind.clone())];
    facets.extend(
        entry
            .date
            .map(|date| ("year".to_owned(), date.date().year().to_string())),
    );
    facets.extend(unit.iter().map(|unit| ("unit".to_owned(), unit.clone())));
    facets.extend(
        catalog
            .city_of(ix)
            .map(|city| ("city".to_owned(), planner.term_label("city", city))),
    );
    for (field, vocabulary) in [
        ("specialty", "specialty"),
        ("specialties", "specialty"),
        ("format", "format"),
    ] {
        let terms = entry.items(field).iter().filter_map(Value::as_text);
        facets.extend(terms.map(|term| (vocabulary.to_owned(), planner.term_label(vocabulary, term))));
    }
    Document {
        url: planner.entry_url(ix),
        title: entry.title.to_string(),
        kind,
        date: entry.date.and_then(|date| {
            date.date()
                .since(jiff::civil::date(1970, 1, 1))
                .ok()
                .map(|span| span.get_days())
        }),
        people: planner.author_names(ix),
        units: unit.into_iter().collect(),
        facets,
        text: Text::default(),
    }
}

//! Building the index anew, and bringing it up to date.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::collector::{Keys, SECTIONS};
use super::digest::Facts;
use super::library::{Library, Stamp, leaf, publish};
use super::packs;
use super::patch::Patch;
use super::rows::Rows;
use super::shard::{Lists, Scratch};
use super::slots::{Slots, assign};
use super::state::{SavedFile, State};
use super::tree::{Leaf, Piece, Source, plan};

/// What came of an update.
pub struct Outcome {
    /// To be kept and given to the next update.
    pub state: State,
    /// Paths of files that no longer belong to the index.
    pub removed: Vec<String>,
}

/// Brings the index up to date with `documents`, whose identifiers are unique. The files are the same whether `previous`
/// is given or not, byte for byte; with it, only what changed is asked for, read and published.
pub fn update(previous: Option<&State>, documents: &[Stamp<'_>], library: &impl Library) -> Outcome {
    let ids: Vec<&str> = documents.iter().map(|stamp| stamp.id).collect();
    let slots = assign(&ids);
    let patched = previous.and_then(|state| {
        Patch {
            state,
            documents,
            slots: &slots,
            library,
        }
        .run()
    });
    let state = patched.unwrap_or_else(|| rebuild(documents, &slots, library));
    let kept: FxHashSet<String> = state.files().map(|file| file.path).collect();
    let before = previous.into_iter().flat_map(State::files);
    let removed = before
        .map(|file| file.path)
        .filter(|path| !kept.contains(path))
        .collect();
    Outcome { state, removed }
}

/// Slots whose documents' keys are in memory at once when all is built anew: some 7 KB for each document, and at most
/// half of the slots have one.
const BATCH: usize = 32_768;

fn rebuild(documents: &[Stamp<'_>], slots: &Slots, library: &impl Library) -> State {
    let mut order: Vec<(u32, usize)> = slots.of.iter().copied().zip(0..).collect();
    order.par_sort_unstable();
    let packs: Vec<&[(u32, usize)]> = order
        .chunk_by(|left, right| left.0 / packs::SLOTS == right.0 / packs::SLOTS)
        .collect();
    let mut rows = Rows::default();
    let mut files = Vec::new();
    let mut batches = Vec::new();
    for packs in packs.chunks(BATCH / packs::SLOTS as usize) {
        let made: Vec<Pack> = packs.par_iter().map(|pack| make_pack(pack, library)).collect();
        let mut keys = Vec::new();
        for (pack, file) in made {
            files.push(file);
            for (slot, index, own, facts) in pack {
                rows.push(&documents[index], slot, facts);
                keys.push((slot, own));
            }
        }
        batches.push(make_sections(slots.count, &keys));
    }
    let leaves = lay_out(batches, slots.count, library);
    rows.finish(slots.count, leaves, files, library, &[])
}

/// The documents of a pack (slot, index, keys, facts), and its file.
type Pack = (Vec<(u32, usize, Keys, Facts)>, SavedFile);

/// Digests the documents of a pack (slots and indices) and publishes it, so that records do not pile up.
fn make_pack(documents: &[(u32, usize)], library: &impl Library) -> Pack {
    let (mut records, mut rest) = (Vec::new(), Vec::new());
    for &(slot, index) in documents {
        let (record, keys, facts) = library.digest(index).into_parts();
        records.push((slot, record));
        rest.push((slot, index, keys, facts));
    }
    let path = packs::path(documents[0].0 / packs::SLOTS);
    let records: Vec<(u32, &[u8])> = records
        .iter()
        .map(|(slot, record)| (*slot, record.as_slice()))
        .collect();
    (rest, publish(path, &packs::encode(&records), library, &[]))
}

/// Makes all shards from the sections of each batch of documents.
fn lay_out(mut batches: Vec<Vec<Lists>>, slots: u32, library: &impl Library) -> Vec<Leaf> {
    let sections: Vec<Lists> = if batches.len() == 1 {
        batches.remove(0)
    } else {
        let sections = (0..SECTIONS).into_par_iter().with_max_len(1);
        let sections = sections.map(|section| {
            let parts: Vec<&Lists> = batches.iter().map(|batch| &batch[section]).collect();
            Lists::merge(&parts, slots)
        });
        sections.collect()
    };
    drop(batches);
    let lists = [Lists::concat(sections)];
    let planned = plan(vec![Piece::new(0, &lists[0], &Leaf::root())], &lists);
    let leaves = planned
        .par_iter()
        .filter_map(|planned| match planned.sources.as_slice() {
            [Source::New(_, range)] => Some(leaf(planned, &lists[0], range.clone(), library, &[])),
            _ => None,
        });
    leaves.collect()
}

/// Makes the lists of all sections, in order; each thread takes the next section and keeps its room to sort.
fn make_sections(slots: u32, keys: &[(u32, Keys)]) -> Vec<Lists> {
    let next = AtomicUsize::new(0);
    let threads = (0..rayon::current_num_threads()).into_par_iter().with_max_len(1);
    let sections = threads.flat_map_iter(|_| {
        let mut scratch = Scratch::default();
        let taken = std::iter::from_fn(|| {
            Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&section| section < SECTIONS)
        });
        taken
            .map(|section| (section, Lists::bulk(section, slots, keys, &mut scratch)))
            .collect::<Vec<_>>()
    });
    let mut sections: Vec<(usize, Lists)> = sections.collect();
    sections.sort_unstable_by_key(|section| section.0);
    sections.into_iter().map(|section| section.1).collect()
}

//! Bringing the files of the last build up to date: what an edit costs.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::collector::Keys;
use super::digest::{Facts, keys_of};
use super::library::{Library, Stamp, leaf, publish};
use super::postings::Payload;
use super::rows::Rows;
use super::shard::{Change, Lists, Shard};
use super::slots::{Slots, checksum};
use super::state::{Saved, SavedFile, State};
use super::tree::{Leaf, Piece, Planned, Source, plan};
use super::{packs, record};

/// An update that starts from a state. Every step returns `None` if a published file is missing or not as recorded, if
/// the number of slots is another one or if very much changed; then the index is built anew.
pub(super) struct Patch<'a, L> {
    pub(super) state: &'a State,
    pub(super) documents: &'a [Stamp<'a>],
    pub(super) slots: &'a Slots,
    pub(super) library: &'a L,
}

/// Changed documents from which on building anew is cheaper than patching.
const MANY: usize = 1000;

/// A document with all that its shards and its pack need of it.
struct Ready {
    slot: u32,
    record: Vec<u8>,
    keys: Keys,
}

/// A document as it is now, beside what it was.
struct Now<'a> {
    index: usize,
    slot: u32,
    /// What it was, if its content is the same.
    same: Option<&'a Saved>,
}

/// What changes: the documents to put in, and the slots to take out.
struct Difference {
    ready: Vec<Ready>,
    facts: FxHashMap<u32, Facts>,
    gone: Vec<u32>,
}

impl<L: Library> Patch<'_, L> {
    /// Updates, or returns `None`.
    pub(super) fn run(&self) -> Option<State> {
        let before: FxHashMap<&str, &Saved> = self
            .state
            .documents
            .iter()
            .map(|saved| (saved.id.as_str(), saved))
            .collect();
        let stamps = self.documents.iter().zip(&self.slots.of).enumerate();
        let now: Vec<Now<'_>> = stamps
            .map(|(index, (stamp, &slot))| {
                let same = before
                    .get(stamp.id)
                    .copied()
                    .filter(|saved| saved.fingerprint == stamp.fingerprint);
                Now { index, slot, same }
            })
            .collect();
        let changed = now.iter().filter(|now| now.same.is_none()).count();
        if self.state.slots != self.slots.count || changed > MANY.max(now.len() / 8) {
            return None;
        }
        let mut difference = self.difference(&now)?;
        let mut rows = Rows::with_values(&self.state.values);
        for Now { index, slot, same } in &now {
            match same {
                Some(saved) => rows.keep(saved, *slot),
                None => rows.push(&self.documents[*index], *slot, difference.facts.remove(slot)?),
            }
        }
        let leaves = self.patch_shards(&difference)?;
        let packs = self.patch_packs(&difference, &now)?;
        Some(rows.finish(self.slots.count, leaves, packs, self.library, &self.state.files))
    }

    /// Obtains the documents that are new, changed or have moved.
    fn difference(&self, now: &[Now<'_>]) -> Option<Difference> {
        let stays = |now: &Now<'_>| now.same.is_some_and(|saved| saved.slot == now.slot);
        let obtained = now.par_iter().filter(|now| !stays(now)).map(|now| {
            let slot = now.slot;
            match now.same {
                Some(saved) => {
                    let record = self.record(saved.slot)?;
                    let keys = keys_of(&record::decompress(&record)?)?;
                    Some((Ready { slot, record, keys }, None))
                }
                None => {
                    let (record, keys, facts) = self.library.digest(now.index).into_parts();
                    Some((Ready { slot, record, keys }, Some((slot, facts))))
                }
            }
        });
        let obtained: Vec<(Ready, Option<(u32, Facts)>)> = obtained.collect::<Option<_>>()?;
        let (ready, facts): (Vec<Ready>, Vec<_>) = obtained.into_iter().unzip();
        let staying: FxHashSet<u32> = now.iter().filter(|now| stays(now)).map(|now| now.slot).collect();
        let before = self.state.documents.iter().map(|saved| saved.slot);
        let gone = before.filter(|slot| !staying.contains(slot)).collect();
        Some(Difference {
            ready,
            facts: facts.into_iter().flatten().collect(),
            gone,
        })
    }

    fn read(&self, path: &str, length: u32, sum: u64) -> Option<Vec<u8>> {
        let bytes = self.library.published(path)?;
        (bytes.len() == length as usize && checksum(&bytes) == sum).then_some(bytes)
    }

    fn read_pack(&self, pack: u32) -> Option<Vec<u8>> {
        let path = packs::path(pack);
        let index = self
            .state
            .files
            .binary_search_by(|file| file.path.cmp(&path))
            .ok()?;
        let file = &self.state.files[index];
        self.read(&path, file.length, file.checksum)
    }

    fn record(&self, slot: u32) -> Option<Vec<u8>> {
        Some(packs::record(&self.read_pack(slot / packs::SLOTS)?, slot)?.to_vec())
    }

    /// The changes of postings, ascending by key and slot, without those that change nothing.
    fn changes(&self, difference: &Difference) -> Option<Vec<Change>> {
        let old = difference.gone.par_iter().map(|&slot| {
            let keys = keys_of(&record::decompress(&self.record(slot)?)?)?;
            Some((slot, keys))
        });
        let old: Vec<(u32, Keys)> = old.collect::<Option<_>>()?;
        let mut entries: Vec<(u64, u32, bool, Payload)> = Vec::new();
        for (slot, keys) in &old {
            keys.all(|key, payload| entries.push((key, *slot, false, payload)));
        }
        for ready in &difference.ready {
            ready
                .keys
                .all(|key, payload| entries.push((key, ready.slot, true, payload)));
        }
        entries.par_sort_unstable_by_key(|&(key, slot, new, _)| (key, slot, new));
        let mut changes = Vec::new();
        for posting in entries.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
            let change = |payload| Change {
                key: posting[0].0,
                slot: posting[0].1,
                payload,
            };
            match posting {
                [(_, _, _, old), (_, _, _, new)] if old == new => {}
                [.., (_, _, true, new)] => changes.push(change(Some(*new))),
                _ => changes.push(change(None)),
            }
        }
        Some(changes)
    }

    fn shard(&self, leaf: &Leaf) -> Option<Vec<u8>> {
        if leaf.keys == 0 {
            Some(vec![0, 0, 0])
        } else {
            self.read(&leaf.path(), leaf.length, leaf.checksum)
        }
    }

    fn patch_shards(&self, difference: &Difference) -> Option<Vec<Leaf>> {
        let changes = self.changes(difference)?;
        let leaves = &self.state.leaves;
        let mut rest = changes.as_slice();
        let mut dirty: Vec<(usize, &[Change])> = Vec::new();
        for (index, next) in leaves
            .iter()
            .skip(1)
            .map(|leaf| leaf.first)
            .chain([u64::MAX])
            .enumerate()
        {
            let (here, after) = rest.split_at(rest.partition_point(|change| change.key < next));
            rest = after;
            if !here.is_empty() {
                dirty.push((index, here));
            }
        }
        let new = dirty.par_iter().map(|&(index, changes)| {
            let bytes = self.shard(&leaves[index])?;
            Lists::patched(
                &Shard::read(&bytes, leaves[index].first)?,
                self.slots.count,
                changes,
            )
        });
        let new: Vec<Lists> = new.collect::<Option<_>>()?;
        let mut numbers: FxHashMap<usize, usize> = dirty.iter().map(|dirty| dirty.0).zip(0..).collect();
        let pieces = leaves
            .iter()
            .enumerate()
            .map(|(index, leaf)| match numbers.remove(&index) {
                Some(number) => Piece::new(number, &new[number], leaf),
                None => Piece::old(index, leaf),
            });
        let planned = plan(pieces.collect(), &new);
        planned
            .par_iter()
            .map(|planned| self.make_leaf(planned, &new))
            .collect()
    }

    fn make_leaf(&self, planned: &Planned, new: &[Lists]) -> Option<Leaf> {
        let before = &self.state.leaves;
        match planned.sources.as_slice() {
            [Source::Old(index)] => Some(before[*index].clone()),
            [Source::New(number, range)] => {
                Some(leaf(planned, &new[*number], range.clone(), self.library, before))
            }
            several => {
                let parts = several.iter().map(|source| match source {
                    Source::New(number, range) => Some(new[*number].slice(range.clone())),
                    Source::Old(index) => {
                        let bytes = self.shard(&before[*index])?;
                        Shard::read(&bytes, before[*index].first)?.lists(self.slots.count)
                    }
                });
                let lists = Lists::concat(parts.collect::<Option<Vec<_>>>()?);
                Some(leaf(planned, &lists, 0..lists.keys.len(), self.library, before))
            }
        }
    }

    fn patch_packs(&self, difference: &Difference, now: &[Now<'_>]) -> Option<Vec<SavedFile>> {
        let changed = difference
            .ready
            .iter()
            .map(|ready| ready.slot)
            .chain(difference.gone.iter().copied());
        let dirty: FxHashSet<u32> = changed.map(|slot| slot / packs::SLOTS).collect();
        let fresh: FxHashMap<u32, &Ready> =
            difference.ready.iter().map(|ready| (ready.slot, ready)).collect();
        let mut members: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for slot in now
            .iter()
            .map(|now| now.slot)
            .filter(|slot| dirty.contains(&(slot / packs::SLOTS)))
        {
            members.entry(slot / packs::SLOTS).or_default().push(slot);
        }
        let mut members: Vec<(u32, Vec<u32>)> = members.into_iter().collect();
        members.par_sort_unstable();
        let packs = members.par_iter_mut().map(|(pack, slots)| {
            slots.sort_unstable();
            let old = if slots.iter().all(|slot| fresh.contains_key(slot)) {
                Vec::new()
            } else {
                self.read_pack(*pack)?
            };
            let records = slots.iter().map(|slot| match fresh.get(slot) {
                Some(ready) => Some((*slot, ready.record.as_slice())),
                None => Some((*slot, packs::record(&old, *slot)?)),
            });
            let bytes = packs::encode(&records.collect::<Option<Vec<_>>>()?);
            Some(publish(
                packs::path(*pack),
                &bytes,
                self.library,
                &self.state.files,
            ))
        });
        let mut packs: Vec<SavedFile> = packs.collect::<Option<_>>()?;
        let stale: FxHashSet<String> = dirty.iter().map(|&pack| packs::path(pack)).collect();
        let clean = self
            .state
            .files
            .iter()
            .filter(|file| file.path.starts_with("t/") && !stale.contains(&file.path));
        packs.extend(clean.cloned());
        Some(packs)
    }
}

//! Shards: the files that hold posting lists, a range of keys each.
//!
//! A shard is three counts (words, readings, grams) as varints, then the keys, then the lists as one stream of bits.
//! Words and readings are front-coded base-37 digits: a byte of 16 × letters shared with the key before + letters that
//! follow, then these; grams are differences (varint), the first to the start of the shard's range.

use std::ops::Range;

use super::bits::{BitReader, BitWriter};
use super::collector::{Keys, read_varint, section_start, write_varint};
use super::keys::{GRAMS, READINGS, digits, from_digits};
use super::postings::{Payload, Posting, read_list, write_list};

/// Lists of consecutive keys, encoded.
#[derive(Default)]
pub(super) struct Lists {
    /// The keys, ascending.
    pub(super) keys: Vec<u64>,
    /// Where the list of each key ends in `bits`, in bits.
    ends: Vec<usize>,
    bits: Vec<u8>,
}

/// A change of one posting: what it becomes, or `None` if it goes.
#[derive(Clone, Copy)]
pub(super) struct Change {
    /// The key of the list.
    pub(super) key: u64,
    /// The slot of the document.
    pub(super) slot: u32,
    /// What is known there from now on.
    pub(super) payload: Option<Payload>,
}

#[derive(Default)]
struct ListsWriter {
    keys: Vec<u64>,
    ends: Vec<usize>,
    bits: BitWriter,
}

impl ListsWriter {
    fn push(&mut self, slots: u32, key: u64, postings: &[Posting]) {
        if !postings.is_empty() {
            write_list(&mut self.bits, slots, key, postings);
            self.keys.push(key);
            self.ends.push(self.bits.len());
        }
    }

    fn append(&mut self, lists: &Lists) {
        let base = self.bits.len();
        self.bits
            .append(&lists.bits, 0, lists.length_in_bits(0..lists.keys.len()));
        self.keys.extend_from_slice(&lists.keys);
        self.ends.extend(lists.ends.iter().map(|end| base + end));
    }

    fn finish(self) -> Lists {
        Lists {
            keys: self.keys,
            ends: self.ends,
            bits: self.bits.finish(),
        }
    }
}

impl Lists {
    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// The size of some of the lists, in bits.
    pub(super) fn length_in_bits(&self, range: Range<usize>) -> usize {
        if range.is_empty() {
            0
        } else {
            self.ends[range.end - 1] - self.start(range.start)
        }
    }

    /// Puts lists of ascending ranges one after the other.
    pub(super) fn concat(parts: impl IntoIterator<Item = Lists>) -> Lists {
        let mut writer = ListsWriter::default();
        for part in parts {
            writer.append(&part);
        }
        writer.finish()
    }

    /// Joins lists of the same range but of different documents; the slots of a part come after those of the part before.
    pub(super) fn merge(parts: &[&Lists], slots: u32) -> Lists {
        let mut writer = ListsWriter::default();
        let mut readers: Vec<(BitReader<'_>, &[u64])> = parts
            .iter()
            .map(|part| (BitReader::at(&part.bits, 0), part.keys.as_slice()))
            .collect();
        let (mut postings, mut joined) = (Vec::new(), Vec::new());
        while let Some(key) = readers
            .iter()
            .filter_map(|reader| reader.1.first().copied())
            .min()
        {
            joined.clear();
            for (reader, keys) in &mut readers {
                if keys.first() == Some(&key) {
                    // What was written a moment ago can be read.
                    let _ = read_list(reader, slots, key, &mut postings);
                    joined.append(&mut postings);
                    *keys = &keys[1..];
                }
            }
            writer.push(slots, key, &joined);
        }
        writer.finish()
    }

    /// Copies some of the lists.
    pub(super) fn slice(&self, range: Range<usize>) -> Lists {
        let (from, length) = (self.start(range.start), self.length_in_bits(range.clone()));
        let mut bits = BitWriter::default();
        bits.append(&self.bits, from, from + length);
        Lists {
            keys: self.keys[range.clone()].to_vec(),
            ends: self.ends[range].iter().map(|end| end - from).collect(),
            bits: bits.finish(),
        }
    }

    /// Makes the lists of a section from the keys of all documents; `documents` ascend by slot.
    pub(super) fn bulk(
        section: usize,
        slots: u32,
        documents: &[(u32, Keys)],
        scratch: &mut Scratch,
    ) -> Lists {
        let start = section_start(section);
        scratch.from.clear();
        scratch
            .from
            .reserve(documents.iter().map(|(_, keys)| keys.at_most(section)).sum());
        for (slot, keys) in documents {
            keys.section(section, |key, payload| {
                scratch.from.push(Entry::new(key - start, *slot, payload));
            });
        }
        scratch.sort();
        let mut writer = ListsWriter::default();
        let mut postings = Vec::new();
        for run in scratch.from.chunk_by(|left, right| left.key == right.key) {
            postings.clear();
            postings.extend(run.iter().map(Entry::posting));
            writer.push(slots, run[0].key + start, &postings);
        }
        writer.finish()
    }

    /// Applies changes, which ascend by key and slot, to the lists of a shard; `None` if the shard is damaged.
    pub(super) fn patched(shard: &Shard<'_>, slots: u32, mut changes: &[Change]) -> Option<Lists> {
        let mut writer = ListsWriter::default();
        let (mut postings, mut merged) = (Vec::new(), Vec::new());
        let mut reader = BitReader::at(shard.bits, 0);
        for &key in &shard.keys {
            changes = write_new(&mut writer, slots, changes, key);
            read_list(&mut reader, slots, key, &mut postings)?;
            let count = changes.partition_point(|change| change.key == key);
            let (here, rest) = changes.split_at(count);
            changes = rest;
            merge(&postings, here, &mut merged);
            writer.push(slots, key, &merged);
        }
        write_new(&mut writer, slots, changes, u64::MAX);
        Some(writer.finish())
    }

    /// Encodes the shard that holds the lists `range` and whose range of keys starts at `first`.
    pub(super) fn encode(&self, range: Range<usize>, first: u64) -> Vec<u8> {
        let keys = &self.keys[range.clone()];
        let words = keys.partition_point(|&key| key < READINGS);
        let readings = keys.partition_point(|&key| key < GRAMS) - words;
        let mut bytes = Vec::with_capacity(keys.len() * 4 + self.length_in_bits(range.clone()) / 8 + 8);
        for count in [words, readings, keys.len() - words - readings] {
            write_varint(&mut bytes, count as u64);
        }
        write_words(&mut bytes, &keys[..words]);
        write_words(&mut bytes, &keys[words..words + readings]);
        let mut previous = first.max(GRAMS);
        for &key in &keys[words + readings..] {
            write_varint(&mut bytes, key - previous);
            previous = key;
        }
        let from = self.start(range.start);
        let mut bits = BitWriter::default();
        bits.append(&self.bits, from, from + self.length_in_bits(range));
        bytes.extend(bits.finish());
        bytes
    }
}

/// Writes the lists of new keys before `key`; returns the changes left.
fn write_new<'a>(writer: &mut ListsWriter, slots: u32, changes: &'a [Change], key: u64) -> &'a [Change] {
    let (new, rest) = changes.split_at(changes.partition_point(|change| change.key < key));
    for run in new.chunk_by(|left, right| left.key == right.key) {
        let postings: Vec<Posting> = run
            .iter()
            .filter_map(|change| {
                change.payload.map(|payload| Posting {
                    slot: change.slot,
                    payload,
                })
            })
            .collect();
        writer.push(slots, run[0].key, &postings);
    }
    rest
}

fn merge(postings: &[Posting], changes: &[Change], merged: &mut Vec<Posting>) {
    merged.clear();
    let mut postings = postings.iter().copied().peekable();
    for change in changes {
        while let Some(posting) = postings.next_if(|posting| posting.slot < change.slot) {
            merged.push(posting);
        }
        let _ = postings.next_if(|posting| posting.slot == change.slot);
        merged.extend(change.payload.map(|payload| Posting {
            slot: change.slot,
            payload,
        }));
    }
    merged.extend(postings);
}

/// A posting to be sorted, in 16 bytes.
#[derive(Clone, Copy, Default)]
struct Entry {
    key: u64,
    slot_and_flags: u32,
    followers: u32,
}

impl Entry {
    fn new(key: u64, slot: u32, payload: Payload) -> Entry {
        Entry {
            key,
            slot_and_flags: slot << 3 | u32::from(payload.flags),
            followers: payload.followers,
        }
    }

    fn posting(&self) -> Posting {
        let payload = Payload {
            followers: self.followers,
            flags: self.slot_and_flags as u8 & 7,
        };
        Posting {
            slot: self.slot_and_flags >> 3,
            payload,
        }
    }
}

/// Room to sort the postings of a section, used again for the next one.
#[derive(Default)]
pub(super) struct Scratch {
    from: Vec<Entry>,
    to: Vec<Entry>,
}

impl Scratch {
    /// Sorts by key and keeps the order of slots: 11 bits at a time, from the lowest on, without those that nothing has.
    fn sort(&mut self) {
        // Two digits for a pair of characters within its section.
        const DIGIT: u32 = 12;
        let Scratch { from, to } = self;
        let union = from.iter().fold(0, |union, entry| union | entry.key);
        to.resize(from.len(), Entry::default());
        for shift in (0..64).step_by(DIGIT as usize) {
            if (union >> shift) & ((1 << DIGIT) - 1) == 0 {
                continue;
            }
            let digit = |entry: &Entry| (entry.key >> shift) as usize & ((1 << DIGIT) - 1);
            let mut starts = [0u32; 1 << DIGIT];
            for entry in from.iter() {
                starts[digit(entry)] += 1;
            }
            let mut sum = 0;
            for start in &mut starts {
                sum += std::mem::replace(start, sum);
            }
            for entry in from.iter() {
                let start = &mut starts[digit(entry)];
                to[*start as usize] = *entry;
                *start += 1;
            }
            std::mem::swap(from, to);
        }
    }
}

fn write_words(bytes: &mut Vec<u8>, keys: &[u64]) {
    let mut previous = ([0; 11], 0);
    for &key in keys {
        let (digits, used) = digits(key);
        let shared = digits[..used]
            .iter()
            .zip(&previous.0[..previous.1])
            .take_while(|(left, right)| left == right)
            .count();
        bytes.push((shared << 4 | (used - shared)) as u8);
        bytes.extend_from_slice(&digits[shared..used]);
        previous = (digits, used);
    }
}

/// A shard that was read.
#[derive(Default)]
pub(super) struct Shard<'a> {
    /// The keys, ascending.
    pub(super) keys: Vec<u64>,
    bits: &'a [u8],
}

impl<'a> Shard<'a> {
    /// Reads a shard whose range of keys starts at `first`; `None` if it is damaged.
    pub(super) fn read(mut bytes: &'a [u8], first: u64) -> Option<Shard<'a>> {
        let mut counts = [0; 3];
        for count in &mut counts {
            *count = usize::try_from(read_varint(&mut bytes)?).ok()?;
        }
        let mut keys = Vec::new();
        read_words(&mut bytes, 0, counts[0], &mut keys)?;
        read_words(&mut bytes, READINGS, counts[1], &mut keys)?;
        let mut key = first.max(GRAMS);
        for _ in 0..counts[2] {
            key = key.checked_add(read_varint(&mut bytes)?)?;
            keys.push(key);
        }
        Some(Shard { keys, bits: bytes })
    }

    /// Takes the lists as they are; `None` if they are damaged.
    pub(super) fn lists(&self, slots: u32) -> Option<Lists> {
        Lists::patched(self, slots, &[])
    }
}

fn read_words(bytes: &mut &[u8], base: u64, count: usize, keys: &mut Vec<u64>) -> Option<()> {
    let mut word: Vec<u8> = Vec::new();
    for _ in 0..count {
        let (&lengths, rest) = bytes.split_first()?;
        let (letters, rest) = rest.split_at_checked(usize::from(lengths & 15))?;
        *bytes = rest;
        word.truncate(usize::from(lengths >> 4));
        word.extend_from_slice(letters);
        keys.push(from_digits(base, &word));
    }
    Some(())
}

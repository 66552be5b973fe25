//! Gathers the keys of one document, and the compact form they wait in until the lists are made.

use super::keys::{GRAMS, Occurrence, READINGS, follower};
use super::postings::Payload;

/// The keys of one document and what is known of each. Reused from document to document.
#[derive(Default)]
pub(super) struct Collector {
    /// Open addressing: index into `found` and 1, or 0.
    table: Vec<u32>,
    found: Vec<Found>,
    packed: Vec<u8>,
}

struct Found {
    key: u64,
    count: u16,
    followers: u8,
    in_title: bool,
}

impl Collector {
    /// Forgets the document before.
    pub(super) fn clear(&mut self) {
        self.found.clear();
        if self.table.is_empty() {
            self.table.resize(4096, 0);
        } else {
            self.table.fill(0);
        }
    }

    /// Notes an occurrence.
    pub(super) fn add(&mut self, occurrence: Occurrence, weight: u16, in_title: bool) {
        let Occurrence { key, next } = occurrence;
        if self.found.len() * 2 >= self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut cell = hash(key) & mask;
        let follower = 1 << if next == 0 { 0 } else { follower(next) };
        loop {
            match self.table[cell] {
                0 => {
                    self.found.push(Found { key, count: weight, followers: follower, in_title });
                    self.table[cell] = self.found.len() as u32;
                    return;
                }
                index => {
                    let found = &mut self.found[index as usize - 1];
                    if found.key == key {
                        found.count = found.count.saturating_add(weight);
                        found.followers |= follower;
                        found.in_title |= in_title;
                        return;
                    }
                    cell = (cell + 1) & mask;
                }
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(4096);
        self.table.clear();
        self.table.resize(size, 0);
        for (index, found) in self.found.iter().enumerate() {
            let mut cell = hash(found.key) & (size - 1);
            while self.table[cell] != 0 {
                cell = (cell + 1) & (size - 1);
            }
            self.table[cell] = index as u32 + 1;
        }
    }

    /// Returns the keys in ascending order, packed.
    pub(super) fn pack(&mut self) -> Keys {
        self.found.sort_unstable_by_key(|found| found.key);
        let bytes = &mut self.packed;
        bytes.clear();
        let mut ends = [0; SECTIONS];
        let (mut section, mut previous, mut next) = (0, 0, section_start(1));
        for found in &self.found {
            while found.key >= next {
                ends[section] = bytes.len() as u32;
                section += 1;
                previous = section_start(section);
                next = section_start(section + 1);
            }
            let Payload(payload) = Payload::new(u32::from(found.count), found.followers, found.in_title);
            // Once, not in the title: one byte; all else two.
            let plain = payload & 0xFF00 == 0 && payload.count_ones() == 1;
            write_varint(bytes, (found.key - previous) << 1 | u64::from(plain));
            if plain {
                bytes.push(payload.trailing_zeros() as u8);
            } else {
                bytes.extend_from_slice(&payload.to_le_bytes());
            }
            previous = found.key;
        }
        ends[section..].fill(bytes.len() as u32);
        Keys { bytes: bytes.as_slice().into(), ends }
    }
}

fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
}

/// Ranges of keys that are worked on in parallel when all lists are made at once.
pub(super) const SECTIONS: usize = 18;

/// The first key of a section, and of the one after the last.
pub(super) fn section_start(section: usize) -> u64 {
    const FIRST: u32 = 0x4E00;
    const STEP: u32 = 0x600;
    match section {
        0 => 0,
        1 => READINGS,
        2 => GRAMS,
        SECTIONS => u64::MAX,
        _ => GRAMS | u64::from(FIRST + (section as u32 - 3) * STEP) << 21,
    }
}

/// The keys of one document in ascending order, compact: some 4 bytes a key.
#[derive(Default)]
pub(super) struct Keys {
    bytes: Box<[u8]>,
    ends: [u32; SECTIONS],
}

impl Keys {
    /// Returns the keys of a section.
    pub(super) fn section(&self, section: usize) -> impl Iterator<Item = (u64, Payload)> {
        let start = section.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let mut rest = self.bytes.get(start..self.ends[section] as usize).unwrap_or(&[]);
        let mut key = section_start(section);
        std::iter::from_fn(move || {
            let value = read_varint(&mut rest)?;
            key = key.wrapping_add(value >> 1);
            let payload;
            if value & 1 == 1 {
                (payload, rest) = rest.split_first().map(|(&class, rest)| (1 << (class & 7), rest))?;
            } else {
                let (bytes, after) = rest.split_first_chunk()?;
                (payload, rest) = (u16::from_le_bytes(*bytes), after);
            }
            Some((key, Payload(payload)))
        })
    }

    /// Returns all keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, Payload)> {
        (0..SECTIONS).flat_map(|section| self.section(section))
    }
}

/// Appends a number in groups of seven bits, the lowest first.
pub(super) fn write_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Takes a number off the start of `bytes`; `None` if there is none.
pub(super) fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

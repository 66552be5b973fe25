//! Gathers the keys of one document, and the compact form they wait in until the lists are made.

use super::keys::{GRAMS, Occurrence, READINGS, follower};
use super::postings::Payload;

/// The keys of one document and what is known of each. Reused from document to document.
#[derive(Default)]
pub(super) struct Collector {
    /// Open addressing: index into `found` and 1, or 0.
    table: Vec<u32>,
    found: Vec<Found>,
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

    /// Returns the keys, packed.
    pub(super) fn pack(&mut self) -> Keys {
        let mut sizes = [0; SECTIONS];
        for found in &self.found {
            let section = section_of(found.key);
            sizes[section] += if is_wide(section) { 8 } else { 4 + 2 * usize::from(!found.is_plain()) };
        }
        let mut ends = [0; SECTIONS];
        let mut positions = [0; SECTIONS];
        let mut total = 0;
        for section in 0..SECTIONS {
            positions[section] = total;
            total += sizes[section];
            ends[section] = total as u32;
        }
        let mut bytes = vec![0; total].into_boxed_slice();
        for found in &self.found {
            let section = section_of(found.key);
            let key = found.key - section_start(section);
            let Payload(payload) = Payload::new(u32::from(found.count), found.followers, found.in_title);
            let at = positions[section];
            let length = if is_wide(section) {
                // Of a word nothing is known of what follows: class 0. So frequency and title are left.
                let wide = if section == 0 { key << 3 | u64::from(payload >> 8) } else { key << 11 | u64::from(payload) };
                bytes[at..at + 8].copy_from_slice(&wide.to_le_bytes());
                8
            } else if found.is_plain() {
                let plain = (key as u32) << 4 | payload.trailing_zeros() << 1;
                bytes[at..at + 4].copy_from_slice(&plain.to_le_bytes());
                4
            } else {
                bytes[at..at + 4].copy_from_slice(&((key as u32) << 4 | 1).to_le_bytes());
                bytes[at + 4..at + 6].copy_from_slice(&payload.to_le_bytes());
                6
            };
            positions[section] += length;
        }
        Keys { bytes, ends }
    }
}

impl Found {
    /// Whether it occurs once and not in the title, so that only one class is to be kept.
    fn is_plain(&self) -> bool {
        self.count == 1 && !self.in_title
    }
}

fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
}

/// Ranges of keys that are worked on in parallel when all lists are made at once: words, readings, grams before the
/// Chinese characters, these in steps, grams after them.
pub(super) const SECTIONS: usize = 18;
/// First character of the sections of Chinese, and how many a section has.
const HAN: u64 = 0x4E00;
const STEP: u64 = 0x600;

/// The first key of a section, and of the one after the last.
pub(super) fn section_start(section: usize) -> u64 {
    match section {
        0 => 0,
        1 => READINGS,
        2 => GRAMS,
        SECTIONS => u64::MAX,
        _ => GRAMS | HAN + (section as u64 - 3) * STEP << 16,
    }
}

fn section_of(key: u64) -> usize {
    match key {
        0..READINGS => 0,
        READINGS..GRAMS => 1,
        _ => match (key >> 16 & 0xFFFF).checked_sub(HAN) {
            None => 2,
            Some(character) => (3 + (character / STEP) as usize).min(SECTIONS - 1),
        },
    }
}

/// Whether keys of a section take 8 bytes; the others take 4, or 6 with their payload.
fn is_wide(section: usize) -> bool {
    section < 3 || section == SECTIONS - 1
}

/// The keys of one document, by sections, compact: 4 to 8 bytes a key, in no particular order.
#[derive(Default)]
pub(super) struct Keys {
    bytes: Box<[u8]>,
    ends: [u32; SECTIONS],
}

impl Keys {
    /// Calls `emit` for the keys of a section.
    pub(super) fn section(&self, section: usize, mut emit: impl FnMut(u64, Payload)) {
        let start = section.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let mut rest = self.bytes.get(start..self.ends[section] as usize).unwrap_or(&[]);
        let first = section_start(section);
        if is_wide(section) {
            while let Some((bytes, after)) = rest.split_first_chunk() {
                let wide = u64::from_le_bytes(*bytes);
                match section {
                    0 => emit(wide >> 3, Payload((wide as u16 & 7) << 8 | 1)),
                    _ => emit(first + (wide >> 11), Payload(wide as u16 & 0x7FF)),
                }
                rest = after;
            }
            return;
        }
        while let Some((bytes, after)) = rest.split_first_chunk() {
            let word = u32::from_le_bytes(*bytes);
            let mut payload = 1 << (word >> 1 & 7);
            rest = after;
            if word & 1 == 1 {
                let Some((bytes, after)) = rest.split_first_chunk() else { return };
                payload = u16::from_le_bytes(*bytes);
                rest = after;
            }
            emit(first + u64::from(word >> 4), Payload(payload));
        }
    }

    /// Calls `emit` for all keys.
    pub(super) fn all(&self, mut emit: impl FnMut(u64, Payload)) {
        for section in 0..SECTIONS {
            self.section(section, &mut emit);
        }
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

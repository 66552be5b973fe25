//! Gathers the keys of one document, and the compact form they wait in until the lists are made.

use super::keys::{GRAMS, INITIAL, Occurrence, READINGS, follower};
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
    followers: u32,
    count: u16,
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

    /// Notes an occurrence; returns whether it is the key's first.
    pub(super) fn add(&mut self, occurrence: Occurrence, weight: u16, in_title: bool) -> bool {
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
                    self.found.push(Found {
                        key,
                        count: weight,
                        followers: follower,
                        in_title,
                    });
                    self.table[cell] = self.found.len() as u32;
                    return true;
                }
                index => {
                    let found = &mut self.found[index as usize - 1];
                    if found.key == key {
                        found.count = found.count.saturating_add(weight);
                        found.followers |= follower;
                        found.in_title |= in_title;
                        return false;
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
            sizes[section] += found.packed_size(section);
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
            let Payload { followers, flags } =
                Payload::new(u32::from(found.count), found.followers, found.in_title);
            let (at, length) = (positions[section], found.packed_size(section));
            let place = &mut bytes[at..at + length];
            match length {
                8 => place.copy_from_slice(&(key << 3 | u64::from(flags)).to_le_bytes()),
                4 => place
                    .copy_from_slice(&((key as u32) << 6 | followers.trailing_zeros() << 1).to_le_bytes()),
                _ => {
                    let key = if has_rest(section) {
                        key as u32
                    } else {
                        (key as u32) << 6 | 1
                    };
                    place[..4].copy_from_slice(&key.to_le_bytes());
                    place[4..8].copy_from_slice(&followers.to_le_bytes());
                    place[8] = flags;
                }
            }
            positions[section] += length;
        }
        Keys { bytes, ends }
    }
}

impl Found {
    /// Bytes that it takes in [`Keys`].
    fn packed_size(&self, section: usize) -> usize {
        if section <= READING_SECTION {
            8
        } else if !has_rest(section) && self.count == 1 && !self.in_title {
            4
        } else {
            9
        }
    }
}

fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
}

/// Ranges of keys that are worked on one by one, in parallel, when all lists are made at once, so that neither memory nor
/// one processor has to bear it all: words by their first letter, readings, grams before the Chinese characters, these
/// in steps, grams after them.
pub(super) const SECTIONS: usize = READING_SECTION + 85;
/// First letters of the sections of words, as digits of base 37: `0`, `a`, `c`, `d`, `f`, `i`, `m`, `p`, `r`, `s`, `t`, `u`.
const INITIALS: [u64; 12] = [0, 11, 13, 14, 16, 19, 23, 26, 28, 29, 30, 31];
const READING_SECTION: usize = INITIALS.len();
/// The section of grams before the Chinese characters.
const BEFORE_HAN: usize = READING_SECTION + 1;
const FIRST_HAN: usize = READING_SECTION + 2;
/// First character of the sections of Chinese, and how many a section has.
const HAN: u64 = 0x4E00;
const STEP: u64 = 0x100;

/// The first key of a section, and of the one after the last.
pub(super) fn section_start(section: usize) -> u64 {
    match section {
        0..READING_SECTION => INITIALS[section] * INITIAL,
        READING_SECTION => READINGS,
        BEFORE_HAN => GRAMS,
        SECTIONS => u64::MAX,
        _ => GRAMS | ((HAN + (section - FIRST_HAN) as u64 * STEP) << 16),
    }
}

fn section_of(key: u64) -> usize {
    match key {
        0..READINGS => {
            let initial = key / INITIAL;
            INITIALS.iter().rposition(|&first| first <= initial).unwrap_or(0)
        }
        READINGS..GRAMS => READING_SECTION,
        _ => match (key >> 16 & 0xFFFF).checked_sub(HAN) {
            None => BEFORE_HAN,
            Some(character) => (FIRST_HAN + (character / STEP) as usize).min(SECTIONS - 1),
        },
    }
}

/// Whether a section is one of those at the ends, whose keys need 32 bits; 24 suffice for the others of pairs.
fn has_rest(section: usize) -> bool {
    section == BEFORE_HAN || section == SECTIONS - 1
}

/// The keys of one document, by sections, compact, in no particular order. A word or reading takes 8 bytes (key and flags), a
/// pair that occurs once 4 (key, class, bit 0 clear), any other pair 9 (key, bit 0 set; followers; flags).
pub(super) struct Keys {
    bytes: Box<[u8]>,
    ends: [u32; SECTIONS],
}

impl Keys {
    /// At most how many keys a section has.
    pub(super) fn at_most(&self, section: usize) -> usize {
        let start = section.checked_sub(1).map_or(0, |before| self.ends[before]);
        (self.ends[section] - start) as usize / if section <= READING_SECTION { 8 } else { 4 }
    }

    /// Calls `emit` for the keys of a section.
    pub(super) fn section(&self, section: usize, mut emit: impl FnMut(u64, Payload)) {
        let start = section
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] as usize);
        let mut rest = self.bytes.get(start..self.ends[section] as usize).unwrap_or(&[]);
        let first = section_start(section);
        while let Some((bytes, after)) = rest.split_first_chunk().filter(|_| section <= READING_SECTION) {
            let word = u64::from_le_bytes(*bytes);
            emit(
                first + (word >> 3),
                Payload {
                    followers: 1,
                    flags: word as u8 & 7,
                },
            );
            rest = after;
        }
        while let Some((bytes, after)) = rest.split_first_chunk() {
            let pair = u32::from_le_bytes(*bytes);
            rest = after;
            if !has_rest(section) && pair & 1 == 0 {
                emit(
                    first + u64::from(pair >> 6),
                    Payload {
                        followers: 1 << (pair >> 1 & 31),
                        flags: 0,
                    },
                );
                continue;
            }
            let Some((bytes, after)) = rest.split_first_chunk::<5>() else {
                return;
            };
            rest = after;
            let followers = bytes[..4]
                .iter()
                .rev()
                .fold(0, |mask, &byte| mask << 8 | u32::from(byte));
            let key = if has_rest(section) { pair } else { pair >> 6 };
            emit(
                first + u64::from(key),
                Payload {
                    followers,
                    flags: bytes[4],
                },
            );
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

//! Posting lists: which slots hold a key, how often, whether in the title, and what follows it there.
//!
//! A list is: gamma(length); bit "some are in a title"; then for each posting
//! - the gap to the slot before (first: slot + 1) less 1 in Rice code, its parameter from the length and the number of slots
//! - if some are in a title: bit "this one is"
//! - frequency class, unary up to 2 and then a bit (once; 2 to 3; 4 to 7; 8 and more, a heading counting threefold)
//! - for pairs of characters: the classes of the following characters, so that a run of three and more characters has few
//!   false candidates. Once: 5 bits. Class 1: 2 bits, how many less 1, and 5 bits each. Class 2: which of 16 (two neighbours
//!   count as one). Class 3: which of 8. What is frequent has many followers, which tell little and cost much.

use super::bits::{BitReader, BitWriter};
use super::keys::has_followers;

/// One document in a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Posting {
    /// The slot of the document.
    pub(super) slot: u32,
    /// What is known of the key in the document.
    pub(super) payload: Payload,
}

/// What a list says of a key in a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Payload {
    /// Classes of the following characters, one bit each.
    pub(super) followers: u32,
    /// Bits 0 and 1: frequency class; 2: in the title.
    pub(super) flags: u8,
}

const TITLE: u8 = 4;

impl Payload {
    /// Makes a payload of a count (at least 1), a mask of classes and whether the title holds the key.
    pub(super) fn new(count: u32, followers: u32, in_title: bool) -> Payload {
        let class = count.max(1).ilog2().min(3) as u8;
        Payload {
            followers,
            flags: class | if in_title { TITLE } else { 0 },
        }
    }

    fn class(self) -> u8 {
        self.flags & 3
    }

    fn in_title(self) -> bool {
        self.flags & TITLE != 0
    }
}

/// Joins neighbouring classes into `bits` (8 or 16) ones.
fn fold_classes(followers: u32, bits: u32) -> u32 {
    let width = 32 / bits;
    (0..bits)
        .filter(|bit| followers >> (bit * width) & ((1 << width) - 1) != 0)
        .fold(0, |mask, bit| mask | 1 << bit)
}

/// Makes classes of joined ones.
fn unfold_classes(mask: u32, bits: u32) -> u32 {
    let width = 32 / bits;
    (0..bits)
        .filter(|bit| mask >> bit & 1 == 1)
        .fold(0, |followers, bit| {
            followers | ((1 << width) - 1) << (bit * width)
        })
}

/// The Rice parameter of a list of `length` postings among `slots` slots.
pub(super) fn rice_parameter(slots: u32, length: u32) -> u32 {
    let mean = u64::from(slots) * 7 / (u64::from(length) * 10);
    mean.max(1).ilog2()
}

/// Writes a list; `postings` ascend by slot and are not empty.
pub(super) fn write_list(out: &mut BitWriter, slots: u32, key: u64, postings: &[Posting]) {
    let followers = has_followers(key);
    let titles = postings.iter().any(|posting| posting.payload.in_title());
    let length = postings.len() as u32;
    out.gamma(length);
    out.write(u32::from(titles), 1);
    let parameter = rice_parameter(slots, length);
    let mut previous = None;
    for &Posting { slot, payload } in postings {
        let gap = previous.map_or(slot, |previous: u32| slot - previous - 1);
        previous = Some(slot);
        out.unary(gap >> parameter);
        out.write(gap & ((1 << parameter) - 1), parameter);
        if titles {
            out.write(u32::from(payload.in_title()), 1);
        }
        match u32::from(payload.class()) {
            3 => out.write(0b111, 3),
            class => out.write((1 << class) - 1, class + 1),
        }
        if followers {
            write_followers(out, payload);
        }
    }
}

fn write_followers(out: &mut BitWriter, payload: Payload) {
    let mut mask = payload.followers;
    match payload.class() {
        0 => out.write(mask.trailing_zeros() & 31, 5),
        1 => {
            let count = mask.count_ones().clamp(1, 4);
            out.write(count - 1, 2);
            for _ in 0..count {
                out.write(mask.trailing_zeros() & 31, 5);
                mask &= mask.wrapping_sub(1);
            }
        }
        2 => out.write(fold_classes(mask, 16), 16),
        _ => out.write(fold_classes(mask, 8), 8),
    }
}

fn read_followers(reader: &mut BitReader<'_>, class: u8) -> u32 {
    match class {
        0 => 1 << reader.read(5),
        1 => (0..=reader.read(2)).fold(0, |mask, _| mask | 1 << reader.read(5)),
        2 => unfold_classes(reader.read(16), 16),
        _ => unfold_classes(reader.read(8), 8),
    }
}

/// Reads a list into `postings`; `None` if it is not one.
pub(super) fn read_list(
    reader: &mut BitReader<'_>,
    slots: u32,
    key: u64,
    postings: &mut Vec<Posting>,
) -> Option<()> {
    postings.clear();
    let has_followers = has_followers(key);
    let length = reader.gamma()?;
    let titles = reader.read(1) == 1;
    let parameter = rice_parameter(slots, length);
    let mut next = 0u32;
    for _ in 0..length {
        let gap = u64::from(reader.unary()) << parameter | u64::from(reader.read(parameter));
        let slot = u32::try_from(gap).ok()?.checked_add(next)?;
        next = slot.checked_add(1)?;
        let title = if titles && reader.read(1) == 1 { TITLE } else { 0 };
        let mut class = 0;
        while class < 3 && reader.read(1) == 1 {
            class += 1;
        }
        let followers = if has_followers {
            read_followers(reader, class)
        } else {
            1
        };
        if reader.is_exhausted() {
            return None;
        }
        postings.push(Posting {
            slot,
            payload: Payload {
                followers,
                flags: title | class,
            },
        });
    }
    Some(())
}

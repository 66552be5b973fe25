//! Posting lists: which slots hold a key, how often, whether in the title, and what follows it there.
//!
//! A list is: gamma(length); bit "some are in a title"; then for each posting
//! - the gap to the slot before (first: slot + 1) less 1 in Rice code, its parameter from the length and the number of slots
//! - if some are in a title: bit "this one is"
//! - frequency class, unary up to 2 and then a bit (once; 2 to 3; 4 to 7; 8 and more, a heading counting threefold)
//! - for pairs of characters: the classes of the following characters. Once: 3 bits. Else bit 0 and 3 bits if there is one
//!   class, bit 1 and 8 bits if there are several. With them a run of three and more characters has few false candidates.

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

/// Bits 0 to 7: classes of following characters; 8 and 9: frequency class; 10: in the title.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Payload(pub(super) u16);

const TITLE: u16 = 1 << 10;

impl Payload {
    /// Makes a payload of a count (at least 1), a mask of classes and whether the title holds the key.
    pub(super) fn new(count: u32, followers: u8, in_title: bool) -> Payload {
        let class = count.max(1).ilog2().min(3) as u16;
        Payload(u16::from(followers) | class << 8 | if in_title { TITLE } else { 0 })
    }

    fn followers(self) -> u8 {
        self.0 as u8
    }

    fn class(self) -> u32 {
        u32::from(self.0 >> 8 & 3)
    }

    fn in_title(self) -> bool {
        self.0 & TITLE != 0
    }
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
        match payload.class() {
            3 => out.write(0b111, 3),
            class => out.write((1 << class) - 1, class + 1),
        }
        if followers {
            write_followers(out, payload);
        }
    }
}

fn write_followers(out: &mut BitWriter, payload: Payload) {
    let mask = payload.followers();
    let single = mask.count_ones() == 1;
    if payload.class() > 0 {
        out.write(u32::from(!single), 1);
    }
    if single {
        out.write(mask.trailing_zeros(), 3);
    } else {
        out.write(u32::from(mask), 8);
    }
}

/// Reads a list into `postings`; `None` if it is not one.
pub(super) fn read_list(reader: &mut BitReader<'_>, slots: u32, key: u64, postings: &mut Vec<Posting>) -> Option<()> {
    postings.clear();
    let followers = has_followers(key);
    let length = reader.gamma()?;
    let titles = reader.read(1) == 1;
    let parameter = rice_parameter(slots, length);
    let mut next = 0u32;
    for _ in 0..length {
        let gap = u64::from(reader.unary()) << parameter | u64::from(reader.read(parameter));
        let slot = u32::try_from(gap).ok()?.checked_add(next)?;
        next = slot.checked_add(1)?;
        let mut payload = if titles && reader.read(1) == 1 { TITLE } else { 0 };
        let mut class = 0;
        while class < 3 && reader.read(1) == 1 {
            class += 1;
        }
        payload |= class << 8;
        if followers {
            let several = class > 0 && reader.read(1) == 1;
            payload |= if several { reader.read(8) as u16 } else { 1 << reader.read(3) };
        }
        if reader.is_exhausted() {
            return None;
        }
        postings.push(Posting { slot, payload: Payload(payload) });
    }
    Some(())
}

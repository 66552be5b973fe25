//! Slots: the numbers of documents in the index.
//!
//! A number must not change because another document came or went, or every list would be rewritten; and it must follow
//! from the set of documents, or an incremental build would differ from a clean one. So: documents in the order of the
//! hashes of their identifiers, each in the first free slot from the one its hash points to. One document more or less
//! moves the few that stand directly behind it. At most half of the slots are taken, so that is less than one on average.
//! The number of slots is a power of two; when it doubles, everything is laid out again.

/// Where a document stands.
pub(super) struct Slots {
    /// The number of slots that hashes point to; lists may reach a little beyond.
    pub(super) count: u32,
    /// The slot of each document, in the order of the documents given.
    pub(super) of: Vec<u32>,
}

/// Assigns slots to documents by their identifiers, which differ from each other.
pub(super) fn assign(ids: &[&str]) -> Slots {
    let count = (ids.len() as u64 * 2).max(16).next_power_of_two() as u32;
    let mut order: Vec<(u64, usize)> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| (hash(id), index))
        .collect();
    order.sort_unstable_by(|left, right| left.0.cmp(&right.0).then_with(|| ids[left.1].cmp(ids[right.1])));
    let mut of = vec![0; ids.len()];
    let mut free = 0;
    for (hash, index) in order {
        let home = ((u128::from(hash) * u128::from(count)) >> 64) as u32;
        of[index] = home.max(free);
        free = of[index] + 1;
    }
    Slots { count, of }
}

fn hash(id: &str) -> u64 {
    checksum(id.as_bytes())
}

/// A checksum of 64 bits.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    hash.as_bytes()
        .first_chunk()
        .map_or(0, |first| u64::from_le_bytes(*first))
}

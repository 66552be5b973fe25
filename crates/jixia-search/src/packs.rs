//! Packs: files of the records of [`SLOTS`] neighbouring slots.
//!
//! A pack starts with the length of each record (3 bytes each, 0 for a free slot). The browser asks for the lengths and
//! then for a record with range requests, so a result costs one record; from a server without ranges it gets the whole
//! pack, some 20 KB. A file for each document would need no ranges but twice as many files as there are pages.

/// Slots of a pack.
pub(super) const SLOTS: u32 = 32;
const LENGTH_BYTES: usize = 3;
/// Longest compressed record.
pub(super) const LONGEST: usize = (1 << 24) - 1;

/// The path of a pack below the index's directory.
pub(super) fn path(pack: u32) -> String {
    format!("t/{pack:x}.bin")
}

/// Puts records, each with its slot, into a pack.
pub(super) fn encode(records: &[(u32, &[u8])]) -> Vec<u8> {
    let total: usize = records.iter().map(|(_, record)| record.len()).sum();
    let mut bytes = vec![0; SLOTS as usize * LENGTH_BYTES];
    bytes.reserve_exact(total);
    for (slot, record) in records {
        let at = (slot % SLOTS) as usize * LENGTH_BYTES;
        bytes[at..at + LENGTH_BYTES].copy_from_slice(&(record.len() as u32).to_le_bytes()[..LENGTH_BYTES]);
        bytes.extend_from_slice(record);
    }
    bytes
}

/// Finds the record of a slot in its pack; `None` if it is not there.
pub(super) fn record(pack: &[u8], slot: u32) -> Option<&[u8]> {
    let (table, mut rest) = pack.split_at_checked(SLOTS as usize * LENGTH_BYTES)?;
    for (index, length) in table.chunks_exact(LENGTH_BYTES).enumerate() {
        let length = length
            .iter()
            .rev()
            .fold(0, |number, &byte| number << 8 | usize::from(byte));
        let (record, after) = rest.split_at_checked(length)?;
        if index == (slot % SLOTS) as usize {
            return Some(record).filter(|record| !record.is_empty());
        }
        rest = after;
    }
    None
}

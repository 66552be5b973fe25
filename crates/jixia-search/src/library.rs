//! The site on the other side: which documents it has, and where files are read from and published to.

use std::ops::Range;

use super::digest::Digest;
use super::shard::Lists;
use super::slots::checksum;
use super::state::SavedFile;
use super::tree::{Leaf, Planned};

/// A document of the site as it is now.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Its stable, unique identifier.
    pub id: &'a str,
    /// A hash of everything its [`Document`](super::Document) is made of.
    pub fingerprint: u128,
}

/// What the index asks of its site. Called from several threads.
pub trait Library: Sync {
    /// Makes the digest of a document, by its index among the stamps. Asked for once for each new or changed document; for
    /// all documents if there is no state or a published file is damaged.
    fn digest(&self, index: usize) -> Digest;
    /// Reads a published file of the last build, by its path below the index's directory.
    fn published(&self, path: &str) -> Option<Vec<u8>>;
    /// Takes a file to publish. Each path comes at most once, files in no particular order.
    fn publish(&self, path: &str, bytes: &[u8]);
}

/// Encodes some lists as a leaf and publishes it unless it is empty or as before.
pub(super) fn leaf(
    planned: &Planned,
    lists: &Lists,
    range: Range<usize>,
    library: &impl Library,
    before: &[Leaf],
) -> Leaf {
    let (first, depth) = (planned.first, planned.depth);
    let (keys, bits) = (range.len() as u32, lists.length_in_bits(range.clone()) as u32);
    let mut leaf = Leaf {
        first,
        depth,
        keys,
        bits,
        ..Leaf::root()
    };
    if keys > 0 {
        let bytes = lists.encode(range, first);
        leaf.length = bytes.len() as u32;
        leaf.checksum = checksum(&bytes);
        let same = before
            .binary_search_by_key(&first, |leaf| leaf.first)
            .is_ok_and(|index| before[index] == leaf);
        if !same {
            library.publish(&leaf.path(), &bytes);
        }
    }
    leaf
}

/// Publishes a file unless it is as before; `before` ascends by path.
pub(super) fn publish(path: String, bytes: &[u8], library: &impl Library, before: &[SavedFile]) -> SavedFile {
    let file = SavedFile::of(path, bytes);
    let same = before
        .binary_search_by(|other| other.path.cmp(&file.path))
        .is_ok_and(|index| before[index] == file);
    if !same {
        library.publish(&file.path, bytes);
    }
    file
}

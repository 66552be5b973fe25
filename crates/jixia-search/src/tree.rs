//! The layout of shards: a binary tree over the bits of the key, whose leaves are the shards.
//!
//! A node is a leaf if its lists fit into [`LIMIT`] or it has only one key. So the layout depends on what is indexed and
//! on nothing else: a change touches the shards whose lists it changes, and splits or merges only where a size passes the
//! limit. Every search downloads a whole shard for each pair of characters: a smaller limit means fewer bytes for a query
//! and for an edit, and more files. A frequent pair has a shard of its own.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::shard::Lists;

/// Bits that the lists of a shard may take, keys included.
pub(super) const LIMIT: usize = 4096 * 8;
/// What a key counts for, in bits.
const KEY_BITS: usize = 24;

/// A shard of the layout.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
pub(super) struct Leaf {
    /// The first key of its range.
    pub(super) first: u64,
    /// The number of leading bits that its keys share.
    pub(super) depth: u8,
    /// The number of its keys; without any there is no file.
    pub(super) keys: u32,
    /// The size of its lists in bits.
    pub(super) bits: u32,
    /// The length of its file in bytes.
    pub(super) length: u32,
    /// The checksum of its file.
    pub(super) checksum: u64,
}

impl Leaf {
    /// The whole range of keys, without any.
    pub(super) fn root() -> Leaf {
        Leaf {
            first: 0,
            depth: 0,
            keys: 0,
            bits: 0,
            length: 0,
            checksum: 0,
        }
    }

    /// The path of its file below the index's directory: its leading bits and a one, in hexadecimal.
    pub(super) fn path(&self) -> String {
        let marked = u128::from(self.first) << 64 | 1 << (127 - u32::from(self.depth));
        let digits = usize::from(self.depth) / 4 + 1;
        format!("s/{}.bin", &format!("{marked:032x}")[..digits])
    }

    /// The class of its size, from 0 (no file) to 15 (64 KiB and more), for the header.
    pub(super) fn size_class(&self) -> u32 {
        match self.length {
            0 => 0,
            length => (length.ilog2().saturating_sub(1)).clamp(1, 15),
        }
    }
}

/// Where the lists of a range of keys are.
pub(super) enum Source {
    /// In the file of this leaf of the layout before.
    Old(usize),
    /// Among new lists: which, and which of their keys.
    New(usize, Range<usize>),
}

/// A piece of the range of keys to lay out.
pub(super) struct Piece {
    first: u64,
    keys: usize,
    bits: usize,
    source: Source,
}

impl Piece {
    /// A shard that stays as it is.
    pub(super) fn old(index: usize, leaf: &Leaf) -> Piece {
        let source = Source::Old(index);
        Piece {
            first: leaf.first,
            keys: leaf.keys as usize,
            bits: leaf.bits as usize,
            source,
        }
    }

    /// New lists in the range of `leaf`.
    pub(super) fn new(index: usize, lists: &Lists, leaf: &Leaf) -> Piece {
        Piece::part(index, lists, 0..lists.keys.len(), leaf.first)
    }

    fn part(index: usize, lists: &Lists, range: Range<usize>, first: u64) -> Piece {
        let (keys, bits) = (range.len(), lists.length_in_bits(range.clone()));
        Piece {
            first,
            keys,
            bits,
            source: Source::New(index, range),
        }
    }
}

/// A leaf of the new layout, and the pieces whose lists make it, ascending.
pub(super) struct Planned {
    /// The first key of its range.
    pub(super) first: u64,
    /// The number of leading bits.
    pub(super) depth: u8,
    /// Where its lists are.
    pub(super) sources: Vec<Source>,
}

/// Lays out pieces, which ascend and cover the range of keys.
pub(super) fn plan(pieces: Vec<Piece>, new: &[Lists]) -> Vec<Planned> {
    let mut planned = Vec::new();
    plan_node(0, 0, pieces, new, &mut planned);
    planned
}

fn plan_node(first: u64, depth: u8, mut pieces: Vec<Piece>, new: &[Lists], planned: &mut Vec<Planned>) {
    let keys: usize = pieces.iter().map(|piece| piece.keys).sum();
    let bits: usize = pieces.iter().map(|piece| piece.bits).sum();
    if keys <= 1 || bits + keys * KEY_BITS <= LIMIT || depth == 64 {
        let sources = pieces.into_iter().map(|piece| piece.source).collect();
        planned.push(Planned {
            first,
            depth,
            sources,
        });
        return;
    }
    let middle = first | 1 << (63 - depth);
    if pieces.len() == 1
        && let Some(Source::New(index, range)) = pieces.pop().map(|piece| piece.source)
    {
        let lists = &new[index];
        let split = range.start + lists.keys[range.clone()].partition_point(|&key| key < middle);
        pieces.push(Piece::part(index, lists, range.start..split, first));
        pieces.push(Piece::part(index, lists, split..range.end, middle));
    }
    let right = pieces.split_off(pieces.partition_point(|piece| piece.first < middle));
    plan_node(first, depth + 1, pieces, new, planned);
    plan_node(middle, depth + 1, right, new, planned);
}

/// The shape of the tree in preorder, one bit for a node: 1 for a node with two children, 0 for a leaf.
pub(super) fn shape(leaves: &[Leaf]) -> Vec<bool> {
    let mut shape = Vec::with_capacity(leaves.len() * 2);
    let mut depths: Vec<u8> = Vec::new();
    let mut depth = 0;
    for leaf in leaves {
        while depth < leaf.depth {
            shape.push(true);
            depth += 1;
            depths.push(depth);
        }
        shape.push(false);
        // The next leaf starts at the depth of the innermost node that still lacks its right child.
        depth = depths.pop().unwrap_or(0);
    }
    shape
}

//! What an index remembers of its last build, to be kept in the cache.

use serde::{Deserialize, Serialize};

use super::columns::Value;
use super::slots::checksum;
use super::tree::Leaf;

/// Changes with everything that changes the files: format, segmentation, readings, compression.
const REVISION: u32 = 1;

/// The last build: which documents it held and which files it made. Opaque; see [`State::to_bytes`].
#[derive(Serialize, Deserialize)]
pub struct State {
    pub(super) slots: u32,
    pub(super) documents: Vec<Saved>,
    pub(super) values: Vec<Value>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) files: Vec<SavedFile>,
}

/// A document of the last build.
#[derive(Serialize, Deserialize, Clone)]
pub(super) struct Saved {
    pub(super) id: String,
    pub(super) fingerprint: u128,
    pub(super) slot: u32,
    pub(super) date: Option<i32>,
    pub(super) title_class: u8,
    pub(super) values: Vec<u32>,
}

/// A file of the last build other than a shard.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
pub(super) struct SavedFile {
    pub(super) path: String,
    pub(super) length: u32,
    pub(super) checksum: u64,
}

impl SavedFile {
    /// Describes a file.
    pub(super) fn of(path: String, bytes: &[u8]) -> SavedFile {
        SavedFile {
            path,
            length: bytes.len() as u32,
            checksum: checksum(bytes),
        }
    }
}

/// A file as recorded: its path below the index's directory and its length in bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// The path below the index's directory, with `/`.
    pub path: String,
    /// The length in bytes.
    pub length: u32,
}

impl State {
    /// Encodes the state for the cache.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = postcard::to_stdvec(self).unwrap_or_default();
        let sum = checksum(&bytes) ^ u64::from(REVISION);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Decodes a state; `None` if it is damaged or another version's, and then the index is built anew.
    pub fn from_bytes(bytes: &[u8]) -> Option<State> {
        let (bytes, sum) = bytes.split_last_chunk()?;
        if checksum(bytes) ^ u64::from(REVISION) != u64::from_le_bytes(*sum) {
            return None;
        }
        postcard::from_bytes(bytes).ok()
    }

    /// All files of the index, in no particular order but always the same.
    pub fn files(&self) -> impl Iterator<Item = Recorded> + '_ {
        let shards = self.leaves.iter().filter(|leaf| leaf.keys > 0);
        let shards = shards.map(|leaf| Recorded {
            path: leaf.path(),
            length: leaf.length,
        });
        shards.chain(self.files.iter().map(|file| Recorded {
            path: file.path.clone(),
            length: file.length,
        }))
    }
}

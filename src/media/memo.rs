//! What was found out about files, from one build to the next.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::inspect::probe;
use super::probe::Probe;
use super::thumbnails::Renditions;
use crate::hash::Hash;
use crate::world::{Stamp, World, blob_path};

/// What was found out about files, so that it need not be found out again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Memo {
    probes: BTreeMap<Arc<str>, (Stamp, Probe)>,
    checksums: BTreeMap<Box<str>, (Stamp, Box<str>)>,
    renditions: BTreeMap<Arc<str>, (Stamp, Renditions)>,
}

impl Memo {
    /// Looks into a file beside Markdown, unless that was done with the same stamp. The checksum is taken of files that
    /// are offered for download.
    pub fn probe(&self, world: &dyn World, path: &str, stamp: Stamp, is_offered: bool) -> Probe {
        let mut probe = match self.probes.get(path) {
            Some((known, probe)) if *known == stamp => probe.clone(),
            _ => probe(world, path),
        };
        if !is_offered {
            probe.sha256 = None;
        } else if probe.sha256.is_none() {
            // A file that cannot be read is reported when it is copied.
            let bytes = world.read(path).ok();
            probe.sha256 = bytes.map(|bytes| HEXLOWER.encode(&Sha256::digest(bytes)));
        }
        probe
    }

    /// Keeps what [`Memo::probe`] found.
    pub fn remember(&mut self, path: &Arc<str>, stamp: Stamp, probe: &Probe) {
        self.probes.insert(Arc::clone(path), (stamp, probe.clone()));
    }

    /// Which smaller copies a picture had, and its stamp then.
    pub fn renditions(&self, path: &str) -> Option<&(Stamp, Renditions)> {
        self.renditions.get(path)
    }

    /// Keeps which smaller copies a picture has.
    pub fn remember_renditions(&mut self, path: &Arc<str>, stamp: Stamp, renditions: &Renditions) {
        self.renditions
            .insert(Arc::clone(path), (stamp, renditions.clone()));
    }

    /// Forgets the smaller copies of files that are gone.
    pub fn forget_renditions(&mut self, is_there: impl Fn(&str) -> bool) {
        self.renditions.retain(|path, _| is_there(path));
    }

    /// Hashes of the pictures whose smaller copies are known.
    pub fn rendition_sources(&self) -> impl Iterator<Item = &Hash> {
        self.renditions.values().map(|(_, renditions)| &renditions.source)
    }

    /// Stamps of the attachments that were looked at, by their path in a store.
    pub(crate) fn blob_stamps(&self, store: &str) -> Vec<(String, Stamp)> {
        let blobs = self.checksums.iter();
        blobs
            .map(|(sha256, (stamp, _))| (blob_path(store, sha256), *stamp))
            .collect()
    }

    /// The SHA-256 of an attachment's bytes, in lower-case hexadecimal.
    ///
    /// # Errors
    /// When the attachment cannot be read.
    pub fn checksum(
        &mut self,
        world: &dyn World,
        store: &str,
        sha256: &str,
        stamp: Stamp,
    ) -> io::Result<Box<str>> {
        if let Some((known, checksum)) = self.checksums.get(sha256)
            && *known == stamp
        {
            return Ok(checksum.clone());
        }
        let checksum: Box<str> = HEXLOWER.encode(&world.hash_blob(store, sha256)?).into();
        self.checksums.insert(sha256.into(), (stamp, checksum.clone()));
        Ok(checksum)
    }
}

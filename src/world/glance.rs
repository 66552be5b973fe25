//! A world that is looked at once: looking at every file of a large site costs as much as building a page of it.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::{Disk, Listing, Stamp, World};
use crate::history::Commits;

/// A disk whose listings and stamps are those of the first time they were asked for. What is read is read anew.
#[derive(Debug)]
pub struct Glance<'a> {
    disk: &'a Disk,
    listings: Mutex<BTreeMap<String, Listing>>,
    stamps: Mutex<BTreeMap<String, Option<Stamp>>>,
}

impl<'a> Glance<'a> {
    /// Nothing has been looked at yet.
    pub fn new(disk: &'a Disk) -> Self {
        Self {
            disk,
            listings: Mutex::default(),
            stamps: Mutex::default(),
        }
    }

    /// The disk as it is now.
    pub fn disk(&self) -> &'a Disk {
        self.disk
    }
}

impl World for Glance<'_> {
    fn list(&self, directory: &str) -> Listing {
        let mut listings = self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listing) = listings.get(directory) {
            return listing.clone();
        }
        let listing = self.disk.list(directory);
        listings.insert(directory.to_owned(), listing.clone());
        listing
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stamp) = stamps.get(path) {
            return *stamp;
        }
        let stamp = self.disk.stamp(path);
        stamps.insert(path.to_owned(), stamp);
        stamp
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.disk.read(path)
    }

    fn head(&self, path: &str, most: usize) -> io::Result<Vec<u8>> {
        self.disk.head(path, most)
    }

    fn blob(&self, store: &str, sha256: &str) -> Option<Stamp> {
        self.disk.blob(store, sha256)
    }

    fn read_blob(&self, store: &str, sha256: &str) -> io::Result<Vec<u8>> {
        self.disk.read_blob(store, sha256)
    }

    fn hash_blob(&self, store: &str, sha256: &str) -> io::Result<[u8; 32]> {
        self.disk.hash_blob(store, sha256)
    }

    fn commits(&self, known: Option<&Commits>) -> Option<Commits> {
        self.disk.commits(known)
    }

    fn now(&self) -> Timestamp {
        self.disk.now()
    }
}

//! Where everything lies: the one table that says whether anything is at an address, and what.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry as Slot;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Located, address};
use crate::catalog::{Catalog, Ix};

/// What has an address, and where.
#[derive(Debug, Default)]
pub struct Addresses {
    places: Vec<Place>,
    /// Positions in `places`.
    by_file: FxHashMap<Arc<str>, u32>,
    plain_files: BTreeSet<String>,
}

/// Where a page lies.
#[derive(Debug)]
pub(super) struct Place {
    /// Its output file.
    file: Arc<str>,
    /// The entry that it is about.
    pub(super) entry: Option<Ix>,
    /// Whether sitemaps name it.
    is_listed: bool,
}

impl Located for Place {
    fn path(&self, _catalog: &Catalog) -> String {
        address::path(&self.file).to_owned()
    }
}

impl Place {
    pub(super) fn new(file: &str, entry: Option<Ix>, is_listed: bool) -> Self {
        Self {
            file: Arc::from(file),
            entry,
            is_listed,
        }
    }
}

impl Addresses {
    /// Takes up a page, unless another lies there already: that one's position is then the error.
    pub(super) fn add(&mut self, place: Place) -> Result<(), usize> {
        match self.by_file.entry(Arc::clone(&place.file)) {
            Slot::Vacant(slot) => {
                slot.insert(self.places.len() as u32);
                self.places.push(place);
                Ok(())
            }
            Slot::Occupied(other) => Err(*other.get() as usize),
        }
    }

    /// The position of the page that is written to an output file, in the order in which they were added.
    pub(super) fn position(&self, file: &str) -> Option<usize> {
        self.by_file.get(file).map(|position| *position as usize)
    }

    /// The page that is written to an output file.
    pub(super) fn at(&self, file: &str) -> Option<&Place> {
        self.position(file).map(|position| &self.places[position])
    }

    /// The page that answers for a path that somebody wrote.
    pub(super) fn answering(&self, path: &str) -> Option<&Place> {
        address::files_for(path).find_map(|file| self.at(&file))
    }

    /// Output files of pages, each with the position of its page.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, usize)> {
        let files = self.places.iter().map(|place| &*place.file);
        files.zip(0..)
    }

    /// The pages that sitemaps name.
    pub(super) fn listed(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| place.is_listed)
    }

    /// Of the files that links name and that are no pages, those that the build writes.
    pub fn plain_files(&self) -> &BTreeSet<String> {
        &self.plain_files
    }

    /// Takes up files that links name and that are no pages, but that the build writes.
    pub(super) fn add_plain_files(&mut self, files: BTreeSet<String>) {
        self.plain_files.extend(files);
    }
}

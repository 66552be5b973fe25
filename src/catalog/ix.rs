//! How a catalog names an entry.

/// An entry's position among the entries of a catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ix(pub(super) u32);

impl Ix {
    /// The position as a number, for tables beside the catalog.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Whether the public sees an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It has a page and is listed.
    Listed,
    /// It has a page that says it was taken down; it is listed nowhere.
    Withdrawn,
    /// A draft, or its time has not come or is over: it has no page.
    Hidden,
}

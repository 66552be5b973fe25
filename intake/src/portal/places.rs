//! Where the files of a portal lie.

use std::path::PathBuf;

/// Where the checkout and the portal lie.
#[derive(Debug, Clone)]
pub struct Places {
    /// The checkout.
    pub root: PathBuf,
    /// The portal's files.
    pub out: PathBuf,
    /// A file that names the commit in the checkout.
    pub commit: PathBuf,
    /// The lists of what builds changed.
    pub changed: PathBuf,
    /// The repository, seen from the checkout: the generator asks git there for the history of entries.
    pub repository: PathBuf,
}

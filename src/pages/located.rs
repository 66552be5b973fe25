//! What everything with an address has in common.

use crate::catalog::Catalog;

/// What has an address in the portal.
pub trait Located {
    /// Its path below the site's base, without percent-encoding. That of a directory, whose file is `index.html`, ends
    /// in a slash.
    fn path(&self, catalog: &Catalog) -> String;
}

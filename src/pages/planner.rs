//! What makes views of pages; each family adds how it makes its own.

use std::sync::OnceLock;

use super::addresses::Addresses;
use super::texts::Texts;
use super::view::SharedCard;
use crate::catalog::Catalog;

/// Makes views: the catalog, the addresses of all pages and the interface texts.
#[derive(Debug, Clone, Copy)]
pub struct Planner<'a> {
    /// The entries.
    pub catalog: &'a Catalog,
    /// What has an address, and where.
    pub addresses: &'a Addresses,
    /// Interface texts of the theme.
    pub texts: &'a Texts,
    /// Entries as lists show them, by position; filled as they are needed.
    pub cards: &'a [OnceLock<SharedCard>],
}

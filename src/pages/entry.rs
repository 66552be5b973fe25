//! Where the pages of entries lie; what they show is in `detail.rs`.

use super::{Located, Planner};
use crate::catalog::{Catalog, Ix};
use crate::content::Id;

/// The page of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryPage(pub Ix);

impl Located for EntryPage {
    /// A part lies beside the whole: `courses/cnc` and `courses/cnc/01-intro`.
    fn path(&self, catalog: &Catalog) -> String {
        let entry = catalog.entry(self.0);
        let owner = entry.parent.as_ref().unwrap_or(&entry.id);
        format!("{}/{}/", catalog.section(&owner.kind), entry.id.name)
    }
}

/// The entries that would have their page at a path if they could be read: an entry of the section, or a part of one.
pub(super) fn ids_at(catalog: &Catalog, path: &str) -> Vec<Id> {
    let schema = &catalog.site.schema;
    let path = path.trim_matches('/');
    let Some((section, name)) = path.split_once('/') else {
        return Vec::new();
    };
    let Some(kind) = schema.kind_of_section(section) else {
        return Vec::new();
    };
    let kinds = std::iter::once(kind.id.as_str()).chain(kind.children.as_deref());
    kinds
        .map(|kind| Id {
            kind: kind.into(),
            name: name.into(),
        })
        .collect()
}

impl Planner<'_> {
    /// The path of an entry's URL.
    pub fn entry_url(&self, ix: Ix) -> String {
        self.url(&EntryPage(ix))
    }
}

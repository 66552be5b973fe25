//! What keeps a repository small and whole.

use std::collections::BTreeSet;

use git2::{ObjectType, Oid, Repository};

use super::super::Error;
use crate::domain::checksums::named;

/// Those of some checksums that any object of the repository names, whether or not a commit still leads to it.
pub(super) fn naming(repository: &Repository, wanted: &BTreeSet<String>) -> Result<BTreeSet<String>, Error> {
    let odb = repository.odb()?;
    let mut ids: Vec<Oid> = Vec::new();
    odb.foreach(|id| {
        ids.push(*id);
        true
    })?;
    let mut found = BTreeSet::new();
    for id in ids {
        let (_, kind) = odb.read_header(id)?;
        if kind == ObjectType::Blob {
            named(odb.read(id)?.data(), wanted, &mut found);
        }
        if found.len() == wanted.len() {
            break;
        }
    }
    Ok(found)
}

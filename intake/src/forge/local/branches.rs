//! What branches are called, what they lead to, and how commits are signed with a name.

use git2::{Commit, ErrorCode, Repository, Signature, Time};

use crate::forge::{Error, Person};

/// The published branch.
pub(super) const MAIN: &str = "refs/heads/main";
/// Branches of submissions are below. A clone does not see them: `transfer.hideRefs` names the same prefix.
pub(super) const BRANCHES: &str = "refs/heads/submission/";
/// China has one time zone and no summer time.
const MINUTES_EAST: i32 = 8 * 60;

pub(super) fn signature(person: &Person, at: i64) -> Result<Signature<'static>, Error> {
    let name = if person.name.is_empty() { "-" } else { &person.name };
    Ok(Signature::new(
        name,
        &person.address,
        &Time::new(at, MINUTES_EAST),
    )?)
}

pub(super) fn commit_at<'r>(repository: &'r Repository, name: &str) -> Result<Option<Commit<'r>>, Error> {
    match repository.find_reference(name) {
        Ok(reference) => Ok(Some(reference.peel_to_commit()?)),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn main_of(repository: &Repository) -> Result<Commit<'_>, Error> {
    commit_at(repository, MAIN)?.ok_or_else(|| Error::Failed("the branch main has gone".to_owned()))
}

//! Changes of published entries that the office makes by itself: takedowns, recommendations. All of it is harmless when
//! repeated.

use std::sync::Arc;

use super::blocking::blocking;
use super::{Error, Kind, currency};
use crate::app::App;
use crate::clock;
use crate::domain::merge::Fields;
use crate::forge::{self, Merge, Person, Proposal, Status};
use crate::portal::{Document, chapters};

/// A change of a published entry.
pub(super) struct Amendment<'a> {
    /// The entry's kind.
    pub kind: &'a str,
    /// Its file.
    pub path: &'a str,
    /// The proposal's name, the same whenever it is tried.
    pub branch: String,
    /// What was done, as git names it.
    pub title: String,
    /// Who did it.
    pub by: Person,
    /// When, seconds since 1970.
    pub at: i64,
    /// Who had which part in it.
    pub trailers: Vec<(&'static str, String)>,
}

/// Brings the published branch to what the change makes of the entry, and the portal after it.
///
/// # Errors
/// When the repository does not do its part; it is tried again.
pub(super) async fn amend(
    app: &Arc<App>,
    amendment: Amendment<'_>,
    change: impl FnOnce(&mut Fields),
) -> Result<(), Error> {
    let branch = amendment.branch.clone();
    let (forge, name) = (Arc::clone(&app.forge), branch.clone());
    let status = blocking(move || forge.status(&name))
        .await?
        .map_err(Error::internal)?;
    let commit = match status {
        Status::Merged(commit) => Some(commit),
        Status::Merging => return Err(Error::internal(forge::Error::UnderWay)),
        _ => write(app, amendment, change).await?,
    };
    let forge = Arc::clone(&app.forge);
    blocking(move || forge.close(&branch))
        .await?
        .map_err(Error::internal)?;
    if let Some(commit) = commit {
        currency::ask(app, &format!("commit-{commit}"), clock::now()).await?;
    }
    Ok(())
}

/// Proposes and merges the entry as it is to be. Returns `None` if it is so already, or has gone.
async fn write(
    app: &Arc<App>,
    amendment: Amendment<'_>,
    change: impl FnOnce(&mut Fields),
) -> Result<Option<String>, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(amendment.kind).ok_or(Kind::NotFound)?;
    let repository = Arc::clone(&app.repository);
    let base = blocking(move || repository.published())
        .await?
        .map_err(Error::internal)?;
    let (shared, path, declared) = (Arc::clone(app), amendment.path.to_owned(), Arc::clone(kind));
    let read = blocking(move || shared.portal.published(&declared, &path)).await?;
    let Some(published) = read.map_err(Error::internal)? else {
        return Ok(None);
    };
    let mut content = published.clone();
    change(&mut content);
    if content == published {
        return Ok(None);
    }
    let document = Document::whole(snapshot.schema(), amendment.path, kind, &content, &published);
    let proposal = Proposal {
        id: amendment.branch.clone(),
        title: amendment.title.clone(),
        author: amendment.by.clone(),
        at: amendment.at,
        base: Some(base),
        files: chapters::files(document),
    };
    let merge = Merge {
        id: amendment.branch,
        title: amendment.title,
        trailers: amendment.trailers,
        reviewer: amendment.by,
        at: amendment.at,
    };
    let forge = Arc::clone(&app.forge);
    let merged = blocking(move || {
        forge.open(&proposal)?;
        forge.merge(&merge)
    });
    merged.await?.map(Some).map_err(Error::internal)
}

/// An account as git names it.
pub(super) async fn who(app: &App, account: &str) -> Result<Person, Error> {
    let found = app.store.account(account).await?;
    let name = found.map_or_else(|| account.to_owned(), |account| account.name);
    Ok(Person::of_account(account, &name))
}

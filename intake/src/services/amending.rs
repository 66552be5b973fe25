//! What the office writes to the published branch by itself: takedowns, recommendations, settings. All of it is harmless
//! when repeated.

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

/// Has the published branch say what an amendment makes of its entry, and the portal after it.
///
/// # Errors
/// When the repository does not do its part; it is tried again.
pub(super) async fn amend(
    app: &Arc<App>,
    amendment: Amendment<'_>,
    change: impl FnOnce(&mut Fields),
) -> Result<(), Error> {
    let branch = amendment.branch.clone();
    publish(app, &branch, amended(app, amendment, change)).await?;
    Ok(())
}

/// Proposes and merges what is composed, unless an earlier try came so far, and has the portal built. Returns whether there
/// was anything.
///
/// # Errors
/// When the repository does not do its part; it is tried again.
pub(super) async fn publish(
    app: &Arc<App>,
    branch: &str,
    composing: impl Future<Output = Result<Option<(Proposal, Merge)>, Error>>,
) -> Result<bool, Error> {
    let (forge, name) = (Arc::clone(&app.forge), branch.to_owned());
    let status = blocking(move || forge.status(&name))
        .await?
        .map_err(Error::internal)?;
    let commit = match status {
        Status::Merged(commit) => Some(commit),
        Status::Merging => return Err(Error::internal(forge::Error::UnderWay)),
        _ => match composing.await? {
            Some((proposal, merge)) => {
                let forge = Arc::clone(&app.forge);
                let merged = blocking(move || {
                    forge.open(&proposal)?;
                    forge.merge(&merge)
                });
                Some(merged.await?.map_err(Error::internal)?)
            }
            None => None,
        },
    };
    let (forge, name) = (Arc::clone(&app.forge), branch.to_owned());
    blocking(move || forge.close(&name))
        .await?
        .map_err(Error::internal)?;
    if let Some(commit) = &commit {
        currency::ask(app, &format!("commit-{commit}"), clock::now()).await?;
    }
    Ok(commit.is_some())
}

/// The entry as it is to be. Returns `None` if it is so already, or has gone.
async fn amended(
    app: &Arc<App>,
    amendment: Amendment<'_>,
    change: impl FnOnce(&mut Fields),
) -> Result<Option<(Proposal, Merge)>, Error> {
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
    Ok(Some((proposal, merge)))
}

/// An account as git names it.
pub(super) async fn who(app: &App, account: &str) -> Result<Person, Error> {
    let found = app.store.account(account).await?;
    let name = found.map_or_else(|| account.to_owned(), |account| account.name);
    Ok(Person::of_account(account, &name))
}

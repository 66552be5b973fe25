//! What an approved change of the portal's settings and declarations makes of the published branch. All of it is harmless
//! when repeated.

use std::sync::Arc;

use super::blocking::blocking;
use super::site::published;
use super::{Error, Kind, currency};
use crate::app::App;
use crate::clock;
use crate::domain::audit::Event;
use crate::domain::site::State;
use crate::forge::{self, Merge, Person, Proposal, Status};
use crate::store::SiteChange;

/// Writes an approved change to the published branch, and has the portal built. Harmless when repeated.
///
/// # Errors
/// When the repository does not do its part; it is tried again.
pub async fn carry_out(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let change = app.store.site_change(id).await?.ok_or(Kind::NotFound)?;
    if change.state != State::Approved {
        return Ok(());
    }
    let branch = format!("site-{id}");
    let (forge, name) = (Arc::clone(&app.forge), branch.clone());
    let status = blocking(move || forge.status(&name))
        .await?
        .map_err(Error::internal)?;
    let commit = match status {
        Status::Merged(commit) => Some(commit),
        Status::Merging => return Err(Error::internal(forge::Error::UnderWay)),
        _ => write(app, &change, &branch).await?,
    };
    let forge = Arc::clone(&app.forge);
    blocking(move || forge.close(&branch))
        .await?
        .map_err(Error::internal)?;
    let state = match commit {
        Some(_) => State::Merged,
        None => State::Outdated,
    };
    let mut transaction = app.store.change().await?;
    if transaction.settle_site_change(id, state).await? && state == State::Outdated {
        let event = Event {
            at: clock::now(),
            actor: None,
            action: "site-outdated".to_owned(),
            subject: change.subject(),
            detail: change.file.clone(),
        };
        transaction.record(&event).await?;
    }
    transaction.commit().await?;
    if let Some(commit) = commit {
        currency::ask(app, &format!("commit-{commit}"), clock::now()).await?;
    }
    Ok(())
}

/// Proposes and merges the file. Returns `None` if somebody else changed it after the approval.
async fn write(app: &Arc<App>, change: &SiteChange, branch: &str) -> Result<Option<String>, Error> {
    let repository = Arc::clone(&app.repository);
    let base = blocking(move || repository.published())
        .await?
        .map_err(Error::internal)?;
    let published = published(app, &change.file).await?;
    if published == change.text {
        // An earlier try came so far, and then the server stopped.
        return Ok(Some(base));
    }
    if published != change.base {
        return Ok(None);
    }
    let by = who(app, Some(&change.proposed_by)).await?;
    let reviewer = who(app, change.decided_by.as_deref()).await?;
    let at = change.decided_at.unwrap_or(change.proposed_at) / 1000;
    let word = app.texts.get("site_change.title");
    let title = format!("{word}：{}：{}", change.file, change.reason);
    let written = |person: &Person| format!("{} <{}>", person.name, person.address);
    let proposal = Proposal {
        id: branch.to_owned(),
        title: title.clone(),
        author: by.clone(),
        at: change.proposed_at / 1000,
        base: Some(base),
        files: [(change.file.clone(), Some(change.text.clone().into_bytes()))].into(),
    };
    let merge = Merge {
        id: branch.to_owned(),
        title,
        trailers: vec![
            ("Submitted-by", written(&by)),
            ("Reviewed-by", written(&reviewer)),
            ("Site-Change-Id", change.id.clone()),
        ],
        reviewer,
        at,
    };
    let forge = Arc::clone(&app.forge);
    let merged = blocking(move || {
        forge.open(&proposal)?;
        forge.merge(&merge)
    });
    match merged.await? {
        Ok(commit) => Ok(Some(commit)),
        Err(forge::Error::Conflict) => Ok(None),
        Err(error) => Err(Error::internal(error)),
    }
}

async fn who(app: &App, account: Option<&str>) -> Result<Person, Error> {
    let id = account.unwrap_or("intake");
    let found = app.store.account(id).await?;
    let name = found.map_or_else(|| id.to_owned(), |account| account.name);
    Ok(Person::of_account(id, &name))
}

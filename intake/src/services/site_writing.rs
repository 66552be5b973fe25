//! What an approved change of the portal's settings and declarations makes of the published branch. All of it is harmless
//! when repeated.

use std::sync::Arc;

use super::amending::{publish, who};
use super::blocking::blocking;
use super::site::published;
use super::{Error, Kind};
use crate::app::App;
use crate::clock;
use crate::domain::audit::Event;
use crate::domain::site::State;
use crate::domain::trailers;
use crate::forge::{Merge, Person, Proposal};
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
    let is_there = publish(app, &branch, composed(app, &change, &branch)).await?
        // An earlier try came so far, and then the server stopped.
        || published(app, &change.file).await? == change.text;
    let state = if is_there { State::Merged } else { State::Outdated };
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
    Ok(())
}

/// The file as it is to be. Returns `None` if it is so already, or somebody else changed it after the approval.
async fn composed(
    app: &Arc<App>,
    change: &SiteChange,
    branch: &str,
) -> Result<Option<(Proposal, Merge)>, Error> {
    let repository = Arc::clone(&app.repository);
    let base = blocking(move || repository.published())
        .await?
        .map_err(Error::internal)?;
    if published(app, &change.file).await? != change.base {
        return Ok(None);
    }
    let by = who(app, &change.proposed_by).await?;
    let reviewer = who(app, change.decided_by.as_deref().unwrap_or("intake")).await?;
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
            (trailers::SUBMITTED_BY, written(&by)),
            (trailers::REVIEWED_BY, written(&reviewer)),
            (trailers::SITE_CHANGE, change.id.clone()),
        ],
        reviewer,
        at,
    };
    Ok(Some((proposal, merge)))
}

//! Links that show a submission, as it will look, to somebody without an account. They expire, can be revoked, and end
//! with the submission.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::actor::Actor;
use super::files::Given;
use super::submission::{find_for, must_say};
use super::{Error, Kind, content, files};
use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::submission::{State, Version};
use crate::portal::Document;
use crate::store::{PreviewLink, Submission};
use crate::{clock, ids};

/// Days that a link holds unless its maker chooses otherwise.
pub const DAYS: i64 = 7;
/// Days to choose from.
pub const CHOICES: &[i64] = &[1, DAYS, 30];
/// Links of a submission that are open at once.
const MOST: i64 = 20;
const DAY: i64 = 86_400_000;

/// A link that was just made. Its secret is known to nobody else and shown once.
#[derive(Debug, Clone)]
pub struct Made {
    /// The secret in the link's address.
    pub secret: String,
    /// When it ends, milliseconds since 1970.
    pub expires_at: i64,
    /// What it shows.
    pub title: String,
}

/// Makes a link to the content that the actor saw.
///
/// # Errors
/// [`Kind::Outdated`]; [`Kind::NotNow`] when the submission is over or has too many links.
pub async fn share(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    days: i64,
) -> Result<Made, Error> {
    find_for(app, actor, id, Action::Share).await?;
    let now = clock::now();
    let mut change = app.store.change().await?;
    let submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_say(&submission, expected)?;
    let is_full = change.open_preview_links(id, now).await? >= MOST;
    if !actor.permissions(app, &submission).share || is_full {
        return Err(Kind::NotNow.into());
    }
    let days = if CHOICES.contains(&days) { days } else { DAYS };
    let secret = ids::secret();
    let link = PreviewLink {
        id: ids::name(),
        token: ids::fingerprint(&secret),
        submission: id.to_owned(),
        author: actor.account.id.clone(),
        created_at: now,
        expires_at: now + days * DAY,
        revoked_at: None,
    };
    change.add_preview_link(&link).await?;
    change
        .record(&actor.event("share", &submission.subject(), &link.id))
        .await?;
    change.commit().await?;
    Ok(Made {
        secret,
        expires_at: link.expires_at,
        title: submission.title,
    })
}

/// Ends a link. Whatever the submission has become meanwhile, that can be done.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`].
pub async fn revoke(app: &App, actor: &Actor, id: &str, link: &str) -> Result<(), Error> {
    let submission = find_for(app, actor, id, Action::Share).await?;
    let mut change = app.store.change().await?;
    change.revoke_preview_link(link, id, clock::now()).await?;
    change
        .record(&actor.event("unshare", &submission.subject(), link))
        .await?;
    change.commit().await?;
    Ok(())
}

/// The submission that an open link shows.
async fn linked(app: &App, secret: &str) -> Result<(PreviewLink, Submission), Error> {
    let link = app.store.preview_link(&ids::fingerprint(secret)).await?;
    let link = link.filter(|link| link.is_open(clock::now()));
    let link = link.ok_or(Kind::NotFound)?;
    let submission = app.store.submission(&link.submission).await?;
    let submission = submission.filter(|submission| !submission.state.is_over());
    Ok((link, submission.ok_or(Kind::NotFound)?))
}

/// What a link shows: the submission as it is now, with the checksums of its files; to the guests of a reviewer, what was
/// handed in, not what the author is typing.
///
/// # Errors
/// [`Kind::NotFound`] when the link or the submission is over.
pub async fn shown(app: &Arc<App>, secret: &str) -> Result<(Document, BTreeSet<String>), Error> {
    let (link, submission) = linked(app, secret).await?;
    let checksums = files::checksums(app, &submission.id).await?;
    if submission.state == State::Returned && link.author != submission.owner {
        let editions = app.store.editions(&submission.id).await?;
        let edition = editions.first().ok_or(Kind::NotFound)?;
        let files = app.store.uploads(&submission.id).await?;
        let (_, document) = content::of_edition(&app.portal.snapshot(), &submission, edition, &files)?;
        return Ok((document, checksums));
    }
    let proposed = content::proposed(app, &submission).await?;
    Ok((proposed.document, checksums))
}

/// A file of what a link shows.
///
/// # Errors
/// [`Kind::NotFound`] when the link or the submission is over or has no such file; [`Kind::Invalid`] when the scanner did not
/// let it pass.
pub async fn file(app: &App, secret: &str, sha256: &str) -> Result<Given, Error> {
    let (_, submission) = linked(app, secret).await?;
    files::of_submission(app, &submission.id, sha256).await
}

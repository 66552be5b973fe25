//! Bytes that nothing refers to any more go, a day after nothing did. What refers to bytes: files of submissions, and what was
//! taken from one within the day; texts of submissions that are open; files of every commit that the repository has.
//!
//! Beside uploads that run this is safe: bytes that come again count as new in the store before they are written down as in
//! use, and what is new is not removed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::Error;
use super::blocking::blocking;
use crate::app::{App, Upkeep};
use crate::clock;
use crate::domain::checksums::named;

/// How long bytes stay that nothing refers to.
const GRACE: Duration = Duration::from_secs(86_400);
/// Submissions whose texts are looked at together.
const TOGETHER: i64 = 50;
const DAY: i64 = 86_400_000;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// Files of the store.
    pub files: usize,
    /// Half files that nobody sends any more.
    pub stages: usize,
}

/// Forgets uploads that were not finished, and files of submissions that were withdrawn long ago.
///
/// # Errors
/// When the database does not answer or the disk fails.
pub async fn forget(app: &App) -> Result<(), Error> {
    let (now, limits) = (clock::now(), &app.config.limits);
    for upload in app
        .store
        .stale_uploads(now - i64::from(limits.unfinished_days) * DAY)
        .await?
    {
        let mut change = app.store.change().await?;
        change.remove_upload(&upload.id).await?;
        change.commit().await?;
        app.stages.forget(&upload.id);
        app.blobs.discard(&upload.id)?;
    }
    for upload in app
        .store
        .withdrawn_uploads(now - i64::from(limits.withdrawn_days) * DAY)
        .await?
    {
        let mut change = app.store.change().await?;
        change.take_away(&upload, now).await?;
        change.commit().await?;
    }
    Ok(())
}

/// Removes what nothing has referred to for a day. Does nothing while a backup is written.
///
/// # Errors
/// When the database or the repository does not answer or the disk fails; what was not removed is at the next time.
pub async fn collect(app: &Arc<App>) -> Result<Collected, Error> {
    let data = app.config.data.clone();
    let Some(_upkeep) = blocking(move || Upkeep::begin(&data)).await?? else {
        return Ok(Collected::default());
    };
    let before = SystemTime::from(clock::instant()) - GRACE;
    let stages = stages(app, before).await?;
    if !is_own(app).await? {
        return Ok(Collected { files: 0, stages });
    }
    let blobs = app.blobs.clone();
    let old: BTreeSet<String> = blocking(move || blobs.older_than(before))
        .await??
        .into_iter()
        .collect();
    let unused = unused(app, old, clock::now() - DAY).await?;
    let mut files = 0;
    for sha256 in unused {
        let mut change = app.store.change().await?;
        if !change.forget_bytes(&sha256).await? {
            continue;
        }
        change.commit().await?;
        let blobs = app.blobs.clone();
        files += usize::from(blocking(move || blobs.remove(&sha256, before)).await??);
    }
    Ok(Collected { files, stages })
}

/// Whether the store belongs to the server, not to what is published: a site may keep attachments within the repository.
async fn is_own(app: &Arc<App>) -> Result<bool, Error> {
    let (store, site) = (app.portal.blobs(), app.portal.root().to_path_buf());
    let is_own =
        blocking(move || Ok::<_, std::io::Error>(!store.canonicalize()?.starts_with(site.canonicalize()?)));
    Ok(is_own.await??)
}

/// Removes stages of uploads that are not coming any more.
async fn stages(app: &Arc<App>, before: SystemTime) -> Result<usize, Error> {
    let blobs = app.blobs.clone();
    let mut removed = 0;
    for upload in blocking(move || blobs.stages_older_than(before)).await?? {
        if !app.store.is_coming(&upload).await? {
            app.blobs.discard(&upload)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Those of some bytes that nothing refers to; what was removed since a moment counts as if it were there. What asking costs
/// more comes later, and only for what is left.
///
/// # Errors
/// When the database or the repository does not answer.
pub async fn unused(
    app: &Arc<App>,
    mut old: BTreeSet<String>,
    since: i64,
) -> Result<BTreeSet<String>, Error> {
    let in_use = app.store.checksums_in_use(since).await?;
    let mut kept: BTreeSet<String> = old.intersection(&in_use).cloned().collect();
    kept.extend(app.portal.snapshot().checksums());
    old.retain(|sha256| !kept.contains(sha256));
    let mut after = String::new();
    while !old.is_empty() {
        let texts = app.store.texts_of_open(&after, TOGETHER).await?;
        let Some((last, _)) = texts.last() else { break };
        after.clone_from(last);
        for text in texts.iter().flat_map(|(_, texts)| texts) {
            named(text.as_bytes(), &old, &mut kept);
        }
    }
    old.retain(|sha256| !kept.contains(sha256));
    if !old.is_empty() {
        let (repository, wanted) = (Arc::clone(&app.repository), old.clone());
        let published = blocking(move || repository.naming(&wanted))
            .await?
            .map_err(Error::internal)?;
        old.retain(|sha256| !published.contains(sha256));
        kept.extend(published);
    }
    for sha256 in app.store.removed_before(since).await?.intersection(&kept) {
        let mut change = app.store.change().await?;
        change.forget_removal(sha256, since).await?;
        change.commit().await?;
    }
    Ok(old)
}

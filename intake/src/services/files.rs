//! The files of a submission: they come and go only while it is open to its author, so that nothing is decided on whose
//! files change. And the only way by which their bytes are given out.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::actor::Actor;
use super::condition;
use super::drafts::editable_in;
use super::inspection;
use super::submission::find_for;
use super::{Error, Kind};
use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::quota::{self, Most};
use crate::files::inspect::Facts;
use crate::store::{Change, Inspection, Submission, Upload};
use crate::{clock, ids};

/// A file whose bytes are all there and kept.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    /// The checksum of its bytes.
    pub sha256: &'a str,
    /// What was found in it at once, and whether that is all there is to find.
    pub facts: Option<&'a (Facts, bool)>,
}

/// A file that is about to come.
pub fn announced(actor: &Actor, submission: &Submission, name: &str, size: u64) -> Upload {
    let media_type = jixia::media::media_type(name).unwrap_or("application/octet-stream");
    Upload {
        id: ids::name(),
        submission: submission.id.clone(),
        owner: actor.account.id.clone(),
        name: name.to_owned(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        media_type: media_type.to_owned(),
        sha256: None,
        created_at: clock::now(),
        poster: None,
    }
}

/// Adds a file that is about to come, and counts its bytes from now on. The inner error is the key of a text: it would be too
/// much. However many come at once, each is counted with those before it.
///
/// # Errors
/// [`Kind::NotNow`] when the submission is not open to the actor any more.
pub async fn add(app: &App, actor: &Actor, upload: &Upload) -> Result<Result<(), &'static str>, Error> {
    let mut change = app.store.change().await?;
    let submission = editable_in(app, &mut change, actor, &upload.submission).await?;
    let size = upload.size.unsigned_abs();
    if let Some(key) = too_much(app, &mut change, &submission, &actor.account.id, size).await? {
        return Ok(Err(key));
    }
    change.add_upload(upload).await?;
    change.commit().await?;
    Ok(Ok(()))
}

/// Why one more file would be too much as things are; the key of a text. Asked before bytes are taken that would be in vain.
///
/// # Errors
/// [`Kind::NotNow`] when the submission is not open to the actor any more.
pub async fn refusal(app: &App, actor: &Actor, submission: &str) -> Result<Option<&'static str>, Error> {
    let mut change = app.store.change().await?;
    let submission = editable_in(app, &mut change, actor, submission).await?;
    too_much(app, &mut change, &submission, &actor.account.id, 0).await
}

/// Why a file of a size is too much for a submission as things are within a change; the key of a text.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn too_much(
    app: &App,
    change: &mut Change<'_>,
    submission: &Submission,
    owner: &str,
    size: u64,
) -> Result<Option<&'static str>, Error> {
    const MB: u64 = 1_000_000;
    let limits = &app.config.limits;
    let mut held = change.held(&submission.id, owner, &submission.unit).await?;
    held.room = condition::free(app);
    let most = Most {
        files: limits.files as u64,
        of_submission: app
            .portal
            .snapshot()
            .config()
            .store
            .max_entry_mb
            .saturating_mul(MB),
        of_account: limits.quota_mb.saturating_mul(MB),
        of_unit: limits.unit_quota_mb.saturating_mul(MB),
        left_alone: limits.free_mb.saturating_mul(MB),
    };
    Ok(quota::refusal(&held, size, &most))
}

/// Notes what became of a file whose bytes are all there; the inner error is the key of the text that says why it was not
/// taken.
///
/// # Errors
/// [`Kind::NotNow`] when the submission is not open to the actor any more.
pub async fn complete(
    app: &App,
    actor: &Actor,
    upload: &Upload,
    kept: Result<Arrived<'_>, &str>,
) -> Result<(), Error> {
    let mut change = app.store.change().await?;
    let submission = editable_in(app, &mut change, actor, &upload.submission).await?;
    let (word, detail) = match kept {
        Ok(arrived) => {
            change.complete_upload(upload, arrived.sha256).await?;
            note(app, &mut change, upload, arrived).await?;
            ("file", format!("{} {}", upload.name, arrived.sha256))
        }
        Err(key) => {
            change.remove_upload(&upload.id).await?;
            ("file-refused", format!("{} {key}", upload.name))
        }
    };
    change
        .record(&actor.event(word, &submission.subject(), &detail))
        .await?;
    change.commit().await?;
    app.bells.files.notify_one();
    Ok(())
}

/// Keeps what was found in a file at once, and asks for the rest.
async fn note(
    app: &App,
    change: &mut Change<'_>,
    upload: &Upload,
    Arrived { sha256, facts }: Arrived<'_>,
) -> Result<(), Error> {
    if let Some((facts, is_whole)) = facts {
        let edition = inspection::edition(app);
        let found = Inspection::new(sha256, &upload.media_type, &edition, facts, *is_whole);
        change.put_inspection(&found).await?;
    }
    let is_whole = facts.is_some_and(|(_, is_whole)| *is_whole);
    inspection::ask(app, change, (&upload.id, sha256), is_whole).await?;
    Ok(())
}

/// Takes a file from a submission. Its bytes stay in the store while anything may refer to them, and for a day
/// (`services/collecting.rs`); so long they count.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::NotNow`] when the submission is not open to the actor any more.
pub async fn remove(app: &App, actor: &Actor, submission: &str, id: &str) -> Result<(), Error> {
    let upload = app.store.upload(id).await?;
    let upload = upload.filter(|upload| upload.submission == submission);
    let upload = upload.ok_or(Kind::NotFound)?;
    let mut change = app.store.change().await?;
    let submission = editable_in(app, &mut change, actor, submission).await?;
    change.take_away(id, clock::now()).await?;
    change
        .record(&actor.event("file-removed", &submission.subject(), &upload.name))
        .await?;
    change.commit().await?;
    app.stages.forget(id);
    if !upload.is_whole() {
        app.blobs.discard(id)?;
    }
    Ok(())
}

/// Which bytes of a file are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its own.
    Whole,
    /// The still image that was taken of a video.
    Poster,
}

/// Bytes of the store that may be given out.
#[derive(Debug, Clone)]
pub struct Given {
    /// Where they lie.
    pub path: PathBuf,
    /// What the file's name says they are; never what a client said.
    pub media_type: &'static str,
    /// What the file is called.
    pub name: String,
}

/// Media type of the still images of videos.
const POSTER: &str = "image/png";

/// The bytes of a file, for somebody who may see its submission: every way out of the store leads through here. With a virus
/// scanner they are given out once it has looked and found nothing.
async fn give(app: &App, upload: &Upload, part: Part) -> Result<Given, Error> {
    let sha256 = upload.sha256.as_deref().ok_or(Kind::NotFound)?;
    let is_clean = match app.store.scan(sha256).await? {
        Some(scan) => scan.virus.is_none(),
        None => app.config.files.clamav.is_empty(),
    };
    if !is_clean {
        return Err(Error::invalid("wrong.not-clean"));
    }
    let (blob, media_type) = match part {
        Part::Whole => (sha256.to_owned(), jixia::media::media_type(&upload.name)),
        Part::Poster => {
            let known = app.store.inspection(sha256, &upload.media_type).await?;
            let poster = known.and_then(|known| known.poster).ok_or(Kind::NotFound)?;
            (poster, Some(POSTER))
        }
    };
    Ok(Given {
        path: app.blobs.path(&blob).ok_or(Kind::NotFound)?,
        media_type: media_type.unwrap_or("application/octet-stream"),
        name: upload.name.clone(),
    })
}

/// A file of an id, for those who may see its submission.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::Invalid`] when the scanner did not let it pass.
pub async fn of_id(app: &App, actor: &Actor, id: &str, part: Part) -> Result<Given, Error> {
    let upload = app.store.upload(id).await?.ok_or(Kind::NotFound)?;
    find_for(app, actor, &upload.submission, Action::Read).await?;
    give(app, &upload, part).await
}

/// The bytes with a checksum, if they belong to some submission that the actor may see: previews name files by the address
/// that they will have when published.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::Invalid`] when the scanner did not let them pass.
pub async fn of_blob(app: &App, actor: &Actor, sha256: &str) -> Result<Given, Error> {
    let files = app.store.uploads_of_blob(sha256).await?.into_iter();
    let videos = app.store.uploads_of_poster(sha256).await?.into_iter();
    let parts = files
        .map(|file| (file, Part::Whole))
        .chain(videos.map(|video| (video, Part::Poster)));
    for (upload, part) in parts {
        let submission = app.store.submission(&upload.submission).await?;
        if submission.is_some_and(|submission| actor.may(app, Action::Read, &submission)) {
            return give(app, &upload, part).await;
        }
    }
    Err(Kind::NotFound.into())
}

/// The bytes with a checksum among the files of a submission and their still images.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::Invalid`] when the scanner did not let them pass.
pub async fn of_submission(app: &App, submission: &str, sha256: &str) -> Result<Given, Error> {
    let uploads = app.store.uploads(submission).await?;
    let is_it = |known: &Option<String>| known.as_deref() == Some(sha256);
    if let Some(upload) = uploads.iter().find(|upload| is_it(&upload.sha256)) {
        return give(app, upload, Part::Whole).await;
    }
    let video = uploads.iter().find(|upload| is_it(&upload.poster));
    give(app, video.ok_or(Kind::NotFound)?, Part::Poster).await
}

/// The checksums of the files of a submission and of their still images.
///
/// # Errors
/// When the database does not answer.
pub async fn checksums(app: &App, submission: &str) -> Result<BTreeSet<String>, Error> {
    let uploads = app.store.uploads(submission).await?.into_iter();
    Ok(uploads
        .flat_map(|upload| [upload.sha256, upload.poster])
        .flatten()
        .collect())
}

//! The files of a submission: they come and go only while it is open to its author, so that nothing is decided on whose
//! files change.

use super::Error;
use super::actor::Actor;
use super::drafts::editable_in;
use super::inspection;
use crate::app::App;
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
        sha256: String::new(),
        created_at: clock::now(),
    }
}

/// Adds a file that is about to come.
///
/// # Errors
/// [`super::Kind::NotNow`] when the submission is not open to the actor any more.
pub async fn add(app: &App, actor: &Actor, upload: &Upload) -> Result<(), Error> {
    let mut change = app.store.change().await?;
    editable_in(app, &mut change, actor, &upload.submission).await?;
    change.add_upload(upload).await?;
    change.commit().await?;
    Ok(())
}

/// Notes what became of a file whose bytes are all there; the inner error is the key of the text that says why it was not
/// taken.
///
/// # Errors
/// [`super::Kind::NotNow`] when the submission is not open to the actor any more.
pub async fn complete(
    app: &App,
    actor: &Actor,
    upload: &Upload,
    kept: Result<Arrived<'_>, &str>,
) -> Result<(), Error> {
    let mut change = app.store.change().await?;
    let submission = editable_in(app, &mut change, actor, &upload.submission).await?;
    let (word, detail) = match kept {
        Ok(Arrived { sha256, facts }) => {
            change.complete_upload(&upload.id, sha256).await?;
            let whole = Upload {
                sha256: sha256.to_owned(),
                ..upload.clone()
            };
            note(app, &mut change, &whole, facts).await?;
            ("file", format!("{} {sha256}", upload.name))
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
    facts: Option<&(Facts, bool)>,
) -> Result<(), Error> {
    if let Some((facts, is_whole)) = facts {
        let edition = inspection::edition(app);
        let found = Inspection::new(&upload.sha256, &upload.media_type, &edition, facts, *is_whole);
        change.put_inspection(&found).await?;
    }
    let is_whole = facts.is_some_and(|(_, is_whole)| *is_whole);
    inspection::ask(app, change, upload, is_whole).await?;
    Ok(())
}

/// Takes a file from a submission. Its bytes stay in the store while anything may refer to them.
///
/// # Errors
/// [`super::Kind::NotFound`]; [`super::Kind::NotNow`] when the submission is not open to the actor any more.
pub async fn remove(app: &App, actor: &Actor, submission: &str, id: &str) -> Result<(), Error> {
    let upload = app.store.upload(id).await?;
    let upload = upload.filter(|upload| upload.submission == submission);
    let upload = upload.ok_or(super::Kind::NotFound)?;
    let mut change = app.store.change().await?;
    let submission = editable_in(app, &mut change, actor, submission).await?;
    change.remove_upload(id).await?;
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

//! Files that come: whether they are taken, what they really are, and where they are kept.

use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

use jixia::media;
use jixia::office::archive::{self, Archive, Refused};
use jixia::stop::Stop;

use super::actor::Actor;
use super::blocking::looking;
use super::files::{self, Arrived};
use super::{Error, Kind, inspection};
use crate::app::App;
use crate::domain::file_types;
use crate::files::Stage;
use crate::store::{Submission, Upload};

/// Why a file cannot be taken whatever else there is, before its bytes are known; the key of a text.
pub fn refusal(app: &App, name: &str, size: u64) -> Option<&'static str> {
    let is_large = size > app.config.limits.file_mb * 1_000_000;
    file_types::refusal(name).or(is_large.then_some("file.large"))
}

/// Looks into a whole stage; the key of a text says why it is not what its name says, or not to be published.
fn look(app: &App, upload: &Upload, stop: &Stop) -> std::io::Result<Option<&'static str>> {
    let head = app.blobs.head(&upload.id, media::HEAD)?;
    if head.is_empty() {
        return Ok(Some("file.empty"));
    }
    if let Some(actual) = media::contradiction(&upload.name, &head) {
        return Ok(Some(file_types::really(actual)));
    }
    if head.starts_with(b"PK") {
        let file = File::open(app.blobs.staged_path(&upload.id))?;
        let size = file.metadata()?.len();
        let opened = Archive::open(BufReader::new(file), archive::UNPACKED);
        let judged = opened.and_then(|mut archive| archive.judge(size, stop));
        return Ok(judged.err().map(Refused::text));
    }
    let is_text = upload.media_type.starts_with("text/");
    Ok((is_text && head.contains(&0)).then_some("file.contents"))
}

/// Keeps a stage whose bytes are all there. The inner error is the key of a text; the file is gone then.
pub async fn finish(
    app: &Arc<App>,
    actor: &Actor,
    upload: &Upload,
    stage: Stage,
) -> Result<Result<String, &'static str>, Error> {
    let (shared, looked_at) = (Arc::clone(app), upload.clone());
    let kept = looking(app, move |stop| match look(&shared, &looked_at, stop)? {
        Some(key) => Ok::<_, std::io::Error>(Err(key)),
        None => {
            let staged = shared.blobs.staged_path(&looked_at.id);
            let facts = inspection::look(&shared, &looked_at, &staged, stop);
            Ok(Ok((shared.blobs.keep(&looked_at.id, stage)?, facts)))
        }
    });
    let kept = kept.await??;
    let noted = match &kept {
        Ok((sha256, facts)) => Ok(Arrived {
            sha256,
            facts: facts.as_ref(),
        }),
        Err(key) => Err(*key),
    };
    files::complete(app, actor, upload, noted).await?;
    app.blobs.discard(&upload.id)?;
    Ok(kept.map(|(sha256, _)| sha256))
}

/// A file of a form, and why it was not taken: the key of a text.
pub type RefusedFile = (String, &'static str);

/// Takes a file whose bytes are all known. The inner error is the key of a text.
pub async fn receive_bytes(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Result<(), &'static str>, Error> {
    let size = bytes.len() as u64;
    let refused = match refusal(app, name, size) {
        Some(key) => Some(key),
        None => files::refusal(app, actor, &submission.id).await?,
    };
    if let Some(key) = refused {
        return Ok(Err(key));
    }
    let upload = files::announced(actor, submission, name, size);
    let mut stage = app.blobs.stage(&upload.id)?;
    let stage = tokio::task::spawn_blocking(move || stage.add(&bytes).map(|()| stage)).await??;
    take(app, actor, upload, stage).await
}

/// Counts a staged file and keeps it.
pub async fn take(
    app: &Arc<App>,
    actor: &Actor,
    upload: Upload,
    stage: Stage,
) -> Result<Result<(), &'static str>, Error> {
    if let Err(key) = files::add(app, actor, &upload).await? {
        app.blobs.discard(&upload.id)?;
        return Ok(Err(key));
    }
    match finish(app, actor, &upload, stage).await {
        // Nothing goes on with it later: the form is sent again.
        Err(refused) if refused.kind == Kind::Busy => {
            files::complete(app, actor, &upload, Err(refused.key)).await?;
            app.blobs.discard(&upload.id)?;
            Ok(Err(refused.key))
        }
        finished => Ok(finished?.map(|_| ())),
    }
}

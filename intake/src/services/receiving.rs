//! Files that come: whether they are taken, what they really are, and where they are kept.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;
use std::sync::Arc;

use jixia::media;
use jixia::media::convert::{self, Unconverted};
use jixia::office::archive::{self, Archive};
use jixia::stop::Stop;

use super::actor::Actor;
use super::blocking::looking;
use super::files::{self, Arrived};
use super::{Error, Kind, inspection};
use crate::app::App;
use crate::domain::file_types;
use crate::files::Stage;
use crate::files::inspect::Facts;
use crate::store::{Submission, Upload};
use crate::texts::Texts;

/// Why a file cannot be taken whatever else there is, before its bytes are known; the key of a text.
pub fn refusal(app: &App, name: &str, size: u64) -> Option<&'static str> {
    let is_large = size > app.config.limits.file_mb * 1_000_000;
    file_types::refusal(name).or(is_large.then_some("file.large"))
}

/// Why a file was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The key of a text.
    pub key: &'static str,
    /// What in the file it is about, where the text says `{what}`.
    pub what: String,
}

impl From<&'static str> for Reason {
    fn from(key: &'static str) -> Self {
        let what = String::new();
        Self { key, what }
    }
}

impl Reason {
    /// It in words.
    pub fn words(&self, texts: &Texts) -> String {
        texts.fill(self.key, &[("what", &self.what)])
    }
}

/// Most bytes of a drawing, which is read whole.
const DRAWING: u64 = 10_000_000;

/// Looks into the whole bytes of an upload; says why they are not what its name says, or not to be published.
fn look(upload: &Upload, path: &Path, stop: &Stop) -> std::io::Result<Option<Reason>> {
    let size = std::fs::metadata(path)?.len();
    let mut head = Vec::new();
    File::open(path)?
        .take(media::HEAD as u64)
        .read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(Some("file.empty".into()));
    }
    if let Some(actual) = media::contradiction(&upload.name, &head) {
        return Ok(Some(file_types::really(actual).into()));
    }
    if head.starts_with(b"PK") {
        let opened = Archive::open(BufReader::new(File::open(path)?), archive::UNPACKED);
        let judged = opened.and_then(|mut archive| {
            archive.judge(size, stop)?;
            Ok(media::packed(&upload.name, &archive.names()))
        });
        return Ok(match judged {
            Ok(actual) => actual.map(|actual| file_types::really(actual).into()),
            Err(refused) => Some(refused.text().into()),
        });
    }
    if upload.media_type == "image/svg+xml" {
        return drawing(path, size);
    }
    let is_text = upload.media_type.starts_with("text/");
    Ok((is_text && head.contains(&0)).then(|| "file.contents".into()))
}

/// What keeps a drawing from being published.
fn drawing(path: &Path, size: u64) -> std::io::Result<Option<Reason>> {
    if size > DRAWING {
        return Ok(Some("file.drawing-large".into()));
    }
    let found = media::unsafe_drawing(&std::fs::read(path)?);
    Ok(found.map(|what| Reason {
        key: "file.drawing",
        what,
    }))
}

/// What is kept of a stage: the upload as it then is, the checksum, and what was found in it at once.
type Kept = (Upload, String, Option<(Facts, bool)>);

/// Looks into a whole stage and puts it into the store; a picture that browsers do not show as one that they do.
fn keep(app: &App, mut upload: Upload, stage: Stage, stop: &Stop) -> std::io::Result<Result<Kept, Reason>> {
    let (mut name, mut stage) = (upload.id.clone(), stage);
    if convert::is_convertible(&upload.name) {
        match converted(app, &upload)? {
            Ok((called, bytes)) => {
                // Another stage: of the first one the sender may ask how far it came.
                name = format!("converted-{}", upload.id);
                app.blobs.discard(&name)?;
                stage = app.blobs.stage(&name)?;
                stage.add(&bytes)?;
                upload = upload.renamed(called, bytes.len());
            }
            Err(key) => return Ok(Err(key.into())),
        }
    }
    let path = app.blobs.staged_path(&name);
    let kept = match look(&upload, &path, stop)? {
        Some(reason) => Err(reason),
        None => {
            let facts = inspection::look(app, &upload, &path, stop);
            Ok((upload.clone(), app.blobs.keep(&name, stage)?, facts))
        }
    };
    if name != upload.id {
        app.blobs.discard(&name)?;
    }
    Ok(kept)
}

/// A picture as PNG or JPEG, and what it is then called. The inner error is the key of a text.
fn converted(app: &App, upload: &Upload) -> std::io::Result<Result<(String, Vec<u8>), &'static str>> {
    let path = app.blobs.staged_path(&upload.id);
    if std::fs::metadata(&path)?.len() > convert::LARGEST {
        return Ok(Err("file.bitmap-large"));
    }
    let bytes = std::fs::read(&path)?;
    let made = convert::convert(&upload.name, &bytes).unwrap_or(Err(Unconverted::Damaged));
    Ok(made.map_err(|reason| match reason {
        Unconverted::Damaged => "file.bitmap",
        Unconverted::Large => "file.bitmap-large",
        Unconverted::Pages => "file.bitmap-pages",
    }))
}

/// Keeps a stage whose bytes are all there, and gives the upload as it then is. The inner error says why it is not taken; the
/// file is gone then.
///
/// # Errors
/// [`Kind::NotNow`] when the submission is not open to the actor any more; [`Kind::Busy`].
pub async fn finish(
    app: &Arc<App>,
    actor: &Actor,
    upload: &Upload,
    stage: Stage,
) -> Result<Result<Upload, Reason>, Error> {
    let (shared, looked_at) = (Arc::clone(app), upload.clone());
    let kept = looking(app, move |stop| keep(&shared, looked_at, stage, stop)).await??;
    match kept {
        Ok((upload, sha256, facts)) => {
            let arrived = Arrived {
                sha256: &sha256,
                facts: facts.as_ref(),
            };
            files::complete(app, actor, &upload, Ok(arrived)).await?;
            app.blobs.discard(&upload.id)?;
            Ok(Ok(upload))
        }
        Err(reason) => {
            files::complete(app, actor, upload, Err(reason.key)).await?;
            app.blobs.discard(&upload.id)?;
            Ok(Err(reason))
        }
    }
}

/// A file of a form, and why it was not taken.
pub type RefusedFile = (String, Reason);

/// Takes a file whose bytes are all known. The inner error says why it is not.
pub async fn receive_bytes(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Result<Upload, Reason>, Error> {
    let size = bytes.len() as u64;
    let refused = match refusal(app, name, size) {
        Some(key) => Some(key),
        None => files::refusal(app, actor, &submission.id).await?,
    };
    if let Some(key) = refused {
        return Ok(Err(key.into()));
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
) -> Result<Result<Upload, Reason>, Error> {
    if let Err(key) = files::add(app, actor, &upload).await? {
        app.blobs.discard(&upload.id)?;
        return Ok(Err(key.into()));
    }
    match finish(app, actor, &upload, stage).await {
        // Nothing goes on with it later: the form is sent again.
        Err(refused) if refused.kind == Kind::Busy => {
            files::complete(app, actor, &upload, Err(refused.key)).await?;
            app.blobs.discard(&upload.id)?;
            Ok(Err(refused.key.into()))
        }
        finished => finished,
    }
}

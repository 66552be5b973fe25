//! Files that come with a form.

use std::sync::Arc;

use axum::extract::multipart::Field;
use jixia::media::convert::is_convertible;

use crate::app::App;
use crate::domain::file_name;
use crate::services::receiving::{Reason, RefusedFile, refusal, take};
use crate::services::{Sent, files, word};
use crate::store::{Submission, Upload};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::{self, Form, Incoming};

/// Bytes for people: MB are 10^6.
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        ..=999 => format!("{bytes} B"),
        1000..=999_999 => format!("{:.0} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// The field in which a Word document is sent for the text.
const WORD: &str = "word";

/// A form whose files went to a submission.
pub(crate) struct Received {
    pub(crate) form: Form,
    /// Files that were not taken.
    pub(crate) refused: Vec<RefusedFile>,
    /// Whether a picture was taken as another than it was sent.
    pub(crate) has_converted: bool,
    /// The document that is to become text.
    pub(crate) word: Option<Sent>,
}

/// Reads a form, and gives its files to a submission.
pub(crate) async fn receive_form(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    incoming: Incoming,
) -> Result<Received, Error> {
    let Incoming { mut fields, rest } = incoming;
    let (mut refused, mut document, mut has_converted) = (Vec::new(), None, false);
    if let Some(mut multipart) = rest {
        while let Some(part) = form::next(&mut multipart).await? {
            match part.file_name().map(str::to_owned) {
                None => fields.take(part).await?,
                Some(file) if file.is_empty() => {}
                Some(file) if part.name() == Some(WORD) => match form::sent(part, word::LARGEST).await? {
                    Some(sent) => document = Some(sent),
                    None => refused.push((file, "word.large".into())),
                },
                Some(file) => match receive(app, actor, submission, &file, part).await? {
                    Ok(upload) => has_converted |= is_convertible(&file) && upload.name != file,
                    Err(reason) => refused.push((file, reason)),
                },
            }
        }
    }
    let form = fields.form;
    // The button without a file is told so.
    if document.is_none() && refused.is_empty() && form.get("do") == WORD {
        document = Some(Sent::default());
    }
    Ok(Received {
        form,
        refused,
        has_converted,
        word: document,
    })
}

/// Takes a file out of a form. The inner error says why it is not taken.
async fn receive(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    name: &str,
    mut part: Field<'_>,
) -> Result<Result<Upload, Reason>, Error> {
    let name = file_name::clean(name);
    let refused = match refusal(app, &name, 0) {
        Some(key) => Some(key),
        None => files::refusal(app, actor, &submission.id).await?,
    };
    if let Some(key) = refused {
        return Ok(Err(key.into()));
    }
    let mut upload = files::announced(actor, submission, &name, 0);
    let mut stage = app.blobs.stage(&upload.id)?;
    let most = app.config.limits.file_mb * 1_000_000;
    loop {
        match part.chunk().await {
            Ok(Some(chunk)) if stage.size() + chunk.len() as u64 <= most => {
                stage = tokio::task::spawn_blocking(move || stage.add(&chunk).map(|()| stage)).await??;
            }
            Ok(None) => break,
            other => {
                app.blobs.discard(&upload.id)?;
                return match other {
                    Ok(_) => Ok(Err("file.large".into())),
                    Err(_) => Err(Error::invalid("wrong.form")),
                };
            }
        }
    }
    upload.size = i64::try_from(stage.size()).unwrap_or(i64::MAX);
    Ok(take(app, actor, upload, stage).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        assert_eq!([12, 12_345, 209_715_200].map(size), ["12 B", "12 KB", "209.7 MB"]);
    }
}

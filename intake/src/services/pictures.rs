//! Pictures that stand in the addresses of a body, as editors and browsers paste them: each becomes a file of the draft.

use std::collections::BTreeMap;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use jixia_markdown::DataPicture;
use sha2::{Digest as _, Sha256};

use super::Error;
use super::actor::Actor;
use super::drafts::Edit;
use super::receiving::{RefusedFile, receive_bytes};
use crate::app::App;
use crate::store::{Submission, Upload};

/// Writes the pictures in the body of an edit out as files, and names them in their place. What is not taken stays where it
/// is. A name says what is in the file: a body that is saved again finds its files again.
pub async fn take_out(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    edit: &mut Edit,
) -> Result<Vec<RefusedFile>, Error> {
    let mut refused = Vec::new();
    let Some(body) = edit.body.as_mut().filter(|body| body.contains(";base64,")) else {
        return Ok(refused);
    };
    let facts = jixia_markdown::facts(&*body, &mut |_| {});
    let mut pictures: BTreeMap<String, (&str, Vec<u8>)> = BTreeMap::new();
    for link in facts.links {
        let picture = DataPicture::of_any_length(&link.target);
        if let Some((extension, bytes)) = picture
            .ok()
            .and_then(|picture| Some((picture.extension, picture.bytes()?)))
        {
            pictures.insert(link.target, (extension, bytes));
        }
    }
    // More than a submission may have are not tried: each costs a search through the whole body.
    for (address, (extension, bytes)) in pictures.into_iter().take(app.config.limits.files) {
        match keep(app, actor, submission, extension, bytes).await? {
            Ok(name) => *body = body.replace(&address, &name),
            Err(file) => refused.push(file),
        }
    }
    Ok(refused)
}

/// Keeps a picture as a file of a draft, and gives the file's name, which says what is in it: a picture that is there already
/// is found again.
///
/// # Errors
/// [`super::Kind::NotNow`] when the submission is not open to the actor any more.
pub async fn keep(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    extension: &str,
    bytes: Vec<u8>,
) -> Result<Result<String, RefusedFile>, Error> {
    let sum = HEXLOWER.encode(&Sha256::digest(&bytes)[..4]);
    let name = format!("图片-{sum}.{extension}");
    let known = app.store.uploads(&submission.id).await?;
    let is_known = |upload: &Upload| upload.name == name && upload.is_whole();
    if known.iter().any(is_known) {
        return Ok(Ok(name));
    }
    let received = receive_bytes(app, actor, submission, &name, bytes).await?;
    Ok(received
        .map(|upload| upload.name)
        .map_err(|reason| (name, reason)))
}

//! Resumable uploads: [tus 1.0](https://tus.io/protocols/resumable-upload) with the extensions creation and termination.
//!
//! The truth of how far an upload came is the length of its stage on disk, so any number of lost connections, closed
//! browsers and restarts later the client asks with HEAD and goes on.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::domain::file_name;
use crate::files::Stage;
use crate::files::tus::{bytes, metadata};
use crate::services::receiving::{self, Reason};
use crate::services::{drafts, files};
use crate::store::Upload;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::signed::Signed;

const VERSION: &str = "1.0.0";
/// The header with what a whole file is called now; a picture that was converted has another name than it was sent under.
const NAME: &str = "x-file-name";
/// A connection from which nothing comes for so long is given up; the client resumes.
const SILENCE: Duration = Duration::from_secs(60);

fn tus(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert("tus-resumable", HeaderValue::from_static(VERSION));
    response
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// What this server can do.
pub(crate) async fn options(State(app): State<Arc<App>>) -> Response {
    let most = (app.config.limits.file_mb * 1_000_000).to_string();
    let headers = [
        ("tus-version", VERSION),
        ("tus-extension", "creation,termination"),
        ("tus-max-size", most.as_str()),
    ];
    tus((StatusCode::NO_CONTENT, headers).into_response())
}

/// The answer to the page's script: a status and what to show.
fn refused(app: &App, status: StatusCode, reason: impl Into<Reason>) -> Response {
    tus((status, reason.into().words(&app.texts)).into_response())
}

async fn own_upload(app: &App, actor: &Actor, id: &str) -> Result<Upload, Error> {
    let upload = app.store.upload(id).await?.ok_or_else(Error::not_found)?;
    drafts::editable(app, actor, &upload.submission).await?;
    Ok(upload)
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Signed { actor, form: request }: Signed<Request>,
) -> Result<Response, Error> {
    let headers = request.headers();
    let said = text(headers, "upload-metadata");
    let submission = metadata(said, "submission").ok_or(Error::invalid("wrong.form"))?;
    let submission = drafts::editable(&app, &actor, &submission).await?;
    let name = file_name::clean(&metadata(said, "filename").unwrap_or_default());
    let Some(size) = bytes(text(headers, "upload-length")) else {
        return Ok(refused(&app, StatusCode::BAD_REQUEST, "wrong.form"));
    };
    if let Some(key) = receiving::refusal(&app, &name, size) {
        return Ok(refused(&app, StatusCode::UNPROCESSABLE_ENTITY, key));
    }
    let upload = files::announced(&actor, &submission, &name, size);
    if let Err(key) = files::add(&app, &actor, &upload).await? {
        return Ok(refused(&app, StatusCode::UNPROCESSABLE_ENTITY, key));
    }
    let location = format!("/intake/uploads/{}", upload.id);
    Ok(tus(
        (StatusCode::CREATED, [(header::LOCATION, location)]).into_response()
    ))
}

pub(crate) async fn state(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let upload = own_upload(&app, &actor, &id).await?;
    let mut offset = if upload.is_whole() {
        upload.size.unsigned_abs()
    } else {
        app.blobs.staged(&id)
    };
    if !upload.is_whole() && offset == upload.size.unsigned_abs() {
        offset = finish_late(&app, &actor, &upload).await?;
    }
    let headers = [
        ("upload-offset", offset.to_string()),
        ("upload-length", upload.size.to_string()),
    ];
    Ok(tus((
        StatusCode::OK,
        headers,
        [(header::CACHE_CONTROL, "no-store")],
    )
        .into_response()))
}

/// Every byte came, and then the server was stopped before it had written that down. Gives how far the upload is now.
async fn finish_late(app: &Arc<App>, actor: &Actor, upload: &Upload) -> Result<u64, Error> {
    let (slot, size) = (app.stages.of(&upload.id), upload.size.unsigned_abs());
    let Ok(mut slot) = slot.try_lock() else {
        return Ok(size);
    };
    if app
        .store
        .upload(&upload.id)
        .await?
        .is_none_or(|upload| upload.is_whole())
    {
        return Ok(size);
    }
    let (blobs, id) = (app.blobs.clone(), upload.id.clone());
    let stage = match slot.take() {
        Some(stage) => stage,
        None => tokio::task::spawn_blocking(move || blobs.stage(&id)).await??,
    };
    let finished = receiving::finish(app, actor, upload, stage).await?;
    app.stages.forget(&upload.id);
    finished
        .map(|upload| upload.size.unsigned_abs())
        .map_err(|reason| Error::invalid(reason.key))
}

pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form: request }: Signed<Request>,
) -> Result<Response, Error> {
    let headers = request.headers();
    if text(headers, "content-type") != "application/offset+octet-stream" {
        return Ok(refused(&app, StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong.form"));
    }
    let offset = bytes(text(headers, "upload-offset"));
    let upload = own_upload(&app, &actor, &id).await?;
    let slot = app.stages.of(&id);
    // Another connection may still be writing, one that the client has given up already.
    let Ok(mut slot) = slot.try_lock() else {
        return Ok(refused(&app, StatusCode::LOCKED, "file.busy"));
    };
    if upload.is_whole()
        || app
            .store
            .upload(&id)
            .await?
            .is_none_or(|upload| upload.is_whole())
    {
        return Ok(refused(&app, StatusCode::CONFLICT, "file.whole"));
    }
    let mut stage = match slot.take() {
        Some(stage) => stage,
        None => {
            let (blobs, id) = (app.blobs.clone(), id.clone());
            tokio::task::spawn_blocking(move || blobs.stage(&id)).await??
        }
    };
    if offset != Some(stage.size()) {
        *slot = Some(stage);
        return Ok(refused(&app, StatusCode::CONFLICT, "file.offset"));
    }
    let size = upload.size.unsigned_abs();
    let (received, result) = receive(stage, size, request.into_body()).await?;
    stage = received;
    let reached = stage.size();
    if let Err(key) = result {
        *slot = Some(stage);
        return Ok(refused(&app, StatusCode::BAD_REQUEST, key));
    }
    let mut name = String::new();
    if reached < size {
        *slot = Some(stage);
    } else {
        let kept = receiving::finish(&app, &actor, &upload, stage).await?;
        app.stages.forget(&id);
        match kept {
            Ok(kept) => name = form_urlencoded::byte_serialize(kept.name.as_bytes()).collect(),
            Err(reason) => return Ok(refused(&app, StatusCode::UNPROCESSABLE_ENTITY, reason)),
        }
    }
    let headers = [("upload-offset", reached.to_string()), (NAME, name)];
    Ok(tus((StatusCode::NO_CONTENT, headers).into_response()))
}

/// Writes what comes, as far as it comes. What was written is on disk when this returns.
async fn receive(
    mut stage: Stage,
    size: u64,
    body: Body,
) -> Result<(Stage, Result<(), &'static str>), Error> {
    use http_body_util::BodyExt as _;
    let mut body = body;
    let mut result = Ok(());
    loop {
        let frame = match tokio::time::timeout(SILENCE, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(None) => break,
            // The connection broke or fell silent: what came before counts.
            Ok(Some(Err(_))) | Err(_) => {
                result = Err("file.broken");
                break;
            }
        };
        let Ok(data) = frame.into_data() else { continue };
        if stage.size() + data.len() as u64 > size {
            result = Err("file.longer");
            break;
        }
        stage = tokio::task::spawn_blocking(move || stage.add(&data).map(|()| stage)).await??;
    }
    let stage = tokio::task::spawn_blocking(move || stage.sync().map(|()| stage)).await??;
    Ok((stage, result))
}

pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, .. }: Signed<Request>,
) -> Result<Response, Error> {
    let upload = own_upload(&app, &actor, &id).await?;
    files::remove(&app, &actor, &upload.submission, &id).await?;
    Ok(tus(StatusCode::NO_CONTENT.into_response()))
}

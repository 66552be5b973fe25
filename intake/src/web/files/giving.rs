//! Files that are given out to those who may see them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use crate::app::App;
use crate::services::files::{self, Given, Part};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::guard::FILE_POLICY;

/// The answer that a file is: the part that was asked for, as what it is, unable to do anything in the origin of the
/// session.
pub(crate) async fn answer(given: Given, request: Request) -> Result<Response, Error> {
    let answer = ServeFile::new(given.path).oneshot(request).await?;
    let mut answer = answer.map(Body::new);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(given.media_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY));
    // Whoever uses the browser next may be somebody else.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    let encoded: String = form_urlencoded::byte_serialize(given.name.as_bytes()).collect();
    let disposition = format!("inline; filename*=UTF-8''{}", encoded.replace('+', "%20"));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(answer.into_response())
}

/// A file of a submission, for those who may see the submission.
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Error> {
    let given = files::of_id(&app, &actor, &id, Part::Whole).await?;
    answer(given, request).await
}

/// The still image of a video, for those who may see the submission.
pub(crate) async fn poster(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Error> {
    let given = files::of_id(&app, &actor, &id, Part::Poster).await?;
    answer(given, request).await
}

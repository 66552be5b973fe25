//! The portal's files, and files of submissions at the address that they will have when published.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use crate::app::App;
use crate::domain::policy::Action;
use crate::web::actor;
use crate::web::error::Error;
use crate::web::files::uploads::{POSTER, is_clean, serve_file};

/// Everything that is not the intake: the portal's files; and files of submissions at the address that they will have
/// when published, so that previews can play them, for those who may see them.
pub(crate) async fn portal(State(app): State<Arc<App>>, request: Request) -> Result<Response, Error> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    let (headers, path) = (request.headers().clone(), request.uri().path().to_owned());
    let files = ServeDir::new(app.portal.out()).append_index_html_on_directories(true);
    let (parts, _) = request.into_parts();
    let again = |parts: &axum::http::request::Parts| {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = parts.uri.clone();
        *request.headers_mut() = parts.headers.clone();
        request
    };
    let answer = files.oneshot(again(&parts)).await?;
    if answer.status() != StatusCode::NOT_FOUND {
        return Ok(answer.map(Body::new).into_response());
    }
    if let Some(sha256) = path
        .strip_prefix("/files/")
        .and_then(|rest| rest.split('/').nth(1))
        && let Some(actor) = actor::find(&app, &headers).await?
    {
        let files = app.store.uploads_of_blob(sha256).await?;
        let videos = app.store.uploads_of_poster(sha256).await?;
        let files = files.into_iter().map(|file| (file.media_type.clone(), file));
        let videos = videos.into_iter().map(|video| (POSTER.to_owned(), video));
        for (media_type, upload) in files.chain(videos) {
            let submission = app.store.submission(&upload.submission).await?;
            let may_see = submission.is_some_and(|submission| actor.may(&app, Action::Read, &submission));
            let may_see = may_see
                && match &upload.sha256 {
                    Some(sha256) => is_clean(&app, sha256).await?,
                    None => false,
                };
            if let Some(path) = app.blobs.path(sha256).filter(|_| may_see) {
                return serve_file(&path, &media_type, again(&parts)).await;
            }
        }
    }
    let page = tokio::fs::read(app.portal.out().join("404.html"))
        .await
        .unwrap_or_default();
    Ok((
        StatusCode::NOT_FOUND,
        [(CONTENT_TYPE, "text/html; charset=utf-8")],
        page,
    )
        .into_response())
}

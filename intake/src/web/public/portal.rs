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
use crate::services::{Kind, files};
use crate::web::actor;
use crate::web::error::Error;
use crate::web::files::giving;

/// Everything that is not the intake: the portal's files; and files of submissions at the address that they will have
/// when published, so that previews can play them, for those who may see them.
pub(crate) async fn portal(State(app): State<Arc<App>>, request: Request) -> Result<Response, Error> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    let (headers, path) = (request.headers().clone(), request.uri().path().to_owned());
    let published = ServeDir::new(app.portal.out()).append_index_html_on_directories(true);
    let (parts, _) = request.into_parts();
    let again = |parts: &axum::http::request::Parts| {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = parts.uri.clone();
        *request.headers_mut() = parts.headers.clone();
        request
    };
    let answer = published.oneshot(again(&parts)).await?;
    if answer.status() != StatusCode::NOT_FOUND {
        return Ok(answer.map(Body::new).into_response());
    }
    if let Some(sha256) = path
        .strip_prefix("/files/")
        .and_then(|rest| rest.split('/').nth(1))
        && let Some(actor) = actor::admitted(&app, &headers, &path).await?
    {
        match files::of_blob(&app, &actor, sha256).await {
            Ok(given) => return giving::answer(given, again(&parts)).await,
            Err(error) if error.kind == Kind::NotFound => {}
            Err(error) => return Err(error.into()),
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

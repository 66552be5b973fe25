//! What requests are answered with: files of the output, and what open pages follow the portal by.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_RANGE, LAST_MODIFIED, LOCATION, RANGE,
};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use tower_http::services::ServeDir;

use super::reload::Reload;
use crate::output::cache_control;

/// Path of the script that is added to pages.
const SCRIPT_PATH: &str = "/__jixia/reload.js";
/// Path that the script asks; the answer comes when something happened.
const WAIT_PATH: &str = "/__jixia/wait";
/// The script: same origin, no inline code, so the portal's content security policy allows it.
const SCRIPT: &str = include_str!("reload.js");
/// Of what is this server's own, browsers ask anew each time; of the portal's files what every server is told.
const CACHING: &str = "no-cache";
const HTML: &str = "text/html; charset=utf-8";

/// What requests are answered from.
pub(super) struct Site {
    /// The output directory.
    pub(super) out: PathBuf,
    /// The path of the settings' address, below which all pages are.
    pub(super) base_path: RwLock<String>,
    pub(super) reload: Reload,
}

impl Site {
    /// The path below which all pages are, as of the last build.
    pub(super) fn base_path(&self) -> String {
        let base_path = self.base_path.read().unwrap_or_else(PoisonError::into_inner);
        base_path.clone()
    }
}

/// Answers for a site. Nothing can be changed through it: other methods than GET and HEAD are refused.
pub(super) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route(SCRIPT_PATH, get(script))
        .route(WAIT_PATH, get(wait))
        .fallback(get(answer))
        .with_state(site)
}

async fn script() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, CACHING),
    ];
    (headers, SCRIPT)
}

/// The query of a page that waits.
#[derive(Deserialize)]
struct Question {
    /// The last news that the page was told.
    news: Option<u64>,
}

async fn wait(State(site): State<Arc<Site>>, Query(question): Query<Question>) -> Response {
    match site.reload.ask(question.news).await {
        Some(state) => ([(CACHE_CONTROL, CACHING)], Json(state)).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Answers a request for a page or another file of the output.
async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let base_path = site.base_path();
    let path = request.uri().path().to_owned();
    let Some(path_below) = below(&base_path, &path) else {
        return match path.as_str() {
            "/" => redirect(StatusCode::TEMPORARY_REDIRECT, &base_path),
            _ => not_found(&site.out).await,
        };
    };
    if path_below.is_empty() {
        return redirect(StatusCode::PERMANENT_REDIRECT, &base_path);
    }
    match stored(&site.out, path_below, request.headers()).await {
        Some(response) if response.status().is_redirection() && response.headers().contains_key(LOCATION) => {
            redirect(StatusCode::PERMANENT_REDIRECT, &path)
        }
        Some(response) => response,
        None => not_found(&site.out).await,
    }
}

/// The rest of a path below the portal's own.
fn below<'a>(base_path: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(base_path)?;
    let is_below = rest.starts_with('/') || rest.is_empty() && !base_path.is_empty();
    is_below.then_some(rest)
}

/// Sends the browser to a directory of this server.
fn redirect(status: StatusCode, path: &str) -> Response {
    // Two slashes at the beginning would name another server.
    let path = path.trim_matches('/');
    let to = if path.is_empty() {
        "/".to_owned()
    } else {
        format!("/{path}/")
    };
    (status, [(LOCATION, to)]).into_response()
}

async fn not_found(out: &Path) -> Response {
    let body = tokio::fs::read(out.join("404.html")).await;
    page(
        StatusCode::NOT_FOUND,
        CACHING,
        body.unwrap_or_else(|_| b"404".to_vec()),
    )
}

/// A page with the script that follows the portal.
fn page(status: StatusCode, caching: &'static str, mut body: Vec<u8>) -> Response {
    body.extend_from_slice(format!("<script type=\"module\" src=\"{SCRIPT_PATH}\"></script>\n").as_bytes());
    (status, [(CONTENT_TYPE, HTML), (CACHE_CONTROL, caching)], body).into_response()
}

/// Answers with the file of a path, which is relative to the portal's own: whole, a part of it, or only the word that
/// it has not changed. Returns `None` if there is no such file.
async fn stored(out: &Path, path: &str, asked: &HeaderMap) -> Option<Response> {
    // One slash: two would begin the name of another server.
    let uri = Uri::try_from(format!("/{}", path.trim_start_matches('/'))).ok()?;
    let media_type = media_type(path);
    if media_type == HTML {
        // A page is sent whole each time, since the script is added.
        let response = file(out, &uri, HeaderMap::new()).await?;
        if response.status() != StatusCode::OK {
            return Some(response);
        }
        let body = to_bytes(response.into_body(), usize::MAX).await.ok()?;
        return Some(page(StatusCode::OK, cache_control(path), body.into()));
    }
    let mut asked = asked.clone();
    if let Some(known) = asked.remove(IF_RANGE) {
        let current = file(out, &uri, HeaderMap::new()).await?;
        if ![ETAG, LAST_MODIFIED]
            .iter()
            .any(|name| current.headers().get(name) == Some(&known))
        {
            asked.remove(RANGE);
        }
    }
    let mut response = file(out, &uri, asked).await?;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control(path)));
    if headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    Some(response)
}

/// Looks a file up, never outside the output directory. Of a directory it is the page in it, or where that is.
async fn file(out: &Path, uri: &Uri, asked: HeaderMap) -> Option<Response> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri.clone();
    *request.headers_mut() = asked;
    let mut directory = ServeDir::new(out).ignore_multi_range_requests(true);
    let response = directory.try_call(request).await.ok()?;
    (response.status() != StatusCode::NOT_FOUND).then(|| response.map(Body::new))
}

/// The media type of the file that a path names. The generator's own, since hosts are told the same.
fn media_type(path: &str) -> &'static str {
    let path = percent_decode_str(path).decode_utf8_lossy();
    if path.ends_with('/') {
        return HTML;
    }
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => crate::media::media_type(&path).unwrap_or("application/octet-stream"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_may_lie_below_a_path() {
        let cases = [
            ("", "/", Some("/")),
            ("", "/a/", Some("/a/")),
            ("/portal", "/portal", Some("")),
            ("/portal", "/portal/a/", Some("/a/")),
            ("/portal", "/portals/a/", None),
            ("/portal", "/", None),
        ];
        for (base_path, path, expected) in cases {
            assert_eq!(below(base_path, path), expected, "{base_path} {path}");
        }
    }

    #[test]
    fn files_have_the_types_that_hosts_are_told() {
        let cases = [
            ("/a/", HTML),
            ("/404.html", HTML),
            ("/feed.xml", "application/xml; charset=utf-8"),
            ("/assets/site.0a1b2c3d4e.css", "text/css; charset=utf-8"),
            ("/search/index.bin", "application/octet-stream"),
            ("/files/%E8%A7%86%E9%A2%91.mp4", "video/mp4"),
            ("/none", "application/octet-stream"),
        ];
        for (path, expected) in cases {
            assert_eq!(media_type(path), expected, "{path}");
        }
    }
}

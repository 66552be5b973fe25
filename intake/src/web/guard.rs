//! What holds for every request: who may send it from where, how much, how long, and the headers of every answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::templates::Templates;
use crate::web::error::{Error, ErrorPage, page_of};
use crate::web::pages::{Message, Page, message_page};
use crate::web::source::Source;
use crate::web::{hosts, limits};

/// Pages of the intake run no script but their own files, and are shown in no frame but their own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
    connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
/// Files that people sent, and images that could hold scripts, run nothing at all.
pub(crate) const FILE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; frame-ancestors 'self'; sandbox";
/// How long an answer may take to begin; uploads have as long as bytes come.
const LONGEST: Duration = Duration::from_secs(60);

/// What goes around every request has at hand.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) app: Arc<App>,
    pub(crate) templates: Arc<Templates>,
}

/// Goes around every request.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let app = &guard.app;
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let answered = match (
        hosts::elsewhere(&app.config.server, &request),
        check(app, &request),
    ) {
        (Some(elsewhere), _) => elsewhere,
        (None, Ok(())) if takes_files(&path) => next.run(request).await,
        (None, Ok(())) => match tokio::time::timeout(LONGEST, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Error::internal(format!("{method} took too long")).into_response(),
        },
        (None, Err(wrong)) => wrong.into_response(),
    };
    let back = if method == Method::POST {
        page_of(&path)
    } else {
        ""
    };
    let mut response = guard.rendered(answered, back);
    headers(&mut response, &path, app.config.server.https);
    app.count(response.status().as_u16());
    // Addresses of pages hold no personal data; queries may, and stay out of the log.
    tracing::info!(
        %method,
        path = without_secret(&path),
        status = response.status().as_u16(),
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

/// Whether files come to an address, which take as long as their bytes.
fn takes_files(path: &str) -> bool {
    path.starts_with("/intake/uploads/") || path.ends_with("/edit") || path.contains("/chapters/")
}

impl Guard {
    /// Writes the page of an answer, or of the error that it is, into its body.
    fn rendered(&self, answered: Response, back: &str) -> Response {
        let (mut parts, body) = answered.into_parts();
        let page = match parts.extensions.remove::<Arc<ErrorPage>>() {
            Some(error) => {
                let message = Message {
                    back,
                    title: self.app.texts.get("wrong.title"),
                    text: self.app.texts.get(error.key),
                    hints: &error.hints,
                };
                Arc::new(message_page(&self.app, &message))
            }
            None => match parts.extensions.remove::<Arc<Page>>() {
                Some(page) => page,
                None => return Response::from_parts(parts, body),
            },
        };
        let html = page.render(&self.templates).unwrap_or_else(|reason| {
            tracing::error!(reason, "a page cannot be rendered");
            parts.status = StatusCode::INTERNAL_SERVER_ERROR;
            self.app.texts.get("wrong.internal").to_owned()
        });
        let html_type = HeaderValue::from_static("text/html; charset=utf-8");
        parts.headers.insert(header::CONTENT_TYPE, html_type);
        Response::from_parts(parts, Body::from(html))
    }
}

/// An address as it may stand in a log: whoever reads the log must not be able to open what a link opens.
fn without_secret(path: &str) -> &str {
    let secret = ["/intake/open/", "/intake/shared/"];
    let prefix = secret.into_iter().find(|prefix| path.starts_with(prefix));
    prefix.unwrap_or(path)
}

fn check(app: &App, request: &Request) -> Result<(), Error> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if !is_of_this_site(request.headers()) {
        return Err(Error::Stale);
    }
    limits::of_address(app, &Source::of(app, request.headers(), request.extensions()))
}

/// Whether a browser says that a request comes from a page of this site. One that says nothing is no browser that
/// could be misled, or so old that the secret in the form must do.
fn is_of_this_site(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// The headers of every answer: of the intake its own, of the portal what the portal's files say of themselves everywhere.
fn headers(response: &mut Response, path: &str, is_https: bool) {
    let is_intake = path == "/intake" || path.starts_with("/intake/");
    let is_ok = response.status().is_success();
    let headers = response.headers_mut();
    if headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|known| known == "text/html")
    {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, html);
    }
    let mut add = |name: &'static str, value: &'static str| {
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    };
    add("x-content-type-options", "nosniff");
    add("cross-origin-opener-policy", "same-origin");
    add("permissions-policy", "camera=(), microphone=(), geolocation=()");
    if is_https {
        add("strict-transport-security", "max-age=31536000");
    }
    if path.starts_with("/files/") || path.starts_with("/intake/files/") || path.ends_with(".svg") {
        add("content-security-policy", FILE_POLICY);
    }
    if is_intake {
        add("content-security-policy", POLICY);
        add("referrer-policy", "same-origin");
        add("x-frame-options", "SAMEORIGIN");
        add("cache-control", "no-store");
        return;
    }
    if is_ok {
        add("cache-control", jixia::output::cache_control(path));
    }
    for (name, value) in jixia::output::HEADERS {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_links_stay_out_of_the_log() {
        let cases = [
            ("/intake/open/abc", "/intake/open/"),
            ("/intake/shared/abc/files/ab/x.mp4", "/intake/shared/"),
            ("/intake/items/abc", "/intake/items/abc"),
        ];
        for (path, expected) in cases {
            assert_eq!(without_secret(path), expected);
        }
    }

    #[test]
    fn other_sites_cannot_send_forms() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://x"),
                    ("host", "a"),
                ],
                true,
            ),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://a"),
                    ("host", "a"),
                ],
                false,
            ),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "http://a:1"), ("host", "a:1")], true),
            (&[("origin", "http://b"), ("host", "a")], false),
            (&[("origin", "null"), ("host", "a")], false),
            (&[("host", "a")], true),
        ];
        for (pairs, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in *pairs {
                headers.insert(HeaderName::from_static(name), value.parse().unwrap());
            }
            assert_eq!(is_of_this_site(&headers), *expected, "{pairs:?}");
        }
    }
}

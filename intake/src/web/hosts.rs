//! The intake on a host of its own: then no page of the portal, whatever a theme or an entry brought into it, runs where the
//! cookie of the session is sent.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::config::Server;

/// What monitoring asks for, under whatever name.
const ANYWHERE: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// What `Sec-Fetch-Dest` says of what a browser shows as a page, rather than as a part of one.
const PAGES: [&str; 5] = ["document", "iframe", "frame", "embed", "object"];

/// The answer to what was asked of the wrong host. Returns `None` where it is the right one, or both are on one host.
///
/// Previews, on the host of the intake, use styles and images of the portal by their own addresses; those and files of
/// submissions are served on both.
pub(crate) fn elsewhere(server: &Server, request: &Request) -> Option<Response> {
    let (portal, intake) = (server.portal_origin.as_str(), server.intake_origin.as_str());
    let path = request.uri().path();
    if intake.is_empty() || ANYWHERE.contains(&path) {
        return None;
    }
    let is_intakes = path == "/intake" || path.starts_with("/intake/");
    let origin = match (is_at(intake, request), is_intakes) {
        (true, true) | (false, false) => return None,
        (true, false) if path.starts_with("/files/") || !is_page(path, request.headers()) => return None,
        (true, false) => portal,
        (false, true) => intake,
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some(StatusCode::MISDIRECTED_REQUEST.into_response());
    }
    let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
    let target = format!("{origin}{rest}");
    Some((StatusCode::FOUND, [(header::LOCATION, target)]).into_response())
}

/// Whether a request came to the host of an origin.
fn is_at(origin: &str, request: &Request) -> bool {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(Authority::as_str));
    let expected = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.is_some_and(|host| host.eq_ignore_ascii_case(expected))
}

/// Whether a browser would show the answer as a page of its own; by the address where it does not say.
fn is_page(path: &str, headers: &HeaderMap) -> bool {
    let shown_as = headers
        .get("sec-fetch-dest")
        .and_then(|shown| shown.to_str().ok());
    match shown_as {
        Some(shown) => PAGES.contains(&shown),
        None => {
            let name = path.rsplit('/').next().unwrap_or_default();
            !name.contains('.') || [".html", ".xml", ".txt"].iter().any(|end| name.ends_with(end))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::body::Body;

    use super::*;

    const HERE: &str = "";

    /// Where a request is sent; [`HERE`] when it is answered.
    fn sent(method: &str, host: &str, path: &str, shown_as: &str) -> String {
        let server = Server {
            portal_origin: "https://www.example.org".to_owned(),
            intake_origin: "https://intake.example.org".to_owned(),
            ..Server::default()
        };
        let mut request = Request::builder().method(method).uri(path).header("host", host);
        if !shown_as.is_empty() {
            request = request.header("sec-fetch-dest", shown_as);
        }
        match elsewhere(&server, &request.body(Body::empty()).unwrap()) {
            None => HERE.to_owned(),
            Some(answer) => match answer.headers().get("location") {
                Some(place) => place.to_str().unwrap().to_owned(),
                None => answer.status().as_str().to_owned(),
            },
        }
    }

    #[test]
    fn each_host_shows_its_own_pages() {
        let (www, intake) = ("www.example.org", "intake.example.org");
        let cases = [
            ("GET", www, "/", "document", HERE),
            ("GET", www, "/assets/site.css", "style", HERE),
            (
                "GET",
                www,
                "/intake",
                "document",
                "https://intake.example.org/intake",
            ),
            (
                "GET",
                www,
                "/intake/queue?page=2",
                "",
                "https://intake.example.org/intake/queue?page=2",
            ),
            ("POST", www, "/intake/sign-in", "document", "421"),
            ("PATCH", www, "/intake/uploads/abc", "empty", "421"),
            ("GET", www, "/intakes/", "document", HERE),
            ("GET", intake, "/intake/", "document", HERE),
            ("POST", intake, "/intake/sign-in", "document", HERE),
            ("GET", "INTAKE.example.org", "/intake/", "document", HERE),
            (
                "GET",
                intake,
                "/news/a/",
                "document",
                "https://www.example.org/news/a/",
            ),
            (
                "GET",
                intake,
                "/news/a/",
                "iframe",
                "https://www.example.org/news/a/",
            ),
            ("GET", intake, "/news/a/", "", "https://www.example.org/news/a/"),
            (
                "GET",
                intake,
                "/news/a/index.html",
                "",
                "https://www.example.org/news/a/index.html",
            ),
            (
                "GET",
                intake,
                "/assets/x.svg",
                "object",
                "https://www.example.org/assets/x.svg",
            ),
            // Parts of a preview.
            ("GET", intake, "/assets/site.css", "style", HERE),
            ("GET", intake, "/assets/site.css", "", HERE),
            ("GET", intake, "/news/a/b.png", "image", HERE),
            ("GET", intake, "/files/ab/abc/a.pdf", "document", HERE),
            ("GET", intake, "/readyz", "", HERE),
            ("GET", "10.0.0.1:8090", "/readyz", "", HERE),
            // A host that nobody named is the portal's.
            ("GET", "10.0.0.1:8090", "/", "document", HERE),
            (
                "GET",
                "10.0.0.1:8090",
                "/intake/",
                "document",
                "https://intake.example.org/intake/",
            ),
        ];
        for (method, host, path, shown_as, expected) in cases {
            assert_eq!(
                sent(method, host, path, shown_as),
                expected,
                "{method} {host} {path} {shown_as}"
            );
        }
    }
}

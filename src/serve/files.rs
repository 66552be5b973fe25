//! Answers requests from the output directory.

use std::fs;
use std::path::{Path, PathBuf};

use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Request, Response, StatusCode};
use percent_encoding::percent_decode_str;

use super::body::Body;
use super::reload::SCRIPT_PATH;
use super::stored;

/// Answers a request for a page or another file of the output.
pub(super) fn answer(request: &Request<()>, out: &Path, base_path: &str) -> Response<Body> {
    let path = request.uri().path();
    match below(base_path, path) {
        Some("") => redirect(StatusCode::PERMANENT_REDIRECT, base_path),
        Some(path) => file(request, out, path),
        None if path == "/" => redirect(StatusCode::TEMPORARY_REDIRECT, base_path),
        None => not_found(out),
    }
}

/// The rest of a path below the portal's own.
fn below<'a>(base_path: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(base_path)?;
    let is_below = rest.starts_with('/') || rest.is_empty() && !base_path.is_empty();
    is_below.then_some(rest)
}

/// Sends the browser to a directory of this server.
fn redirect(status: StatusCode, path: &str) -> Response<Body> {
    let mut response = empty(status);
    // Two slashes at the beginning would name another server.
    let path = path.trim_matches('/');
    let to = if path.is_empty() {
        "/".to_owned()
    } else {
        format!("/{path}/")
    };
    if let Ok(location) = HeaderValue::from_bytes(to.as_bytes()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn not_found(out: &Path) -> Response<Body> {
    let body = fs::read(out.join("404.html")).unwrap_or_else(|_| b"404".to_vec());
    fresh(
        StatusCode::NOT_FOUND,
        "text/html; charset=utf-8",
        with_script(body),
    )
}

/// Answers with the file of a path, which is relative to the portal's own.
fn file(request: &Request<()>, out: &Path, path: &str) -> Response<Body> {
    let Some(file) = locate(out, path) else {
        return not_found(out);
    };
    if file.is_dir() {
        return redirect(StatusCode::PERMANENT_REDIRECT, request.uri().path());
    }
    let media_type = media_type(&file);
    if media_type.starts_with("text/html") {
        let body = fs::read(&file).unwrap_or_default();
        return fresh(StatusCode::OK, media_type, with_script(body));
    }
    // A file may go while it is asked for.
    stored::answer(request.headers(), &file, media_type).unwrap_or_else(|_| not_found(out))
}

/// The output file for a path: never outside the output directory.
fn locate(out: &Path, path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let mut file = out.to_path_buf();
    for segment in decoded.split('/').filter(|segment| !segment.is_empty()) {
        if segment == ".." || segment.contains('\0') || segment.contains('\\') {
            return None;
        }
        file.push(segment);
    }
    if decoded.ends_with('/') {
        file.push("index.html");
    }
    file.exists().then_some(file)
}

/// An answer that says everything with its status.
pub(super) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::Held(Bytes::new()));
    *response.status_mut() = status;
    response
}

/// An answer that browsers ask for anew each time. The worker for reading offline may keep it, as in service.
pub(super) fn fresh(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::Held(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn with_script(mut body: Vec<u8>) -> Vec<u8> {
    body.extend_from_slice(format!("<script type=\"module\" src=\"{SCRIPT_PATH}\"></script>\n").as_bytes());
    body
}

fn media_type(path: &Path) -> &'static str {
    let name = path.to_string_lossy();
    match path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => crate::media::media_type(&name).unwrap_or("application/octet-stream"),
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
    fn nothing_outside_the_output_is_found() {
        let out = std::env::temp_dir();
        for path in [
            "/../etc/passwd",
            "/%2e%2e/etc/passwd",
            "/..%2fetc/passwd",
            "/a\\..\\b",
        ] {
            assert_eq!(locate(&out, path), None, "{path}");
        }
    }
}

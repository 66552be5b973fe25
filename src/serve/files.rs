//! Answers requests from the output directory.

use std::fs;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use tiny_http::{Header, Method, Request, Response};

use super::reload::{Reload, SCRIPT, SCRIPT_PATH, WAIT_PATH};
use super::stored;

/// A header; nothing when the value cannot be one.
pub(super) fn header(name: &str, value: &str) -> Option<Header> {
    Header::from_bytes(name, value).ok()
}

/// Answers one request. A browser that went away is no error.
pub(super) fn answer(request: Request, out: &Path, base_path: &str, reload: &Reload) {
    let url = request.url().to_owned();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    if !matches!(request.method(), Method::Get | Method::Head) {
        let _ = request.respond(Response::empty(405));
        return;
    }
    match path {
        SCRIPT_PATH => send(
            request,
            200,
            "text/javascript; charset=utf-8",
            SCRIPT.as_bytes().to_vec(),
        ),
        WAIT_PATH => {
            let known = query.strip_prefix("news=").and_then(|news| news.parse().ok());
            reload.ask(request, known);
        }
        _ => match below(base_path, path) {
            Some("") => redirect(request, 308, &format!("{base_path}/")),
            Some(path) => file(request, out, path),
            None if path == "/" => redirect(request, 307, &format!("{base_path}/")),
            None => not_found(request, out),
        },
    }
}

/// The rest of a path below the portal's own.
fn below<'a>(base_path: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(base_path)?;
    let is_below = rest.starts_with('/') || rest.is_empty() && !base_path.is_empty();
    is_below.then_some(rest)
}

fn redirect(request: Request, status: u16, to: &str) {
    let response = Response::empty(status);
    let _ = request.respond(match header("Location", to) {
        Some(location) => response.with_header(location),
        None => response,
    });
}

fn not_found(request: Request, out: &Path) {
    let body = fs::read(out.join("404.html")).unwrap_or_else(|_| b"404".to_vec());
    send(request, 404, "text/html; charset=utf-8", with_script(body));
}

/// Answers with the file of a path, which is relative to the portal's own.
fn file(request: Request, out: &Path, path: &str) {
    let Some(file) = locate(out, path) else {
        return not_found(request, out);
    };
    if file.is_dir() {
        let asked = request.url().split('?').next().unwrap_or_default();
        let to = format!("{asked}/");
        return redirect(request, 308, &to);
    }
    let media_type = media_type(&file);
    if media_type.starts_with("text/html") {
        let body = fs::read(&file).unwrap_or_default();
        send(request, 200, media_type, with_script(body));
        return;
    }
    stored::send(request, &file, media_type);
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

/// Answers with what no browser should keep.
pub(super) fn send(request: Request, status: u16, media_type: &str, body: Vec<u8>) {
    let mut response = Response::from_data(body).with_status_code(status);
    for header in [
        header("Content-Type", media_type),
        header("Cache-Control", "no-store"),
    ]
    .into_iter()
    .flatten()
    {
        response.add_header(header);
    }
    let _ = request.respond(response);
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

//! Answers requests from the output directory.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use tiny_http::{Header, Method, Request, Response, StatusCode};

use super::reload::{Reload, SCRIPT, SCRIPT_PATH, WAIT_PATH};

fn header(name: &str, value: &str) -> Option<Header> {
    Header::from_bytes(name, value).ok()
}

/// Answers one request. A browser that went away is no error.
pub(super) fn answer(request: Request, out: &Path, reload: &Reload) {
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
            let parameter = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name));
            let version = parameter("version=").and_then(|version| version.parse().ok());
            let state = reload.wait(version, parameter("broken=") == Some("true"));
            // Strings and numbers always serialise.
            let body = serde_json::to_vec(&state).unwrap_or_default();
            send(request, 200, "application/json", body);
        }
        _ => file(request, out, path),
    }
}

fn file(request: Request, out: &Path, path: &str) {
    let Some(file) = locate(out, path) else {
        let body = fs::read(out.join("404.html")).unwrap_or_else(|_| b"404".to_vec());
        send(request, 404, "text/html; charset=utf-8", with_script(body));
        return;
    };
    if file.is_dir() {
        let response = Response::empty(308);
        let _ = request.respond(match header("Location", &format!("{path}/")) {
            Some(location) => response.with_header(location),
            None => response,
        });
        return;
    }
    let media_type = media_type(&file);
    if media_type.starts_with("text/html") {
        let body = fs::read(&file).unwrap_or_default();
        send(request, 200, media_type, with_script(body));
        return;
    }
    send_file(request, &file, media_type);
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

/// Players seek, so a part of a file can be asked for.
fn send_file(request: Request, path: &Path, media_type: &str) {
    let Ok(mut file) = fs::File::open(path) else {
        let _ = request.respond(Response::empty(404));
        return;
    };
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let asked = request
        .headers()
        .iter()
        .find(|header| header.field.equiv("Range"));
    let range = asked.and_then(|header| parse_range(header.value.as_str(), size));
    let (status, start, end) = match range {
        Some((start, end)) => (206, start, end),
        None => (200, 0, size.saturating_sub(1)),
    };
    let length = if size == 0 { 0 } else { end - start + 1 };
    if file.seek(SeekFrom::Start(start)).is_err() {
        return;
    }
    let mut headers: Vec<Header> = [
        header("Content-Type", media_type),
        header("Accept-Ranges", "bytes"),
        header("Cache-Control", "no-cache"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if status == 206 {
        headers.extend(header("Content-Range", &format!("bytes {start}-{end}/{size}")));
    }
    let reader = file.take(length);
    let _ = request.respond(Response::new(
        StatusCode(status),
        headers,
        reader,
        usize::try_from(length).ok(),
        None,
    ));
}

/// `bytes=0-499`, `bytes=500-`, `bytes=-500`, as first and last byte.
fn parse_range(value: &str, size: u64) -> Option<(u64, u64)> {
    let (start, end) = value.strip_prefix("bytes=")?.split_once('-')?;
    let last = size.checked_sub(1)?;
    match (start.parse::<u64>().ok(), end.parse::<u64>().ok()) {
        (Some(start), end) if start <= last => {
            Some((start, end.unwrap_or(last).min(last))).filter(|(s, e)| s <= e)
        }
        (None, Some(suffix)) if suffix > 0 => Some((size.saturating_sub(suffix), last)),
        _ => None,
    }
}

fn send(request: Request, status: u16, media_type: &str, body: Vec<u8>) {
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
    fn ranges_are_understood() {
        let cases = [
            ("bytes=0-4", Some((0, 4))),
            ("bytes=5-", Some((5, 9))),
            ("bytes=-3", Some((7, 9))),
            ("bytes=0-99", Some((0, 9))),
            ("bytes=10-", None),
            ("bytes=4-2", None),
            ("items=0-1", None),
        ];
        for (value, expected) in cases {
            assert_eq!(parse_range(value, 10), expected, "{value}");
        }
        assert_eq!(parse_range("bytes=0-", 0), None);
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

//! Sends a stored file: whole, a part of it, or only the word that it has not changed.

use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tiny_http::{Header, Request, Response, StatusCode};

use super::files::header;
use crate::output;
use crate::world::Stamp;

/// What tells one state of a file from another (RFC 9110, 8.8).
struct Validators {
    etag: String,
    last_modified: Option<String>,
}

impl Validators {
    fn new(stamp: Stamp) -> Self {
        let modified = Timestamp::from_nanosecond(stamp.modified.into()).ok();
        Self {
            etag: format!("\"{:x}-{:x}\"", stamp.modified, stamp.size),
            last_modified: modified
                .and_then(|modified| DateTimePrinter::new().timestamp_to_rfc9110_string(&modified).ok()),
        }
    }

    /// Whether a browser that sent these headers has the file as it is now.
    fn are_known(&self, if_none_match: Option<&str>, if_modified_since: Option<&str>) -> bool {
        match (if_none_match, if_modified_since) {
            (Some(etags), _) => etags.split(',').any(|etag| {
                let etag = etag.trim();
                etag == "*" || etag.strip_prefix("W/").unwrap_or(etag) == self.etag
            }),
            (None, Some(since)) => self.last_modified.as_deref() == Some(since),
            (None, None) => false,
        }
    }

    /// Whether a part may be sent to a browser that has another part already.
    fn allow_part(&self, if_range: Option<&str>) -> bool {
        if_range.is_none_or(|known| known == self.etag || self.last_modified.as_deref() == Some(known))
    }
}

/// Answers with a file. Players seek and the search reads records out of packs, so a part can be asked for.
pub(super) fn send(request: Request, path: &Path, media_type: &str) {
    // A browser that went away is no error.
    let _ = match output::stamp(path).zip(fs::File::open(path).ok()) {
        Some((stamp, file)) => send_open(request, file, stamp, media_type),
        None => request.respond(Response::empty(404)),
    };
}

fn send_open(request: Request, mut file: fs::File, stamp: Stamp, media_type: &str) -> io::Result<()> {
    let validators = Validators::new(stamp);
    let asked = |name: &'static str| {
        let headers = request.headers().iter();
        headers
            .filter(|header| header.field.equiv(name))
            .map(|header| header.value.as_str())
            .next()
    };
    let mut headers: Vec<Header> = [
        header("Content-Type", media_type),
        header("Accept-Ranges", "bytes"),
        header("Cache-Control", "no-cache"),
        header("ETag", &validators.etag),
        validators
            .last_modified
            .as_ref()
            .and_then(|date| header("Last-Modified", date)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if validators.are_known(asked("If-None-Match"), asked("If-Modified-Since")) {
        let response = Response::new(StatusCode(304), headers, io::empty(), None, None);
        return request.respond(response);
    }
    let size = stamp.size;
    let range = asked("Range")
        .filter(|_| validators.allow_part(asked("If-Range")))
        .and_then(|value| parse_range(value, size));
    let (status, start, length) = match range {
        Some((start, end)) => {
            headers.extend(header("Content-Range", &format!("bytes {start}-{end}/{size}")));
            (206, start, end - start + 1)
        }
        None => (200, 0, size),
    };
    file.seek(SeekFrom::Start(start))?;
    let response = Response::new(
        StatusCode(status),
        headers,
        file.take(length),
        usize::try_from(length).ok(),
        None,
    );
    // Players want to know the length, which an answer in chunks does not tell.
    request.respond(response.with_chunked_threshold(usize::MAX))
}

/// `bytes=0-499`, `bytes=500-`, `bytes=-500`, as first and last byte.
fn parse_range(value: &str, size: u64) -> Option<(u64, u64)> {
    let (start, end) = value.strip_prefix("bytes=")?.split_once('-')?;
    let last = size.checked_sub(1)?;
    match (start.parse::<u64>().ok(), end.parse::<u64>().ok()) {
        (Some(start), end) if start <= last => {
            Some((start, end.unwrap_or(last).min(last))).filter(|(s, e)| s <= e)
        }
        (None, Some(suffix)) if start.is_empty() && suffix > 0 => Some((size.saturating_sub(suffix), last)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_understood() {
        let cases = [
            ("bytes=0-4", Some((0, 4))),
            ("bytes=5-", Some((5, 9))),
            ("bytes=-3", Some((7, 9))),
            ("bytes=-30", Some((0, 9))),
            ("bytes=0-99", Some((0, 9))),
            ("bytes=10-", None),
            ("bytes=4-2", None),
            ("bytes=x-2", None),
            ("items=0-1", None),
        ];
        for (value, expected) in cases {
            assert_eq!(parse_range(value, 10), expected, "{value}");
        }
        assert_eq!(parse_range("bytes=0-", 0), None);
    }

    #[test]
    fn validators_tell_what_is_known() {
        let validators = Validators::new(Stamp {
            size: 16,
            modified: 784_111_777_000_000_001,
            changed: 0,
            inode: 0,
        });
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let etag = validators.etag.clone();
        assert_eq!(validators.last_modified.as_deref(), Some(date));
        let weak = format!("\"other\", W/{etag}");
        let cases = [
            (None, None, false),
            (Some(etag.as_str()), None, true),
            (Some(weak.as_str()), None, true),
            (Some("*"), None, true),
            (Some("\"other\""), Some(date), false),
            (None, Some(date), true),
            (None, Some("Sun, 06 Nov 1994 08:49:38 GMT"), false),
        ];
        for (etags, since, expected) in cases {
            assert_eq!(
                validators.are_known(etags, since),
                expected,
                "{etags:?} {since:?}"
            );
        }
        assert!(validators.allow_part(None) && validators.allow_part(Some(&etag)));
        assert!(!validators.allow_part(Some("\"other\"")));
    }
}

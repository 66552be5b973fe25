//! Sends a stored file: whole, a part of it, or only the word that it has not changed.

use std::fs;
use std::io;
use std::path::Path;

use hyper::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
};
use hyper::{Response, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::body::Body;
use super::files;
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
///
/// # Errors
/// When there is no such file, or it cannot be read.
pub(super) fn answer(asked: &HeaderMap, path: &Path, media_type: &'static str) -> io::Result<Response<Body>> {
    let stamp = output::stamp(path).ok_or(io::ErrorKind::NotFound)?;
    let file = fs::File::open(path)?;
    let validators = Validators::new(stamp);
    let asked = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let mut response = if validators.are_known(asked(IF_NONE_MATCH), asked(IF_MODIFIED_SINCE)) {
        files::empty(StatusCode::NOT_MODIFIED)
    } else {
        let range = asked(RANGE).filter(|_| validators.allow_part(asked(IF_RANGE)));
        part(file, stamp.size, range)?
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    for (name, value) in [
        (ETAG, Some(validators.etag)),
        (LAST_MODIFIED, validators.last_modified),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}

/// The part of a file that was asked for; the whole of it when no part was, or one that it does not have.
fn part(file: fs::File, size: u64, range: Option<&str>) -> io::Result<Response<Body>> {
    let Some((start, end)) = range.and_then(|value| parse_range(value, size)) else {
        return Ok(Response::new(Body::part(file, 0, size)?));
    };
    let mut response = Response::new(Body::part(file, start, end - start + 1)?);
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    if let Ok(value) = HeaderValue::try_from(format!("bytes {start}-{end}/{size}")) {
        response.headers_mut().insert(CONTENT_RANGE, value);
    }
    Ok(response)
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

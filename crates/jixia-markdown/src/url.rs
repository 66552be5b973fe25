//! What a link's target is, and which targets may stand in a page.

use std::borrow::Cow;

/// What kind of thing a target names, by its form alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// Has a scheme that may be linked (`https:`, `mailto:` …) or begins with `//`.
    External,
    /// `#id` in the same page.
    Anchor,
    /// A path, relative or absolute, perhaps with query and fragment.
    Path,
    /// Has a scheme that must not be linked (`javascript:`, `data:` …).
    Forbidden,
}

/// Schemes a contributed page may link to.
const SCHEMES: [&str; 6] = ["http", "https", "mailto", "tel", "ftp", "sms"];

/// Classifies a target as a browser would read it: leading spaces and control characters skipped, tabs and line
/// ends dropped wherever they stand, the scheme in any case.
pub fn classify(target: &str) -> Address {
    let target = target.trim_start_matches(|c: char| c <= ' ');
    match target.as_bytes().first() {
        Some(b'#') => return Address::Anchor,
        Some(b'/' | b'\\') => {
            let double = target[1..]
                .trim_start_matches(['\t', '\n', '\r'])
                .starts_with(['/', '\\']);
            if target.strip_prefix("//").is_some_and(|rest| !is_authority(rest)) {
                // Without a host two slashes lead nowhere.
                return Address::Forbidden;
            }
            return if double { Address::External } else { Address::Path };
        }
        _ => {}
    }
    let mut scheme = String::new();
    for c in target.chars() {
        match c {
            ':' => {
                let known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
                return if known && has_host(&scheme, target) {
                    Address::External
                } else {
                    Address::Forbidden
                };
            }
            '\t' | '\n' | '\r' => {}
            'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.' => scheme.push(c),
            // Browsers do not take these for a scheme; a control character before a colon is no honest path.
            c if c.is_control() => {
                return if target.contains(':') {
                    Address::Forbidden
                } else {
                    Address::Path
                };
            }
            _ => return Address::Path,
        }
    }
    Address::Path
}

/// Whether following a URL opens another web site, which must not get a handle on ours.
pub(super) fn leaves(url: &str) -> bool {
    let web = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    classify(url) == Address::External && (web("http") || web("/") || web("\\") || web(" "))
}

/// Whether an address of a scheme that needs a host names one, and a port if any that can be.
fn has_host(scheme: &str, target: &str) -> bool {
    let needs_host = ["http", "https", "ftp"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    if !needs_host {
        return true;
    }
    let rest = target.split_once(':').map_or("", |(_, rest)| rest);
    rest.strip_prefix("//").is_some_and(is_authority)
}

/// Whether what follows two slashes begins with a host.
fn is_authority(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (host, ""),
    };
    let is_port =
        port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let is_address = host.starts_with('[') && host.ends_with(']') && host.len() > 4;
    let labels = host.strip_suffix('.').unwrap_or(host);
    let is_name = !host.contains(|c: char| c.is_whitespace() || c.is_control() || "%[]<>\"^`{|}".contains(c))
        && labels.split('.').all(|label| !label.is_empty());
    is_port && (is_address || is_name)
}

/// A web address without a name and password in it, which no page may give away.
pub fn without_credentials(url: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = url.split_once("//") else {
        return Cow::Borrowed(url);
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) if scheme.is_empty() || scheme.ends_with(':') => {
            Cow::Owned(format!("{scheme}//{}", &rest[at + 1..]))
        }
        _ => Cow::Borrowed(url),
    }
}

/// What a file is, by the extension of its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum MediaKind {
    /// Played in a `<video>`.
    Video,
    /// Played in an `<audio>`.
    Audio,
    /// Opened by the browser's reader.
    Pdf,
    /// Anything else: offered for download.
    File,
}

/// Recognises video, audio and PDF by the extension of the target's path, with the media type.
pub fn media_kind(target: &str) -> Option<(MediaKind, &'static str)> {
    let path = target.split(['?', '#']).next()?;
    let extension = path.rsplit_once('.')?.1;
    if extension.len() > 4 {
        return None;
    }
    let extension = extension.to_ascii_lowercase();
    Some(match extension.as_str() {
        "mp4" | "m4v" => (MediaKind::Video, "video/mp4"),
        "webm" => (MediaKind::Video, "video/webm"),
        "ogv" => (MediaKind::Video, "video/ogg"),
        "mov" => (MediaKind::Video, "video/quicktime"),
        "mkv" => (MediaKind::Video, "video/x-matroska"),
        "mp3" => (MediaKind::Audio, "audio/mpeg"),
        "m4a" | "aac" => (MediaKind::Audio, "audio/mp4"),
        "ogg" | "oga" | "opus" => (MediaKind::Audio, "audio/ogg"),
        "wav" => (MediaKind::Audio, "audio/wav"),
        "flac" => (MediaKind::Audio, "audio/flac"),
        "pdf" => (MediaKind::Pdf, "application/pdf"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("https://example.com", Address::External),
            ("MAILTO:a@b.cn", Address::External),
            ("//cdn.example.com/a", Address::External),
            ("/\t/evil.example", Address::External),
            ("\\\\evil", Address::External),
            ("#一", Address::Anchor),
            ("../notices/a.md#b", Address::Path),
            ("/notices/", Address::Path),
            ("注意:说明.md", Address::Path),
            ("a/b:c", Address::Path),
            ("", Address::Path),
            ("javascript:alert(1)", Address::Forbidden),
            (" \u{1}JaVaScRiPt:alert(1)", Address::Forbidden),
            ("java\tscript:alert(1)", Address::Forbidden),
            ("java\u{0}script:alert(1)", Address::Forbidden),
            ("data:text/html,x", Address::Forbidden),
            ("vbscript:x", Address::Forbidden),
            (":x", Address::Forbidden),
            ("http://", Address::Forbidden),
            ("https:///?a", Address::Forbidden),
            ("http://a b/", Address::Forbidden),
            ("http://a:99999/", Address::Forbidden),
            ("http://例子.cn:8080/", Address::External),
            ("http://[::1]:80/", Address::External),
            ("https:\\\\a.cn", Address::Forbidden),
            ("//", Address::Forbidden),
        ];
        for (target, expected) in cases {
            assert_eq!(classify(target), expected, "{target:?}");
        }
    }

    #[test]
    fn credentials_go() {
        let cases = [
            ("https://user:pass@example.com/a@b", "https://example.com/a@b"),
            ("ftp://user@example.com", "ftp://example.com"),
            ("https://example.com/@a", "https://example.com/@a"),
            ("mailto:a@example.com", "mailto:a@example.com"),
            ("a//b@c", "a//b@c"),
        ];
        for (url, expected) in cases {
            assert_eq!(without_credentials(url), expected, "{url}");
        }
    }

    #[test]
    fn media() {
        assert_eq!(
            media_kind("a/lesson.MP4?x=1.png").map(|m| m.0),
            Some(MediaKind::Video)
        );
        assert_eq!(media_kind("a.mp3#t=1").map(|m| m.0), Some(MediaKind::Audio));
        assert_eq!(media_kind("a.pdf").map(|m| m.0), Some(MediaKind::Pdf));
        assert_eq!(media_kind("a.png"), None);
        assert_eq!(media_kind("mp4"), None);
    }
}

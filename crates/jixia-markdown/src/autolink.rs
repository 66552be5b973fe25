//! Bare addresses in text: `https://…`, `www.…` and mail addresses, by GFM's rule with one addition.
//!
//! Chinese writes no spaces, so an address may begin right after a Chinese character and ends before one
//! (`详见https://example.com/a，谢谢`). In a URL any character outside ASCII ends it.

use std::sync::LazyLock;

use memchr::{memchr, memchr_iter, memmem};

static SCHEME: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("://"));
static WWW: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("www."));

/// Which kinds of bare address a whole body can contain: what it lacks is not looked for in each text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    scheme: bool,
    www: bool,
    mail: bool,
}

impl Wanted {
    /// Looks once over a body.
    pub(super) fn new(body: &str) -> Self {
        let bytes = body.as_bytes();
        Wanted {
            scheme: SCHEME.find(bytes).is_some(),
            www: WWW.find(bytes).is_some(),
            mail: memchr(b'@', bytes).is_some(),
        }
    }

    /// Whether there is nothing to look for.
    pub(super) fn nothing(self) -> bool {
        !(self.scheme || self.www || self.mail)
    }
}

/// A bare address found in a text.
pub(super) struct Found {
    /// First byte of the address in the text.
    pub(super) start: usize,
    /// Byte after its last.
    pub(super) end: usize,
    /// What has to be put before it to make a URL of it: nothing, `http://` or `mailto:`.
    pub(super) prefix: &'static str,
}

/// Looks through one text. What was found of each kind is kept until the others have caught up with it, so a text
/// is searched once for each kind however many addresses it holds.
pub(super) struct Search<'t> {
    text: &'t str,
    scheme: Next,
    www: Next,
    mail: Next,
}

/// The next address of a kind.
enum Next {
    /// Not looked for since the last one was passed.
    Unknown,
    At(Found),
    None,
}

impl Next {
    fn wanted(wanted: bool) -> Self {
        if wanted { Next::Unknown } else { Next::None }
    }

    /// Where the next one at or after `from` begins.
    fn start(&mut self, from: usize, find: impl FnOnce() -> Option<Found>) -> Option<usize> {
        if matches!(self, Next::Unknown) || matches!(self, Next::At(found) if found.start < from) {
            *self = find().map_or(Next::None, Next::At);
        }
        match self {
            Next::At(found) => Some(found.start),
            _ => None,
        }
    }
}

impl<'t> Search<'t> {
    /// Begins a search.
    pub(super) fn new(text: &'t str, wanted: Wanted) -> Self {
        Search {
            text,
            scheme: Next::wanted(wanted.scheme),
            www: Next::wanted(wanted.www),
            mail: Next::wanted(wanted.mail),
        }
    }

    /// The first bare address at or after `from`.
    pub(super) fn next(&mut self, from: usize) -> Option<Found> {
        let bytes = self.text.as_bytes();
        let rest = &bytes[from..];
        let scheme = self.scheme.start(from, || {
            SCHEME
                .find_iter(rest)
                .find_map(|at| scheme_at(bytes, from, from + at))
        });
        let www = self.www.start(from, || {
            WWW.find_iter(rest).find_map(|at| www_at(bytes, from, from + at))
        });
        let mail = self.mail.start(from, || {
            memchr_iter(b'@', rest).find_map(|at| mail_at(bytes, from, from + at))
        });
        let first = [scheme, www, mail].into_iter().flatten().min()?;
        let kind = match Some(first) {
            first if first == scheme => &mut self.scheme,
            first if first == www => &mut self.www,
            _ => &mut self.mail,
        };
        match std::mem::replace(kind, Next::Unknown) {
            Next::At(found) => Some(found),
            _ => None,
        }
    }
}

/// An address whose `://` is at `colon`.
fn scheme_at(bytes: &[u8], from: usize, colon: usize) -> Option<Found> {
    let start = ["https", "http", "ftp"].into_iter().find_map(|scheme| {
        let start = colon.checked_sub(scheme.len())?;
        (start >= from && bytes[start..colon].eq_ignore_ascii_case(scheme.as_bytes())).then_some(start)
    })?;
    if !starts_word(bytes, start) {
        return None;
    }
    is_domain(bytes, colon + 3, true).then(|| Found {
        start,
        end: url_end(bytes, colon + 3),
        prefix: "",
    })
}

/// An address that begins with `www.` at `start`.
fn www_at(bytes: &[u8], from: usize, start: usize) -> Option<Found> {
    if start < from || !starts_word(bytes, start) {
        return None;
    }
    is_domain(bytes, start, false).then(|| Found {
        start,
        end: url_end(bytes, start),
        prefix: "http://",
    })
}

/// A mail address whose `@` is at `at`.
fn mail_at(bytes: &[u8], from: usize, at: usize) -> Option<Found> {
    let local = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-');
    let length = bytes[from..at].iter().rev().take(64).take_while(local).count();
    let start = at - length;
    // A slash or colon before it belongs to a path or another scheme.
    if length == 0 || (start > 0 && matches!(bytes[start - 1], b'/' | b':' | b'@')) {
        return None;
    }
    let domain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let mut end = at + 1 + bytes[at + 1..].iter().take(255).take_while(domain).count();
    if bytes.get(end) == Some(&b'@') {
        return None;
    }
    while end > at + 1 && bytes[end - 1] == b'.' {
        end -= 1;
    }
    let dotted = memchr(b'.', &bytes[at + 1..end]).is_some_and(|dot| dot > 0);
    (dotted && !matches!(bytes[end - 1], b'-' | b'_')).then_some(Found {
        start,
        end,
        prefix: "mailto:",
    })
}

/// Whether an address may begin at `start`: not inside a Latin word.
fn starts_word(bytes: &[u8], start: usize) -> bool {
    start == 0
        || !(bytes[start - 1].is_ascii_alphanumeric() || matches!(bytes[start - 1], b'/' | b'.' | b'@'))
}

/// Whether a domain begins at `start`: segments of letters, digits, `-` and `_` with a dot between (not needed
/// after a scheme, so `http://localhost` is a link), no `_` in the last two.
fn is_domain(bytes: &[u8], start: usize, short: bool) -> bool {
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let length = bytes[start..].iter().take(255).take_while(part).count();
    let domain = &bytes[start..start + length];
    // The point at the end of a sentence is none of the domain.
    let domain = domain.strip_suffix(b".").unwrap_or(domain);
    if !domain.first().is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    let clean = !domain
        .rsplit(|&byte| byte == b'.')
        .take(2)
        .any(|segment| segment.contains(&b'_'));
    clean && (short || domain.contains(&b'.'))
}

/// Where a URL that runs from `start` ends: before space, `<`, quotes and anything outside ASCII, and without
/// punctuation that belongs to the sentence.
fn url_end(bytes: &[u8], start: usize) -> usize {
    let inside = |byte: &&u8| {
        matches!(byte, 0x21..=0x7E)
            && !matches!(
                byte,
                b'<' | b'>' | b'"' | b'`' | b'|' | b'\\' | b'^' | b'{' | b'}'
            )
    };
    let mut end = start + bytes[start..].iter().take_while(inside).count();
    let mut unbalanced = {
        let count = |wanted: u8| bytes[start..end].iter().filter(|&&byte| byte == wanted).count();
        count(b')').saturating_sub(count(b'('))
    };
    while end > start {
        match bytes[end - 1] {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b';' | b']' => end -= 1,
            b')' if unbalanced > 0 => {
                unbalanced -= 1;
                end -= 1;
            }
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_addresses() {
        let cases = [
            ("见https://a.cn/x，谢谢", Some("https://a.cn/x")),
            ("见 http://a.cn/路径", Some("http://a.cn/")),
            ("（https://a.cn/b(c)）", Some("https://a.cn/b(c)")),
            ("(https://a.cn/b)", Some("https://a.cn/b")),
            ("https://a.cn/b_c?d=1&e=2.", Some("https://a.cn/b_c?d=1&e=2")),
            ("www.example.com：", Some("www.example.com")),
            ("http://localhost:4000/", Some("http://localhost:4000/")),
            ("邮箱a.b@example.com。", Some("a.b@example.com")),
            ("a@b", None),
            ("xhttp://a.cn", None),
            ("www.", None),
            ("http://", None),
            ("http://_a.b_", None),
            ("mysql://u@h.cn", None),
            ("@a.cn", None),
        ];
        for (text, expected) in cases {
            let found = Search::new(text, Wanted::new(text)).next(0);
            assert_eq!(
                found.map(|found| &text[found.start..found.end]),
                expected,
                "{text}"
            );
        }
    }
}

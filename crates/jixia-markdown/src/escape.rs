//! Writing text into HTML.

use super::url::without_credentials;

use memchr::{memchr, memchr3};

/// Writes a text between tags.
pub(super) fn text(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr3(b'<', b'>', b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&amp;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Writes a value between double quotes.
pub(super) fn attribute(value: &str, out: &mut String) {
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('"') {
        text(before, out);
        out.push_str("&quot;");
        rest = after;
    }
    text(rest, out);
}

/// Writes raw text of an HTML block: entities stay, everything else is escaped.
pub(super) fn raw_text(raw: &str, out: &mut String) {
    let mut rest = raw;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        text(&rest[..at], out);
        let name = &rest[at + 1..];
        let end = name
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '#'))
            .unwrap_or(name.len());
        out.push_str(if end > 0 && end < 33 && name[end..].starts_with(';') {
            "&"
        } else {
            "&amp;"
        });
        rest = name;
    }
    text(rest, out);
}

/// Writes a URL between double quotes: percent-encodes what a URL may not hold, as CommonMark's reference does.
pub(super) fn url(url: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let url = &*without_credentials(url);
    let bytes = url.as_bytes();
    let mut done = 0;
    let mut in_fragment = false;
    for (at, &byte) in bytes.iter().enumerate() {
        // A sign for itself, where it encodes nothing or would begin a second fragment.
        let is_bare = match byte {
            b'%' => !bytes
                .get(at + 1..at + 3)
                .is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
            b'#' => std::mem::replace(&mut in_fragment, true),
            _ => false,
        };
        let kept = byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'('
                    | b')'
                    | b'*'
                    | b'+'
                    | b','
                    | b'-'
                    | b'.'
                    | b'/'
                    | b':'
                    | b';'
                    | b'='
                    | b'?'
                    | b'@'
                    | b'_'
                    | b'~'
            ) && !is_bare;
        if kept {
            continue;
        }
        if url.is_char_boundary(done) && url.is_char_boundary(at) {
            out.push_str(&url[done..at]);
        }
        done = at + 1;
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#x27;"),
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    out.push_str(&url[done..]);
}

#[cfg(test)]
mod tests {
    fn written(write: fn(&str, &mut String), input: &str) -> String {
        let mut out = String::new();
        write(input, &mut out);
        out
    }

    #[test]
    fn escapes() {
        assert_eq!(written(super::text, "a<b>&\"c"), "a&lt;b&gt;&amp;\"c");
        assert_eq!(written(super::attribute, "a\"<b"), "a&quot;&lt;b");
        assert_eq!(
            written(super::raw_text, "&nbsp;&x &#1; a<"),
            "&nbsp;&amp;x &#1; a&lt;"
        );
        assert_eq!(
            written(super::url, "/中 a?b&c'\"%20[é"),
            "/%E4%B8%AD%20a?b&amp;c&#x27;%22%20%5B%C3%A9"
        );
    }
}

//! TOML: tables, keys, and values over lines.

use std::ops::Range;

use super::cursor::Cursor;
use super::scan;
use super::sink::Sink;

/// Marks a document.
pub(super) fn lex(sink: &mut Sink<'_, '_>, range: Range<usize>) {
    let Some(cursor) = Cursor::new(sink, range) else {
        return;
    };
    let mut toml = Toml {
        cursor,
        depth: 0,
        line_start: true,
    };
    while toml.cursor.is_within() {
        toml.token();
    }
}

struct Toml<'c, 's, 'o> {
    cursor: Cursor<'c, 's, 'o>,
    /// Arrays and inline tables open.
    depth: u32,
    line_start: bool,
}

fn bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80
}

impl Toml<'_, '_, '_> {
    fn token(&mut self) {
        let bytes = self.cursor.code.as_bytes();
        let at = self.cursor.at;
        let byte = bytes[at];
        if matches!(byte, b' ' | b'\t' | b'\r') {
            self.cursor.at += 1;
            return;
        }
        if byte == b'\n' {
            self.line_start = true;
            self.cursor.at += 1;
            return;
        }
        scan::step(1);
        let heads = std::mem::take(&mut self.line_start) && self.depth == 0;
        match byte {
            b'#' => self.cursor.take(self.cursor.line_end(), "c"),
            b'[' if heads => self.cursor.take(self.header_end(), "m"),
            b'[' | b'{' => {
                self.depth += 1;
                self.cursor.at += 1;
            }
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.cursor.at += 1;
            }
            b'"' | b'\'' => {
                let end = self.string_end();
                let class = if self.is_key(end) { "a" } else { "s" };
                self.cursor.take(end, class);
            }
            byte if bare(byte) || byte == b'+' => self.word(),
            _ => self.cursor.at += 1,
        }
    }

    /// The end of `[table]` or `[[table]]`.
    fn header_end(&self) -> usize {
        let bytes = self.cursor.code.as_bytes();
        let limit = self.cursor.line_end();
        let mut quote = 0;
        for (at, &byte) in bytes.iter().enumerate().take(limit).skip(self.cursor.at) {
            match byte {
                b'"' | b'\'' if quote == 0 => quote = byte,
                _ if byte == quote => quote = 0,
                b']' if quote == 0 => return at + 1 + usize::from(bytes.get(at + 1) == Some(&b']')),
                _ => {}
            }
        }
        limit
    }

    fn string_end(&self) -> usize {
        let bytes = self.cursor.code.as_bytes();
        let start = self.cursor.at;
        let quote = bytes[start];
        let three = [quote; 3];
        let lines = bytes[start..].starts_with(&three);
        let mut at = start + if lines { 3 } else { 1 };
        if lines && quote == b'\'' {
            let end = scan::past(self.cursor.code, at, "'''");
            return end + extra(bytes, end, quote);
        }
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\\' if quote == b'"' => at += 1,
                b'\n' if !lines => return at,
                _ if byte != quote => {}
                _ if !lines => return at + 1,
                _ if bytes[at..].starts_with(&three) => return at + 3 + extra(bytes, at + 3, quote),
                _ => {}
            }
            at += 1;
            scan::step(1);
        }
        bytes.len()
    }

    /// Whether what ends at `end` is a key: an equals sign follows, or a dot and more of the key.
    fn is_key(&self, end: usize) -> bool {
        let rest = &self.cursor.code[scan::run(self.cursor.code, end, |byte| matches!(byte, b' ' | b'\t'))..];
        rest.starts_with('=') || rest.starts_with('.')
    }

    fn word(&mut self) {
        let bytes = self.cursor.code.as_bytes();
        let start = self.cursor.at;
        let mut end = scan::run(self.cursor.code, start + 1, bare);
        let numeric = matches!(bytes[start], b'0'..=b'9' | b'+' | b'-');
        if self.is_key(end) && !(numeric && bytes.get(end) == Some(&b'.') && self.depth_value(start)) {
            return self.cursor.take(end, "a");
        }
        if numeric {
            let part = |byte| bare(byte) || matches!(byte, b'.' | b':' | b'+');
            end = scan::run(self.cursor.code, end, part);
            // A blank between a date and a time.
            let time = bytes
                .get(end + 1..end + 4)
                .is_some_and(|time| time[2] == b':' && time[0].is_ascii_digit());
            if time && bytes.get(end) == Some(&b' ') {
                end = scan::run(self.cursor.code, end + 1, part);
            }
            return self.cursor.take(end, "n");
        }
        match &self.cursor.code[start..end] {
            "true" | "false" | "inf" | "nan" => self.cursor.take(end, "k"),
            _ => self.cursor.at = end,
        }
    }

    /// Whether a value stands at `start`: an equals sign, a comma or a bracket comes before.
    fn depth_value(&self, start: usize) -> bool {
        let before = self.cursor.code[..start].trim_end_matches([' ', '\t', '\n', '\r']);
        scan::step(start - before.len());
        before.ends_with(['=', '[']) || (self.depth > 0 && before.ends_with(','))
    }
}

/// Quotes that stand before the closing ones: at most two.
fn extra(bytes: &[u8], end: usize, quote: u8) -> usize {
    bytes[end..]
        .iter()
        .take(2)
        .take_while(|&&byte| byte == quote)
        .count()
}

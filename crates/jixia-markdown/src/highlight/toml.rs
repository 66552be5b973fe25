//! TOML: tables, keys, and values over lines.

use std::ops::Range;

use super::{Sink, scan};

/// Marks a document.
pub(super) fn lex(sink: &mut Sink<'_, '_>, range: Range<usize>) {
    let Some(code) = sink.code.get(..range.end) else {
        return;
    };
    let mut toml = Toml {
        sink,
        code,
        at: range.start,
        depth: 0,
        line_start: true,
    };
    while toml.at < code.len() {
        toml.token();
    }
}

struct Toml<'c, 's, 'o> {
    sink: &'s mut Sink<'c, 'o>,
    code: &'c str,
    at: usize,
    /// Arrays and inline tables open.
    depth: u32,
    line_start: bool,
}

fn bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80
}

impl Toml<'_, '_, '_> {
    fn token(&mut self) {
        let bytes = self.code.as_bytes();
        let at = self.at;
        let byte = bytes[at];
        if matches!(byte, b' ' | b'\t' | b'\r') {
            self.at += 1;
            return;
        }
        if byte == b'\n' {
            self.line_start = true;
            self.at += 1;
            return;
        }
        scan::step(1);
        let heads = std::mem::take(&mut self.line_start) && self.depth == 0;
        match byte {
            b'#' => self.take(self.line_end(), "c"),
            b'[' if heads => self.take(self.header_end(), "m"),
            b'[' | b'{' => {
                self.depth += 1;
                self.at += 1;
            }
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.at += 1;
            }
            b'"' | b'\'' => {
                let end = self.string_end();
                let class = if self.is_key(end) { "a" } else { "s" };
                self.take(end, class);
            }
            byte if bare(byte) || byte == b'+' => self.word(),
            _ => self.at += 1,
        }
    }

    fn line_end(&self) -> usize {
        scan::line_end(self.code, self.at)
    }

    /// The end of `[table]` or `[[table]]`.
    fn header_end(&self) -> usize {
        let bytes = self.code.as_bytes();
        let limit = self.line_end();
        let mut quote = 0;
        for (at, &byte) in bytes.iter().enumerate().take(limit).skip(self.at) {
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
        let bytes = self.code.as_bytes();
        let start = self.at;
        let quote = bytes[start];
        let three = [quote; 3];
        let lines = bytes[start..].starts_with(&three);
        let mut at = start + if lines { 3 } else { 1 };
        if lines && quote == b'\'' {
            let end = scan::past(self.code, at, "'''");
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
        let rest = &self.code[scan::run(self.code, end, |byte| matches!(byte, b' ' | b'\t'))..];
        rest.starts_with('=') || rest.starts_with('.')
    }

    fn word(&mut self) {
        let bytes = self.code.as_bytes();
        let start = self.at;
        let mut end = scan::run(self.code, start + 1, bare);
        let numeric = matches!(bytes[start], b'0'..=b'9' | b'+' | b'-');
        if self.is_key(end) && !(numeric && bytes.get(end) == Some(&b'.') && self.depth_value(start)) {
            return self.take(end, "a");
        }
        if numeric {
            let part = |byte| bare(byte) || matches!(byte, b'.' | b':' | b'+');
            end = scan::run(self.code, end, part);
            // A blank between a date and a time.
            let time = bytes
                .get(end + 1..end + 4)
                .is_some_and(|time| time[2] == b':' && time[0].is_ascii_digit());
            if time && bytes.get(end) == Some(&b' ') {
                end = scan::run(self.code, end + 1, part);
            }
            return self.take(end, "n");
        }
        match &self.code[start..end] {
            "true" | "false" | "inf" | "nan" => self.take(end, "k"),
            _ => self.at = end,
        }
    }

    /// Whether a value stands at `start`: an equals sign, a comma or a bracket comes before.
    fn depth_value(&self, start: usize) -> bool {
        let before = self.code[..start].trim_end_matches([' ', '\t', '\n', '\r']);
        scan::step(start - before.len());
        before.ends_with(['=', '[']) || (self.depth > 0 && before.ends_with(','))
    }

    fn take(&mut self, end: usize, class: &'static str) {
        let end = end.min(self.code.len());
        self.sink.mark(self.at, end, class);
        self.at = end;
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

//! CSS and its dialects: a statement is a selector where a block follows it, else a declaration.

use std::ops::Range;

use super::cursor::Cursor;
use super::scan;
use super::sink::Sink;

/// Which dialect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Css,
    /// SCSS and Less: comments to the end of the line.
    Braces,
    /// Sass: lines instead of braces and semicolons.
    Lines,
}

/// The dialect of a name in lower case.
pub(super) fn flavour(name: &str) -> Option<Flavour> {
    match name {
        "css" => Some(Flavour::Css),
        "scss" | "less" | "stylus" => Some(Flavour::Braces),
        "sass" => Some(Flavour::Lines),
        _ => None,
    }
}

/// Marks a style sheet.
pub(super) fn lex(flavour: Flavour, sink: &mut Sink<'_, '_>, range: Range<usize>) {
    let Some(cursor) = Cursor::new(sink, range) else {
        return;
    };
    let mut style = Style { flavour, cursor };
    while style.cursor.is_within() {
        style.statement();
    }
}

struct Style<'c, 's, 'o> {
    flavour: Flavour,
    cursor: Cursor<'c, 's, 'o>,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80
}

impl Style<'_, '_, '_> {
    /// One statement up to its brace or semicolon.
    fn statement(&mut self) {
        let bytes = self.cursor.code.as_bytes();
        while self.cursor.at < bytes.len() {
            let byte = bytes[self.cursor.at];
            if let Some(end) = self.comment(self.cursor.at) {
                self.cursor.take(end, "c");
            } else if byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}' | b';') {
                self.cursor.at += 1;
            } else {
                break;
            }
        }
        let (end, block) = self.ahead();
        let declares = !block && bytes.get(self.cursor.at) != Some(&b'@');
        if declares || matches!(bytes.get(self.cursor.at), Some(b'$')) {
            self.property(end);
        }
        while self.cursor.at < end {
            self.token(end, block);
        }
    }

    fn comment(&self, at: usize) -> Option<usize> {
        let rest = &self.cursor.code.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            return Some(scan::past(self.cursor.code, at + 2, "*/"));
        }
        let line = self.flavour != Flavour::Css && rest.starts_with(b"//");
        line.then(|| scan::line_end(self.cursor.code, at))
    }

    /// The end of a string on its line.
    fn string_end(&self, at: usize) -> usize {
        let bytes = self.cursor.code.as_bytes();
        let mut end = at + 1;
        while let Some(&byte) = bytes.get(end) {
            match byte {
                b'\n' => return end,
                b'\\' if end + 1 < bytes.len() => end += 1,
                byte if byte == bytes[at] => return end + 1,
                _ => {}
            }
            end += 1;
            scan::step(1);
        }
        end
    }

    /// Where the statement ends, and whether a block follows.
    fn ahead(&self) -> (usize, bool) {
        let bytes = self.cursor.code.as_bytes();
        let mut at = self.cursor.at;
        let (mut parentheses, mut holes, mut colon) = (0_u32, 0_u32, false);
        while let Some(&byte) = bytes.get(at) {
            if parentheses == 0
                && let Some(end) = self.comment(at)
            {
                at = end;
                continue;
            }
            match byte {
                b'"' | b'\'' => {
                    at = self.string_end(at);
                    continue;
                }
                b'(' => parentheses += 1,
                b')' => parentheses = parentheses.saturating_sub(1),
                b'{' if at > 0 && matches!(bytes[at - 1], b'#' | b'@') => holes += 1,
                b'}' if holes > 0 => holes -= 1,
                b'{' => return (at, true),
                b'}' => return (at, false),
                b';' if parentheses == 0 => return (at, false),
                b':' => colon |= bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace),
                b'\n' if self.flavour == Flavour::Lines => return (at, !colon),
                b'\\' => at += 1,
                _ => {}
            }
            at += 1;
            scan::step(1);
        }
        (bytes.len(), false)
    }

    /// The name before the colon of a declaration.
    fn property(&mut self, end: usize) {
        let bytes = self.cursor.code.as_bytes();
        let length =
            scan::run(&self.cursor.code[..end], self.cursor.at, |byte| byte != b':') - self.cursor.at;
        let name = self.cursor.code[self.cursor.at..self.cursor.at + length].trim_end();
        if bytes.get(self.cursor.at + length) != Some(&b':')
            || !name
                .bytes()
                .all(|byte| is_word(byte) || matches!(byte, b'$' | b'*'))
        {
            return;
        }
        self.cursor
            .sink
            .mark(self.cursor.at, self.cursor.at + name.len(), "a");
        self.cursor.at += length + 1;
    }

    fn word_end(&self, from: usize) -> usize {
        scan::run(self.cursor.code, from, is_word)
    }

    /// One token of a value, a selector or an at-rule.
    fn token(&mut self, limit: usize, block: bool) {
        let at = self.cursor.at;
        let bytes = self.cursor.code.as_bytes();
        if let Some(end) = self.comment(at) {
            return self.take(end.min(limit), "c");
        }
        let next = bytes.get(at + 1).copied();
        match bytes[at] {
            b'"' | b'\'' => self.take(self.string_end(at).min(limit), "s"),
            b'@' => self.take(self.word_end(at + 1), "m"),
            b'$' => self.take(self.word_end(at + 1), "a"),
            b'!' => self.take(self.word_end(at + 1), "k"),
            b'#' if !block => {
                let end = self.word_end(at + 1);
                self.take(end.max(at + 1), if end > at + 1 { "n" } else { "" });
            }
            // A class or an id is no number and no word of ours.
            b'.' | b'#' if !next.is_some_and(|byte| byte.is_ascii_digit()) => {
                self.cursor.at = self.word_end(at + 1);
            }
            byte if byte.is_ascii_digit()
                || (byte == b'.' && next.is_some_and(|byte| byte.is_ascii_digit())) =>
            {
                let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'.' | b'%');
                let length = bytes[at + 1..].iter().take_while(part).count();
                self.take(at + 1 + length, "n");
            }
            b'-' if next.is_some_and(|byte| byte.is_ascii_digit() || byte == b'.') => self.cursor.at += 1,
            byte if is_word(byte) => self.word(limit, block),
            _ => self.cursor.at += 1,
        }
    }

    fn word(&mut self, limit: usize, block: bool) {
        let at = self.cursor.at;
        let end = self.word_end(at);
        let name = &self.cursor.code[at..end];
        let after = self.cursor.code.as_bytes().get(end);
        if after == Some(&b'(') {
            self.take(end, "f");
            if name.eq_ignore_ascii_case("url") {
                self.address(limit);
            }
        } else if name.starts_with("--") {
            self.take(end, "a");
        } else if block && matches!(name, "and" | "not" | "only" | "or" | "from" | "to") {
            self.take(end, "k");
        } else if block && after == Some(&b':') && self.cursor.code[..at].ends_with('(') {
            self.take(end, "a");
        } else {
            self.cursor.at = end;
        }
    }

    /// An address without quotes: `//` in it is no comment.
    fn address(&mut self, limit: usize) {
        let bytes = self.cursor.code.as_bytes();
        let from = self.cursor.at + 1;
        let blank = bytes[from..limit]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        let from = from + blank;
        if matches!(bytes.get(from), Some(b'"' | b'\'')) {
            self.cursor.at = from;
            return;
        }
        let end = scan::byte(&self.cursor.code[..limit], from, b')').unwrap_or(limit);
        self.cursor.sink.mark(from, end, "s");
        self.cursor.at = end;
    }

    fn take(&mut self, end: usize, class: &'static str) {
        if !class.is_empty() {
            self.cursor.sink.mark(self.cursor.at, end, class);
        }
        self.cursor.at = end;
    }
}

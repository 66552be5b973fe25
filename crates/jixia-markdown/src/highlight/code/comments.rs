//! Comments and directives.

use super::super::language::flag;
use super::super::scan;
use super::state::{Code, is_word};

impl Code<'_, '_, '_> {
    /// Where a comment that begins here ends.
    pub(super) fn comment(&self, at: usize) -> Option<usize> {
        let language = self.language;
        let rest = &self.code.as_bytes()[at..];
        for (open, close) in language.block {
            if rest.starts_with(open.as_bytes()) {
                return Some(if language.has(flag::NESTED) {
                    nested_end(self.code, at, open, close)
                } else {
                    block_end(self.code, at, open, close)
                });
            }
        }
        if let Some(end) = self.comment_of_its_own(at) {
            return Some(end);
        }
        let open = language.line.iter().find(|open| self.starts(at, open))?;
        if !self.is_comment_place(at, open) {
            return None;
        }
        if language.has(flag::LONG_BRACKETS)
            && let Some((close, from)) = self.long_open(at + open.len())
        {
            return Some(self.long_end(close, from));
        }
        let end = if language.has(flag::CONTINUED) {
            self.joined_end(at)
        } else {
            self.line_end(at)
        };
        if language.has(flag::PHP) {
            return Some(scan::find(&self.code[..end], at, "?>").unwrap_or(end));
        }
        Some(end)
    }

    /// Comments that no table describes.
    fn comment_of_its_own(&self, at: usize) -> Option<usize> {
        let rest = &self.code[at..];
        if self.language.has(flag::MATLAB) {
            if rest.starts_with("...") {
                return Some(self.line_end(at));
            }
            if self.line_start && (rest.starts_with("%{") || rest.starts_with("#{")) {
                return self.block_of_matlab(at);
            }
        }
        if self.language.has(flag::RUBY) && (at == 0 || self.code.as_bytes()[at - 1] == b'\n') {
            if rest.starts_with("=begin") {
                let end = scan::find(self.code, at, "\n=end");
                return Some(end.map_or(self.code.len(), |found| self.line_end(found + 1)));
            }
            if rest.starts_with("__END__") && matches!(rest.as_bytes().get(7), None | Some(b'\n' | b'\r')) {
                return Some(self.code.len());
            }
        }
        None
    }

    /// `%{` … `%}`, each alone on its line.
    fn block_of_matlab(&self, at: usize) -> Option<usize> {
        let mut end = self.line_end(at);
        if self.code[at + 2..end].trim_end() != "" {
            return None;
        }
        let mut depth = 1;
        while end < self.code.len() {
            let start = end + 1;
            end = self.line_end(start);
            match self.code[start..end].trim() {
                "%{" | "#{" => depth += 1,
                "%}" | "#}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        Some(end)
    }

    /// Whether a mark stands here; one that is a word is a whole word.
    pub(super) fn starts(&self, at: usize, open: &str) -> bool {
        let rest = &self.code.as_bytes()[at..];
        rest.get(..open.len()).is_some_and(|start| {
            start == open.as_bytes()
                || (self.language.has(flag::CASELESS) && start.eq_ignore_ascii_case(open.as_bytes()))
        }) && (!open.ends_with(|c: char| c.is_alphabetic())
            || !rest.get(open.len()).copied().is_some_and(is_word))
    }

    fn is_comment_place(&self, at: usize, open: &str) -> bool {
        let language = self.language;
        let bytes = self.code.as_bytes();
        if language.has(flag::SPACED_COMMENTS) {
            // In shells `#` begins a comment only at the start of a word.
            return at == 0
                || matches!(
                    bytes[at - 1],
                    b' ' | b'\t' | b'\n' | b'\r' | b';' | b'(' | b'{' | b'|' | b'&'
                );
        }
        if language.has(flag::BATCH) {
            let before = self.code[..at].trim_end_matches([' ', '\t']);
            scan::step(at - before.len());
            return self.line_start || before.ends_with(['&', '(', '@', '|']);
        }
        if language.has(flag::LOOSE_HASH) && open == "#" {
            // `#name` is a temporary table in one dialect, a comment in another.
            return self.line_start
                || !bytes
                    .get(at + 1)
                    .is_some_and(|&byte| is_word(byte) && byte < 0x80);
        }
        // `#[Attribute]`
        !(language.has(flag::PHP) && self.code[at..].starts_with("#["))
    }

    /// A directive is its line, and those that a backslash joins to it; strings and comments in it stay what they are.
    pub(super) fn directive(&mut self) -> bool {
        let code = self.code;
        let bytes = code.as_bytes();
        let start = self.at;
        let end = if self.language.has(flag::CONTINUED) {
            self.joined_end(start)
        } else {
            self.line_end(start)
        };
        let mut from = start;
        let mut at = start + 1;
        let name = code[at..end].trim_start_matches([' ', '\t']);
        let mut includes = name.starts_with("include") || name.starts_with("import");
        while at < end {
            let inner = match bytes[at] {
                b'\'' if self.language.has(flag::TICKS) => {
                    character_end(&code[at..end]).map(|length| (at + length, "s"))
                }
                b'/' | b';' | b'\'' => self.comment(at).map(|end| (end, "c")),
                b'"' => Some((string_end(bytes, at, end, b'"'), "s")),
                b'<' if std::mem::take(&mut includes) => {
                    scan::byte(&code[..end], at, b'>').map(|found| (found + 1, "s"))
                }
                _ => None,
            };
            let Some((until, class)) = inner else {
                at += 1;
                continue;
            };
            if !code[from..at].trim().is_empty() {
                self.sink.mark(from, at, "m");
            }
            self.sink.mark(at, until, class);
            from = until;
            at = until;
        }
        if at == end {
            self.sink.mark(from, end, "m");
        }
        self.at = at.max(end);
        self.expect_value();
        true
    }
}

/// Bytes of a character between quotes at the start of `rest`, an escape such as `'\n'` or `'\x41'` included.
pub(super) fn character_end(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    let (_, first) = characters.next()?;
    if first == '\\' {
        characters.next()?;
        // The longest is `'\u{10ffff}'`.
        let (end, _) = characters.take(9).find(|&(_, c)| c == '\'')?;
        return Some(end + 1);
    }
    let (end, _) = characters
        .next()
        .filter(|&(_, c)| c == '\'' && first != '\'' && first != '\n')?;
    Some(end + 1)
}

/// The end of a string that ends at `limit` at the latest.
fn string_end(bytes: &[u8], start: usize, limit: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < limit {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    limit
}

/// The end of a comment that begins at `at`, whose marks have these lengths.
fn nested_end(code: &str, at: usize, open: &str, close: &str) -> usize {
    let (Some(first), Some(last)) = (open.as_bytes().first(), close.as_bytes().first()) else {
        return code.len();
    };
    let bytes = code.as_bytes();
    let mut depth = 1_usize;
    let mut at = at + open.len();
    while let Some(found) = scan::either(code, at, *first, *last) {
        at = found;
        let rest = &bytes[at..];
        if rest.starts_with(close.as_bytes()) {
            at += close.len();
            depth -= 1;
            if depth == 0 {
                return at;
            }
        } else if rest.starts_with(open.as_bytes()) {
            at += open.len();
            depth += 1;
        } else {
            at += 1;
        }
    }
    code.len()
}

/// The end of a comment that does not nest.
fn block_end(code: &str, at: usize, open: &str, close: &str) -> usize {
    scan::past(code, at + open.len(), close)
}

//! Where the lexer is, and how it goes on.

use std::collections::VecDeque;

use super::super::language::Language;
use super::super::scan;
use super::super::sink::Sink;
use super::documents::Document;
use super::open::Frame;

/// What the last token was, which decides what `/` and `<` begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// A value can come.
    Operator,
    /// A value was there.
    Value,
    /// A name, which is a value or calls something.
    Name,
    /// A word whose parentheses are followed by a statement.
    Control,
    /// A dot: a name comes.
    Dot,
}

/// Where the lexer is in a snippet.
pub(super) struct Code<'c, 's, 'o> {
    pub(super) language: &'static Language,
    pub(super) first: &'static [bool; 256],
    pub(super) sink: &'s mut Sink<'c, 'o>,
    /// The snippet up to the end of the part.
    pub(super) code: &'c str,
    pub(super) at: usize,
    /// Whether nothing but blanks came since the line began.
    pub(super) line_start: bool,
    pub(super) before: Before,
    /// For each open parenthesis whether a statement follows it.
    pub(super) parentheses: Vec<bool>,
    pub(super) stack: Vec<Frame<'c>>,
    /// Here-documents that begin at the next line.
    pub(super) documents: VecDeque<Document<'c>>,
    /// Before this place no regular expression is closed.
    pub(super) barren: usize,
    /// Whether the code ended before its text: `?>`.
    pub(super) left: bool,
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl Code<'_, '_, '_> {
    /// After a value `/` divides.
    pub(super) fn found_value(&mut self) {
        self.before = Before::Value;
    }

    pub(super) fn expect_value(&mut self) {
        self.before = Before::Operator;
    }

    /// Marks from `start` to `end` and goes on there.
    pub(super) fn take(&mut self, start: usize, end: usize, class: &'static str) {
        self.sink.mark(start, end, class);
        self.at = end;
    }

    pub(super) fn line_end(&self, at: usize) -> usize {
        scan::line_end(self.code, at)
    }

    /// The end of a line that backslashes join to the next ones.
    pub(super) fn joined_end(&self, at: usize) -> usize {
        let bytes = self.code.as_bytes();
        let mut end = self.line_end(at);
        while end < bytes.len() {
            let line = bytes[at..end].strip_suffix(b"\r").unwrap_or(&bytes[at..end]);
            if line.last() != Some(&b'\\') {
                break;
            }
            end = self.line_end(end + 1);
        }
        end
    }

    /// The end of the word at `from`.
    pub(super) fn word_end(&self, from: usize) -> usize {
        scan::run(self.code, from, is_word)
    }
}

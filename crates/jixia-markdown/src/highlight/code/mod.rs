//! The lexer of programming languages: words, numbers and brackets; what the other files of this folder read are
//! strings with code in them, here-documents, regular expressions, elements and directives.
//!
//! One pass, never backwards. What is open (a string around code around a string) lies on a stack, so that nesting
//! costs memory in proportion to the text and no depth of calls. Whatever is not closed goes on to the end.

mod comments;
mod documents;
mod here;
mod jsx;
mod marks;
mod open;
mod prefixed;
mod regex;
mod state;
mod text;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

pub(super) use self::documents::{Document, announced};
use self::open::{Close, Frame, Text};
use self::state::{Before, Code, is_word};
use super::language::{Language, Prefix, flag};
use super::scan;
use super::sink::Sink;

/// Marks a part of a snippet. Returns where it ended: before the end of the part only at PHP's `?>`.
pub(super) fn lex(language: &'static Language, sink: &mut Sink<'_, '_>, range: Range<usize>) -> usize {
    let Some(code) = sink.code.get(..range.end) else {
        return range.end;
    };
    let lexer = Code {
        language,
        first: language.first(),
        sink,
        code,
        at: range.start,
        line_start: true,
        before: Before::Operator,
        parentheses: Vec::new(),
        stack: Vec::new(),
        documents: VecDeque::new(),
        barren: 0,
        left: false,
    };
    lexer.run()
}

impl<'c> Code<'c, '_, '_> {
    fn run(mut self) -> usize {
        while self.at < self.code.len() && !self.left {
            match self.stack.last() {
                Some(Frame::Text(text)) => {
                    let text = *text;
                    self.resume_text(text);
                }
                Some(Frame::Attributes) => self.attributes(),
                Some(Frame::Children) => self.children(),
                Some(Frame::Hole(_)) | None => self.token(),
            }
        }
        self.at
    }

    fn token(&mut self) {
        let bytes = self.code.as_bytes();
        let at = self.at;
        let byte = bytes[at];
        scan::step(1);
        match byte {
            b'\n' => return self.newline(),
            b' ' | b'\t' => {
                self.at += 1;
                return;
            }
            _ => {}
        }
        if self.first[usize::from(byte)] && self.special(byte) {
            // Taken.
        } else if byte.is_ascii_digit() {
            self.number();
        } else if is_word(byte) {
            self.word();
        } else {
            self.punctuation(byte);
        }
        self.line_start = false;
    }

    fn newline(&mut self) {
        self.line_start = true;
        match self.documents.pop_front() {
            Some(document) => self.open_document(&document),
            None => self.at += 1,
        }
    }

    /// Brackets close what is open; any other character is an operator.
    fn punctuation(&mut self, byte: u8) {
        let at = self.at;
        self.at += 1;
        if let Some(Frame::Hole(hole)) = self.stack.last_mut() {
            let any = hole.format;
            if byte == hole.close && hole.depth == 0 {
                return self.close_hole(at);
            }
            if byte == hole.open || (any && matches!(byte, b'(' | b'[')) {
                hole.depth += 1;
            } else if byte == hole.close || (any && matches!(byte, b')' | b']')) {
                hole.depth = hole.depth.saturating_sub(1);
            } else if any && byte == b':' && hole.depth == 0 {
                return self.format(at);
            }
        }
        self.before = match byte {
            b'(' => {
                self.parentheses.push(self.before == Before::Control);
                Before::Operator
            }
            b')' if self.parentheses.pop() == Some(true) => Before::Operator,
            b')' | b']' | b'}' => Before::Value,
            b'.' => Before::Dot,
            // `i++ / 2`
            b'+' | b'-' if self.code.as_bytes().get(at.wrapping_sub(1)) == Some(&byte) => self.before,
            b'+' | b'-' if self.code.as_bytes().get(at + 1) == Some(&byte) => self.before,
            _ => Before::Operator,
        };
    }

    /// Leaves a hole at its closing bracket, which the text around it takes.
    fn close_hole(&mut self, at: usize) {
        self.stack.pop();
        match self.stack.last_mut() {
            Some(Frame::Text(text)) => text.start = at,
            _ => self.found_value(),
        }
    }

    /// The format after the colon of a hole is text up to the bracket, and may have holes of its own.
    fn format(&mut self, at: usize) {
        self.stack.pop();
        let Some(Frame::Text(around)) = self.stack.last() else {
            return;
        };
        let format = Text {
            start: at,
            close: Close::Mark("}"),
            ..*around
        };
        self.open_text(format, at + 1);
    }

    fn number(&mut self) {
        let bytes = self.code.as_bytes();
        let at = self.at;
        let mut end = at + 1;
        while let Some(&byte) = bytes.get(end) {
            let next = bytes.get(end + 1);
            let part = byte.is_ascii_alphanumeric()
                || byte == b'_'
                || (byte == b'.' && next.is_some_and(u8::is_ascii_digit))
                || (byte == b'#' && self.language.has(flag::BASES))
                || (byte == b'\''
                    && self.language.has(flag::TICKS)
                    && next.is_some_and(u8::is_ascii_alphanumeric))
                || (matches!(byte, b'+' | b'-')
                    && matches!(bytes[end - 1], b'e' | b'E')
                    && !bytes[at..end].starts_with(b"0x"));
            if !part {
                break;
            }
            end += 1;
        }
        self.take(at, end, "n");
        self.found_value();
    }

    fn word(&mut self) {
        let code = self.code;
        let bytes = code.as_bytes();
        let at = self.at;
        let language = self.language;
        let dashes = language.has(flag::DASHES);
        let end = scan::run(code, at, |byte| is_word(byte) || (dashes && byte == b'-'));
        let after = bytes.get(end).copied();
        if language.prefix != Prefix::None && matches!(after, Some(b'"' | b'\'' | b'#')) && self.prefixed(end)
        {
            return;
        }
        if language.has(flag::PLC) && after == Some(b'#') && self.literal(end) {
            return;
        }
        self.at = end;
        let name = &code[at..end];
        let lower = if language.has(flag::CASELESS) && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        };
        let member = self.before == Before::Dot;
        self.before = Before::Name;
        if language.keywords.contains(&lower) && !self.within_path(at) {
            if !member && language.has(flag::REGEX | flag::JSX) {
                self.before = after_keyword(&lower);
            }
            self.sink.mark(at, end, "k");
        } else if language.types.contains(&lower) {
            self.sink.mark(at, end, "t");
        } else if after == Some(b'(') && language.has(flag::CALLS) {
            self.sink.mark(at, end, "f");
        } else if language.has(flag::CAPITALS)
            && bytes[at].is_ascii_uppercase()
            && name.bytes().any(|b| b.is_ascii_lowercase())
        {
            self.sink.mark(at, end, "t");
        } else if language.has(flag::KEYS) && after == Some(b':') {
            self.sink.mark(at, end, "a");
        }
    }

    /// `T#1h30m`, `DATE#2026-11-30`, `INT#5`: a word that says of what type the literal after it is.
    fn literal(&mut self, hash: usize) -> bool {
        let part = |byte| is_word(byte) || matches!(byte, b'.' | b':' | b'-' | b'#');
        let end = scan::run(self.code, hash + 1, part);
        let whole = end > hash + 1;
        if whole {
            self.take(self.at, end, "n");
            self.found_value();
        }
        whole
    }

    /// Whether a word of a shell is part of a path, an option or a file's name.
    fn within_path(&self, at: usize) -> bool {
        self.language.has(flag::SHELL)
            && at > 0
            && matches!(self.code.as_bytes()[at - 1], b'-' | b'/' | b'.' | b'~')
    }
}

/// What a keyword leaves to come: most expect a value, some are one.
fn after_keyword(word: &str) -> Before {
    match word {
        "this" | "super" | "null" | "undefined" | "true" | "false" | "self" | "nil" | "end" => Before::Value,
        "if" | "while" | "for" | "with" => Before::Control,
        _ => Before::Operator,
    }
}

//! Elements within JavaScript: a tag with attributes, what it holds, and code in braces in both.

use super::super::scan;
use super::open::{Close, Frame, Hole, Text};
use super::state::{Before, Code};

impl Code<'_, '_, '_> {
    /// Reads the start of an element where a value is expected; `false` if `<` compares.
    pub(super) fn element(&mut self) -> bool {
        matches!(self.before, Before::Operator | Before::Control) && self.open_tag()
    }

    /// `<Name` or `<>`.
    fn open_tag(&mut self) -> bool {
        let at = self.at;
        let bytes = self.code.as_bytes();
        match bytes.get(at + 1) {
            Some(b'>') => {
                self.take(at, at + 2, "m");
                self.stack.push(Frame::Children);
                true
            }
            Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' || *byte == b'$' => {
                let end = self.name_end(at + 1);
                // Parameters of a type: `<T,>(x: T) => x`, `<T extends U>(x: T) => x`.
                let rest = &self.code[scan::run(self.code, end, |byte| matches!(byte, b' ' | b'\t'))..];
                if rest.starts_with(',') || rest.starts_with("extends ") {
                    return false;
                }
                self.take(at, end, "m");
                self.stack.push(Frame::Attributes);
                true
            }
            _ => false,
        }
    }

    fn name_end(&self, from: usize) -> usize {
        scan::run(self.code, from, |byte| {
            super::is_word(byte) || matches!(byte, b'.' | b'-' | b':' | b'$')
        })
    }

    /// One attribute, value or mark within a tag.
    pub(super) fn attributes(&mut self) {
        let at = self.at;
        let bytes = self.code.as_bytes();
        match bytes[at] {
            b'>' => {
                self.take(at, at + 1, "m");
                self.stack.pop();
                self.stack.push(Frame::Children);
            }
            b'/' if bytes.get(at + 1) == Some(&b'>') => {
                self.take(at, at + 2, "m");
                self.leave_element();
            }
            b'{' => self.open_hole(),
            quote @ (b'"' | b'\'') => {
                let close = if quote == b'"' { "\"" } else { "'" };
                self.open_text(Text::verbatim(at, Close::Mark(close)), at + 1);
            }
            // No tag then.
            b'<' => self.leave_element(),
            byte if super::is_word(byte) || byte == b'$' => {
                let end = self.name_end(at);
                self.take(at, end, "a");
            }
            _ => self.at += 1,
        }
    }

    /// Text of an element up to the next tag or code.
    pub(super) fn children(&mut self) {
        let bytes = self.code.as_bytes();
        let Some(at) = scan::either(self.code, self.at, b'<', b'{') else {
            self.at = bytes.len();
            return;
        };
        self.at = at;
        if bytes[at] == b'{' {
            self.open_hole();
        } else if bytes.get(at + 1) == Some(&b'/') {
            let name = self.name_end(at + 2);
            let end = name + usize::from(bytes.get(name) == Some(&b'>'));
            self.take(at, end, "m");
            self.leave_element();
        } else if !self.open_tag() {
            self.at += 1;
        }
    }

    fn open_hole(&mut self) {
        self.at += 1;
        self.stack.push(Frame::Hole(Hole::of(b'{', b'}')));
        self.expect_value();
    }

    fn leave_element(&mut self) {
        self.stack.pop();
        self.found_value();
    }
}

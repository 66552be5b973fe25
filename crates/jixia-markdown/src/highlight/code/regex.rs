//! Regular expressions between slashes, told from divisions by the token before.

use super::super::language::{Escape, Holes, flag};
use super::super::scan;
use super::open::{Close, Text};
use super::state::Code;

impl Code<'_, '_, '_> {
    /// Reads a regular expression; `false` where `/` divides.
    pub(super) fn regex(&mut self) -> bool {
        let at = self.at;
        let ruby = self.language.has(flag::RUBY);
        // A line that begins with `/` after a block begins a statement.
        let statement = self.line_start && self.after_block();
        let begins = if ruby {
            self.value_may_begin(1)
        } else {
            statement || matches!(self.before, super::Before::Operator | super::Before::Control)
        };
        if !begins || at < self.barren {
            return false;
        }
        let Some(end) = self.regex_end(at + 1) else {
            // None that begins further on this line would end on it.
            self.barren = self.line_end(at);
            return false;
        };
        if ruby {
            let text = Text {
                escape: Escape::Backslash,
                holes: Holes::Hash,
                ..Text::verbatim(at, Close::Mark("/"))
            };
            self.open_text(text, at + 1);
        } else {
            let flags = self.word_end(end);
            self.take(at, flags, "s");
            self.found_value();
        }
        true
    }

    fn after_block(&self) -> bool {
        self.before == super::Before::Value && self.code[..self.at].trim_end().ends_with('}')
    }

    /// Where the expression that begins at `from` ends, on its line: at a slash that is neither escaped nor in brackets.
    fn regex_end(&self, from: usize) -> Option<usize> {
        let bytes = self.code.as_bytes();
        let mut class = false;
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\n' => return None,
                b'\\' if bytes.get(at + 1).is_some_and(|&next| next != b'\n') => at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => return Some(at + 1),
                _ => {}
            }
            at += 1;
            scan::step(1);
        }
        None
    }
}

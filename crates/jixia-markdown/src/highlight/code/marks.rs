//! What begins with a mark: decorators, variables, and the quotes of the tables.

use super::super::language::{Escape, HereDocuments, Holes, Prefix, Quote, flag};
use super::super::scan;
use super::open::{Close, Frame, Hole, Text};
use super::state::{Before, Code, is_word};

impl<'c> Code<'c, '_, '_> {
    /// Reads what begins with a mark; `false` if it is none here.
    pub(super) fn special(&mut self, byte: u8) -> bool {
        let at = self.at;
        if let Some(end) = self.comment(at) {
            self.take(at, end, "c");
            return true;
        }
        let language = self.language;
        let known = match byte {
            b'#' if language.has(flag::HASHED) && self.hashed() => true,
            b'#' if language.has(flag::DIRECTIVES) && self.line_start => self.directive(),
            b'#' if language.has(flag::PLC) => self.named("a"),
            b'@' => self.at_sign(),
            b'$' => self.dollar(),
            b'%' => self.percent(),
            b'`' if language.has(flag::TICK_DIRECTIVES) => self.named("m"),
            b'/' if language.has(flag::REGEX) => self.regex(),
            b'<' if language.documents != HereDocuments::None && self.code[at..].starts_with("<<") => {
                self.announce()
            }
            b'<' if language.has(flag::JSX) => self.element(),
            b'[' if language.has(flag::LONG_BRACKETS) => self.long_bracket(),
            b'\\' if language.has(flag::SHELL | flag::MAKE) => self.escape(),
            b'(' if language.has(flag::SHELL) => self.arithmetic(),
            b'?' if language.has(flag::PHP) && self.code[at..].starts_with("?>") => {
                self.left = true;
                true
            }
            b'?' if language.has(flag::RUBY) => self.character_of_ruby(),
            b':' | b'!' if language.has(flag::BATCH) => self.batch(byte),
            b'\'' if language.prefix == Prefix::Rust => self.character_of_rust(at),
            b'\'' if language.has(flag::AFTERTICK) && self.after_value() => {
                self.at += 1;
                true
            }
            b'"' if language.has(flag::CSHARP) => self.raw_of_csharp(at, 0),
            _ => false,
        };
        known || self.quoted()
    }

    /// Whether the character before belongs to a value.
    fn after_value(&self) -> bool {
        self.at > 0
            && matches!(self.code.as_bytes()[self.at - 1], byte if is_word(byte) || matches!(byte, b')' | b']' | b'}' | b'\'' | b'.'))
    }

    /// A mark and the name after it; without a name it is none.
    fn named(&mut self, class: &'static str) -> bool {
        let end = self.word_end(self.at + 1);
        if end == self.at + 1 {
            return false;
        }
        self.take(self.at, end, class);
        self.found_value();
        true
    }

    fn at_sign(&mut self) -> bool {
        let language = self.language;
        if language.has(flag::CSHARP) && self.string_of_csharp() {
            return true;
        }
        if language.documents == HereDocuments::PowerShell {
            return self.here_string();
        }
        if language.has(flag::RUBY) {
            let class = self.code[self.at..].starts_with("@@");
            let end = self.word_end(self.at + 1 + usize::from(class));
            self.take(self.at, end, "a");
            self.found_value();
            return true;
        }
        let here =
            language.has(flag::DECORATORS) && (self.line_start || !language.has(flag::LINE_DECORATORS));
        here && {
            let end = self.word_end(self.at + 1);
            self.take(self.at, end, "m");
            true
        }
    }

    fn dollar(&mut self) -> bool {
        let language = self.language;
        let at = self.at;
        let next = self.code.as_bytes().get(at + 1).copied();
        if language.has(flag::CSHARP) {
            return self.string_of_csharp();
        }
        if language.has(flag::DOLLAR_STRINGS) && next == Some(b'"') {
            let quote = Quote {
                open: "\"",
                close: "\"",
                escape: Escape::Doubled,
                lines: false,
                holes: Holes::Braces(1),
            };
            self.open_text(Text::quoted(at, &quote), at + 2);
            return true;
        }
        if language.has(flag::DOLLAR_QUOTES) && self.dollar_quoted() {
            return true;
        }
        if language.has(flag::SHELL) {
            return self.dollar_of_shell(next);
        }
        if !language.has(flag::VARIABLES) {
            return false;
        }
        let close = match next {
            Some(b'{') => Some((b'{', b'}')),
            Some(b'(') if language.has(flag::MAKE) => Some((b'(', b')')),
            _ => None,
        };
        if let Some((open, close)) = close {
            let text = Text {
                escape: Escape::Backslash,
                lines: false,
                class: "a",
                ..Text::verbatim(at, Close::Bracket { open, close })
            };
            self.open_text(text, at + 2);
            return true;
        }
        let end = match next {
            Some(b'@' | b'<' | b'^' | b'?' | b'*' | b'+' | b'$') if language.has(flag::MAKE) => at + 2,
            _ => self.word_end(at + 1),
        };
        if end > at + 1 {
            self.sink.mark(at, end, "a");
        }
        self.at = end;
        self.found_value();
        true
    }

    /// `$name`, `$?`, `${…}`, `$(…)`, `$'…'`.
    fn dollar_of_shell(&mut self, next: Option<u8>) -> bool {
        let at = self.at;
        match next {
            Some(b'{') => {
                let text = self.expansion(at);
                self.open_text(text, at + 2);
            }
            Some(b'(') => {
                self.at += 2;
                let arithmetic = self.code[self.at..].starts_with('(');
                self.stack.push(Frame::Hole(Hole {
                    arithmetic,
                    ..Hole::of(b'(', b')')
                }));
                self.expect_value();
            }
            Some(b'\'') => {
                let text = Text {
                    escape: Escape::Backslash,
                    ..Text::verbatim(at, Close::Mark("'"))
                };
                self.open_text(text, at + 2);
            }
            Some(b'@' | b'*' | b'#' | b'?' | b'!' | b'$' | b'-' | b'0'..=b'9') => self.take(at, at + 2, "a"),
            _ => {
                let end = self.word_end(at + 1);
                if end > at + 1 {
                    self.sink.mark(at, end, "a");
                }
                self.at = end;
            }
        }
        true
    }

    /// `$tag$ … $tag$`.
    fn dollar_quoted(&mut self) -> bool {
        let at = self.at;
        let end = self.word_end(at + 1);
        if self.code.as_bytes().get(end) != Some(&b'$') {
            return false;
        }
        let tag = &self.code[at..=end];
        self.open_text(Text::verbatim(at, Close::Mark(tag)), end + 1);
        true
    }

    fn percent(&mut self) -> bool {
        let at = self.at;
        let bytes = self.code.as_bytes();
        let language = self.language;
        if language.has(flag::RUBY) {
            return self.percent_of_ruby();
        }
        if language.has(flag::PLC) {
            if bytes.get(at + 1).is_none_or(|byte| !byte.is_ascii_alphabetic()) {
                return false;
            }
            let end = scan::run(self.code, at + 1, |byte| is_word(byte) || byte == b'.');
            self.take(at, end, "a");
            self.found_value();
            return true;
        }
        language.has(flag::BATCH) && self.batch(b'%')
    }

    /// `%name%`, `%1`, `%%i`, `%~dp0`, `!name!`, `:label`.
    fn batch(&mut self, byte: u8) -> bool {
        let at = self.at;
        let bytes = self.code.as_bytes();
        let end = match byte {
            b':' => {
                let end = self.word_end(at + 1);
                if !self.line_start || end == at + 1 {
                    return false;
                }
                self.take(at, end, "f");
                return true;
            }
            b'%' if bytes.get(at + 1) == Some(&b'%') => self.word_end(at + 2),
            b'%' if bytes
                .get(at + 1)
                .is_some_and(|&byte| byte.is_ascii_digit() || byte == b'*') =>
            {
                at + 2
            }
            b'%' if bytes.get(at + 1) == Some(&b'~') => self.word_end(at + 2),
            mark => {
                let name = |byte| is_word(byte) || matches!(byte, b':' | b'~' | b'-' | b',' | b'=');
                let end = scan::run(self.code, at + 1, name);
                if end == at + 1 || bytes.get(end) != Some(&mark) {
                    return false;
                }
                end + 1
            }
        };
        self.take(at, end, "a");
        true
    }

    /// A backslash outside strings takes the next character, a line's end apart.
    fn escape(&mut self) -> bool {
        let next = self.code[self.at + 1..].chars().next();
        self.at += 1 + next.filter(|&c| c != '\n').map_or(0, char::len_utf8);
        true
    }

    pub(super) fn in_arithmetic(&self) -> bool {
        matches!(self.stack.last(), Some(Frame::Hole(hole)) if hole.arithmetic)
    }

    /// `((`.
    fn arithmetic(&mut self) -> bool {
        if self.in_arithmetic() || !self.code[self.at..].starts_with("((") {
            return false;
        }
        self.at += 1;
        self.stack.push(Frame::Hole(Hole {
            arithmetic: true,
            ..Hole::of(b'(', b')')
        }));
        true
    }

    /// The mark that closes a long bracket which begins at `at`, and where its text begins.
    pub(super) fn long_open(&self, at: usize) -> Option<(Close<'c>, usize)> {
        self.code.as_bytes().get(at..)?.strip_prefix(b"[")?;
        let end = scan::run(self.code, at + 1, |byte| byte == b'=');
        let count = end - at - 1;
        let close = Close::Run {
            first: "]",
            byte: b'=',
            count,
            last: Some(b']'),
        };
        (self.code.as_bytes().get(end) == Some(&b'[')).then_some((close, end + 1))
    }

    pub(super) fn long_end(&self, close: Close<'c>, from: usize) -> usize {
        let mut text = Text::verbatim(from, close);
        self.text_end(&mut text, from)
    }

    fn long_bracket(&mut self) -> bool {
        let at = self.at;
        let Some((close, from)) = self.long_open(at) else {
            return false;
        };
        self.open_text(Text::verbatim(at, close), from);
        true
    }

    /// A string of the language's tables.
    fn quoted(&mut self) -> bool {
        let at = self.at;
        let Some(quote) = self.quote_at(at) else {
            return false;
        };
        let from = at + quote.open.len();
        let text = Text::quoted(at, quote);
        if !self.language.has(flag::KEYS) {
            self.open_text(text, from);
            return true;
        }
        let mut text = text;
        let end = self.text_end(&mut text, from);
        let after = scan::run(self.code, end, |byte| byte.is_ascii_whitespace());
        let key = self.code.as_bytes().get(after) == Some(&b':');
        self.take(at, end, if key { "a" } else { "s" });
        self.found_value();
        true
    }

    pub(super) fn quote_at(&self, at: usize) -> Option<&'static Quote> {
        let language = self.language;
        language.quotes.iter().find(|quote| self.starts(at, quote.open))
    }

    /// Whether a value may begin here: after an operator, or after a name that calls it, which a blank before and none
    /// after the mark of so many bytes tells.
    pub(super) fn value_may_begin(&self, mark: usize) -> bool {
        let blank = |at: usize| {
            matches!(
                self.code.as_bytes().get(at),
                None | Some(b' ' | b'\t' | b'\n' | b'\r')
            )
        };
        match self.before {
            Before::Operator | Before::Control => true,
            Before::Name => self.at > 0 && blank(self.at - 1) && !blank(self.at + mark),
            Before::Value | Before::Dot => false,
        }
    }
}

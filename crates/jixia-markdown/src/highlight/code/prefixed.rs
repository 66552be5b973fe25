//! Strings that a prefix of letters, `#`, `@`, `$` or `%` makes different, each language in its own way.

use super::super::language::{Escape, Holes, Prefix};
use super::super::scan;
use super::comments::character_end;
use super::open::{Close, Text};
use super::state::{Before, Code};

impl Code<'_, '_, '_> {
    /// Reads a string whose prefix is the word from here to `end`; `false` if the word is none.
    pub(super) fn prefixed(&mut self, end: usize) -> bool {
        let word = &self.code[self.at..end];
        match self.language.prefix {
            Prefix::C => {
                word.ends_with('R') && matches!(word, "R" | "LR" | "uR" | "UR" | "u8R") && self.raw_of_c(end)
            }
            Prefix::Python => self.string_of_python(end),
            Prefix::Rust => self.string_of_rust(end),
            Prefix::Dart => word == "r" && self.plain_quote(end, Escape::None),
            Prefix::R => matches!(word, "r" | "R") && self.raw_of_r(end),
            Prefix::Sql => self.string_of_sql(end),
            Prefix::None => false,
        }
    }

    /// A string of the tables from its prefix on, with another way of escaping and no code in it.
    fn plain_quote(&mut self, at: usize, escape: Escape) -> bool {
        let Some(quote) = self.quote_at(at) else {
            return false;
        };
        let text = Text {
            escape,
            holes: Holes::None,
            ..Text::quoted(self.at, quote)
        };
        self.open_text(text, at + quote.open.len());
        true
    }

    /// `R"x(…)x"`.
    fn raw_of_c(&mut self, end: usize) -> bool {
        let code = self.code;
        let Some(rest) = code[end..].strip_prefix('"') else {
            return false;
        };
        // At most 16 characters, none of them a blank, a parenthesis or a backslash.
        let name = rest
            .bytes()
            .take(17)
            .position(|byte| matches!(byte, b'(' | b')' | b' ' | b'\\' | b'\n' | b'"'));
        let Some(length) = name.filter(|&length| rest.as_bytes()[length] == b'(') else {
            return false;
        };
        let close = Close::Raw(&rest[..length]);
        self.open_text(Text::verbatim(self.at, close), end + length + 2);
        true
    }

    fn string_of_python(&mut self, end: usize) -> bool {
        let word = &self.code.as_bytes()[self.at..end];
        let letters = |letter: u8| {
            word.iter()
                .filter(|byte| byte.to_ascii_lowercase() == letter)
                .count()
        };
        let known = word.len() <= 2
            && letters(b'r') + letters(b'b') + letters(b'u') + letters(b'f') + letters(b't') == word.len();
        if !known {
            return false;
        }
        let (raw, format) = (letters(b'r') > 0, letters(b'f') + letters(b't') > 0);
        let Some(quote) = self.quote_at(end) else {
            return false;
        };
        let text = Text {
            escape: if raw { Escape::Raw } else { Escape::Backslash },
            holes: if format { Holes::Braces(1) } else { Holes::None },
            ..Text::quoted(self.at, quote)
        };
        self.open_text(text, end + quote.open.len());
        true
    }

    /// `r"…"`, `r#"…"#`, `b"…"`, `b'x'`, `r#name`.
    fn string_of_rust(&mut self, end: usize) -> bool {
        let code = self.code;
        let rest = &code[end..];
        match &code[self.at..end] {
            "r" | "br" | "cr" => {
                let count = scan::run(code, end, |byte| byte == b'#') - end;
                if rest[count..].starts_with('"') {
                    let close = Close::Run {
                        first: "\"",
                        byte: b'#',
                        count,
                        last: None,
                    };
                    self.open_text(Text::verbatim(self.at, close), end + count + 1);
                    return true;
                }
                // A name that would be a keyword, or hashes of a macro.
                self.at = self.word_end(end + count);
                self.before = Before::Name;
                true
            }
            "b" | "c" if rest.starts_with('"') => self.plain_quote(end, Escape::Backslash),
            "b" if rest.starts_with('\'') => self.character_of_rust(end),
            _ => false,
        }
    }

    /// A character whose quote is at `quote`, or a lifetime.
    pub(super) fn character_of_rust(&mut self, quote: usize) -> bool {
        let (end, class) = match character_end(&self.code[quote..]) {
            Some(length) => (quote + length, "s"),
            None => (self.word_end(quote + 1), "a"),
        };
        if end == quote + 1 {
            return false;
        }
        self.take(self.at, end, class);
        self.found_value();
        true
    }

    /// `r"---(…)---"`, also with `[` or `{`.
    fn raw_of_r(&mut self, end: usize) -> bool {
        let rest = &self.code.as_bytes()[end..];
        let quote = rest[0];
        let dashes = scan::run(self.code, end + 1, |byte| byte == b'-') - end - 1;
        let first = match rest.get(1 + dashes) {
            Some(b'(') => ")",
            Some(b'[') => "]",
            Some(b'{') => "}",
            _ => return false,
        };
        let close = Close::Run {
            first,
            byte: b'-',
            count: dashes,
            last: Some(quote),
        };
        self.open_text(Text::verbatim(self.at, close), end + dashes + 2);
        true
    }

    /// `E'…'` knows backslashes; `q'[…]'` ends at its bracket and a quote; `N'…'`, `B'…'`, `X'…'` are as without.
    fn string_of_sql(&mut self, end: usize) -> bool {
        let code = self.code;
        if !code[end..].starts_with('\'') {
            return false;
        }
        let word = &code[self.at..end];
        if word.eq_ignore_ascii_case("e") {
            return self.plain_quote(end, Escape::BackslashOrDoubled);
        }
        if !word.eq_ignore_ascii_case("q") && !word.eq_ignore_ascii_case("nq") {
            return false;
        }
        let close = match code[end + 1..].chars().next() {
            Some('[') => "]'",
            Some('(') => ")'",
            Some('{') => "}'",
            Some('<') => ">'",
            Some('!') => "!'",
            Some('|') => "|'",
            Some('~') => "~'",
            Some('#') => "#'",
            _ => return false,
        };
        self.open_text(Text::verbatim(self.at, Close::Mark(close)), end + 2);
        true
    }

    /// `@"…"`, `$"…"`, `$@"…"`, `$$"""…"""`.
    pub(super) fn string_of_csharp(&mut self) -> bool {
        let at = self.at;
        let rest = &self.code.as_bytes()[at..];
        let marks = scan::run(self.code, at, |byte| matches!(byte, b'$' | b'@')) - at;
        let dollars = rest[..marks].iter().filter(|&&byte| byte == b'$').count();
        if rest.get(marks) != Some(&b'"') {
            // `@class` is a name; more marks than that are nothing.
            self.at = self.word_end(at + marks);
            self.before = Before::Name;
            return true;
        }
        if dollars == marks && self.raw_of_csharp(at + marks, dollars) {
            return true;
        }
        let verbatim = dollars < marks;
        let text = Text {
            escape: if verbatim {
                Escape::Doubled
            } else {
                Escape::Backslash
            },
            lines: verbatim,
            holes: if dollars > 0 {
                Holes::Braces(1)
            } else {
                Holes::None
            },
            ..Text::verbatim(at, Close::Mark("\""))
        };
        self.open_text(text, at + marks + 1);
        true
    }

    /// Three quotes or more, closed by as many.
    pub(super) fn raw_of_csharp(&mut self, quotes: usize, dollars: usize) -> bool {
        let run = scan::run(self.code, quotes, |byte| byte == b'"') - quotes;
        if run < 3 {
            return false;
        }
        let close = Close::Run {
            first: "\"",
            byte: b'"',
            count: run - 1,
            last: None,
        };
        let holes = match u8::try_from(dollars) {
            Ok(0) | Err(_) => Holes::None,
            Ok(count) => Holes::Braces(count),
        };
        let text = Text {
            holes,
            ..Text::verbatim(self.at, close)
        };
        self.open_text(text, quotes + run);
        true
    }

    /// `#"…"#`, `##"""…"""##`: as many `#` at the end, and after a backslash.
    pub(super) fn hashed(&mut self) -> bool {
        let at = self.at;
        let rest = &self.code.as_bytes()[at..];
        let count = scan::run(self.code, at, |byte| byte == b'#') - at;
        let first = if rest[count..].starts_with(b"\"\"\"") {
            "\"\"\""
        } else if rest.get(count) == Some(&b'"') {
            "\""
        } else if count > 1 {
            self.at += count;
            return true;
        } else {
            return false;
        };
        let close = Close::Run {
            first,
            byte: b'#',
            count,
            last: None,
        };
        let text = Text {
            holes: Holes::Paren(count),
            lines: first.len() == 3,
            ..Text::verbatim(at, close)
        };
        self.open_text(text, at + count + first.len());
        true
    }

    /// `%w[…]`, `%q(…)`, `%r{…}`, `%(…)`: brackets nest, any other mark closes itself.
    pub(super) fn percent_of_ruby(&mut self) -> bool {
        let at = self.at;
        let bytes = self.code.as_bytes();
        let letter = bytes
            .get(at + 1)
            .filter(|byte| byte.is_ascii_alphabetic())
            .copied();
        let mark = at + 1 + usize::from(letter.is_some());
        let Some(&open) = bytes.get(mark) else {
            return false;
        };
        let known = letter.is_none_or(|letter| b"wWiIqQrsx".contains(&letter));
        if !known || !open.is_ascii_punctuation() || open == b'\\' || !self.value_may_begin(1) {
            return false;
        }
        let close = match open {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b'<' => b'>',
            other => other,
        };
        let literal = letter.is_some_and(|letter| b"wiqs".contains(&letter));
        let text = Text {
            escape: Escape::Backslash,
            holes: if literal { Holes::None } else { Holes::Hash },
            ..Text::verbatim(at, Close::Bracket { open, close })
        };
        self.open_text(text, mark + 1);
        true
    }

    /// `?x`, a character where a value is expected.
    pub(super) fn character_of_ruby(&mut self) -> bool {
        let at = self.at;
        let mut after = self.code[at + 1..].chars();
        let (Some(character), next) = (after.next(), after.next()) else {
            return false;
        };
        let whole = !next.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if self.before != Before::Operator || character.is_whitespace() || !whole {
            return false;
        }
        self.take(at, at + 1 + character.len_utf8(), "s");
        self.found_value();
        true
    }
}

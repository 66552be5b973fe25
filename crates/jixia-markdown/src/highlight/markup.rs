//! HTML, XML and what is embedded in them: scripts, styles, PHP.

use std::ops::Range;

use super::cursor::Cursor;
use super::sink::Sink;
use super::{code, css, languages, scan};

/// What kind of markup.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The content of some elements is no markup.
    Html,
    Xml,
    /// HTML with code between `<?php` and `?>`.
    Php,
}

/// Marks tags, attributes, values and comments, and what is embedded.
pub(super) fn lex(kind: Kind, sink: &mut Sink<'_, '_>, range: Range<usize>) {
    let Some(cursor) = Cursor::new(sink, range) else {
        return;
    };
    let mut markup = Markup { kind, cursor };
    while let Some(found) = scan::byte(markup.cursor.code, markup.cursor.at, b'<') {
        markup.cursor.at = found;
        markup.construct();
    }
}

struct Markup<'c, 's, 'o> {
    kind: Kind,
    cursor: Cursor<'c, 's, 'o>,
}

/// How the content of an element is read.
enum Content {
    Markup,
    /// Neither tags nor a language that we know.
    Plain,
    Language(&'static str),
    Style(css::Flavour),
}

/// Whether a character ends a name in a tag.
fn ends_name(c: char) -> bool {
    c.is_whitespace() || matches!(c, '>' | '=' | '"' | '\'' | '<' | '/')
}

impl Markup<'_, '_, '_> {
    /// What a `<` begins.
    fn construct(&mut self) {
        let start = self.cursor.at;
        let rest = &self.cursor.code[start..];
        if rest.starts_with("<!--") {
            self.until("-->", "c");
        } else if rest.starts_with("<![CDATA[") {
            self.cursor.sink.mark(start, start + 9, "m");
            self.cursor.at = scan::past(self.cursor.code, start, "]]>");
            if self.cursor.code[start + 9..self.cursor.at].ends_with("]]>") {
                self.cursor.sink.mark(self.cursor.at - 3, self.cursor.at, "m");
            }
        } else if rest.starts_with("<?") {
            if !self.php() {
                self.until("?>", "m");
            }
        } else if rest.starts_with("<!") {
            self.declaration();
        } else if rest[1..]
            .trim_start_matches('/')
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
        {
            self.tag();
        } else {
            // A row of slashes is looked at once.
            self.cursor.at += rest.len() - rest[1..].trim_start_matches('/').len();
        }
    }

    /// Marks up to and with `close`, or to the end.
    fn until(&mut self, close: &str, class: &'static str) {
        let start = self.cursor.at;
        self.cursor.at = scan::past(self.cursor.code, start, close);
        self.cursor.sink.mark(start, self.cursor.at, class);
    }

    /// `<!DOCTYPE …>`, with declarations of its own between brackets.
    fn declaration(&mut self) {
        let bytes = self.cursor.code.as_bytes();
        let mut at = self.cursor.at + 2;
        let mut depth = 0_u32;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'"' | b'\'' => {
                    at = scan::byte(self.cursor.code, at + 1, byte).map_or(bytes.len(), |end| end + 1);
                    continue;
                }
                b'<' if bytes[at..].starts_with(b"<!--") => {
                    at = scan::past(self.cursor.code, at, "-->");
                    continue;
                }
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                b'>' if depth == 0 => {
                    at += 1;
                    break;
                }
                _ => {}
            }
            at += 1;
            scan::step(1);
        }
        self.cursor.sink.mark(self.cursor.at, at, "m");
        self.cursor.at = at;
    }

    /// Code between `<?php` and `?>`.
    fn php(&mut self) -> bool {
        let start = self.cursor.at;
        let rest = &self.cursor.code[start..];
        let length = match rest.get(..5) {
            Some(word) if word.eq_ignore_ascii_case("<?php") => 5,
            _ if rest.starts_with("<?=") => 3,
            Some("<?xml") => return false,
            _ => 2,
        };
        let Some(language) = languages::find("php").filter(|_| self.kind == Kind::Php) else {
            return false;
        };
        self.cursor.sink.mark(start, start + length, "m");
        let end = code::lex(language, self.cursor.sink, start + length..self.cursor.code.len());
        self.cursor.at = (end + 2).min(self.cursor.code.len());
        self.cursor.sink.mark(end, self.cursor.at, "m");
        true
    }

    /// Reads a tag, and after the start of some elements what they hold.
    fn tag(&mut self) {
        let start = self.cursor.at;
        let rest = &self.cursor.code[start + 1..];
        let slashes = rest.len() - rest.trim_start_matches('/').len();
        let name = &rest[slashes..];
        let name = &name[..name.find(ends_name).unwrap_or(name.len())];
        self.cursor.at = start + 1 + slashes + name.len();
        self.cursor.sink.mark(start, self.cursor.at, "m");
        let mut content = if slashes > 0 {
            Content::Markup
        } else {
            self.content(name)
        };
        let open = self.attributes(&mut content);
        if open {
            self.raw(name, &content);
        }
    }

    fn content(&self, name: &str) -> Content {
        let is = |other| name.eq_ignore_ascii_case(other);
        if self.kind == Kind::Xml {
            Content::Markup
        } else if is("script") {
            Content::Language("js")
        } else if is("style") {
            Content::Style(css::Flavour::Css)
        } else if is("textarea") || is("title") {
            Content::Plain
        } else {
            Content::Markup
        }
    }

    /// Reads attributes up to the end of the tag. Returns whether the element is open then.
    fn attributes(&mut self, content: &mut Content) -> bool {
        let code = self.cursor.code;
        let mut name = "";
        while let Some(c) = code[self.cursor.at..].chars().next() {
            let at = self.cursor.at;
            let rest = &code[at..];
            match c {
                '>' => {
                    self.cursor.at += 1;
                    self.cursor.sink.mark(at, at + 1, "m");
                    return true;
                }
                '/' if rest.starts_with("/>") => {
                    self.cursor.at += 2;
                    self.cursor.sink.mark(at, at + 2, "m");
                    return false;
                }
                '<' if rest.starts_with("<?") && self.php() => {}
                '<' => return false,
                '=' => {
                    self.cursor.at += 1 + rest[1..].len() - rest[1..].trim_start().len();
                    let value = self.value();
                    specified(name, value, content);
                }
                '"' | '\'' => {
                    self.string(c);
                }
                c if c.is_whitespace() || c == '/' => self.cursor.at += c.len_utf8(),
                _ => {
                    name = &rest[..rest.find(ends_name).unwrap_or(rest.len())];
                    self.cursor.at += name.len();
                    self.cursor.sink.mark(at, self.cursor.at, "a");
                }
            }
        }
        false
    }

    /// The value of an attribute, in quotes or not.
    fn value(&mut self) -> &str {
        let at = self.cursor.at;
        let rest = &self.cursor.code[at..];
        match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => self.string(quote),
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, '>' | '<'))
                    .unwrap_or(rest.len());
                self.cursor.sink.mark(at, at + end, "s");
                self.cursor.at += end;
                &self.cursor.code[at..at + end]
            }
        }
    }

    /// A value in quotes, with PHP in it.
    fn string(&mut self, quote: char) -> &str {
        let bytes = self.cursor.code.as_bytes();
        let start = self.cursor.at;
        let mut from = start;
        let mut at = start + 1;
        let close = quote as u8;
        while let Some(found) = scan::either(self.cursor.code, at, close, b'<') {
            at = found;
            if bytes[at] == close {
                self.cursor.sink.mark(from, at + 1, "s");
                self.cursor.at = at + 1;
                return &self.cursor.code[start + 1..at];
            }
            if self.kind == Kind::Php && bytes[at..].starts_with(b"<?") {
                self.cursor.sink.mark(from, at, "s");
                self.cursor.at = at;
                self.php();
                at = self.cursor.at;
                from = at;
            } else {
                at += 1;
            }
        }
        self.cursor.sink.mark(from, bytes.len(), "s");
        self.cursor.at = bytes.len();
        ""
    }

    /// What an element holds that is no markup, up to its end tag.
    fn raw(&mut self, name: &str, content: &Content) {
        if matches!(content, Content::Markup) {
            return;
        }
        let start = self.cursor.at;
        let bytes = self.cursor.code.as_bytes();
        let mut end = start;
        while let Some(found) = scan::byte(self.cursor.code, end, b'<') {
            end = found;
            let after = bytes.get(end + 2..end + 2 + name.len());
            if bytes.get(end + 1) == Some(&b'/')
                && after.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
            {
                break;
            }
            end += 1;
        }
        if bytes.get(end) != Some(&b'<') {
            end = bytes.len();
        }
        match content {
            Content::Language(language) => {
                if let Some(language) = languages::find(language) {
                    code::lex(language, self.cursor.sink, start..end);
                }
            }
            Content::Style(flavour) => css::lex(*flavour, self.cursor.sink, start..end),
            Content::Markup | Content::Plain => {}
        }
        self.cursor.at = end;
    }
}

/// What the attributes `type` and `lang` say of an element's content.
fn specified(name: &str, value: &str, content: &mut Content) {
    let lang = name.eq_ignore_ascii_case("lang");
    if !lang && !name.eq_ignore_ascii_case("type") {
        return;
    }
    let value = value.to_ascii_lowercase();
    *content = match content {
        Content::Language(_) if lang && value.starts_with("ts") => Content::Language("ts"),
        Content::Language(_) if value.contains("json") || value == "importmap" => Content::Language("json"),
        Content::Language(_)
            if lang || value.contains("script") || matches!(value.as_str(), "" | "module" | "text/babel") =>
        {
            return;
        }
        Content::Language(_) => Content::Plain,
        Content::Style(_) if lang => Content::Style(css::flavour(&value).unwrap_or(css::Flavour::Css)),
        _ => return,
    };
}

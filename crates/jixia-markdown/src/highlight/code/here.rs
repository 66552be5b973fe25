//! Here-documents: announced on one line, they begin at the next, several in a row.

use super::super::language::{Escape, HereDocuments, Holes};
use super::super::scan;
use super::documents::{Document, announced};
use super::open::{Blanks, Close, Rest, Text};
use super::state::Code;

impl<'c> Code<'c, '_, '_> {
    /// Reads the announcement of a here-document, if there is one.
    pub(super) fn announce(&mut self) -> bool {
        let at = self.at;
        let style = self.language.documents;
        let code = self.code;
        if style == HereDocuments::PowerShell {
            return false;
        }
        // `<<<` of a shell takes a string, and in arithmetic `<<` shifts.
        let other = style == HereDocuments::Shell && (code[at..].starts_with("<<<") || self.in_arithmetic());
        if other {
            self.at += code[at..]
                .bytes()
                .take(3)
                .take_while(|&byte| byte == b'<')
                .count();
            self.expect_value();
            return true;
        }
        if style == HereDocuments::Ruby && !self.value_may_begin(2) {
            return false;
        }
        let Some((document, length)) = announced(style, &code[at..]) else {
            return false;
        };
        self.documents.push_back(document);
        self.take(at, at + length, "s");
        self.found_value();
        true
    }

    /// Begins a here-document at the end of the line that announced it.
    pub(super) fn open_document(&mut self, document: &Document<'c>) {
        let newline = self.at;
        self.open_text(document.text(newline), newline);
    }

    /// `@"` or `@'` at the end of a line.
    pub(super) fn here_string(&mut self) -> bool {
        let at = self.at;
        let code = self.code;
        let rest = &code[at..];
        let (tag, escape, holes) = if rest.starts_with("@\"") {
            ("\"@", Escape::Backtick, Holes::PowerShell)
        } else if rest.starts_with("@'") {
            ("'@", Escape::None, Holes::None)
        } else {
            return false;
        };
        let end = scan::run(code, at + 2, |byte| matches!(byte, b' ' | b'\t' | b'\r'));
        if !code[end..].starts_with('\n') {
            return false;
        }
        let text = Text {
            escape,
            holes,
            ..Text::verbatim(
                at,
                Close::Line {
                    tag,
                    blanks: Blanks::None,
                    rest: Rest::Any,
                },
            )
        };
        self.open_text(text, end);
        true
    }
}

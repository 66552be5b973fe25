//! How here-documents are announced, and where they end.

use super::super::language::{Escape, HereDocuments, Holes};
use super::super::scan;
use super::open::{Blanks, Close, Rest, Text};

/// A here-document that is announced.
pub(in super::super) struct Document<'c> {
    tag: &'c str,
    blanks: Blanks,
    rest: Rest,
    escape: Escape,
    holes: Holes,
}

/// Reads what announces a here-document at the start of `rest`; with its bytes.
pub(in super::super) fn announced(style: HereDocuments, rest: &str) -> Option<(Document<'_>, usize)> {
    let (mark, blanks) = match style {
        HereDocuments::None | HereDocuments::PowerShell => return None,
        HereDocuments::Php => ("<<<", Blanks::Any),
        HereDocuments::Shell if rest.starts_with("<<-") => ("<<-", Blanks::Tabs),
        HereDocuments::Ruby if rest.starts_with("<<-") => ("<<-", Blanks::Any),
        HereDocuments::Ruby if rest.starts_with("<<~") => ("<<~", Blanks::Any),
        HereDocuments::Shell | HereDocuments::Ruby => ("<<", Blanks::None),
    };
    let after = rest.strip_prefix(mark)?;
    // Between mark and name a shell and PHP allow blanks; in Ruby it is then another operator.
    let name = if style == HereDocuments::Ruby {
        after
    } else {
        &after[scan::run(after, 0, |byte| matches!(byte, b' ' | b'\t'))..]
    };
    let skipped = rest.len() - name.len();
    let first = name.chars().next()?;
    let (tag, length, literal) = if matches!(first, '"' | '\'') {
        let end = scan::either(name, 1, first as u8, b'\n')? - 1;
        if !name[1 + end..].starts_with(first) {
            return None;
        }
        let literal = first == '\'' || style == HereDocuments::Shell;
        (&name[1..=end], end + 2, literal)
    } else {
        let escaped = usize::from(style == HereDocuments::Shell && first == '\\');
        let word = &name[escaped..];
        let end = word
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(word.len());
        // `1 << 2` shifts, and so does `a << b` in Ruby.
        let begins = word.chars().next().is_some_and(|c| match style {
            HereDocuments::Ruby if mark == "<<" => c.is_uppercase(),
            _ => c.is_alphabetic() || c == '_',
        });
        if !begins {
            return None;
        }
        (&word[..end], escaped + end, escaped == 1)
    };
    let holes = match style {
        _ if literal => Holes::None,
        HereDocuments::Ruby => Holes::Hash,
        HereDocuments::Php => Holes::Php,
        _ => Holes::Shell,
    };
    let document = Document {
        tag,
        blanks,
        rest: if style == HereDocuments::Php {
            Rest::NoName
        } else {
            Rest::Nothing
        },
        escape: if literal { Escape::None } else { Escape::Backslash },
        holes,
    };
    scan::step(length);
    Some((document, skipped + length))
}

impl<'c> Document<'c> {
    /// Whether a line ends it.
    pub(in super::super) fn ends_at(&self, line: &str) -> bool {
        let line = match self.blanks {
            Blanks::None => line,
            Blanks::Tabs => line.trim_start_matches('\t'),
            Blanks::Any => line.trim_start(),
        };
        line == self.tag
    }

    /// The text from the end of the line before it.
    pub(super) fn text(&self, newline: usize) -> Text<'c> {
        Text {
            escape: self.escape,
            holes: self.holes,
            ..Text::verbatim(
                newline + 1,
                Close::Line {
                    tag: self.tag,
                    blanks: self.blanks,
                    rest: self.rest,
                },
            )
        }
    }
}

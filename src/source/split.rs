//! Decodes a content file and finds where front matter ends and the body begins.

use memchr::memmem;

use super::header::{Form, Header, header};
use crate::diag::{Code, Diagnostic, Handling, Span, Why};

/// Largest text file that is read, in bytes. Nobody writes or reads a page of 8 MB; media belong into the store.
pub const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// The two parts of a content file, as byte ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The lines between the two `---`.
    pub front: Span,
    /// Everything after.
    pub body: Span,
}

/// Checks that bytes are a content file of acceptable size. The first character that no file may hold is
/// reported; blanks stand in the place of each, so that all places stay as they are in the file. A byte-order mark is accepted.
///
/// # Errors
/// Empty, too large, or not UTF-8.
pub fn decode(bytes: Vec<u8>) -> Result<(String, Option<Diagnostic>), Diagnostic> {
    let (text, found) = blanked(decode_text(bytes)?);
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(Diagnostic::new(Code::EmptyFile));
    }
    Ok((text, found))
}

/// Checks that bytes are a declaration of acceptable size, which may be empty. A byte-order mark is accepted.
///
/// # Errors
/// Too large, not UTF-8, or with control characters. No level lowers them here.
pub fn decode_declaration(bytes: Vec<u8>) -> Result<String, Diagnostic> {
    let (text, found) = blanked(decode_text(bytes).map_err(of_declaration)?);
    found.map_or(Ok(text), |found| Err(of_declaration(found)))
}

fn of_declaration(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.handled(Handling::Fixed(Why::Declaration))
}

fn decode_text(bytes: Vec<u8>) -> Result<String, Diagnostic> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Diagnostic::new(Code::FileTooLarge)
            .with("size", bytes.len())
            .with("limit", MOST_BYTES));
    }
    if is_utf16(&bytes) {
        let diagnostic = Diagnostic::new(Code::NotUtf8).at(0..1).with("offset", 1);
        return Err(diagnostic.say("encoding", "encoding-utf-16"));
    }
    utf8(bytes).map_err(|offset| {
        Diagnostic::new(Code::NotUtf8)
            .at(offset as u32..offset as u32 + 1)
            .with("offset", offset + 1)
            .say("encoding", "encoding-other")
    })
}

/// Whether bytes are UTF-16: by their mark, or since the first characters of front matter have a zero byte each.
fn is_utf16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xFF, 0xFE, ..]
            | [0xFE, 0xFF, ..]
            | [b'-', 0, b'-', 0, b'-', 0, ..]
            | [0, b'-', 0, b'-', 0, b'-', ..]
    )
}

/// Whether no feed can hold a character (XML 1.0, production `Char`).
pub(crate) fn is_unfit(character: char) -> bool {
    let is_control = character < ' ' && !matches!(character, '\t' | '\n' | '\r');
    is_control || matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// Whether a file may not hold a character. A form feed is white space to Markdown, and never gets into a feed.
fn is_blanked(character: char) -> bool {
    is_unfit(character) && character != '\u{c}'
}

/// What U+FFFE and U+FFFF begin with in UTF-8, and little else.
const NONCHARACTER: &[u8] = b"\xef\xbf";

/// A text with blanks in the place of each character that no file may hold, and the first of them as a mistake.
pub(crate) fn blanked(text: String) -> (String, Option<Diagnostic>) {
    // Nearly no text has one, and looking whether there is any takes a fraction of looking where.
    let has_control = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(false, |found, byte| found | is_blanked(char::from(*byte)))
    };
    let can_have = has_control(text.as_bytes()) || memmem::find(text.as_bytes(), NONCHARACTER).is_some();
    let found = can_have.then(|| text.char_indices().find(|(_, character)| is_blanked(*character)));
    let Some((first, character)) = found.flatten() else {
        return (text, None);
    };
    let diagnostic = Diagnostic::new(Code::BinaryText)
        .at(first as u32..(first + character.len_utf8()) as u32)
        .with("character", format!("U+{:04X}", u32::from(character)));
    let mut blanked = String::with_capacity(text.len());
    for character in text.chars() {
        if is_blanked(character) {
            blanked.extend(std::iter::repeat_n(' ', character.len_utf8()));
        } else {
            blanked.push(character);
        }
    }
    (blanked, Some(diagnostic))
}

/// Bytes as text, or the offset of the first that is none. Every file passes through here twice.
pub(crate) fn utf8(bytes: Vec<u8>) -> Result<String, usize> {
    // The fast check only says whether; where, and the conversion that both need, is the standard library's.
    match simdutf8::basic::from_utf8(&bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => String::from_utf8(bytes).map_err(|error| error.utf8_error().valid_up_to()),
    }
}

/// Finds front matter and body. Lines may end in LF or CRLF.
///
/// # Errors
/// When the file does not begin with `---` or the front matter is never closed.
pub fn split(text: &str) -> Result<Split, Diagnostic> {
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    split_at(text, start)
}

/// The front matter behind blank lines.
pub(crate) fn behind_blanks(text: &str, header: &Header) -> Option<Split> {
    (header.form == Form::Blank).then(|| split_at(text, header.span.start as usize).ok())?
}

/// As [`split`], of a text whose front matter begins at `start`.
fn split_at(text: &str, start: usize) -> Result<Split, Diagnostic> {
    let mut offset = start;
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != "---" {
        let end = (start + first.trim_end().len()) as u32;
        let (found, advice) = header(text, start).form.phrases();
        let diagnostic = Diagnostic::new(Code::MissingFrontMatter).at(start as u32..end);
        return Err(diagnostic.say("found", found).say("advice", advice));
    }
    offset += first.len();
    let front_start = offset;
    for line in lines {
        let end = offset + line.len();
        if line.starts_with("---") && line.trim_end() == "---" {
            return Ok(Split {
                front: front_start as u32..offset as u32,
                body: end as u32..text.len() as u32,
            });
        }
        offset = end;
    }
    Err(Diagnostic::new(Code::UnclosedFrontMatter).at(start as u32..start as u32 + 3))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn split_accepts_marks_and_line_ends() {
        let cases = [
            ("---\ntitle: 甲\n---\n正文", "title: 甲\n", "正文"),
            (
                "\u{feff}---\r\ntitle: 甲\r\n---\r\n正文\r\n",
                "title: 甲\r\n",
                "正文\r\n",
            ),
            ("---\n---\n", "", ""),
            ("---\ntitle: x\n---", "title: x\n", ""),
            ("---   \ntitle: x\n---\t\n---\n", "title: x\n", "---\n"),
        ];
        for (text, front, body) in cases {
            let split = split(text).unwrap();
            assert_eq!(&text[split.front.start as usize..split.front.end as usize], front);
            assert_eq!(&text[split.body.start as usize..split.body.end as usize], body);
        }
    }

    #[test]
    fn what_no_feed_can_hold_is_blanked_in_its_place() {
        let cases = [
            ("甲\u{1}乙", "甲 乙", "U+0001"),
            ("甲\u{ffff}\u{b}乙", "甲    乙", "U+FFFF"),
            ("\u{fffe}", "   ", "U+FFFE"),
        ];
        for (text, expected, named) in cases {
            let (blanked, found) = blanked(text.to_owned());
            assert_eq!((blanked.as_str(), blanked.len()), (expected, text.len()));
            assert_eq!(found.unwrap().text("character"), Some(named));
        }
        for text in ["一\t二\r\n三\u{c}四", "￥１００\u{fffd}"] {
            assert_eq!(blanked(text.to_owned()), (text.to_owned(), None));
        }
    }

    #[test]
    fn split_reports_what_is_missing() {
        assert_eq!(split("title: 甲\n").unwrap_err().code, Code::MissingFrontMatter);
        assert_eq!(split("--- x\n---\n").unwrap_err().code, Code::MissingFrontMatter);
        assert_eq!(
            split("---\ntitle: 甲\n").unwrap_err().code,
            Code::UnclosedFrontMatter
        );
    }
}

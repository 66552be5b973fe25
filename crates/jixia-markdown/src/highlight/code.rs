//! The lexer of programming languages.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::Sink;
use super::language::{Language, Quote, flag};

/// Marks a snippet.
pub(super) fn lex(language: &'static Language, sink: &mut Sink<'_, '_>) {
    let code = sink.code;
    let bytes = code.as_bytes();
    let first = first_bytes(language);
    let mut at = 0;
    let mut line_start = true;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\n' {
            line_start = true;
            at += 1;
            continue;
        }
        if byte == b' ' || byte == b'\t' {
            at += 1;
            continue;
        }
        let end = if first[usize::from(byte)] {
            special(language, sink, at, line_start)
        } else {
            None
        };
        at = match end {
            Some(end) => end,
            None if byte.is_ascii_digit() => number(language, sink, at),
            None if is_word(byte) => word(language, sink, at),
            None => at + 1,
        };
        line_start = false;
    }
}

/// Bytes at which something other than a word or number may begin.
fn first_bytes(language: &Language) -> [bool; 256] {
    let mut first = [false; 256];
    let starts = language
        .line
        .iter()
        .chain(language.block.iter().map(|(open, _)| open));
    for start in starts
        .copied()
        .chain(language.quotes.iter().map(|quote| quote.open))
    {
        if let Some(&byte) = start.as_bytes().first() {
            first[usize::from(byte)] = true;
            first[usize::from(byte.to_ascii_uppercase())] |= language.has(flag::CASELESS);
        }
    }
    first[usize::from(b'#')] |= language.has(flag::DIRECTIVES);
    first[usize::from(b'@')] |= language.has(flag::DECORATORS);
    first[usize::from(b'$')] |= language.has(flag::VARIABLES);
    first
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Comments, strings, directives, decorators and variables; where the token ends.
fn special(language: &Language, sink: &mut Sink<'_, '_>, at: usize, line_start: bool) -> Option<usize> {
    let code = sink.code;
    let rest = &code.as_bytes()[at..];
    for (open, close) in language.block {
        if rest.starts_with(open.as_bytes()) {
            let inner = &rest[open.len()..];
            let end = memmem::find(inner, close.as_bytes())
                .map_or(code.len(), |found| at + open.len() + found + close.len());
            sink.mark(at, end, "c");
            return Some(end);
        }
    }
    let starts = |open: &str| {
        rest.get(..open.len()).is_some_and(|start| {
            start == open.as_bytes()
                || (language.has(flag::CASELESS) && start.eq_ignore_ascii_case(open.as_bytes()))
        })
    };
    // A word that begins a comment (REM) must be a whole word.
    let whole = |open: &str| {
        !open.ends_with(|c: char| c.is_alphabetic()) || !rest.get(open.len()).copied().is_some_and(is_word)
    };
    if language.line.iter().any(|open| starts(open) && whole(open)) && is_comment_place(language, code, at) {
        let end = line_end(code, at);
        sink.mark(at, end, "c");
        return Some(end);
    }
    if let Some(quote) = language.quotes.iter().find(|quote| starts(quote.open)) {
        let end = string_end(code, at + quote.open.len(), quote);
        let key = language.has(flag::KEYS) && code[end..].trim_start().starts_with(':');
        sink.mark(at, end, if key { "a" } else { "s" });
        return Some(end);
    }
    let word = |from: usize| {
        from + rest[from - at..]
            .iter()
            .take_while(|&&byte| is_word(byte))
            .count()
    };
    match rest[0] {
        b'#' if language.has(flag::DIRECTIVES) && line_start => {
            let end = line_end(code, at);
            sink.mark(at, end, "m");
            Some(end)
        }
        b'@' if language.has(flag::DECORATORS) => {
            let end = word(at + 1);
            sink.mark(at, end, "m");
            Some(end)
        }
        b'$' if language.has(flag::VARIABLES) => {
            let end = if rest.get(1) == Some(&b'{') {
                memchr(b'}', rest).map_or(at + 1, |found| at + found + 1)
            } else {
                word(at + 1)
            };
            if end > at + 1 {
                sink.mark(at, end, "a");
            }
            Some(end)
        }
        _ => None,
    }
}

/// In shells `#` begins a comment only at the start of a word.
fn is_comment_place(language: &Language, code: &str, at: usize) -> bool {
    !language.has(flag::SPACED_COMMENTS) || at == 0 || code.as_bytes()[at - 1].is_ascii_whitespace()
}

fn line_end(code: &str, at: usize) -> usize {
    memchr(b'\n', &code.as_bytes()[at..]).map_or(code.len(), |found| at + found)
}

fn string_end(code: &str, from: usize, quote: &Quote) -> usize {
    let bytes = code.as_bytes();
    let close = quote.close.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' && quote.escapes {
            at += 2;
            // Not into the middle of an escaped character.
            while at < code.len() && !code.is_char_boundary(at) {
                at += 1;
            }
        } else if byte == b'\n' && !quote.lines {
            return at;
        } else if byte == close[0] && bytes[at..].starts_with(close) {
            return at + close.len();
        } else {
            at += 1;
        }
    }
    code.len()
}

fn number(language: &Language, sink: &mut Sink<'_, '_>, at: usize) -> usize {
    let bytes = sink.code.as_bytes();
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        let part = byte.is_ascii_alphanumeric()
            || byte == b'_'
            || (byte == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit))
            || (byte == b'#' && language.has(flag::BASES))
            || (matches!(byte, b'+' | b'-')
                && matches!(bytes[end - 1], b'e' | b'E')
                && !bytes[at..end].starts_with(b"0x"));
        if !part {
            break;
        }
        end += 1;
    }
    sink.mark(at, end, "n");
    end
}

fn word(language: &Language, sink: &mut Sink<'_, '_>, at: usize) -> usize {
    let code = sink.code;
    let bytes = code.as_bytes();
    let dashes = language.has(flag::DASHES);
    let mut end = at + 1;
    while bytes
        .get(end)
        .is_some_and(|&byte| is_word(byte) || (dashes && byte == b'-'))
    {
        end += 1;
    }
    let name = &code[at..end];
    let lower = if language.has(flag::CASELESS) && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    };
    let after = bytes.get(end).copied();
    if language.keywords.contains(&lower) {
        sink.mark(at, end, "k");
    } else if language.types.contains(&lower) {
        sink.mark(at, end, "t");
    } else if after == Some(b'(') && language.has(flag::CALLS) {
        sink.mark(at, end, "f");
    } else if language.has(flag::CAPITALS)
        && bytes[at].is_ascii_uppercase()
        && name.bytes().any(|b| b.is_ascii_lowercase())
    {
        sink.mark(at, end, "t");
    } else if language.has(flag::KEYS) && after == Some(b':') {
        sink.mark(at, end, "a");
    }
    end
}

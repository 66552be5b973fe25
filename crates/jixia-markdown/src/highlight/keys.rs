//! Files of keys and values: INI, properties, dotenv.

use std::ops::Range;

use super::{Sink, scan};

/// What tells these formats apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Ini,
    /// `!` begins a comment, a colon or a blank separates, a backslash joins lines.
    Properties,
    /// A value in quotes may go on over lines.
    Env,
}

/// Marks a file.
pub(super) fn lex(kind: Kind, sink: &mut Sink<'_, '_>, range: Range<usize>) {
    let Some(code) = sink.code.get(..range.end) else {
        return;
    };
    let mut start = range.start;
    let mut joined = false;
    while start < code.len() {
        let end = scan::line_end(code, start);
        let line = code[start..end].trim_end();
        let body = line.trim_start();
        // Lists of YAML, where somebody calls them INI.
        let body = if kind == Kind::Ini {
            body.trim_start_matches("- ")
        } else {
            body
        };
        let at = start + line.len() - body.len();
        let next = if joined {
            value(kind, sink, code, at, at + body.len())
        } else {
            entry(kind, sink, code, at, at + body.len())
        };
        let backslashes = line.bytes().rev().take_while(|&byte| byte == b'\\').count();
        joined = kind == Kind::Properties && backslashes % 2 == 1;
        start = next.max(end) + 1;
    }
}

/// One line: a comment, the head of a section, or a key and its value. Returns where it ends.
fn entry(kind: Kind, sink: &mut Sink<'_, '_>, code: &str, at: usize, end: usize) -> usize {
    let body = &code[at..end];
    if body.starts_with(['#', ';']) || (kind == Kind::Properties && body.starts_with('!')) {
        sink.mark(at, end, "c");
        return end;
    }
    if body.starts_with('[') && kind == Kind::Ini {
        let length = body.find(']').map_or(body.len(), |found| found + 1);
        sink.mark(at, at + length, "m");
        return value(kind, sink, code, at + length, end);
    }
    let exported = if kind == Kind::Env {
        body.strip_prefix("export ")
    } else {
        None
    };
    let at = exported.map_or(at, |rest| {
        sink.mark(at, at + 6, "k");
        end - rest.len()
    });
    let body = &code[at..end];
    let mut escaped = false;
    let separator = body.char_indices().find(|&(index, c)| {
        let found = !escaped
            && match c {
                '=' => true,
                ':' => {
                    kind == Kind::Properties
                        || body[index + 1..].chars().next().is_none_or(char::is_whitespace)
                }
                ' ' | '\t' => kind == Kind::Properties,
                _ => false,
            };
        escaped = c == '\\' && !escaped;
        found
    });
    let Some((length, _)) = separator else {
        return value(kind, sink, code, at, end);
    };
    sink.mark(at, at + body[..length].trim_end().len(), "a");
    value(kind, sink, code, at + length + 1, end)
}

/// A value: strings, numbers, constants, and a comment at the end. Returns where it ends.
fn value(kind: Kind, sink: &mut Sink<'_, '_>, code: &str, start: usize, end: usize) -> usize {
    let mut at = start;
    while let Some(c) = code[at..end].chars().next() {
        let rest = &code[at..end];
        let fresh = at == start || code[..at].ends_with(char::is_whitespace);
        let (length, class) = match c {
            '"' | '\'' if fresh && kind != Kind::Properties => match string_end(code, at, end, kind) {
                Some(stop) if stop > end => {
                    sink.mark(at, stop, "s");
                    return stop;
                }
                Some(stop) => (stop - at, "s"),
                None => (1, ""),
            },
            '#' | ';' if fresh && kind != Kind::Properties => (rest.len(), "c"),
            '$' if kind == Kind::Env => {
                let name = rest[1..].find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '{' | '}')));
                (name.map_or(rest.len(), |length| length + 1), "a")
            }
            c if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/') => {
                let length = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | '"' | '$'))
                    .unwrap_or(rest.len());
                (length, word(&rest[..length]))
            }
            c => (c.len_utf8(), ""),
        };
        let length = length.max(c.len_utf8());
        if !class.is_empty() {
            sink.mark(at, at + length, class);
        }
        at += length;
    }
    end
}

fn word(word: &str) -> &'static str {
    let digits = word.strip_prefix('-').unwrap_or(word);
    match word.to_ascii_lowercase().as_str() {
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" => "k",
        _ if digits.starts_with(|c: char| c.is_ascii_digit()) => "n",
        _ => "",
    }
}

/// The end of a string, on its line or, in dotenv, beyond it.
fn string_end(code: &str, at: usize, end: usize, kind: Kind) -> Option<usize> {
    let quote = code.as_bytes()[at];
    let limit = if kind == Kind::Env { code.len() } else { end };
    let bytes = &code.as_bytes()[..limit];
    let mut stop = at + 1;
    while let Some(&byte) = bytes.get(stop) {
        match byte {
            b'\\' if quote == b'"' && kind == Kind::Env => stop += 1,
            _ if byte == quote => return Some(stop + 1),
            _ => {}
        }
        stop += 1;
        scan::step(1);
    }
    (kind == Kind::Env).then_some(limit)
}

//! What is read line by line: differences, transcripts of a terminal, Dockerfiles, machine code.

use std::collections::VecDeque;
use std::ops::Range;

use super::language::HereDocuments;
use super::sink::Sink;
use super::{code, languages, scan};

/// The lines of a part with where they begin, without their ends.
pub(super) fn lines(code: &str, range: Range<usize>) -> impl Iterator<Item = (usize, &str)> {
    let part = code.get(range.clone()).unwrap_or_default();
    let mut start = range.start;
    part.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim_end_matches(['\r', '\n']))
    })
}

/// Differences between files. Within a hunk a line is counted, so that a deleted `-- x` is no name of a file.
pub(super) fn diff(sink: &mut Sink<'_, '_>) {
    let (mut removed, mut added) = (0_u32, 0_u32);
    for (start, line) in lines(sink.code, 0..sink.code.len()) {
        let within = removed > 0 || added > 0;
        let class = match line.as_bytes().first() {
            Some(b'+') if within || !line.starts_with("+++") => {
                added = added.saturating_sub(1);
                "i"
            }
            Some(b'-') if within || !line.starts_with("---") => {
                removed = removed.saturating_sub(1);
                "d"
            }
            Some(b'@') => {
                (removed, added) = hunk(line).unwrap_or_default();
                "k"
            }
            Some(b'+' | b'-') => "m",
            Some(b'\\') => "c",
            _ if !within && (line.starts_with("diff ") || line.starts_with("index ")) => "m",
            _ => {
                removed = removed.saturating_sub(1);
                added = added.saturating_sub(1);
                continue;
            }
        };
        sink.mark(start, start + line.len(), class);
    }
}

/// How many lines `@@ -1,5 +1,6 @@` announces.
fn hunk(line: &str) -> Option<(u32, u32)> {
    let mut parts = line.strip_prefix("@@ -")?.split(' ');
    let count = |part: &str| match part.split_once(',') {
        Some((_, count)) => count.parse().ok(),
        None => Some(1),
    };
    let removed = count(parts.next()?)?;
    let added = count(parts.next()?.strip_prefix('+')?)?;
    Some((removed, added))
}

/// A transcript: what follows a prompt is a command, the rest is what it printed. Without any prompt all is commands.
pub(super) fn console(sink: &mut Sink<'_, '_>) {
    let Some(shell) = languages::find("bash") else {
        return;
    };
    let code = sink.code;
    if !lines(code, 0..code.len()).any(|(_, line)| prompt(line).is_some()) {
        code::lex(shell, sink, 0..code.len());
        return;
    }
    // Beside `$` a line that begins with `#` is a comment, alone it is the prompt of root.
    let dollar = lines(code, 0..code.len())
        .any(|(_, line)| prompt(line).is_some_and(|length| line[..length].ends_with('$')));
    let mut open: Option<usize> = None;
    for (start, line) in lines(code, 0..code.len()) {
        let end = start + line.len();
        if open.is_none() {
            let Some(length) = prompt(line) else { continue };
            if dollar && line.starts_with('#') {
                sink.mark(start, end, "c");
                continue;
            }
            sink.mark(start, start + length, "m");
            open = Some(start + length);
        }
        // A backslash at the end goes on with the next line.
        if !line.ends_with('\\')
            && let Some(from) = open.take()
        {
            code::lex(shell, sink, from..end);
        }
    }
    if let Some(from) = open {
        code::lex(shell, sink, from..code.len());
    }
}

/// Bytes of the prompt at the start of a line: `$ `, `# `, `> `, also after `user@host:~`.
fn prompt(line: &str) -> Option<usize> {
    let end = line
        .find(['$', '#', '%', '>'])
        .filter(|&end| line[end + 1..].starts_with(' ') || line.len() == end + 1)?;
    let before = &line[..end];
    let named = before.contains('@') || before.starts_with(['(', '[', '~']);
    let whole = before.is_empty() || (named && before.split(' ').count() <= 3);
    whole.then_some(end + 1)
}

/// A Dockerfile: instructions at the start of a line, arguments in the way of a shell.
pub(super) fn dockerfile(sink: &mut Sink<'_, '_>) {
    let Some(shell) = languages::find("bash") else {
        return;
    };
    let code = sink.code;
    let mut start = 0;
    while start < code.len() {
        let line_end = start + code[start..].find('\n').unwrap_or(code.len() - start);
        scan::step(line_end - start);
        let body = code[start..line_end].trim_start();
        let at = line_end - body.len();
        let word = body
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(body.len());
        // What begins no instruction is a line of its own: looking for where it would end takes for ever where every line does.
        if body.starts_with('#') || word == 0 {
            if body.starts_with('#') {
                sink.mark(at, line_end, "c");
            }
            start = line_end + 1;
            continue;
        }
        let end = logical_end(code, start);
        scan::step(end - start);
        sink.mark(at, at + word, "k");
        arguments(sink, shell, &body[..word], at + word..end);
        start = end + 1;
    }
}

/// The arguments of an instruction.
fn arguments(
    sink: &mut Sink<'_, '_>,
    shell: &'static super::language::Language,
    instruction: &str,
    range: Range<usize>,
) {
    let text = sink.code.get(range.clone()).unwrap_or_default();
    if !instruction.eq_ignore_ascii_case("from") {
        code::lex(shell, sink, range);
        return;
    }
    // `FROM image AS name`
    for word in text.split_ascii_whitespace() {
        let at = word.as_ptr() as usize - sink.code.as_ptr() as usize;
        if word.eq_ignore_ascii_case("as") {
            sink.mark(at, at + word.len(), "k");
        } else if word.starts_with("--") {
            sink.mark(at, at + word.len(), "a");
        }
    }
}

/// The end of an instruction: of the last line that a backslash joins to it, and of its here-documents. Comments and
/// empty lines between joined lines belong to it.
fn logical_end(code: &str, start: usize) -> usize {
    let mut documents = VecDeque::new();
    let mut joined = true;
    let mut end = start;
    for (at, line) in lines(code, start..code.len()) {
        if joined {
            let comment = line.trim_start().starts_with('#');
            if !comment {
                documents.extend(announced(line));
                joined = line.ends_with('\\') || (at > start && line.trim().is_empty());
            } else if at == start {
                return at + line.len();
            }
        } else if let Some(document) = documents.front() {
            if code::Document::ends_at(document, line) {
                documents.pop_front();
            }
        } else {
            break;
        }
        end = at + line.len();
    }
    end
}

/// The here-documents that a line announces.
fn announced(line: &str) -> Vec<code::Document<'_>> {
    let mut documents = Vec::new();
    let mut rest = line;
    while let Some(found) = rest.find("<<") {
        rest = &rest[found..];
        let length = code::announced(HereDocuments::Shell, rest).map_or(2, |(document, length)| {
            documents.push(document);
            length
        });
        rest = &rest[length..];
    }
    documents
}

/// Words of programs in G-code.
const MACRO: [&str; 26] = [
    "ABS", "AND", "ATAN", "COS", "DO", "ELSE", "END", "ENDIF", "ENDWHILE", "EQ", "FIX", "FUP", "GE", "GOTO",
    "GT", "IF", "LE", "LT", "MOD", "NE", "OR", "ROUND", "SIN", "SQRT", "TAN", "WHILE",
];

/// G-code: words of a letter and a number, comments in brackets or after a semicolon.
pub(super) fn machine(sink: &mut Sink<'_, '_>) {
    for (start, line) in lines(sink.code, 0..sink.code.len()) {
        let bytes = line.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte >= 0x80 {
                at += 1;
                continue;
            }
            let letters = bytes[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphabetic())
                .count();
            let word = &line[at..at + letters];
            let end = match byte {
                b';' => line.len(),
                b'(' => scan::past(line, at, ")"),
                _ if letters > 1 && MACRO.iter().any(|known| word.eq_ignore_ascii_case(known)) => {
                    sink.mark(start + at, start + at + letters, "k");
                    at += letters;
                    continue;
                }
                // `THEN`, `TIMER` and other words are no addresses.
                _ if letters > 1 => at + letters,
                b'A'..=b'Z' | b'a'..=b'z' => {
                    let number =
                        |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'#');
                    at + 1 + bytes[at + 1..].iter().take_while(number).count()
                }
                b'#' => {
                    at + 1
                        + bytes[at + 1..]
                            .iter()
                            .take_while(|byte| byte.is_ascii_digit())
                            .count()
                }
                _ => at + 1,
            };
            match byte {
                b';' | b'(' => sink.mark(start + at, start + end, "c"),
                b'#' if end > at + 1 => sink.mark(start + at, start + end, "a"),
                _ if letters > 1 => {}
                b'G' | b'M' | b'T' | b'O' | b'g' | b'm' | b't' | b'o' if end > at + 1 => {
                    sink.mark(start + at, start + end, "k");
                }
                b'A'..=b'Z' | b'a'..=b'z' if end > at + 1 => {
                    sink.mark(start + at, start + at + 1, "a");
                    sink.mark(start + at + 1, start + end, "n");
                }
                _ => {}
            }
            at = end;
        }
    }
}

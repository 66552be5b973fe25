//! Languages that are read line by line: keys and values, differences, Markdown, machine code.

use super::Sink;

/// The lines of a snippet with where they begin, without their ends.
fn lines(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = code.as_ptr() as usize;
    code.lines()
        .map(move |line| (line.as_ptr() as usize - base, line))
}

/// YAML, TOML, INI and their like.
pub(super) fn keys(sink: &mut Sink<'_, '_>) {
    for (start, line) in lines(sink.code) {
        let body = line.trim_start_matches([' ', '\t', '-']);
        let at = start + line.len() - body.len();
        if body.starts_with(['#', ';']) {
            sink.mark(at, start + line.trim_end().len(), "c");
            continue;
        }
        if body.starts_with('[') && body.trim_end().ends_with(']') && !body.contains('=') && at == start {
            sink.mark(at, start + line.trim_end().len(), "m");
            continue;
        }
        let separator = body.char_indices().find(|&(index, c)| {
            c == '=' || (c == ':' && body[index + 1..].chars().next().is_none_or(char::is_whitespace))
        });
        let Some((length, _)) = separator else {
            value(sink, at, body);
            continue;
        };
        sink.mark(at, at + body[..length].trim_end().len(), "a");
        value(sink, at + length + 1, &body[length + 1..]);
    }
}

/// The value of a key: strings, numbers, constants, and a comment at the end.
fn value(sink: &mut Sink<'_, '_>, start: usize, text: &str) {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match c {
            '"' | '\'' => rest[1..].find(c).map_or(rest.len(), |end| end + 2),
            '#' if at == 0 || text[..at].ends_with(char::is_whitespace) => rest.trim_end().len(),
            c if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '$') => rest
                .find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | '"'))
                .unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let word = &rest[..length];
        let class = match c {
            '"' | '\'' => "s",
            '#' if length > 1 || at == 0 => "c",
            _ if matches!(word, "true" | "false" | "null" | "yes" | "no" | "on" | "off") => "k",
            _ if c.is_ascii_digit() || (c == '-' && word[1..].starts_with(|c: char| c.is_ascii_digit())) => {
                "n"
            }
            _ => "",
        };
        if !class.is_empty() {
            sink.mark(start + at, start + at + length, class);
        }
        at += length.max(c.len_utf8());
    }
}

/// Differences between files.
pub(super) fn diff(sink: &mut Sink<'_, '_>) {
    for (start, line) in lines(sink.code) {
        let class = match line.as_bytes().first() {
            Some(b'+') if !line.starts_with("+++") => "i",
            Some(b'-') if !line.starts_with("---") => "d",
            Some(b'@') => "k",
            Some(b'+' | b'-') => "m",
            _ if line.starts_with("diff ") || line.starts_with("index ") => "m",
            _ => continue,
        };
        sink.mark(start, start + line.len(), class);
    }
}

/// Markdown: headings, quotes, list marks, fences.
pub(super) fn markdown(sink: &mut Sink<'_, '_>) {
    for (start, line) in lines(sink.code) {
        let body = line.trim_start();
        let at = start + line.len() - body.len();
        if body.starts_with('#') {
            sink.mark(at, at + body.len(), "k");
        } else if body.starts_with("```") || body.starts_with("~~~") {
            sink.mark(at, at + body.len(), "m");
        } else if body.starts_with('>') {
            sink.mark(at, at + body.len(), "c");
        } else if body.starts_with("- ") || body.starts_with("* ") || body.starts_with("+ ") {
            sink.mark(at, at + 1, "a");
        }
    }
}

/// G-code: words of a letter and a number, comments in brackets or after a semicolon.
pub(super) fn machine(sink: &mut Sink<'_, '_>) {
    for (start, line) in lines(sink.code) {
        let bytes = line.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let end = match byte {
                b';' => line.len(),
                b'(' => line[at..].find(')').map_or(line.len(), |end| at + end + 1),
                b'A'..=b'Z' | b'a'..=b'z' => {
                    let number =
                        |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'#');
                    at + 1 + bytes[at + 1..].iter().take_while(number).count()
                }
                _ => at + 1,
            };
            match byte {
                b';' | b'(' => sink.mark(start + at, start + end, "c"),
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

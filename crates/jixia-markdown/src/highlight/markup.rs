//! HTML and XML.

use super::Sink;

/// Marks tags, attributes, values, comments and entities.
pub(super) fn lex(sink: &mut Sink<'_, '_>) {
    let code = sink.code;
    let mut at = 0;
    while let Some(found) = code[at..].find('<') {
        let start = at + found;
        let rest = &code[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(code.len(), |end| start + end + 3);
            sink.mark(start, at, "c");
        } else if rest.starts_with(['!', '?']) || rest[1..].starts_with(['!', '?']) {
            at = rest.find('>').map_or(code.len(), |end| start + end + 1);
            sink.mark(start, at, "m");
        } else if rest[1..]
            .trim_start_matches('/')
            .starts_with(|c: char| c.is_alphabetic())
        {
            at = tag(sink, start);
        } else {
            at = start + 1;
        }
    }
}

/// Marks a tag; where it ends.
fn tag(sink: &mut Sink<'_, '_>, start: usize) -> usize {
    let code = sink.code;
    let stop = |c: char| c.is_whitespace() || matches!(c, '>' | '=' | '"' | '\'' | '<');
    let name = code[start + 1..]
        .find(|c: char| stop(c) || (c == '/'))
        .unwrap_or(code.len() - start - 1);
    let slash = usize::from(code[start + 1..].starts_with('/'));
    let name = if slash == 1 {
        1 + code[start + 2..].find(stop).unwrap_or(code.len() - start - 2)
    } else {
        name
    };
    let mut at = start + 1 + name;
    sink.mark(start, at, "m");
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        match c {
            '>' => {
                sink.mark(at, at + 1, "m");
                return at + 1;
            }
            '<' => return at,
            '"' | '\'' => {
                let end = rest[1..].find(c).map_or(code.len(), |end| at + end + 2);
                sink.mark(at, end, "s");
                at = end;
            }
            c if c.is_alphabetic() || matches!(c, '@' | ':' | '_') => {
                let end = at + rest.find(stop).unwrap_or(rest.len());
                sink.mark(at, end, "a");
                at = end;
            }
            c => at += c.len_utf8(),
        }
    }
    code.len()
}

//! Markdown: headings, quotes, marks of lists, code and what is in it, front matter, comments.

use super::lines::lines;
use super::{Lexer, Sink, lexer, scan};

/// A fence that is open.
struct Fence {
    mark: char,
    length: usize,
    lexer: Option<Lexer>,
    from: usize,
}

/// Marks a document.
pub(super) fn lex(sink: &mut Sink<'_, '_>) {
    let code = sink.code;
    let mut fence: Option<Fence> = None;
    let mut from = front_matter(sink);
    for (start, line) in lines(code, from..code.len()) {
        let end = start + line.len();
        let body = line.trim_start();
        let at = end - body.len();
        if let Some(open) = &fence {
            if closes(open, body) {
                content(sink, open, start);
                sink.mark(at, end, "m");
                fence = None;
            }
            continue;
        }
        // A comment goes on over lines.
        if start < from {
            continue;
        }
        if body.starts_with("<!--") {
            from = scan::past(code, at, "-->");
            sink.mark(at, from, "c");
            continue;
        }
        fence = opens(line, body, end);
        if fence.is_some() {
            sink.mark(at, end, "m");
        } else if at - start < 4 {
            block(sink, at, body);
        }
    }
    if let Some(open) = fence {
        content(sink, &open, code.len());
    }
}

/// `---` … `---` at the start. Returns where the rest begins.
fn front_matter(sink: &mut Sink<'_, '_>) -> usize {
    let code = sink.code;
    let first = code.strip_prefix("---\n").map(|_| 4);
    let close = first.and_then(|from| scan::find(code, from, "\n---").map(|close| close + 1));
    let (Some(from), Some(close)) = (first, close) else {
        return 0;
    };
    sink.mark(0, 3, "m");
    super::yaml::lex(sink, from..close);
    sink.mark(close, close + 3, "m");
    close + 3
}

/// Three backticks or tildes and more; backticks allow none after them on the line.
fn opens(line: &str, body: &str, end: usize) -> Option<Fence> {
    let mark = body.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = body.trim_start_matches(mark);
    let length = body.len() - info.len();
    if length < 3 || line.len() - body.len() > 3 + 4 || (mark == '`' && info.contains('`')) {
        return None;
    }
    let name = info
        .trim()
        .split([' ', '\t', ',', '{'])
        .next()
        .unwrap_or_default();
    Some(Fence {
        mark,
        length,
        // Not Markdown again: what it holds is read once.
        lexer: lexer(name).filter(|lexer| !matches!(lexer, Lexer::Markdown)),
        from: end + 1,
    })
}

fn closes(open: &Fence, body: &str) -> bool {
    let rest = body.trim_start_matches(open.mark);
    body.len() - rest.len() >= open.length && rest.trim().is_empty()
}

/// What a fence holds, up to `end`.
fn content(sink: &mut Sink<'_, '_>, fence: &Fence, end: usize) {
    if let Some(lexer) = fence.lexer
        && fence.from < end
    {
        lexer.lex_part(sink, fence.from..end);
    }
}

/// A line outside of fences, indented by less than code.
fn block(sink: &mut Sink<'_, '_>, at: usize, body: &str) {
    let hashes = body.bytes().take_while(|&byte| byte == b'#').count();
    let rest = &body[hashes..];
    if (1..=6).contains(&hashes) && (rest.is_empty() || rest.starts_with([' ', '\t'])) {
        sink.mark(at, at + body.len(), "k");
        return;
    }
    if body.starts_with('>') {
        sink.mark(at, at + body.len(), "c");
        return;
    }
    let digits = body.bytes().take(9).take_while(u8::is_ascii_digit).count();
    let bullet = body.starts_with(['-', '*', '+']) && body[1..].starts_with(' ');
    let number = digits > 0 && body[digits..].starts_with(['.', ')']) && body[digits + 1..].starts_with(' ');
    let mut from = 0;
    if bullet || number {
        from = if bullet { 1 } else { digits + 1 };
        sink.mark(at, at + from, "a");
    }
    spans(sink, at + from, &body[from..]);
}

/// Code between backticks, as many at the end as at the start.
fn spans(sink: &mut Sink<'_, '_>, start: usize, text: &str) {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(found) = scan::byte(text, at, b'`') {
        at = scan::run(text, found, |byte| byte == b'`');
        runs.push((found, at - found));
    }
    // The next run of the same length, from the back.
    let mut next = vec![None; runs.len()];
    let mut last = rustc_hash::FxHashMap::default();
    for (index, &(_, length)) in runs.iter().enumerate().rev() {
        next[index] = last.insert(length, index);
    }
    let mut index = 0;
    while index < runs.len() {
        if let Some(close) = next[index] {
            sink.mark(start + runs[index].0, start + runs[close].0 + runs[close].1, "s");
            index = close;
        }
        index += 1;
    }
}

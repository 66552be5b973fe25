//! YAML: keys, scalars in quotes, in blocks and plain, flow collections, anchors, tags and the marks of documents.

use std::ops::Range;

use super::cursor::Cursor;
use super::scan;
use super::sink::Sink;

/// Marks a document.
pub(super) fn lex(sink: &mut Sink<'_, '_>, range: Range<usize>) {
    let Some(cursor) = Cursor::new(sink, range) else {
        return;
    };
    let mut yaml = Yaml {
        cursor,
        flow: 0,
        explicit: false,
    };
    while yaml.cursor.is_within() {
        yaml.line();
    }
}

struct Yaml<'c, 's, 'o> {
    cursor: Cursor<'c, 's, 'o>,
    /// Flow collections open.
    flow: u32,
    /// After `?`: what comes is a key.
    explicit: bool,
}

/// Whether a byte ends an indicator: a blank, or the end of the line or text.
fn blank(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

impl Yaml<'_, '_, '_> {
    fn byte(&self, at: usize) -> Option<&u8> {
        self.cursor.code.as_bytes().get(at)
    }

    fn line_end(&self, at: usize) -> usize {
        scan::line_end(self.cursor.code, at)
    }

    fn blanks_end(&self, at: usize) -> usize {
        scan::run(self.cursor.code, at, |byte| matches!(byte, b' ' | b'\t'))
    }

    /// One line, and whatever scalars on it go on over the next ones.
    fn line(&mut self) {
        let start = self.cursor.at;
        let rest = &self.cursor.code[start..];
        let mark = rest.starts_with("---") || rest.starts_with("...");
        if mark && blank(self.byte(start + 3)) {
            self.cursor.take(start + 3, "m");
            self.flow = 0;
        } else if rest.starts_with('%') && self.flow == 0 {
            self.cursor.take(self.line_end(start), "m");
        }
        // Column of the innermost collection on this line: what a block must be deeper than.
        let mut column = if mark { -1 } else { 0 };
        let mut indented = false;
        let mut last_key = None;
        loop {
            let at = self.cursor.at;
            if !indented && !mark {
                let end = self.blanks_end(at);
                column = i64::try_from(end - start).unwrap_or(0);
                self.cursor.at = end;
                indented = true;
                continue;
            }
            let Some(&byte) = self.byte(at) else { return };
            scan::step(1);
            match byte {
                b'\n' => {
                    self.cursor.at += 1;
                    return;
                }
                b' ' | b'\t' | b'\r' => self.cursor.at += 1,
                b'#' if at == start || blank(self.byte(at - 1)) => {
                    let end = self.line_end(at);
                    let end = at + self.cursor.code[at..end].trim_end().len();
                    self.cursor.take(end, "c");
                }
                b'-' | b'?' | b':' if self.flow == 0 && blank(self.byte(at + 1)) => {
                    self.cursor.at = self.blanks_end(at + 1);
                    self.explicit = byte == b'?';
                    if byte == b'-' || byte == b'?' {
                        // A mapping that begins here has this column, a block in the list the mark's.
                        let key = self.cursor.at <= *last_key.get_or_insert_with(|| self.last_key(at));
                        column = i64::try_from(if key { self.cursor.at } else { at } - start).unwrap_or(0);
                    }
                }
                b'|' | b'>' if self.flow == 0 => {
                    if self.block(column) {
                        return;
                    }
                }
                _ => self.node(byte),
            }
        }
    }

    /// The last colon on the rest of a line that a key could end at, else the start.
    fn last_key(&self, at: usize) -> usize {
        let line = &self.cursor.code[at..self.line_end(at)];
        let line = line.strip_suffix('\r').unwrap_or(line);
        let colon = if line.ends_with(':') {
            Some(line.len() - 1)
        } else {
            line.rfind(": ")
        };
        colon.map_or(0, |colon| at + colon)
    }

    fn node(&mut self, byte: u8) {
        let at = self.cursor.at;
        match byte {
            b'[' | b'{' => {
                self.flow += 1;
                self.cursor.at += 1;
            }
            b']' | b'}' if self.flow > 0 => {
                self.flow -= 1;
                self.cursor.at += 1;
            }
            b',' if self.flow > 0 => self.cursor.at += 1,
            b':' if self.flow > 0 => self.cursor.at += 1,
            b'&' | b'*' => self.property("a"),
            b'!' => self.property("t"),
            b'"' | b'\'' => {
                let end = self.quoted_end(at);
                let after = self.blanks_end(end);
                let colon = self.byte(after) == Some(&b':') && (self.flow > 0 || blank(self.byte(after + 1)));
                let key = std::mem::take(&mut self.explicit) || colon;
                self.cursor.take(end, if key { "a" } else { "s" });
            }
            _ => self.plain(),
        }
    }

    /// An anchor, alias or tag.
    fn property(&mut self, class: &'static str) {
        let flow = self.flow > 0;
        let ends = |byte| blank(Some(&byte)) || (flow && matches!(byte, b',' | b']' | b'}'));
        let end = scan::run(self.cursor.code, self.cursor.at, |byte| !ends(byte));
        self.cursor.take(end, class);
    }

    fn quoted_end(&self, at: usize) -> usize {
        let bytes = self.cursor.code.as_bytes();
        let quote = bytes[at];
        let mut end = at + 1;
        while let Some(&byte) = bytes.get(end) {
            if byte == b'\\' && quote == b'"' {
                end += 1;
            } else if byte == quote {
                if quote == b'"' || bytes.get(end + 1) != Some(&quote) {
                    return end + 1;
                }
                end += 1;
            }
            end += 1;
            scan::step(1);
        }
        bytes.len()
    }

    /// A plain scalar on its line: a key where a colon follows.
    fn plain(&mut self) {
        let bytes = self.cursor.code.as_bytes();
        let start = self.cursor.at;
        let mut end = start;
        let mut key = false;
        while let Some(&byte) = bytes.get(end) {
            let next = bytes.get(end + 1);
            match byte {
                b'\n' => break,
                b':' if blank(next) || (self.flow > 0 && matches!(next, Some(b',' | b']' | b'}'))) => {
                    key = true;
                    break;
                }
                b'#' if end > start && blank(bytes.get(end - 1)) => break,
                b',' | b'[' | b']' | b'{' | b'}' if self.flow > 0 => break,
                _ => end += 1,
            }
            scan::step(1);
        }
        let text = self.cursor.code[start..end].trim_end();
        let marked = start + text.len();
        let explicit = std::mem::take(&mut self.explicit);
        if key || explicit {
            self.cursor.sink.mark(start, marked, "a");
            self.cursor.at = end.max(start) + usize::from(key);
            return;
        }
        if let Some(class) = scalar(text) {
            self.cursor.sink.mark(start, marked, class);
        }
        self.cursor.at = end.max(start + 1);
    }

    /// A block scalar: its header, then all lines that are deeper than `column`.
    fn block(&mut self, column: i64) -> bool {
        let start = self.cursor.at;
        let bytes = self.cursor.code.as_bytes();
        let mut head = start + 1;
        let mut indent = None;
        while let Some(&byte) = bytes
            .get(head)
            .filter(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'))
        {
            if byte.is_ascii_digit() {
                indent = Some(column.max(0) + i64::from(byte - b'0'));
            }
            head += 1;
        }
        let after = self.blanks_end(head);
        let comment = self.byte(after) == Some(&b'#') && after > head;
        if !comment && !matches!(self.byte(after), None | Some(b'\n' | b'\r')) {
            self.plain();
            return false;
        }
        self.cursor.take(head, "k");
        let mut line = self.line_end(after);
        if comment {
            self.cursor.sink.mark(after, line, "c");
        }
        let mut text: Option<Range<usize>> = None;
        while line < bytes.len() {
            let from = line + 1;
            let end = self.line_end(from);
            let spaces = bytes[from..end].iter().take_while(|&&byte| byte == b' ').count();
            let line_text = self.cursor.code[from..end].trim_end();
            let filled = !line_text.trim_start().is_empty();
            // The mark of a document ends whatever is open.
            if matches!(line_text, "---" | "...") {
                break;
            }
            if filled {
                let deep = i64::try_from(spaces).unwrap_or(0);
                let needed = *indent.get_or_insert(deep.max(column + 1));
                if deep < needed {
                    break;
                }
                let begins = text.map_or(from + spaces, |text| text.start);
                text = Some(begins..from + line_text.len());
            }
            line = end;
        }
        if let Some(text) = text {
            self.cursor.sink.mark(text.start, text.end, "s");
        }
        self.cursor.at = (line + 1).min(bytes.len());
        true
    }
}

/// The class of a plain scalar.
fn scalar(text: &str) -> Option<&'static str> {
    let constant = matches!(
        text,
        "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "null"
            | "Null"
            | "NULL"
            | "~"
            | "yes"
            | "no"
            | "on"
            | "off"
    );
    if constant {
        return Some("k");
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| {
            byte.is_ascii_hexdigit()
                || matches!(
                    byte,
                    b'_' | b'.' | b'x' | b'o' | b'+' | b'-' | b':' | b'T' | b'Z' | b' '
                )
        });
    number.then_some("n")
}

//! Strings and whatever else is text up to a mark: where they end, and which code is within.

use super::super::language::{Escape, Holes};
use super::super::scan;
use super::open::{Blanks, Close, Frame, Hole, Rest, Text};
use super::state::{Code, is_word};

/// What interrupts a text.
enum Stop {
    /// It ends here.
    End(usize),
    /// A variable up to here.
    Variable(usize, usize),
    /// A variable with text of its own, `${name:-text}`: begins, and goes on here.
    Expansion(usize, usize),
    /// Code from here on.
    Code(usize, Hole),
    /// Nothing up to here.
    Skip(usize),
}

impl<'c> Code<'c, '_, '_> {
    /// Reads a text from `from` on, up to its end or the code within it.
    pub(super) fn open_text(&mut self, text: Text<'c>, from: usize) {
        self.at = from;
        self.read_text(text, false);
    }

    /// Goes on with the text on top of the stack.
    pub(super) fn resume_text(&mut self, text: Text<'c>) {
        self.read_text(text, true);
    }

    fn read_text(&mut self, mut text: Text<'c>, mut stacked: bool) {
        loop {
            match self.scan(&mut text, self.at) {
                Stop::End(end) => {
                    if stacked {
                        self.stack.pop();
                    }
                    self.sink.mark(text.start, end, text.class);
                    self.at = end;
                    return self.leave_text();
                }
                Stop::Variable(start, end) => {
                    self.sink.mark(text.start, start, text.class);
                    self.sink.mark(start, end, "a");
                    text.start = end;
                    self.at = end;
                }
                Stop::Expansion(start, from) => {
                    self.sink.mark(text.start, start, text.class);
                    text.start = from;
                    if stacked {
                        self.stack.pop();
                    }
                    self.stack.push(Frame::Text(text));
                    text = self.expansion(start);
                    self.at = from;
                    stacked = false;
                }
                Stop::Skip(next) => self.at = next,
                Stop::Code(from, hole) => {
                    self.sink.mark(text.start, from, text.class);
                    text.start = from;
                    if stacked {
                        self.stack.pop();
                    }
                    self.stack.push(Frame::Text(text));
                    self.stack.push(Frame::Hole(hole));
                    self.at = from;
                    return self.expect_value();
                }
            }
        }
    }

    /// `${name:-text}`, which begins at `start`.
    pub(super) fn expansion(&self, start: usize) -> Text<'c> {
        Text {
            escape: Escape::Backslash,
            holes: Holes::Shell,
            class: "a",
            ..Text::verbatim(start, Close::Mark("}"))
        }
    }

    /// The text below goes on after a closing mark within it.
    fn leave_text(&mut self) {
        let at = self.at;
        if let Some(Frame::Text(below)) = self.stack.last_mut() {
            below.start = below.start.max(at);
        }
        self.found_value();
    }

    /// Where a text without holes ends.
    pub(super) fn text_end(&self, text: &mut Text<'c>, from: usize) -> usize {
        match self.scan(text, from) {
            Stop::End(end) => end,
            _ => self.code.len(),
        }
    }

    fn scan(&self, text: &mut Text<'c>, from: usize) -> Stop {
        let bytes = self.code.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            scan::step(1);
            if byte.is_ascii_alphanumeric() || byte == b' ' || byte >= 0x80 {
                at += 1;
                continue;
            }
            if byte == b'\n' {
                if !text.lines {
                    return Stop::End(at);
                }
                if let Some(end) = self.last_line(text, at + 1) {
                    return Stop::End(end);
                }
                at += 1;
                continue;
            }
            if text.holes != Holes::None
                && let Some(stop) = self.hole(text.holes, at)
            {
                let Stop::Skip(next) = stop else { return stop };
                at = next;
                continue;
            }
            at = match self.closes(text, at) {
                Closes::End(end) => return Stop::End(end),
                Closes::After(next) => next,
                Closes::Not => at + self.escaped(text, at),
            };
        }
        Stop::End(bytes.len())
    }

    /// Where a text ends whose last line begins here.
    fn last_line(&self, text: &Text<'c>, start: usize) -> Option<usize> {
        let Close::Line { tag, blanks, rest } = text.close else {
            return None;
        };
        let bytes = self.code.as_bytes();
        let at = scan::run(self.code, start, |byte| match blanks {
            Blanks::None => false,
            Blanks::Tabs => byte == b'\t',
            Blanks::Any => matches!(byte, b' ' | b'\t'),
        });
        let after = bytes.get(at..)?.strip_prefix(tag.as_bytes())?.first().copied();
        let ends = match rest {
            Rest::Nothing => matches!(after, None | Some(b'\n' | b'\r')),
            Rest::NoName => !after.is_some_and(is_word),
            Rest::Any => true,
        };
        ends.then_some(at + tag.len())
    }

    fn closes(&self, text: &mut Text<'c>, at: usize) -> Closes {
        let bytes = &self.code.as_bytes()[at..];
        match text.close {
            Close::Mark(mark) if bytes.starts_with(mark.as_bytes()) => {
                let doubled = matches!(
                    text.escape,
                    Escape::Doubled | Escape::BackslashOrDoubled | Escape::Dialect | Escape::Backtick
                );
                if doubled && bytes[mark.len()..].starts_with(mark.as_bytes()) {
                    Closes::After(at + 2 * mark.len())
                } else {
                    Closes::End(at + mark.len())
                }
            }
            Close::Bracket { open, close } => {
                if bytes[0] == close {
                    if text.depth == 0 {
                        return Closes::End(at + 1);
                    }
                    text.depth -= 1;
                    return Closes::After(at + 1);
                }
                if bytes[0] == open {
                    text.depth += 1;
                    return Closes::After(at + 1);
                }
                Closes::Not
            }
            Close::Run {
                first,
                byte,
                count,
                last,
            } if bytes.starts_with(first.as_bytes()) => {
                let run = bytes[first.len()..]
                    .iter()
                    .take(count)
                    .take_while(|&&other| other == byte)
                    .count();
                let end = first.len() + run;
                scan::step(end);
                if run == count && last.is_none_or(|last| bytes.get(end) == Some(&last)) {
                    Closes::End(at + end + usize::from(last.is_some()))
                } else {
                    // What was counted is not counted again.
                    Closes::After(at + end)
                }
            }
            Close::Raw(name) if bytes[0] == b')' => {
                let rest = bytes[1..].strip_prefix(name.as_bytes());
                if rest.is_some_and(|rest| rest.first() == Some(&b'"')) {
                    Closes::End(at + name.len() + 2)
                } else {
                    Closes::Not
                }
            }
            _ => Closes::Not,
        }
    }

    /// Bytes of the character here, with what escapes it.
    fn escaped(&self, text: &Text<'c>, at: usize) -> usize {
        let bytes = self.code.as_bytes();
        let next = bytes.get(at + 1).copied();
        let takes = match (bytes[at], text.escape) {
            (b'\\', Escape::Backslash | Escape::BackslashOrDoubled) => true,
            (b'\\', Escape::Raw) => matches!(next, Some(b'\\' | b'"' | b'\'')),
            (b'\\', Escape::Dialect) => !self.ends_value(text, at + 1),
            (b'`', Escape::Backtick) | (b'$', Escape::Dollar) => true,
            _ => false,
        };
        // A single-line text ends at its line's end also after a stray mark, unless a backslash joins the lines.
        let joins = next != Some(b'\n') || text.lines || bytes[at] == b'\\';
        if !takes || !joins {
            return 1;
        }
        if text.holes == Holes::Braces(1) && bytes[at + 1..].starts_with(b"N{") {
            return 3;
        }
        let after = self.code.get(at + 1..).and_then(|rest| rest.chars().next());
        1 + after.map_or(0, char::len_utf8)
    }

    /// Whether the quote at `at` plainly ends a value, after which a separator or nothing comes.
    fn ends_value(&self, text: &Text<'c>, at: usize) -> bool {
        let Close::Mark(mark) = text.close else {
            return false;
        };
        let Some(rest) = self.code.get(at..).and_then(|rest| rest.strip_prefix(mark)) else {
            return false;
        };
        let rest = &rest[scan::run(rest, 0, |byte| matches!(byte, b' ' | b'\t'))..];
        rest.is_empty() || rest.starts_with([',', ')', ';', '\n', '\r'])
    }

    fn hole(&self, holes: Holes, at: usize) -> Option<Stop> {
        let bytes = &self.code.as_bytes()[at..];
        let next = bytes.get(1).copied();
        let name = |from: usize| {
            let end = self.word_end(at + from);
            (end > at + from && !bytes[from].is_ascii_digit()).then_some(end)
        };
        let code = |length: usize, open, close| Some(Stop::Code(at + length, Hole::of(open, close)));
        let variable = |end: usize| Some(Stop::Variable(at, end));
        match (holes, bytes[0], next) {
            (Holes::Template | Holes::Dollar, b'$', Some(b'{')) => code(2, b'{', b'}'),
            (Holes::Php, b'{', Some(b'$')) => code(1, b'{', b'}'),
            (Holes::Hash, b'#', Some(b'{')) => code(2, b'{', b'}'),
            (Holes::PowerShell, b'$', Some(b'(')) => code(2, b'(', b')'),
            (Holes::Shell, b'$', Some(b'(')) => {
                let arithmetic = bytes.get(2) == Some(&b'(');
                let hole = Hole {
                    arithmetic,
                    ..Hole::of(b'(', b')')
                };
                Some(Stop::Code(at + 2, hole))
            }
            (Holes::Shell, b'$', Some(b'{')) => Some(Stop::Expansion(at, at + 2)),
            (Holes::Php | Holes::PowerShell, b'$', Some(b'{')) => {
                let end = scan::run(self.code, at + 2, |byte| is_word(byte) || byte == b':');
                (self.code.as_bytes().get(end) == Some(&b'}')).then_some(Stop::Variable(at, end + 1))
            }
            (Holes::Shell, b'$', Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'!' | b'$' | b'-')) => {
                variable(at + 2)
            }
            (Holes::Shell | Holes::Dollar | Holes::Php | Holes::PowerShell, b'$', _) => {
                name(1).and_then(variable)
            }
            (Holes::Hash, b'#', Some(b'@' | b'$')) => name(2).and_then(variable),
            (Holes::Paren(count), b'\\', _) => {
                let end = scan::run(self.code, at + 1, |byte| byte == b'#');
                let opens = end - at - 1 == count && self.code.as_bytes().get(end) == Some(&b'(');
                opens.then(|| code(2 + count, b'(', b')')).flatten()
            }
            (Holes::Braces(count), b'{', _) => Some(self.braces(usize::from(count), at)),
            _ => None,
        }
    }

    /// `{` of a format string: so many open a hole; one that is doubled does not.
    fn braces(&self, count: usize, at: usize) -> Stop {
        let run = scan::run(self.code, at, |byte| byte == b'{') - at;
        let opens = if count == 1 { run % 2 == 1 } else { run >= count };
        if !opens {
            return Stop::Skip(at + run);
        }
        let hole = Hole {
            format: true,
            ..Hole::of(b'{', b'}')
        };
        Stop::Code(at + run, hole)
    }
}

enum Closes {
    End(usize),
    After(usize),
    Not,
}

//! Which dollar signs are no formula's.
//!
//! The parser takes any two signs of a paragraph for a formula, whatever is between them. Between `费用 $200，设置` and
//! a variable in a code span that is never what was meant: a code span binds tighter (CommonMark 0.31, 6.1), full-width
//! punctuation stands in formulas only within `\text{…}`, and as in Pandoc a digit after the closing sign makes both
//! of them prices. A formula set apart by `$$` is asked for explicitly and may hold punctuation.

use std::ops::Range;

use memchr::memchr;
use rustc_hash::FxHashMap;

/// Adds the offsets of signs that must not begin a formula, ascending.
pub(super) fn plain(text: &str, found: &mut Vec<usize>) {
    let bytes = text.as_bytes();
    let Some(mut start) = memchr(b'$', bytes).map(|first| line_start(bytes, first)) else {
        return;
    };
    while start < bytes.len() {
        let end = part_end(bytes, start);
        if memchr(b'$', &bytes[start..end]).is_some() {
            judge(&signs(text, start..end), bytes, found);
        }
        start = end;
    }
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |line_end| line_end + 1)
}

/// Where the lines end that can belong to one paragraph, item, cell row or heading with the line at `start`.
fn part_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        let Some(length) = memchr(b'\n', &bytes[at..]) else {
            return bytes.len();
        };
        at += length + 1;
        let is_row = bytes[start..].trim_ascii_start().starts_with(b"|");
        if is_row || begins_block(&bytes[at..]) {
            return at;
        }
    }
}

/// Whether a line is blank or begins an item, a quote, a heading or a row.
fn begins_block(line: &[u8]) -> bool {
    let line = &line[line
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()..];
    match line.first() {
        None | Some(b'\n' | b'\r' | b'>' | b'#' | b'|') => true,
        Some(b'-' | b'*' | b'+') => line.get(1) == Some(&b' '),
        Some(b'0'..=b'9') => {
            let digits = line
                .iter()
                .take(10)
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            matches!(line.get(digits), Some(b'.' | b')')) && line.get(digits + 1) == Some(&b' ')
        }
        _ => false,
    }
}

/// What matters of a part, in its order.
enum Sign {
    /// `$`, or `$$` if `true`.
    Dollar(usize, bool),
    /// A code span, or punctuation if `false`: no formula goes on behind it.
    Barrier(bool),
    /// Where a cell of a row ends.
    CellEnd,
}

fn signs(text: &str, part: Range<usize>) -> Vec<Sign> {
    let bytes = text.as_bytes();
    let is_row = bytes[part.clone()].trim_ascii_start().starts_with(b"|");
    let span_ends = span_ends(bytes, part.clone());
    let mut signs = Vec::new();
    // Braces open since the one of `\text{`.
    let mut words = 0_u32;
    let mut at = part.start;
    while at < part.end {
        match bytes[at] {
            b'\\' if words == 0 && opens_words(&bytes[at..part.end]) => {
                at += memchr(b'{', &bytes[at..part.end]).unwrap_or(0);
                words = 1;
            }
            b'\\' => at += 1,
            b'{' if words > 0 => words += 1,
            b'}' if words > 0 => words -= 1,
            b'$' => {
                let is_double = bytes.get(at + 1) == Some(&b'$') && at + 1 < part.end;
                signs.push(Sign::Dollar(at, is_double));
                at += usize::from(is_double);
            }
            b'`' => match span_ends.get(&at) {
                Some(end) => {
                    signs.push(Sign::Barrier(true));
                    at = *end - 1;
                }
                None => {
                    at += run(&bytes[at..part.end]) - 1;
                }
            },
            b'|' if is_row => signs.push(Sign::CellEnd),
            0xE2 | 0xE3 | 0xEF if words == 0 && is_full_width(&bytes[at..part.end]) => {
                signs.push(Sign::Barrier(false));
                at += 2;
            }
            _ => {}
        }
        at += 1;
    }
    signs
}

/// Backticks at the beginning.
fn run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| byte == b'`').count()
}

/// Where the code span ends that each run of backticks begins, if it begins one.
fn span_ends(bytes: &[u8], part: Range<usize>) -> FxHashMap<usize, usize> {
    let mut ends = FxHashMap::default();
    if memchr(b'`', &bytes[part.clone()]).is_none() {
        return ends;
    }
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut at = part.start;
    while let Some(found) = memchr(b'`', &bytes[at..part.end]) {
        let start = at + found;
        at = start + run(&bytes[start..part.end]);
        runs.push(start..at);
    }
    let mut next: FxHashMap<usize, usize> = FxHashMap::default();
    for run in runs.into_iter().rev() {
        if let Some(end) = next.insert(run.len(), run.end) {
            ends.insert(run.start, end);
        }
    }
    ends
}

/// Whether a command begins here whose argument is words of a sentence.
fn opens_words(command: &[u8]) -> bool {
    [
        &b"\\text{"[..],
        b"\\textrm{",
        b"\\textbf{",
        b"\\textit{",
        b"\\mbox{",
        b"\\textnormal{",
        b"\\mathrm{",
    ]
    .iter()
    .any(|name| command.starts_with(name))
}

/// Whether punctuation of Chinese sentences begins here. `…` and `·` stand in formulas too, and `’` is typed for a prime.
fn is_full_width(bytes: &[u8]) -> bool {
    match bytes {
        // ‘ “ ”
        [0xE2, 0x80, last, ..] => matches!(last, 0x98 | 0x9C | 0x9D),
        // 、。 and the brackets 〈 to 】 and 〔 to 〗
        [0xE3, 0x80, last, ..] => matches!(last, 0x81 | 0x82 | 0x88..=0x91 | 0x94..=0x97),
        // ！（），：；？
        [0xEF, 0xBC, last, ..] => matches!(last, 0x81 | 0x88 | 0x89 | 0x8C | 0x9A | 0x9B | 0x9F),
        _ => false,
    }
}

/// Pairs the signs as the parser does, each with the next, and finds those whose pair is no formula.
fn judge(signs: &[Sign], bytes: &[u8], found: &mut Vec<usize>) {
    let mut open: Option<(usize, bool)> = None;
    let mut punctuation = false;
    let mut refuse = |(at, is_double): (usize, bool)| {
        found.push(at);
        if is_double {
            found.push(at + 1);
        }
    };
    for sign in signs {
        match *sign {
            Sign::Barrier(is_code) => {
                punctuation |= !is_code;
                // A sign in the span must not end it.
                if let Some(opened) = open.filter(|_| is_code) {
                    refuse(opened);
                    open = None;
                }
            }
            Sign::CellEnd => open = None,
            Sign::Dollar(at, is_double) => {
                let Some((opened, was_double)) = open else {
                    open = Some((at, is_double));
                    punctuation = false;
                    continue;
                };
                let is_space = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
                let pairs =
                    is_double == was_double && (is_double || !is_space(opened + 1) && !is_space(at - 1));
                let is_price = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                if pairs && (is_double || !punctuation && !is_price) {
                    open = None;
                } else {
                    if pairs {
                        refuse((opened, was_double));
                    }
                    open = Some((at, is_double));
                }
                punctuation = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    /// Each case marks with `₽` the signs that must not begin a formula.
    #[test]
    fn signs_of_no_formula_are_found() {
        let cases = [
            "费用 ₽200，设置 `$HOME` 和 `$PATH` 两个变量。",
            "费用US₽5，设置`$HOME`和`$PATH`两个变量。",
            "单引号里的“echo ₽PATH”输出“$PATH”本身。",
            "由 $x^2$，得 $y$；当 $a<b$ 时",
            "速度 $v=\\text{路程（米）}/t$ 成立",
            "$5 和 $6",
            "₽5和$6",
            "从 $5，到 $x$",
            "从₽5，到$x$",
            "- 变量$A\n- 公式$x$，得$y$",
            "| $5 | ₽6，$x$ |\n| $a$ | `$b` |",
            "$$x=1，y=2$$",
            "进程 ₽₽ 和 `$$` 都是",
            "`` `$a` `` 与 $b$，与 `$c`",
            "\\$5，$x$",
            "*$*alpha.",
            "第一段 $5\n\n第二段，$x$",
            "一对 ` 引号 $x$，又一个 $y$",
            "$a\n+b$，$c$",
        ];
        for case in cases {
            let text = case.replace('₽', "$");
            let mut found = Vec::new();
            plain(&text, &mut found);
            let expected: Vec<usize> = case
                .char_indices()
                .filter(|(_, sign)| *sign == '₽')
                .enumerate()
                // `₽` has three bytes, `$` one.
                .map(|(before, (at, _))| at - 2 * before)
                .collect();
            assert_eq!(found, expected, "{case}");
        }
    }
}

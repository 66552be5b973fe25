//! What changed between two texts, so that people can read it: whole lines first, within changed lines word by word,
//! Chinese character by character.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It is in both.
    Same,
    /// It was there before.
    Removed,
    /// It is new.
    Added,
    /// It is in both and far from anything that changed.
    Far,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What became of it.
    pub mark: Mark,
    /// The text; line ends are part of it.
    pub text: String,
    /// Its lines, for [`Mark::Far`].
    pub lines: usize,
}

/// More lines than these together are not compared one by one: the worst case takes their product.
const MOST_LINES: usize = 10_000;
/// More words than these together are shown as replaced.
const MOST_WORDS: usize = 8_000;
/// A shorter stretch between two changes reads worse than a longer change.
const SHORTEST: usize = 2;
/// Lines shown around a change.
const AROUND: usize = 2;

/// The pieces of both texts in their order; where something was replaced, the old one first.
pub fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        before.split_inclusive('\n').collect(),
        after.split_inclusive('\n').collect(),
    );
    let mut pieces = Pieces::default();
    if before == after {
        pieces.push(Mark::Same, after);
    } else if old.len() + new.len() > MOST_LINES {
        pieces.replace(before, after);
    } else {
        for (is_same, old, new) in changes(&old, &new, |_| false) {
            if is_same {
                pieces.push(Mark::Same, &new.concat());
            } else {
                pieces.within(&old.concat(), &new.concat());
            }
        }
    }
    pieces.0
}

/// The pieces with long stretches that did not change set apart as [`Mark::Far`].
pub fn folded(pieces: Vec<Piece>) -> Vec<Piece> {
    let last = pieces.len().saturating_sub(1);
    let mut folded: Vec<Piece> = Vec::with_capacity(pieces.len());
    for (position, piece) in pieces.into_iter().enumerate() {
        let lines: Vec<&str> = piece.text.split_inclusive('\n').collect();
        // A line that is part of a change counts as the change's.
        let is_broken = |text: &str| usize::from(!text.ends_with('\n'));
        let first = folded.last().map_or(0, |before| AROUND + is_broken(&before.text));
        let rest = if position == last {
            0
        } else {
            AROUND + is_broken(&piece.text)
        };
        if piece.mark != Mark::Same || lines.len() < first + rest + 3 {
            folded.push(piece);
            continue;
        }
        let (head, far) = lines.split_at(first);
        let (far, tail) = far.split_at(far.len() - rest);
        for (mark, lines) in [(Mark::Same, head), (Mark::Far, far), (Mark::Same, tail)] {
            if !lines.is_empty() {
                folded.push(Piece {
                    mark,
                    text: lines.concat(),
                    lines: if mark == Mark::Far { lines.len() } else { 0 },
                });
            }
        }
    }
    folded
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push(&mut self, mark: Mark, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.mark == mark => last.text.push_str(text),
            _ => self.0.push(Piece {
                mark,
                text: text.to_owned(),
                lines: 0,
            }),
        }
    }

    fn replace(&mut self, old: &str, new: &str) {
        self.push(Mark::Removed, old);
        self.push(Mark::Added, new);
    }

    fn within(&mut self, old: &str, new: &str) {
        let (old_words, new_words) = (words(old), words(new));
        if old_words.len() + new_words.len() > MOST_WORDS {
            self.replace(old, new);
            return;
        }
        let is_short = |words: &[&str]| words.concat().trim().chars().count() < SHORTEST;
        for (is_same, old, new) in changes(&old_words, &new_words, is_short) {
            if is_same {
                self.push(Mark::Same, &new.concat());
            } else {
                self.replace(&old.concat(), &new.concat());
            }
        }
    }
}

type Run<'s, 't> = (bool, &'s [&'t str], &'s [&'t str]);

/// Runs that are the same and runs that are not, alternately. What is the same between two changes and `is_short`
/// counts as changed.
fn changes<'s, 't>(
    old: &'s [&'t str],
    new: &'s [&'t str],
    is_short: impl Fn(&[&str]) -> bool,
) -> Vec<Run<'s, 't>> {
    let operations = capture_diff_slices(Algorithm::Myers, old, new);
    let last = operations.len().saturating_sub(1);
    let mut runs: Vec<(bool, std::ops::Range<usize>, std::ops::Range<usize>)> = Vec::new();
    for (position, operation) in operations.iter().enumerate() {
        let (old_range, new_range) = (operation.old_range(), operation.new_range());
        let is_equal = matches!(operation, DiffOp::Equal { .. });
        let is_between = position > 0 && position < last;
        let is_same = is_equal && !(is_between && new.get(new_range.clone()).is_some_and(&is_short));
        match runs.last_mut() {
            Some((known, old, new)) if *known == is_same => {
                old.end = old_range.end;
                new.end = new_range.end;
            }
            _ => runs.push((is_same, old_range, new_range)),
        }
    }
    let slice = |(is_same, from, to): (bool, std::ops::Range<usize>, std::ops::Range<usize>)| {
        (
            is_same,
            old.get(from).unwrap_or_default(),
            new.get(to).unwrap_or_default(),
        )
    };
    runs.into_iter().map(slice).collect()
}

/// Words of alphabets and numbers; of every other script, single characters.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut is_in_word = false;
    for (position, character) in text.char_indices() {
        let joins = is_of_word(character);
        if position > start && !(is_in_word && joins) {
            words.push(&text[start..position]);
            start = position;
        }
        is_in_word = joins;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

fn is_of_word(character: char) -> bool {
    // Kana, Hangul and Han are read character by character.
    let is_eastern = matches!(character, '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..);
    character.is_alphanumeric() && !is_eastern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pieces: &[Piece]) -> String {
        let piece = |piece: &Piece| match piece.mark {
            Mark::Same => piece.text.clone(),
            Mark::Removed => format!("[-{}-]", piece.text),
            Mark::Added => format!("[+{}+]", piece.text),
            Mark::Far => format!("[{}]", piece.lines),
        };
        pieces.iter().map(piece).collect()
    }

    #[test]
    fn changes_are_read_as_people_would_mark_them() {
        let cases = [
            ("", "", ""),
            ("", "新", "[+新+]"),
            ("旧", "", "[-旧-]"),
            ("一样", "一样", "一样"),
            ("后角磨六度。", "后角磨六到八度。", "后角磨六[+到八+]度。"),
            ("转速 1200 rpm", "转速 1500 rpm", "转速 [-1200-][+1500+] rpm"),
            ("feed rate", "feed rates", "feed [-rate-][+rates+]"),
            // One character in common would tear the change apart.
            ("甲乙丙丁", "子乙寅卯", "[-甲乙丙丁-][+子乙寅卯+]"),
            ("一\n二\n三\n", "一\n三\n", "一\n[-二\n-]三\n"),
            ("一\n三\n", "一\n二\n三\n", "一\n[+二\n+]三\n"),
        ];
        for (before, after, expected) in cases {
            assert_eq!(written(&pieces(before, after)), expected, "{before} | {after}");
        }
    }

    #[test]
    fn the_pieces_hold_both_texts() {
        let (before, after) = (
            "# 标题\n\n第一段 abc。\n\n第二段\n",
            "# 标题\n\n第一段 abd，改。\n\n第三段\n尾\n",
        );
        let found = pieces(before, after);
        let without = |mark: Mark| -> String {
            let kept = found.iter().filter(|piece| piece.mark != mark);
            kept.map(|piece| piece.text.as_str()).collect()
        };
        assert_eq!(
            (without(Mark::Added), without(Mark::Removed)),
            (before.to_owned(), after.to_owned())
        );
    }

    #[test]
    fn what_is_far_from_changes_is_folded() {
        let lines: String = (1..=20).map(|line| format!("第{line}行\n")).collect();
        let after = lines.replace("第10行", "第十行");
        assert_eq!(
            written(&folded(pieces(&lines, &after))),
            "[7]第8行\n第9行\n第[-10-][+十+]行\n第11行\n第12行\n[8]"
        );
        assert_eq!(
            written(&folded(pieces("一\n二\n", "一\n三\n"))),
            "一\n[-二-][+三+]\n"
        );
    }

    #[test]
    fn huge_texts_are_shown_as_replaced() {
        let huge: String = "行\n".repeat(MOST_LINES);
        assert_eq!(pieces(&huge, "短").len(), 2);
        let long = "字".repeat(MOST_WORDS);
        assert_eq!(pieces(&long, "短句").len(), 2);
    }
}

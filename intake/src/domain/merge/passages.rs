//! A body that two people changed, line by line: what one of them changed is settled, what both changed is contested.

use similar::{MergeResolution, TextMerge};

/// More lines than these together are not compared: the worst case takes their product.
const MOST_LINES: usize = 6_000;

/// A stretch of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Passage {
    /// Nobody changed it, or the later one alone did, or both in the same way.
    Settled(String),
    /// It is as it is published; the later one did not touch it.
    Taken(String),
    /// Both changed it: what they began with, what is published, what the later one wants.
    Contested([String; 3]),
}

/// The passages of a body in their order. Every line ends with `\n`.
pub(super) fn passages(base: &str, theirs: &str, ours: &str) -> Vec<Passage> {
    // So that a last line is the same line when another follows it.
    let [base, theirs, ours] = [base, theirs, ours].map(|text| {
        let text = text.trim_end();
        if text.is_empty() {
            String::new()
        } else {
            format!("{text}\n")
        }
    });
    let count: usize = [&base, &theirs, &ours]
        .map(|text| text.lines().count())
        .iter()
        .sum();
    if count > MOST_LINES {
        return vec![Passage::Contested([base, theirs, ours])];
    }
    let merge = TextMerge::from_lines(&*base, &*ours, &*theirs);
    let mut found = Vec::new();
    for region in merge.regions() {
        let theirs = || region.theirs_range().filter_map(|line| merge.theirs_line(line));
        let ours = || region.ours_range().filter_map(|line| merge.ours_line(line));
        match region.resolution() {
            MergeResolution::Theirs => found.push(Passage::Taken(theirs().collect())),
            MergeResolution::Conflict => {
                let base = region.base_range().filter_map(|line| merge.base_line(line));
                contest(
                    &mut found,
                    base.collect(),
                    &theirs().collect::<Vec<_>>(),
                    &ours().collect::<Vec<_>>(),
                );
            }
            _ => found.push(Passage::Settled(ours().collect())),
        }
    }
    found
}

/// Sets apart the lines with which both sides begin and end: they are wanted by both.
fn contest(found: &mut Vec<Passage>, base: String, theirs: &[&str], ours: &[&str]) {
    let alike = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let head = alike(&mut theirs.iter().zip(ours));
    let (begin, theirs) = theirs.split_at(head);
    let ours = &ours[head..];
    let tail = alike(&mut theirs.iter().rev().zip(ours.iter().rev()));
    let (theirs, end) = theirs.split_at(theirs.len() - tail);
    let ours = &ours[..ours.len() - tail];
    let settled = |lines: &[&str]| (!lines.is_empty()).then(|| Passage::Settled(lines.concat()));
    found.extend(settled(begin));
    found.push(Passage::Contested([base, theirs.concat(), ours.concat()]));
    found.extend(settled(end));
}

/// What somebody wrote in the place of a contested passage, set off from what stands around it as the sides were.
pub(super) fn written(text: &str, sides: &[String; 3]) -> String {
    let text = text.replace("\r\n", "\n");
    let text = text.trim_matches('\n').trim_end();
    if text.is_empty() {
        return String::new();
    }
    let is_end = |letter: char| letter == '\n';
    let head = sides
        .iter()
        .map(|side| side.len() - side.trim_start_matches(is_end).len());
    let tail = sides
        .iter()
        .map(|side| side.len() - side.trim_end_matches(is_end).len());
    let ends = |count: Option<usize>| "\n".repeat(count.unwrap_or_default());
    format!("{}{text}{}", ends(head.max()), ends(tail.max()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passages in one line: `=` settled, `<` taken, `?base|theirs|ours` contested; `/` ends a line.
    fn shown(passages: &[Passage]) -> String {
        let one = |passage: &Passage| match passage {
            Passage::Settled(text) => format!("={text}"),
            Passage::Taken(text) => format!("<{text}"),
            Passage::Contested(sides) => format!("?{}", sides.join("|")),
        };
        passages
            .iter()
            .map(one)
            .collect::<Vec<_>>()
            .join(" ")
            .replace('\n', "/")
    }

    #[test]
    fn what_one_side_changed_is_settled() {
        let cases = [
            ("一", "一", "一", "=一/"),
            // Each another paragraph.
            ("一\n\n二", "甲\n\n二", "一\n\n乙", "<甲/ =/ =乙/"),
            ("一\n\n二", "一", "一\n\n二", "=一/ <"),
            // Both the same one.
            ("一\n\n二", "甲\n\n二", "乙\n\n二", "?一/|甲/|乙/ =/二/"),
            ("一\n\n二", "甲\n\n二", "甲\n\n二", "=甲/ =/二/"),
            // Both put something behind the end, after the same blank line.
            ("一", "一\n\n甲", "一\n\n乙", "=一/ =/ ?|甲/|乙/"),
            // One removes what the other changes.
            ("一\n\n二", "二", "乙\n\n二", "?一//||乙// =二/"),
            ("", "甲", "乙", "?|甲/|乙/"),
        ];
        for (base, theirs, ours, expected) in cases {
            assert_eq!(
                shown(&passages(base, theirs, ours)),
                expected,
                "{base:?} {theirs:?} {ours:?}"
            );
        }
    }

    #[test]
    fn what_is_written_stands_apart_as_the_sides_did() {
        let sides = ["一\n\n", "", "\n乙\n\n"].map(str::to_owned);
        let cases = [
            ("新", "\n新\n\n"),
            ("\r\n新\r\n行\r\n", "\n新\n行\n\n"),
            (" \n", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(written(text, &sides), expected, "{text:?}");
        }
    }

    #[test]
    fn huge_bodies_are_one_passage() {
        let [base, theirs, ours] = ["一\n", "二\n", "三\n"].map(|line| line.repeat(MOST_LINES / 2));
        assert_eq!(passages(&base, &theirs, &ours).len(), 1);
    }
}

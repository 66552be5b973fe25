//! Where in a text a quoted passage is. People quote from the page as readers see it, the text is Markdown: white space
//! and signs of markup do not count.

use std::ops::Range;

/// Whether a character counts in a comparison.
fn counts(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, '*' | '_' | '`' | '#' | '>' | '~' | '|' | '\\' | '-')
}

/// The first place in `text` that says `quote`, in bytes. Returns `None` if there is none, or if the quote is
/// empty but for blanks and marks.
pub fn find(text: &str, quote: &str) -> Option<Range<usize>> {
    let wanted: String = quote.chars().filter(|character| counts(*character)).collect();
    if wanted.is_empty() {
        return None;
    }
    let (mut plain, mut places) = (String::with_capacity(text.len()), Vec::new());
    for (place, character) in text.char_indices().filter(|(_, character)| counts(*character)) {
        plain.push(character);
        places.extend(std::iter::repeat_n(place, character.len_utf8()));
    }
    let start = plain.find(&wanted)?;
    let last = start + wanted.len() - wanted.chars().next_back()?.len_utf8();
    let end = *places.get(last)?;
    let length = text.get(end..)?.chars().next()?.len_utf8();
    Some(*places.get(start)?..end + length)
}

/// Pieces of a stretch of a text, each with whether it is part of a passage.
pub fn marked<'t>(text: &'t str, stretch: Range<usize>, passages: &[Range<usize>]) -> Vec<(&'t str, bool)> {
    let mut edges: Vec<usize> = passages
        .iter()
        .flat_map(|passage| [passage.start, passage.end])
        .collect();
    edges.retain(|edge| stretch.start < *edge && *edge < stretch.end);
    edges.extend([stretch.start, stretch.end]);
    edges.sort_unstable();
    edges.dedup();
    let piece = |pair: &[usize]| {
        let [start, end] = pair else { return None };
        let is_marked = passages.iter().any(|passage| passage.contains(start));
        Some((text.get(*start..*end)?, is_marked))
    };
    edges.windows(2).filter_map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_found_as_readers_see_them() {
        let text = "# 标题\n\n后角磨**六到八**度，\n前角十度。";
        let cases = [
            ("标题", Some("标题")),
            ("磨六到八度", Some("磨**六到八**度")),
            ("八度， 前角", Some("八**度，\n前角")),
            ("# 标题", Some("标题")),
            ("十度。", Some("十度。")),
            ("六到九", None),
            (" * \n", None),
            ("", None),
        ];
        for (quote, expected) in cases {
            assert_eq!(
                find(text, quote).and_then(|place| text.get(place)),
                expected,
                "{quote}"
            );
        }
        assert_eq!(find("", "字"), None);
    }

    #[test]
    fn a_stretch_is_cut_where_passages_begin_and_end() {
        let passages = [2..5, 4..6];
        assert_eq!(
            marked("abcdefgh", 0..8, &passages),
            [
                ("ab", false),
                ("cd", true),
                ("e", true),
                ("f", true),
                ("gh", false)
            ]
        );
        assert_eq!(marked("abcdefgh", 6..8, &passages), [("gh", false)]);
        assert!(marked("abc", 1..1, &[]).is_empty());
    }
}

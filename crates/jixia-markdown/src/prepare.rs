//! Makes emphasis work beside Chinese punctuation before the parser sees the body.
//!
//! CommonMark takes `**重点：**内容` for no emphasis, since a run after punctuation closes only before a space or
//! punctuation. The CJK-friendly amendment counts CJK punctuation as a letter, and any punctuation if the other
//! side of the run is CJK. The parser cannot be told, but it can be shown: where the two rules differ, a
//! noncharacter (U+FDD0) goes between the run and the punctuation, and the run then has a letter on that side.
//! The noncharacter is taken out of the input first and of everything the parser returns, so no text can forge or
//! keep one. Beyond the amendment, “ ” ‘ ’ — … · count as CJK when a CJK character follows or precedes them
//! (`Go**“初学者”**`). A run beside `|` is left alone: in a table that is the edge of the cell.
//!
//! Three signs that Chinese text uses for something else are hidden from the parser in the same way. A single `~` is a
//! range (`第（一）~（三）项`): between two noncharacters it strikes nothing. A `$` that is no formula's ([`dollars`])
//! becomes another noncharacter (U+FDD1), and a `$` again in what the parser returns. So does a `*` between two digits
//! (U+FDD2), which multiplies: `100*50*20` is a size and emphasises nothing.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::{memchr, memchr_iter, memchr2_iter, memmem};

use super::chars::{is_cjk, is_punctuation, is_selector, is_shared_punctuation};
use super::dollars;

/// The noncharacter put beside delimiter runs.
pub(super) const SENTINEL: &str = "\u{FDD0}";

/// The noncharacter that stands for a `$` that begins no formula.
const DOLLAR: &str = "\u{FDD1}";

/// The noncharacter that stands for a `*` that multiplies.
const STAR: &str = "\u{FDD2}";

static FINDER: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(SENTINEL));

/// Whether a text holds a sentinel.
fn has_sentinel(text: &str) -> bool {
    FINDER.find(text.as_bytes()).is_some()
}

/// Whether a text holds a noncharacter that stands for a sign.
fn has_signs(text: &str) -> bool {
    [DOLLAR, STAR]
        .iter()
        .any(|sign| memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
}

/// A text of the parser as it was written. Returns `None` if it is that already.
pub(super) fn unprepared(text: &str) -> Option<String> {
    match (has_sentinel(text), has_signs(text)) {
        (false, false) => None,
        (true, false) => Some(text.replace(SENTINEL, "")),
        (_, true) => Some(text.replace(SENTINEL, "").replace(DOLLAR, "$").replace(STAR, "*")),
    }
}

/// A body ready for the parser, with the way back to offsets in the body as written.
pub(super) struct Prepared<'a> {
    /// What the parser reads.
    pub(super) text: Cow<'a, str>,
    /// Where noncharacters stand in `text`, ascending, and by how much what follows each is moved.
    moved: Vec<(usize, usize)>,
}

/// What is done to a body at an offset.
#[derive(Clone, Copy)]
enum Edit {
    /// A sentinel goes in.
    Sentinel,
    /// The noncharacter for `$` takes its place.
    Dollar,
    /// The noncharacter for `*` takes its place.
    Star,
}

impl<'a> Prepared<'a> {
    /// Prepares a body. Borrows it unless it has a run to mend or a character that must not be there.
    pub(super) fn new(body: &'a str) -> Self {
        let mut text = Cow::Borrowed(body);
        if memchr(0, body.as_bytes()).is_some() {
            text = Cow::Owned(text.replace('\0', " "));
        }
        for forged in [SENTINEL, DOLLAR, STAR] {
            if memmem::find(text.as_bytes(), forged.as_bytes()).is_some() {
                text = Cow::Owned(text.replace(forged, "\u{FFFD}"));
            }
        }
        let edits = edits(&text);
        if edits.is_empty() {
            let moved = Vec::new();
            return Prepared { text, moved };
        }
        let mut marked = String::with_capacity(text.len() + edits.len() * SENTINEL.len());
        let mut moved = Vec::with_capacity(edits.len());
        let (mut done, mut by) = (0, 0);
        for (place, edit) in edits {
            marked.push_str(&text[done..place]);
            done = place;
            by += SENTINEL.len();
            let sign = match edit {
                Edit::Sentinel => SENTINEL,
                Edit::Dollar => DOLLAR,
                Edit::Star => STAR,
            };
            if !matches!(edit, Edit::Sentinel) {
                done += 1;
                by -= 1;
            }
            moved.push((marked.len(), by));
            marked.push_str(sign);
        }
        marked.push_str(&text[done..]);
        Prepared {
            text: Cow::Owned(marked),
            moved,
        }
    }

    /// Whether noncharacters were put in.
    pub(super) fn is_marked(&self) -> bool {
        !self.moved.is_empty()
    }

    /// The offset in the body as written of an offset in `text`.
    pub(super) fn origin(&self, offset: usize) -> u32 {
        let before = self.moved.partition_point(|&(place, _)| place < offset);
        let by = before.checked_sub(1).map_or(0, |last| self.moved[last].1);
        u32::try_from(offset - by).unwrap_or(u32::MAX)
    }
}

/// What has to be done to a body, ascending.
fn edits(text: &str) -> Vec<(usize, Edit)> {
    let bytes = text.as_bytes();
    // Without a pair of them the parser is not asked for strikethrough at all.
    let can_strike = memmem::find(bytes, b"~~").is_some();
    let sentinels = places(text, can_strike);
    let mut dollars = Vec::new();
    dollars::plain(text, &mut dollars);
    let mut edits: Vec<(usize, Edit)> = sentinels.into_iter().map(|at| (at, Edit::Sentinel)).collect();
    let stars = memchr_iter(b'*', bytes).filter(|at| multiplies(bytes, *at));
    let signs = dollars.into_iter().map(|at| (at, Edit::Dollar));
    let before = edits.len();
    edits.extend(signs.chain(stars.map(|at| (at, Edit::Star))));
    if edits.len() > before {
        // A sentinel before a sign stays before it: the sort keeps the order of equal offsets.
        edits.sort_by_key(|(at, _)| *at);
    }
    edits
}

/// Whether the `*` at an offset stands between two digits.
fn multiplies(bytes: &[u8], at: usize) -> bool {
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))
}

/// Offsets at which a sentinel belongs, ascending.
fn places(text: &str, can_strike: bool) -> Vec<usize> {
    let bytes = text.as_bytes();
    if can_strike {
        of_runs(text, memchr2_iter(b'*', b'~', bytes))
    } else {
        of_runs(text, memchr_iter(b'*', bytes))
    }
}

fn of_runs(text: &str, delimiters: impl Iterator<Item = usize>) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut places = Vec::new();
    let mut done = 0;
    for found in delimiters {
        if found < done {
            continue;
        }
        let delimiter = bytes[found];
        let start = if is_escaped(bytes, found) {
            found + 1
        } else {
            found
        };
        let length = bytes[start..]
            .iter()
            .take_while(|&&byte| byte == delimiter)
            .count();
        let end = start + length;
        done = end.max(found + 1);
        if delimiter == b'~' && length == 1 {
            places.extend([start, end]);
            continue;
        }
        if length == 0 || start == 0 || end == bytes.len() {
            continue;
        }
        // Between ASCII characters the two rules agree.
        if bytes[start - 1] < 0x80 && bytes[end] < 0x80 {
            continue;
        }
        match sentinel_side(&text[..start], &text[end..]) {
            Some(Side::Before) => places.push(start),
            Some(Side::After) => places.push(end),
            None => {}
        }
    }
    places
}

/// Whether an odd number of backslashes stands before `at`.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at]
        .iter()
        .rev()
        .take_while(|&&byte| byte == b'\\')
        .count()
        % 2
        == 1
}

/// Where beside a run the sentinel goes.
enum Side {
    Before,
    After,
}

/// Compares CommonMark's rule with the amendment's for a run between `left` and `right`.
fn sentinel_side(left: &str, right: &str) -> Option<Side> {
    let mut before = left.chars().rev();
    let mut previous = before.next()?;
    let mut after = right.chars();
    let next = after.next()?;
    // The parser takes a selector for a letter, whatever it follows.
    let follows_punctuation = is_punctuation(previous);
    let mut previous_is_cjk = false;
    if is_selector(previous) {
        previous_is_cjk = !matches!(previous as u32, 0..=0xFFFF);
        previous = before.next()?;
    }
    if previous.is_whitespace() || next.is_whitespace() || previous == '|' || next == '|' {
        return None;
    }
    let shared = |c: char, beyond: Option<char>| is_shared_punctuation(c) && beyond.is_some_and(is_cjk);
    previous_is_cjk = previous_is_cjk || is_cjk(previous) || shared(previous, before.next());
    let next_is_cjk = is_cjk(next) || shared(next, after.next());
    if !previous_is_cjk && !next_is_cjk {
        return None;
    }
    match (follows_punctuation, is_punctuation(next)) {
        (false, true) => Some(Side::After),
        (true, false) => Some(Side::Before),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_only_where_the_rules_differ() {
        let cases = [
            ("**重点：**内容", "**重点：|**内容"),
            ("这是**“强调”**的", "这是**|“强调”|**的"),
            ("Go**“初学者”**可", "Go**|“初学者”|**可"),
            ("中**`a`**中", "中**|`a`|**中"),
            ("普通 **粗体** 文字", "普通 **粗体** 文字"),
            ("a**(b)**c", "a**(b)**c"),
            ("|**（一）**|", "|**（一）**|"),
            (r"（\**a", r"（\**a"),
            ("~~旧：~~新", "~~旧：|~~新"),
            ("葛󠄀**(甲)**城", "葛󠄀**|(甲)|**城"),
            ("〽︎**(庵点)**は", "〽︎**|(庵点)|**は"),
        ];
        for (body, expected) in cases {
            let prepared = Prepared::new(body);
            assert_eq!(
                prepared.text,
                expected
                    .replace("：|", "：\u{FDD0}")
                    .replace("**|“", "**\u{FDD0}“")
                    .replace("”|", "”\u{FDD0}")
                    .replace("**|`", "**\u{FDD0}`")
                    .replace("`|", "`\u{FDD0}")
                    .replace("**|(", "**\u{FDD0}(")
                    .replace(")|*", ")\u{FDD0}*"),
                "{body}"
            );
        }
    }

    #[test]
    fn offsets_lead_back() {
        let body = "**重点：**内容 [a](b)";
        let prepared = Prepared::new(body);
        let at = prepared.text.find("[a]").map(|at| prepared.origin(at));
        assert_eq!(at.map(|at| at as usize), body.find("[a]"));
    }

    #[test]
    fn forged_sentinels_are_replaced() {
        let prepared = Prepared::new("a\u{FDD0}b\0c");
        assert_eq!(prepared.text, "a\u{FFFD}b c");
        assert_eq!(prepared.origin(6), 6);
    }
}

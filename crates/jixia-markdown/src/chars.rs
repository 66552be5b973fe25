//! Which characters are Chinese, Japanese or Korean, which are punctuation, and how many words a text has.
//!
//! The classes follow the CJK-friendly amendment of CommonMark (`tats-u/markdown-cjk-friendly`, specification.md):
//! East Asian Width W, F or H without default emoji presentation, or script Hangul.

/// Says whether `c` is a CJK character in the sense of the amendment, CJK punctuation included.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c as u32,
        0x1100..=0x11FF | 0x20A9 | 0x2E80..=0x303E | 0x3041..=0x4DBF | 0x4E00..=0xA4CF | 0xA960..=0xA97C
        | 0xAC00..=0xD7FB | 0xF900..=0xFAFF | 0xFE10..=0xFE19 | 0xFE30..=0xFE6B | 0xFF01..=0xFFDC
        | 0xFFE0..=0xFFEE | 0x16FE0..=0x18DFF | 0x1AFF0..=0x1B2FF | 0x1F200 | 0x1F202 | 0x1F210..=0x1F219
        | 0x1F21B..=0x1F22E | 0x1F230..=0x1F231 | 0x1F237 | 0x1F23B | 0x1F240..=0x1F248
        | 0x1F260..=0x1F265 | 0x20000..=0x3FFFD)
}

/// The Han letters nearly all text consists of: no table need be asked about them.
pub(super) fn is_common_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// Says whether `c` is punctuation or a symbol. Outside ASCII this is what is neither letter, digit, space, mark
/// nor invisible; it may say yes too often for exotic marks, which costs a needless sentinel and changes nothing.
pub(super) fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    !is_common_han(c) && !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control() && !is_invisible(c)
}

/// Marks, joiners and selectors that modify the character before them.
fn is_invisible(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36F | 0x200B..=0x200F | 0x2060..=0x206F | 0x3099..=0x309A | 0xFE00..=0xFE0F
        | 0xFDD0..=0xFDEF | 0xE0000..=0xE0FFF)
}

/// Variation selectors that keep the character before them what it is (U+FE0F makes it an emoji).
pub(super) fn is_selector(c: char) -> bool {
    matches!(c as u32, 0xFE00..=0xFE0E | 0xE0100..=0xE01EF)
}

/// Punctuation that Chinese shares with Latin scripts: quotation marks, dash, ellipsis, middle dot.
pub(super) fn is_shared_punctuation(c: char) -> bool {
    matches!(c, '‘' | '’' | '“' | '”' | '—' | '…' | '·')
}

/// Says whether no space belongs between `left` and `right` when a line of source ended between them.
/// Korean separates words with spaces and is left out.
pub(super) fn joins(left: char, right: char) -> bool {
    let solid =
        |c: char| is_cjk(c) && !matches!(c as u32, 0x1100..=0x11FF | 0xA960..=0xA97C | 0xAC00..=0xD7FB);
    (solid(left) || is_shared_punctuation(left))
        && (solid(right) || is_shared_punctuation(right))
        && (solid(left) || solid(right))
}

/// Counts the CJK letters and the other words (runs of letters and digits) of a text, adding to `cjk` and `words`.
/// Works on bytes: the text of a portal passes through here once, all of it.
pub(super) fn count(text: &str, cjk: &mut u32, words: &mut u32) {
    let bytes = text.as_bytes();
    let (mut at, mut in_word) = (0, false);
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            let letter = byte.is_ascii_alphanumeric();
            *words += u32::from(letter && !in_word);
            // An apostrophe or hyphen inside a word does not end it.
            in_word = letter || (in_word && matches!(byte, b'\'' | b'-' | b'_'));
            at += 1;
        } else if (0xE4..=0xE9).contains(&byte) {
            *cjk += 1;
            in_word = false;
            at += 3;
        } else if let Some(apostrophe) = common_punctuation(&bytes[at..]) {
            in_word &= apostrophe;
            at += 3;
        } else {
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                return;
            };
            if is_cjk(c) && c.is_alphanumeric() {
                *cjk += 1;
                in_word = false;
            } else {
                let letter = c.is_alphanumeric();
                *words += u32::from(letter && !in_word);
                in_word = letter || (in_word && (c == '’' || is_invisible(c)));
            }
            at += c.len_utf8();
        }
    }
}

/// Recognises the punctuation nearly all Chinese text uses, three bytes each, without asking a table; says whether
/// it is the apostrophe, which may stand inside a word.
fn common_punctuation(bytes: &[u8]) -> Option<bool> {
    match bytes {
        // “ ” ‘ — … and their block; 、。 and brackets; full-width ，：；？（）.
        [0xE2, 0x80, last, ..] => Some(*last == 0x99),
        [0xE3, 0x80, 0x80..=0x82 | 0x88..=0x91, ..] | [0xEF, 0xBC, 0x81..=0x8F | 0x9A..=0xA0, ..] => {
            Some(false)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_letters_and_words() {
        let cases = [
            ("", 0, 0),
            ("技工院校", 4, 0),
            ("教学，研究。", 4, 0),
            ("Rust 语言 2024", 2, 2),
            ("don't re-use it", 0, 3),
            ("PLC控制S7-1200", 2, 2),
            ("ひらがな", 4, 0),
            ("naïve café", 0, 2),
            ("don’t “quote”，【好】々", 2, 2),
            ("𰻞𰻞面", 3, 0),
            ("〇 ① —— ……", 1, 1),
        ];
        for (text, characters, others) in cases {
            let (mut cjk, mut words) = (0, 0);
            count(text, &mut cjk, &mut words);
            assert_eq!((cjk, words), (characters, others), "{text}");
        }
    }

    #[test]
    fn joins_only_chinese() {
        let cases = [
            ('中', '文', true),
            ('，', '文', true),
            ('文', '“', true),
            ('”', '文', true),
            ('”', '“', false),
            ('a', '文', false),
            ('文', 'a', false),
            ('한', '국', false),
            ('文', '1', false),
        ];
        for (left, right, expected) in cases {
            assert_eq!(joins(left, right), expected, "{left}{right}");
        }
    }
}

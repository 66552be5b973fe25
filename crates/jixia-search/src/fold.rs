//! Folding: the one way in which text and query become comparable characters.
//!
//! A character is decomposed (NFKD: full-width to half-width, ligatures, accents apart), loses its combining marks, is
//! put into lower case and, if it is traditional Chinese, into its simplified form. Nothing depends on the characters
//! around it, so the browser can fold one character at a time and keep the way back to the text it shows.
//! `search-worker.js` does the same; `tests/segmentation.json` holds both to it.

use std::sync::OnceLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// What a folded character is to segmentation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    /// `a` to `z`, `0` to `9`: a word of them is one token.
    Word,
    /// Any other letter or number, above all Chinese: indexed in pairs.
    Gram,
    /// White space: joins around `Gram`, separates words.
    Space,
    /// Everything else: a phrase may cross it only where the query has one too.
    Mark,
}

/// Added to a `Word` character in folded text, so that its class need not be found again. `Gram` characters are plain.
pub(super) const WORD: u32 = 1 << 24;
/// Stands for a run of punctuation in folded text.
pub(super) const MARK: u32 = 2 << 24 | '|' as u32;
/// Stands for white space between two words.
pub(super) const SPACE: u32 = 2 << 24 | ' ' as u32;
/// What a character of folded text is without its class.
pub(super) const CODE: u32 = 0xFF_FFFF;

const TABLE_START: u32 = 0x3400;
const TABLE_END: u32 = 0xA000;
const TRADITIONAL: &str = include_str!("traditional.txt");

/// The pairs of traditional and simplified characters, as the browser gets them: one string, in pairs.
pub(super) fn traditional_pairs() -> String {
    TRADITIONAL
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
}

fn simplified(code: u32) -> u32 {
    static TABLE: OnceLock<Box<[u16]>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: Box<[u16]> = (TABLE_START..TABLE_END).map(|code| code as u16).collect();
        let mut characters = TRADITIONAL
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::chars);
        while let (Some(from), Some(to)) = (characters.next(), characters.next()) {
            if let Some(cell) = (from as u32)
                .checked_sub(TABLE_START)
                .and_then(|at| table.get_mut(at as usize))
            {
                *cell = to as u16;
            }
        }
        table
    });
    match code.checked_sub(TABLE_START) {
        Some(at) if code < TABLE_END => u32::from(table[at as usize]),
        _ => code,
    }
}

/// The simplified form of a traditional character, if it differs.
pub(super) fn simplified_if_other(character: char) -> Option<char> {
    let folded = simplified(character as u32);
    (folded != character as u32)
        .then(|| char::from_u32(folded))
        .flatten()
}

/// Classifies a character after decomposition.
fn class(code: u32) -> Class {
    match code {
        0..0x80 => ASCII[code as usize],
        0x3400..=0x4DBF | 0x4E00..=0x9FFF => Class::Gram,
        0x3001..=0x3003 | 0x3008..=0x3011 | 0x2010..=0x2027 => Class::Mark,
        _ => match char::from_u32(code) {
            Some(character) if character.is_whitespace() => Class::Space,
            Some(character) if character.is_alphanumeric() => Class::Gram,
            _ => Class::Mark,
        },
    }
}

/// Whether a character is dropped before anything else: invisible formatting.
fn is_ignored(code: u32) -> bool {
    matches!(code, 0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0xFEFF)
}

/// Folds a character beyond ASCII; `emit` gets no, one or several characters, each with its class.
fn fold(character: char, mut emit: impl FnMut(u32, Class)) {
    let code = character as u32;
    match code {
        0x3001..=0x3003 | 0x3008..=0x3011 | 0xFF0C | 0xFF1A | 0xFF08 | 0xFF09 => emit(code, Class::Mark),
        _ if is_ignored(code) => {}
        _ => decompose_compatible(character, |part| {
            if is_combining_mark(part) {
                return;
            }
            for lower in part.to_lowercase() {
                // Lower case may bring a combining mark of its own (İ).
                if !is_combining_mark(lower) {
                    let code = simplified(lower as u32);
                    emit(code, class(code));
                }
            }
        }),
    }
}

/// Appends the folded form of a block of text to `out`: runs of white space and punctuation become one [`SPACE`] or
/// [`MARK`]; white space beside a `Gram` character vanishes (`TiDB 集群` is `tidb集群`); none is left at the ends.
/// Returns whether there are characters that fold into another `Gram` character, traditional ones above all.
pub(super) fn fold_block(text: &str, out: &mut Vec<u32>) -> bool {
    let start = out.len();
    let mut folder = Folder {
        out,
        start,
        pending: None,
        follows_word: false,
    };
    let mut differs = false;
    for character in text.chars() {
        let code = character as u32;
        match code {
            // The two kinds that make up nearly all text come first and cost least.
            0x4E00..=0x9FFF => {
                let simple = simplified(code);
                differs |= simple != code;
                folder.gram(simple);
            }
            0..0x80 => folder.push(u32::from(LOWER[code as usize]), ASCII[code as usize]),
            _ => fold(character, |part, class| {
                differs |= class == Class::Gram && part != code;
                folder.push(part, class);
            }),
        }
    }
    differs
}

/// Joins folded characters.
struct Folder<'a> {
    out: &'a mut Vec<u32>,
    start: usize,
    /// White space or a mark since the last character.
    pending: Option<u32>,
    follows_word: bool,
}

impl Folder<'_> {
    fn push(&mut self, code: u32, class: Class) {
        match class {
            Class::Word => {
                if self.pending.is_some() || !self.follows_word {
                    self.join(self.follows_word);
                    self.follows_word = true;
                }
                self.out.push(code | WORD);
            }
            Class::Gram => self.gram(code),
            Class::Mark => self.pending = Some(MARK),
            Class::Space => self.pending = self.pending.or(Some(SPACE)),
        }
    }

    fn gram(&mut self, code: u32) {
        if self.pending.is_some() {
            self.join(false);
        }
        self.follows_word = false;
        self.out.push(code);
    }

    /// Puts what stands between two characters; white space only between words.
    fn join(&mut self, between_words: bool) {
        if let Some(pending) = self.pending.take()
            && self.out.len() > self.start
            && (pending == MARK || between_words)
        {
            self.out.push(pending);
        }
    }
}

/// The classes of ASCII characters.
const ASCII: [Class; 128] = {
    let mut classes = [Class::Mark; 128];
    let mut code = 0;
    while code < 128 {
        let byte = code as u8;
        if byte.is_ascii_alphanumeric() {
            classes[code] = Class::Word;
        } else if byte == b' ' || (byte >= 9 && byte <= 13) {
            classes[code] = Class::Space;
        }
        code += 1;
    }
    classes
};

/// ASCII in lower case.
const LOWER: [u8; 128] = {
    let mut lower = [0; 128];
    let mut code = 0;
    while code < 128 {
        lower[code] = (code as u8).to_ascii_lowercase();
        code += 1;
    }
    lower
};

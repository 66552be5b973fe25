//! Keys: what can be looked up, each one number, ordered so that a prefix of a word is a range.
//!
//! | top bits | key | rest |
//! |---|---|---|
//! | `00` | word (or its first one, two or three letters) | its first [`WORD_LENGTH`] letters, base 37 |
//! | `01` | reading: letters of pinyin or initials from one character of a name on | its first [`READING_LENGTH`], base 37 |
//! | `10` | two adjacent `Gram` characters; or one, of a title | 16 bits each, second 0 |
//!
//! Characters beyond 16 bits share keys in the private use area; the text tells them apart.

use super::fold::{CODE, WORD};

/// Letters of a word that are told apart by its key; the rest is verified on the text.
pub(super) const WORD_LENGTH: usize = 11;
/// Letters of a reading that are told apart by its key.
pub(super) const READING_LENGTH: usize = 6;
/// The beginnings of a word up to this length have lists of their own; longer ones are ranges of words.
const EDGES: usize = 3;
/// First key of the readings.
pub(super) const READINGS: u64 = 1 << 62;
/// First key of the grams.
pub(super) const GRAMS: u64 = 1 << 63;

const CHARACTER_BITS: u32 = 16;

/// The key of two adjacent characters; of one character in a title if `second` is 0.
pub(super) fn gram(first: u32, second: u32) -> u64 {
    GRAMS | u64::from(short(first)) << CHARACTER_BITS | u64::from(short(second))
}

fn short(code: u32) -> u32 {
    if code < 0x1_0000 {
        code
    } else {
        0xE000 | code & 0xFFF
    }
}

/// Whether postings of this key carry the classes of the following characters.
pub(super) fn has_followers(key: u64) -> bool {
    key >= GRAMS && key & ((1 << CHARACTER_BITS) - 1) != 0
}

/// The class (0 to 31) of the character after a pair; 0 stands for the end of the block.
pub(super) fn follower(code: u32) -> u32 {
    code.wrapping_mul(0x9E37_79B1) >> 27
}

/// The key of a word.
pub(super) fn word(letters: &[u32]) -> u64 {
    base37(letters, WORD_LENGTH)
}

/// The key of a reading.
pub(super) fn reading(letters: &[u32]) -> u64 {
    READINGS | base37(letters, READING_LENGTH)
}

fn base37(letters: &[u32], length: usize) -> u64 {
    let letters = &letters[..letters.len().min(length)];
    letters
        .iter()
        .fold(0, |number, letter| number * 37 + digit(letter & CODE))
        * POWERS[length - letters.len()]
}

/// By this the keys of words with neighbouring first letters differ.
pub(super) const INITIAL: u64 = POWERS[WORD_LENGTH - 1];

/// The powers of 37 up to the length of a word.
const POWERS: [u64; WORD_LENGTH + 1] = {
    let mut powers = [1; WORD_LENGTH + 1];
    let mut exponent = 1;
    while exponent <= WORD_LENGTH {
        powers[exponent] = powers[exponent - 1] * 37;
        exponent += 1;
    }
    powers
};

fn digit(letter: u32) -> u64 {
    match letter {
        0x30..=0x39 => u64::from(letter) - 0x30 + 1,
        0x61..=0x7A => u64::from(letter) - 0x61 + 11,
        _ => 0,
    }
}

/// The digits of a word's or reading's key, most significant first, without the zeros at its end.
pub(super) fn digits(key: u64) -> ([u8; WORD_LENGTH], usize) {
    let length = if key >= READINGS {
        READING_LENGTH
    } else {
        WORD_LENGTH
    };
    let mut rest = key & (READINGS - 1);
    let mut digits = [0; WORD_LENGTH];
    for cell in digits[..length].iter_mut().rev() {
        *cell = (rest % 37) as u8;
        rest /= 37;
    }
    let used = digits
        .iter()
        .rposition(|&digit| digit != 0)
        .map_or(0, |at| at + 1);
    (digits, used)
}

/// The key that has these digits.
pub(super) fn from_digits(base: u64, digits: &[u8]) -> u64 {
    let length = if base >= READINGS {
        READING_LENGTH
    } else {
        WORD_LENGTH
    };
    let digits = digits
        .iter()
        .map(|&digit| u64::from(digit))
        .chain(std::iter::repeat(0))
        .take(length);
    base | digits.fold(0u64, |number, digit| number.wrapping_mul(37).wrapping_add(digit))
}

/// Where a key occurs in a folded block, and what follows there.
#[derive(Clone, Copy)]
pub(super) struct Occurrence {
    /// The key.
    pub(super) key: u64,
    /// The following character, 0 at the end; meaningful only where [`has_followers`].
    pub(super) next: u32,
}

impl Occurrence {
    fn of_word(letters: &[u32]) -> Occurrence {
        Occurrence {
            key: word(letters),
            next: 0,
        }
    }
}

/// Calls `emit` for every occurrence of a word or a pair in a folded block, and, where it says that a word is new to the
/// document, for the word's beginnings.
pub(super) fn scan(block: &[u32], mut emit: impl FnMut(Occurrence) -> bool) {
    let mut at = 0;
    while let Some(&code) = block.get(at) {
        if code < WORD {
            match block.get(at + 1) {
                Some(&second) if second < WORD => {
                    let next = block.get(at + 2).map_or(0, |next| next & CODE);
                    emit(Occurrence {
                        key: gram(code, second),
                        next,
                    });
                }
                _ => {}
            }
            at += 1;
        } else if code < 2 * WORD {
            let length = block[at..]
                .iter()
                .position(|code| !(WORD..2 * WORD).contains(code));
            let letters = &block[at..length.map_or(block.len(), |length| at + length)];
            let is_new = emit(Occurrence::of_word(letters));
            for edge in 1..letters.len().min(EDGES + 1) {
                if is_new {
                    emit(Occurrence::of_word(&letters[..edge]));
                }
            }
            at += letters.len();
        } else {
            at += 1;
        }
    }
}

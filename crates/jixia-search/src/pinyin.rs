//! Readings of names: the syllables by which titles, people and units are found (`weike`, `wk` → 微课).
//!
//! The `pinyin` crate reads one character at a time; `phrases.txt` says where a character is read otherwise (重庆, 会计)
//! and how surnames are read (单, 解). Only the generator knows readings: they go into a document's record, where the
//! browser verifies and marks against them.

use std::sync::OnceLock;

use ::pinyin::ToPinyin;
use rustc_hash::FxHashMap;

use super::fold::{WORD, fold_block};
use super::keys::{READING_LENGTH, reading};

/// Stands for a character without a known reading.
const NONE: &str = "-";
/// Longest phrase of `phrases.txt`, in characters.
const LONGEST_PHRASE: usize = 3;

struct Phrases {
    anywhere: FxHashMap<Vec<u32>, Vec<&'static str>>,
    surnames: FxHashMap<Vec<u32>, Vec<&'static str>>,
}

fn phrases() -> &'static Phrases {
    static PHRASES: OnceLock<Phrases> = OnceLock::new();
    PHRASES.get_or_init(|| {
        let mut phrases = Phrases {
            anywhere: FxHashMap::default(),
            surnames: FxHashMap::default(),
        };
        for line in include_str!("phrases.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let mut words = line.split(' ');
            let word = words.next().unwrap_or_default();
            let (map, word) = match word.strip_prefix('^') {
                Some(word) => (&mut phrases.surnames, word),
                None => (&mut phrases.anywhere, word),
            };
            map.insert(
                word.chars().map(|character| character as u32).collect(),
                words.collect(),
            );
        }
        phrases
    })
}

/// The syllables of a text, one for each `Gram` character of its folded form, separated by spaces, `-` where unknown.
pub(super) fn readings(text: &str, is_person: bool) -> String {
    let mut folded = Vec::new();
    fold_block(text, &mut folded);
    let mut syllables: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        if let Some(phrase) = phrase_at(&folded[at..], is_person && at == 0) {
            syllables.extend(phrase);
            at += phrase.len();
            continue;
        }
        if folded[at] < WORD {
            let pinyin = char::from_u32(folded[at]).and_then(|character| character.to_pinyin());
            syllables.push(pinyin.map_or(NONE, |pinyin| pinyin.plain()));
        }
        at += 1;
    }
    syllables.join(" ").replace('ü', "v")
}

fn phrase_at(folded: &[u32], at_surname: bool) -> Option<&'static Vec<&'static str>> {
    let phrases = phrases();
    (1..=LONGEST_PHRASE.min(folded.len())).rev().find_map(|length| {
        let surname = if at_surname {
            phrases.surnames.get(&folded[..length])
        } else {
            None
        };
        surname.or_else(|| phrases.anywhere.get(&folded[..length]))
    })
}

/// Calls `emit` with the keys by which a text with these readings is found: from each character on, the letters of the
/// syllables and the initials.
pub(super) fn reading_keys(folded: &[u32], readings: &str, mut emit: impl FnMut(u64)) {
    let mut syllables = readings.split(' ');
    let mut run: Vec<&str> = Vec::new();
    for &code in folded {
        let syllable = if code < WORD {
            syllables.next().unwrap_or(NONE)
        } else {
            NONE
        };
        if syllable == NONE {
            run_keys(&run, &mut emit);
            run.clear();
        } else {
            run.push(syllable);
        }
    }
    run_keys(&run, &mut emit);
}

fn run_keys(run: &[&str], emit: &mut impl FnMut(u64)) {
    let mut letters = Vec::with_capacity(READING_LENGTH);
    for start in 0..run.len() {
        letters.clear();
        letters.extend(
            run[start..]
                .iter()
                .flat_map(|syllable| syllable.bytes())
                .map(u32::from)
                .take(READING_LENGTH),
        );
        emit(reading(&letters));
        letters.clear();
        letters.extend(
            run[start..]
                .iter()
                .filter_map(|syllable| syllable.bytes().next())
                .map(u32::from)
                .take(READING_LENGTH),
        );
        if letters.len() > 1 {
            emit(reading(&letters));
        }
    }
}

//! Records: what is published of a document, to show and verify it; and the keys that follow from it.
//!
//! A record is text, one compressed (raw deflate) record per document: a line of JSON ([`Head`]), then one line per block,
//! its first character `h` (heading) or `b` (body). Keys are a function of the record alone, so the state of an index needs no
//! store of its own: what an old document contributed is computed again from its published record.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::collector::Collector;
use super::fold::{fold_block, simplified_if_other};
use super::pinyin::{reading_keys, readings};
use super::{BlockKind, Document, keys};

/// Level of compression of records. Higher ones cost several times the time for a tenth of the size.
const LEVEL: u32 = 1;
/// How much an occurrence in a heading or a name counts.
const EMPHASIS: u32 = 3;

/// The first line of a record; short names, as every byte is downloaded.
#[derive(Serialize, Deserialize)]
struct Head {
    /// URL.
    u: String,
    /// Title.
    t: String,
    /// Label of the kind.
    k: String,
    /// Days since 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    d: Option<i32>,
    /// People.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    p: Vec<String>,
    /// Units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    o: Vec<String>,
    /// Readings of the title, the people and the units.
    y: Vec<String>,
    /// Traditional characters of the document, each followed by its simplified form.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    x: String,
}

/// Makes the text of a document's record.
pub(super) fn text(document: &Document) -> String {
    let title = one_line(&document.title);
    let people: Vec<String> = document.people.iter().map(|name| one_line(name)).collect();
    let units: Vec<String> = document.units.iter().map(|name| one_line(name)).collect();
    let mut y = vec![readings(&title, false)];
    y.extend(people.iter().map(|name| readings(name, true)));
    y.extend(units.iter().map(|name| readings(name, false)));
    let mut body = String::with_capacity(document.blocks.iter().map(|block| block.text.len() + 2).sum());
    for block in &document.blocks {
        let start = body.len();
        body.push(if block.kind == BlockKind::Heading { 'h' } else { 'b' });
        push_line(&mut body, &block.text);
        if body.len() == start + 1 {
            body.truncate(start);
        } else {
            body.push('\n');
        }
    }
    let shown = [&title].into_iter().chain(&people).chain(&units);
    let mut traditional = BTreeSet::new();
    for text in shown.chain([&body]) {
        traditional.extend(text.chars().filter(|&character| character >= '\u{3400}').filter_map(|character| {
            simplified_if_other(character).map(|folded| [character, folded])
        }));
    }
    let head = Head {
        u: document.url.clone(),
        k: document.kind.clone(),
        d: document.date,
        x: traditional.into_iter().flatten().collect(),
        t: title,
        p: people,
        o: units,
        y,
    };
    let mut text = serde_json::to_string(&head).unwrap_or_default();
    text.push('\n');
    text.push_str(&body);
    text
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    push_line(&mut line, text);
    line
}

/// Appends text with runs of white space and control characters as one space, none at the start.
fn push_line(out: &mut String, text: &str) {
    for (index, word) in
        text.split(|character: char| character.is_whitespace() || character.is_control()).filter(|word| !word.is_empty()).enumerate()
    {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

/// Compresses a record.
pub(super) fn compress(text: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(text.len() / 2), Compression::new(level));
    // Writing into a vector cannot fail.
    let _ = encoder.write_all(text);
    encoder.finish().unwrap_or_default()
}

/// Compresses a record at the level of records.
pub(super) fn compress_record(text: &str) -> Vec<u8> {
    compress(text.as_bytes(), LEVEL)
}

/// Takes a record out of its compressed form; `None` if it is none.
pub(super) fn decompress(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    DeflateDecoder::new(bytes).read_to_string(&mut text).ok()?;
    Some(text)
}

/// The length of a title in classes for ranking: 0 for up to 4 folded characters, 1 to 8, 2 to 16, 3 for more.
pub(super) fn title_class(title: &str) -> u8 {
    let mut folded = Vec::new();
    fold_block(title, &mut folded);
    match folded.len() {
        0..=4 => 0,
        5..=8 => 1,
        9..=16 => 2,
        _ => 3,
    }
}

/// Collects the keys of a record; `None` if the text is not a record.
pub(super) fn collect(text: &str, collector: &mut Collector) -> Option<()> {
    let (head, body) = text.split_once('\n')?;
    let head: Head = serde_json::from_str(head).ok()?;
    collector.clear();
    let mut folded = Vec::new();
    let names = [&head.t].into_iter().chain(&head.p).chain(&head.o);
    for (index, (name, readings)) in names.zip(&head.y).enumerate() {
        folded.clear();
        fold_block(name, &mut folded);
        let is_title = index == 0;
        keys::scan(&folded, |occurrence| collector.add(occurrence, EMPHASIS, is_title));
        reading_keys(&folded, readings, |key| collector.add(keys::Occurrence { key, next: 0 }, 1, is_title));
        if is_title {
            for &code in folded.iter().filter(|&&code| super::fold::class(code) == super::fold::Class::Gram) {
                collector.add(keys::Occurrence { key: keys::gram(code, 0), next: 0 }, 1, true);
            }
        }
    }
    for line in body.lines() {
        let mut characters = line.chars();
        let weight = if characters.next() == Some('h') { EMPHASIS } else { 1 };
        folded.clear();
        fold_block(characters.as_str(), &mut folded);
        keys::scan(&folded, |occurrence| collector.add(occurrence, weight, false));
    }
    Some(())
}

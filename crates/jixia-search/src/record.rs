//! Records: what is published of a document, to show and verify it; and the keys that follow from it.
//!
//! A record is text, one compressed (raw deflate) record per document: a line of JSON ([`Head`]), then one line per block,
//! its first character `h` (heading) or `b` (body). Keys are a function of the record alone, so the state of an index needs no
//! store of its own: what an old document contributed is computed again from its published record.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Read as _;

use flate2::read::DeflateDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use serde::{Deserialize, Serialize};

use super::collector::Collector;
use super::document::Document;
use super::fold::{WORD, fold_block, simplified_if_other};
use super::keys;
use super::keys::Occurrence;
use super::pinyin::{reading_keys, readings};
use super::text::{HEADING, push_line};

/// Level of compression of records: fixed codes. The next level makes them a seventh smaller, and a clean build a quarter
/// dearer.
const LEVEL: u32 = 1;
/// How much an occurrence in a heading or a name counts.
const EMPHASIS: u16 = 3;

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

/// Makes the text of a document's record and collects its keys.
pub(super) fn text(document: &Document, collector: &mut Collector) -> String {
    let body = document.text.lines();
    let mut head = Head {
        u: document.url.clone(),
        k: document.kind.clone(),
        d: document.indexed_date(),
        x: String::new(),
        t: one_line(&document.title),
        p: document.people.iter().map(|name| one_line(name)).collect(),
        o: document.units.iter().map(|name| one_line(name)).collect(),
        y: Vec::new(),
    };
    head.y.push(readings(&head.t, false));
    head.y.extend(head.p.iter().map(|name| readings(name, true)));
    head.y.extend(head.o.iter().map(|name| readings(name, false)));
    if collect_parts(&head, body, collector) {
        head.x = traditional(&head, body);
    }
    let mut text = serde_json::to_string(&head).unwrap_or_default();
    text.reserve_exact(body.len() + 1);
    text.push('\n');
    text.push_str(body);
    text
}

/// The traditional characters of a document, each followed by its simplified form.
fn traditional(head: &Head, body: &str) -> String {
    let shown = [&head.t]
        .into_iter()
        .chain(&head.p)
        .chain(&head.o)
        .map(String::as_str)
        .chain([body]);
    let pairs = shown
        .flat_map(str::chars)
        .filter_map(|from| Some([from, simplified_if_other(from)?]));
    let pairs: BTreeSet<[char; 2]> = pairs.collect();
    pairs.into_iter().flatten().collect()
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    push_line(&mut line, text);
    line
}

/// Compresses at a level (raw deflate).
pub(super) fn compress(bytes: &[u8], level: u32) -> Vec<u8> {
    deflate(&mut Compress::new(Compression::new(level), false), bytes)
}

/// Compresses a record. A compressor's tables take far longer to set up than a record to compress, so threads keep theirs.
pub(super) fn compress_record(text: &str) -> Vec<u8> {
    thread_local! {
        static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), false));
    }
    COMPRESS.with_borrow_mut(|compress| {
        compress.reset();
        deflate(compress, text.as_bytes())
    })
}

fn deflate(compress: &mut Compress, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 5 / 8 + 64);
    loop {
        let rest = bytes.get(compress.total_in() as usize..).unwrap_or_default();
        match compress.compress_vec(rest, &mut out, FlushCompress::Finish) {
            Ok(Status::StreamEnd) | Err(_) => break,
            Ok(_) => out.reserve(out.len() / 2 + 64),
        }
    }
    out.shrink_to_fit();
    out
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
    collect_parts(&serde_json::from_str(head).ok()?, body, collector);
    Some(())
}

/// Collects the keys of a record; returns whether it has traditional characters.
fn collect_parts(head: &Head, body: &str, collector: &mut Collector) -> bool {
    collector.clear();
    let mut folded = Vec::new();
    let mut traditional = false;
    let names = [&head.t].into_iter().chain(&head.p).chain(&head.o);
    for (index, (name, readings)) in names.zip(&head.y).enumerate() {
        folded.clear();
        traditional |= fold_block(name, &mut folded);
        let is_title = index == 0;
        keys::scan(&folded, |occurrence| {
            collector.add(occurrence, EMPHASIS, is_title)
        });
        reading_keys(&folded, readings, |key| {
            collector.add(Occurrence { key, next: 0 }, 1, is_title);
        });
        if is_title {
            for &code in folded.iter().filter(|&&code| code < WORD) {
                collector.add(
                    Occurrence {
                        key: keys::gram(code, 0),
                        next: 0,
                    },
                    1,
                    true,
                );
            }
        }
    }
    for line in body.lines() {
        let (kind, block) = line.split_at_checked(1).unwrap_or_default();
        let weight = if kind == HEADING { EMPHASIS } else { 1 };
        folded.clear();
        traditional |= fold_block(block, &mut folded);
        keys::scan(&folded, |occurrence| collector.add(occurrence, weight, false));
    }
    traditional
}

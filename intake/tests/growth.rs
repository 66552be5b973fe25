//! What people type and send costs no more than its length: tables, documents, headers, words and numbers that are looked
//! for, what two versions differ in.

#![allow(clippy::unwrap_used)]

#[path = "../../tests/growth/openers.rs"]
mod openers;

use std::io::Cursor;

use allocation_counter::measure;
use jixia::office::tables;
use jixia::stop::Stop;
use jixia_intake::domain::difference::pieces;
use jixia_intake::domain::merge::{Fields, merge};
use jixia_intake::domain::personal;
use jixia_intake::domain::words::Words;
use jixia_intake::files::{inspect, tus};
use openers::{OPENERS, grow};
use zip::write::{SimpleFileOptions, ZipWriter};

fn allocated<T>(work: impl FnOnce() -> T) -> u64 {
    let counted = measure(|| drop(std::hint::black_box(work())));
    counted.bytes_total + 16 * counted.count_total
}

fn archive(name: &str, text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn growth_of_tables() {
    let stop = Stop::default();
    grow("rows()", OPENERS, 100_000, &|text| {
        allocated(|| tables::read(text.as_bytes(), None, &stop))
    });
}

#[test]
fn growth_of_documents() {
    let stop = Stop::default();
    grow("office_text()", OPENERS, 500_000, &|text| {
        let document = archive("word/document.xml", &format!("<w:p>{text}"));
        allocated(|| inspect::office_text(Cursor::new(&document), &stop))
    });
}

#[test]
fn growth_of_headers() {
    grow("metadata()", OPENERS, 25_000, &|text| {
        allocated(|| tus::metadata(text, "filename"))
    });
}

#[test]
fn growth_of_what_is_looked_for() {
    let words = Words::parse("敏感\n!微课微课\naa\n[[\n");
    grow("words", OPENERS, 100_000, &|text| allocated(|| words.find(text)));
    grow("personal data", OPENERS, 100_000, &|text| {
        allocated(|| personal::find(text))
    });
}

#[test]
fn growth_of_differences() {
    grow("pieces()", &OPENERS[..40], 500_000, &|text| {
        let other: String = text.chars().rev().collect();
        allocated(|| pieces(text, &other))
    });
}

#[test]
fn growth_of_merging() {
    let fields = |count: usize, value: &str| -> Fields {
        (0..count)
            .map(|number| (format!("f{number}"), value.into()))
            .collect()
    };
    let work = |count| {
        let [base, theirs, ours] = ["a", "b", "c"].map(|value| fields(count, value));
        allocated(|| merge(&base, &theirs, &ours, |_| None))
    };
    let (less, more) = (work(1000), work(2000));
    assert!(10 * more <= 25 * less, "{less} and {more}");
}

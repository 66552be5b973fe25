//! What the fuzz targets do with bytes, one function a parser, so that what counts steps does the same.
//!
//! Nothing may panic, and what a function says of its result in words is asserted.

use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;
use jixia::content::{Id, KindSource, Place, Reader, Schema, Surroundings, read};
use jixia::office::archive::Archive;
use jixia::office::tables;
use jixia::source::{decode, decode_declaration};
use jixia::stop::Stop;
use jixia_intake::files::{inspect, tus as headers};
use jixia_markdown::{Address, Target, Texts, classify, facts, render};

/// Most bytes that an archive may unpack to here, so that the next input is not waited for.
const UNPACKED: u64 = 20_000_000;

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let (schema, diagnostics) = Schema::load(&[], &[], &[], None, Surroundings::default());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    schema
});

/// A content file: its front matter by each kind's fields in turn, as the first byte says, and its body's facts.
pub fn front_matter(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let Ok((text, _)) = decode(data.to_vec()) else {
        return;
    };
    let kinds = &SCHEMA.kinds;
    let Some(kind) = kinds.keys().nth(usize::from(*choice) % kinds.len()) else {
        return;
    };
    let reader = Reader {
        schema: &SCHEMA,
        zone: &TimeZone::UTC,
        strict: choice % 2 == 0,
        language: "zh-CN",
    };
    let place = Place::Entry {
        id: Id {
            kind: Arc::from(kind.as_str()),
            name: Arc::from("a"),
        },
        folder: false,
    };
    let (_, diagnostics) = read(reader, &Arc::from("content/a.md"), &place, &text, &mut |_| {});
    for diagnostic in diagnostics {
        if let Some(span) = diagnostic.span {
            assert!(
                text.get(span.start as usize..span.end as usize).is_some(),
                "{span:?}"
            );
        }
    }
}

/// A body: its facts, then its page.
pub fn markdown(data: &[u8]) {
    let Ok(body) = std::str::from_utf8(data) else {
        return;
    };
    let facts = facts(body, &mut |_| {});
    let target = |url: &str| match classify(url) {
        Address::Forbidden => Target::Broken,
        _ => Target::Url("/a/".to_owned()),
    };
    let targets: Vec<Target> = facts.links.iter().map(|link| target(&link.target)).collect();
    let html = render(body, &targets, &Texts::default());
    let lowered = html.to_ascii_lowercase();
    for forbidden in ["<script", "<style", "<iframe", "javascript:"] {
        // As text it may stand there: in code and between quotes it is escaped, an address of it is not written.
        let is_tag = forbidden.starts_with('<') && lowered.contains(forbidden);
        assert!(!is_tag, "{forbidden} in {html}");
    }
}

/// A declaration as a kind, a vocabulary, a rubric or the units of a site, as the first byte says.
pub fn declarations(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let Ok(text) = decode_declaration(data.to_vec()) else {
        return;
    };
    let source = KindSource {
        path: Arc::from("content/a.toml"),
        text,
    };
    let one = std::slice::from_ref(&source);
    let (kinds, vocabularies, rubrics, units): (&[_], &[_], &[_], _) = match choice % 4 {
        0 => (one, &[], &[], None),
        1 => (&[], one, &[], None),
        2 => (&[], &[], one, None),
        _ => (&[], &[], &[], Some(&source)),
    };
    let (_, diagnostics) = Schema::load(kinds, vocabularies, rubrics, units, Surroundings::default());
    for diagnostic in diagnostics {
        let is_in_it = diagnostic.path.as_deref() == Some("content/a.toml");
        if let Some(span) = diagnostic.span.filter(|_| is_in_it) {
            let shown = source.text.get(span.start as usize..span.end as usize);
            assert!(shown.is_some(), "{span:?}");
        }
    }
}

/// The headers of a resumable upload.
pub fn tus(data: &[u8]) {
    let Ok(header) = std::str::from_utf8(data) else {
        return;
    };
    for name in ["filename", "submission", ""] {
        let _ = headers::metadata(header, name);
    }
    if let Some(bytes) = headers::bytes(header) {
        assert_eq!(headers::bytes(&bytes.to_string()), Some(bytes));
    }
}

/// An archive, which may be a document or a workbook.
pub fn archive(data: &[u8]) {
    let stop = Stop::default();
    if let Ok(mut archive) = Archive::open(Cursor::new(data), UNPACKED) {
        let _ = archive.judge(data.len() as u64, &stop);
    }
    let _ = inspect::office_text(Cursor::new(data), &stop);
    let _ = tables::rows(data, &stop);
}

/// The tables of a video: MP4 and Matroska.
pub fn video(data: &[u8]) {
    for media_type in ["video/mp4", "video/webm"] {
        if let Some(video) = inspect::video(Cursor::new(data), media_type) {
            assert!(video.seconds.is_finite() && video.seconds >= 0.0, "{video:?}");
        }
    }
}

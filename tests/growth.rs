//! What is read of a site costs no more than its length: front matter, declarations, fields, the text of the search index.

#![allow(clippy::unwrap_used)]

#[path = "growth/openers.rs"]
mod openers;

use std::sync::Arc;

use allocation_counter::measure;
use jiff::tz::TimeZone;
use jixia::content::{Id, KindSource, Place, Reader, Schema, Surroundings, read};
use jixia::media::unsafe_drawing;
use jixia::source::{declaration, decode, parse, split};
use jixia_search::{BlockKind, Document, digest};
use openers::{OPENERS, grow};

fn allocated<T>(work: impl FnOnce() -> T) -> u64 {
    let counted = measure(|| drop(std::hint::black_box(work())));
    counted.bytes_total + 16 * counted.count_total
}

#[test]
fn growth_of_front_matter() {
    grow("parse()", OPENERS, 50_000, &|text| allocated(|| parse(text, 0)));
    // As one value, as a block, and as many fields.
    for (before, after) in [
        ("title: ", "\n"),
        ("summary: |\n  ", "\n"),
        ("tags: [", "]\n"),
        ("title: \"", "\"\n"),
    ] {
        grow(before, OPENERS, 50_000, &|text| {
            let text = format!("---\n{before}{text}{after}---\n\n正文\n");
            allocated(|| {
                let Ok((text, _)) = decode(text.into_bytes()) else {
                    return;
                };
                let Ok(parts) = split(&text) else { return };
                let _ = parse(
                    &text[parts.front.start as usize..parts.front.end as usize],
                    parts.front.start,
                );
            })
        });
    }
}

#[test]
fn growth_of_declarations() {
    let path = Arc::from("content/a.toml");
    for before in ["", "a = ", "[[units]]\nid = \"", "a = [", "[fields."] {
        grow(before, OPENERS, 100_000, &|text| {
            let text = format!("{before}{text}");
            allocated(|| declaration::<toml::Table>(&path, &text))
        });
    }
}

#[test]
fn growth_of_drawings() {
    let pieces = [
        "<g>",
        "</g>",
        "<path d=\"M0 0\"/>",
        "<style>a{b:c}</style>",
        "<style>@import",
        "<foreignObject>",
        "<switch>",
        "<a href=\"#b\">",
        "<use href=\"#a\"/>",
        "<text>甲</text>",
        "<!--",
        "<![CDATA[",
        "&amp;",
        "&#x41;",
        "url(#a)",
        "<!DOCTYPE svg",
        "<?xml ?>",
        "xmlns:a=\"b\" ",
        "\"",
        "'",
        "<",
    ];
    for (before, after) in [
        ("<svg xmlns=\"http://www.w3.org/2000/svg\">", "</svg>"),
        ("<svg ", ">"),
        ("", ""),
    ] {
        grow(before, &pieces, 50_000, &|text| {
            let text = format!("{before}{text}{after}");
            allocated(|| unsafe_drawing(text.as_bytes()))
        });
    }
}

/// A declaration of many things of a sort.
fn many(head: &str, one: &dyn Fn(usize) -> String, count: usize) -> String {
    (0..count).fold(head.to_owned(), |text, number| text + &one(number))
}

/// Reads declarations as a site's own.
fn load(place: usize, text: String) -> usize {
    let source = KindSource {
        path: Arc::from("content/a.toml"),
        text,
    };
    let one = std::slice::from_ref(&source);
    let lists: [&[KindSource]; 3] = std::array::from_fn(|list| if list == place { one } else { &[] });
    let units = (place == 3).then_some(&source);
    let (_, wrong) = Schema::load(lists[0], lists[1], lists[2], units, Surroundings::default());
    wrong.len()
}

#[test]
fn growth_of_schemas() {
    let base = allocated(|| load(4, String::new()));
    type One = fn(usize) -> String;
    let kind = "id = \"k\"\nlabel = \"k\"\nsection = \"ks\"\n";
    let vocabulary = "id = \"v\"\nlabel = \"v\"\n";
    let cases: &[(&str, usize, &str, One)] = &[
        ("units", 3, "", |n| {
            format!("[[units]]\nid = \"u{n}\"\nname = \"u\"\nlevel = \"city\"\nparent = \"u0\"\n")
        }),
        ("units above that are unknown", 3, "", |n| {
            format!("[[units]]\nid = \"u{n}\"\nname = \"u\"\nlevel = \"city\"\nparent = \"x{n}\"\n")
        }),
        ("units twice", 3, "", |_| {
            "[[units]]\nid = \"u\"\nname = \"u\"\nlevel = \"city\"\n".to_owned()
        }),
        ("units that are wrong", 3, "", |n| {
            format!("[[units]]\nid = {n}\nname = \"u\"\nlevel = \"town\"\n")
        }),
        ("fields", 0, kind, |n| {
            format!("[[fields]]\nname = \"f{n}\"\ntype = \"text\"\nlabel = \"f\"\n")
        }),
        ("fields twice", 0, kind, |_| {
            "[[fields]]\nname = \"f\"\ntype = \"text\"\nlabel = \"f\"\n".to_owned()
        }),
        ("fields that are unknown", 0, kind, |n| {
            format!("[[fields]]\nname = \"f{n}\"\ntipe = {n}\n")
        }),
        ("terms", 1, vocabulary, |n| {
            format!("[[terms]]\nid = \"t{n}\"\nlabel = \"t{n}\"\n")
        }),
        ("terms twice", 1, vocabulary, |_| {
            "[[terms]]\nid = \"t\"\nlabel = \"t\"\n".to_owned()
        }),
        ("tables", 0, "", |n| format!("[t{n}.a.b]\nc = 1\n")),
        ("keys", 0, "", |n| format!("k{n} = 1\n")),
    ];
    for (name, place, head, one) in cases {
        let work = |count| {
            let text = many(head, one, count);
            allocated(|| load(*place, text)).saturating_sub(base)
        };
        let (less, more) = (work(1500), work(3000));
        assert!(10 * more <= 25 * less.max(200_000), "{name}: {less} and {more}");
    }
}

#[test]
fn growth_of_fields() {
    let (schema, _) = Schema::load(&[], &[], &[], None, Surroundings::default());
    let zone = TimeZone::UTC;
    let reader = || Reader {
        schema: &schema,
        zone: &zone,
        strict: true,
        language: "zh-CN",
    };
    let place = Place::Entry {
        id: Id {
            kind: Arc::from("resource"),
            name: Arc::from("a"),
        },
        folder: false,
    };
    let path = Arc::from("content/resources/a.md");
    type One = fn(usize) -> String;
    let cases: &[(&str, &str, One)] = &[
        ("unknown fields", "", |n| format!("f{n}: 1\n")),
        ("one field again and again", "", |_| "title: a\n".to_owned()),
        ("tags", "tags:\n", |n| format!("  - t{n}\n")),
        ("one tag", "tags:\n", |_| "  - t\n".to_owned()),
        ("references", "authors:\n", |n| format!("  - a{n}\n")),
        ("attachments", "attachments:\n", |n| {
            format!("  - {{path: a{n}.pdf}}\n")
        }),
        ("aliases", "aliases:\n", |n| format!("  - /a{n}/\n")),
        ("words of no list", "format:\n", |n| format!("  - w{n}\n")),
    ];
    for (name, head, one) in cases {
        let work = |count| {
            let text = format!("---\ntitle: a\n{}---\n\n正文\n", many(head, one, count));
            allocated(|| read(reader(), &path, &place, &text, &mut |_| {}))
        };
        let (less, more) = (work(1000), work(2000));
        assert!(10 * more <= 25 * less.max(200_000), "{name}: {less} and {more}");
    }
}

#[test]
fn growth_of_the_search_index() {
    grow("digest()", OPENERS, 200_000, &|text| {
        let mut document = Document {
            title: text.chars().take(200).collect(),
            ..Document::default()
        };
        document.text.push(BlockKind::Body, text);
        allocated(|| digest(&document))
    });
}

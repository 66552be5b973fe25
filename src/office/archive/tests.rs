#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A record of the directory, and all that may be wrong with it.
#[derive(Clone)]
struct Entry {
    name: &'static [u8],
    /// What the directory calls it, if that is something else.
    listed: Option<&'static [u8]>,
    data: &'static [u8],
    flags: u16,
    method: u16,
    /// Bytes that the directory says there are more than there are.
    more: u32,
    checksum: u32,
    /// System in the upper byte of the version; attributes.
    system: u8,
    attributes: u32,
    /// The part whose bytes it shares.
    shares: Option<usize>,
    /// Bytes before it.
    gap: usize,
}

/// The checksum of `text`.
const CHECKSUM: u32 = 0x3b8b_a7c7;

const PLAIN: Entry = Entry {
    name: b"a.txt",
    listed: None,
    data: b"text",
    flags: 0,
    method: 0,
    more: 0,
    checksum: CHECKSUM,
    system: 0,
    attributes: 0,
    shares: None,
    gap: 0,
};

fn named(name: &'static [u8]) -> Entry {
    Entry { name, ..PLAIN }
}

/// The numbers that a head and a record of the directory have in common.
fn shared(entry: &Entry, more: u32) -> Vec<u8> {
    let length = entry.data.len() as u32;
    let mut bytes = Vec::new();
    for number in [entry.flags, entry.method, 0, 0] {
        bytes.extend(number.to_le_bytes());
    }
    for number in [entry.checksum, length, length + more] {
        bytes.extend(number.to_le_bytes());
    }
    bytes
}

/// An archive as no program writes it.
fn built(entries: &[Entry]) -> Vec<u8> {
    let (mut bytes, mut places, mut directory) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        bytes.resize(bytes.len() + entry.gap, 0);
        let at = entry.shares.map_or(bytes.len(), |other| places[other]);
        places.push(at);
        if entry.shares.is_none() {
            let name = (entry.name.len() as u16).to_le_bytes();
            bytes.extend(
                [
                    b"PK\x03\x04\x14\0",
                    &shared(entry, entry.more)[..],
                    &name,
                    &[0; 2],
                    entry.name,
                    entry.data,
                ]
                .concat(),
            );
        }
        let listed = entry.listed.unwrap_or(entry.name);
        let name = (listed.len() as u16).to_le_bytes();
        let versions = [0x14, entry.system, 0x14, 0];
        directory.extend(
            [
                b"PK\x01\x02",
                &versions[..],
                &shared(entry, entry.more),
                &name,
                &[0; 8],
            ]
            .concat(),
        );
        directory.extend(
            [
                &entry.attributes.to_le_bytes()[..],
                &(at as u32).to_le_bytes(),
                listed,
            ]
            .concat(),
        );
    }
    let (count, at, size) = (entries.len() as u16, bytes.len() as u32, directory.len() as u32);
    bytes.extend(directory);
    end(&mut bytes, (count, size, at), b"");
    bytes
}

fn end(bytes: &mut Vec<u8>, (count, size, at): (u16, u32, u32), comment: &[u8]) {
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    for number in [count, count] {
        bytes.extend(number.to_le_bytes());
    }
    for number in [size, at] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend((comment.len() as u16).to_le_bytes());
    bytes.extend(comment);
}

fn judged(bytes: &[u8]) -> Result<(), Refused> {
    Archive::open(Cursor::new(bytes), UNPACKED)?.judge(bytes.len() as u64, &Stop::default())
}

/// An archive with a comment of its end.
fn commented(comment: &[u8]) -> Vec<u8> {
    let mut bytes = built(&[PLAIN]);
    let place = bytes.len() - 2;
    bytes[place..].copy_from_slice(&(comment.len() as u16).to_le_bytes());
    bytes.extend(comment);
    bytes
}

fn with(mut bytes: Vec<u8>, place: usize, byte: u8) -> Vec<u8> {
    bytes[place] = byte;
    bytes
}

#[test]
fn honest_archives_are_taken() {
    let link = Entry {
        system: 3,
        attributes: 0o100_644 << 16,
        ..PLAIN
    };
    let folder = Entry {
        name: "文件夹/".as_bytes(),
        data: b"",
        checksum: 0,
        system: 3,
        attributes: 0o040_755 << 16,
        ..PLAIN
    };
    let streamed = {
        let mut writer = ZipWriter::new_stream(Vec::new());
        for name in ["a", "b"] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"text").unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let large = {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer
            .start_file("a", SimpleFileOptions::default().large_file(true))
            .unwrap();
        writer.write_all(b"text").unwrap();
        writer.finish().unwrap().into_inner()
    };
    let cases: &[(&str, Vec<u8>)] = &[
        (
            "as a library writes it",
            archive(&[("word/document.xml", b"<w/>"), ("b", b"")]),
        ),
        ("as a stream, with sizes behind", streamed),
        ("with room for large files", large),
        ("by hand", built(&[PLAIN, named(b"b")])),
        ("with a comment", commented(b"made by hand")),
        ("from Unix", built(&[link, folder])),
        // 誠.txt: in GB 18030 the second byte of the sign is a backslash.
        ("with names in GB 18030", built(&[named(b"\xd5\x5c.txt")])),
        (
            "a document in it",
            archive(&[("课件.pptx", b"PK\x03\x04 a document")]),
        ),
        ("two dots in a name", built(&[named(b"a..b/c...txt")])),
    ];
    for (name, bytes) in cases {
        assert_eq!(judged(bytes), Ok(()), "{name}");
    }
}

#[test]
fn hostile_archives_are_refused_each_for_its_reason() {
    use Refused::{
        Backslash, Bomb, Contradiction, Control, Damaged, Encrypted, Ends, Hidden, Link, Macros, Method,
        Nested, Overlap, Path, Programs, Sizes, Twice,
    };
    let plain = built(&[PLAIN]);
    let twice_ended = {
        let mut bytes = plain.clone();
        let at = plain.len() - 22;
        let mut second = Vec::new();
        end(&mut second, (1, 51, 39), b"");
        bytes[at + 20] = second.len() as u8;
        bytes.extend(second);
        bytes
    };
    let quine = |shares| Entry {
        shares: Some(shares),
        name: b"b.txt",
        ..PLAIN
    };
    let unix = |mode: u32| {
        built(&[Entry {
            system: 3,
            attributes: mode << 16,
            ..PLAIN
        }])
    };
    let lying = |more| {
        built(&[Entry {
            method: 8,
            data: b"\x03\0",
            checksum: 0,
            more,
            ..PLAIN
        }])
    };
    let zeros = |length: usize| archive(&[("a", &vec![0; length])]);
    let cases: &[(&str, Vec<u8>, Refused)] = &[
        ("nothing", Vec::new(), Damaged),
        ("empty", archive(&[]), Damaged),
        ("cut off", b"PK\x03\x04 cut off".to_vec(), Damaged),
        (
            "cut off in the directory",
            plain[..plain.len() - 30].to_vec(),
            Damaged,
        ),
        (
            "a record of the directory that is none",
            with(plain.clone(), 39, b'X'),
            Damaged,
        ),
        ("a head that is none", with(plain.clone(), 0, b'X'), Damaged),
        (
            "another count",
            with(with(plain.clone(), plain.len() - 14, 2), plain.len() - 12, 2),
            Damaged,
        ),
        (
            "a directory beyond the end",
            with(plain.clone(), plain.len() - 5, 9),
            Damaged,
        ),
        ("another disk", with(plain.clone(), plain.len() - 18, 1), Damaged),
        ("another checksum", with(plain.clone(), 35, b'T'), Damaged),
        ("bytes before", [b"MZ\x90\0", &plain[..]].concat(), Hidden),
        ("bytes behind", [&plain[..], b"\0"].concat(), Hidden),
        (
            "bytes between",
            built(&[
                PLAIN,
                Entry {
                    gap: 1,
                    ..named(b"b")
                },
            ]),
            Hidden,
        ),
        (
            "an archive behind another",
            [plain.clone(), built(&[named(b"b")])].concat(),
            Hidden,
        ),
        ("two ends", twice_ended, Ends),
        (
            "an end in a comment",
            commented(b"PK\x05\x06 and so on, more than a record's bytes"),
            Ends,
        ),
        ("one part twice", built(&[PLAIN, quine(0)]), Overlap),
        ("a name twice", built(&[PLAIN, PLAIN]), Twice),
        (
            "another name in its head",
            built(&[Entry {
                listed: Some(b"b.txt"),
                ..PLAIN
            }]),
            Contradiction,
        ),
        (
            "larger than it says",
            with(with(plain.clone(), 22, 3), 39 + 24, 3),
            Sizes,
        ),
        ("packed smaller than it says", lying(100), Sizes),
        ("up", built(&[named(b"../a")]), Path),
        ("up within", built(&[named(b"a/../../b")]), Path),
        ("from the root", built(&[named(b"/etc/passwd")]), Path),
        ("from a drive", built(&[named(b"C:a.txt")]), Path),
        ("backslashes", built(&[named(b"..\\a.txt")]), Backslash),
        ("NUL", built(&[named(b"a.txt\0.exe")]), Control),
        ("no name", built(&[named(b"")]), Control),
        (
            "no UTF-8",
            built(&[Entry {
                flags: 0x800,
                ..named(b"\xff")
            }]),
            Control,
        ),
        (
            "another direction",
            built(&[named("a\u{202e}txt.x".as_bytes())]),
            Control,
        ),
        ("a symbolic link", unix(0o120_777), Link),
        ("a device", unix(0o020_666), Link),
        ("an archive by its name", archive(&[("b.ZIP", b"")]), Nested),
        ("an archive by its bytes", archive(&[("b.dat", &plain)]), Nested),
        (
            "another archive by its bytes",
            archive(&[("b.txt", b"Rar!\x1a\x07\x01\0")]),
            Nested,
        ),
        (
            "packed otherwise",
            built(&[Entry { method: 14, ..PLAIN }]),
            Method,
        ),
        ("encrypted", built(&[Entry { flags: 1, ..PLAIN }]), Encrypted),
        (
            "macros",
            archive(&[("a", b""), ("word/vbaProject.bin", b"")]),
            Macros,
        ),
        ("a program", archive(&[("setup.EXE", b"MZ")]), Programs),
        ("a bomb", zeros(60_000_000), Bomb),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(judged(bytes), Err(*expected), "{name}");
    }
}

#[test]
fn a_directory_is_read_up_to_its_cap() {
    let names: Vec<String> = (0..layout::PARTS + 1).map(|number| format!("{number}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(judged(&archive(&many)), Err(Refused::Parts));
    let names: Vec<String> = (0..100)
        .map(|number| format!("{number}{}", "n".repeat(60_000)))
        .collect();
    let long: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(judged(&archive(&long)), Err(Refused::Parts));
}

#[test]
fn what_is_unpacked_counts_over_all_parts_and_every_time() {
    let bytes = archive(&[("a", &[b'x'; 5000]), ("b", &[b'y'; 5000])]);
    let mut archive = Archive::open(Cursor::new(&bytes), 10_001).unwrap();
    assert_eq!(archive.names(), ["a", "b"]);
    let mut read = |place| {
        let mut text = String::new();
        let read = archive.part(place).unwrap().read_to_string(&mut text);
        read.map_err(|error| Refused::of(&error))
    };
    assert_eq!(
        [read(0), read(0), read(1)],
        [Ok(5000), Ok(5000), Err(Refused::Bomb)]
    );
    assert!(archive.part(2).is_err());
    let mut small = Archive::open(Cursor::new(&bytes), 9999).unwrap();
    assert_eq!(small.measure(&Stop::default()), Err(Refused::Bomb));
    assert_eq!(
        small.left, 9999,
        "nothing is unpacked where the directory says that it is too much"
    );
}

#[test]
fn unpacking_stops_when_nobody_waits() {
    let bytes = archive(&[("a", &[b'x'; 5000])]);
    let stop = Stop::default();
    let done = stop.run(|| {
        let mut archive = Archive::open(Cursor::new(&bytes), UNPACKED).unwrap();
        stop.ask();
        archive.measure(&stop)
    });
    assert_eq!(done, None);
}

//! The one reader of ZIP archives: what people send as such, and office documents and workbooks, which are some too. Their
//! bytes are hostile, so everything is capped: the directory while it is read, the number of parts, and what they unpack to.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use zip::ZipArchive;

/// Most parts of an archive.
const PARTS: usize = 10_000;
/// Most bytes that are read to find the parts: the directory, and what lies behind it.
const DIRECTORY: u64 = 4_000_000;
/// Most bytes that the directory may say the parts are, unpacked.
const UNPACKED: u64 = 2_000_000_000;
/// More than so many times its size nothing honest is unpacked to; small archives may.
const RATIO: u64 = 200;
/// Up to so many bytes the ratio does not count.
const SMALL: u64 = 50_000_000;
/// What runs when somebody opens it.
const PROGRAMS: &[&str] = &[
    ".exe", ".dll", ".bat", ".cmd", ".js", ".vbs", ".ps1", ".scr", ".com", ".lnk",
];

/// Why an archive is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is damaged, contradicts itself, or is no archive.
    Damaged,
    /// It would unpack to more than is honest.
    Bomb,
    /// Nobody can look into it.
    Encrypted,
    /// It holds a program in an office document.
    Macros,
    /// It holds a program.
    Programs,
}

impl Refused {
    /// The key of the text that says so.
    pub fn text(self) -> &'static str {
        match self {
            Self::Damaged => "file.archive",
            Self::Bomb => "file.bomb",
            Self::Encrypted => "file.encrypted",
            Self::Macros => "file.macros",
            Self::Programs => "file.programs",
        }
    }
}

/// An archive whose directory was read.
pub struct Archive<R> {
    zip: ZipArchive<Capped<R>>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory.
    ///
    /// # Errors
    /// When there is none, it is too large, or it names a part twice, which each program would take for another one.
    pub fn open(source: R) -> Result<Self, Refused> {
        let left = Rc::new(Cell::new(DIRECTORY));
        let capped = Capped {
            source,
            left: Rc::clone(&left),
        };
        let zip = ZipArchive::new(capped).map_err(|_| Refused::Damaged)?;
        if zip.has_duplicate_names() || zip.is_empty() {
            return Err(Refused::Damaged);
        }
        if zip.len() > PARTS {
            return Err(Refused::Bomb);
        }
        left.set(u64::MAX);
        Ok(Self { zip })
    }

    /// The names of the parts, by their places.
    pub fn names(&self) -> Vec<String> {
        let name = |place| {
            self.zip
                .by_index_data(place)
                .ok()
                .map(|part| lossy(part.name_raw()))
        };
        (0..self.zip.len())
            .map(|place| name(place).unwrap_or_default())
            .collect()
    }

    /// The bytes of a part, unpacked while they are read, and no more than `most`.
    ///
    /// # Errors
    /// When it is damaged or encrypted.
    pub fn part(&mut self, place: usize, most: u64) -> Result<impl Read + '_, Refused> {
        let part = self.zip.by_index(place).map_err(|_| Refused::Damaged)?;
        Ok(part.take(most))
    }

    /// Whether it can be taken, as far as its directory tells; `size` are the bytes of the whole archive.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn judge(&self, size: u64) -> Result<(), Refused> {
        let mut unpacked = 0_u64;
        for place in 0..self.zip.len() {
            let part = self.zip.by_index_data(place).map_err(|_| Refused::Damaged)?;
            let name = lossy(part.name_raw()).to_lowercase();
            if part.encrypted() {
                return Err(Refused::Encrypted);
            }
            if name.ends_with("vbaproject.bin") {
                return Err(Refused::Macros);
            }
            if PROGRAMS.iter().any(|extension| name.ends_with(extension)) {
                return Err(Refused::Programs);
            }
            unpacked = unpacked.saturating_add(part.size());
        }
        if unpacked > UNPACKED || unpacked > SMALL && unpacked / RATIO > size {
            return Err(Refused::Bomb);
        }
        Ok(())
    }
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// A source of which only so many bytes can be read.
struct Capped<R> {
    source: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        let left = self.left.get().checked_sub(count as u64);
        self.left
            .set(left.ok_or_else(|| io::Error::other("the directory is too large"))?);
        Ok(count)
    }
}

impl<R: Seek> Seek for Capped<R> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.source.seek(place)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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

    fn judged(bytes: &[u8]) -> Result<(), Refused> {
        Archive::open(Cursor::new(bytes))?.judge(bytes.len() as u64)
    }

    /// The archive with another number in each of its records of the directory.
    fn patched(mut bytes: Vec<u8>, offset: usize, number: &[u8]) -> Vec<u8> {
        let records: Vec<usize> = (0..bytes.len())
            .filter(|at| bytes[*at..].starts_with(b"PK\x01\x02"))
            .collect();
        for record in records {
            bytes[record + offset..record + offset + number.len()].copy_from_slice(number);
        }
        bytes
    }

    #[test]
    fn archives_are_judged_by_their_directories() {
        let plain = || archive(&[("a.txt", b"text")]);
        let twice = {
            let mut bytes = archive(&[("aa.txt", b"1"), ("ab.txt", b"2")]);
            while let Some(at) = bytes.windows(6).position(|part| part == b"ab.txt") {
                bytes[at + 1] = b'a';
            }
            bytes
        };
        let cases: &[(&str, Vec<u8>, Result<(), Refused>)] = &[
            (
                "plain",
                archive(&[("word/document.xml", b"<w/>"), ("b", b"")]),
                Ok(()),
            ),
            (
                "macros",
                archive(&[("a", b""), ("word/vbaProject.bin", b"")]),
                Err(Refused::Macros),
            ),
            (
                "program",
                archive(&[("setup.EXE", b"MZ")]),
                Err(Refused::Programs),
            ),
            (
                "encrypted",
                patched(plain(), 8, &1_u16.to_le_bytes()),
                Err(Refused::Encrypted),
            ),
            (
                "bomb",
                patched(plain(), 24, &0xf000_0000_u32.to_le_bytes()),
                Err(Refused::Bomb),
            ),
            ("twice", twice, Err(Refused::Damaged)),
            ("empty", archive(&[]), Err(Refused::Damaged)),
            ("cut off", b"PK\x03\x04 cut off".to_vec(), Err(Refused::Damaged)),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(judged(bytes), *expected, "{name}");
        }
    }

    #[test]
    fn a_directory_is_read_up_to_its_cap() {
        let names: Vec<String> = (0..PARTS + 1).map(|number| format!("{number}")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(judged(&archive(&many)), Err(Refused::Bomb));
        let names: Vec<String> = (0..100)
            .map(|number| format!("{number}{}", "n".repeat(60_000)))
            .collect();
        let long: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(judged(&archive(&long)), Err(Refused::Damaged));
    }

    #[test]
    fn a_part_is_unpacked_as_far_as_asked() {
        let bytes = archive(&[("a", &[b'x'; 5000])]);
        let mut archive = Archive::open(Cursor::new(&bytes)).unwrap();
        assert_eq!(archive.names(), ["a"]);
        let mut text = String::new();
        archive.part(0, 100).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), 100);
        assert!(archive.part(1, 100).is_err());
    }
}

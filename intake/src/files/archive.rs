//! What is in a ZIP file, which office documents are too: its directory is read, nothing is unpacked.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// Most files that an archive may hold.
const FILES: usize = 10_000;
/// Most bytes of its files together, unpacked.
const UNPACKED: u64 = 2_000_000_000;
/// More than so many times its size nothing honest is unpacked to; small archives may.
const RATIO: u64 = 200;
/// Up to so many bytes the ratio does not count.
const SMALL: u64 = 50_000_000;
/// Most bytes of the directory that are read.
const DIRECTORY: u64 = 8_000_000;

/// Why an archive is not taken; the key of a text.
pub(crate) fn problem(path: &Path) -> io::Result<Option<&'static str>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let tail_start = size.saturating_sub(66_000);
    file.seek(SeekFrom::Start(tail_start))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    // The record that ends the directory: its length and its place are at bytes 12 and 16.
    let Some(end) = (0..tail.len().saturating_sub(21))
        .rev()
        .find(|at| tail[*at..].starts_with(b"PK\x05\x06"))
    else {
        return Ok(Some("file.archive"));
    };
    let (length, start) = (number(&tail, end + 12, 4), number(&tail, end + 16, 4));
    // Archives of more than 4 GB have a second kind of record; none so large is taken.
    if length > DIRECTORY || start + length > size {
        return Ok(Some("file.archive"));
    }
    file.seek(SeekFrom::Start(start))?;
    let mut directory = Vec::new();
    file.take(length).read_to_end(&mut directory)?;
    Ok(judge(&directory, size))
}

fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let part = bytes.get(at..at + length).unwrap_or_default();
    part.iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn judge(directory: &[u8], size: u64) -> Option<&'static str> {
    let (mut at, mut files, mut unpacked) = (0, 0, 0_u64);
    while directory
        .get(at..)
        .is_some_and(|rest| rest.starts_with(b"PK\x01\x02"))
    {
        let flags = number(directory, at + 8, 2);
        let lengths = [28, 30, 32].map(|offset| number(directory, at + offset, 2) as usize);
        let name = directory.get(at + 46..at + 46 + lengths[0])?;
        let name = String::from_utf8_lossy(name).to_lowercase();
        files += 1;
        unpacked = unpacked.saturating_add(number(directory, at + 24, 4));
        if flags & 1 != 0 {
            return Some("file.encrypted");
        }
        if name.ends_with("vbaproject.bin") {
            return Some("file.macros");
        }
        if [
            ".exe", ".dll", ".bat", ".cmd", ".js", ".vbs", ".ps1", ".scr", ".com", ".lnk",
        ]
        .iter()
        .any(|end| name.ends_with(end))
        {
            return Some("file.programs");
        }
        at += 46 + lengths.iter().sum::<usize>();
    }
    let is_bomb = files > FILES || unpacked > UNPACKED || unpacked > SMALL && unpacked / RATIO > size;
    if is_bomb {
        return Some("file.bomb");
    }
    (files == 0).then_some("file.archive")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// An archive with a directory of these files: name, flags, bytes unpacked.
    fn archive(files: &[(&str, u16, u32)]) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        let start = bytes.len() as u32;
        for (name, flags, size) in files {
            let mut record = vec![0; 46];
            record[..4].copy_from_slice(b"PK\x01\x02");
            record[8..10].copy_from_slice(&flags.to_le_bytes());
            record[24..28].copy_from_slice(&size.to_le_bytes());
            record[28..30].copy_from_slice(&(name.len() as u16).to_le_bytes());
            bytes.extend(record);
            bytes.extend(name.as_bytes());
        }
        let length = bytes.len() as u32 - start;
        let mut end = vec![0; 22];
        end[..4].copy_from_slice(b"PK\x05\x06");
        end[12..16].copy_from_slice(&length.to_le_bytes());
        end[16..20].copy_from_slice(&start.to_le_bytes());
        bytes.extend(end);
        bytes
    }

    #[test]
    fn archives_are_judged_by_their_directories() {
        let bombs = vec![("a", 0, u32::MAX)];
        let cases: &[(Vec<u8>, Option<&str>)] = &[
            (archive(&[("word/document.xml", 0, 5000)]), None),
            (
                archive(&[("word/document.xml", 0, 5000), ("word/vbaProject.bin", 0, 9)]),
                Some("file.macros"),
            ),
            (archive(&[("setup.EXE", 0, 9)]), Some("file.programs")),
            (archive(&[("a.txt", 1, 9)]), Some("file.encrypted")),
            (archive(&bombs), Some("file.bomb")),
            (archive(&[]), Some("file.archive")),
            (b"PK\x03\x04 cut off".to_vec(), Some("file.archive")),
        ];
        for (bytes, expected) in cases {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            io::Write::write_all(&mut file, bytes).unwrap();
            assert_eq!(problem(file.path()).unwrap(), *expected);
        }
    }
}

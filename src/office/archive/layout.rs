//! Where the parts of a ZIP archive lie (APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3), in the one way in which no two programs can take it for
//! different things: the archive begins with its first part, parts follow each other without gap or overlap, then comes
//! the directory that lists each of them once, then one record of its end, and nothing else.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use super::names;
use super::refused::Refused;

/// Most parts of an archive.
pub(super) const PARTS: usize = 10_000;
/// Most bytes of the directory.
const DIRECTORY: u64 = 4_000_000;
/// Bytes of the end record, without its comment.
const END: usize = 22;
/// Bytes of the record that says where the end record of ZIP64 lies.
const LOCATOR: usize = 20;
/// Bytes of the end record of ZIP64, without what later versions may add.
const END64: usize = 56;
/// Most bytes of a comment.
const COMMENT: usize = 0xffff;
/// Bytes of a part's record in the directory, without name, extra fields and comment.
const ENTRY: usize = 46;
/// Bytes of a part's own head, without name and extra fields.
const HEAD: usize = 30;

/// A part, as the directory says and its own head confirms.
#[derive(Debug)]
pub(super) struct Part {
    /// As people are to read it.
    pub(super) name: String,
    /// As it is written.
    raw: Vec<u8>,
    /// Bytes once unpacked.
    pub(super) size: u64,
    packed: u64,
    checksum: u32,
    flags: u16,
    method: u16,
    /// Where its head begins.
    at: u64,
}

/// Finds the parts and holds what is said of them against each other.
///
/// # Errors
/// The first thing that is wrong.
pub(super) fn read<R: Read + Seek>(source: &mut R) -> Result<Vec<Part>, Refused> {
    let length = source.seek(SeekFrom::End(0)).map_err(damaged)?;
    let directory = directory(source, length)?;
    if directory.count == 0 {
        return Err(Refused::Damaged);
    }
    let parts = entries(&bytes(source, directory.at, directory.size)?, directory.count)?;
    let mut order: Vec<&Part> = parts.iter().collect();
    order.sort_by_key(|part| part.at);
    let mut reached = 0..=0;
    for part in order {
        // The bytes of one part are those of another: the smallest bombs are made like that.
        if part.at < *reached.start() {
            return Err(Refused::Overlap);
        }
        if !reached.contains(&part.at) {
            return Err(Refused::Hidden);
        }
        reached = part.ends(source, directory.at)?;
    }
    if directory.at < *reached.start() {
        return Err(Refused::Overlap);
    }
    if !reached.contains(&directory.at) {
        return Err(Refused::Hidden);
    }
    Ok(parts)
}

struct Directory {
    at: u64,
    size: u64,
    count: u64,
}

/// The directory that the one end record names.
fn directory<R: Read + Seek>(source: &mut R, length: u64) -> Result<Directory, Refused> {
    let tail_at = length.saturating_sub((END + COMMENT + LOCATOR) as u64);
    let tail = bytes(source, tail_at, length - tail_at)?;
    let is_end = |at: &usize| tail[*at..].starts_with(b"PK\x05\x06");
    let ends: Vec<usize> = (0..(tail.len() + 1).saturating_sub(END)).filter(is_end).collect();
    let behind = |at: usize| tail.len() - at - END;
    let last = |at: &usize| behind(*at) == usize::from(number16(&tail, at + 20));
    let mut matching = ends.iter().copied().filter(last);
    let at = match (matching.next(), matching.next()) {
        (Some(at), None) => at,
        (Some(_), Some(_)) => return Err(Refused::Ends),
        (None, _) if ends.is_empty() => return Err(Refused::Damaged),
        (None, _) => return Err(Refused::Hidden),
    };
    // Programs search from the back, and would find another one in the comment.
    if ends.last() != Some(&at) {
        return Err(Refused::Ends);
    }
    let mut found = Directory {
        count: number16(&tail, at + 10).into(),
        size: number32(&tail, at + 12).into(),
        at: number32(&tail, at + 16).into(),
    };
    let is_split = tail[at + 4..at + 8] != [0; 4] || tail[at + 8..at + 10] != tail[at + 10..at + 12];
    let locator = at
        .checked_sub(LOCATOR)
        .filter(|at| tail[*at..].starts_with(b"PK\x06\x07"));
    let mut end = tail_at + at as u64;
    if let Some(locator) = locator {
        end = number64(&tail, locator + 8);
        found = large(source, end, tail_at + locator as u64, &found)?;
    } else if is_split {
        return Err(Refused::Damaged);
    }
    if found.size > DIRECTORY || found.count > PARTS as u64 {
        return Err(Refused::Parts);
    }
    match found.at.checked_add(found.size) {
        Some(reached) if reached == end => Ok(found),
        // As if all were moved: something stands before the first part, or behind the directory.
        Some(reached) if reached < end => Err(Refused::Hidden),
        _ => Err(Refused::Damaged),
    }
}

/// The directory as the end record of ZIP64 names it, which must agree with the other one.
fn large<R: Read + Seek>(source: &mut R, at: u64, end: u64, small: &Directory) -> Result<Directory, Refused> {
    let length = end
        .checked_sub(at)
        .filter(|length| *length >= END64 as u64 && *length < DIRECTORY);
    let record = bytes(source, at, length.ok_or(Refused::Damaged)?)?;
    let is_whole = record.starts_with(b"PK\x06\x06") && number64(&record, 4).checked_add(12) == length;
    if !is_whole || record[16..24] != [0; 8] || record[24..32] != record[32..40] {
        return Err(Refused::Damaged);
    }
    let found = Directory {
        count: number64(&record, 32),
        size: number64(&record, 40),
        at: number64(&record, 48),
    };
    let agree = |small: u64, most: u64, large: u64| small == most || small == large;
    let do_agree = agree(small.count, 0xffff, found.count)
        && agree(small.size, 0xffff_ffff, found.size)
        && agree(small.at, 0xffff_ffff, found.at);
    do_agree.then_some(found).ok_or(Refused::Ends)
}

/// The records of a directory, which they fill.
fn entries(directory: &[u8], count: u64) -> Result<Vec<Part>, Refused> {
    let (mut parts, mut left) = (Vec::new(), directory);
    let mut seen = HashSet::new();
    while !left.is_empty() {
        if left.len() < ENTRY || !left.starts_with(b"PK\x01\x02") {
            return Err(Refused::Damaged);
        }
        let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(number16(left, at)));
        let length = ENTRY + name + extra + comment;
        let whole = left.get(..length).ok_or(Refused::Damaged)?;
        let part = Part::read(whole, name, extra)?;
        if !seen.insert(part.name.clone()) {
            return Err(Refused::Twice);
        }
        parts.push(part);
        left = &left[length..];
    }
    (parts.len() as u64 == count)
        .then_some(parts)
        .ok_or(Refused::Damaged)
}

impl Part {
    /// Reads a record of the directory.
    fn read(record: &[u8], name: usize, extra: usize) -> Result<Self, Refused> {
        let flags = number16(record, 8);
        let raw = record[ENTRY..ENTRY + name].to_vec();
        let mut part = Self {
            name: names::readable(&raw, flags & 0x800 != 0).ok_or(Refused::Control)?,
            raw,
            flags,
            method: number16(record, 10),
            checksum: number32(record, 16),
            packed: number32(record, 20).into(),
            size: number32(record, 24).into(),
            at: number32(record, 42).into(),
        };
        let wide = wide(&record[ENTRY + name..ENTRY + name + extra])?;
        // Only what does not fit stands there, in this order.
        let mut wide = wide.chunks_exact(8);
        for number in [&mut part.size, &mut part.packed, &mut part.at] {
            if *number == 0xffff_ffff {
                *number = number64(wide.next().ok_or(Refused::Damaged)?, 0);
            }
        }
        if flags & 0x2041 != 0 {
            return Err(Refused::Encrypted);
        }
        if !matches!(part.method, 0 | 8) {
            return Err(Refused::Method);
        }
        if part.method == 0 && part.packed != part.size {
            return Err(Refused::Sizes);
        }
        names::check(&part.name)?;
        // Written on Unix or macOS: the upper half says what a file is.
        let mode = number32(record, 38) >> 16 & 0o170_000;
        if matches!(record[5], 3 | 19) && !matches!(mode, 0 | 0o100_000 | 0o040_000) {
            return Err(Refused::Link);
        }
        Ok(part)
    }

    /// Holds a part's own head against the directory. Where its bytes end, without and with what may be said of them behind.
    fn ends<R: Read + Seek>(
        &self,
        source: &mut R,
        directory: u64,
    ) -> Result<std::ops::RangeInclusive<u64>, Refused> {
        let head = bytes(source, self.at, HEAD as u64)?;
        if !head.starts_with(b"PK\x03\x04") {
            return Err(Refused::Damaged);
        }
        let [name, extra] = [26, 28].map(|at| u64::from(number16(&head, at)));
        let data = self.at + HEAD as u64 + name + extra;
        if data > directory {
            return Err(Refused::Damaged);
        }
        let is_streamed = number16(&head, 6) & 8 != 0;
        let as_said = |at: usize, said: u64, unknown: u64| {
            let own = u64::from(number32(&head, at));
            own == said || own == unknown || is_streamed && own == 0
        };
        if bytes(source, self.at + HEAD as u64, name)? != self.raw
            || number16(&head, 8) != self.method
            || number16(&head, 6) & 0x2041 != self.flags & 0x2041
        {
            return Err(Refused::Contradiction);
        }
        let checksum = self.checksum.into();
        if !as_said(14, checksum, checksum)
            || !as_said(18, self.packed, 0xffff_ffff)
            || !as_said(22, self.size, 0xffff_ffff)
        {
            return Err(Refused::Sizes);
        }
        let end = data.checked_add(self.packed).ok_or(Refused::Damaged)?;
        // Checksum and two sizes, of 4 or 8 bytes each, with or without a mark before them.
        Ok(end..=if is_streamed { end.saturating_add(24) } else { end })
    }
}

/// What the extra field of ZIP64 holds.
fn wide(mut extra: &[u8]) -> Result<&[u8], Refused> {
    while extra.len() >= 4 {
        let length = usize::from(number16(extra, 2));
        let field = extra.get(4..4 + length).ok_or(Refused::Damaged)?;
        if number16(extra, 0) == 1 {
            return Ok(field);
        }
        extra = &extra[4 + length..];
    }
    Ok(&[])
}

/// So many bytes from a place on.
fn bytes<R: Read + Seek>(source: &mut R, at: u64, length: u64) -> Result<Vec<u8>, Refused> {
    source.seek(SeekFrom::Start(at)).map_err(damaged)?;
    let mut bytes = Vec::new();
    let read = source.take(length).read_to_end(&mut bytes).map_err(damaged)?;
    (read as u64 == length).then_some(bytes).ok_or(Refused::Damaged)
}

fn damaged(_: std::io::Error) -> Refused {
    Refused::Damaged
}

fn number16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn number32(bytes: &[u8], at: usize) -> u32 {
    u32::from(number16(bytes, at)) | u32::from(number16(bytes, at + 2)) << 16
}

fn number64(bytes: &[u8], at: usize) -> u64 {
    u64::from(number32(bytes, at)) | u64::from(number32(bytes, at + 4)) << 32
}

//! Tables that people send: CSV as Excel and WPS write it, and XLSX. Their bytes are hostile: how large they are, and how
//! large they become, is measured before anything is made of them.

use std::borrow::Cow;
use std::io::Cursor;

use crate::stop::Stop;
use calamine::{DataRef, Dimensions, Reader as _, Xlsx};

use super::archive::{Archive, Refused};

/// Most bytes of a file.
pub const LARGEST: usize = 1_000_000;
/// Most bytes of all parts of a workbook, unpacked.
const UNPACKED: u64 = 20_000_000;
/// Most bytes of all cells together. A workbook says a text once, and any number of cells that they hold it.
const TEXTS: usize = 20_000_000;
/// Most rows.
const ROWS: usize = 2000;
/// Cells to the right of this are not looked at.
const COLUMNS: usize = 50;

/// Why a file is no table that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It has too many bytes, packed or unpacked.
    Large,
    /// It has too many rows.
    Long,
    /// It is a workbook of before 2007.
    Old,
    /// It is damaged, or something else.
    Damaged,
    /// It is a workbook, and an archive that is not taken.
    Archive(Refused),
}

impl Unreadable {
    /// The key of the text that says so.
    pub fn text(self) -> &'static str {
        match self {
            Self::Large => "roster.large",
            Self::Long => "roster.long",
            Self::Old => "roster.old",
            Self::Damaged => "roster.broken",
            Self::Archive(refused) => refused.text(),
        }
    }
}

/// The cells of a table row by row, without the spaces around them. Rows keep their places: the first is the file's first.
///
/// # Errors
/// When the bytes are no table, or too large a one.
pub fn rows(bytes: &[u8], stop: &Stop) -> Result<Vec<Vec<String>>, Unreadable> {
    if bytes.len() > LARGEST {
        Err(Unreadable::Large)
    } else if bytes.starts_with(b"PK") {
        workbook(bytes, stop)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Err(Unreadable::Old)
    } else {
        separated(&text(bytes)?)
    }
}

/// UTF-8 with or without a mark, or what Chinese Windows calls ANSI.
fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Unreadable::Damaged);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let decoded = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    decoded.map(Cow::into_owned).ok_or(Unreadable::Damaged)
}

fn separated(text: &str) -> Result<Vec<Vec<String>>, Unreadable> {
    let separator = match text.lines().find(|line| !line.trim().is_empty()) {
        Some(line) if line.contains('\t') && !line.contains(',') => b'\t',
        _ => b',',
    };
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(separator);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (bytes, mut seen, mut place) = (text.as_bytes(), 0, 0);
    let mut reader = reader.from_reader(bytes);
    // One for all: the reader's own copy for each row would be as large as the widest row.
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| Unreadable::Damaged)? {
        // The reader passes over empty lines; rows are told by the numbers that people see.
        let start = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(start)
            .unwrap_or(usize::MAX)
            .clamp(seen, bytes.len());
        while matches!(bytes.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        place += bytes[seen..start].iter().filter(|byte| **byte == b'\n').count();
        seen = start;
        if place >= ROWS {
            return Err(Unreadable::Long);
        }
        // A cell with line breaks makes line numbers run ahead of rows, never fall behind.
        rows.resize(place.max(rows.len()), Vec::new());
        rows.push(
            record
                .iter()
                .take(COLUMNS)
                .map(|cell| cell.trim().to_owned())
                .collect(),
        );
    }
    Ok(rows)
}

fn workbook(bytes: &[u8], stop: &Stop) -> Result<Vec<Vec<String>>, Unreadable> {
    measure(bytes, stop)?;
    let broken = |_| Unreadable::Damaged;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let sheet = book.sheet_names().first().cloned().ok_or(Unreadable::Damaged)?;
    // Cell by cell: a range would reserve room for everything between the first and the last, wherever they are.
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut left = TEXTS;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        stop.check();
        if column >= COLUMNS {
            continue;
        }
        let text = written(cell.get_value());
        if text.is_empty() {
            continue;
        }
        left = left.checked_sub(text.len()).ok_or(Unreadable::Large)?;
        if row >= ROWS {
            return Err(Unreadable::Long);
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        if rows[row].len() <= column {
            rows[row].resize(column + 1, String::new());
        }
        rows[row][column] = text.into_owned();
    }
    drop(cells);
    let merged = book.merge_cells_by_sheet_name(&sheet).map_err(broken)?;
    spread(&mut rows, &merged, left, stop)?;
    Ok(rows)
}

/// What a merged cell says counts for all rows and columns that it takes. Returns [`Unreadable::Large`] for more cells or
/// text than a table may have.
fn spread(
    rows: &mut [Vec<String>],
    merged: &[Dimensions],
    mut left: usize,
    stop: &Stop,
) -> Result<(), Unreadable> {
    let mut cells = ROWS * COLUMNS;
    for area in merged {
        stop.check();
        let (top, side) = (area.start.0 as usize, area.start.1 as usize);
        let (bottom, end) = (area.end.0 as usize, (area.end.1 as usize).min(COLUMNS - 1));
        if bottom < top || end < side {
            continue;
        }
        let written = rows.get(top).and_then(|row| row.get(side));
        let Some(text) = written.filter(|text| !text.is_empty()).cloned() else {
            continue;
        };
        // A row in which nothing else is written is none.
        let last = rows.len().min(bottom + 1);
        for row in &mut rows[top..last] {
            let width = (end + 1).saturating_sub(side);
            cells = cells.checked_sub(width).ok_or(Unreadable::Large)?;
            if row.len() <= end {
                row.resize(end + 1, String::new());
            }
            for cell in row[side..=end].iter_mut().filter(|cell| cell.is_empty()) {
                left = left.checked_sub(text.len()).ok_or(Unreadable::Large)?;
                cell.clone_from(&text);
            }
        }
    }
    Ok(())
}

/// Unpacks every part into nothing: what reads the workbook opens it again, and counts nothing.
fn measure(bytes: &[u8], stop: &Stop) -> Result<(), Unreadable> {
    let refused = |refused| match refused {
        Refused::Bomb | Refused::Parts => Unreadable::Large,
        Refused::Damaged => Unreadable::Damaged,
        refused => Unreadable::Archive(refused),
    };
    let mut archive = Archive::open(Cursor::new(bytes), UNPACKED).map_err(refused)?;
    archive.measure(stop).map_err(refused)
}

fn written<'c>(value: &'c DataRef<'_>) -> Cow<'c, str> {
    match value {
        DataRef::String(text) => text.trim().into(),
        DataRef::SharedString(text) => text.trim().into(),
        DataRef::Int(number) => number.to_string().into(),
        // A telephone number that the program took for a number: without a fraction `{}` writes all its digits.
        DataRef::Float(number) => number.to_string().into(),
        DataRef::Bool(truth) => truth.to_string().into(),
        _ => Cow::default(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_text_are_read_in_either_encoding() {
        let expected = vec![vec!["姓名", "邮箱"], vec![], vec!["示例,甲", ""]];
        let gb = encoding_rs::GB18030
            .encode("姓名,邮箱\r\n\r\n\"示例,甲\",\r\n")
            .0
            .into_owned();
        let cases: &[&[u8]] = &[
            "姓名,邮箱\n\n\"示例,甲\",\n".as_bytes(),
            "\u{feff}姓名, 邮箱 \r\n\r\n\"示例,甲\",".as_bytes(),
            "姓名\t邮箱\n\n示例,甲\t\n".as_bytes(),
            &gb,
        ];
        for bytes in cases {
            assert_eq!(
                rows(bytes, &Stop::default()).unwrap(),
                expected,
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let long = "a\n".repeat(ROWS + 1);
        let cases: &[(&[u8], Unreadable)] = &[
            (&vec![b'a'; LARGEST + 1], Unreadable::Large),
            (long.as_bytes(), Unreadable::Long),
            (&[0xd0, 0xcf, 0x11, 0xe0, 0xa1], Unreadable::Old),
            (b"PK\x03\x04 cut off", Unreadable::Damaged),
            (b"\xff\xfea\0b\0", Unreadable::Damaged),
            (b"\xff\xff\xff", Unreadable::Damaged),
        ];
        for (bytes, expected) in cases {
            assert_eq!(rows(bytes, &Stop::default()).unwrap_err(), *expected);
        }
    }
}

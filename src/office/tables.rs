//! Tables that people send: CSV as Excel and WPS write it, and XLSX. Their bytes are hostile: how large they are, and how
//! large they become, is measured before anything is made of them.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader as _, Sheet, SheetType, SheetVisible, Xlsx};
use encoding_rs::{Encoding, GB18030};

use crate::stop::Stop;

use super::archive::{Archive, Refused};

/// Most bytes of a file.
pub const LARGEST: usize = 1_000_000;
/// Most bytes of all parts of a workbook, unpacked.
const UNPACKED: u64 = 20_000_000;
/// Most bytes of all cells together. A workbook says a text once, and any number of cells that they hold it.
const TEXTS: usize = 20_000_000;
/// Most rows.
const ROWS: usize = 2000;
/// Sheets behind this are not looked at.
const MOST_SHEETS: usize = 50;
/// Cells to the right of this are not looked at.
const COLUMNS: usize = 50;

/// Why a file is no table that can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// It has no sheet of the name that was asked for; those that it has.
    NoSheet(Vec<String>),
}

/// A table that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The cells row by row, without the spaces around them. Rows keep their places: the first is the file's first.
    pub rows: Vec<Vec<String>>,
    /// The sheet of a workbook that was read; empty for other files.
    pub sheet: String,
    /// Sheets in which something is written too and that were not read, without those that are hidden.
    pub others: Vec<String>,
}

impl Unreadable {
    /// The key of the text that says so.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Large => "roster.large",
            Self::Long => "roster.long",
            Self::Old => "roster.old",
            Self::Damaged => "roster.broken",
            Self::NoSheet(_) => "roster.no-sheet",
            Self::Archive(refused) => refused.text(),
        }
    }
}

/// Reads a table. Of a workbook it is the sheet of a name, or the first that is not hidden and in which something is written.
///
/// # Errors
/// When the bytes are no table, or too large a one.
pub fn read(bytes: &[u8], sheet: Option<&str>, stop: &Stop) -> Result<Table, Unreadable> {
    if bytes.len() > LARGEST {
        Err(Unreadable::Large)
    } else if bytes.starts_with(b"PK") {
        workbook(bytes, sheet, stop)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Err(Unreadable::Old)
    } else if sheet.is_some() {
        Err(Unreadable::NoSheet(Vec::new()))
    } else {
        let rows = separated(&text(bytes)?)?;
        Ok(Table {
            rows,
            ..Table::default()
        })
    }
}

/// What a mark says, such as the UTF-16 that Excel calls Unicode text; else UTF-8 or what Chinese Windows calls ANSI.
fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let whole = |encoding: &'static Encoding, bytes| {
        let decoded = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        decoded.map(Cow::into_owned).ok_or(Unreadable::Damaged)
    };
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return whole(encoding, &bytes[mark..]);
    }
    if bytes.contains(&0) {
        return Err(Unreadable::Damaged);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => whole(GB18030, bytes),
    }
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

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

fn workbook(bytes: &[u8], wanted: Option<&str>, stop: &Stop) -> Result<Table, Unreadable> {
    measure(bytes, stop)?;
    let mut book: Book<'_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
    let is_table = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet;
    let sheets: Vec<Sheet> = book.sheets_metadata().iter().filter(is_table).cloned().collect();
    let shown = sheets
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible);
    let mut written: Vec<String> = Vec::new();
    for sheet in shown.take(MOST_SHEETS) {
        // One that cannot be read says so when it is its turn.
        if is_written(&mut book, &sheet.name, stop).unwrap_or(true) {
            written.push(sheet.name.clone());
        }
    }
    let sheet = match wanted {
        Some(wanted) => {
            let found = sheets.iter().find(|sheet| sheet.name.trim() == wanted.trim());
            found.map(|sheet| sheet.name.clone())
        }
        None => written
            .first()
            .or(sheets.first().map(|sheet| &sheet.name))
            .cloned(),
    };
    let Some(sheet) = sheet else {
        return Err(Unreadable::NoSheet(written));
    };
    let rows = cells(&mut book, &sheet, stop)?;
    written.retain(|other| *other != sheet);
    Ok(Table {
        rows,
        sheet,
        others: written,
    })
}

/// Whether a cell of a sheet says anything.
fn is_written(book: &mut Book<'_>, sheet: &str, stop: &Stop) -> Result<bool, Unreadable> {
    let broken = |_| Unreadable::Damaged;
    let mut cells = book.worksheet_cells_reader(sheet).map_err(broken)?;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        stop.check();
        if !written(cell.get_value()).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn cells(book: &mut Book<'_>, sheet: &str, stop: &Stop) -> Result<Vec<Vec<String>>, Unreadable> {
    let broken = |_| Unreadable::Damaged;
    // Cell by cell: a range would reserve room for everything between the first and the last, wherever they are.
    let mut cells = book.worksheet_cells_reader(sheet).map_err(broken)?;
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
    let merged = book.merge_cells_by_sheet_name(sheet).map_err(broken)?;
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
        DataRef::Float(number) => plain(*number).into(),
        DataRef::Bool(truth) => truth.to_string().into(),
        DataRef::DateTime(moment) => of_serial(moment).into(),
        // A day without a time is written as midnight.
        DataRef::DateTimeIso(text) => text.trim().trim_end_matches("T00:00:00").into(),
        DataRef::DurationIso(text) => text.trim().into(),
        DataRef::Error(wrong) => wrong.to_string().into(),
        DataRef::Empty => Cow::default(),
    }
}

/// A number without a format. Like spreadsheets with 15 digits: 0.1 + 0.2 is 0.3. A telephone number that was taken for a
/// number keeps all its digits.
fn plain(number: f64) -> String {
    let digits = format!("{number:.14e}").parse().unwrap_or(number);
    digits.to_string()
}

/// Days since the epoch as front matter has dates. Less than a day is a time of day, or as long as it says.
fn of_serial(moment: &ExcelDateTime) -> String {
    let serial = moment.as_f64();
    // What spreadsheets cannot show as a date either.
    if !(0.0..2_958_466.0).contains(&serial) {
        return plain(serial);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let hours = match moment.is_duration() {
        true => serial.floor() as u64 * 24 + u64::from(hour),
        false => u64::from(hour),
    };
    let seconds = if second == 0 {
        String::new()
    } else {
        format!(":{second:02}")
    };
    let time = format!("{hours:02}:{minute:02}{seconds}");
    match (moment.is_duration() || serial < 1.0, serial.fract() == 0.0) {
        (true, _) => time,
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02} {time}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_text_are_read_in_either_encoding() {
        let expected = vec![vec!["姓名", "邮箱"], vec![], vec!["示例,甲", ""]];
        let gb = GB18030.encode("姓名,邮箱\r\n\r\n\"示例,甲\",\r\n").0.into_owned();
        let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let text = "\u{feff}姓名\t邮箱\r\n\r\n示例,甲\t\r\n";
            text.encode_utf16().flat_map(bytes).collect()
        };
        let cases: &[&[u8]] = &[
            "姓名,邮箱\n\n\"示例,甲\",\n".as_bytes(),
            "\u{feff}姓名, 邮箱 \r\n\r\n\"示例,甲\",".as_bytes(),
            "姓名\t邮箱\n\n示例,甲\t\n".as_bytes(),
            &gb,
            &wide(u16::to_le_bytes),
            &wide(u16::to_be_bytes),
        ];
        for bytes in cases {
            assert_eq!(
                read(bytes, None, &Stop::default()).unwrap().rows,
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
            (b"a\0b\0", Unreadable::Damaged),
            (b"\xff\xfe\x00\xd8", Unreadable::Damaged),
            (b"\xff\xff\xff", Unreadable::Damaged),
        ];
        for (bytes, expected) in cases {
            assert_eq!(read(bytes, None, &Stop::default()).unwrap_err(), *expected);
        }
    }

    #[test]
    fn dates_and_numbers_are_written_as_front_matter_has_them() {
        use calamine::ExcelDateTimeType::{DateTime, TimeDelta};
        let serial =
            |value, kind| written(&DataRef::DateTime(ExcelDateTime::new(value, kind, false))).into_owned();
        let cases = [
            (serial(46_082.0, DateTime), "2026-03-01"),
            (serial(46_082.354_166_666_664, DateTime), "2026-03-01 08:30"),
            (serial(46_082.5 + 1.0 / 86_400.0, DateTime), "2026-03-01 12:00:01"),
            (serial(0.354_166_666_666_666_7, DateTime), "08:30"),
            (serial(1.5, TimeDelta), "36:00"),
            (serial(-3.0, DateTime), "-3"),
            (serial(f64::NAN, DateTime), "NaN"),
            (written(&DataRef::Float(0.1 + 0.2)).into_owned(), "0.3"),
            (written(&DataRef::Float(0.85)).into_owned(), "0.85"),
            (
                written(&DataRef::Float(13_800_138_000.0)).into_owned(),
                "13800138000",
            ),
            (
                written(&DataRef::DateTimeIso("2026-03-01T00:00:00".to_owned())).into_owned(),
                "2026-03-01",
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}

//! The ledger as a file that a spreadsheet program opens.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tempfile::NamedTempFile;

use super::actor::Actor;
use super::blocking::blocking;
use super::{Error, ledger};
use crate::app::{App, Layout};
use crate::clock;
use crate::domain::ledger::{Leaf, Wanted};
use crate::domain::table_cell::harmless;
use crate::store::LedgerRow;

/// Submissions of a file; the filters find the others.
pub const MOST: i64 = 100_000;
/// Submissions that are read at once.
const PIECE: i64 = 1000;
/// Milliseconds.
const DAY: i64 = 86_400_000;
/// The headings, as keys of texts, and the widths of their columns in characters.
const COLUMNS: [(&str, f64); 12] = [
    ("ledger.column-title", 48.0),
    ("ledger.column-kind", 14.0),
    ("ledger.column-purpose", 10.0),
    ("ledger.column-unit", 30.0),
    ("ledger.column-author", 20.0),
    ("ledger.column-owner", 12.0),
    ("ledger.column-state", 14.0),
    ("ledger.column-holder", 30.0),
    ("ledger.column-days", 10.0),
    ("ledger.column-due", 12.0),
    ("ledger.column-submitted", 18.0),
    ("ledger.column-updated", 18.0),
];
/// Which of them is a number.
const NUMBER: usize = 8;

/// As what the ledger is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text with commas, in UTF-8 with the mark by which Excel knows it.
    Csv,
    /// A workbook.
    Xlsx,
}

/// Rows on their way to a file.
enum Sheet {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx { workbook: Box<Workbook>, next: u32 },
}

/// Writes what the actor can read and looks for to a file that is gone when it is dropped.
///
/// # Errors
/// When the database does not answer or the disk is full.
pub async fn write(app: &App, actor: &Actor, wanted: &Wanted, shape: Shape) -> Result<NamedTempFile, Error> {
    let layout = Layout {
        data: app.config.data.clone(),
    };
    let file = NamedTempFile::with_prefix_in("ledger-", layout.stage())?;
    let mut sheet = Sheet::begin(app, &file, shape)?;
    let found = ledger::found(app, actor, wanted).await?;
    let (mut leaf, mut written) = (Leaf::First, 0);
    while written < MOST {
        let most = PIECE.min(MOST - written);
        let rows = ledger::following(app, actor, wanted, (&leaf, most), found).await?;
        let Some(last) = rows.last() else { break };
        leaf = Leaf::After(last.place(wanted.order));
        written += rows.len() as i64;
        let is_last = (rows.len() as i64) < most;
        for row in &rows {
            sheet.add(&cells(app, row))?;
        }
        if is_last {
            break;
        }
    }
    let mut target = file.reopen()?;
    blocking(move || sheet.end(&mut target)).await??;
    let mut change = app.store.change().await?;
    let detail = format!("{written}");
    change
        .record(&actor.event("ledger-written", &actor.account.subject(), &detail))
        .await?;
    change.commit().await?;
    Ok(file)
}

/// A row as people read it.
fn cells(app: &App, row: &LedgerRow) -> [String; COLUMNS.len()] {
    let snapshot = app.portal.snapshot();
    let text = |key: String| app.texts.get(&key).to_owned();
    let written = |at: i64| clock::written(at, snapshot.zone());
    let is_over = row.state.is_over();
    let days = (clock::now() - row.state_at) / DAY;
    [
        row.title.clone(),
        snapshot
            .kind(&row.kind)
            .map_or(row.kind.as_str(), |kind| kind.label("zh-CN"))
            .to_owned(),
        text(format!("purpose.{}", row.purpose.name())),
        snapshot.units.name(&row.unit).to_owned(),
        ledger::authors(app, row),
        row.owner_name.clone(),
        text(format!("state.{}", row.state.name())),
        ledger::who_has(app, row),
        if is_over { String::new() } else { days.to_string() },
        row.due_at
            .map_or_else(String::new, |due| clock::day(due - 1, snapshot.zone())),
        row.submitted_at.map_or_else(String::new, written),
        written(row.updated_at),
    ]
}

impl Sheet {
    fn begin(app: &App, file: &NamedTempFile, shape: Shape) -> Result<Self, Error> {
        let headings = COLUMNS.map(|(key, _)| app.texts.get(key));
        Ok(match shape {
            Shape::Csv => {
                let mut writer = BufWriter::new(file.reopen()?);
                writer.write_all("\u{feff}".as_bytes())?;
                let mut builder = csv::WriterBuilder::new();
                let builder = builder.terminator(csv::Terminator::CRLF);
                let mut writer = builder.from_writer(writer);
                writer.write_record(headings)?;
                Self::Csv(Box::new(writer))
            }
            Shape::Xlsx => {
                let mut workbook = Box::new(Workbook::new());
                if let Some(directory) = file.path().parent() {
                    workbook.set_tempdir(directory)?;
                }
                let sheet = workbook.add_worksheet_with_constant_memory()?;
                head(sheet, app.texts.get("ledger.title"), headings)?;
                Self::Xlsx { workbook, next: 1 }
            }
        })
    }

    fn add(&mut self, cells: &[String]) -> Result<(), Error> {
        match self {
            Self::Csv(writer) => writer.write_record(cells.iter().map(|cell| harmless(cell)))?,
            Self::Xlsx { workbook, next } => {
                let sheet = workbook.worksheet_from_index(0)?;
                for (column, cell) in (0..).zip(cells) {
                    match cell.parse::<f64>() {
                        Ok(number) if usize::from(column) == NUMBER => {
                            sheet.write_number(*next, column, number)?;
                        }
                        // As text, never as a formula.
                        _ => drop(sheet.write_string(*next, column, bounded(cell))?),
                    }
                }
                *next += 1;
            }
        }
        Ok(())
    }

    fn end(self, target: &mut File) -> Result<(), Error> {
        match self {
            Self::Csv(writer) => {
                let mut writer = writer
                    .into_inner()
                    .map_err(|error| io::Error::other(error.to_string()))?;
                writer.flush()?;
            }
            Self::Xlsx { mut workbook, .. } => workbook.save_to_writer(BufWriter::new(target))?,
        }
        Ok(())
    }
}

/// What a cell of a workbook can hold.
fn bounded(text: &str) -> String {
    text.chars().take(32_767).collect()
}

fn head(sheet: &mut Worksheet, name: &str, headings: [&str; COLUMNS.len()]) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, (heading, (_, width))) in (0..).zip(headings.iter().zip(COLUMNS)) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, *heading, &bold)?;
    }
    Ok(())
}

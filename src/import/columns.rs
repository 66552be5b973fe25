//! Which column of a table is which field, by its heading.

use super::recipe;
use crate::content::{Field, FieldType, Kind};
use crate::diag::nearest;
use crate::office::heading::{bare, find_headings, letters};

use super::fault::{Fault, Wrong};

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Means<'a> {
    Field(&'a Field),
    Body,
    /// What the entry's file is called.
    Name,
}

impl Means<'_> {
    fn name(self) -> String {
        match self {
            Self::Field(field) => field.name.clone(),
            Self::Body => "body".to_owned(),
            Self::Name => "slug".to_owned(),
        }
    }
}

/// A column of a table.
#[derive(Debug)]
pub(super) struct Column<'a> {
    pub(super) place: usize,
    /// As it is written, or the letter of a column without one.
    pub(super) heading: String,
    /// Nothing for a column that is passed over.
    pub(super) means: Option<Means<'a>>,
}

/// The columns of a table and where its entries begin.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    pub(super) columns: Vec<Column<'a>>,
    /// The row of the headings, from 1.
    pub(super) row: usize,
    pub(super) below: usize,
    /// Columns that mean nothing here: heading, and the nearest that would.
    pub(super) unknown: Vec<(String, Option<String>)>,
}

impl<'a> Columns<'a> {
    /// Understands the headings of a table of entries of a kind.
    pub(super) fn of(kind: &'a Kind, rows: &[Vec<String>], language: &str) -> Result<Self, Vec<Fault>> {
        let is_title =
            |cell: &str| matches!(means(kind, cell), Some(Means::Field(field)) if field.name == "title");
        let is_heading = |cell: &str| means(kind, cell).is_some() || is_passed_over(cell);
        let Some(headings) = find_headings(rows, &is_title, &is_heading) else {
            let title = kind.field("title").map_or("title", |field| field.label(language));
            return Err(vec![Fault::new(1, title, Wrong::NoHeadings)]);
        };
        let mut made = Self {
            columns: Vec::new(),
            row: headings.row + 1,
            below: headings.below,
            unknown: Vec::new(),
        };
        let mut faults = Vec::new();
        let body = &rows[headings.below..];
        let width = body.iter().map(Vec::len).max().unwrap_or_default();
        for place in 0..headings.cells.len().max(width) {
            let heading = headings.cells.get(place).map_or("", String::as_str);
            made.column(kind, place, heading, body, &mut faults);
        }
        if faults.is_empty() { Ok(made) } else { Err(faults) }
    }

    fn column(
        &mut self,
        kind: &'a Kind,
        place: usize,
        heading: &str,
        body: &[Vec<String>],
        faults: &mut Vec<Fault>,
    ) {
        let is_filled = body
            .iter()
            .any(|row| row.get(place).is_some_and(|cell| !cell.is_empty()));
        if bare(heading).is_empty() {
            if is_filled {
                faults.push(Fault::new(self.row, letters(place), Wrong::NoHeading));
            }
            return;
        }
        let means = means(kind, heading);
        let name = means.map(Means::name);
        let others = self.columns.iter();
        let mut others = others.filter(|other| other.means.map(Means::name) == name);
        if let Some(other) = others.next().filter(|_| name.is_some()) {
            faults.push(Fault::new(
                self.row,
                heading,
                Wrong::TwoColumns(other.heading.clone()),
            ));
        } else if let Some(Means::Field(field)) = means.filter(|_| is_filled)
            && field.field_type == FieldType::Record
        {
            faults.push(Fault::new(self.row, heading, Wrong::NotOfTables));
        } else if means.is_none() && is_filled && !is_passed_over(heading) {
            let labels = kind.fields.iter().map(|field| field.label.as_str());
            let meant = nearest(&bare(heading), labels).map(str::to_owned);
            self.unknown.push((heading.to_owned(), meant));
        }
        self.columns.push(Column {
            place,
            heading: heading.to_owned(),
            means,
        });
    }

    /// The title that a row gives; rows are counted from 1.
    pub(super) fn title<'r>(&self, rows: &'r [Vec<String>], row: usize) -> &'r str {
        let is_title = |column: &&Column<'_>| column.means.is_some_and(|means| means.name() == "title");
        let title = || {
            let place = self.columns.iter().find(is_title)?.place;
            rows.get(row.checked_sub(1)?)?.get(place)
        };
        title().filter(|_| row > self.below).map_or("", String::as_str)
    }

    /// The heading of a field's column, or what its column would be called.
    pub(super) fn heading(&self, kind: &Kind, field: &str, language: &str) -> String {
        let mut columns = self.columns.iter();
        let column = columns.find(|column| column.means.is_some_and(|means| means.name() == field));
        column.map_or_else(
            || {
                kind.field(field)
                    .map_or(field, |field| field.label(language))
                    .to_owned()
            },
            |column| column.heading.clone(),
        )
    }
}

/// The headings of an empty table for entries of a kind, in the order of its fields, and that of the text: what can stand in
/// a cell, without the fields that `is_asked` leaves out.
pub fn headings<'k>(kind: &'k Kind, language: &'k str, is_asked: impl Fn(&Field) -> bool) -> Vec<&'k str> {
    let is_told = |field: &&Field| field.field_type != FieldType::Record && is_asked(field);
    let fields = kind.fields.iter().filter(is_told);
    let body = if language.starts_with("zh") {
        "正文"
    } else {
        "body"
    };
    fields.map(|field| field.label(language)).chain([body]).collect()
}

/// What a heading means: a field by its id or label, else what tables usually call it.
fn means<'a>(kind: &'a Kind, heading: &str) -> Option<Means<'a>> {
    let bare = bare(heading);
    let is_label = |label: &str| self::bare(label) == bare;
    let own = kind.fields.iter().find(|field| {
        field.name == bare || is_label(&field.label) || field.label_en.as_deref().is_some_and(is_label)
    });
    if let Some(field) = own {
        return Some(Means::Field(field));
    }
    if bare == format!("{}名称", self::bare(&kind.label)) {
        return kind.field("title").map(Means::Field);
    }
    match recipe::heading(&bare).or_else(|| recipe::field(&bare))? {
        "body" => Some(Means::Body),
        "slug" => Some(Means::Name),
        // A table of schools says 学校名称, one of people 姓名.
        "unit" if kind.abilities.unit.is_some() => kind.field("title").map(Means::Field),
        "authors" if kind.abilities.person => kind.field("title").map(Means::Field),
        field => kind.field(field).map(Means::Field),
    }
}

/// The number of a row says nothing of an entry.
fn is_passed_over(heading: &str) -> bool {
    recipe::heading(&bare(heading)) == Some("")
}

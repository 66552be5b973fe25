//! A table as entries, one a row, and the files that its cells name. It is taken whole or not at all: everything that is
//! wrong is told at once, with row and column.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::beside::Beside;
use super::cells::Cells;
use super::columns::{Columns, Means};
use super::fault::{Fault, Wrong};
use super::fields::wrong_fields;
use super::names::{Taken, clean};
use super::plan::{Content, Plan, Site};
use super::report::NoteKind;
use crate::content::{Id, Kind};
use crate::source::emit;
use crate::world::World;

/// Plans what the rows of a table become: entries of `kind`, with the files of a folder that cells name. `name` is what the
/// table is called.
///
/// # Errors
/// The id of a kind that the site does not have.
pub fn import_table(
    world: &dyn World,
    name: &str,
    rows: &[Vec<String>],
    site: Site<'_>,
    kind: &str,
) -> Result<Plan, String> {
    let kind = site.kind(kind).ok_or_else(|| kind.to_owned())?;
    let mut plan = Plan::default();
    let columns = match Columns::of(kind, rows, site.language) {
        Ok(columns) => columns,
        Err(faults) => {
            plan.faults = faults;
            return Ok(plan);
        }
    };
    let mut table = Table {
        world,
        site,
        kind,
        columns,
        cells: Cells::of(site),
        beside: Beside::of(world, &Arc::from(name)),
        taken: Taken::default(),
        names: BTreeMap::new(),
        plan,
        name: Arc::from(name),
    };
    table.unknown_columns();
    for (place, row) in rows.iter().enumerate().skip(table.columns.below) {
        if row.iter().any(|cell| !cell.is_empty()) {
            table.row(place + 1, row);
        }
    }
    for file in table.beside.left() {
        table.plan.report.note(NoteKind::FileLeft, file, 0, "");
    }
    let mut plan = table.plan;
    if plan.report.entries == 0 && plan.faults.is_empty() {
        let row = table.columns.row;
        let title = table.columns.heading(kind, "title", site.language);
        plan.faults.push(Fault::new(row, title, Wrong::NoEntries));
    }
    for fault in &mut plan.faults {
        fault.title = table.columns.title(rows, fault.row).to_owned();
    }
    Ok(plan)
}

struct Table<'a> {
    world: &'a dyn World,
    site: Site<'a>,
    kind: &'a Kind,
    columns: Columns<'a>,
    cells: Cells<'a>,
    beside: Beside,
    taken: Taken,
    /// Rows by the names that they give, in lower case.
    names: BTreeMap<String, usize>,
    plan: Plan,
    name: Arc<str>,
}

/// A row while its entry is made.
struct Row<'r> {
    /// From 1.
    number: usize,
    /// `content/…/` with the entry's name, which its files' folder has too.
    stem: String,
    fields: BTreeMap<&'r str, Json>,
    body: String,
    faults: Vec<Fault>,
}

impl<'a> Table<'a> {
    fn unknown_columns(&mut self) {
        for (heading, meant) in &self.columns.unknown {
            let meant = meant
                .as_ref()
                .map_or_else(String::new, |meant| format!(" → {meant}"));
            let row = self.columns.row as u32;
            self.plan.report.note(
                NoteKind::ColumnUnknown,
                &self.name,
                row,
                format!("{heading}{meant}"),
            );
        }
    }

    fn row(&mut self, number: usize, cells: &[String]) {
        let mut faults = Vec::new();
        let name = self.entry_name(number, cells, &mut faults);
        let mut row = Row {
            number,
            stem: format!("content/{}/{name}", self.kind.section),
            fields: BTreeMap::new(),
            body: String::new(),
            faults,
        };
        let mut given = BTreeSet::new();
        for column in &self.columns.columns {
            let cell = cells.get(column.place).map_or("", String::as_str);
            let Some(means) = column.means.filter(|_| !cell.is_empty()) else {
                continue;
            };
            let made = match means {
                Means::Field(field) => {
                    given.insert(field.name.as_str());
                    let file = &mut |cell: &str| {
                        let file = self.beside.file(self.world, cell, &row.stem, &mut self.plan)?;
                        Ok(file.value(field.field_type))
                    };
                    let value = self.cells.value(field, cell, file);
                    value.map(|value| drop(row.fields.insert(&field.name, value)))
                }
                Means::Body => self
                    .beside
                    .body(self.world, cell, &row.stem, &mut self.plan)
                    .map(|body| row.body = body),
                Means::Name => Ok(()),
            };
            if let Err(wrong) = made {
                row.faults.push(Fault::new(number, &column.heading, wrong));
            }
        }
        self.finish(row, &given);
    }

    /// Holds the entry against its kind.
    fn finish(&mut self, mut row: Row<'_>, given: &BTreeSet<&str>) {
        let path = format!("{}.md", row.stem);
        let fields = self.kind.fields.iter();
        let fields =
            fields.filter_map(|field| Some((field.name.clone(), row.fields.remove(field.name.as_str())?)));
        let fields: Vec<(String, Json)> = fields.collect();
        for (field, diagnostic) in wrong_fields(self.site, self.kind, &path, &fields, &row.body) {
            let field = field.as_deref().unwrap_or("body");
            let is_there = fields.iter().any(|(name, _)| name == field);
            // Of a value that was refused before, it was said what is wrong.
            if is_there || !given.contains(field) {
                let column = self.columns.heading(self.kind, field, self.site.language);
                row.faults
                    .push(Fault::new(row.number, column, Wrong::Value(Box::new(diagnostic))));
            }
        }
        // In the order in which people read a row.
        row.faults.sort_by_key(|fault| {
            let mut columns = self.columns.columns.iter();
            columns
                .position(|column| column.heading == fault.column)
                .unwrap_or(usize::MAX)
        });
        self.plan.faults.append(&mut row.faults);
        self.plan
            .files
            .insert(path, Content::Text(emit(&fields, &row.body)));
        self.plan.report.entries += 1;
    }

    /// What the entry's file is called: what a cell says, else as the title, with a number if that is taken.
    fn entry_name(&mut self, number: usize, cells: &[String], faults: &mut Vec<Fault>) -> String {
        let cell = |is_it: &dyn Fn(Means<'_>) -> bool| {
            let column = self
                .columns
                .columns
                .iter()
                .find(|column| column.means.is_some_and(is_it))?;
            let cell = cells.get(column.place).filter(|cell| !cell.is_empty())?;
            Some((column.heading.clone(), cell.clone()))
        };
        let given = cell(&|means| matches!(means, Means::Name));
        let title = cell(&|means| matches!(means, Means::Field(field) if field.name == "title"));
        let section = format!("content/{}/", self.kind.section);
        let (column, name) = match (given, title) {
            (Some((column, given)), _) => {
                let name = clean(&given);
                if self.names.insert(name.to_lowercase(), number).is_some() {
                    faults.push(Fault::new(number, &column, Wrong::NameTwice(given)));
                }
                (column, name)
            }
            (None, Some((column, title))) => {
                let (name, is_numbered) = self.taken.free(&section, &clean(&title), "");
                if is_numbered {
                    self.plan
                        .report
                        .note(NoteKind::Collision, &self.name, number as u32, &name);
                }
                (column, name)
            }
            (None, None) => return format!("row-{number}"),
        };
        let id = Id {
            kind: Arc::from(self.kind.id.as_str()),
            name: Arc::from(name.as_str()),
        };
        let known = self.site.catalog.find(&id).map(|ix| self.site.catalog.entry(ix));
        if let Some(known) = known.filter(|known| *known.path != *format!("{section}{name}.md")) {
            faults.push(Fault::new(
                number,
                column,
                Wrong::NameTaken(known.path.to_string()),
            ));
        }
        name
    }
}

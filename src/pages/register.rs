//! A section as a table to download: a register of projects, schools or platforms, for spreadsheets.

use std::convert::Infallible;

use super::{Family, Located, Planner, View};
use crate::catalog::{Catalog, Ix};
use crate::config::Output;
use crate::content::{Field, FieldType, Kind, Value};

/// Fields of other registers that say nothing in a table.
const LEFT_OUT: &[&str] = &["accent", "banner_alt", "series"];

/// The table of a kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Register(String);

impl Located for Register {
    fn path(&self, catalog: &Catalog) -> String {
        format!("{}/{}.csv", catalog.section(&self.0), self.0)
    }
}

impl Family for Register {
    type Shows = Infallible;

    fn is_on(output: &Output) -> bool {
        output.api
    }

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let kinds = catalog.kinds_with_section();
        let kinds = kinds.filter(|kind| kind.abilities.register && !catalog.listed(&kind.id).is_empty());
        kinds.map(|kind| Self(kind.id.clone())).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        planner.of_kind(&self.0, |kind| planner.register(kind))
    }
}

impl Planner<'_> {
    /// The table of a kind, if it has one.
    pub(super) fn register_url(&self, kind: &Kind) -> Option<String> {
        self.there(&Register(kind.id.clone()))
    }

    /// The entries of a kind as CSV (RFC 4180) with a byte order mark, without which spreadsheets take UTF-8 for
    /// something else.
    fn register(&self, kind: &Kind) -> View<Infallible> {
        let fields: Vec<&Field> = kind.fields.iter().filter(|field| is_column(field)).collect();
        let stages = self.stage_columns(kind);
        let language = &self.texts.language;
        let mut heads: Vec<String> = vec![self.texts.get("register.title").to_owned()];
        heads.extend(fields.iter().map(|field| field.label(language).to_owned()));
        heads.extend(stages.iter().map(|(_, label)| label.clone()));
        heads.extend(
            ["register.unit", "register.date", "register.url"].map(|key| self.texts.get(key).to_owned()),
        );
        let mut csv = String::from("\u{feff}");
        line(&mut csv, &heads);
        for ix in self.catalog.listed(&kind.id) {
            line(&mut csv, &self.register_row(*ix, &fields, &stages));
        }
        View::Text(csv)
    }

    fn register_row(&self, ix: Ix, fields: &[&Field], stages: &[(String, String)]) -> Vec<String> {
        let entry = self.catalog.entry(ix);
        let mut cells = vec![entry.title.to_string()];
        cells.extend(fields.iter().map(|field| {
            let values = entry.items(&field.name).iter();
            let shown = values.filter_map(|value| self.shown(entry, field, value));
            let texts: Vec<String> = shown.map(|value| value.label).collect();
            texts.join(self.texts.get("punctuation.list"))
        }));
        cells.extend(
            stages
                .iter()
                .map(|(stage, _)| last_date(entry.items("stages"), stage)),
        );
        let unit = self.catalog.unit_of(ix).map(|unit| unit.name.to_string());
        cells.push(unit.unwrap_or_default());
        cells.push(entry.date.map(|date| date.date().to_string()).unwrap_or_default());
        cells.push(self.absolute(&self.entry_url(ix)));
        cells
    }

    /// The stages of projects, one column each, in the order of their vocabulary.
    fn stage_columns(&self, kind: &Kind) -> Vec<(String, String)> {
        let vocabulary = self.catalog.site.schema.vocabularies.get("project-stage");
        let terms = vocabulary.filter(|_| kind.field("stages").is_some());
        let terms = terms.map_or(&[] as &[_], |vocabulary| &vocabulary.terms);
        let column =
            |term: &crate::content::Term| (term.id.clone(), term.label(&self.texts.language).to_owned());
        terms.iter().map(column).collect()
    }
}

fn is_column(field: &Field) -> bool {
    let is_short = !matches!(
        field.field_type,
        FieldType::Record | FieldType::Prose | FieldType::Image | FieldType::File | FieldType::Color
    );
    is_short && !LEFT_OUT.contains(&field.name.as_str())
}

/// The day of the last stage of a sort, or nothing.
fn last_date(stages: &[Value], wanted: &str) -> String {
    let of_sort = stages
        .iter()
        .rev()
        .find(|stage| stage.get("stage").and_then(Value::as_text) == Some(wanted));
    match of_sort.and_then(|stage| stage.get("date")) {
        Some(Value::Moment(moment)) => moment.to_string(),
        _ => String::new(),
    }
}

/// Adds a line. Cells that a spreadsheet would compute begin with an apostrophe: contributed text is not trusted.
fn line(csv: &mut String, cells: &[String]) {
    for (position, cell) in cells.iter().enumerate() {
        if position > 0 {
            csv.push(',');
        }
        let computes = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let guarded = if computes {
            format!("'{cell}")
        } else {
            cell.clone()
        };
        if guarded.contains([',', '"', '\n', '\r']) {
            csv.push('"');
            csv.push_str(&guarded.replace('"', "\"\""));
            csv.push('"');
        } else {
            csv.push_str(&guarded);
        }
    }
    csv.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn cells_are_quoted_and_never_computed() {
        let mut csv = String::new();
        line(
            &mut csv,
            &["a,b", "说\"好\"", "=1+1", "甲\n乙", ""].map(str::to_owned),
        );
        assert_eq!(csv, "\"a,b\",\"说\"\"好\"\"\",'=1+1,\"甲\n乙\",\r\n");
    }
}

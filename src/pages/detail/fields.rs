//! A kind's own fields as rows, texts and tables, whatever the kind.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::Planner;
use super::super::view::{Link, MaybeLink, size_text};
use crate::catalog::Ix;
use crate::content::{Entry, Field, FieldType, Value};

/// A field with its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// Field name.
    pub name: String,
    pub label: String,
    /// Field type.
    pub kind: &'static str,
    /// Values, linked where they have a page.
    pub values: Vec<MaybeLink>,
}

/// A field that is a list of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableView {
    /// Field name.
    pub name: String,
    pub label: String,
    /// Column labels; columns that no record fills are left out.
    pub columns: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<Vec<MaybeLink>>>,
}

/// Fields that pages show elsewhere than among the rows.
const SHOWN_ELSEWHERE: &[&str] = &[
    "category",
    "state",
    "series",
    "main_file",
    "captions",
    "chapters",
    "replaced_by",
    "questions",
    "points",
    "contents",
    "results",
    "stages",
    "scores",
    "map_place",
    "accent",
    "banner",
    "banner_alt",
    "photo",
    "photo_alt",
    "curriculum",
];

type Rows = (
    Vec<RowView>,
    Vec<RowView>,
    Vec<TableView>,
    BTreeMap<String, RowView>,
);

impl Planner<'_> {
    /// An entry's own fields: short values, long texts, tables, and all but tables by name.
    pub(super) fn field_rows(&self, ix: Ix) -> Rows {
        let (entry, kind) = (self.catalog.entry(ix), self.catalog.kind(ix));
        let (mut rows, mut texts, mut tables, mut fields) =
            (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        for (name, value) in &entry.fields {
            let Some(field) = kind.field(name) else { continue };
            let shown_elsewhere = SHOWN_ELSEWHERE.contains(&&**name);
            if field.field_type == FieldType::Record {
                if field.many && !shown_elsewhere {
                    tables.push(self.table(entry, field, value.items()));
                }
                continue;
            }
            let row = RowView {
                name: name.to_string(),
                label: field.label(&self.texts.language).to_owned(),
                kind: field.field_type.name(),
                values: value
                    .items()
                    .iter()
                    .filter_map(|value| self.shown(entry, field, value))
                    .collect(),
            };
            fields.insert(row.name.clone(), row.clone());
            if shown_elsewhere || row.values.is_empty() {
                continue;
            }
            match field.field_type {
                FieldType::Prose => texts.push(row),
                FieldType::Image | FieldType::File => {}
                _ => rows.push(row),
            }
        }
        (rows, texts, tables, fields)
    }

    fn table(&self, entry: &Entry, field: &Field, records: &[Value]) -> TableView {
        let filled: Vec<&Field> = field
            .fields
            .iter()
            .filter(|column| records.iter().any(|record| record.get(&column.name).is_some()))
            .collect();
        let cell = |record: &Value, column: &Field| {
            let values = record.get(&column.name).map_or(&[] as &[Value], Value::items);
            values
                .iter()
                .filter_map(|value| self.shown_in(entry, Some(record), column, value))
                .collect()
        };
        TableView {
            name: field.name.clone(),
            label: field.label(&self.texts.language).to_owned(),
            columns: filled
                .iter()
                .map(|column| column.label(&self.texts.language).to_owned())
                .collect(),
            rows: records
                .iter()
                .map(|record| filled.iter().map(|column| cell(record, column)).collect())
                .collect(),
        }
    }

    /// A value as text, with the page it leads to.
    pub(in crate::pages) fn shown(&self, entry: &Entry, field: &Field, value: &Value) -> Option<MaybeLink> {
        self.shown_in(entry, None, field, value)
    }

    /// The same of a value in a record.
    fn shown_in(
        &self,
        entry: &Entry,
        record: Option<&Value>,
        field: &Field,
        value: &Value,
    ) -> Option<MaybeLink> {
        let plain = |label: String| MaybeLink { label, url: None };
        let linked = |link: Link| MaybeLink {
            label: link.label,
            url: Some(link.url),
        };
        Some(match value {
            Value::Text(text) => match field.field_type {
                FieldType::Person => self.person(entry, record, text),
                FieldType::Issuer => match self.catalog.units.named(text) {
                    Some(unit) => self.unit_link(unit),
                    None => plain(text.to_string()),
                },
                FieldType::Tag => self.tag_link(text),
                FieldType::Url => MaybeLink {
                    label: text.to_string(),
                    url: Some(text.to_string()),
                },
                FieldType::Email => MaybeLink {
                    label: text.to_string(),
                    url: Some(format!("mailto:{text}")),
                },
                _ => plain(text.to_string()),
            },
            Value::Integer(number) => plain(number.to_string()),
            Value::Number(minutes) if field.name == "duration_minutes" => plain(self.duration(*minutes)),
            Value::Number(number) => plain(number.to_string()),
            Value::Boolean(yes) => plain(
                self.texts
                    .get(if *yes { "value.yes" } else { "value.no" })
                    .to_owned(),
            ),
            Value::Moment(moment) => plain(moment.to_string()),
            Value::Term(term) => {
                let vocabulary = field.vocabulary.as_deref().unwrap_or_default();
                // Terms that only hidden or withdrawn entries and records name have no page.
                if vocabulary == "city" || !self.catalog.with_term(vocabulary, term).is_empty() {
                    self.term_link(vocabulary, term)
                } else {
                    plain(self.term_label(vocabulary, term))
                }
            }
            Value::Reference(text, _) if field.field_type == FieldType::Person => {
                self.person(entry, record, text)
            }
            Value::Item(text, _) => plain(text.to_string()),
            Value::Reference(text, _) => {
                let target = self.catalog.refer(text, &field.kinds)?;
                match self.visible_link(target) {
                    Some(link) => linked(link),
                    None => plain(self.catalog.entry(target).title.to_string()),
                }
            }
            Value::Unit(unit, _) => self.unit_link(self.catalog.units.get(unit)?),
            Value::File(attachment) => {
                let file = self.file(entry, attachment)?;
                let size = file
                    .size
                    .map(|size| format!(" ({})", size_text(size)))
                    .unwrap_or_default();
                MaybeLink {
                    label: format!("{}{size}", file.name),
                    url: Some(file.url),
                }
            }
            Value::List(_) | Value::Record(_) => return None,
        })
    }
}

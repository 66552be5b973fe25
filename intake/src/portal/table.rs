//! A table as new entries, by the rule of the generator's import: what each row becomes, and everything that is wrong.

use std::collections::{BTreeMap, BTreeSet};

use jixia::content::{Field, FieldType, Kind};
use jixia::diag::Language;
use jixia::import::{Content, Fault, NoteKind, Plan, Site, headings, import_table};
use jixia::world::{Memory, World as _};
use serde_json::Value;

use super::asked::is_asked;
use super::document::fields_of_file;
use super::snapshot::Snapshot;
use crate::domain::merge::{BODY, Fields};

/// What a table becomes.
#[derive(Debug, Default)]
pub struct Planned {
    /// New entries.
    pub rows: Vec<Row>,
    /// What is wrong. If anything is, nothing is to be made.
    pub faults: Vec<TableFault>,
    /// Files that no cell names.
    pub left: Vec<String>,
    /// Pictures, formulas and the like that documents lose.
    pub lost: Vec<String>,
}

/// A row of a table as an entry.
#[derive(Debug)]
pub struct Row {
    /// The row, from 1.
    pub number: usize,
    /// Its title.
    pub title: String,
    /// What its cells say. Of fields that name a file nothing.
    pub fields: Fields,
    /// The text.
    pub body: String,
    /// What stands before the names of the pictures in the text.
    pub folder: String,
    /// Its files.
    pub files: Vec<TableFile>,
}

/// A file of a row.
#[derive(Debug)]
pub struct TableFile {
    /// The field that names it, where that has one file.
    pub field: Option<String>,
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Something wrong in a table, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFault {
    /// The row, from 1.
    pub row: usize,
    /// The title that the row gives; empty where it gives none.
    pub title: String,
    /// The column's heading.
    pub column: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub mend: String,
}

/// The headings of an empty table for drafts of a kind. `may_set` says which fields are the unit's to set.
pub fn table_headings(kind: &Kind, may_set: impl Fn(&Field) -> bool) -> Vec<&str> {
    let is_asked =
        |field: &Field| (is_asked(field, &Fields::new()) || field.name == "attachments") && may_set(field);
    headings(kind, "zh-CN", is_asked)
}

/// Plans what the rows of a table become for a unit. `may_set` says which fields are the unit's to set; `words` gives the sentence of a key for what the intake itself refuses.
pub fn plan(
    snapshot: &Snapshot,
    (kind, unit): (&Kind, &str),
    may_set: impl Fn(&Field) -> bool,
    (name, rows): (&str, &[Vec<String>]),
    files: &Memory,
    words: impl Fn(&str) -> String,
) -> Planned {
    let site = Site {
        catalog: &snapshot.loaded.catalog,
        schema: snapshot.schema(),
        zone: snapshot.zone(),
        language: "zh-CN",
        categories: &BTreeMap::new(),
    };
    let Ok(plan) = import_table(files, name, rows, site, &kind.id) else {
        return Planned::default();
    };
    let added =
        ["unit", "date", "signed_off_by"].map(|name| kind.field(name).map(|field| field.label("zh-CN")));
    // What the server adds need not be there.
    let is_added = |fault: &&Fault| {
        fault.wrong.name() == "missing-field" && added.contains(&Some(fault.column.as_str()))
    };
    let mut planned = Planned {
        rows: Vec::new(),
        faults: plan
            .faults
            .iter()
            .filter(|fault| !is_added(fault))
            .map(|fault| in_words(fault, &words))
            .collect(),
        ..Planned::default()
    };
    for note in &plan.report.notes {
        match note.kind {
            // What it says would be lost.
            NoteKind::ColumnUnknown => planned.faults.push(TableFault {
                row: note.line as usize,
                title: String::new(),
                column: note.detail.clone(),
                message: words("table.unknown-column"),
                mend: words("table.unknown-column-mend"),
            }),
            NoteKind::FileLeft => planned.left.push(note.file.to_string()),
            NoteKind::DocumentReduced => planned.lost.push(format!("{}：{}", note.file, note.detail)),
            _ => {}
        }
    }
    for (path, content) in &plan.files {
        if let (Some(stem), Content::Text(text)) = (path.strip_suffix(".md"), content) {
            let mut row = row(kind, rows, (stem, text), &plan, files);
            refuse((kind, unit), &may_set, &mut row, &words, &mut planned.faults);
            planned.rows.push(row);
        }
    }
    planned.rows.sort_by_key(|row| row.number);
    planned.faults.sort_by_key(|fault| fault.row);
    planned
}

/// A fault in words; where the generator's advice is for people at a terminal, in the intake's own.
fn in_words(fault: &Fault, words: &impl Fn(&str) -> String) -> TableFault {
    let (message, mend) = fault.wrong.words(Language::Chinese);
    let own = |part: &str| {
        let key = format!("table.{part}-{}", fault.wrong.name());
        let said = words(&key);
        (said != key).then_some(said)
    };
    TableFault {
        row: fault.row,
        title: fault.title.clone(),
        column: fault.column.clone(),
        message: own("fault").unwrap_or(message),
        mend: own("mend").unwrap_or(mend),
    }
}

fn row(kind: &Kind, rows: &[Vec<String>], (stem, text): (&str, &str), plan: &Plan, world: &Memory) -> Row {
    let mut fields = fields_of_file(kind, text).unwrap_or_default();
    let body = fields.shift_remove(BODY);
    let title = fields
        .get("title")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let (above, slug) = stem.rsplit_once('/').unwrap_or(("", stem));
    let folder = format!("{slug}/");
    let mut named: BTreeMap<String, Option<String>> = BTreeMap::new();
    for field in &kind.fields {
        if !matches!(field.field_type, FieldType::File | FieldType::Image) {
            continue;
        }
        let value = fields.shift_remove(&field.name).unwrap_or_default();
        let only = (!field.many).then(|| field.name.clone());
        named.extend(ways(&value).map(|way| (format!("{above}/{way}"), only.clone())));
    }
    let inside = format!("{stem}/");
    let of_row = plan
        .files
        .range(inside.clone()..)
        .take_while(|(path, _)| path.starts_with(&inside));
    let file = |(path, content): (&String, &Content)| {
        let bytes = match content {
            Content::Bytes(bytes) => bytes.clone(),
            Content::Copy(from) => world.read(from).unwrap_or_default(),
            Content::Text(_) => Vec::new(),
        };
        TableFile {
            field: named.get(path).cloned().flatten(),
            name: path[inside.len()..].to_owned(),
            bytes,
        }
    };
    let is_it = |row: &Vec<String>| {
        row.iter()
            .any(|cell| cell.split_whitespace().eq(title.split_whitespace()))
    };
    Row {
        number: rows.iter().position(is_it).map_or(0, |place| place + 1),
        body: body
            .and_then(|body| body.as_str().map(str::to_owned))
            .unwrap_or_default(),
        files: of_row.map(file).collect(),
        folder,
        title,
        fields,
    }
}

/// Where the files of a value lie.
fn ways(value: &Value) -> impl Iterator<Item = &str> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    items
        .iter()
        .filter_map(|item| item["path"].as_str().or(item.as_str()))
}

/// Refuses what a submission of the unit cannot say.
fn refuse(
    (kind, unit): (&Kind, &str),
    may_set: &impl Fn(&Field) -> bool,
    row: &mut Row,
    words: &impl Fn(&str) -> String,
    faults: &mut Vec<TableFault>,
) {
    let own = row.fields.shift_remove("unit");
    let is_others = own.is_some_and(|own| own != *unit && own != Value::from(vec![unit]));
    let not_asked: BTreeSet<&str> = kind
        .fields
        .iter()
        .filter(|field| {
            row.fields.contains_key(&field.name) && !(is_asked(field, &Fields::new()) && may_set(field))
        })
        .map(|field| field.name.as_str())
        .collect();
    let mut add = |name: &str, key: &str| {
        let column = kind
            .field(name)
            .map_or(name, |field| field.label("zh-CN"))
            .to_owned();
        faults.push(TableFault {
            row: row.number,
            title: row.title.clone(),
            column,
            message: words(key),
            mend: words(&format!("{key}-mend")),
        });
    };
    if is_others {
        add("unit", "table.other-unit");
    }
    for name in not_asked {
        add(name, "table.not-asked");
    }
}

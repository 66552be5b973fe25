//! A kind's fields as a form, and a form back as fields. The declarations of the content schema say everything: label,
//! help, limits, vocabulary. What was typed is kept as it was typed, also where it is wrong.

use std::collections::BTreeMap;

use jixia::content::{Field, FieldType, Kind, Need, SEPARATORS};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::merge::Fields;
use crate::portal::asked::is_asked;
use crate::portal::{Finding, Snapshot, number};
use crate::services::reserved::Standing;
use crate::store::{Submission, Upload};
use crate::web::form::Form;
use crate::web::submissions::talk::{Remark, open_about};

/// Up to so many words of a vocabulary are shown as boxes or a list; more are searched by typing.
const FEW: usize = 12;

/// One thing to fill in.
#[derive(Debug, Serialize)]
pub(crate) struct Widget {
    name: String,
    /// Id of the element; the name with dots replaced.
    id: String,
    label: String,
    help: String,
    /// `line`, `area`, `number`, `date`, `box`, `select`, `boxes`, `search`, `lines`, `file`, `rows`.
    kind: &'static str,
    /// Type of an `input`.
    input: &'static str,
    is_required: bool,
    is_advised: bool,
    value: String,
    values: Vec<String>,
    options: Vec<Choice>,
    max: Option<usize>,
    least: Option<f64>,
    most: Option<f64>,
    rows: Vec<Vec<Widget>>,
    errors: Vec<String>,
    warnings: Vec<String>,
    /// What reviewers said about it.
    remarks: Vec<Remark>,
}

impl Widget {
    /// Takes the remarks that are about this field.
    pub(crate) fn takes(&mut self, remarks: &[Remark]) {
        self.remarks = open_about(remarks, &self.name);
    }

    /// Whether it is that of a field, whole: a list of rows is longer than one widget.
    pub(crate) fn is_of(&self, field: &str) -> bool {
        self.name == field && self.kind != "rows"
    }

    /// Whether there is something in it.
    pub(crate) fn is_filled(&self) -> bool {
        !self.value.is_empty() || !self.errors.is_empty() || !self.remarks.is_empty() || self.rows.len() > 1
    }
}

/// A word to choose.
#[derive(Debug, Serialize)]
pub(crate) struct Choice {
    id: String,
    label: String,
    is_chosen: bool,
    /// What it is, where the label alone does not say so.
    about: String,
}

/// What a form is made from.
pub(crate) struct Source<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// The unit that submits: its people are offered as authors.
    pub(crate) unit: &'a str,
    pub(crate) uploads: &'a [Upload],
    /// The files of what is published, of which an edit may keep some.
    pub(crate) published: Vec<Value>,
    pub(crate) findings: &'a [Finding],
    /// What an edit began with; nothing for a chapter, of which no more is asked for then.
    pub(crate) base: Fields,
    /// How the unit that hands in stands to the entry.
    pub(crate) standing: Standing,
}

/// The widgets of a kind in two groups: what is needed, and what may be added.
pub(crate) fn widgets(source: &Source<'_>, kind: &Kind, fields: &Fields) -> (Vec<Widget>, Vec<Widget>) {
    let asked = kind.fields.iter().filter(|field| source.asks(field));
    let (mut first, mut more) = (Vec::new(), Vec::new());
    for field in asked {
        let value = fields.get(&field.name).unwrap_or(&Value::Null);
        let around = Around {
            kind,
            fields,
            record: None,
        };
        let mut widget = source.widget(&around, field, &field.name, value);
        let of_field = |finding: &&Finding| finding.field == field.name;
        for finding in source.findings.iter().filter(of_field) {
            let list = if finding.is_error {
                &mut widget.errors
            } else {
                &mut widget.warnings
            };
            list.push(finding.message.clone());
        }
        let is_first = field.need != Need::Optional
            || matches!(
                field.name.as_str(),
                "summary" | "authors" | "tags" | "main_file" | "captions"
            )
            || !widget.errors.is_empty();
        if is_first {
            first.push(widget);
        } else {
            more.push(widget);
        }
    }
    (first, more)
}

impl<'a> Source<'a> {
    /// Whether authors are asked for a field. Of what others set they are not.
    pub(crate) fn asks(&self, field: &Field) -> bool {
        self.standing.locks(field).is_none() && is_asked(field, &self.base)
    }

    /// What forms are read with, before anything was found wrong.
    pub(crate) fn new(snapshot: &'a Snapshot, submission: &'a Submission, uploads: &'a [Upload]) -> Self {
        let (mut published, base) = (Vec::new(), submission.base());
        for value in base.values() {
            add_files(value, &mut published);
        }
        Self {
            snapshot,
            unit: &submission.unit,
            uploads,
            published,
            findings: &[],
            base,
            standing: Standing::of(snapshot, submission),
        }
    }

    /// The published file that a form names. What the form says of it is compared and not believed: with it a client could
    /// publish any bytes of the store under any name.
    pub(crate) fn kept(&self, text: &str) -> Option<Value> {
        let named: Value = serde_json::from_str(text).ok()?;
        self.published.iter().find(|file| **file == named).cloned()
    }
}

/// Adds the files in a value of a published content, however deep they lie.
fn add_files(value: &Value, files: &mut Vec<Value>) {
    match value {
        Value::Object(fields) if fields.contains_key("sha256") || fields.contains_key("path") => {
            files.push(value.clone());
        }
        Value::Object(fields) => fields.values().for_each(|value| add_files(value, files)),
        Value::Array(items) => items.iter().for_each(|item| add_files(item, files)),
        _ => {}
    }
}

/// What stands around a value: what can be chosen may depend on it.
struct Around<'a> {
    kind: &'a Kind,
    fields: &'a Fields,
    /// The record that holds it, and its row.
    record: Option<(&'a Field, &'a Value)>,
}

impl Source<'_> {
    fn widget(&self, around: &Around<'_>, field: &Field, name: &str, value: &Value) -> Widget {
        let (kind, input) = self.shape(field);
        let mut widget = Widget {
            name: name.to_owned(),
            id: format!("f-{}", name.replace('.', "-")),
            label: field.label.clone(),
            help: field.help.clone().unwrap_or_default(),
            kind,
            input,
            is_required: field.need == Need::Required,
            is_advised: field.need == Need::Advised,
            value: as_text(value),
            values: texts(value),
            options: Vec::new(),
            max: field.max.filter(|_| is_text(field)).map(|max| max as usize),
            least: field.min.filter(|_| !is_text(field)),
            most: field.max.filter(|_| !is_text(field)),
            rows: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            remarks: Vec::new(),
        };
        match kind {
            "lines" => widget.value = widget.values.join("\n"),
            "rows" => widget.rows = self.rows(around, field, name, value),
            "box" => {
                widget.value = if *value == Value::Bool(true) {
                    "true".into()
                } else {
                    String::new()
                }
            }
            "search" if field.among.is_some() => widget.options = self.items(around, field),
            "search" if !field.many => {
                widget.value = self.label_of(field, &widget.value);
                widget.options = self.options(field, &[]);
            }
            "search" => {
                widget.value = widget
                    .values
                    .iter()
                    .map(|id| self.label_of(field, id))
                    .collect::<Vec<_>>()
                    .join("、");
                widget.options = self.options(field, &[]);
            }
            "select" | "boxes" | "file" | "image" => widget.options = self.options(field, &widget.values),
            _ => {}
        }
        widget
    }

    fn shape(&self, field: &Field) -> (&'static str, &'static str) {
        let words = |field: &Field| self.vocabulary(field).map_or(0, |words| words.len());
        match field.field_type {
            FieldType::Prose => ("area", ""),
            FieldType::Integer | FieldType::Number => ("line", "text"),
            FieldType::Boolean => ("box", "checkbox"),
            FieldType::Date => ("line", "date"),
            FieldType::Term if field.many && words(field) <= FEW => ("boxes", ""),
            FieldType::Term if !field.many && words(field) <= FEW => ("select", ""),
            FieldType::Term | FieldType::Reference | FieldType::Unit | FieldType::Person => {
                ("search", "text")
            }
            FieldType::Text if field.among.is_some() && !field.many => ("search", "text"),
            FieldType::File => ("file", ""),
            FieldType::Image => ("image", ""),
            FieldType::Record => ("rows", ""),
            FieldType::Text if field.many => ("lines", ""),
            FieldType::Url => ("line", "url"),
            FieldType::Email => ("line", "email"),
            FieldType::Tag | FieldType::Issuer if field.many => ("separated", "text"),
            _ => ("line", "text"),
        }
    }

    fn vocabulary(&self, field: &Field) -> Option<Vec<(String, String)>> {
        let vocabulary = self
            .snapshot
            .schema()
            .vocabularies
            .get(field.vocabulary.as_deref()?)?;
        Some(
            vocabulary
                .terms
                .iter()
                .map(|term| (term.id.clone(), term.label.clone()))
                .collect(),
        )
    }

    fn choices(&self, field: &Field) -> Vec<(String, String)> {
        match field.field_type {
            FieldType::Term => self.vocabulary(field).unwrap_or_default(),
            FieldType::Reference => self.snapshot.references(&field.kinds),
            FieldType::Person => self.snapshot.people_of(self.unit),
            FieldType::Unit => self
                .snapshot
                .units
                .iter()
                .map(|unit| (unit.id.clone(), unit.name.clone()))
                .collect(),
            FieldType::File => {
                let whole = self.uploads.iter().filter(|upload| upload.is_whole());
                whole
                    .map(|upload| (upload.id.clone(), upload.name.clone()))
                    .collect()
            }
            FieldType::Image => {
                let images = self
                    .uploads
                    .iter()
                    .filter(|upload| upload.is_whole() && upload.media_type.starts_with("image/"));
                images
                    .map(|upload| (upload.id.clone(), upload.name.clone()))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn options(&self, field: &Field, chosen: &[String]) -> Vec<Choice> {
        let choice = |(id, label): (String, String)| Choice {
            is_chosen: chosen.contains(&id) || chosen.contains(&label),
            id,
            label,
            about: String::new(),
        };
        let mut options: Vec<Choice> = self.choices(field).into_iter().map(choice).collect();
        // So does the name of a published image.
        if field.field_type == FieldType::Image {
            for kept in chosen.iter().filter(|kept| !kept.is_empty()) {
                if !options.iter().any(|option| option.is_chosen) {
                    options.push(Choice {
                        id: kept.clone(),
                        label: kept.clone(),
                        is_chosen: true,
                        about: String::new(),
                    });
                }
            }
        }
        // A published file stays a choice when an entry is edited.
        if field.field_type == FieldType::File {
            for kept in chosen.iter().filter(|kept| kept.starts_with('{')) {
                let name = serde_json::from_str::<Value>(kept).ok();
                let name = name
                    .as_ref()
                    .and_then(|file| file["name"].as_str())
                    .unwrap_or("?")
                    .to_owned();
                options.push(Choice {
                    id: kept.clone(),
                    label: name,
                    is_chosen: true,
                    about: String::new(),
                });
            }
        }
        options
    }

    /// The items of the list that a field refers to: of the entry that was chosen beside it, or of all until one is.
    fn items(&self, around: &Around<'_>, field: &Field) -> Vec<Choice> {
        let items = self
            .snapshot
            .items(around.kind, around.fields, around.record, field);
        let choice = |(item, about): (String, String)| Choice {
            id: item.clone(),
            label: item,
            is_chosen: false,
            about,
        };
        items.into_iter().map(choice).collect()
    }

    fn label_of(&self, field: &Field, id: &str) -> String {
        let found = self.choices(field).into_iter().find(|(known, _)| known == id);
        found.map_or_else(|| id.to_owned(), |(_, label)| label)
    }

    /// The rows that are filled, and an empty one.
    fn rows(&self, around: &Around<'_>, field: &Field, name: &str, value: &Value) -> Vec<Vec<Widget>> {
        let filled: Vec<&Value> = match value {
            Value::Array(items) => items.iter().collect(),
            Value::Object(_) => vec![value],
            _ => Vec::new(),
        };
        let count = if field.many { filled.len() + 1 } else { 1 };
        let row = |position: usize| {
            let known = filled.get(position);
            let inner = |inner: &Field| {
                let value = known.and_then(|row| row.get(&inner.name)).unwrap_or(&Value::Null);
                let around = Around {
                    record: Some((field, known.copied().unwrap_or(&Value::Null))),
                    ..*around
                };
                self.widget(
                    &around,
                    inner,
                    &format!("{name}.{position}.{}", inner.name),
                    value,
                )
            };
            field.fields.iter().map(inner).collect()
        };
        (0..count).map(row).collect()
    }

    /// What a form sent for the fields that it shows; `null` for one that was emptied.
    pub(crate) fn read(&self, kind: &Kind, form: &Form) -> Vec<(String, Value)> {
        // Boxes that are not ticked are not sent: the form says that it shows the field.
        let is_shown = |field: &&Field| {
            let shown = format!("has.{}", field.name);
            (self.asks(field) || self.standing.locks(field).is_some())
                && form.pairs.iter().any(|(name, _)| *name == shown)
        };
        let read = |field: &Field| {
            let value = match field.field_type {
                FieldType::Record => self.read_rows(field, form),
                _ => self.read_value(field, &field.name, form),
            };
            (field.name.clone(), value)
        };
        kind.fields.iter().filter(is_shown).map(read).collect()
    }

    fn read_rows(&self, field: &Field, form: &Form) -> Value {
        let mut rows: BTreeMap<usize, Map<String, Value>> = BTreeMap::new();
        let prefix = format!("{}.", field.name);
        let positions = form.pairs.iter().filter_map(|(name, _)| {
            let (position, inner) = name.strip_prefix(&prefix)?.split_once('.')?;
            Some((
                position.parse::<usize>().ok()?,
                field.fields.iter().find(|field| field.name == inner)?,
            ))
        });
        for (position, inner) in positions {
            let value = self.read_value(inner, &format!("{prefix}{position}.{}", inner.name), form);
            if value != Value::Null {
                rows.entry(position)
                    .or_default()
                    .insert(inner.name.clone(), value);
            }
        }
        let mut rows = rows.into_values().map(Value::Object);
        match field.many {
            true => Some(rows.collect::<Value>())
                .filter(|rows| *rows != Value::Array(Vec::new()))
                .unwrap_or_default(),
            false => rows.next().unwrap_or_default(),
        }
    }

    fn read_value(&self, field: &Field, name: &str, form: &Form) -> Value {
        let typed: Vec<&str> = form
            .all(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .collect();
        if field.field_type == FieldType::Boolean {
            return if typed.is_empty() {
                Value::Null
            } else {
                Value::Bool(true)
            };
        }
        if !field.many {
            return typed.first().map_or(Value::Null, |text| self.single(field, text));
        }
        let parts: Vec<&str> = match self.shape(field).0 {
            "boxes" => typed,
            "separated" | "search" => typed.iter().flat_map(|text| text.split(SEPARATORS)).collect(),
            _ => typed.iter().flat_map(|text| text.lines()).collect(),
        };
        let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
        let values: Vec<Value> = parts.map(|part| self.single(field, part)).collect();
        if values.is_empty() {
            Value::Null
        } else {
            Value::Array(values)
        }
    }

    fn single(&self, field: &Field, text: &str) -> Value {
        match field.field_type {
            FieldType::Integer | FieldType::Number => number(text).unwrap_or_else(|| text.into()),
            // A published file that stays.
            FieldType::File if text.starts_with('{') => self.kept(text).unwrap_or_default(),
            FieldType::Term | FieldType::Reference | FieldType::Unit | FieldType::Person => {
                let choices = self.choices(field);
                let found = choices.iter().find(|(id, label)| id == text || label == text);
                found.map_or_else(|| text.into(), |(id, _)| id.as_str().into())
            }
            _ => text.replace("\r\n", "\n").into(),
        }
    }
}

fn is_text(field: &Field) -> bool {
    !matches!(field.field_type, FieldType::Integer | FieldType::Number)
}

fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(as_text).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(as_text).collect(),
        single => vec![as_text(single)],
    }
}

/// A field of a content as a reader of the review page sees it.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) value: String,
}

/// The fields of a content in the order of the kind.
pub(crate) fn shown(snapshot: &Snapshot, kind: &Kind, content: &Fields) -> Vec<Shown> {
    let source = Source {
        snapshot,
        // People are named by their ids, whatever unit they are of.
        unit: "",
        uploads: &[],
        published: Vec::new(),
        findings: &[],
        base: Fields::new(),
        standing: Standing::default(),
    };
    let field = |field: &Field| {
        Some(Shown {
            name: field.name.clone(),
            label: field.label.clone(),
            value: source.spoken(field, content.get(&field.name)?),
        })
    };
    kind.fields.iter().filter_map(field).collect()
}

impl Source<'_> {
    /// A value in the words of its vocabulary.
    pub(crate) fn spoken(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Array(items) => {
                let separator = if field.field_type == FieldType::Record {
                    "\n"
                } else {
                    "、"
                };
                items
                    .iter()
                    .map(|item| self.spoken(field, item))
                    .collect::<Vec<_>>()
                    .join(separator)
            }
            Value::Object(file) if field.field_type == FieldType::File => file
                .get("name")
                .or_else(|| file.get("path"))
                .map(as_text)
                .unwrap_or_default(),
            Value::Object(record) => {
                let inner = field.fields.iter().filter_map(|inner| {
                    Some(format!(
                        "{}：{}",
                        inner.label,
                        self.spoken(inner, record.get(&inner.name)?)
                    ))
                });
                inner.collect::<Vec<_>>().join("，")
            }
            Value::String(id) if field.field_type == FieldType::Person => self.snapshot.person_name(id),
            other => self.label_of(field, &as_text(other)),
        }
    }
}

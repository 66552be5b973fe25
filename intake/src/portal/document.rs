//! Between a submission and a content file: fields to front matter and back.

use std::collections::{BTreeMap, BTreeSet};

use jixia::content::{Field, FieldType, Kind};
use jixia::source::{Mapping, Node, emit, parse, split};
use serde_json::{Map, Number, Value, json};

use crate::domain::merge::{BODY, Fields};
use crate::store::Upload;

/// A content file that is not in the repository yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it will be.
    pub path: String,
    /// What it will hold.
    pub text: String,
    /// Chapters beside it that change, by path; `None` for one that is to go.
    pub beside: BTreeMap<String, Option<String>>,
}

/// What the server adds to the author's fields.
#[derive(Debug, Clone, Default)]
pub struct Added<'a> {
    /// The day, `2026-03-05`, for entries without a date.
    pub date: &'a str,
    /// The unit that answers for the content.
    pub unit: &'a str,
    /// The leader who signed off.
    pub signed_off_by: Option<&'a str>,
    /// The files, with the still images of videos.
    pub files: &'a [Upload],
}

/// The content of a submission, body included, as it goes into the file: files in the place of uploads.
pub fn compose(kind: &Kind, fields: &Fields, body: &str, uploads: &[Upload]) -> Fields {
    let mut used: Vec<&str> = Vec::new();
    let mut composed = Fields::new();
    for field in &kind.fields {
        let Some(value) = fields.get(&field.name).filter(|value| !is_empty(value)) else {
            continue;
        };
        match (field.field_type, value) {
            (FieldType::File, Value::String(id)) => {
                if let Some(upload) = uploads
                    .iter()
                    .find(|upload| upload.id == *id && upload.is_whole())
                {
                    used.push(&upload.id);
                    composed.insert(field.name.clone(), file(upload));
                }
            }
            // An image is one of the attachments, named; or the name of what is published already.
            (FieldType::Image, Value::String(id)) => {
                let upload = uploads.iter().find(|upload| upload.id == *id);
                let name = upload.map_or(id.as_str(), |upload| upload.name.as_str());
                composed.insert(field.name.clone(), name.into());
            }
            _ => {
                composed.insert(field.name.clone(), value.clone());
            }
        }
    }
    let others = uploads
        .iter()
        .filter(|upload| upload.is_whole() && !used.contains(&upload.id.as_str()));
    let mut attachments = match fields.get("attachments") {
        Some(Value::Array(known)) => known.clone(),
        _ => Vec::new(),
    };
    attachments.extend(others.map(file));
    if !attachments.is_empty() {
        composed.insert("attachments".to_owned(), Value::Array(attachments));
    }
    composed.insert(BODY.to_owned(), body.replace("\r\n", "\n").trim().into());
    composed
}

/// Adds what the server knows to a content.
pub fn complete(kind: &Kind, content: &mut Fields, added: &Added<'_>) {
    let has = |name: &str| kind.field(name).is_some();
    if has("date") && !content.contains_key("date") && !added.date.is_empty() {
        content.insert("date".to_owned(), added.date.into());
    }
    // The page of a unit is about the unit itself and names no other.
    if has("unit") && kind.abilities.unit.is_none() && !added.unit.is_empty() {
        content.insert("unit".to_owned(), added.unit.into());
    }
    if has("signed_off_by")
        && let Some(leader) = added.signed_off_by
    {
        content.insert("signed_off_by".to_owned(), leader.into());
    }
    content
        .values_mut()
        .for_each(|value| add_posters(value, added.files));
}

/// Names the still images of the videos in a value.
fn add_posters(value: &mut Value, files: &[Upload]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| add_posters(item, files)),
        Value::Object(fields) => {
            let poster = fields.get("sha256").and_then(Value::as_str).and_then(|sha256| {
                let file = files.iter().find(|file| file.sha256.as_deref() == Some(sha256))?;
                file.poster.clone()
            });
            if let Some(poster) = poster {
                fields.insert("poster".to_owned(), poster.into());
            }
            fields.values_mut().for_each(|value| add_posters(value, files));
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn file(upload: &Upload) -> Value {
    json!({
        "name": upload.name,
        "sha256": upload.sha256,
        "size": upload.size,
        "media_type": upload.media_type,
    })
}

impl Document {
    /// The files that it writes.
    pub(super) fn paths(&self) -> BTreeSet<&str> {
        let beside = self.beside.iter().filter(|(_, text)| text.is_some());
        let beside = beside.map(|(path, _)| path.as_str());
        beside.chain([self.path.as_str()]).collect()
    }

    /// The file of a whole content, its fields in the order of the kind.
    pub fn new(path: &str, kind: &Kind, content: &Fields) -> Self {
        let ordered: Vec<(String, Value)> = kind
            .fields
            .iter()
            .filter_map(|field| Some((field.name.clone(), content.get(&field.name)?.clone())))
            .collect();
        let body = content.get(BODY).and_then(Value::as_str).unwrap_or_default();
        Self {
            path: path.to_owned(),
            text: emit(&ordered, body),
            beside: BTreeMap::new(),
        }
    }
}

/// The content of a file, as [`compose`] gives it. Returns `None` if it has no front matter.
pub fn fields_of_file(kind: &Kind, text: &str) -> Option<Fields> {
    let parts = split(text).ok()?;
    let front = text.get(parts.front.start as usize..parts.front.end as usize)?;
    let mut fields = record(&kind.fields, &parse(front, parts.front.start).ok()?);
    let body = text.get(parts.body.start as usize..parts.body.end as usize)?;
    fields.insert(BODY.to_owned(), body.trim().into());
    Some(fields)
}

fn record(declared: &[Field], mapping: &Mapping<'_>) -> Map<String, Value> {
    let mut fields = Map::new();
    for (key, node) in mapping {
        let field = declared.iter().find(|field| field.name == *key.value);
        let value = value(field, &node.value);
        // A single value of a list is a list of one; so two ways to write the same are the same.
        let value = match value {
            Value::Array(_) | Value::Null => value,
            single if field.is_some_and(|field| field.many) => Value::Array(vec![single]),
            single => single,
        };
        fields.insert(key.value.to_string(), value);
    }
    fields
}

fn value(field: Option<&Field>, node: &Node<'_>) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Scalar { text, .. } => scalar(field, text),
        Node::List(items) => items.iter().map(|item| value(field, &item.value)).collect(),
        Node::Mapping(mapping) => {
            let declared = field.map_or(&[][..], |field| &field.fields);
            let mut fields = record(declared, mapping);
            // The size of a file is the one number in a mapping that no field declares.
            if let Some(size) = fields
                .get("size")
                .and_then(Value::as_str)
                .and_then(|size| size.parse::<u64>().ok())
            {
                fields.insert("size".to_owned(), size.into());
            }
            Value::Object(fields)
        }
    }
}

fn scalar(field: Option<&Field>, text: &str) -> Value {
    match field.map(|field| field.field_type) {
        Some(FieldType::Integer) => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        Some(FieldType::Number) => number(text).unwrap_or_else(|| text.into()),
        Some(FieldType::Boolean) => match text {
            "true" | "yes" | "是" => true.into(),
            "false" | "no" | "否" => false.into(),
            _ => text.into(),
        },
        _ => text.into(),
    }
}

/// A decimal number as JSON, whole where it is.
pub(crate) fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    Number::from_f64(text.parse::<f64>().ok()?).map(Value::Number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jixia::content::{Schema, Surroundings};

    use super::*;

    fn kind() -> Kind {
        let (schema, _) = Schema::load(&[], &[], &[], None, Surroundings::default());
        (**schema.kinds.get("resource").unwrap()).clone()
    }

    fn upload(id: &str, sha256: Option<&str>) -> Upload {
        Upload {
            id: id.to_owned(),
            submission: "s".to_owned(),
            owner: "o".to_owned(),
            name: format!("{id}.mp4"),
            size: 3,
            media_type: "video/mp4".to_owned(),
            sha256: sha256.map(str::to_owned),
            created_at: 0,
            poster: (sha256 == Some("aa")).then(|| "cc".to_owned()),
        }
    }

    #[test]
    fn what_is_composed_reads_back() {
        let typed = json!({
            "title": "标题: \"引号\"", "audience": ["student"], "class_hours": 2, "main_file": "u1", "summary": " ",
            "materials": [{"name": "课件", "count": 3}], "unknown": "left out",
        });
        let uploads = [
            upload("u1", Some("aa")),
            upload("u2", Some("bb")),
            upload("half", None),
        ];
        let added = Added {
            date: "2026-03-05",
            unit: "shili",
            signed_off_by: None,
            files: &uploads,
        };
        let mut content = compose(&kind(), typed.as_object().unwrap(), "正文\r\n\r\n", &uploads);
        complete(&kind(), &mut content, &added);
        let document = Document::new("content/resources/2026/x.md", &kind(), &content);
        let back = fields_of_file(&kind(), &document.text).unwrap();
        assert_eq!(back, content, "{}", document.text);
        assert_eq!(back["main_file"]["sha256"], "aa");
        assert_eq!(back["main_file"]["poster"], "cc");
        assert_eq!(
            back["attachments"],
            json!([{"name": "u2.mp4", "sha256": "bb", "size": 3, "media_type": "video/mp4"}])
        );
        assert!(back.get("summary").is_none() && back.get("unknown").is_none());
    }
}

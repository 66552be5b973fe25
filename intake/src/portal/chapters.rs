//! Entries that are a folder: a course in `index.md`, its chapters in files beside it.
//!
//! A chapter is a value of the course's content under `chapter/FILE`, an object of its fields with its body. So chapters
//! are saved, endorsed and merged like every other field, one by one; their order is that of the keys.

use std::collections::{BTreeMap, BTreeSet};

use jixia::content::{Kind, Schema};
use serde_json::Value;

use super::document::{Document, compose, fields_of_file};
use crate::domain::merge::{BODY, CHAPTER, Fields};
use crate::store::Upload;

/// What keys of chapters begin with; the name of the file follows.
pub(crate) const PREFIX: &str = CHAPTER;
/// Most chapters of an entry.
pub(crate) const MOST: usize = 100;

/// The kind of an entry's chapters.
pub(crate) fn kind_of_chapters<'s>(schema: &'s Schema, kind: &Kind) -> Option<&'s Kind> {
    Some(&**schema.kinds.get(kind.children.as_deref()?)?)
}

/// The chapters of a content in their order: name of the file and fields.
pub(crate) fn chapters(content: &Fields) -> impl Iterator<Item = (&str, &Fields)> {
    content
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(PREFIX)?, value.as_object()?)))
}

/// A name for a new chapter that no other has or had.
pub(crate) fn new_name(content: &Fields, base: &Fields) -> String {
    let is_free = |name: &String| {
        let key = format!("{PREFIX}{name}");
        !content.contains_key(&key) && !base.contains_key(&key)
    };
    let names = (chapters(content).count() + 1..).map(|number| format!("{number:02}-chapter.md"));
    names.into_iter().find(is_free).unwrap_or_default()
}

/// Moves a chapter up (-1), down (1) or away (0).
pub(crate) fn arrange(content: &mut Fields, name: &str, by: i8) {
    let mut names: Vec<String> = chapters(content).map(|(name, _)| name.to_owned()).collect();
    let Some(at) = names.iter().position(|known| known == name) else {
        return;
    };
    match by {
        0 => drop(content.shift_remove(&format!("{PREFIX}{name}"))),
        -1 if at > 0 => names.swap(at, at - 1),
        1 if at + 1 < names.len() => names.swap(at, at + 1),
        _ => {}
    }
    for name in names {
        let key = format!("{PREFIX}{name}");
        if let Some(chapter) = content.shift_remove(&key) {
            content.insert(key, chapter);
        }
    }
}

/// Whether a body names a file.
fn names(body: &str, upload: &Upload) -> bool {
    body.contains(&format!("({})", upload.name)) || body.contains(&format!("(<{}>)", upload.name))
}

/// The whole content of a submission as it goes into files, chapters included. A file that a chapter's text or cover
/// names belongs to the chapter, every other one to the entry itself.
pub fn compose_whole(
    schema: &Schema,
    kind: &Kind,
    fields: &Fields,
    body: &str,
    uploads: &[Upload],
) -> Fields {
    let Some(child) = kind_of_chapters(schema, kind) else {
        return compose(kind, fields, body, uploads);
    };
    let text = |chapter: &Fields| {
        chapter
            .get(BODY)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let is_own = |chapter: &Fields, upload: &Upload| {
        names(&text(chapter), upload) || chapter.get("cover").and_then(Value::as_str) == Some(&upload.id)
    };
    let is_needed_here = |upload: &&Upload| {
        names(body, upload)
            || fields.values().any(|value| value.as_str() == Some(&upload.id))
            || !chapters(fields).any(|(_, chapter)| is_own(chapter, upload))
    };
    let here: Vec<Upload> = uploads.iter().filter(is_needed_here).cloned().collect();
    let mut content = compose(kind, fields, body, &here);
    let weights = weights(fields);
    for ((name, chapter), weight) in chapters(fields).zip(weights) {
        let own: Vec<Upload> = uploads
            .iter()
            .filter(|upload| is_own(chapter, upload))
            .cloned()
            .collect();
        let mut composed = compose(child, chapter, &text(chapter), &own);
        composed.insert("weight".to_owned(), weight.into());
        content.insert(format!("{PREFIX}{name}"), Value::Object(composed));
    }
    content
}

/// What puts chapters in their order: what they have, where that does, else numbers from 1.
fn weights(fields: &Fields) -> Vec<i64> {
    let known: Vec<i64> = chapters(fields)
        .filter_map(|(_, chapter)| chapter.get("weight")?.as_i64())
        .collect();
    let count = chapters(fields).count();
    if known.len() == count && known.is_sorted_by(|left, right| left < right) {
        return known;
    }
    (1..).take(count).collect()
}

/// The directory of an entry's file with a slash.
fn directory(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

impl Document {
    /// The files of a whole content: the entry, and beside it the chapters that differ from what was published, with
    /// `None` for one that is to go.
    pub fn whole(schema: &Schema, path: &str, kind: &Kind, content: &Fields, base: &Fields) -> Self {
        let mut document = Self::new(path, kind, content);
        let Some(child) = kind_of_chapters(schema, kind) else {
            return document;
        };
        for (name, chapter) in chapters(content) {
            if base.get(&format!("{PREFIX}{name}")).and_then(Value::as_object) != Some(chapter) {
                let place = format!("{}{name}", directory(path));
                let text = Self::new(&place, child, chapter).text;
                document.beside.insert(place, Some(text));
            }
        }
        for (name, _) in chapters(base).filter(|(name, _)| !content.contains_key(&format!("{PREFIX}{name}")))
        {
            document.beside.insert(format!("{}{name}", directory(path)), None);
        }
        document
    }
}

/// Adds published chapters, given as name and text, to an entry's content, in their order on the portal.
pub(crate) fn add_chapters(schema: &Schema, kind: &Kind, content: &mut Fields, files: &[(String, String)]) {
    let Some(child) = kind_of_chapters(schema, kind) else {
        return;
    };
    let read = files
        .iter()
        .filter_map(|(name, text)| Some((name, fields_of_file(child, text)?)));
    let mut read: Vec<(&String, Fields)> = read.collect();
    let weight = |chapter: &Fields| chapter.get("weight").and_then(Value::as_i64).unwrap_or(i64::MAX);
    read.sort_by(|left, right| (weight(&left.1), left.0).cmp(&(weight(&right.1), right.0)));
    for (name, chapter) in read {
        content.insert(format!("{PREFIX}{name}"), Value::Object(chapter));
    }
}

/// Names of the published chapters of the entry in a file.
pub(super) fn names_beside<'p>(path: &str, all: impl Iterator<Item = &'p str>) -> BTreeSet<String> {
    let directory = directory(path);
    let names = all.filter_map(|other| other.strip_prefix(directory));
    names
        .filter(|name| !name.contains('/') && *name != "index.md" && name.ends_with(".md"))
        .map(str::to_owned)
        .collect()
}

/// Files by path, as a proposal has them.
pub(crate) fn files(document: Document) -> BTreeMap<String, Option<Vec<u8>>> {
    let beside = document.beside.into_iter();
    let mut files: BTreeMap<String, Option<Vec<u8>>> = beside
        .map(|(path, text)| (path, text.map(String::into_bytes)))
        .collect();
    files.insert(document.path, Some(document.text.into_bytes()));
    files
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order(content: &Fields) -> Vec<&str> {
        chapters(content).map(|(name, _)| name).collect()
    }

    #[test]
    fn chapters_are_arranged() {
        let mut content: Fields =
            json!({"title": "t", "chapter/a.md": {}, "chapter/b.md": {}, "chapter/c.md": {}})
                .as_object()
                .unwrap()
                .clone();
        arrange(&mut content, "c.md", -1);
        assert_eq!(order(&content), ["a.md", "c.md", "b.md"]);
        arrange(&mut content, "a.md", 1);
        arrange(&mut content, "c.md", -1);
        arrange(&mut content, "b.md", 1);
        arrange(&mut content, "none.md", 0);
        assert_eq!(order(&content), ["c.md", "a.md", "b.md"]);
        arrange(&mut content, "a.md", 0);
        assert_eq!(order(&content), ["c.md", "b.md"]);
        let base: Fields = json!({"chapter/03-chapter.md": {}}).as_object().unwrap().clone();
        assert_eq!(new_name(&content, &base), "04-chapter.md");
    }

    #[test]
    fn weights_stay_where_they_give_the_order() {
        let cases = [
            (
                json!({"chapter/a": {"weight": 5}, "chapter/b": {"weight": 9}}),
                vec![5, 9],
            ),
            (
                json!({"chapter/b": {"weight": 9}, "chapter/a": {"weight": 5}}),
                vec![1, 2],
            ),
            (json!({"chapter/a": {"weight": 5}, "chapter/b": {}}), vec![1, 2]),
            (json!({}), vec![]),
        ];
        for (content, expected) in cases {
            assert_eq!(weights(content.as_object().unwrap()), expected, "{content}");
        }
    }
}

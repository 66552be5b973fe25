//! Front matter of others as fields of a kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::dates;
use super::plan::Site;
use super::recipe;
use super::report::NoteKind;
use crate::content::{Field, FieldType, Id, Kind, Place, Reader, read};
use crate::diag::{Diagnostic, Severity};
use crate::source::emit;

/// Fields with their values, in their order.
pub(super) type Fields = Vec<(String, Json)>;

/// Most rounds in which values that are refused are taken out.
const ROUNDS: usize = 8;

/// The fields of one entry while they are gathered.
pub(super) struct Gathered<'a> {
    site: Site<'a>,
    kind: &'a Kind,
    fields: BTreeMap<String, Json>,
    /// What there is to say, and of what.
    pub(super) notes: Vec<(NoteKind, String)>,
    /// Fields of theirs that have no equivalent.
    pub(super) dropped: Vec<String>,
    /// The picture of theirs that is the cover, as they address it.
    pub(super) cover: Option<String>,
}

impl<'a> Gathered<'a> {
    /// Gathers what front matter says.
    pub(super) fn of(site: Site<'a>, kind: &'a Kind, theirs: Vec<(String, Json)>) -> Self {
        let mut gathered = Self {
            site,
            kind,
            fields: BTreeMap::new(),
            notes: Vec::new(),
            dropped: Vec::new(),
            cover: None,
        };
        for (name, value) in theirs {
            if !is_nothing(&value) {
                gathered.take(&name, &value);
            }
        }
        gathered
    }

    /// Whether a field has a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// The title that front matter gives.
    pub(super) fn title(&self) -> Option<String> {
        self.fields.get("title").and_then(Json::as_str).map(str::to_owned)
    }

    /// Sets a field that has no value yet.
    pub(super) fn set(&mut self, name: &str, value: Json) {
        if self.kind.field(name).is_some() {
            self.fields.entry(name.to_owned()).or_insert(value);
        }
    }

    fn take(&mut self, name: &str, value: &Json) {
        match recipe::field(name) {
            Some("published") => {
                if matches!(text(value).as_str(), "false" | "no") {
                    self.set("draft", json!(true));
                }
            }
            Some("draft") => {
                if matches!(text(value).as_str(), "true" | "yes") {
                    self.set("draft", json!(true));
                }
            }
            Some("tags") => self.tags(words(value)),
            Some("category") => words(value).into_iter().for_each(|word| self.category(word)),
            Some("aliases") => self.aliases(name, value),
            Some("cover") => {
                let cover = Some(text(value)).filter(|text| !text.is_empty());
                self.cover = self.cover.take().or(cover);
            }
            Some("authors") => self.set("authors", json!(people(value))),
            Some("weight") => match text(value).parse::<i64>() {
                Ok(weight) => self.set("weight", json!(weight)),
                Err(_) => self.refuse(name, "integer"),
            },
            Some(field) => self.plain(field, name, value),
            // A field of the site's own kind, or nothing that we know.
            None => match self.kind.field(name) {
                Some(_) => self.plain(name, name, value),
                None => self.dropped.push(name.to_owned()),
            },
        }
    }

    fn plain(&mut self, field: &str, name: &str, value: &Json) {
        let Some(declared) = self.kind.field(field) else {
            self.dropped.push(name.to_owned());
            return;
        };
        match declared.field_type {
            FieldType::Date | FieldType::Moment => match dates::date(&text(value), self.site.zone) {
                Some(date) => self.set(field, json!(date)),
                None => self.refuse(name, "date"),
            },
            FieldType::Record | FieldType::File => self.set(field, value.clone()),
            _ if declared.many => self.set(field, json!(words(value))),
            FieldType::Integer | FieldType::Number => {
                let number = text(value).parse::<serde_json::Number>();
                self.set(field, number.map_or_else(|_| value.clone(), Json::Number));
            }
            FieldType::Boolean => self.set(
                field,
                json!(matches!(text(value).as_str(), "true" | "yes" | "是")),
            ),
            FieldType::Prose => self.set(field, json!(text(value).trim())),
            _ => self.set(
                field,
                json!(text(value).split_whitespace().collect::<Vec<_>>().join(" ")),
            ),
        }
    }

    fn refuse(&mut self, field: &str, reason: &str) {
        self.notes
            .push((NoteKind::FieldRefused, format!("{field} ({reason})")));
    }

    fn tags(&mut self, words: Vec<String>) {
        let Some(field) = self.kind.field("tags") else {
            self.dropped.push("tags".to_owned());
            return;
        };
        let most = field.max_items.unwrap_or(usize::MAX);
        let tags = self.fields.entry("tags".to_owned()).or_insert_with(|| json!([]));
        if let Json::Array(tags) = tags {
            for word in words {
                if tags.len() < most && !tags.iter().any(|tag| tag == &word) {
                    tags.push(Json::String(word));
                }
            }
        }
    }

    /// A category is a term by the site's table or by the kind's vocabulary; any other word is a tag.
    fn category(&mut self, word: String) {
        let meant = self
            .site
            .categories
            .get(&word)
            .cloned()
            .unwrap_or_else(|| word.clone());
        let field = self
            .kind
            .field("category")
            .filter(|field| field.field_type == FieldType::Term);
        let vocabulary =
            field.and_then(|field| self.site.schema.vocabularies.get(field.vocabulary.as_ref()?));
        match vocabulary.and_then(|vocabulary| vocabulary.find(&meant)) {
            Some(term) if !self.has("category") => self.set("category", json!(term.id)),
            _ => {
                self.notes.push((NoteKind::CategoryAsTag, word.clone()));
                self.tags(vec![word]);
            }
        }
    }

    /// Old addresses are paths of this site: scheme and host go, patterns are none.
    fn aliases(&mut self, name: &str, value: &Json) {
        let mut paths: Vec<String> = Vec::new();
        for address in words_of(value, &[]) {
            let path = match address.split_once("://") {
                Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
                None => address.as_str(),
            };
            let path = format!("/{}", path.trim_start_matches('/'));
            let is_path = path.len() > 1 && !path.contains([':', '?', '#', '*', ' ']);
            if !is_path {
                self.refuse(name, "path");
            } else if !paths.contains(&path) {
                paths.push(path);
            }
        }
        if !paths.is_empty() {
            self.set("aliases", json!(paths));
        }
    }

    /// The fields in the order of the kind; values that the kind does not take are left out and told.
    pub(super) fn finished(mut self, path: &str) -> (Fields, Vec<(NoteKind, String)>) {
        for _ in 0..ROUNDS {
            let fields = ordered(self.kind, &self.fields);
            let wrong = refused(self.site, self.kind, path, &fields);
            let wrong: Vec<_> = wrong
                .into_iter()
                .filter(|(field, _)| self.fields.contains_key(field))
                .collect();
            if wrong.is_empty() {
                break;
            }
            for (field, code) in wrong {
                self.fields.remove(&field);
                self.notes
                    .push((NoteKind::FieldRefused, format!("{field} ({code})")));
            }
        }
        (ordered(self.kind, &self.fields), self.notes)
    }
}

fn ordered(kind: &Kind, fields: &BTreeMap<String, Json>) -> Vec<(String, Json)> {
    let known = kind.fields.iter().map(|field: &Field| &field.name);
    known
        .filter_map(|name| Some((name.clone(), fields.get(name)?.clone())))
        .collect()
}

/// The fields whose values the reader calls wrong, with the codes of what is wrong.
pub(super) fn refused(
    site: Site<'_>,
    kind: &Kind,
    path: &str,
    fields: &[(String, Json)],
) -> Vec<(String, &'static str)> {
    let wrong = wrong_fields(site, kind, path, fields, "").into_iter();
    wrong
        .filter_map(|(field, diagnostic)| Some((field?, diagnostic.code.name())))
        .collect()
}

/// The errors of an entry, each with the field that it is about; with none it is about the body.
pub(super) fn wrong_fields(
    site: Site<'_>,
    kind: &Kind,
    path: &str,
    fields: &[(String, Json)],
    body: &str,
) -> Vec<(Option<String>, Diagnostic)> {
    let reader = Reader {
        schema: site.schema,
        zone: site.zone,
        strict: false,
        language: site.language,
    };
    let id = Id {
        kind: Arc::from(kind.id.as_str()),
        name: Arc::from("x"),
    };
    let place = Place::Entry { id, folder: false };
    let text = emit(fields, body);
    let (_, diagnostics) = read(reader, &Arc::from(path), &place, &text, &mut |_| {});
    let wrong = diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error);
    wrong
        .map(|diagnostic| {
            let named = diagnostic.text("field").map(str::to_owned);
            let field = named.or_else(|| field_at(&text, diagnostic.span.as_ref()?.start as usize));
            let field = field.map(|field| field.split(['.', '[']).next().unwrap_or_default().to_owned());
            (field, diagnostic)
        })
        .collect()
}

/// The field of emitted front matter that a byte belongs to.
fn field_at(text: &str, at: usize) -> Option<String> {
    let front = text.strip_prefix("---\n")?.split_once("\n---\n")?.0;
    let before = text.get(4..at).filter(|_| at < 4 + front.len())?;
    let line = before.rfind("\n").map_or(0, |end| end + 1);
    // Items of a list stand in lines of their own below its name.
    let mut lines = front[..line].lines().rev();
    let own = front[line..].lines().next()?;
    let named = if own.starts_with(' ') {
        lines.find(|line| !line.starts_with(' '))?
    } else {
        own
    };
    Some(named.split_once(':')?.0.to_owned())
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.iter().all(is_nothing),
        _ => false,
    }
}

/// A value as one text.
pub(super) fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

/// A value as words: a list, lists within it too, or a text with commas.
fn words(value: &Json) -> Vec<String> {
    words_of(value, &[',', '，', '、'])
}

fn people(value: &Json) -> Vec<String> {
    words_of(value, &[',', '，', '、', ';', '；'])
}

fn words_of(value: &Json, between: &[char]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Json::Array(items) => open.extend(items.iter().rev()),
            Json::Object(fields) => open.extend(fields.get("name").or_else(|| fields.get("title"))),
            value => {
                let text = text(value);
                let parts = text
                    .split(|character| between.contains(&character))
                    .map(str::trim);
                words.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
            }
        }
    }
    words.dedup();
    words
}

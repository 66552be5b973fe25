//! Reads a content file against the schema, reporting everything that is wrong with it at once.

mod checker;
mod convert;
mod limits;
mod quotes;

pub use checker::Reader;
pub use convert::SEPARATORS;
pub(crate) use limits::is_color;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use jixia_markdown::{Block, Body};

use self::checker::{Checker, MOST_SUGGESTIONS, find, held_back, is_meant, suggestion};
use super::{Attachment, Entry, Field, Id, Identifier, Moment, Need, Place, Record, Value, Withdrawal};
use crate::diag::{Code, Diagnostic, Severity, Span};
use crate::source::{self, Form, Mapping, Spanned, Split};

/// Reads one content file. `text_blocks` receives the body's plain text, block by block.
///
/// The entry is there whenever front matter could be parsed, even if fields are wrong: then references to it hold, and
/// one mistake is not reported as ten. It is left out when it cannot be read whether it may be published.
pub fn read(
    reader: Reader<'_>,
    path: &Arc<str>,
    place: &Place,
    text: &str,
    text_blocks: &mut dyn FnMut(Block<'_>),
) -> (Option<Entry>, Vec<Diagnostic>) {
    let (id, parent, folder) = match place {
        Place::Entry { id, folder } => (id, None, *folder),
        Place::Child { id, parent } => (id, Some(parent), false),
        Place::Other => return (None, Vec::new()),
    };
    let Some(kind) = reader.schema.kinds.get(&*id.kind) else {
        return (None, Vec::new());
    };
    let mut checker = Checker {
        reader,
        kind,
        path,
        diagnostics: Vec::new(),
        is_held_back: false,
    };
    let Some((split, mapping)) = checker.front_matter(text) else {
        return (None, checker.diagnostics);
    };
    let fields = checker.fields(&kind.fields, &mapping, "");
    checker.needs(&kind.fields, &mapping, "", opening(text));
    checker.relations(&fields, &mapping);
    let body = &text[split.body.start as usize..split.body.end as usize];
    let title = title_of(&fields, id);
    let shown = Body {
        text: body,
        title: &title,
    };
    let mut facts = jixia_markdown::facts(shown, text_blocks);
    checker.body(&mut facts, split.body.start, find(&mapping, "summary").is_some());
    checker.foreign_header(text, &split);
    let (diagnostics, is_held_back) = (checker.diagnostics, checker.is_held_back);
    let diagnostics: Vec<Diagnostic> = diagnostics
        .into_iter()
        .map(|wrong| quotes::advise(text, wrong))
        .collect();
    if is_held_back {
        return (None, diagnostics);
    }
    let title_span = find(&mapping, "title").map_or(0..0, |value| value.span.clone());
    let mut body_hash = [0; 16];
    body_hash.copy_from_slice(&blake3::hash(body.as_bytes()).as_bytes()[..16]);
    let start = Start {
        id: id.clone(),
        parent: parent.cloned(),
        path: Arc::clone(path),
        folder,
        title,
        title_span,
    };
    let entry = assemble(start, fields, &mapping, (split.body, body_hash, facts));
    (Some(entry), diagnostics)
}

/// The line that opens front matter: what is missing belongs below it.
fn opening(text: &str) -> Span {
    let start = text.find("---").unwrap_or_default() as u32;
    start..start + 3
}

impl Checker<'_> {
    /// The parts of a file. Where they cannot be told apart, the rest is looked into all the same: whoever mends the file
    /// does it once.
    fn front_matter<'t>(&mut self, text: &'t str) -> Option<(Split, Mapping<'t>)> {
        let (split, is_apart) = match source::split(text) {
            Ok(split) => (split, true),
            Err(wrong) => {
                let header = source::header(text, 0);
                let is_missing = wrong.code == Code::MissingFrontMatter;
                self.report(wrong);
                self.is_held_back = true;
                let behind = source::behind_blanks(text, &header).filter(|_| is_missing);
                match behind {
                    Some(split) => (split, true),
                    None if is_missing => (
                        Split {
                            front: 0..0,
                            body: header.body,
                        },
                        false,
                    ),
                    None => return None,
                }
            }
        };
        let front = &text[split.front.start as usize..split.front.end as usize];
        match source::parse(front, split.front.start) {
            Ok(mapping) if is_apart => return Some((split, mapping)),
            Ok(_) => {}
            Err(wrong) => self.report(quotes::advise(text, wrong)),
        }
        let body = &text[split.body.start as usize..split.body.end as usize];
        let mut facts = jixia_markdown::facts(body, &mut |_| {});
        self.body(&mut facts, split.body.start, true);
        None
    }

    /// Reports front matter of another kind at the beginning of the body, where it would be shown.
    fn foreign_header(&mut self, text: &str, split: &Split) {
        let body = &text[..split.body.end as usize];
        let header = source::header(body, split.body.start as usize);
        let is_second = match header.form {
            Form::Toml | Form::Json | Form::NoFirstLine | Form::OtherDashes => !header.span.is_empty(),
            Form::Blank => source::behind_blanks(body, &header).is_some(),
            Form::Heading | Form::Nothing => false,
        };
        if is_second {
            let first = body[header.span.start as usize..]
                .lines()
                .next()
                .unwrap_or_default();
            let diagnostic = Diagnostic::new(Code::ForeignMarkup);
            let diagnostic = diagnostic.at(header.span.start..header.span.start + first.len() as u32);
            let diagnostic = diagnostic.with("markup", first.trim_end());
            self.report(
                diagnostic
                    .say("form", "foreign-front-matter")
                    .say("advice", "advice-front-matter"),
            );
        }
    }

    /// Types every field that the declaration knows.
    fn fields(&mut self, declared: &[Field], mapping: &Mapping<'_>, prefix: &str) -> Record {
        let mut record = Record::new();
        let mut seen: HashSet<&str> = HashSet::with_capacity(mapping.len());
        let mut unknown = 0;
        for (key, value) in mapping {
            if !seen.insert(&key.value) {
                let diagnostic = Diagnostic::new(Code::DuplicateField).at(key.span.clone());
                self.report(diagnostic.with("field", format!("{prefix}{}", key.value)));
                continue;
            }
            match declared.iter().find(|field| field.name == key.value) {
                Some(field) => {
                    if let Some(value) = self.value(field, value, prefix) {
                        record.push((Box::from(field.name.as_str()), value));
                    }
                }
                None => {
                    unknown += 1;
                    self.unknown_field(declared, key, prefix, unknown);
                }
            }
        }
        // The order of the declaration, so that the order in the file does not matter to anybody.
        record.sort_by_key(|(name, _)| declared.iter().position(|field| field.name == **name));
        record
    }

    /// Reports a field that is not declared, the `count`th of its mapping.
    fn unknown_field(&mut self, declared: &[Field], key: &Spanned<Cow<'_, str>>, prefix: &str, count: usize) {
        let suggestion = if count <= MOST_SUGGESTIONS {
            suggestion(declared, &key.value)
        } else {
            held_back(&key.value)
        };
        let kind = self.kind.label(self.reader.language).to_owned();
        let diagnostic = Diagnostic::new(Code::UnknownField)
            .at(key.span.clone())
            .with("field", format!("{prefix}{}", key.value))
            .with("kind", kind)
            .suggest(suggestion);
        let diagnostic = if suggestion.is_none() {
            let names = declared.iter().map(|field| field.name.as_str());
            diagnostic.with("known", names.collect::<Vec<_>>().join(" "))
        } else {
            diagnostic
        };
        self.report(diagnostic);
    }

    /// Reports required and advised fields that are not there. A field that is there with a wrong value was reported.
    fn needs(&mut self, declared: &[Field], mapping: &Mapping<'_>, prefix: &str, place: Span) {
        for field in declared {
            // A title is looked for even so: without one the file's name stands in its place.
            let is_title = prefix.is_empty() && field.name == "title";
            if find(mapping, &field.name).is_some() || !is_title && is_meant(declared, mapping, &field.name) {
                continue;
            }
            let need = if field.name == "date" && self.kind.dated {
                Need::Required
            } else {
                field.need
            };
            let code = match need {
                Need::Required => Code::MissingField,
                Need::Advised => Code::AdvisedField,
                Need::Optional => continue,
            };
            let mut diagnostic = Diagnostic::new(code)
                .at(place.clone())
                .with("field", format!("{prefix}{}", field.name))
                .with("label", field.label(self.reader.language))
                .with("kind", self.kind.label(self.reader.language));
            if self.reader.strict {
                diagnostic = diagnostic.severity(Severity::Error);
            }
            self.report(diagnostic);
        }
    }
}

/// The title, or without one the file's name.
fn title_of(fields: &Record, id: &Id) -> Box<str> {
    let mut titles = fields.iter().filter(|(name, _)| &**name == "title");
    let title = titles.next().and_then(|(_, title)| text(title.clone()));
    title.unwrap_or_else(|| Box::from(id.name.rsplit('/').next().unwrap_or(&id.name)))
}

struct Start {
    id: Id,
    parent: Option<Id>,
    path: Arc<str>,
    folder: bool,
    title: Box<str>,
    title_span: Span,
}

/// Moves the common fields out of the record into members.
fn assemble(
    start: Start,
    mut fields: Record,
    mapping: &Mapping<'_>,
    (body, body_hash, facts): (Span, [u8; 16], jixia_markdown::Facts),
) -> Entry {
    let mut take = |name: &str| {
        let position = fields.iter().position(|(key, _)| &**key == name)?;
        Some(fields.remove(position).1)
    };
    let span_of = |name: &str| find(mapping, name).map_or(0..0, |value| value.span.clone());
    // Read before, for the body.
    drop(take("title"));
    let attachments = match take("attachments") {
        Some(Value::List(items)) => items.into_iter().filter_map(attachment).collect(),
        _ => Vec::new(),
    };
    let aliases = with_spans(texts(take("aliases")), mapping, "aliases");
    let authors = with_spans(texts(take("authors")), mapping, "authors");
    let identifiers = identifiers(take("identifiers"), mapping);
    Entry {
        id: start.id,
        path: start.path,
        parent: start.parent,
        folder: start.folder,
        title: start.title,
        title_span: start.title_span,
        date: take("date").as_ref().and_then(moment),
        updated: take("updated").as_ref().and_then(moment),
        summary: take("summary").and_then(text),
        unit: match take("unit") {
            Some(Value::Unit(id, span)) => Some((id, span)),
            _ => None,
        },
        authors,
        signed_off_by: take("signed_off_by").and_then(text),
        tags: texts(take("tags")),
        attachments,
        cover: take("cover")
            .and_then(text)
            .map(|cover| (cover, span_of("cover"))),
        cover_alt: take("cover_alt").and_then(text),
        draft: matches!(take("draft"), Some(Value::Boolean(true))),
        publish_at: take("publish_at").as_ref().and_then(moment),
        expires_at: take("expires_at").as_ref().and_then(moment),
        aliases,
        identifiers,
        source: take("source").and_then(text),
        rights: take("rights").and_then(text),
        withdrawn: take("withdrawn").map(|value| withdrawal(&value)),
        weight: match take("weight") {
            Some(Value::Integer(weight)) => Some(weight),
            _ => None,
        },
        fields,
        body,
        body_hash,
        facts,
    }
}

/// The items of a list as they stand in the file; a single value is a list of one.
fn items<'m, 'a>(mapping: &'m Mapping<'a>, name: &str) -> &'m [Spanned<source::Node<'a>>] {
    match find(mapping, name) {
        Some(Spanned {
            value: source::Node::List(items),
            ..
        }) => items,
        Some(single) => std::slice::from_ref(single),
        None => &[],
    }
}

/// Texts of a list with where each stands. Items of the list that were wrong are not among them.
fn with_spans(texts: Vec<Box<str>>, mapping: &Mapping<'_>, name: &str) -> Vec<(Box<str>, Span)> {
    let mut items = items(mapping, name).iter();
    let mut span_of = |wanted: &str| {
        let is_it = |item: &&Spanned<source::Node<'_>>| matches!(&item.value, source::Node::Scalar { text, .. } if text.trim() == wanted);
        let found = items.find(is_it).map(|item| item.span.clone());
        // Of a list in one line every item has its place.
        found.unwrap_or_else(|| match find(mapping, name) {
            Some(line) if matches!(line.value, source::Node::Scalar { .. }) => line.span.clone(),
            _ => 0..0,
        })
    };
    texts
        .into_iter()
        .map(|text| {
            let span = span_of(&text);
            (text, span)
        })
        .collect()
}

/// What an entry is called in other systems.
fn identifiers(value: Option<Value>, mapping: &Mapping<'_>) -> Vec<Identifier> {
    let records = match value {
        Some(Value::List(records)) => records,
        _ => Vec::new(),
    };
    let nodes = items(mapping, "identifiers");
    // Only where an item was wrong are there fewer.
    let whole = find(mapping, "identifiers").map_or(0..0, |value| value.span.clone());
    let is_complete = nodes.len() == records.len();
    let with_text = records.into_iter().enumerate().filter_map(|(position, record)| {
        let text = |name: &str| record.get(name).and_then(Value::as_text).map(Box::from);
        let node = nodes.get(position).filter(|_| is_complete);
        Some(Identifier {
            system: text("system")?,
            value: text("value")?,
            span: node.map_or_else(|| whole.clone(), |node| node.span.clone()),
        })
    });
    with_text.collect()
}

fn text(value: Value) -> Option<Box<str>> {
    match value {
        Value::Text(text) | Value::Reference(text, _) => Some(text),
        _ => None,
    }
}

fn texts(value: Option<Value>) -> Vec<Box<str>> {
    match value {
        Some(Value::List(items)) => items.into_iter().filter_map(text).collect(),
        Some(single) => text(single).into_iter().collect(),
        None => Vec::new(),
    }
}

fn moment(value: &Value) -> Option<Moment> {
    match value {
        Value::Moment(moment) => Some(*moment),
        _ => None,
    }
}

fn attachment(value: Value) -> Option<Attachment> {
    match value {
        Value::File(attachment) => Some(*attachment),
        _ => None,
    }
}

fn withdrawal(value: &Value) -> Withdrawal {
    Withdrawal {
        reason: value
            .get("reason")
            .and_then(Value::as_text)
            .unwrap_or_default()
            .into(),
        date: value.get("date").and_then(moment),
        note: value.get("note").and_then(Value::as_text).map(Box::from),
        replaced_by: match value.get("replaced_by") {
            Some(Value::Reference(id, span)) => Some((id.clone(), span.clone())),
            _ => None,
        },
    }
}

//! From a YAML node to a typed value.

use std::borrow::Cow;

use super::super::date::BadDate;
use super::super::{Attachment, Field, FieldType, Moment, Need, Record, Value};
use super::checker::{Checker, find, is_meant};
use super::limits;
use crate::diag::{Code, Diagnostic, Span, nearest};
use crate::source::{Mapping, Node, Spanned, is_unfit};

/// How many words of a vocabulary a diagnostic lists before it only suggests the nearest.
const MOST_LISTED: usize = 20;

/// What parts the values of a list that stand in one line, in forms and in front matter.
pub const SEPARATORS: [char; 6] = ['、', '，', ',', '；', ';', '\n'];

impl Checker<'_> {
    /// The value of a field. Returns `None` if it is empty or wrong; what is wrong is reported.
    pub(super) fn value(&mut self, field: &Field, node: &Spanned<Node<'_>>, prefix: &str) -> Option<Value> {
        let name = format!("{prefix}{}", field.name);
        if !field.many {
            return self.single(field, node, &name);
        }
        match &node.value {
            Node::Null => {
                self.empty(field, &node.span, &name);
                None
            }
            Node::List(items) => {
                if let Some(limit) = field.max_items.filter(|limit| items.len() > *limit) {
                    let diagnostic = Diagnostic::new(Code::TooManyItems).at(node.span.clone());
                    self.report(
                        diagnostic
                            .with("field", &name)
                            .with("length", items.len())
                            .with("limit", limit),
                    );
                }
                let values: Vec<Value> = items
                    .iter()
                    .filter_map(|item| self.single(field, item, &name))
                    .collect();
                (!values.is_empty()).then_some(Value::List(values))
            }
            Node::Scalar { text, .. } if let Some(parts) = self.parts(field, text) => {
                self.split_list(field, &parts, &node.span, &name)
            }
            _ => self
                .single(field, node, &name)
                .map(|value| Value::List(vec![value])),
        }
    }

    /// The values that a line of a list field holds, if it is to be one of several: as forms part what is typed.
    fn parts<'t>(&self, field: &Field, text: &'t str) -> Option<Vec<&'t str>> {
        let is_short = matches!(
            field.field_type,
            FieldType::Tag
                | FieldType::Person
                | FieldType::Issuer
                | FieldType::Term
                | FieldType::Reference
                | FieldType::Unit
        );
        if !is_short || !text.contains(SEPARATORS) {
            return None;
        }
        let vocabulary = field.vocabulary.as_deref().unwrap_or_default();
        let vocabulary = self.reader.schema.vocabularies.get(vocabulary);
        if vocabulary.is_some_and(|vocabulary| vocabulary.find(text).is_some()) {
            return None;
        }
        let parts = text
            .split(SEPARATORS)
            .map(str::trim)
            .filter(|part| !part.is_empty());
        Some(parts.collect()).filter(|parts: &Vec<&str>| !parts.is_empty())
    }

    fn split_list(&mut self, field: &Field, parts: &[&str], span: &Span, name: &str) -> Option<Value> {
        let quoted = |part: &&str| match part.contains(['[', ']', '{', '}', '"', '#', ':', '\'']) {
            true => format!("'{}'", part.replace('\'', "''")),
            false => (*part).to_owned(),
        };
        let list: Vec<String> = parts.iter().map(quoted).collect();
        let diagnostic = Diagnostic::new(Code::SplitList)
            .at(span.clone())
            .with("field", name);
        let diagnostic = diagnostic.with("count", parts.len());
        self.report(diagnostic.suggest(Some(format!("{name}: [{}]", list.join(", ")))));
        let values = parts.iter().filter_map(|part| {
            let text = self.printable(part, span, name);
            self.scalar(field, &text, true, span, name)
        });
        let values: Vec<Value> = values.collect();
        (!values.is_empty()).then_some(Value::List(values))
    }

    fn empty(&mut self, field: &Field, span: &Span, name: &str) {
        if field.need == Need::Required {
            self.report(
                Diagnostic::new(Code::EmptyValue)
                    .at(span.clone())
                    .with("field", name),
            );
        }
    }

    fn single(&mut self, field: &Field, node: &Spanned<Node<'_>>, name: &str) -> Option<Value> {
        match (&node.value, field.field_type) {
            (Node::Null, _) => {
                self.empty(field, &node.span, name);
                None
            }
            (Node::Mapping(mapping), FieldType::Record) => {
                Some(self.record(field, mapping, &node.span, name))
            }
            (Node::Mapping(mapping), FieldType::File) => self.file(mapping, &node.span, name),
            (Node::Scalar { text, plain }, field_type)
                if !matches!(field_type, FieldType::Record | FieldType::File) =>
            {
                let text = self.printable(text.trim(), &node.span, name);
                if text.is_empty() {
                    self.empty(field, &node.span, name);
                    return None;
                }
                self.scalar(field, &text, *plain, &node.span, name)
            }
            _ => self.wrong_type(field, &node.span, name),
        }
    }

    /// A text with a blank in the place of each character that no feed can hold. Front matter can spell them as escapes,
    /// so that they are not seen when the file is decoded.
    fn printable<'t>(&mut self, text: &'t str, span: &Span, name: &str) -> Cow<'t, str> {
        let Some(character) = text.chars().find(|character| is_unfit(*character)) else {
            return Cow::Borrowed(text);
        };
        let diagnostic = Diagnostic::new(Code::BinaryText).at(span.clone());
        let sign = format!("U+{:04X}", u32::from(character));
        self.report(diagnostic.with("field", name).with("character", sign));
        Cow::Owned(text.replace(is_unfit, " "))
    }

    fn wrong_type(&mut self, field: &Field, span: &Span, name: &str) -> Option<Value> {
        let diagnostic = Diagnostic::new(Code::WrongType).at(span.clone());
        self.report(
            diagnostic
                .with("field", name)
                .say("expected", field.field_type.name()),
        );
        None
    }

    fn scalar(&mut self, field: &Field, text: &str, plain: bool, span: &Span, name: &str) -> Option<Value> {
        match field.field_type {
            FieldType::Boolean => match text {
                "true" | "yes" | "是" if plain => Some(Value::Boolean(true)),
                "false" | "no" | "否" if plain => Some(Value::Boolean(false)),
                _ => self.wrong_type(field, span, name),
            },
            FieldType::Integer => match text.parse::<i64>() {
                Ok(integer) => self
                    .in_range(field, integer as f64, span, name)
                    .then_some(Value::Integer(integer)),
                Err(_) => self.wrong_type(field, span, name),
            },
            FieldType::Number => match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) => self
                    .in_range(field, number, span, name)
                    .then_some(Value::Number(number)),
                None => self.wrong_type(field, span, name),
            },
            FieldType::Date | FieldType::Moment => self.moment(field, text, span, name),
            FieldType::Term => self.term(field, text, span),
            FieldType::Reference => Some(Value::Reference(text.into(), span.clone())),
            FieldType::Unit => Some(Value::Unit(text.into(), span.clone())),
            _ => {
                let wrong = limits::text(field, text, name);
                let is_left_out = wrong.iter().any(|wrong| wrong.handling.is_left_out());
                for diagnostic in wrong {
                    self.report(diagnostic.at(span.clone()));
                }
                (!is_left_out).then(|| {
                    if field.among.is_some() {
                        Value::Item(text.into(), span.clone())
                    } else if field.field_type == FieldType::Person && self.is_person_id(text) {
                        Value::Reference(text.into(), span.clone())
                    } else {
                        Value::Text(text.into())
                    }
                })
            }
        }
    }

    /// Whether a text names a person by the id of an entry, `kind/name`.
    fn is_person_id(&self, text: &str) -> bool {
        let kind = text.split_once('/').map(|(kind, _)| kind);
        let kind = kind.and_then(|kind| self.reader.schema.kinds.get(kind));
        kind.is_some_and(|kind| kind.abilities.person)
    }

    fn in_range(&mut self, field: &Field, number: f64, span: &Span, name: &str) -> bool {
        let Some(range) = limits::outside(field, number) else {
            return true;
        };
        let diagnostic = Diagnostic::new(Code::OutOfRange).at(span.clone());
        self.report(
            diagnostic
                .with("field", name)
                .with("value", number)
                .with("range", range),
        );
        false
    }

    fn moment(&mut self, field: &Field, text: &str, span: &Span, name: &str) -> Option<Value> {
        match Moment::parse(text, self.reader.zone) {
            Ok(moment) if field.field_type == FieldType::Date && moment.has_time => {
                self.wrong_type(field, span, name)
            }
            Ok(moment) => Some(Value::Moment(moment)),
            Err(bad) => {
                let reason = match bad {
                    BadDate::NoSuchDay => "date-no-such-day",
                    BadDate::Unreadable => "date-unreadable",
                };
                let diagnostic = Diagnostic::new(Code::BadDate)
                    .at(span.clone())
                    .with("field", name)
                    .with("value", text)
                    .say("reason", reason)
                    .say("expected", field.field_type.name());
                self.report(diagnostic);
                None
            }
        }
    }

    fn term(&mut self, field: &Field, text: &str, span: &Span) -> Option<Value> {
        let id = field.vocabulary.as_deref().unwrap_or_default();
        // A vocabulary that only a site can declare and this one did not: any word will do.
        let Some(vocabulary) = self.reader.schema.vocabularies.get(id) else {
            return Some(Value::Term(text.into()));
        };
        if let Some(term) = vocabulary.find(text) {
            return Some(Value::Term(term.id.as_str().into()));
        }
        let language = self.reader.language;
        let labels = || vocabulary.terms.iter().map(|term| term.label(language));
        let suggestion = nearest(
            text,
            labels().chain(vocabulary.terms.iter().map(|term| term.id.as_str())),
        );
        let mut diagnostic = Diagnostic::new(Code::UnknownTerm)
            .at(span.clone())
            .with("vocabulary", vocabulary.label(language))
            .with("value", text)
            .suggest(suggestion);
        if vocabulary.terms.len() <= MOST_LISTED {
            diagnostic = diagnostic.with("known", labels().collect::<Vec<_>>().join("、"));
        }
        self.report(diagnostic);
        None
    }

    fn record(&mut self, field: &Field, mapping: &Mapping<'_>, span: &Span, name: &str) -> Value {
        let prefix = format!("{name}.");
        let record = self.fields(&field.fields, mapping, &prefix);
        self.needs(&field.fields, mapping, &prefix, span.start..span.start);
        Value::Record(record)
    }

    /// A SHA-256 in lower case; reported if it is none.
    fn checksum(&mut self, text: Option<Box<str>>, place: Option<&Span>) -> Option<Box<str>> {
        let sum = text?.to_ascii_lowercase();
        let is_checksum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(place) = place.filter(|_| !is_checksum) {
            self.report(Diagnostic::new(Code::BadSha256).at(place.clone()));
        }
        is_checksum.then(|| sum.into_boxed_str())
    }

    /// The picture shown before the video of this name plays.
    fn poster(
        &mut self,
        video: &str,
        sha256: Option<Box<str>>,
        place: Option<Span>,
    ) -> Option<Box<Attachment>> {
        let sha256 = self.checksum(sha256, place.as_ref())?;
        let span = place.unwrap_or_default();
        Some(Box::new(Attachment {
            name: format!("{video}.png").into(),
            sha256: Some(sha256),
            path: None,
            size: None,
            media_type: Some("image/png".into()),
            poster: None,
            size_span: span.clone(),
            span,
        }))
    }

    /// An attachment. One that was reported is kept by its name alone, so that links to it hold.
    fn file(&mut self, mapping: &Mapping<'_>, span: &Span, name: &str) -> Option<Value> {
        let prefix = format!("{name}.");
        let fields = limits::file_fields();
        let record: Record = self.fields(fields, mapping, &prefix);
        self.needs(fields, mapping, &prefix, span.start..span.start);
        let value = Value::Record(record);
        let text = |key: &str| value.get(key).and_then(Value::as_text).map(Box::from);
        let span_of = |key: &str| find(mapping, key).map(|value| value.span.clone());
        let (sha256, path) = (span_of("sha256"), span_of("path"));
        let is_meant = |name| is_meant(fields, mapping, name);
        if sha256.is_some() == path.is_some() && !is_meant("sha256") && !is_meant("path") {
            let diagnostic = Diagnostic::new(Code::WrongType).at(span.clone());
            self.report(diagnostic.with("field", name).say("expected", "file"));
        }
        let checksum = self.checksum(text("sha256"), sha256.as_ref());
        let name = text("name")?;
        let poster = self.poster(&name, text("poster"), span_of("poster"));
        Some(Value::File(Box::new(Attachment {
            sha256: checksum.filter(|_| path.is_none()),
            path: text("path").filter(|_| sha256.is_none()),
            size: value.get("size").and_then(Value::number).map(|size| size as u64),
            media_type: text("media_type"),
            poster,
            name,
            span: sha256.or(path).unwrap_or_else(|| span.clone()),
            size_span: span_of("size").unwrap_or_else(|| span.clone()),
        })))
    }
}

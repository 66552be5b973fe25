//! References from field to entry, written as `name` or `kind/name`.

use std::sync::Arc;

use super::{Catalog, Ix};
use crate::content::{Field, FieldType, Id, Value};
use crate::diag::{Code, Diagnostic, Span, nearest};

impl Catalog {
    /// Finds the entry that a reference means. `kinds` are those it may be of; any when empty.
    pub fn refer(&self, text: &str, kinds: &[String]) -> Option<Ix> {
        let id = |kind: &str, name: &str| {
            self.find(&Id {
                kind: Arc::from(kind),
                name: Arc::from(name),
            })
        };
        if let Some((kind, name)) = text.split_once('/')
            && (kinds.is_empty() || kinds.iter().any(|allowed| allowed == kind))
            && let Some(ix) = id(kind, name)
        {
            return Some(ix);
        }
        if kinds.is_empty() {
            return self.site.schema.kinds.keys().find_map(|kind| id(kind, text));
        }
        kinds.iter().find_map(|kind| id(kind, text))
    }

    /// The entries that an entry's own fields point to, with the name of the field.
    pub(super) fn field_targets(&self, ix: Ix) -> Vec<(Ix, Box<str>)> {
        let mut targets = Vec::new();
        let kind = self.kind(ix);
        for (name, value) in &self.entry(ix).fields {
            if let Some(field) = kind.field(name) {
                self.each_reference(field, value, &mut |text, _, field| {
                    targets.extend(
                        self.refer(text, self.kinds_of(field))
                            .map(|target| (target, name.clone())),
                    );
                });
            }
        }
        targets
    }

    /// The kinds that a field's references may be of; any when empty.
    fn kinds_of<'a>(&'a self, field: &'a Field) -> &'a [String] {
        match field.field_type {
            FieldType::Person => self.person_kinds(),
            _ => &field.kinds,
        }
    }

    fn each_reference(&self, field: &Field, value: &Value, visit: &mut dyn FnMut(&str, &Span, &Field)) {
        match value {
            Value::List(items) => items
                .iter()
                .for_each(|item| self.each_reference(field, item, visit)),
            Value::Reference(text, span) => visit(text, span, field),
            Value::Record(record) => {
                for (name, value) in record {
                    if let Some(inner) = field.fields.iter().find(|inner| inner.name == **name) {
                        self.each_reference(inner, value, visit);
                    }
                }
            }
            _ => {}
        }
    }

    /// Reports references and units that lead nowhere.
    pub(super) fn check_references(&self, ix: Ix, diagnostics: &mut Vec<Diagnostic>) {
        let (entry, kind) = (self.entry(ix), self.kind(ix));
        for (name, value) in &entry.fields {
            let Some(field) = kind.field(name) else { continue };
            self.each_reference(field, value, &mut |text, span, field| {
                diagnostics.extend(
                    self.wrong_reference(text, span, self.kinds_of(field))
                        .map(|wrong| wrong.in_file(&entry.path)),
                );
            });
            each_unit(value, &mut |unit, span| {
                diagnostics.extend(
                    self.wrong_unit(unit, span)
                        .map(|wrong| wrong.in_file(&entry.path)),
                );
            });
        }
        for (author, span) in &entry.authors {
            let kind = author.split_once('/').map(|(kind, _)| kind);
            let is_id = kind.is_some_and(|kind| self.person_kinds().iter().any(|known| known == kind));
            let wrong = is_id
                .then(|| self.wrong_reference(author, span, self.person_kinds()))
                .flatten();
            diagnostics.extend(wrong.map(|wrong| wrong.in_file(&entry.path)));
        }
        if let Some((unit, span)) = &entry.unit {
            diagnostics.extend(
                self.wrong_unit(unit, span)
                    .map(|wrong| wrong.in_file(&entry.path)),
            );
        }
        if let Some((text, span)) = entry
            .withdrawn
            .as_ref()
            .and_then(|withdrawn| withdrawn.replaced_by.as_ref())
        {
            diagnostics.extend(
                self.wrong_reference(text, span, &[])
                    .map(|wrong| wrong.in_file(&entry.path)),
            );
        }
    }

    fn wrong_unit(&self, unit: &str, span: &Span) -> Option<Diagnostic> {
        let kinds = &self.site.schema.kinds;
        let is_unit = |id: &Id| {
            kinds
                .get(&*id.kind)
                .is_some_and(|kind| kind.abilities.unit.is_some())
        };
        let mut unread = self.unread.ids.iter();
        if self.units.get(unit).is_some() || unread.any(|id| *id.name == *unit && is_unit(id)) {
            return None;
        }
        let ids = self.units.iter().map(|unit| &*unit.id);
        let by_name = self.units.named(unit).map(|unit| &*unit.id);
        let suggestion = by_name.or_else(|| nearest(unit, ids));
        Some(
            Diagnostic::new(Code::UnknownUnit)
                .at(span.clone())
                .with("value", unit)
                .suggest(suggestion),
        )
    }

    fn wrong_reference(&self, text: &str, span: &Span, kinds: &[String]) -> Option<Diagnostic> {
        let mut unread = self.unread.ids.iter();
        if self.refer(text, kinds).is_some() || unread.any(|id| *id.name == *text || id.to_string() == text) {
            return None;
        }
        let language = &self.site.config.site.language;
        let labels: Vec<&str> = kinds
            .iter()
            .filter_map(|id| self.site.schema.kinds.get(id))
            .map(|kind| kind.label(language))
            .collect();
        let with_kinds = |diagnostic: Diagnostic| match labels.as_slice() {
            [] => diagnostic.say("kinds", "entry"),
            labels => diagnostic.with("kinds", labels.join("、")),
        };
        if let Some(other) = self.refer(text, &[]) {
            let diagnostic = Diagnostic::new(Code::WrongReferenceKind)
                .at(span.clone())
                .with("value", text);
            let actual = self.kind(other).label(language);
            return Some(with_kinds(diagnostic.with("actual", actual)));
        }
        let allowed = |id: &Id| kinds.is_empty() || kinds.iter().any(|kind| **kind == *id.kind);
        // With its kind before it, only the name after that can be a slip.
        let (kind, wanted) = match text.split_once('/') {
            Some((kind, name)) if self.site.schema.kinds.contains_key(kind) => (Some(kind), name),
            _ => (None, text),
        };
        let allowed = |id: &Id| allowed(id) && kind.is_none_or(|kind| *id.kind == *kind);
        let names = self
            .entries
            .iter()
            .filter(|entry| allowed(&entry.id))
            .map(|entry| &*entry.id.name);
        let diagnostic = Diagnostic::new(Code::UnknownReference)
            .at(span.clone())
            .with("value", text);
        let suggestion = nearest(wanted, names).map(|name| match kind {
            Some(kind) => format!("{kind}/{name}"),
            None => name.to_owned(),
        });
        Some(with_kinds(diagnostic).suggest(suggestion))
    }
}

fn each_unit(value: &Value, visit: &mut dyn FnMut(&str, &Span)) {
    match value {
        Value::List(items) => items.iter().for_each(|item| each_unit(item, visit)),
        Value::Record(record) => record.iter().for_each(|(_, value)| each_unit(value, visit)),
        Value::Unit(unit, span) => visit(unit, span),
        _ => {}
    }
}

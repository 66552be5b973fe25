//! What can be wrong with `[abilities]`: fields that are not there or hold something else, and abilities that
//! contradict each other.

use std::collections::BTreeMap;

use super::declaration::Origin;
use super::schema::{Order, Schema};
use super::{AMONG_RUBRIC, Abilities, Field, FieldType, Kind};
use crate::diag::{Code, Diagnostic, nearest};

const DATES: &[FieldType] = &[FieldType::Date, FieldType::Moment];
const UNITS: &[FieldType] = &[FieldType::Unit, FieldType::Reference];
const TEXTS: &[FieldType] = &[FieldType::Text, FieldType::Prose];
const TERMS: &[FieldType] = &[FieldType::Term];

/// Checks the abilities of every kind, and what its fields say of lists of other entries.
pub(super) fn check_abilities(schema: &Schema, origins: &BTreeMap<String, Origin>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for kind in schema.kinds.values() {
        let mut check = Check {
            schema,
            kind,
            origin: &origins[&kind.id],
            diagnostics: &mut diagnostics,
        };
        check.times();
        check.belonging();
        check.structure();
        check.looks();
        check.contradictions();
        check.lists();
    }
    diagnostics
}

struct Check<'a> {
    schema: &'a Schema,
    kind: &'a Kind,
    origin: &'a Origin,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    fn abilities(&self) -> &'a Abilities {
        &self.kind.abilities
    }

    fn wrong(&self, path: &str, reason: &'static str) -> Diagnostic {
        Diagnostic::new(Code::BadKind)
            .in_file(&self.origin.path)
            .at(self.origin.places.value(path))
            .say("reason", reason)
            .with("ability", path.strip_prefix("abilities.").unwrap_or(path))
    }

    /// Reports a name that is no field of the list, or one of a wrong type.
    fn field_among(
        &mut self,
        path: &str,
        name: &str,
        fields: &'a [Field],
        types: &[FieldType],
    ) -> Option<&'a Field> {
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            let known = fields.iter().map(|field| field.name.as_str());
            let wrong = self.wrong(path, "ability-field").with("value", name);
            self.diagnostics.push(wrong.suggest(nearest(name, known)));
            return None;
        };
        if types.is_empty() || types.contains(&field.field_type) {
            return Some(field);
        }
        let wrong = self.wrong(path, "ability-type").with("value", name);
        let wrong = wrong.say("actual", field.field_type.name());
        self.diagnostics.push(wrong.say("expected", types[0].name()));
        None
    }

    fn field(&mut self, path: &str, name: &str, types: &[FieldType]) -> Option<&'a Field> {
        let kind = self.kind;
        self.field_among(path, name, &kind.fields, types)
    }

    fn times(&mut self) {
        let abilities = self.abilities();
        if let Some(calendar) = &abilities.calendar {
            self.field("abilities.calendar.start", &calendar.start, DATES);
            if let Some(end) = &calendar.end {
                self.field("abilities.calendar.end", end, DATES);
            }
        }
        if let Some(period) = &abilities.period {
            for (path, name) in [
                ("abilities.period.from", &period.from),
                ("abilities.period.until", &period.until),
            ] {
                if let Some(name) = name {
                    self.field(path, name, DATES);
                }
            }
        }
        if let Some(deadline) = &abilities.deadline {
            self.field("abilities.deadline", deadline, DATES);
        }
    }

    fn belonging(&mut self) {
        let abilities = self.abilities();
        if let Some(field) = &abilities.belongs {
            self.field("abilities.belongs", field, UNITS);
        }
        let Some(unit) = &abilities.unit else { return };
        if let Some(field) = &unit.parent {
            self.field("abilities.unit.parent", field, UNITS);
        }
        if let Some(name) = &unit.named_in {
            let mut kinds = self.schema.kinds.values();
            let names_it = |field: &Field| field.kinds.is_empty() || field.kinds.contains(&self.kind.id);
            let is_named = kinds.any(|kind| {
                kind.field(name)
                    .is_some_and(|field| field.field_type == FieldType::Reference && names_it(field))
            });
            if !is_named {
                let wrong = self.wrong("abilities.unit.named_in", "ability-named-in");
                self.diagnostics.push(wrong.with("value", name));
            }
        }
    }

    fn structure(&mut self) {
        let Some(structure) = &self.abilities().structure else {
            return;
        };
        let path = "abilities.structure.field";
        let Some(field) = self.field(path, &structure.field, &[FieldType::Record]) else {
            return;
        };
        self.field_among("abilities.structure.key", &structure.key, &field.fields, TEXTS);
        self.field_among(
            "abilities.structure.title",
            &structure.title,
            &field.fields,
            TEXTS,
        );
    }

    fn looks(&mut self) {
        let abilities = self.abilities();
        for (position, fact) in abilities.card.facts.iter().enumerate() {
            self.field(
                &format!("abilities.card.facts.{position}"),
                fact.field(),
                super::abilities::SHORT,
            );
        }
        let home = &abilities.home;
        if let Some(topics) = &home.topics
            && self.field("abilities.home.topics", topics, TERMS).is_some()
            && !self.kind.facets.contains(topics)
        {
            let wrong = self
                .wrong("abilities.home.topics", "ability-facet")
                .with("value", topics);
            self.diagnostics.push(wrong);
        }
        for (name, word) in home.featured.iter().flat_map(|featured| &featured.only) {
            let path = format!("abilities.home.featured.only.{name}");
            let field = self.field(&path, name, TERMS);
            let vocabulary = field.and_then(|field| self.schema.vocabularies.get(field.vocabulary.as_ref()?));
            if let Some(vocabulary) = vocabulary
                && !vocabulary.terms.iter().any(|term| term.id == *word)
            {
                let known = vocabulary.terms.iter().map(|term| term.id.as_str());
                let wrong = self.wrong(&path, "ability-term").with("value", word);
                self.diagnostics.push(wrong.suggest(nearest(word, known)));
            }
        }
    }

    fn contradictions(&mut self) {
        let (kind, abilities) = (self.kind, self.abilities());
        let has_section = !kind.section.is_empty();
        let both = [
            (
                abilities.unit.is_some() && abilities.person,
                "abilities.person",
                "unit",
            ),
            (
                abilities.unit.is_some() && abilities.belongs.is_some(),
                "abilities.belongs",
                "unit",
            ),
            (
                abilities.calendar.is_some() && abilities.period.is_some(),
                "abilities.period",
                "calendar",
            ),
            (
                abilities.navigation && abilities.unit.is_some(),
                "abilities.navigation",
                "unit",
            ),
        ];
        for (_, path, other) in both.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
            let wrong = self.wrong(path, "ability-both").with("other", other);
            self.diagnostics.push(wrong);
        }
        let home = &abilities.home;
        let on_home = home.position.is_some() || home.featured.is_some() || !home.entrances.is_empty();
        let needs = [
            (
                abilities.register && !has_section,
                "abilities.register",
                "section",
            ),
            (on_home && !has_section, "abilities.home", "section"),
            (
                abilities.unit.is_some() && !has_section,
                "abilities.unit",
                "section",
            ),
            (
                kind.order == Order::Upcoming && abilities.calendar.is_none(),
                "order",
                "abilities.calendar",
            ),
            (
                home.calls == Some(true) && abilities.calendar.is_none() && abilities.deadline.is_none(),
                "abilities.home.calls",
                "abilities.deadline",
            ),
            (
                abilities
                    .period
                    .as_ref()
                    .is_some_and(|period| period.from.is_none() && period.until.is_none()),
                "abilities.period",
                "from",
            ),
        ];
        for (_, path, other) in needs.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
            let wrong = self.wrong(path, "ability-needs").with("other", other);
            self.diagnostics.push(wrong);
        }
    }

    /// Checks `among` of every field: that the list it names is there.
    fn lists(&mut self) {
        let kind = self.kind;
        for (position, name) in self.origin.fields.iter().enumerate() {
            let Some(field) = kind.field(name) else { continue };
            let path = format!("fields.{position}");
            self.list(&path, field, &kind.fields);
            for (position, inner) in field.fields.iter().enumerate() {
                let path = format!("{path}.fields.{position}");
                let beside = match &inner.among {
                    Some(list) if field.fields.iter().any(|field| field.name == first(list)) => &field.fields,
                    _ => &kind.fields,
                };
                self.list(&path, inner, beside);
            }
        }
    }

    fn list(&mut self, path: &str, field: &Field, beside: &'a [Field]) {
        let Some(list) = &field.among else { return };
        let path = format!("{path}.among");
        if !TEXTS.contains(&field.field_type) {
            let wrong = self.wrong(&path, "ability-type").with("value", &field.name);
            let wrong = wrong.say("actual", field.field_type.name());
            self.diagnostics
                .push(wrong.say("expected", FieldType::Text.name()));
            return;
        }
        match list.split_once('.') {
            _ if *list == AMONG_RUBRIC => {}
            None => {
                self.field_among(&path, list, beside, TEXTS);
            }
            Some((reference, name)) => {
                let Some(reference) = self.field_among(&path, reference, beside, &[FieldType::Reference])
                else {
                    return;
                };
                let kinds = reference
                    .kinds
                    .iter()
                    .filter_map(|kind| self.schema.kinds.get(kind));
                for kind in kinds.map(|kind| &**kind).collect::<Vec<_>>() {
                    let types: &[FieldType] = match &kind.abilities.structure {
                        Some(structure) if structure.field == name => &[FieldType::Record],
                        _ => TEXTS,
                    };
                    self.field_among(&path, name, &kind.fields, types);
                }
            }
        }
    }
}

fn first(list: &str) -> &str {
    list.split('.').next().unwrap_or_default()
}

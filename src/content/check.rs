//! What can be wrong with declarations that parse: kinds that contradict themselves or each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::declaration::{BUILT_IN, Origin, is_name};
use super::{Field, FieldType, Kind, Need, Schema, USUAL_CHAINS, Vocabulary};
use crate::diag::{Diagnostic, nearest};

/// Vocabularies that built-in kinds use and that only a site can provide.
const SITE_VOCABULARIES: &[&str] = &["city", "specialty", "occupation", "series"];

/// Directories below `content/` that hold no entries.
const OTHER_DIRECTORIES: &[&str] = &["blobs", "kinds", "rubrics", "vocabularies"];
/// What entries of every kind can be filtered by, besides fields.
const COMMON_FACETS: &[&str] = &["city", "unit", "year"];

/// Joins a kind's own fields to the common ones; one of the same name takes the place of the common one, for the
/// program relies on its type. A title is always required: without one there is no page.
pub(super) fn join_common(
    kind: &mut Kind,
    common: &[Field],
    origin: &Origin,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut fields: Vec<Field> = common.to_vec();
    for (position, own) in std::mem::take(&mut kind.fields).into_iter().enumerate() {
        let Some(place) = common.iter().position(|common| common.name == own.name) else {
            fields.push(own);
            continue;
        };
        let shared = &common[place];
        let is_same =
            own.field_type == shared.field_type && own.many == shared.many && own.fields == shared.fields;
        if is_same {
            let need = if own.name == "title" {
                Need::Required
            } else {
                own.need
            };
            fields[place] = Field { need, ..own };
        } else {
            let span = origin.places.value(&format!("fields.{position}.type"));
            let diagnostic = origin.wrong(span, "kind-common-field").with("field", &own.name);
            diagnostics.push(diagnostic.say("expected", shared.field_type.name()));
        }
    }
    kind.fields = fields;
}

/// What is wrong with one kind by itself, before the common fields are joined to it.
pub(super) fn check_kind(kind: &Kind, origin: &Origin) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut names = vec![("id", &kind.id)];
    names.extend(Some(("section", &kind.section)).filter(|(_, section)| !section.is_empty()));
    for (key, name) in names {
        if !is_name(name) {
            diagnostics.push(
                origin
                    .wrong(origin.places.value(key), "kind-name")
                    .with("key", key)
                    .with("value", name),
            );
        }
    }
    check_fields(&kind.fields, "fields", origin, &mut diagnostics);
    diagnostics
}

fn check_fields(fields: &[Field], prefix: &str, origin: &Origin, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for (index, field) in fields.iter().enumerate() {
        let path = |key: &str| format!("{prefix}.{index}.{key}");
        let mut wrong = |key: &str, reason| {
            let diagnostic = origin
                .wrong(origin.places.value(&path(key)), reason)
                .with("field", &field.name);
            let type_name = field.field_type.name();
            diagnostics.push(diagnostic.with("type", type_name));
        };
        if !seen.insert(&field.name) {
            wrong("name", "field-twice");
        }
        let (is_record, is_inner) = (field.field_type == FieldType::Record, prefix != "fields");
        if is_record && is_inner {
            wrong("type", "field-inner-record");
        } else if is_record && field.fields.is_empty() {
            wrong("type", "field-empty-record");
        } else if !is_record && !field.fields.is_empty() {
            wrong("fields", "field-no-record");
        }
        if field.field_type == FieldType::Term && field.vocabulary.is_none() {
            wrong("type", "field-term");
        }
        if field.field_type != FieldType::Term && field.vocabulary.is_some() {
            wrong("vocabulary", "field-no-term");
        }
        if field.field_type != FieldType::Reference && !field.kinds.is_empty() {
            wrong("kinds", "field-no-reference");
        }
        if field.set_by.is_some() && is_inner {
            wrong("set_by", "field-inner-set-by");
        }
        if let (Some(min), Some(max)) = (field.min, field.max)
            && min > max
        {
            wrong("min", "field-limits");
        }
        check_fields(&field.fields, &path("fields"), origin, diagnostics);
    }
}

/// Takes a section away from a kind that cannot have it, so that its pages do not come into each other's way or into
/// that of pages whose addresses begin with a `reserved` name.
pub(super) fn free_sections(
    schema: &mut Schema,
    origins: &BTreeMap<String, Origin>,
    reserved: &[&str],
) -> Vec<Diagnostic> {
    let is_reserved = |section: &str| reserved.contains(&section) || OTHER_DIRECTORIES.contains(&section);
    let mut diagnostics = Vec::new();
    // A site's kind is wrong where it takes a built-in one's section, whatever the order of their ids.
    let mut kinds: Vec<&mut Arc<Kind>> = schema
        .kinds
        .values_mut()
        .filter(|kind| !kind.section.is_empty())
        .collect();
    kinds.sort_by_key(|kind| !origins[&kind.id].path.starts_with(BUILT_IN));
    let mut sections: BTreeMap<String, String> = BTreeMap::new();
    for kind in kinds {
        let origin = &origins[&kind.id];
        let wrong = |reason| {
            origin
                .wrong(origin.places.value("section"), reason)
                .with("value", &kind.section)
        };
        let diagnostic = match sections.get(&kind.section) {
            Some(other) => wrong("kind-section-taken").with("other", other),
            None if is_reserved(&kind.section) => wrong("kind-section-reserved"),
            None => {
                sections.insert(kind.section.clone(), kind.id.clone());
                continue;
            }
        };
        diagnostics.push(diagnostic);
        Arc::make_mut(kind).section.clear();
    }
    diagnostics
}

/// Kinds may name vocabularies, kinds, fields, rubrics and chains that nothing declares. `chains` are those of the settings.
pub(super) fn check_names(
    schema: &Schema,
    origins: &BTreeMap<String, Origin>,
    chains: &[&str],
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for kind in schema.kinds.values() {
        let origin = &origins[&kind.id];
        let known_kinds = || schema.kinds.keys().map(String::as_str);
        if let Some(children) = kind
            .children
            .as_deref()
            .filter(|id| !schema.kinds.contains_key(*id))
        {
            let diagnostic = origin
                .wrong(origin.places.value("children"), "no-such-kind")
                .with("value", children);
            diagnostics.push(diagnostic.suggest(nearest(children, known_kinds())));
        }
        for (position, facet) in kind.facets.iter().enumerate() {
            if kind.field(facet).is_none() && !COMMON_FACETS.contains(&facet.as_str()) {
                let names = kind
                    .fields
                    .iter()
                    .map(|field| field.name.as_str())
                    .chain(COMMON_FACETS.iter().copied());
                let span = origin.places.value(&format!("facets.{position}"));
                let diagnostic = origin.wrong(span, "kind-facet").with("value", facet);
                diagnostics.push(diagnostic.suggest(nearest(facet, names)));
            }
        }
        diagnostics.extend(check_review(kind, origin, schema, chains));
        for (path, field) in with_paths(kind, origin) {
            check_field_names(schema, origin, &path, field, &mut diagnostics);
        }
    }
    diagnostics
}

/// The rubric and the chain that a kind names.
fn check_review(kind: &Kind, origin: &Origin, schema: &Schema, chains: &[&str]) -> Vec<Diagnostic> {
    let rubrics: Vec<&str> = schema.rubrics.keys().map(String::as_str).collect();
    let chains: Vec<&str> = USUAL_CHAINS.iter().chain(chains).copied().collect();
    let named = [
        ("review.rubric", &kind.review.rubric, rubrics, "no-such-rubric"),
        ("review.chain", &kind.review.chain, chains, "no-such-chain"),
    ];
    let unknown = named
        .into_iter()
        .filter(|(_, name, known, _)| !name.is_empty() && !known.contains(&name.as_str()));
    let wrong = unknown.map(|(key, name, known, reason)| {
        let diagnostic = origin.wrong(origin.places.value(key), reason).with("value", name);
        diagnostic.suggest(nearest(name, known))
    });
    wrong.collect()
}

fn check_field_names(
    schema: &Schema,
    origin: &Origin,
    path: &str,
    field: &Field,
    diagnostics: &mut Vec<Diagnostic>,
) {
    // City, specialty, occupation and series are a site's own: absent ones are empty.
    let unknown = field
        .vocabulary
        .as_deref()
        .filter(|id| !schema.vocabularies.contains_key(*id));
    if let Some(vocabulary) = unknown.filter(|id| !SITE_VOCABULARIES.contains(id)) {
        let span = origin.places.value(&format!("{path}.vocabulary"));
        let known = schema
            .vocabularies
            .keys()
            .map(String::as_str)
            .chain(SITE_VOCABULARIES.iter().copied());
        let diagnostic = origin.wrong(span, "no-such-vocabulary").with("value", vocabulary);
        diagnostics.push(diagnostic.suggest(nearest(vocabulary, known)));
    }
    for (position, id) in field
        .kinds
        .iter()
        .enumerate()
        .filter(|(_, id)| !schema.kinds.contains_key(*id))
    {
        let span = origin.places.value(&format!("{path}.kinds.{position}"));
        let diagnostic = origin.wrong(span, "no-such-kind").with("value", id);
        diagnostics.push(diagnostic.suggest(nearest(id, schema.kinds.keys().map(String::as_str))));
    }
}

/// A kind's fields and those of its records, with their paths in the declaration. Common ones have none.
fn with_paths<'a>(kind: &'a Kind, origin: &Origin) -> Vec<(String, &'a Field)> {
    let mut fields = Vec::new();
    for (position, name) in origin.fields.iter().enumerate() {
        let (path, Some(field)) = (format!("fields.{position}"), kind.field(name)) else {
            continue;
        };
        let inner = field.fields.iter().enumerate();
        fields.extend(inner.map(|(position, inner)| (format!("{path}.fields.{position}"), inner)));
        fields.push((path, field));
    }
    fields
}

/// What is wrong with a vocabulary: ids that cannot stand in addresses, words that stand for two terms.
pub(super) fn check_vocabulary(vocabulary: &Vocabulary, origin: &Origin) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let wrong = |path: &str, value: &str, reason| {
        origin
            .wrong(origin.places.value(path), reason)
            .with("key", "id")
            .with("value", value)
    };
    if !is_name(&vocabulary.id) {
        diagnostics.push(wrong("id", &vocabulary.id, "kind-name"));
    }
    let mut seen = BTreeSet::new();
    for (position, term) in vocabulary.terms.iter().enumerate() {
        let path = format!("terms.{position}.id");
        if !is_name(&term.id) {
            diagnostics.push(wrong(&path, &term.id, "kind-name"));
        } else if !seen.insert(&term.id) {
            diagnostics.push(wrong(&path, &term.id, "term-twice"));
        }
    }
    diagnostics
}

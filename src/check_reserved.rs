//! What changed since another commit and was not for its author to change: reserved fields, new entries of kinds that not
//! every unit begins, declarations. For pull requests whose authors know git and need no form.

use std::sync::Arc;

use crate::catalog::{Catalog, Ix};
use crate::config::SETTINGS;
use crate::content::{KINDS, Kind, RUBRICS, UNITS, VOCABULARIES};
use crate::diag::{Code, Diagnostic};
use crate::source::{Node, Spanned, parse, split};
use crate::world::Changed;

/// Where themes lie.
const THEMES: &str = "themes";

/// Whether a file decides for the whole site.
fn is_of_site(path: &str) -> bool {
    let mut folders = [KINDS, VOCABULARIES, RUBRICS, THEMES].into_iter();
    let is_in = |folder| {
        path.strip_prefix(folder)
            .is_some_and(|rest: &str| rest.starts_with('/'))
    };
    [SETTINGS, UNITS].contains(&path) || folders.any(is_in)
}

/// What the author's unit may not have changed. Without one, each entry is taken to be changed by the unit that answers for
/// it, and the files of the whole site by whoever may.
pub(crate) fn check_reserved(
    catalog: &Catalog,
    changes: &[Changed],
    author: Option<&str>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for change in changes {
        if is_of_site(&change.path) && author.is_some_and(|unit| !is_root(catalog, unit)) {
            let diagnostic = Diagnostic::new(Code::ReservedFile).in_file(&Arc::from(&*change.path));
            diagnostics.push(diagnostic.with("unit", author.unwrap_or_default()));
        }
        let ix = catalog.at(&change.path);
        if let Some(ix) = ix.filter(|ix| catalog.entry(*ix).parent.is_none()) {
            diagnostics.extend(of_entry(catalog, ix, change, author));
        }
    }
    diagnostics
}

fn of_entry(catalog: &Catalog, ix: Ix, change: &Changed, author: Option<&str>) -> Vec<Diagnostic> {
    let (entry, kind) = (catalog.entry(ix), catalog.kind(ix));
    let answering = match &entry.unit {
        Some((unit, _)) if kind.abilities.unit.is_none() => &**unit,
        _ if kind.abilities.unit.is_some() => &*entry.id.name,
        _ => "",
    };
    let author = author.unwrap_or(answering);
    let level = catalog.units.get(author).map(|unit| unit.level);
    let is_new = change.before.is_none();
    let is_above = kind.is_set_from_above(level, is_below(catalog, answering, author), is_new);
    let is_root = is_root(catalog, author);
    let path = Arc::from(&*entry.path);
    let mut diagnostics = Vec::new();
    if is_new && level.is_some_and(|level| !kind.may_be_begun_by(level)) {
        let diagnostic = Diagnostic::new(Code::ReservedKind).in_file(&path);
        let lowest = kind.create.map_or("", |level| level.name());
        diagnostics.push(diagnostic.with("kind", &kind.id).with("level", lowest));
    }
    let locked = |name: &str| {
        let by = kind.field(name).and_then(|field| field.set_by);
        by.filter(|by| !by.allows(is_above, is_root))
    };
    for (name, span) in changed(kind, &change.after, change.before.as_deref().unwrap_or_default()) {
        if let Some(by) = locked(&name) {
            let diagnostic = Diagnostic::new(Code::ReservedField).in_file(&path).at(span);
            let diagnostic = diagnostic.with("field", name.as_str());
            diagnostics.push(diagnostic.say("who", by.phrase()));
        }
    }
    diagnostics
}

/// The fields of a kind whose values differ between two texts of an entry, and where the newer one stands.
fn changed(kind: &Kind, after: &str, before: &str) -> Vec<(String, crate::diag::Span)> {
    let (after, before) = (fields(after), fields(before));
    let value = |fields: &[(String, Spanned<Node<'static>>)], name: &str| {
        let mut fields = fields.iter();
        let found = fields
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone());
        found.filter(|value| value.value != Node::Null)
    };
    let differing = kind.fields.iter().filter_map(|field| {
        let (new, old) = (value(&after, &field.name), value(&before, &field.name));
        let is_same = match (&new, &old) {
            (Some(new), Some(old)) => is_same(&new.value, &old.value),
            (None, None) => true,
            _ => false,
        };
        (!is_same).then(|| (field.name.clone(), new.map_or(0..0, |new| new.span)))
    });
    differing.collect()
}

/// The fields of a file's front matter; none where it cannot be read, which is reported where it is read.
fn fields(text: &str) -> Vec<(String, Spanned<Node<'static>>)> {
    let Ok(parts) = split(text) else {
        return Vec::new();
    };
    let front = &text[parts.front.start as usize..parts.front.end as usize];
    let fields = parse(front, parts.front.start).unwrap_or_default();
    let owned = fields.into_iter().map(|(key, value)| {
        let node = value.value.into_owned();
        (
            key.value.into_owned(),
            Spanned {
                value: node,
                span: value.span,
            },
        )
    });
    owned.collect()
}

/// Whether two values say the same, wherever they stand.
fn is_same(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (one, other) {
        (Node::List(one), Node::List(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(&one.value, &other.value))
        }
        (Node::Mapping(one), Node::Mapping(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|((key, one), (known, other))| {
                    key.value == known.value && is_same(&one.value, &other.value)
                })
        }
        (Node::Scalar { text: one, .. }, Node::Scalar { text: other, .. }) => one == other,
        (one, other) => one == other,
    }
}

/// No tree of units is deeper; the bound ends a circle of wrong declarations.
const DEEPEST: usize = 16;

fn is_below(catalog: &Catalog, unit: &str, above: &str) -> bool {
    let parent = |id: &&str| catalog.units.get(id).and_then(|unit| unit.parent.as_deref());
    let chain = std::iter::successors(Some(unit), |id| parent(id)).take(DEEPEST);
    unit != above && chain.skip(1).any(|id| id == above)
}

fn is_root(catalog: &Catalog, unit: &str) -> bool {
    catalog.units.get(unit).is_some_and(|unit| unit.parent.is_none())
}

//! `extends` of a kind: its declaration laid over another's, as tables of TOML, before either becomes a [`Kind`].
//!
//! What is inherited stands where `extends` stands, so that a mistake that follows from it is shown in the file that
//! its author can change.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::Kind;
use super::declaration::{BUILT_IN, KindSource, Origin};
use crate::diag::{Code, Diagnostic, nearest};
use crate::source::Written;

/// What a kind says for itself: its name and place, and whom it is like.
const OWN: &[&str] = &[
    "id", "label", "label_en", "section", "position", "extends", "remove",
];
/// Longest chain of kinds that extend each other.
const DEEPEST: usize = 16;
const FIELDS: &str = "fields";
const ABILITIES: &str = "abilities";

/// Reads all kinds, in the order of their files, each laid over the one that it extends.
pub(super) fn read(
    sources: &[KindSource],
    common: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Kind, Origin)> {
    let parsed = sources
        .iter()
        .map(|source| Written::parse(&source.path, &source.text));
    let written: Vec<Written<'_>> = parsed.collect();
    let mut ids: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, written) in written.iter().enumerate() {
        if let Some((id, _)) = text(&written.root, "id") {
            ids.entry(id).or_default().push(at);
        }
    }
    let mut files = Files {
        sources,
        written,
        ids,
        common: DeTable::parse_recoverable(common).0,
        kinds: sources.iter().map(|_| None).collect(),
        state: vec![State::Waiting; sources.len()],
        diagnostics: Vec::new(),
    };
    for at in 0..sources.len() {
        files.read(at, 0);
    }
    for written in files.written {
        diagnostics.extend(written.diagnostics());
    }
    diagnostics.append(&mut files.diagnostics);
    files.kinds.into_iter().flatten().collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Underway,
    Done,
}

struct Files<'s> {
    sources: &'s [KindSource],
    written: Vec<Written<'s>>,
    /// Files by the kind that they declare.
    ids: BTreeMap<String, Vec<usize>>,
    common: Spanned<DeTable<'s>>,
    kinds: Vec<Option<(Kind, Origin)>>,
    state: Vec<State>,
    diagnostics: Vec<Diagnostic>,
}

impl Files<'_> {
    fn read(&mut self, at: usize, depth: usize) {
        if self.state[at] != State::Waiting {
            return;
        }
        self.state[at] = State::Underway;
        if let Some((name, span)) = text(&self.written[at].root, "extends") {
            match self.base_of(at, &name) {
                None => {
                    let wrong = self.wrong(at, &span, "no-such-kind").with("value", &name);
                    let suggestion = nearest(&name, self.ids.keys().map(String::as_str));
                    let wrong = wrong.suggest(suggestion);
                    self.diagnostics.push(wrong);
                }
                Some(base) => {
                    if depth < DEEPEST {
                        self.read(base, depth + 1);
                    }
                    // One that is not done extends this one, by itself or through others; or the chain is too long.
                    if self.state[base] != State::Done {
                        let wrong = self.wrong(at, &span, "kind-circle").with("value", &name);
                        self.diagnostics.push(wrong);
                    } else {
                        self.lay_over(at, base, &span);
                    }
                }
            }
        }
        let source = &self.sources[at];
        self.kinds[at] = self.written[at].read::<Kind>().map(|(kind, places)| {
            let origin = Origin {
                path: source.path.clone(),
                places,
                fields: Vec::new(),
            };
            (kind, origin)
        });
        self.state[at] = State::Done;
    }

    /// The file of the kind that a name means: a site's own, else the built-in one. A kind that extends its own name
    /// changes the built-in one.
    fn base_of(&self, at: usize, name: &str) -> Option<usize> {
        let is_built_in = |other: usize| self.sources[other].path.starts_with(BUILT_IN);
        let of_name = self.ids.get(name)?;
        let is_itself = of_name.contains(&at);
        let mut found = of_name.iter().rev().copied();
        found.find(|other| *other != at && (!is_itself || is_built_in(*other)))
    }

    fn wrong(&self, at: usize, span: &Range<usize>, reason: &'static str) -> Diagnostic {
        Diagnostic::new(Code::BadKind)
            .in_file(&self.sources[at].path)
            .at(span.start as u32..span.end as u32)
            .say("reason", reason)
    }

    fn lay_over(&mut self, at: usize, base: usize, span: &Range<usize>) {
        let mut base = moved(self.written[base].root.get_ref(), span);
        for key in OWN {
            base.remove(*key);
        }
        for (name, span) in texts(&self.written[at].root, "remove") {
            if !take(&mut base, &name) {
                let known = names(&base);
                let suggestion = nearest(&name, known.iter().map(String::as_str));
                let wrong = self.wrong(at, &span, "kind-remove").with("value", &name);
                self.diagnostics.push(wrong.suggest(suggestion));
            }
        }
        let own = std::mem::take(self.written[at].root.get_mut());
        let mut merged = base;
        for (key, value) in own {
            match (&**key.get_ref(), merged.get_mut(key.get_ref().as_ref())) {
                (ABILITIES, Some(below)) => lay(below, value),
                (FIELDS, Some(below)) => lay_fields(below, value, Some((self.common.get_ref(), span))),
                _ => {
                    merged.remove(key.get_ref().as_ref());
                    merged.insert(key, value);
                }
            }
        }
        *self.written[at].root.get_mut() = merged;
    }
}

/// Lays a table over another, key by key; anything else takes the place of what is below.
fn lay<'s>(below: &mut Spanned<DeValue<'s>>, above: Spanned<DeValue<'s>>) {
    let span = above.span();
    match (below.get_mut(), above.into_inner()) {
        (DeValue::Table(table), DeValue::Table(own)) => lay_table(table, own),
        (_, other) => {
            *below = Spanned::new(span, other);
            return;
        }
    }
    let whole = std::mem::replace(below.get_mut(), DeValue::Boolean(false));
    *below = Spanned::new(span, whole);
}

fn lay_table<'s>(below: &mut DeTable<'s>, own: DeTable<'s>) {
    for (key, value) in own {
        let known = below.remove(key.get_ref().as_ref());
        let value = match known {
            Some(mut known) if &**key.get_ref() == FIELDS => {
                lay_fields(&mut known, value, None);
                known
            }
            Some(mut known) => {
                lay(&mut known, value);
                known
            }
            None => value,
        };
        below.insert(key, value);
    }
}

/// Lays fields over those of the same names, those of every kind too; others follow at the end.
fn lay_fields<'s>(
    below: &mut Spanned<DeValue<'s>>,
    above: Spanned<DeValue<'s>>,
    common: Option<(&DeTable<'s>, &Range<usize>)>,
) {
    let span = above.span();
    let (known, own) = match (below.get_mut(), above.into_inner()) {
        (DeValue::Array(known), DeValue::Array(own)) => (known, own),
        (_, other) => {
            *below = Spanned::new(span, other);
            return;
        }
    };
    for field in own {
        let name = name_of(field.get_ref());
        let same = |other: &&mut Spanned<DeValue<'_>>| name.is_some() && name_of(other.get_ref()) == name;
        if let Some(known) = known.iter_mut().find(same) {
            lay(known, field);
            continue;
        }
        let shared = common.and_then(|(table, span)| {
            let fields = table.get(FIELDS)?.get_ref().as_array()?;
            let shared = fields
                .iter()
                .find(|other| name.is_some() && name_of(other.get_ref()) == name)?;
            Some(moved_value(shared, span))
        });
        known.push(match shared {
            Some(mut shared) => {
                lay(&mut shared, field);
                shared
            }
            None => field,
        });
    }
}

/// Takes a field, or an ability as `abilities.NAME`, out of a declaration. Tells whether it was there.
fn take(base: &mut DeTable<'_>, name: &str) -> bool {
    if let Some(ability) = name.strip_prefix("abilities.") {
        let abilities = base.get_mut(ABILITIES).map(Spanned::get_mut);
        return match abilities {
            Some(DeValue::Table(table)) => table.remove(ability).is_some(),
            _ => false,
        };
    }
    let Some(DeValue::Array(fields)) = base.get_mut(FIELDS).map(Spanned::get_mut) else {
        return false;
    };
    let all = std::mem::replace(fields, DeArray::new());
    let before = all.len();
    *fields = all
        .into_iter()
        .filter(|field| name_of(field.get_ref()).as_deref() != Some(name))
        .collect();
    fields.len() < before
}

/// Everything that can be taken out of a declaration.
fn names(base: &DeTable<'_>) -> Vec<String> {
    let fields = base.get(FIELDS).and_then(|fields| fields.get_ref().as_array());
    let fields = fields
        .into_iter()
        .flat_map(|fields| fields.iter())
        .filter_map(|field| name_of(field.get_ref()));
    let abilities = base
        .get(ABILITIES)
        .and_then(|abilities| abilities.get_ref().as_table());
    let abilities = abilities.into_iter().flat_map(|table| table.keys());
    let abilities = abilities.map(|key| format!("abilities.{}", key.get_ref()));
    fields.chain(abilities).collect()
}

fn name_of(field: &DeValue<'_>) -> Option<String> {
    let name = field.as_table()?.get("name")?;
    name.get_ref().as_str().map(str::to_owned)
}

fn text(root: &Spanned<DeTable<'_>>, key: &str) -> Option<(String, Range<usize>)> {
    let value = root.get_ref().get(key)?;
    Some((value.get_ref().as_str()?.to_owned(), value.span()))
}

fn texts(root: &Spanned<DeTable<'_>>, key: &str) -> Vec<(String, Range<usize>)> {
    let items = root
        .get_ref()
        .get(key)
        .and_then(|value| value.get_ref().as_array());
    let items = items.into_iter().flat_map(|items| items.iter());
    items
        .filter_map(|item| Some((item.get_ref().as_str()?.to_owned(), item.span())))
        .collect()
}

/// A table as if it stood at a place.
fn moved<'s>(table: &DeTable<'s>, span: &Range<usize>) -> DeTable<'s> {
    table
        .iter()
        .map(|(key, value)| {
            let key = Spanned::new(span.clone(), key.get_ref().clone());
            (key, moved_value(value, span))
        })
        .collect()
}

fn moved_value<'s>(value: &Spanned<DeValue<'s>>, span: &Range<usize>) -> Spanned<DeValue<'s>> {
    let value = match value.get_ref() {
        DeValue::Table(table) => DeValue::Table(moved(table, span)),
        DeValue::Array(items) => DeValue::Array(items.iter().map(|item| moved_value(item, span)).collect()),
        other => other.clone(),
    };
    Spanned::new(span.clone(), value)
}

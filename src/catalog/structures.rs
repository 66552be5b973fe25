//! Lists that fields refer to by their items: the points of a library, the tiers of a selection, the options of a
//! question. What is checked, what a library's page counts and what a form offers come from here.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Catalog, Ix};
use crate::content::{AMONG_RUBRIC, Field, Record, Rubric, Value};
use crate::diag::{Code, Diagnostic, Span, nearest};

/// A point of a structure.
#[derive(Debug, Clone, Copy)]
pub struct Point<'a> {
    /// By which others name it.
    pub key: &'a str,
    /// What it is.
    pub title: &'a str,
    /// Its fields.
    pub record: &'a Value,
}

/// A place in an entry that names an item of a list.
#[derive(Debug, Clone, Copy)]
struct Named<'a> {
    field: &'a Field,
    item: &'a str,
    span: &'a Span,
    list: List<'a>,
}

/// A list whose items are named.
#[derive(Debug, Clone, Copy)]
enum List<'a> {
    /// The points of an entry.
    Points(Ix),
    /// Texts of an entry, or of a record in it.
    Texts(Ix, &'a [Value]),
    /// What has a name in a rubric.
    Rubric(&'a Rubric),
}

impl<'a> List<'a> {
    /// The texts of a list of texts.
    fn texts(self) -> impl Iterator<Item = &'a str> {
        let values = match self {
            Self::Texts(_, values) => values,
            Self::Points(_) | Self::Rubric(_) => &[],
        };
        values.iter().filter_map(Value::as_text)
    }
}

/// Most items that a diagnostic lists.
const MOST_LISTED: usize = 20;

impl Catalog {
    /// The points of an entry whose kind has a structure, in their order.
    pub fn points(&self, ix: Ix) -> impl Iterator<Item = Point<'_>> {
        let structure = self.kind(ix).abilities.structure.as_ref();
        let records = structure.map_or(&[] as &[Value], |structure| {
            self.entry(ix).items(&structure.field)
        });
        records.iter().filter_map(move |record| {
            let text = |name: &str| record.get(name).and_then(Value::as_text);
            let structure = structure?;
            Some(Point {
                key: text(&structure.key)?,
                title: text(&structure.title).unwrap_or_default(),
                record,
            })
        })
    }

    /// The points that an entry serves, each with the entry whose point it is. Those that are not there are left out.
    pub fn points_served(&self, ix: Ix) -> Vec<(Ix, Point<'_>)> {
        let served = self.named(ix).into_iter().filter_map(|named| {
            let List::Points(target) = named.list else {
                return None;
            };
            let point = self.points(target).nth(*self.keys(target)?.get(named.item)?)?;
            Some((target, point))
        });
        served.collect()
    }

    /// The listed entries that serve the points of an entry, by key, newest first.
    pub fn serving(&self, ix: Ix) -> FxHashMap<&str, Vec<Ix>> {
        let mut serving: FxHashMap<&str, Vec<Ix>> = FxHashMap::default();
        let mut seen = FxHashSet::default();
        for (other, _) in self.referrers(ix).iter().filter(|(other, _)| seen.insert(*other)) {
            for (_, point) in self
                .points_served(*other)
                .into_iter()
                .filter(|(target, _)| *target == ix)
            {
                let entries = serving.entry(point.key).or_default();
                if entries.last() != Some(other) {
                    entries.push(*other);
                }
            }
        }
        serving
    }

    /// The items of a list of an entry, each with what it is: the points of its structure, or texts.
    pub fn items(&self, ix: Ix, list: &str) -> Vec<(String, String)> {
        let structure = self.kind(ix).abilities.structure.as_ref();
        if structure.is_some_and(|structure| structure.field == list) {
            let points = self.points(ix);
            return points
                .map(|point| (point.key.to_owned(), point.title.to_owned()))
                .collect();
        }
        let texts = self.entry(ix).items(list).iter().filter_map(Value::as_text);
        texts.map(|text| (text.to_owned(), String::new())).collect()
    }

    /// Positions of the points of every structure, by key.
    pub(super) fn find_structures(&mut self) {
        let with_structure = self
            .iter()
            .filter(|(ix, _)| self.kind(*ix).abilities.structure.is_some());
        let keys = with_structure.map(|(ix, _)| {
            let points = self.points(ix).enumerate();
            let mut keys: FxHashMap<Box<str>, usize> = FxHashMap::default();
            for (position, point) in points {
                keys.entry(Box::from(point.key)).or_insert(position);
            }
            (ix, keys)
        });
        self.structures = keys.collect();
    }

    fn keys(&self, ix: Ix) -> Option<&FxHashMap<Box<str>, usize>> {
        self.structures.get(&ix)
    }

    /// Every place in an entry that names an item of a list that is there.
    fn named(&self, ix: Ix) -> Vec<Named<'_>> {
        let (entry, kind) = (self.entry(ix), self.kind(ix));
        let mut found = Vec::new();
        for (name, value) in &entry.fields {
            let Some(field) = kind.field(name) else { continue };
            self.add_named(ix, field, value, None, &mut found);
            for record in value.items() {
                let Value::Record(inner) = record else { continue };
                for (name, value) in inner {
                    if let Some(inner_field) = field.fields.iter().find(|known| known.name == **name) {
                        self.add_named(ix, inner_field, value, Some((field, inner)), &mut found);
                    }
                }
            }
        }
        found
    }

    fn add_named<'a>(
        &'a self,
        ix: Ix,
        field: &'a Field,
        value: &'a Value,
        record: Option<(&'a Field, &'a Record)>,
        found: &mut Vec<Named<'a>>,
    ) {
        let Some(list) = field
            .among
            .as_deref()
            .and_then(|among| self.list(ix, among, record))
        else {
            return;
        };
        for item in value.items() {
            if let Value::Item(item, span) = item {
                found.push(Named {
                    field,
                    item,
                    span,
                    list,
                });
            }
        }
    }

    /// The list that `among` means; `None` if the reference in it leads nowhere, which is reported as such.
    fn list<'a>(&'a self, ix: Ix, among: &str, record: Option<(&'a Field, &'a Record)>) -> Option<List<'a>> {
        if among == AMONG_RUBRIC {
            let id = self.site.config.review.rubric(self.kind(ix))?;
            return self.site.schema.rubrics.get(id).map(List::Rubric);
        }
        let (beside, name) = match among.split_once('.') {
            Some((reference, name)) => (reference, Some(name)),
            None => (among, None),
        };
        let in_record = record.filter(|(field, _)| field.fields.iter().any(|known| known.name == *beside));
        let (declared, value) = match in_record {
            Some((field, record)) => {
                let value = record.iter().find(|(known, _)| **known == *beside);
                (
                    field.fields.iter().find(|known| known.name == beside)?,
                    value.map(|(_, value)| value),
                )
            }
            None => (self.kind(ix).field(beside)?, self.entry(ix).get(beside)),
        };
        let Some(name) = name else {
            return Some(List::Texts(ix, value.map_or(&[], Value::items)));
        };
        let target = self.refer(value?.as_text()?, &declared.kinds)?;
        let structure = self.kind(target).abilities.structure.as_ref();
        Some(if structure.is_some_and(|structure| structure.field == name) {
            List::Points(target)
        } else {
            List::Texts(target, self.entry(target).items(name))
        })
    }

    /// Reports items that their list does not have. A list of texts without any says nothing of what may be named.
    pub(super) fn check_items(&self, ix: Ix, diagnostics: &mut Vec<Diagnostic>) {
        for named in self.named(ix) {
            let texts = || named.list.texts();
            let is_there = match named.list {
                List::Points(target) => self
                    .keys(target)
                    .is_some_and(|keys| keys.contains_key(named.item)),
                List::Texts(..) => {
                    let has_letter = named.field.by_letter && letter(named.item) < texts().count();
                    texts().next().is_none() || has_letter || texts().any(|text| text == named.item)
                }
                List::Rubric(rubric) => rubric.names().any(|name| name == named.item),
            };
            if !is_there {
                diagnostics.push(self.unknown_item(ix, &named));
            }
        }
    }

    fn unknown_item(&self, ix: Ix, named: &Named<'_>) -> Diagnostic {
        let (title, known): (&str, Vec<&str>) = match named.list {
            List::Points(target) => {
                let keys = self.points(target).map(|point| point.key);
                (&self.entry(target).title, keys.collect())
            }
            List::Texts(target, _) => (&self.entry(target).title, named.list.texts().collect()),
            List::Rubric(rubric) => (&rubric.title, rubric.names().collect()),
        };
        let language = &self.site.config.site.language;
        let diagnostic = Diagnostic::new(Code::UnknownItem)
            .in_file(&self.entry(ix).path)
            .at(named.span.clone())
            .with("label", named.field.label(language))
            .with("value", named.item)
            .with("title", title);
        let diagnostic = if known.len() <= MOST_LISTED {
            diagnostic.with("known", known.join(" "))
        } else {
            diagnostic
        };
        diagnostic.suggest(nearest(named.item, known.iter().copied()))
    }
}

/// The position that a letter means, `A` the first; beyond every list for anything else.
fn letter(text: &str) -> usize {
    match text.as_bytes() {
        [letter @ b'A'..=b'Z'] => usize::from(letter - b'A'),
        _ => usize::MAX,
    }
}

//! Who is meant by a name. A name alone says that within one unit only: the same name in two units is two people.

use rustc_hash::FxHashMap;

use super::person::{People, Person};
use super::{Catalog, Ix, Status};
use crate::content::{Entry, Value};

impl Catalog {
    /// Finds the people who have an entry.
    pub(super) fn find_people(&mut self) {
        let kinds = self.site.schema.kinds.values();
        let people = kinds.filter(|kind| kind.abilities.person);
        let mut found = People {
            kinds: people.map(|kind| kind.id.clone()).collect(),
            names: FxHashMap::default(),
        };
        let listed = self.iter().filter(|(ix, _)| self.status(*ix) == Status::Listed);
        for (ix, entry) in listed.filter(|(ix, _)| self.kind(*ix).abilities.person) {
            let unit = self.unit_of(ix).map(|unit| unit.id.clone());
            let known = found.names.entry((unit, entry.title.clone()));
            known.and_modify(|known| *known = None).or_insert(Some(ix));
        }
        self.people = found;
    }

    /// The kinds whose entries are people.
    pub fn person_kinds(&self) -> &[String] {
        &self.people.kinds
    }

    /// Who is meant by a text in something that a unit answers for: the entry of that id, or whoever has that name
    /// there.
    pub fn person<'a>(&self, text: &'a str, unit: Option<&'a str>) -> Person<'a> {
        let by_id = self.refer(text, &self.people.kinds);
        // A file may be called like a person of that name elsewhere: then the text is a name.
        let by_id = by_id.filter(|ix| text.contains('/') || *self.entry(*ix).title != *text);
        let by_name = || {
            let key = (unit.map(Box::from), Box::from(text));
            self.people.names.get(&key).copied().flatten()
        };
        by_id
            .or_else(by_name)
            .map_or(Person::Name(text, unit), Person::Entry)
    }

    /// The authors of an entry.
    pub fn authors(&self, ix: Ix) -> impl Iterator<Item = Person<'_>> {
        let unit = self.unit_of(ix).map(|unit| &*unit.id);
        let authors = self.entry(ix).authors.iter();
        authors.map(move |(text, _)| self.person(text, unit))
    }

    /// What somebody is called.
    pub fn name_of<'a>(&'a self, person: Person<'a>) -> &'a str {
        match person {
            Person::Entry(ix) => &self.entry(ix).title,
            Person::Name(name, _) => name,
        }
    }

    /// The unit within which the names of a record mean somebody: the one that the record names, else the entry's.
    pub fn unit_of_record<'a>(&'a self, entry: &Entry, record: Option<&'a Value>) -> Option<&'a str> {
        let named = record.and_then(|record| record.get("unit"));
        if let Some(named) = named.and_then(Value::as_text) {
            let unit = self.units.named(named).or_else(|| self.units.get(named));
            return Some(unit.map_or(named, |unit| &*unit.id));
        }
        let unit = self.unit_of(self.find(&entry.id)?)?;
        Some(&unit.id)
    }
}

//! All entries, and every way to find them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::person::People;
use super::{CatalogUnit, Files, Ix, Site, Status, Units, Unread};
use crate::content::{Entry, Id, Kind, Level, Moment, Value};

/// All entries, and every way to find them.
#[derive(Debug)]
pub struct Catalog {
    /// What is not an entry.
    pub site: Arc<Site>,
    pub(super) entries: Vec<Arc<Entry>>,
    pub(super) status: Vec<Status>,
    pub(super) kinds: Vec<Arc<Kind>>,
    pub(super) unread: Arc<Unread>,
    /// Position of each entry in the order newest first, ties broken by id: comparing two entries is comparing two
    /// numbers.
    pub(super) ranks: Vec<u32>,
    pub(super) index: FxHashMap<Id, Ix>,
    pub(super) paths: FxHashMap<Arc<str>, Ix>,
    pub(super) by_name: OnceLock<FxHashMap<Box<str>, Arc<str>>>,
    pub(super) listed: BTreeMap<Arc<str>, Vec<Ix>>,
    pub(super) children: FxHashMap<Ix, Vec<Ix>>,
    /// By vocabulary, then by term.
    pub(super) terms: BTreeMap<Box<str>, BTreeMap<Box<str>, Vec<Ix>>>,
    pub(super) tags: BTreeMap<Box<str>, Vec<Ix>>,
    /// Tags that have the address of another one, which stands for both.
    pub(super) same_tag: FxHashMap<Box<str>, Box<str>>,
    /// Entries with a tombstone, the latest first.
    pub(super) withdrawn: Vec<Ix>,
    /// Listed entries that units above recommended, the latest recommended first.
    pub(super) recommended: Vec<Ix>,
    pub(super) by_unit: BTreeMap<Box<str>, Vec<Ix>>,
    pub(super) by_person: FxHashMap<Ix, Vec<Ix>>,
    pub(super) referrers: FxHashMap<Ix, Vec<(Ix, Box<str>)>>,
    pub(super) people: People,
    /// Positions of the points of each structure, by key.
    pub(super) structures: FxHashMap<Ix, FxHashMap<Box<str>, usize>>,
    pub(super) sections: BTreeSet<Box<str>>,
    pub(super) cities: BTreeSet<Box<str>>,
    /// The tree of units.
    pub units: Units,
    /// Files beside Markdown and attachments that entries use.
    pub files: Files,
}

impl Catalog {
    /// Puts an entry in the place of one with the same id, path and [meaning](Entry::meaning): only its body differs.
    pub(crate) fn replace(&mut self, ix: Ix, entry: Arc<Entry>) {
        debug_assert_eq!(self.entry(ix).meaning(), entry.meaning());
        self.entries[ix.index()] = entry;
    }

    /// The position of a content file's entry.
    pub fn at(&self, path: &str) -> Option<Ix> {
        self.paths.get(path).copied()
    }

    /// Every entry with its position, in the order of ids.
    pub fn iter(&self) -> impl Iterator<Item = (Ix, &Entry)> {
        self.entries
            .iter()
            .enumerate()
            .map(|(position, entry)| (Ix(position as u32), &**entry))
    }

    /// The entry at a position.
    pub fn entry(&self, ix: Ix) -> &Entry {
        &self.entries[ix.0 as usize]
    }

    /// Whether the public sees it.
    pub fn status(&self, ix: Ix) -> Status {
        self.status[ix.0 as usize]
    }

    /// The position of an id.
    pub fn find(&self, id: &Id) -> Option<Ix> {
        self.index.get(id).copied()
    }

    /// The kind of an entry.
    pub fn kind(&self, ix: Ix) -> &Arc<Kind> {
        &self.kinds[ix.0 as usize]
    }

    /// The listed entries of a kind, in the order of its lists.
    pub fn listed(&self, kind: &str) -> &[Ix] {
        self.listed.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The parts of a folder's entry in their order, such as a course's chapters.
    pub fn children(&self, ix: Ix) -> &[Ix] {
        self.children.get(&ix).map_or(&[], Vec::as_slice)
    }

    /// The listed entries that carry a term, newest first.
    pub fn with_term(&self, vocabulary: &str, term: &str) -> &[Ix] {
        self.terms
            .get(vocabulary)
            .and_then(|terms| terms.get(term))
            .map_or(&[], Vec::as_slice)
    }

    /// Every term that listed entries carry, as (vocabulary, term), with the entries.
    pub fn terms(&self) -> impl Iterator<Item = (&str, &str, &[Ix])> {
        self.terms.iter().flat_map(|(vocabulary, terms)| {
            let terms = terms.iter();
            terms.map(move |(term, entries)| (&**vocabulary, &**term, entries.as_slice()))
        })
    }

    /// Every tag with its listed entries, newest first.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &[Ix])> {
        self.tags
            .iter()
            .map(|(tag, entries)| (&**tag, entries.as_slice()))
    }

    /// The listed entries with a tag, newest first.
    pub fn with_tag(&self, tag: &str) -> &[Ix] {
        let entries = self.tags.get(tag);
        let entries = entries.or_else(|| self.tags.get(self.same_tag.get(tag)?));
        entries.map_or(&[], Vec::as_slice)
    }

    /// The entries that were taken down and have a tombstone, the latest first. Parts of a whole that was taken down are
    /// not named.
    pub fn withdrawn(&self) -> &[Ix] {
        &self.withdrawn
    }

    /// The listed entries that units above recommended, the latest recommended first.
    pub fn recommended(&self) -> &[Ix] {
        &self.recommended
    }

    /// The recommendation of an entry that counts most: that of the highest unit, the latest of several. The day and the
    /// unit's id.
    pub fn recommendation(&self, ix: Ix) -> Option<(Moment, &str)> {
        let recommendations = self.entry(ix).items("recommended").iter();
        let known = recommendations.filter_map(|recommended| {
            let Some(Value::Moment(date)) = recommended.get("date") else {
                return None;
            };
            let unit = self.units.get(recommended.get("unit")?.as_text()?)?;
            Some((std::cmp::Reverse(unit.level), date.date(), *date, &*unit.id))
        });
        let most = known.max_by_key(|(level, day, ..)| (*level, *day));
        most.map(|(_, _, date, unit)| (date, unit))
    }

    /// The units that recommended an entry.
    pub fn recommending(&self, ix: Ix) -> impl Iterator<Item = &CatalogUnit> {
        let recommendations = self.entry(ix).items("recommended").iter();
        recommendations.filter_map(|recommended| self.units.get(recommended.get("unit")?.as_text()?))
    }

    /// The listed entries that a unit publishes, newest first.
    pub fn of_unit(&self, unit: &str) -> &[Ix] {
        self.by_unit.get(unit).map_or(&[], Vec::as_slice)
    }

    /// The listed entries that name somebody as an author who has an entry, newest first.
    pub fn of_person(&self, person: Ix) -> &[Ix] {
        self.by_person.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The listed entries that point to one through a field, with the field's name, newest first.
    pub fn referrers(&self, ix: Ix) -> &[(Ix, Box<str>)] {
        self.referrers.get(&ix).map_or(&[], Vec::as_slice)
    }

    /// Whether an entry is itself a unit.
    pub fn is_unit(&self, ix: Ix) -> bool {
        self.kind(ix).abilities.unit.is_some()
    }

    /// The unit that answers for an entry: itself if it is one, its own, the one that it belongs to, or of a part the
    /// whole's.
    pub fn unit_of(&self, ix: Ix) -> Option<&CatalogUnit> {
        let entry = self.entry(ix);
        if self.is_unit(ix) {
            return self.units.get(&entry.id.name);
        }
        let belongs = self.kind(ix).abilities.belongs.as_deref();
        let own = entry
            .unit
            .as_ref()
            .map(|(unit, _)| &**unit)
            .or_else(|| entry.text(belongs?));
        match (own, &entry.parent) {
            (Some(unit), _) => self.units.get(unit),
            (None, Some(parent)) => self.find(parent).and_then(|parent| self.unit_of(parent)),
            (None, None) => None,
        }
    }

    /// The listed entries that are units of a level, kind by kind in the order of their sections.
    pub fn units_of_level(&self, level: Level) -> impl Iterator<Item = Ix> {
        let kinds = self.site.schema.sections().into_iter();
        let kinds = kinds.filter(move |kind| {
            let ability = kind.abilities.unit.as_ref();
            ability.is_some_and(|ability| ability.level == level)
        });
        kinds.flat_map(|kind| self.listed(&kind.id)).copied()
    }

    /// The city (a term of `city`) of an entry's unit.
    pub fn city_of(&self, ix: Ix) -> Option<&str> {
        self.unit_of(ix).and_then(|unit| self.units.city(&unit.id))
    }

    /// Compares two entries newest first; ties are broken by id, so that the order is the same on every machine.
    pub fn newest_first(&self, left: Ix, right: Ix) -> std::cmp::Ordering {
        self.ranks[left.0 as usize].cmp(&self.ranks[right.0 as usize])
    }
}

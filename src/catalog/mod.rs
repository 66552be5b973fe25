//! What entries mean TOGETHER: an immutable index of all of them, with every reference checked.
//!
//! Built in one go from the entries that were read; afterwards nothing changes in it. It knows neither URLs nor
//! markup, and of a body only its facts.

mod check;
mod exists;
mod links;
mod media;
mod people;
mod references;
mod related;
mod schedule;
mod statistics;
mod structures;
mod units;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Config;
use crate::content::{Entry, Id, Kind, Level, Order, Schema, Value};
use crate::diag::{self, Code, Diagnostic};
use crate::history::History;
use crate::media::Memo;
use crate::world::{File, World};

pub use links::Destination;
pub(crate) use links::decode;
pub use media::{FileUse, Files};
pub use people::Person;
pub use schedule::{Period, Unpublished};
pub use statistics::{Standing, school_year};
pub use structures::Point;
pub use units::{CatalogUnit, Units};

/// An entry's position among the entries of a [`Catalog`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ix(u32);

impl Ix {
    /// The position as a number, for tables beside the catalog.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Whether the public sees an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It has a page and is listed.
    Listed,
    /// It has a page that says it was taken down; it is listed nowhere.
    Withdrawn,
    /// A draft, or its time has not come or is over: it has no page.
    Hidden,
}

/// What a build knows besides the entries.
#[derive(Debug, Clone)]
pub struct Site {
    /// `site.toml`.
    pub config: Config,
    /// Kinds, vocabularies, units.
    pub schema: Schema,
    /// The site's time zone.
    pub zone: TimeZone,
    /// The moment the build is for.
    pub now: Timestamp,
    /// Whether drafts, scheduled and expired entries are shown.
    pub drafts: bool,
    /// Files of entries that are set aside since they cannot be published: they are hidden.
    pub aside: BTreeSet<Arc<str>>,
    /// Versions of the content files, where the site shows them and a repository knows them.
    pub history: Option<Arc<History>>,
}

/// Entries that are there but could not be read.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    /// Their ids, where the path says one.
    pub ids: FxHashSet<Id>,
    /// Their files.
    pub paths: FxHashSet<Arc<str>>,
    /// What they are called in other systems, by system in lower case and identifier, with their files.
    pub identifiers: FxHashMap<(String, Box<str>), Arc<str>>,
}

/// All entries, and every way to find them.
#[derive(Debug)]
pub struct Catalog {
    /// What is not an entry.
    pub site: Arc<Site>,
    entries: Vec<Arc<Entry>>,
    status: Vec<Status>,
    kinds: Vec<Arc<Kind>>,
    unread: Arc<Unread>,
    /// Position of each entry in the order newest first, ties broken by id: comparing two entries is comparing two
    /// numbers.
    ranks: Vec<u32>,
    index: FxHashMap<Id, Ix>,
    paths: FxHashMap<Arc<str>, Ix>,
    by_name: OnceLock<FxHashMap<Box<str>, Arc<str>>>,
    listed: BTreeMap<Arc<str>, Vec<Ix>>,
    children: FxHashMap<Ix, Vec<Ix>>,
    /// By vocabulary, then by term.
    terms: BTreeMap<Box<str>, BTreeMap<Box<str>, Vec<Ix>>>,
    tags: BTreeMap<Box<str>, Vec<Ix>>,
    by_unit: BTreeMap<Box<str>, Vec<Ix>>,
    by_person: FxHashMap<Ix, Vec<Ix>>,
    referrers: FxHashMap<Ix, Vec<(Ix, Box<str>)>>,
    people: people::People,
    /// Positions of the points of each structure, by key.
    structures: FxHashMap<Ix, FxHashMap<Box<str>, usize>>,
    sections: BTreeSet<Box<str>>,
    cities: BTreeSet<Box<str>>,
    /// The tree of units.
    pub units: Units,
    /// Files beside Markdown and attachments that entries use.
    pub files: Files,
}

impl Catalog {
    /// Indexes entries and checks everything that takes two of them, or an entry and a file.
    ///
    /// `files` are those below `content/` that are not entries, `unread` the entries that could not be read: what
    /// leads to one of them is not reported again. Entries with an id that is taken are reported and left out.
    pub fn build(
        site: Arc<Site>,
        mut entries: Vec<Arc<Entry>>,
        mut unread: Arc<Unread>,
        files: &[File],
        world: &dyn World,
        memo: &mut Memo,
    ) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        entries.par_sort_by(|left, right| left.id.cmp(&right.id).then_with(|| left.path.cmp(&right.path)));
        diagnostics.extend(remove_duplicates(&mut entries, &mut unread));
        diagnostics.extend(case_collisions(&entries));
        let mut catalog = Self::index(site, entries, unread, Files::new(files));
        diagnostics.extend(catalog.use_files(world, memo));
        diagnostics.extend(catalog.check());
        diag::sort(&mut diagnostics);
        (catalog, diagnostics)
    }

    /// The catalog that there would be if every entry were published; its files are not looked at.
    pub(crate) fn as_if_published(&self) -> Self {
        let site = Site {
            drafts: true,
            ..(*self.site).clone()
        };
        let unread = Arc::clone(&self.unread);
        Self::index(Arc::new(site), self.entries.clone(), unread, Files::default())
    }

    /// Files entries, ordered by their ids, under everything by which they are found.
    fn index(site: Arc<Site>, entries: Vec<Arc<Entry>>, unread: Arc<Unread>, files: Files) -> Self {
        let positions = || (0..entries.len() as u32).map(Ix);
        let index = entries
            .iter()
            .map(|entry| entry.id.clone())
            .zip(positions())
            .collect();
        let paths = entries
            .iter()
            .map(|entry| Arc::clone(&entry.path))
            .zip(positions())
            .collect();
        let status = entries.iter().map(|entry| status(&site, entry)).collect();
        // An entry exists only if its kind does.
        let kind = |entry: &Arc<Entry>| Arc::clone(&site.schema.kinds[&*entry.id.kind]);
        let kinds: Vec<Arc<Kind>> = entries.iter().map(kind).collect();
        let mut catalog = Self {
            units: Units::new(&site.schema, &entries, &kinds),
            files,
            unread,
            site,
            ranks: ranks(&entries),
            entries,
            status,
            kinds,
            index,
            paths,
            by_name: OnceLock::new(),
            listed: BTreeMap::new(),
            children: FxHashMap::default(),
            terms: BTreeMap::new(),
            tags: BTreeMap::new(),
            by_unit: BTreeMap::new(),
            by_person: FxHashMap::default(),
            referrers: FxHashMap::default(),
            people: people::People::default(),
            structures: FxHashMap::default(),
            sections: BTreeSet::new(),
            cities: BTreeSet::new(),
        };
        catalog.hide_children();
        catalog.find_people();
        catalog.find_structures();
        catalog.fill();
        catalog.find_places();
        catalog
    }

    /// Puts an entry in the place of one with the same id, path and [meaning](Entry::meaning): only its body differs.
    pub(crate) fn replace(&mut self, ix: Ix, entry: Arc<Entry>) {
        debug_assert_eq!(self.entry(ix).meaning(), entry.meaning());
        self.entries[ix.index()] = entry;
    }

    /// The position of a content file's entry.
    pub(crate) fn at(&self, path: &str) -> Option<Ix> {
        self.paths.get(path).copied()
    }

    /// What is wrong with the links and references of one entry.
    pub(crate) fn check_entry(&self, ix: Ix) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        self.check_references(ix, &mut diagnostics);
        self.check_items(ix, &mut diagnostics);
        self.check_links(ix, &mut diagnostics);
        diagnostics.extend(self.date_in_future(ix));
        diagnostics
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
        self.tags.get(tag).map_or(&[], Vec::as_slice)
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

    /// A chapter of a hidden course is hidden, of a withdrawn one withdrawn.
    fn hide_children(&mut self) {
        for position in 0..self.entries.len() {
            let Some(parent) = self.entries[position]
                .parent
                .as_ref()
                .and_then(|parent| self.find(parent))
            else {
                continue;
            };
            let parent_status = self.status(parent);
            if parent_status != Status::Listed {
                self.status[position] = parent_status;
            }
        }
    }

    fn fill(&mut self) {
        for position in 0..self.entries.len() as u32 {
            let ix = Ix(position);
            if self.status(ix) == Status::Listed {
                self.file_under(ix);
            }
        }
        let mut newest = std::mem::take(&mut self.by_unit);
        newest
            .values_mut()
            .for_each(|list| list.sort_by(|left, right| self.newest_first(*left, *right)));
        self.by_unit = newest;
        let mut newest = std::mem::take(&mut self.by_person);
        newest
            .values_mut()
            .for_each(|list| list.sort_by(|left, right| self.newest_first(*left, *right)));
        self.by_person = newest;
        let mut newest = std::mem::take(&mut self.terms);
        newest
            .values_mut()
            .flat_map(BTreeMap::values_mut)
            .for_each(|list| list.sort_by(|left, right| self.newest_first(*left, *right)));
        self.terms = newest;
        let mut newest = std::mem::take(&mut self.tags);
        newest
            .values_mut()
            .for_each(|list| list.sort_by(|left, right| self.newest_first(*left, *right)));
        self.tags = newest;
        let mut listed = std::mem::take(&mut self.listed);
        for (kind, list) in &mut listed {
            self.order(kind, list);
        }
        self.listed = listed;
        let mut children = std::mem::take(&mut self.children);
        for list in children.values_mut() {
            list.sort_by(|left, right| self.by_weight(*left, *right));
        }
        self.children = children;
        let mut referrers = std::mem::take(&mut self.referrers);
        for list in referrers.values_mut() {
            list.sort_by(|left, right| {
                self.newest_first(left.0, right.0)
                    .then_with(|| left.1.cmp(&right.1))
            });
            list.dedup();
        }
        self.referrers = referrers;
    }

    /// Enters a listed entry into every index.
    fn file_under(&mut self, ix: Ix) {
        let entry = &self.entries[ix.0 as usize];
        if let Some(parent) = entry.parent.as_ref().and_then(|parent| self.index.get(parent)) {
            self.children.entry(*parent).or_default().push(ix);
        }
        self.listed
            .entry(Arc::clone(&entry.id.kind))
            .or_default()
            .push(ix);
        for tag in &entry.tags {
            let list = self.tags.entry(tag.clone()).or_default();
            if list.last() != Some(&ix) {
                list.push(ix);
            }
        }
        let kind = &self.kinds[ix.0 as usize];
        for (name, value) in &entry.fields {
            let Some(field) = kind.field(name) else { continue };
            for value in value.items() {
                if let (Value::Term(term), Some(vocabulary)) = (value, &field.vocabulary) {
                    let terms = self.terms.entry(Box::from(vocabulary.as_str())).or_default();
                    let list = terms.entry(term.clone()).or_default();
                    if list.last() != Some(&ix) {
                        list.push(ix);
                    }
                }
            }
        }
        let authors: Vec<Ix> = self
            .authors(ix)
            .filter_map(|person| match person {
                Person::Entry(ix) => Some(ix),
                Person::Name(..) => None,
            })
            .collect();
        for person in authors {
            let list = self.by_person.entry(person).or_default();
            if list.last() != Some(&ix) {
                list.push(ix);
            }
        }
        let unit = self.unit_of(ix).map(|unit| unit.id.clone());
        let targets = self.field_targets(ix);
        // A unit's own entry is the unit itself, not something the unit published; a chapter is part of its course.
        if !self.is_unit(ix)
            && self.entry(ix).parent.is_none()
            && let Some(unit) = unit
        {
            self.by_unit.entry(unit).or_default().push(ix);
        }
        for (target, field) in targets {
            self.referrers.entry(target).or_default().push((ix, field));
        }
    }

    fn order(&self, kind: &str, list: &mut [Ix]) {
        let order = self
            .site
            .schema
            .kinds
            .get(kind)
            .map_or(Order::Newest, |kind| kind.order);
        match order {
            Order::Newest => list.sort_by(|left, right| self.newest_first(*left, *right)),
            Order::Weight => list.sort_by(|left, right| self.by_weight(*left, *right)),
            Order::Title => list.sort_by(|left, right| {
                let key = |ix: Ix| (&self.entry(ix).title, &self.entry(ix).id);
                key(*left).cmp(&key(*right))
            }),
            Order::Upcoming => list.sort_by_cached_key(|ix| self.upcoming(*ix)),
        }
    }

    fn by_weight(&self, left: Ix, right: Ix) -> std::cmp::Ordering {
        let key = |ix: Ix| (self.entry(ix).weight.unwrap_or(i64::MAX), &self.entry(ix).id);
        key(left).cmp(&key(right))
    }
}

fn status(site: &Site, entry: &Entry) -> Status {
    if site.aside.contains(&entry.path) || !site.drafts && site.unpublished(entry).is_some() {
        Status::Hidden
    } else if entry.withdrawn.is_some() {
        Status::Withdrawn
    } else {
        Status::Listed
    }
}

fn ranks(entries: &[Arc<Entry>]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..entries.len() as u32).collect();
    // Entries come ordered by id, and sorting by date keeps that order among equals.
    order.sort_by_key(|position| std::cmp::Reverse(entries[*position as usize].date));
    let mut ranks = vec![0; entries.len()];
    for (rank, position) in order.into_iter().enumerate() {
        ranks[position as usize] = rank as u32;
    }
    ranks
}

fn remove_duplicates(entries: &mut Vec<Arc<Entry>>, unread: &mut Arc<Unread>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    entries.dedup_by(|later, earlier| {
        let same = later.id == earlier.id;
        if same {
            let diagnostic = Diagnostic::new(Code::DuplicateId)
                .in_file(&later.path)
                .with("id", &later.id);
            diagnostics.push(diagnostic.with("other", &earlier.path));
            Arc::make_mut(unread).paths.insert(Arc::clone(&later.path));
        }
        same
    });
    diagnostics
}

fn case_collisions(entries: &[Arc<Entry>]) -> Vec<Diagnostic> {
    let mut seen: FxHashMap<(Arc<str>, String), &Entry> = FxHashMap::default();
    let mut diagnostics = Vec::new();
    for entry in entries {
        let key = (Arc::clone(&entry.id.kind), entry.id.name.to_lowercase());
        if let Some(other) = seen.insert(key, entry) {
            let diagnostic = Diagnostic::new(Code::CaseCollision)
                .in_file(&entry.path)
                .with("id", &entry.id);
            diagnostics.push(diagnostic.with("other", &other.path));
        }
    }
    diagnostics
}

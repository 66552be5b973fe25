//! How a catalog is made: entries are filed under everything by which they are found, and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::person::{People, Person};
use super::{Catalog, Files, Ix, Site, Status, Units, Unread};
use crate::content::{Entry, Kind, Moment, Order, Value};
use crate::diag::{self, Code, Diagnostic};
use crate::media::Memo;
use crate::name::segment;
use crate::world::{File, World};

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
            same_tag: FxHashMap::default(),
            withdrawn: Vec::new(),
            recommended: Vec::new(),
            by_unit: BTreeMap::new(),
            by_person: FxHashMap::default(),
            referrers: FxHashMap::default(),
            people: People::default(),
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

    /// What is wrong with the links and references of one entry.
    pub(crate) fn check_entry(&self, ix: Ix) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        self.check_references(ix, &mut diagnostics);
        self.check_items(ix, &mut diagnostics);
        self.check_links(ix, &mut diagnostics);
        diagnostics.extend(self.date_in_future(ix));
        diagnostics
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
        self.withdrawn = self.tombstones();
        self.recommended = self.latest_recommended();
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
        self.join_tags();
        let mut newest = std::mem::take(&mut self.tags);
        for list in newest.values_mut() {
            list.sort_by(|left, right| self.newest_first(*left, *right));
            list.dedup();
        }
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

    /// Makes one of tags that have one address, such as `CAD 2024` and `CAD-2024`, under the name that comes first.
    fn join_tags(&mut self) {
        let mut names: FxHashMap<String, Box<str>> = FxHashMap::default();
        for (tag, entries) in std::mem::take(&mut self.tags) {
            let name = names.entry(segment(&tag)).or_insert_with(|| tag.clone());
            self.tags.entry(name.clone()).or_default().extend(entries);
            if **name != *tag {
                self.same_tag.insert(tag, name.clone());
            }
        }
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

    fn latest_recommended(&self) -> Vec<Ix> {
        let known = self.iter().filter_map(|(ix, entry)| {
            let is_shown = self.status(ix) == Status::Listed && entry.parent.is_none();
            let (date, _) = is_shown.then(|| self.recommendation(ix)).flatten()?;
            Some((std::cmp::Reverse(date.date()), ix))
        });
        // Entries come ordered by id, and sorting keeps that order among equals.
        let mut known: Vec<_> = known.collect();
        known.sort_by_key(|(day, _)| *day);
        known.into_iter().map(|(_, ix)| ix).collect()
    }

    fn tombstones(&self) -> Vec<Ix> {
        let day = |entry: &Entry| entry.withdrawn.as_ref()?.date.map(Moment::date);
        let tombstones = self.iter().filter(|(ix, entry)| {
            self.status(*ix) == Status::Withdrawn && entry.withdrawn.is_some() && entry.parent.is_none()
        });
        let mut tombstones: Vec<Ix> = tombstones.map(|(ix, _)| ix).collect();
        // Entries come ordered by id, and sorting keeps that order among equals.
        tombstones.sort_by_key(|ix| std::cmp::Reverse(day(self.entry(*ix))));
        tombstones
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

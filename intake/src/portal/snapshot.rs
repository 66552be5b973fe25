//! What is published: kinds, units, entries, as of the last build that succeeded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jixia::catalog::Person;
use jixia::config::ReviewChain;
use jixia::content::{AMONG_RUBRIC, Attachment, Entry, Field, Kind, Rubric, Schema};
use jixia::pipeline::{Loaded, Neighbours, SetAside};
use jixia::world::Disk;

use super::aside::{self, Aside};
use super::known::{Known, Published, entry_in};
use crate::domain::merge::Fields;
use crate::domain::policy::Role;
use crate::domain::subject::Author;
use crate::domain::units::{Tree, Unit};
use crate::domain::working_days::Calendar;

/// What is published, as of the last build that succeeded.
pub struct Snapshot {
    pub(super) loaded: Loaded,
    pub(super) neighbours: Neighbours,
    pub(super) commit: String,
    pub(super) set_aside: Vec<Aside>,
    pub(super) damaged: Vec<Aside>,
    calendar: Calendar,
    /// The units.
    pub units: Tree,
}

/// The tree of units of a site.
pub(super) fn units_of(loaded: &Loaded) -> Tree {
    Tree::new(loaded.catalog.units.iter().map(|unit| Unit {
        id: unit.id.to_string(),
        name: unit.name.to_string(),
        level: unit.level,
        parent: unit.parent.as_deref().map(str::to_owned),
    }))
}

impl Snapshot {
    pub(super) fn new(
        world: &Disk,
        loaded: Loaded,
        commit: &str,
        (set_aside, damaged): (&[SetAside], &[SetAside]),
        before: impl Fn(&str) -> Option<Known>,
    ) -> Self {
        let set_aside = set_aside
            .iter()
            .map(|entry| Aside::of(entry, &loaded, &before))
            .collect();
        let damaged = damaged.iter().map(|entry| Aside {
            files_only: true,
            ..Aside::of(entry, &loaded, &before)
        });
        let damaged = damaged.collect();
        let units = units_of(&loaded);
        let neighbours = Neighbours::new(world, &loaded);
        let calendar = Calendar::shipped().with(&loaded.site().config.review.working_days);
        Self {
            calendar,
            loaded,
            neighbours,
            commit: commit.to_owned(),
            set_aside,
            damaged,
            units,
        }
    }

    /// Entries that are published without some of their files, whose bytes are damaged or gone.
    pub fn damaged(&self) -> &[Aside] {
        &self.damaged
    }

    /// The checksums of files that published entries have and no page offers.
    pub fn withheld(&self) -> BTreeSet<String> {
        self.loaded.catalog.files.withheld().map(str::to_owned).collect()
    }

    /// The commit that is published.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// When the portal changes next without an edit, milliseconds since 1970: something is published or expires, begins or
    /// ends.
    pub fn next_change(&self) -> Option<i64> {
        let next = self.loaded.catalog.next_difference();
        // Not before it: what a millisecond cuts off.
        next.map(|instant| instant.as_millisecond() + 1)
    }

    /// Entries that could not be published and are left out.
    pub fn set_aside(&self) -> &[Aside] {
        &self.set_aside
    }

    /// Those that an admin of a unit must hear of: the unit's own. The province hears of all, and alone of what nobody can
    /// tell the unit of.
    pub fn set_aside_for(&self, unit: &str) -> Vec<&Aside> {
        self.of_interest(&self.set_aside, unit)
    }

    /// The same of entries without some of their files.
    pub fn damaged_for(&self, unit: &str) -> Vec<&Aside> {
        self.of_interest(&self.damaged, unit)
    }

    fn of_interest<'a>(&self, entries: &'a [Aside], unit: &str) -> Vec<&'a Aside> {
        let is_province = self.units.get(unit).is_some_and(|unit| unit.parent.is_none());
        let entries = entries.iter();
        entries
            .filter(|aside| is_province || aside.unit == unit)
            .collect()
    }

    /// Kinds, vocabularies.
    pub fn schema(&self) -> &Schema {
        &self.loaded.site().schema
    }

    /// The portal's settings.
    pub fn config(&self) -> &jixia::config::Config {
        &self.loaded.site().config
    }

    /// The portal's time zone.
    pub fn zone(&self) -> &jiff::tz::TimeZone {
        &self.loaded.site().zone
    }

    /// Which days are worked.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The kinds of which somebody of a role may hand in changes. Pages belong to whoever runs the portal.
    pub fn kinds_for(&self, role: Role) -> Vec<&Arc<Kind>> {
        let mut kinds = self.schema().sections();
        kinds.retain(|kind| !kind.review.chain.is_empty());
        kinds.retain(|kind| role.runs_site() || !kind.nested);
        kinds.retain(|kind| role.is_admin() || self.is_for_teachers(kind));
        kinds
    }

    /// Those of which somebody of a role in a unit may begin new entries.
    pub fn kinds_begun_by(&self, role: Role, unit: &str) -> Vec<&Arc<Kind>> {
        let begun = self.begun_by(role, unit);
        begun.filter(|kind| !kind.nested).collect()
    }

    /// Those of which somebody of a role in a unit may begin pages, which stand at an address that is chosen.
    pub fn pages_begun_by(&self, role: Role, unit: &str) -> Vec<&Arc<Kind>> {
        let begun = self.begun_by(role, unit);
        begun.filter(|kind| kind.nested).collect()
    }

    fn begun_by(&self, role: Role, unit: &str) -> impl Iterator<Item = &Arc<Kind>> {
        let level = self.units.get(unit).map(|unit| unit.level);
        let kinds = self.kinds_for(role).into_iter();
        kinds.filter(move |kind| level.is_some_and(|level| kind.may_be_begun_by(level)))
    }

    /// Whether teachers submit a kind: as the settings say, or else as it says itself.
    fn is_for_teachers(&self, kind: &Kind) -> bool {
        let chosen = self.config().review.teachers.as_ref();
        chosen.map_or(kind.review.teachers, |kinds| kinds.contains(&kind.id))
    }

    /// The kind of an id.
    pub fn kind(&self, id: &str) -> Option<&Arc<Kind>> {
        self.schema().kinds.get(id)
    }

    /// The rubric by which a kind's submissions are scored. Returns `None` if they are not.
    pub fn rubric(&self, kind: &str) -> Option<&Rubric> {
        let id = self.config().review.rubric(self.kind(kind)?)?;
        self.schema().rubrics.get(id)
    }

    /// The chain that a kind's submissions go through.
    pub fn chain(&self, kind: &Kind) -> ReviewChain {
        self.config().review.chain(kind)
    }

    /// Published entries of a unit that somebody of a role can edit by a form: path, kind, title, whether they were taken down.
    pub fn entries_of_unit(&self, role: Role, unit: &str) -> Vec<(String, String, String, bool)> {
        let kinds = self.kinds_for(role);
        let catalog = &self.loaded.catalog;
        let of_unit = catalog.iter().filter(|(ix, entry)| {
            entry.unit.as_ref().is_some_and(|(id, _)| &**id == unit)
                || catalog.is_unit(*ix) && &*entry.id.name == unit
        });
        let editable = of_unit.filter(|(_, entry)| {
            let kind = kinds.iter().find(|kind| kind.id == *entry.id.kind);
            // What lies beside a page in its folder stays as it is.
            kind.is_some_and(|kind| !entry.folder || kind.nested || kind.children.is_some())
        });
        editable
            .map(|(_, entry)| {
                let (path, kind) = (entry.path.to_string(), entry.id.kind.to_string());
                (path, kind, entry.title.to_string(), entry.withdrawn.is_some())
            })
            .collect()
    }

    /// Published entries that a unit answers for: path and title.
    pub fn published_of(&self, unit: &str) -> Vec<(String, String)> {
        let of_unit = self.loaded.catalog.iter().filter(|(_, entry)| {
            let is_units = entry.unit.as_ref().is_some_and(|(id, _)| &**id == unit);
            is_units && entry.withdrawn.is_none()
        });
        of_unit
            .map(|(_, entry)| (entry.path.to_string(), entry.title.to_string()))
            .collect()
    }

    /// Published entries with the units that answer for them, and their authors' names in one text.
    pub fn published_by_units(&self) -> impl Iterator<Item = (Published, String)> {
        let whole = |(_, entry): &(_, &Entry)| entry.parent.is_none();
        self.loaded.catalog.iter().filter(whole).map(|(_, entry)| {
            let unit = entry.unit.as_ref().map_or(&*entry.id.name, |(unit, _)| unit);
            let authors: Vec<&str> = entry.authors.iter().map(|(author, _)| &**author).collect();
            let published = Published {
                path: entry.path.to_string(),
                title: entry.title.to_string(),
                unit: self.answering(unit).unwrap_or_default().to_owned(),
                is_withdrawn: entry.withdrawn.is_some(),
            };
            (published, authors.join(" "))
        })
    }

    /// The reason for which the entry in a file is down. Returns `None` if it is not.
    pub fn withdrawn_for(&self, path: &str) -> Option<String> {
        let catalog = &self.loaded.catalog;
        catalog
            .entry(catalog.at(path)?)
            .withdrawn
            .as_ref()
            .map(|withdrawn| withdrawn.reason.to_string())
    }

    /// Ids and labels of a vocabulary.
    pub fn terms(&self, vocabulary: &str) -> Vec<(String, String)> {
        let vocabulary = self.schema().vocabularies.get(vocabulary);
        let terms = vocabulary.into_iter().flat_map(|vocabulary| &vocabulary.terms);
        terms.map(|term| (term.id.clone(), term.label.clone())).collect()
    }

    /// Whether a vocabulary has a term.
    pub fn has_term(&self, vocabulary: &str, term: &str) -> bool {
        self.terms(vocabulary).iter().any(|(id, _)| id == term)
    }

    /// The published entry in a file, or the one that is set aside: kind, title and the unit that answers for it.
    pub fn entry_at(&self, path: &str) -> Option<Known> {
        entry_in(&self.loaded, path).or_else(|| aside::known(&self.set_aside, path))
    }

    /// When the entry in a file becomes public by itself, milliseconds since 1970. Returns `None` if it is public, or does
    /// not by itself.
    pub fn scheduled_at(&self, path: &str) -> Option<i64> {
        let catalog = &self.loaded.catalog;
        let ix = catalog.at(path)?;
        let entry = catalog.entry(ix);
        let is_scheduled = catalog.unpublished(ix) == Some(jixia::catalog::Unpublished::Scheduled);
        let begins = entry.publish_at.filter(|_| is_scheduled)?;
        Some(begins.starts(self.zone()).as_millisecond())
    }

    /// The address of the entry in a file, below the portal's root.
    pub fn url_of(&self, path: &str) -> String {
        let rest = path.trim_start_matches("content/").trim_end_matches(".md");
        let rest = rest.strip_suffix("/index").unwrap_or(rest);
        let Some((section, inside)) = rest.split_once('/') else {
            return "/".to_owned();
        };
        let kind = self.schema().kind_of_section(section);
        // Folders of years are no part of an address; those of pages are.
        let name = if kind.is_some_and(|kind| kind.nested) {
            inside
        } else {
            inside.rsplit('/').next().unwrap_or(inside)
        };
        format!("/{section}/{name}/")
    }

    /// As [`Self::entry_at`]; what no unit is known to answer for is the province's.
    pub fn entry_to_edit(&self, path: &str) -> Option<Known> {
        let (kind, title, unit) = self.entry_at(path)?;
        Some((kind, title, self.answering(&unit)?.to_owned()))
    }

    /// The unit of an id, or the province where there is none.
    fn answering(&self, unit: &str) -> Option<&str> {
        let province = || self.units.iter().find(|unit| unit.parent.is_none());
        let unit = self.units.get(unit).or_else(province)?;
        Some(&unit.id)
    }

    /// Ids and titles of published entries of some kinds, for references; of all when `kinds` is empty.
    pub fn references(&self, kinds: &[String]) -> Vec<(String, String)> {
        let entries = self.loaded.catalog.iter();
        let wanted = entries.filter(|(_, entry)| kinds.iter().any(|kind| **kind == *entry.id.kind));
        wanted
            .map(|(_, entry)| (entry.id.name.to_string(), entry.title.to_string()))
            .collect()
    }

    /// The people of a unit who have an entry: id and name. Of two with one name the name says which.
    pub fn people_of(&self, unit: &str) -> Vec<(String, String)> {
        let catalog = &self.loaded.catalog;
        let kinds = catalog.person_kinds().iter();
        let people = kinds.flat_map(|kind| catalog.listed(kind)).copied();
        let of_unit: Vec<_> = people
            .filter(|ix| catalog.unit_of(*ix).is_some_and(|known| &*known.id == unit))
            .map(|ix| catalog.entry(ix))
            .collect();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in &of_unit {
            *names.entry(&entry.title).or_default() += 1;
        }
        of_unit
            .iter()
            .map(|entry| match names.get(&*entry.title) {
                Some(1) => (entry.id.to_string(), entry.title.to_string()),
                _ => (entry.id.to_string(), format!("{}（{}）", entry.title, entry.id)),
            })
            .collect()
    }

    /// How the author of that name in a unit is written: by the id of their entry if they have one.
    pub fn author(&self, name: &str, unit: &str) -> String {
        match self.loaded.catalog.person(name, Some(unit)) {
            Person::Entry(ix) => self.loaded.catalog.entry(ix).id.to_string(),
            Person::Name(..) => name.to_owned(),
        }
    }

    /// Who an author is, as the fields name them: by name, or by the id of their entry.
    pub fn author_named(&self, text: &str) -> Author {
        let catalog = &self.loaded.catalog;
        let found = catalog.refer(text, catalog.person_kinds());
        match found.filter(|_| text.contains('/')) {
            Some(ix) => Author {
                name: catalog.entry(ix).title.to_string(),
                unit: catalog.unit_of(ix).map(|unit| unit.id.to_string()),
            },
            None => Author {
                name: text.trim().to_owned(),
                unit: None,
            },
        }
    }

    /// A person's name as reviewers read it; with the id that stands for it.
    pub fn person_name(&self, text: &str) -> String {
        let catalog = &self.loaded.catalog;
        let found = catalog.refer(text, catalog.person_kinds());
        match found.filter(|_| text.contains('/')) {
            Some(ix) => format!("{}（{text}）", catalog.entry(ix).title),
            None => text.to_owned(),
        }
    }

    /// The items that a field may name, each with what it is: of the entry that the reference beside it names, of all
    /// that it may name until one is chosen, of a list of the same content, or what has a name in the kind's rubric.
    pub fn items(
        &self,
        kind: &Kind,
        fields: &Fields,
        record: Option<(&Field, &serde_json::Value)>,
        field: &Field,
    ) -> Vec<(String, String)> {
        let Some(among) = field.among.as_deref() else {
            return Vec::new();
        };
        if among == AMONG_RUBRIC {
            let names = self.rubric(&kind.id).into_iter().flat_map(Rubric::names);
            return names.map(|name| (name.to_owned(), String::new())).collect();
        }
        let (beside, list) = match among.split_once('.') {
            Some((beside, list)) => (beside, Some(list)),
            None => (among, None),
        };
        let in_record = record.and_then(|(outer, row)| {
            let declared = outer.fields.iter().find(|known| known.name == beside)?;
            Some((declared, row.get(beside)))
        });
        let in_kind = || Some((kind.field(beside)?, fields.get(beside)));
        let Some((declared, value)) = in_record.or_else(in_kind) else {
            return Vec::new();
        };
        let Some(list) = list else {
            let texts = value.and_then(serde_json::Value::as_array).into_iter().flatten();
            let texts = texts.filter_map(serde_json::Value::as_str);
            return texts.map(|text| (text.to_owned(), String::new())).collect();
        };
        let catalog = &self.loaded.catalog;
        let chosen = value.and_then(serde_json::Value::as_str);
        match chosen.and_then(|text| catalog.refer(text, &declared.kinds)) {
            Some(ix) => catalog.items(ix, list),
            None => {
                let listed = declared.kinds.iter().flat_map(|kind| catalog.listed(kind));
                let of_each = listed.flat_map(|ix| {
                    let title = &catalog.entry(*ix).title;
                    let items = catalog.items(*ix, list).into_iter();
                    items.map(move |(item, about)| (item, format!("{title} {about}").trim().to_owned()))
                });
                of_each.collect()
            }
        }
    }

    /// Published entries whose title has the same letters, whatever stands between them: path and title.
    pub fn alike(&self, title: &str) -> Vec<(String, String)> {
        // Compared letter by letter: nearly every title differs in its first.
        fn letters(text: &str) -> impl Iterator<Item = char> {
            let kept = text.chars().filter(|character| character.is_alphanumeric());
            kept.flat_map(char::to_lowercase)
        }
        let entries = self.loaded.catalog.iter();
        entries
            .filter(|(_, entry)| letters(&entry.title).eq(letters(title)))
            .map(|(_, entry)| (entry.path.to_string(), entry.title.to_string()))
            .collect()
    }

    /// Published entries with a file of these bytes: path and title.
    pub fn using(&self, sha256: &str) -> Vec<(String, String)> {
        let entries = self.loaded.catalog.iter();
        entries
            .filter(|(_, entry)| entry.files().any(|file| file.sha256.as_deref() == Some(sha256)))
            .map(|(_, entry)| (entry.path.to_string(), entry.title.to_string()))
            .collect()
    }

    /// The checksums of all files of published entries.
    pub fn checksums(&self) -> BTreeSet<String> {
        let entries = self.loaded.catalog.iter();
        let files = entries.flat_map(|(_, entry)| entry.files().flat_map(Attachment::with_poster));
        files
            .filter_map(|file| file.sha256.as_deref().map(str::to_owned))
            .collect()
    }

    /// Entries there are.
    pub fn count(&self) -> usize {
        self.loaded.catalog.iter().count()
    }
}

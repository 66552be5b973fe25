//! An entry's page: what every kind shows, and in submodules what only some do.

mod extra;
mod fields;
mod history;
mod media;
mod scores;
mod standing;

use jixia_markdown::Heading;
use serde::Serialize;

use super::entry::EntryPage;
use super::view::{DateView, EntryList, FileView, Link, MaybeLink, Picture, StateView};
use super::{BodyRef, Family, HtmlView, Meta, Planner, View};
use crate::catalog::{Catalog, Ix, Person, Status, Unpublished};
use crate::content::{Entry, Order, Value, Withdrawal};

pub(super) use extra::ExtraView;
pub(super) use fields::{RowView, TableView};
pub(super) use history::HistoryView;

/// An entry's page.
#[derive(Debug, Clone, Serialize)]
pub struct DetailView {
    /// Id, `kind/name`.
    pub id: String,
    pub kind: String,
    pub kind_label: String,
    pub section: Link,
    pub title: String,
    /// Summary as written, or empty.
    pub summary: String,
    pub date: Option<DateView>,
    /// Date of the last change.
    pub updated: Option<DateView>,
    /// Publishing unit, linked if it has a page.
    pub unit: Option<MaybeLink>,
    pub city: Option<Link>,
    /// Authors, linked where they have a profile.
    pub authors: Vec<MaybeLink>,
    /// The leader who signed off.
    pub signed_off_by: Option<String>,
    /// Where it was taken from.
    pub source: Option<String>,
    pub rights: Option<String>,
    pub tags: Vec<MaybeLink>,
    pub category: Option<MaybeLink>,
    /// State of a project, platform, selection or span of time.
    pub state: Option<StateView>,
    /// The unit above that recommended it.
    pub recommended: Option<String>,
    /// Until when one can apply.
    pub deadline: Option<String>,
    /// Whether that is over.
    pub deadline_passed: Option<bool>,
    pub cover: Option<Picture>,
    /// The file shown first.
    pub main_file: Option<FileView>,
    /// Files to download.
    pub attachments: Vec<FileView>,
    /// Names of attachments that are damaged or gone, in whose place the page says so.
    pub damaged_files: Vec<String>,
    /// Own fields with short values, in the order of the declaration.
    pub rows: Vec<RowView>,
    /// Own fields with long texts.
    pub texts: Vec<RowView>,
    /// Own fields that are lists of records.
    pub tables: Vec<TableView>,
    /// Every own field by name.
    pub fields: std::collections::BTreeMap<String, RowView>,
    /// Headings of the body.
    pub toc: Vec<TocItem>,
    /// Characters and words of the body.
    pub characters: u32,
    /// Minutes to read it.
    pub minutes: u32,
    /// Whether there is a body.
    pub has_body: bool,
    /// Whether it plays video or audio, in its body or before it.
    pub plays: bool,
    /// Pictures in the body.
    pub pictures: usize,
    /// Earlier versions of the entry, when the site shows them.
    pub history: Option<HistoryView>,
    /// `draft`, `scheduled` or `expired` when only a preview shows it.
    pub unpublished: Option<Unpublished>,
    /// That it was taken down; then nothing else is shown.
    pub withdrawn: Option<WithdrawnView>,
    /// The entry that this one was replaced by.
    pub replaced_by: Option<Link>,
    /// Neighbours in the section, series or course.
    pub previous: Option<Link>,
    /// Neighbours in the section, series or course.
    pub next: Option<Link>,
    /// The series it belongs to.
    pub series: Option<SeriesView>,
    /// What belongs to this entry: a school's news, a project's results.
    pub lists: Vec<EntryList>,
    /// What a reader may want next.
    pub related: Vec<RelatedView>,
    /// What only this kind has.
    pub extra: ExtraView,
}

/// A heading of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TocItem {
    /// 2 to 6.
    pub level: u8,
    /// Anchor.
    pub id: String,
    pub text: String,
}

impl From<&Heading> for TocItem {
    fn from(heading: &Heading) -> Self {
        Self {
            level: heading.level,
            id: heading.id.clone(),
            text: heading.text.clone(),
        }
    }
}

/// Why and when an entry was taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithdrawnView {
    pub reason: String,
    /// Day.
    pub date: Option<String>,
    /// What the public is told besides.
    pub note: Option<String>,
    /// The entry to read instead.
    pub replaced_by: Option<Link>,
}

/// A series in its order.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesView {
    /// The series, linked to its page.
    pub link: MaybeLink,
    /// Position of this entry, from 1.
    pub position: usize,
    /// Entries in their order.
    pub entries: Vec<Link>,
}

/// An entry that a reader may want next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelatedView {
    pub url: String,
    pub title: String,
    pub kind_label: String,
    /// Day.
    pub date: Option<DateView>,
}

/// Entries of one list on another entry's page.
const MOST_LISTED: usize = 12;
/// Related entries.
const MOST_RELATED: usize = 6;

impl Family for EntryPage {
    type Shows = DetailView;

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        catalog.visible().map(Self).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<DetailView> {
        planner.detail(self.0)
    }

    fn entry(&self) -> Option<Ix> {
        Some(self.0)
    }

    fn shows_body(&self) -> bool {
        true
    }

    fn is_listed(&self, catalog: &Catalog) -> bool {
        catalog.status(self.0) == Status::Listed
    }
}

impl Planner<'_> {
    /// An entry's page; of a withdrawn entry, its tombstone.
    fn detail(&self, ix: Ix) -> View<DetailView> {
        let (entry, kind) = (self.catalog.entry(ix), self.catalog.kind(ix));
        let page = self.detail_view(ix);
        let is_withdrawn = page.withdrawn.is_some();
        let template = if is_withdrawn {
            "withdrawn.html"
        } else {
            kind.templates.detail.as_str()
        };
        let template = if template.is_empty() {
            "page.html"
        } else {
            template
        };
        let has_body = page.has_body && !is_withdrawn;
        View::Html(Box::new(HtmlView {
            template: template.to_owned(),
            meta: self.entry_meta(ix, &page),
            breadcrumbs: self.entry_breadcrumbs(ix),
            body: has_body.then(|| BodyRef {
                ix,
                title: entry.title.clone(),
                targets: self.targets(ix),
            }),
            page: DetailView {
                title: entry.title.to_string(),
                ..page
            },
        }))
    }

    fn detail_view(&self, ix: Ix) -> DetailView {
        let entry = self.catalog.entry(ix);
        if self.catalog.status(ix) == Status::Withdrawn {
            return self.tombstone(ix);
        }
        let (previous, next) = self.neighbours(ix);
        let (rows, texts, tables, fields) = self.field_rows(ix);
        let facts = &entry.facts;
        let main_file = self.main_file(entry);
        let attachments = entry
            .attachments
            .iter()
            .filter_map(|attachment| self.file(entry, attachment))
            .collect();
        let damaged = entry.files().filter(|file| {
            let sha256 = file.sha256.as_deref();
            sha256.is_some_and(|sha256| self.catalog.files.is_withheld(entry, sha256))
        });
        DetailView {
            damaged_files: damaged.map(|file| file.name.to_string()).collect(),
            summary: entry.summary.as_deref().unwrap_or_default().to_owned(),
            updated: entry.updated.map(|updated| self.date(updated)),
            unit: self
                .catalog
                .unit_of(ix)
                .filter(|unit| *unit.name != *entry.title)
                .map(|unit| self.unit_link(unit)),
            city: self
                .catalog
                .city_of(ix)
                .filter(|city| self.catalog.has_city(city))
                .and_then(|city| self.term_link("city", city).linked()),
            authors: self
                .catalog
                .authors(ix)
                .map(|person| self.person_link(person))
                .collect(),
            signed_off_by: entry.signed_off_by.as_deref().map(str::to_owned),
            source: entry.source.as_deref().map(str::to_owned),
            rights: entry.rights.as_deref().map(str::to_owned),
            tags: entry.tags.iter().map(|tag| self.tag_link(tag)).collect(),
            category: self.category(ix),
            state: self.state(ix),
            recommended: self.recommended_by(ix),
            deadline: self
                .catalog
                .kind(ix)
                .abilities
                .deadline
                .as_deref()
                .and_then(|name| self.catalog.moment(ix, name))
                .map(|moment| moment.to_string()),
            deadline_passed: self.catalog.deadline_passed(ix),
            cover: self.cover(entry),
            plays: media::plays(facts, main_file.as_ref()),
            main_file,
            attachments,
            rows,
            texts,
            tables,
            fields,
            toc: facts.headings.iter().map(TocItem::from).collect(),
            characters: facts.counts.characters + facts.counts.words,
            minutes: facts.counts.minutes,
            has_body: entry.body.end > entry.body.start,
            pictures: media::pictures(facts),
            history: self.history(ix),
            replaced_by: self.replacement(ix),
            previous,
            next,
            series: self.series(ix),
            lists: self.belonging(ix),
            related: self.related(ix),
            extra: self.extra(ix),
            ..self.bare(ix)
        }
    }

    /// What even a tombstone shows.
    fn bare(&self, ix: Ix) -> DetailView {
        let (entry, kind) = (self.catalog.entry(ix), self.catalog.kind(ix));
        DetailView {
            id: entry.id.to_string(),
            kind: kind.id.clone(),
            kind_label: kind.label(&self.texts.language).to_owned(),
            section: self.section_of(ix),
            title: entry.title.to_string(),
            summary: String::new(),
            date: entry.date.map(|date| self.date(date)),
            updated: None,
            unit: None,
            city: None,
            authors: Vec::new(),
            signed_off_by: None,
            source: None,
            rights: None,
            tags: Vec::new(),
            category: None,
            state: None,
            recommended: None,
            deadline: None,
            deadline_passed: None,
            cover: None,
            main_file: None,
            attachments: Vec::new(),
            damaged_files: Vec::new(),
            rows: Vec::new(),
            texts: Vec::new(),
            tables: Vec::new(),
            fields: std::collections::BTreeMap::new(),
            toc: Vec::new(),
            characters: 0,
            minutes: 0,
            has_body: false,
            plays: false,
            pictures: 0,
            history: None,
            unpublished: self.catalog.unpublished(ix),
            withdrawn: None,
            replaced_by: None,
            previous: None,
            next: None,
            series: None,
            lists: Vec::new(),
            related: Vec::new(),
            extra: ExtraView::default(),
        }
    }

    /// Why an entry was taken down. A chapter of a withdrawn course has no reason of its own: its course says why.
    pub(super) fn withdrawal(&self, ix: Ix) -> Option<&Withdrawal> {
        let entry = self.catalog.entry(ix);
        let parent = || self.catalog.find(entry.parent.as_ref()?);
        let own = entry.withdrawn.as_ref();
        own.or_else(|| self.catalog.entry(parent()?).withdrawn.as_ref())
    }

    fn tombstone(&self, ix: Ix) -> DetailView {
        let withdrawn = self.withdrawal(ix).map(|withdrawal| WithdrawnView {
            reason: self.term_label("takedown-reason", &withdrawal.reason),
            date: withdrawal.date.map(|date| date.to_string()),
            note: withdrawal.note.as_deref().map(str::to_owned),
            replaced_by: withdrawal
                .replaced_by
                .as_ref()
                .and_then(|(target, _)| self.catalog.refer(target, &[]))
                .and_then(|target| self.visible_link(target)),
        });
        DetailView {
            withdrawn,
            ..self.bare(ix)
        }
    }

    /// A link to an entry that has a page.
    pub(super) fn visible_link(&self, ix: Ix) -> Option<Link> {
        (self.catalog.status(ix) != Status::Hidden).then(|| self.entry_link(ix))
    }

    pub(super) fn entry_link(&self, ix: Ix) -> Link {
        Link {
            label: self.catalog.entry(ix).title.to_string(),
            url: self.entry_url(ix),
        }
    }

    fn section_of(&self, ix: Ix) -> Link {
        let entry = self.catalog.entry(ix);
        let owner = entry
            .parent
            .as_ref()
            .map_or(&entry.id.kind, |parent| &parent.kind);
        match self.catalog.site.schema.kinds.get(&**owner) {
            Some(kind) => self.section_link(kind),
            None => self.home_link(),
        }
    }

    fn entry_breadcrumbs(&self, ix: Ix) -> Vec<Link> {
        let entry = self.catalog.entry(ix);
        let mut breadcrumbs = vec![self.home_link(), self.section_of(ix)];
        if let Some(parent) = entry.parent.as_ref().and_then(|parent| self.catalog.find(parent)) {
            breadcrumbs.push(self.entry_link(parent));
        }
        breadcrumbs
    }

    /// Somebody's name, linked if they have a page.
    pub(super) fn person_link(&self, person: Person<'_>) -> MaybeLink {
        let url = match person {
            Person::Entry(ix) => self.visible_link(ix).map(|link| link.url),
            Person::Name(..) => None,
        };
        MaybeLink {
            label: self.catalog.name_of(person).to_owned(),
            url,
        }
    }

    /// Somebody whom a field of an entry, or of a record in it, names.
    pub(super) fn person(&self, entry: &Entry, record: Option<&Value>, text: &str) -> MaybeLink {
        let unit = self.catalog.unit_of_record(entry, record);
        self.person_link(self.catalog.person(text, unit))
    }

    /// What the authors of an entry are called.
    pub fn author_names(&self, ix: Ix) -> Vec<String> {
        let authors = self.catalog.authors(ix);
        authors
            .map(|person| self.catalog.name_of(person).to_owned())
            .collect()
    }

    fn category(&self, ix: Ix) -> Option<MaybeLink> {
        let vocabulary = self.catalog.kind(ix).field("category")?.vocabulary.as_deref()?;
        self.catalog
            .entry(ix)
            .text("category")
            .map(|term| self.term_link(vocabulary, term))
    }

    fn replacement(&self, ix: Ix) -> Option<Link> {
        let entry = self.catalog.entry(ix);
        let target = self.catalog.refer(
            entry.text("replaced_by")?,
            std::slice::from_ref(&entry.id.kind.to_string()),
        )?;
        self.visible_link(target)
    }

    /// The entries before and after: in the course, the series, or the section.
    fn neighbours(&self, ix: Ix) -> (Option<Link>, Option<Link>) {
        let entry = self.catalog.entry(ix);
        let parent = entry.parent.as_ref().and_then(|parent| self.catalog.find(parent));
        let series = entry.text("series").map(|series| self.in_series(series));
        // In lists that run newest first, the next one to read is the newer.
        let newest_first = self.catalog.kind(ix).order == Order::Newest;
        let owned: Vec<Ix>;
        let (list, reversed) = match (parent, series) {
            (Some(parent), _) => (self.catalog.children(parent), false),
            (None, Some(series)) => {
                owned = series;
                (owned.as_slice(), false)
            }
            (None, None) => (self.catalog.listed(&entry.id.kind), newest_first),
        };
        let Some(position) = self.position(list, ix, reversed) else {
            return (None, None);
        };
        let link = |position: Option<usize>| {
            position
                .and_then(|at| list.get(at))
                .map(|other| self.entry_link(*other))
        };
        let (before, after) = (position.checked_sub(1), position.checked_add(1));
        if reversed {
            (link(after), link(before))
        } else {
            (link(before), link(after))
        }
    }

    /// A section's list is ordered newest first, so an entry is found by halving; other lists are short.
    fn position(&self, list: &[Ix], ix: Ix, by_date: bool) -> Option<usize> {
        if by_date {
            list.binary_search_by(|other| self.catalog.newest_first(*other, ix))
                .ok()
        } else {
            list.iter().position(|other| *other == ix)
        }
    }

    fn in_series(&self, series: &str) -> Vec<Ix> {
        let mut entries = self.catalog.with_term("series", series).to_vec();
        entries.sort_by_key(|ix| {
            let entry = self.catalog.entry(*ix);
            (entry.weight.unwrap_or(i64::MAX), entry.date, entry.id.clone())
        });
        entries
    }

    fn series(&self, ix: Ix) -> Option<SeriesView> {
        let series = self.catalog.entry(ix).text("series")?;
        let entries = self.in_series(series);
        let position = entries.iter().position(|other| *other == ix)? + 1;
        Some(SeriesView {
            link: self.term_link("series", series),
            position,
            entries: entries.into_iter().map(|other| self.entry_link(other)).collect(),
        })
    }

    fn related(&self, ix: Ix) -> Vec<RelatedView> {
        if self.catalog.entry(ix).parent.is_some() || !self.catalog.kind(ix).abilities.related {
            return Vec::new();
        }
        let related = self.catalog.related(ix, MOST_RELATED).into_iter();
        related.map(|other| self.related_view(other)).collect()
    }

    fn related_view(&self, ix: Ix) -> RelatedView {
        let link = self.entry_link(ix);
        RelatedView {
            url: link.url,
            title: link.label,
            kind_label: self.catalog.kind(ix).label(&self.texts.language).to_owned(),
            date: self.catalog.entry(ix).date.map(|date| self.date(date)),
        }
    }

    /// What belongs to a unit, a person or whatever gathers entries, by kind.
    fn belonging(&self, ix: Ix) -> Vec<EntryList> {
        let entry = self.catalog.entry(ix);
        let abilities = &self.catalog.kind(ix).abilities;
        let mut entries: Vec<Ix> = if abilities.unit.is_some() {
            self.catalog.of_unit(&entry.id.name).to_vec()
        } else if abilities.person {
            self.catalog.of_person(ix).to_vec()
        } else if abilities.gathers {
            Vec::new()
        } else {
            return Vec::new();
        };
        entries.extend(self.catalog.referrers(ix).iter().map(|(other, _)| *other));
        entries.sort_by(|left, right| self.catalog.newest_first(*left, *right));
        entries.dedup();
        entries.retain(|other| *other != ix && self.catalog.entry(*other).parent.is_none());
        self.by_kind(&entries)
    }

    /// Sorts entries into lists by kind, in the order of the kinds' sections.
    pub(super) fn by_kind(&self, entries: &[Ix]) -> Vec<EntryList> {
        let kinds = self.catalog.site.schema.sections().into_iter();
        let lists = kinds.filter_map(|kind| {
            let of_kind: Vec<Ix> = entries
                .iter()
                .copied()
                .filter(|ix| *self.catalog.entry(*ix).id.kind == *kind.id)
                .collect();
            (!of_kind.is_empty()).then(|| EntryList {
                kind: kind.id.clone(),
                key_fact: kind.abilities.key_fact,
                title: kind.label(&self.texts.language).to_owned(),
                count: of_kind.len(),
                entries: of_kind
                    .iter()
                    .take(MOST_LISTED)
                    .map(|other| self.card(*other))
                    .collect(),
            })
        });
        lists.collect()
    }

    fn entry_meta(&self, ix: Ix, page: &DetailView) -> Meta {
        let entry = self.catalog.entry(ix);
        let is_withdrawn = page.withdrawn.is_some();
        let description = if is_withdrawn { "" } else { entry.summary() };
        let mut meta = Meta {
            og_type: "article",
            image: page.cover.as_ref().map(|cover| self.absolute(&cover.url)),
            noindex: is_withdrawn || page.unpublished.is_some(),
            column_name: Some(page.section.label.clone()),
            column_type: Some(page.kind_label.clone()),
            article_title: Some(page.title.clone()),
            publication_date: entry.date.map(|date| date.to_string()),
            content_source: page
                .source
                .clone()
                .or_else(|| page.unit.as_ref().map(|unit| unit.label.clone())),
            authors: page.authors.iter().map(|author| author.label.clone()).collect(),
            keywords: page.tags.iter().map(|tag| tag.label.clone()).collect(),
            published: entry.date.map(|date| date.rfc3339(&self.catalog.site.zone)),
            modified: entry.updated.map(|date| date.rfc3339(&self.catalog.site.zone)),
            ..self.meta(&EntryPage(ix), &page.title, description)
        };
        if self.catalog.site.config.output.json_ld && !is_withdrawn {
            meta.json_ld = self.json_ld(ix, page, &meta);
        }
        meta
    }
}

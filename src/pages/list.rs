//! Lists of entries: sections, years, terms, tags, units; and lists of words.

use std::collections::BTreeMap;

use jixia_markdown::MediaKind;
use serde::Serialize;

use super::view::{
    Card, Counted, DateView, DeadlineView, FacetView, FileView, Link, MaybeLink, Pager, SharedCard,
    StateView, TrackView, size_text,
};
use super::{HtmlView, Meta, PageView, Planner, Route, View};
use crate::catalog::{CatalogUnit, Destination, Ix, Period, Status, numbered_pages};
use crate::content::{Attachment, Entry, FieldType, Kind, Level, Moment, Order, Value};
use crate::media;

/// A list of entries.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    /// Heading.
    pub title: String,
    /// Kind id, when all entries are of one kind.
    pub kind: Option<String>,
    /// Entries.
    pub entries: Vec<SharedCard>,
    /// How many there are in all; on the newest page only, so that older pages stay as they are.
    pub count: Option<usize>,
    /// Newer and older pages.
    pub pager: Pager,
    /// The list by year.
    pub years: Vec<Counted>,
    /// What the list can be narrowed to.
    pub facets: Vec<FacetView>,
    /// The file that says which entries have which value of a facet.
    pub facets_file: Option<String>,
    /// The list as a table to download.
    pub register: Option<String>,
    /// The feed of the list.
    pub feed: Option<String>,
    /// Whether this is the page with the newest entries.
    pub newest: bool,
    /// Whether readers may turn the order of days round.
    pub sortable: bool,
}

/// A list of words that lead to lists: tags, a vocabulary.
#[derive(Debug, Clone, Serialize)]
pub struct WordsView {
    /// Heading.
    pub title: String,
    /// Words.
    pub words: Vec<Counted>,
}

/// Which part of a list a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The newest entries.
    Newest,
    /// A full page, numbered from the oldest, from 1.
    Numbered(usize),
}

impl Planner<'_> {
    /// Cuts the entries that a page shows out of a list that is ordered newest first.
    fn cut<'e>(&self, entries: &'e [Ix], part: Part) -> &'e [Ix] {
        let size = self.catalog.site.config.lists.page_size;
        match part {
            Part::Newest => &entries[..entries.len() - numbered_pages(entries.len(), size) * size],
            Part::Numbered(number) => {
                let end = entries.len() - (number - 1) * size;
                &entries[end - size..end]
            }
        }
    }

    fn pager(&self, entries: usize, part: Part, newest: &Route, numbered: impl Fn(usize) -> Route) -> Pager {
        let pages = numbered_pages(entries, self.catalog.site.config.lists.page_size);
        match part {
            Part::Newest => Pager {
                newer: None,
                older: (pages > 0).then(|| self.url(&numbered(pages))),
            },
            Part::Numbered(number) => Pager {
                newer: Some(if number == pages {
                    self.url(newest)
                } else {
                    self.url(&numbered(number + 1))
                }),
                older: (number > 1).then(|| self.url(&numbered(number - 1))),
            },
        }
    }

    /// The heading of a page of a list: numbered pages say their number, so that no two titles are the same.
    fn heading(&self, title: &str, part: Part) -> String {
        match part {
            Part::Newest => title.to_owned(),
            Part::Numbered(number) => {
                let numbered = self.texts.get("page.numbered");
                numbered
                    .replace("{n}", &number.to_string())
                    .replace("{title}", title)
            }
        }
    }

    /// What a page of a list is about; the newest alone says how many entries there are, so that the older stay.
    fn list_about(&self, heading: &str, part: Part, entries: usize) -> String {
        match part {
            Part::Newest => {
                let about = self.texts.get("page.list_about");
                about
                    .replace("{n}", &entries.to_string())
                    .replace("{title}", heading)
            }
            Part::Numbered(_) => heading.to_owned(),
        }
    }

    /// A page of a section.
    pub(super) fn section(&self, kind: &Kind, part: Part) -> View {
        let entries = self.catalog.listed(&kind.id);
        let title = kind.label(&self.texts.language).to_owned();
        let newest = Route::Section(kind.section.clone());
        let route = match part {
            Part::Newest => newest.clone(),
            Part::Numbered(number) => Route::SectionPage(kind.section.clone(), number),
        };
        let feed = self
            .section_has_feed(kind)
            .then(|| self.url(&Route::SectionFeed(kind.section.clone())));
        let is_newest = part == Part::Newest;
        let heading = self.heading(&title, part);
        let list = ListView {
            title: heading.clone(),
            kind: Some(kind.id.clone()),
            entries: self.cut(entries, part).iter().map(|ix| self.card(*ix)).collect(),
            count: is_newest.then_some(entries.len()),
            pager: self.pager(entries.len(), part, &newest, |number| {
                Route::SectionPage(kind.section.clone(), number)
            }),
            years: Vec::new(),
            facets: if is_newest { self.facets(kind) } else { Vec::new() },
            facets_file: (is_newest && self.has_facets(kind))
                .then(|| self.url(&Route::SectionFacets(kind.section.clone()))),
            register: (is_newest && self.catalog.has_register(&kind.id))
                .then(|| self.url(&Route::SectionRegister(kind.section.clone(), kind.id.clone()))),
            feed: feed.clone(),
            newest: is_newest,
            sortable: kind.order != Order::Upcoming,
        };
        let meta = Meta {
            feed,
            column_name: Some(title.clone()),
            column_type: Some(title.clone()),
            ..self.meta(&route, &heading, &self.list_about(&heading, part, entries.len()))
        };
        self.list_page(&kind.templates.list, meta, vec![self.home_link()], list)
    }

    /// A section's entries of one year.
    pub(super) fn year(&self, kind: &Kind, year: i16) -> View {
        let entries = self.catalog.listed(&kind.id).iter();
        let of_year = entries.filter(|ix| {
            self.catalog
                .entry(**ix)
                .date
                .is_some_and(|date| date.date().year() == year)
        });
        let title = format!("{} {year}", kind.label(&self.texts.language));
        let list = ListView {
            title: title.clone(),
            kind: Some(kind.id.clone()),
            entries: of_year.map(|ix| self.card(*ix)).collect(),
            count: None,
            pager: Pager::default(),
            years: self.years(kind),
            facets: Vec::new(),
            facets_file: None,
            register: None,
            feed: None,
            newest: false,
            sortable: kind.order != Order::Upcoming,
        };
        let meta = self.meta(&Route::Year(kind.section.clone(), year), &title, &title);
        let breadcrumbs = vec![self.home_link(), self.section_link(kind)];
        self.list_page(&kind.templates.list, meta, breadcrumbs, list)
    }

    /// A page of everything that carries a word. Entries that are all of one `kind` are shown as its section shows them.
    pub(super) fn word(
        &self,
        (title, above): (&str, Link),
        entries: &[Ix],
        part: Part,
        (newest, numbered): (Route, &dyn Fn(usize) -> Route),
        kind: Option<&Kind>,
    ) -> View {
        let route = match part {
            Part::Newest => newest.clone(),
            Part::Numbered(number) => numbered(number),
        };
        let heading = self.heading(title, part);
        let list = ListView {
            title: heading.clone(),
            kind: kind.map(|kind| kind.id.clone()),
            entries: self.cut(entries, part).iter().map(|ix| self.card(*ix)).collect(),
            count: (part == Part::Newest).then_some(entries.len()),
            pager: self.pager(entries.len(), part, &newest, numbered),
            years: Vec::new(),
            facets: Vec::new(),
            facets_file: None,
            register: None,
            feed: None,
            newest: part == Part::Newest,
            sortable: kind.is_none_or(|kind| kind.order != Order::Upcoming),
        };
        let meta = self.meta(&route, &heading, &self.list_about(&heading, part, entries.len()));
        let template = kind.map_or("list.html", |kind| kind.templates.list.as_str());
        self.list_page(template, meta, vec![self.home_link(), above], list)
    }

    /// All tags, or all terms of a vocabulary.
    pub(super) fn words(&self, route: &Route, title: &str, words: Vec<Counted>) -> View {
        let about = self.texts.get("page.words_about");
        let about = about
            .replace("{n}", &words.len().to_string())
            .replace("{title}", title);
        View::Html(Box::new(HtmlView {
            template: "words.html".to_owned(),
            meta: self.meta(route, title, &about),
            breadcrumbs: vec![self.home_link()],
            body: None,
            page: PageView::Words(Box::new(WordsView {
                title: title.to_owned(),
                words,
            })),
        }))
    }

    fn list_page(&self, template: &str, meta: Meta, breadcrumbs: Vec<Link>, list: ListView) -> View {
        let template = if template.is_empty() {
            "list.html"
        } else {
            template
        };
        View::Html(Box::new(HtmlView {
            template: template.to_owned(),
            meta,
            breadcrumbs,
            body: None,
            page: PageView::List(Box::new(list)),
        }))
    }

    fn years(&self, kind: &Kind) -> Vec<Counted> {
        if !self.catalog.site.config.output.years || !kind.dated {
            return Vec::new();
        }
        let mut counts: BTreeMap<i16, usize> = BTreeMap::new();
        for ix in self.catalog.listed(&kind.id) {
            if let Some(date) = self.catalog.entry(*ix).date {
                *counts.entry(date.date().year()).or_default() += 1;
            }
        }
        let counted = counts.into_iter().rev().map(|(year, count)| Counted {
            label: year.to_string(),
            url: self.url(&Route::Year(kind.section.clone(), year)),
            count,
        });
        counted.collect()
    }

    /// A term, linked to its page; of a city, to the city's page. A site without pages of terms has no link.
    pub(super) fn term_link(&self, vocabulary: &str, term: &str) -> MaybeLink {
        let route = match vocabulary {
            "city" => self.catalog.has_city(term).then(|| Route::City(term.to_owned())),
            _ => self
                .catalog
                .site
                .config
                .output
                .terms
                .then(|| Route::Term(vocabulary.to_owned(), term.to_owned())),
        };
        MaybeLink {
            label: self.term_label(vocabulary, term),
            url: route.map(|route| self.url(&route)),
        }
    }

    /// The label of a term in the language of the interface.
    pub fn term_label(&self, vocabulary: &str, term: &str) -> String {
        let vocabulary = self.catalog.site.schema.vocabularies.get(vocabulary);
        let found = vocabulary.and_then(|vocabulary| vocabulary.find(term));
        found
            .map_or(term, |term| term.label(&self.texts.language))
            .to_owned()
    }

    /// The page of a unit: its own entry, its city's, or the unit's; none while its entry is not published.
    pub(super) fn unit_route(&self, unit: &CatalogUnit) -> Option<Route> {
        let own = unit.entry.as_ref().and_then(|id| self.catalog.find(id));
        match (own, unit.level, &unit.city) {
            (Some(ix), ..) => {
                (self.catalog.status(ix) != Status::Hidden).then(|| Route::entry(self.catalog, ix))
            }
            (None, Level::City, Some(city)) if self.catalog.has_city(city) => {
                Some(Route::City(city.to_string()))
            }
            _ => Some(Route::Unit(unit.id.to_string())),
        }
    }

    /// A unit, linked if it has a page.
    pub(super) fn unit_link(&self, unit: &CatalogUnit) -> MaybeLink {
        MaybeLink {
            label: unit.name.to_string(),
            url: self.unit_route(unit).map(|route| self.url(&route)),
        }
    }

    /// An entry as lists show it; made once, for it stands in many lists.
    pub(super) fn card(&self, ix: Ix) -> SharedCard {
        self.cards[ix.index()]
            .get_or_init(|| SharedCard::new(self.make_card(ix)))
            .clone()
    }

    fn make_card(&self, ix: Ix) -> Card {
        let (entry, kind) = (self.catalog.entry(ix), self.catalog.kind(ix));
        let language = &self.texts.language;
        let term = |name: &str| {
            let vocabulary = kind.field(name)?.vocabulary.as_deref()?;
            entry.text(name).map(|term| (vocabulary, term))
        };
        let texts = entry.fields.iter().filter_map(|(name, value)| {
            let text = match value {
                Value::Number(minutes) if &**name == "duration_minutes" => self.duration(*minutes),
                Value::Reference(text, _) if kind.field(name)?.field_type == FieldType::Person => {
                    self.person(entry, None, text).label
                }
                Value::Text(text) | Value::Item(text, _) if text.chars().count() <= 80 => text.to_string(),
                Value::Integer(number) => number.to_string(),
                Value::Number(number) => number.to_string(),
                Value::Moment(moment) => moment.to_string(),
                Value::Term(term) => self.term_label(kind.field(name)?.vocabulary.as_deref()?, term),
                _ => return None,
            };
            Some((name.to_string(), text))
        });
        let fields: BTreeMap<String, String> = texts.chain(self.last_stage(entry)).collect();
        let category = term("category").map(|(vocabulary, term)| self.term_link(vocabulary, term));
        let ability = &kind.abilities.card;
        let facts = ability.facts.iter().map(|fact| {
            let value = fields.get(fact.field());
            value.map_or_else(String::new, |value| fact.shown(value, language))
        });
        Card {
            form: ability.form,
            facts: facts.collect(),
            category_in_facts: ability.facts.iter().any(|fact| fact.field() == "category"),
            dated: kind.dated,
            starts: self.starts(ix),
            deadline: self.deadline(ix),
            url: self.url(&Route::entry(self.catalog, ix)),
            title: entry.title.to_string(),
            kind: kind.id.clone(),
            kind_label: kind.label(language).to_owned(),
            date: entry.date.map(|date| self.date(date)),
            summary: if ability.summary {
                entry.summary().to_owned()
            } else {
                String::new()
            },
            cover: self.cover(entry),
            unit: self
                .catalog
                .unit_of(ix)
                .filter(|unit| *unit.name != *entry.title)
                .map(|unit| self.unit_link(unit)),
            authors: self.author_names(ix),
            category,
            state: self.state(ix),
            fields,
        }
    }

    /// When something takes place that is not open for applications.
    fn starts(&self, ix: Ix) -> Option<String> {
        let calendar = self.catalog.kind(ix).abilities.calendar.as_ref()?;
        let start = self.catalog.moment(ix, &calendar.start);
        start.filter(|_| !calendar.open).map(|start| start.to_string())
    }

    /// Until when one can apply: the deadline, or the end of a call that is open until then.
    fn deadline(&self, ix: Ix) -> Option<DeadlineView> {
        let abilities = &self.catalog.kind(ix).abilities;
        let own = abilities.deadline.as_deref();
        if let Some(moment) = own.and_then(|name| self.catalog.moment(ix, name)) {
            return Some(DeadlineView {
                day: moment.to_string(),
                passed: self.catalog.deadline_passed(ix) == Some(true),
            });
        }
        let calendar = abilities.calendar.as_ref().filter(|calendar| calendar.open)?;
        let end = self.catalog.moment(ix, calendar.end.as_deref()?)?;
        let state = self.state(ix).map(|state| state.id);
        Some(DeadlineView {
            day: end.to_string(),
            passed: !matches!(state.as_deref(), Some("open" | "within")),
        })
    }

    /// Minutes as people say them: seconds below one, whole minutes above ten.
    pub(super) fn duration(&self, minutes: f64) -> String {
        let (key, number) = match minutes {
            ..1.0 => ("entry.seconds", (minutes * 60.0).round()),
            1.0..10.0 => ("entry.minutes", (minutes * 10.0).round() / 10.0),
            _ => ("entry.minutes", minutes.round()),
        };
        self.texts.get(key).replace("{n}", &number.to_string())
    }

    /// Where a project stands: its last stage and the day.
    fn last_stage(&self, entry: &Entry) -> Vec<(String, String)> {
        let Some(stage) = entry.items("stages").last() else {
            return Vec::new();
        };
        let name = stage.get("stage").and_then(Value::as_text).unwrap_or_default();
        let mut texts = vec![("stage".to_owned(), self.term_label("project-stage", name))];
        if let Some(Value::Moment(moment)) = stage.get("date") {
            texts.push(("stage_date".to_owned(), moment.to_string()));
        }
        texts
    }

    /// The state of a project, platform or selection, or how an entry's dates stand to the present.
    pub(super) fn state(&self, ix: Ix) -> Option<StateView> {
        let vocabulary = self
            .catalog
            .kind(ix)
            .field("state")
            .and_then(|field| field.vocabulary.as_deref());
        let term = vocabulary.and_then(|vocabulary| {
            self.catalog
                .entry(ix)
                .text("state")
                .map(|term| (vocabulary, term))
        });
        match term {
            Some((vocabulary, term)) => Some(StateView {
                id: term.to_owned(),
                label: self.term_label(vocabulary, term),
            }),
            None => self.period_state(ix),
        }
    }

    /// Before, within or after the time that an entry gives; `None` if its kind says nothing of that.
    fn period_state(&self, ix: Ix) -> Option<StateView> {
        let labels = self.catalog.kind(ix).abilities.span()?.labels;
        let language = &*self.texts.language;
        let (id, key, own) = match self.catalog.period(ix)? {
            Period::Before => ("before", "state.before", labels.before(language)),
            Period::Within => ("within", "state.within", labels.within(language)),
            Period::After => ("after", "state.after", labels.after(language)),
        };
        let label = own.unwrap_or_else(|| self.texts.get(key));
        (!label.is_empty()).then(|| StateView {
            id: id.to_owned(),
            label: label.to_owned(),
        })
    }

    pub(super) fn date(&self, moment: Moment) -> DateView {
        DateView {
            text: moment.to_string(),
            machine: moment.rfc3339(&self.catalog.site.zone),
            year: moment.date().year(),
        }
    }

    /// The address of a file beside Markdown, by its path with `content/`.
    pub(super) fn file_url(&self, path: &str) -> String {
        self.url(&Route::File(
            path.strip_prefix("content/").unwrap_or(path).to_owned(),
        ))
    }

    pub(super) fn attachment_url(&self, entry: &Entry, attachment: &Attachment) -> Option<String> {
        if let Some(path) = &attachment.path {
            return match self.catalog.destination(entry, path) {
                Destination::File(file) => Some(self.file_url(file)),
                _ => None,
            };
        }
        let sha256 = attachment.sha256.as_deref()?;
        let route = Route::Blob {
            sha256: sha256.to_owned(),
            name: attachment.name.to_string(),
        };
        let public = self.catalog.site.config.store.public_url.trim_end_matches('/');
        if public.is_empty() {
            Some(self.url(&route))
        } else {
            Some(format!("{public}{}", route.url("")))
        }
    }

    /// A file to offer.
    pub(super) fn file(&self, entry: &Entry, attachment: &Attachment) -> Option<FileView> {
        let url = self.attachment_url(entry, attachment)?;
        let beside =
            attachment
                .path
                .as_deref()
                .and_then(|path| match self.catalog.destination(entry, path) {
                    Destination::File(file) => Some(file),
                    _ => None,
                });
        let used = beside.and_then(|path| self.catalog.files.used(path));
        let size = used.map(|file| file.stamp.size);
        let size = size.or(attachment.size);
        let name = attachment.path.as_deref().unwrap_or(&attachment.name);
        let media_type = attachment
            .media_type
            .as_deref()
            .or_else(|| media::media_type(name));
        let media_type = media_type.unwrap_or("application/octet-stream").to_owned();
        let form = match media_type.split('/').next() {
            Some(form @ ("video" | "audio" | "image")) => form,
            _ if media_type == "application/pdf" => "pdf",
            _ => "file",
        };
        let video = beside.filter(|_| form == "video");
        Some(FileView {
            name: attachment.name.to_string(),
            url,
            size,
            size_text: size.map(size_text).unwrap_or_default(),
            form: form.to_owned(),
            media_type,
            sha256: attachment
                .sha256
                .as_deref()
                .map(str::to_owned)
                .or_else(|| used?.probe.sha256.clone()),
            poster: video.and_then(|path| self.poster(path)),
            captions: video.map(|path| self.tracks(path)).unwrap_or_default(),
        })
    }

    pub(super) fn tracks(&self, video: &str) -> Vec<TrackView> {
        let tracks = self.catalog.files.captions(video, &self.texts.language);
        tracks
            .into_iter()
            .map(|(path, language)| TrackView {
                url: self.file_url(&path),
                language,
            })
            .collect()
    }

    /// How a body shows a file.
    pub(super) fn media_kind(path: &str) -> MediaKind {
        jixia_markdown::media_kind(path).map_or(MediaKind::File, |(kind, _)| kind)
    }
}

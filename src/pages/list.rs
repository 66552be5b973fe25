//! What pages of lists share: parts of a long list, cards of entries, lists of words.

use std::collections::BTreeMap;

use jixia_markdown::MediaKind;
use serde::Serialize;

use super::view::{
    Card, Counted, DateView, DeadlineView, FacetView, FileView, Link, Pager, SharedCard, StateView,
    TrackView, size_text,
};
use super::{Located, Meta, PlainFile, Planner, View};
use crate::catalog::{Destination, Ix, Period};
use crate::content::{Attachment, Entry, FieldType, Kind, Moment, Order, Value};
use crate::media;

/// A list of entries.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    pub title: String,
    /// Kind id, when all entries are of one kind.
    pub kind: Option<String>,
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
    pub title: String,
    pub words: Vec<Counted>,
}

/// A page of a list: of entries, or of the words that lead to them.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum ListPage {
    List(Box<ListView>),
    Words(WordsView),
}

/// Which part of a list a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The newest entries.
    Newest,
    /// A full page, numbered from the oldest, from 1.
    Numbered(usize),
}

impl Part {
    /// The parts of a list of so many entries.
    pub(super) fn of(entries: usize, page_size: usize) -> impl Iterator<Item = Self> {
        let numbered = (1..=numbered_pages(entries, page_size)).map(Self::Numbered);
        std::iter::once(Self::Newest).chain(numbered)
    }

    /// The path of the part below that of the list.
    pub(super) fn path(self) -> String {
        match self {
            Self::Newest => String::new(),
            Self::Numbered(number) => format!("page/{number}/"),
        }
    }
}

/// How many numbered pages a list has besides the newest page. The newest shows from one to nearly two pages' worth,
/// so that a new entry changes it alone until a page is full.
pub(super) fn numbered_pages(entries: usize, page_size: usize) -> usize {
    (entries / page_size).saturating_sub(1)
}

impl Planner<'_> {
    /// Cuts the entries that a page shows out of a list that is ordered newest first.
    pub(super) fn cut<'e>(&self, entries: &'e [Ix], part: Part) -> &'e [Ix] {
        let size = self.catalog.site.config.lists.page_size;
        match part {
            Part::Newest => &entries[..entries.len() - numbered_pages(entries.len(), size) * size],
            Part::Numbered(number) => {
                let end = entries.len() - (number - 1) * size;
                &entries[end - size..end]
            }
        }
    }

    /// The pages beside a part of a list; `page` gives that of a part.
    pub(super) fn pager<P: Located>(&self, entries: usize, part: Part, page: impl Fn(Part) -> P) -> Pager {
        let pages = numbered_pages(entries, self.catalog.site.config.lists.page_size);
        let url = |part| self.url(&page(part));
        match part {
            Part::Newest => Pager {
                newer: None,
                older: (pages > 0).then(|| url(Part::Numbered(pages))),
            },
            Part::Numbered(number) => Pager {
                newer: Some(url(if number == pages {
                    Part::Newest
                } else {
                    Part::Numbered(number + 1)
                })),
                older: (number > 1).then(|| url(Part::Numbered(number - 1))),
            },
        }
    }

    /// The heading of a page of a list: numbered pages say their number, so that no two titles are the same.
    pub(super) fn heading(&self, title: &str, part: Part) -> String {
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
    pub(super) fn list_about(&self, heading: &str, part: Part, entries: usize) -> String {
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

    /// A page of everything that carries a word; `page` gives that of a part. Entries that are all of one `kind` are shown
    /// as its section shows them.
    pub(super) fn word<P: Located>(
        &self,
        (title, above): (&str, Link),
        entries: &[Ix],
        part: Part,
        page: impl Fn(Part) -> P,
        kind: Option<&Kind>,
    ) -> View<ListPage> {
        let heading = self.heading(title, part);
        let list = ListView {
            title: heading.clone(),
            kind: kind.map(|kind| kind.id.clone()),
            entries: self.cut(entries, part).iter().map(|ix| self.card(*ix)).collect(),
            count: (part == Part::Newest).then_some(entries.len()),
            pager: self.pager(entries.len(), part, &page),
            years: Vec::new(),
            facets: Vec::new(),
            facets_file: None,
            register: None,
            feed: None,
            newest: part == Part::Newest,
            sortable: kind.is_none_or(|kind| kind.order != Order::Upcoming),
        };
        let meta = self.meta(
            &page(part),
            &heading,
            &self.list_about(&heading, part, entries.len()),
        );
        let template = kind.map_or("list.html", |kind| kind.templates.list.as_str());
        self.list_page(template, meta, vec![self.home_link(), above], list)
    }

    /// All tags, or all terms of a vocabulary.
    pub(super) fn words(&self, page: &impl Located, title: &str, words: Vec<Counted>) -> View<ListPage> {
        let about = self.texts.get("page.words_about");
        let about = about
            .replace("{n}", &words.len().to_string())
            .replace("{title}", title);
        let meta = self.meta(page, title, &about);
        let page = ListPage::Words(WordsView {
            title: title.to_owned(),
            words,
        });
        View::html("words.html", meta, vec![self.home_link()], page)
    }

    pub(super) fn list_page(
        &self,
        template: &str,
        meta: Meta,
        breadcrumbs: Vec<Link>,
        list: ListView,
    ) -> View<ListPage> {
        let template = if template.is_empty() {
            "list.html"
        } else {
            template
        };
        View::html(template, meta, breadcrumbs, ListPage::List(Box::new(list)))
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
            url: self.entry_url(ix),
            title: entry.title.to_string(),
            kind: kind.id.clone(),
            kind_label: kind.label(language).to_owned(),
            date: entry.date.map(|date| self.date(date)),
            summary: if ability.summary {
                entry.summary().to_owned()
            } else {
                String::new()
            },
            cover: self.cover(entry).or_else(|| self.still(entry)),
            unit: self
                .catalog
                .unit_of(ix)
                .filter(|unit| *unit.name != *entry.title)
                .map(|unit| self.unit_link(unit)),
            authors: self.author_names(ix),
            category,
            state: self.state(ix),
            recommended: self.recommended_by(ix),
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
        self.url(&PlainFile::beside(path))
    }

    pub(super) fn attachment_url(&self, entry: &Entry, attachment: &Attachment) -> Option<String> {
        if let Some(path) = &attachment.path {
            return match self.catalog.destination(entry, path) {
                Destination::File(file) => Some(self.file_url(file)),
                _ => None,
            };
        }
        let sha256 = attachment.sha256.as_deref()?;
        if self.catalog.files.is_withheld(entry, sha256) {
            return None;
        }
        let blob = PlainFile::Blob {
            sha256: sha256.to_owned(),
            name: attachment.name.to_string(),
        };
        let public = self.catalog.site.config.store.public_url.trim_end_matches('/');
        if public.is_empty() {
            Some(self.url(&blob))
        } else {
            Some(format!("{public}{}", blob.url("")))
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
        let stored = self.stored_poster(entry, attachment).filter(|_| form == "video");
        let poster = video.and_then(|path| self.poster(path)).or(stored);
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
            poster,
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

#[cfg(test)]
mod tests {
    use super::numbered_pages;

    #[test]
    fn a_new_entry_changes_only_the_newest_page_until_a_page_is_full() {
        let cases = [
            (0, 0),
            (1, 0),
            (19, 0),
            (20, 0),
            (39, 0),
            (40, 1),
            (59, 1),
            (60, 2),
        ];
        for (entries, pages) in cases {
            assert_eq!(numbered_pages(entries, 20), pages, "{entries}");
        }
    }
}

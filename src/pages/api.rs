//! The JSON API: every entry, lists in pages, and the schema of each kind. Documented in `docs/api.md`.

use std::convert::Infallible;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::view::{FileView, Link};
use super::{Family, Located, Planner, View, entry};
use crate::catalog::{Catalog, Ix, Person, Status};
use crate::config::Output;
use crate::content::{Entry, Kind, Value, Withdrawal, json_schema};

/// Entries of one page of a list.
const API_PAGE: usize = 100;

/// An entry in a list of the API.
#[derive(Serialize)]
struct Item {
    id: String,
    title: String,
    url: String,
    api: String,
    date: Option<String>,
    updated: Option<String>,
    summary: String,
    unit: Option<String>,
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<Author>,
    tags: Vec<String>,
}

/// An author of an entry.
#[derive(Serialize)]
struct Author {
    name: String,
    /// Id of the author's own entry.
    id: Option<String>,
    unit: Option<String>,
}

/// What an entry is called in another system.
#[derive(Serialize)]
struct External {
    system: String,
    value: String,
}

/// An entry by itself.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    item: Item,
    kind: String,
    parent: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifiers: Vec<External>,
    source: Option<String>,
    rights: Option<String>,
    signed_off_by: Option<String>,
    city: Option<String>,
    fields: Map<String, Json>,
    attachments: Vec<FileView>,
    headings: Vec<Link>,
    characters: u32,
    /// Path of the Markdown in the content repository.
    path: String,
}

/// A page of a list.
#[derive(Serialize)]
struct List {
    kind: String,
    label: String,
    schema: String,
    page: usize,
    newer: Option<String>,
    older: Option<String>,
    entries: Vec<Item>,
}

fn text(value: &impl Serialize) -> View<Infallible> {
    // Views are made of strings, numbers and lists: they always serialise.
    View::Text(serde_json::to_string(value).unwrap_or_default() + "\n")
}

/// A file of the API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Api {
    /// Where everything begins.
    Index,
    /// A page of a kind's entries, numbered from 1 for the oldest.
    List(String, usize),
    /// An entry.
    Entry(Ix),
    /// The JSON Schema of a kind's front matter.
    Schema(String),
}

const API: &str = "api";

impl Located for Api {
    fn path(&self, catalog: &Catalog) -> String {
        match self {
            Self::Index => format!("{API}/v1/index.json"),
            Self::List(kind, page) => format!("{API}/v1/{}/page/{page}.json", catalog.section(kind)),
            Self::Entry(ix) => {
                let page = entry::EntryPage(*ix).path(catalog);
                format!("{API}/v1/{}.json", page.trim_end_matches('/'))
            }
            Self::Schema(kind) => format!("{API}/v1/schema/{kind}.json"),
        }
    }
}

impl Family for Api {
    type Shows = Infallible;

    const SEGMENTS: &'static [&'static str] = &[API];

    fn is_on(output: &Output) -> bool {
        output.api
    }

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let lists = catalog.kinds_with_section().flat_map(|kind| {
            let count = api_pages(catalog.listed(&kind.id).len());
            (1..=count).map(|page| Self::List(kind.id.clone(), page))
        });
        let schemas = catalog.site.schema.kinds.keys();
        let schemas = schemas.map(|kind| Self::Schema(kind.clone()));
        let entries = catalog.visible().map(Self::Entry);
        [Self::Index]
            .into_iter()
            .chain(schemas)
            .chain(lists)
            .chain(entries)
            .collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        match self {
            Self::Index => planner.api_index(),
            Self::List(kind, page) => planner.of_kind(kind, |kind| planner.api_list(kind, *page)),
            Self::Entry(ix) => planner.api_entry(*ix),
            Self::Schema(kind) => planner.of_kind(kind, |kind| planner.api_schema(kind)),
        }
    }

    fn entry(&self) -> Option<Ix> {
        match self {
            Self::Entry(ix) => Some(*ix),
            _ => None,
        }
    }

    /// Of an entry it tells the characters of the body.
    fn shows_body(&self) -> bool {
        matches!(self, Self::Entry(_))
    }
}

impl Planner<'_> {
    /// Where everything of the API begins.
    fn api_index(&self) -> View<Infallible> {
        let kinds = self
            .catalog
            .site
            .schema
            .kinds
            .values()
            .filter(|kind| !kind.section.is_empty() && !self.catalog.listed(&kind.id).is_empty());
        let kinds = kinds.map(|kind| {
            let entries = self.catalog.listed(&kind.id).len();
            json!({
                "kind": kind.id,
                "label": kind.label(&self.texts.language),
                "entries": entries,
                "newest": self.url(&Api::List(kind.id.clone(), api_pages(entries))),
                "schema": self.url(&Api::Schema(kind.id.clone())),
            })
        });
        let site = &self.catalog.site.config.site;
        text(&json!({ "title": site.title, "version": 1, "kinds": kinds.collect::<Vec<_>>() }))
    }

    /// A page of a kind's entries. Page 1 holds the oldest; within a page the newest comes first.
    fn api_list(&self, kind: &Kind, page: usize) -> View<Infallible> {
        let entries = self.catalog.listed(&kind.id);
        let end = entries.len() - (page - 1) * API_PAGE;
        let start = end.saturating_sub(API_PAGE);
        let url = |page| self.url(&Api::List(kind.id.clone(), page));
        text(&List {
            kind: kind.id.clone(),
            label: kind.label(&self.texts.language).to_owned(),
            schema: self.url(&Api::Schema(kind.id.clone())),
            page,
            newer: (page < api_pages(entries.len())).then(|| url(page + 1)),
            older: (page > 1).then(|| url(page - 1)),
            entries: entries[start..end].iter().map(|ix| self.api_item(*ix)).collect(),
        })
    }

    /// An entry; of a withdrawn one only that it was taken down.
    fn api_entry(&self, ix: Ix) -> View<Infallible> {
        let entry = self.catalog.entry(ix);
        if self.catalog.status(ix) == Status::Withdrawn {
            let url = self.absolute(&self.entry_url(ix));
            let withdrawn = self
                .withdrawal(ix)
                .map(|withdrawal| self.json_of_withdrawal(withdrawal));
            return text(&json!({ "id": entry.id.to_string(), "url": url, "withdrawn": withdrawn }));
        }
        let own = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        let headings = entry.facts.headings.iter();
        text(&Whole {
            item: self.api_item(ix),
            kind: entry.id.kind.to_string(),
            parent: entry.parent.as_ref().map(ToString::to_string),
            identifiers: entry
                .identifiers
                .iter()
                .map(|known| External {
                    system: known.system.to_string(),
                    value: known.value.to_string(),
                })
                .collect(),
            source: own(&entry.source),
            rights: own(&entry.rights),
            signed_off_by: own(&entry.signed_off_by),
            city: self.catalog.city_of(ix).map(str::to_owned),
            fields: entry
                .fields
                .iter()
                .map(|(name, value)| (name.to_string(), self.json_of(entry, value)))
                .collect(),
            attachments: entry
                .attachments
                .iter()
                .filter_map(|attachment| self.file(entry, attachment))
                .collect(),
            headings: headings
                .map(|heading| Link {
                    label: heading.text.clone(),
                    url: format!("#{}", heading.id),
                })
                .collect(),
            characters: entry.facts.counts.characters + entry.facts.counts.words,
            path: entry.path.to_string(),
        })
    }

    /// The JSON Schema of a kind's front matter.
    fn api_schema(&self, kind: &Kind) -> View<Infallible> {
        text(&json_schema(
            &self.catalog.site.schema,
            kind,
            &self.texts.language,
        ))
    }

    fn api_item(&self, ix: Ix) -> Item {
        let entry = self.catalog.entry(ix);
        Item {
            id: entry.id.to_string(),
            title: entry.title.to_string(),
            url: self.absolute(&self.entry_url(ix)),
            api: self.url(&Api::Entry(ix)),
            date: entry.date.map(|date| date.to_string()),
            updated: entry.updated.map(|date| date.to_string()),
            summary: entry.summary().to_owned(),
            unit: self.catalog.unit_of(ix).map(|unit| unit.id.to_string()),
            authors: self.author_names(ix),
            people: self
                .catalog
                .authors(ix)
                .map(|person| self.author(person))
                .collect(),
            tags: entry.tags.iter().map(ToString::to_string).collect(),
        }
    }

    fn author(&self, person: Person<'_>) -> Author {
        let own = match person {
            Person::Entry(ix) => Some(ix),
            Person::Name(..) => None,
        };
        let unit = match person {
            Person::Entry(ix) => self.catalog.unit_of(ix).map(|unit| unit.id.to_string()),
            Person::Name(_, unit) => unit.map(str::to_owned),
        };
        Author {
            name: self.catalog.name_of(person).to_owned(),
            id: own.map(|ix| self.catalog.entry(ix).id.to_string()),
            unit,
        }
    }

    /// Why and when an entry was taken down.
    fn json_of_withdrawal(&self, withdrawal: &Withdrawal) -> Json {
        let target = withdrawal
            .replaced_by
            .as_ref()
            .and_then(|(target, _)| self.catalog.refer(target, &[]))
            .filter(|target| self.catalog.status(*target) != Status::Hidden);
        let replaced_by = target.map(|target| {
            let url = self.absolute(&self.entry_url(target));
            json!({ "id": self.catalog.entry(target).id.to_string(), "url": url })
        });
        json!({
            "reason": withdrawal.reason,
            "label": self.term_label("takedown-reason", &withdrawal.reason),
            "date": withdrawal.date.map(|date| date.to_string()),
            "note": withdrawal.note,
            "replaced_by": replaced_by,
        })
    }

    /// A field's value as it would be written in front matter; a file as among the attachments.
    fn json_of(&self, entry: &Entry, value: &Value) -> Json {
        match value {
            Value::Text(text)
            | Value::Term(text)
            | Value::Reference(text, _)
            | Value::Item(text, _)
            | Value::Unit(text, _) => json!(text),
            Value::Integer(number) => json!(number),
            Value::Number(number) => json!(number),
            Value::Boolean(yes) => json!(yes),
            Value::Moment(moment) => json!(moment.to_string()),
            Value::File(attachment) => json!(self.file(entry, attachment)),
            Value::List(items) => Json::Array(items.iter().map(|item| self.json_of(entry, item)).collect()),
            Value::Record(record) => Json::Object(
                record
                    .iter()
                    .map(|(name, value)| (name.to_string(), self.json_of(entry, value)))
                    .collect(),
            ),
        }
    }
}

/// Pages of a list of the API.
fn api_pages(entries: usize) -> usize {
    entries.div_ceil(API_PAGE)
}

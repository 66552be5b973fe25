//! Words of vocabularies: all of a vocabulary, and of each the entries that carry it. Cities have pages of their own.

use std::collections::BTreeSet;

use super::list::{ListPage, Part};
use super::places::Places;
use super::view::{Counted, Link, MaybeLink};
use super::{Family, Located, Planner, View, address};
use crate::catalog::{Catalog, Ix};
use crate::config::Output;
use crate::content::Kind;

/// A page of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Terms {
    /// Its terms.
    Vocabulary(String),
    /// A part of the entries with one: the vocabulary, the term.
    Term(String, String, Part),
}

const TERMS: &str = "terms";

impl Located for Terms {
    fn path(&self, _catalog: &Catalog) -> String {
        match self {
            Self::Vocabulary(vocabulary) => format!("{TERMS}/{vocabulary}/"),
            Self::Term(vocabulary, term, part) => {
                format!("{TERMS}/{vocabulary}/{}/{}", address::segment(term), part.path())
            }
        }
    }
}

impl Family for Terms {
    type Shows = ListPage;

    const SEGMENTS: &'static [&'static str] = &[TERMS];

    fn is_on(output: &Output) -> bool {
        output.terms
    }

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let page_size = catalog.site.config.lists.page_size;
        let mut vocabularies = BTreeSet::new();
        let mut pages = Vec::new();
        for (vocabulary, term, entries) in words(catalog) {
            if vocabularies.insert(vocabulary) {
                pages.push(Self::Vocabulary(vocabulary.to_owned()));
            }
            let parts = Part::of(entries.len(), page_size);
            pages.extend(parts.map(|part| Self::Term(vocabulary.to_owned(), term.to_owned(), part)));
        }
        pages
    }

    fn view(&self, planner: Planner<'_>) -> View<ListPage> {
        match self {
            Self::Vocabulary(vocabulary) => planner.vocabulary(vocabulary),
            Self::Term(vocabulary, term, part) => planner.term(vocabulary, term, *part),
        }
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

/// Every term that listed entries carry, but cities.
fn words(catalog: &Catalog) -> impl Iterator<Item = (&str, &str, &[Ix])> {
    catalog.terms().filter(|(vocabulary, ..)| *vocabulary != "city")
}

impl Planner<'_> {
    /// A term, linked to its page, of a city to the city's, if there is one.
    pub(super) fn term_link(&self, vocabulary: &str, term: &str) -> MaybeLink {
        let url = match vocabulary {
            "city" => self.there(&Places::City(term.to_owned())),
            _ => self.there(&Terms::Term(vocabulary.to_owned(), term.to_owned(), Part::Newest)),
        };
        MaybeLink {
            label: self.term_label(vocabulary, term),
            url,
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

    fn vocabulary_label(&self, id: &str) -> String {
        let vocabulary = self.catalog.site.schema.vocabularies.get(id);
        vocabulary
            .map_or(id, |vocabulary| vocabulary.label(&self.texts.language))
            .to_owned()
    }

    fn vocabulary(&self, id: &str) -> View<ListPage> {
        let words = self
            .catalog
            .terms()
            .filter(|(vocabulary, ..)| *vocabulary == id)
            .map(|(_, term, entries)| Counted {
                label: self.term_label(id, term),
                url: self.url(&Terms::Term(id.to_owned(), term.to_owned(), Part::Newest)),
                count: entries.len(),
            });
        let title = self.vocabulary_label(id);
        self.words(&Terms::Vocabulary(id.to_owned()), &title, words.collect())
    }

    fn term(&self, vocabulary: &str, term: &str, part: Part) -> View<ListPage> {
        let mut view = self.entries_of_term(vocabulary, term, part);
        let known = self.catalog.site.schema.vocabularies.get(vocabulary);
        let about = known.and_then(|known| known.find(term)?.description.clone());
        if let (View::Html(page), Part::Newest, Some(about)) = (&mut view, part, about) {
            page.meta.description = about;
        }
        view
    }

    fn entries_of_term(&self, vocabulary: &str, term: &str, part: Part) -> View<ListPage> {
        let page = |part| Terms::Term(vocabulary.to_owned(), term.to_owned(), part);
        let entries = self.catalog.with_term(vocabulary, term);
        let name = self.term_label(vocabulary, term);
        // Words of one kind alone, such as the categories of resources, are parts of its section.
        if let Some(kind) = self.only_kind(vocabulary) {
            let section = self.section_link(kind);
            let title = self
                .texts
                .get("page.term")
                .replace("{vocabulary}", &section.label);
            let named = (&*title.replace("{name}", &name), section);
            return self.word(named, entries, part, page, Some(kind));
        }
        let above = Link {
            label: self.vocabulary_label(vocabulary),
            url: self.url(&Terms::Vocabulary(vocabulary.to_owned())),
        };
        let title = self.texts.get("page.term");
        let title = title
            .replace("{vocabulary}", &above.label)
            .replace("{name}", &name);
        self.word((&title, above), entries, part, page, None)
    }

    /// The kind that alone uses a vocabulary, if it has a section.
    fn only_kind(&self, vocabulary: &str) -> Option<&Kind> {
        let kinds = self.catalog.site.schema.kinds.values();
        let mut users = kinds.filter(|kind| {
            let mut fields = kind.fields.iter();
            fields.any(|field| field.vocabulary.as_deref() == Some(vocabulary))
        });
        let only = users.next().filter(|kind| !kind.section.is_empty())?;
        users.next().is_none().then_some(&**only)
    }
}

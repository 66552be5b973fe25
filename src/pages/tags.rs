//! Tags: all of them, and of each the entries that carry it.

use super::list::{ListPage, Part};
use super::view::{Counted, Link, MaybeLink};
use super::{Family, Located, Planner, View, address};
use crate::catalog::Catalog;
use crate::config::Output;

/// A page of tags.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tags {
    /// Every tag.
    All,
    /// A part of the entries with one.
    Tag(String, Part),
}

const TAGS: &str = "tags";

impl Located for Tags {
    fn path(&self, _catalog: &Catalog) -> String {
        match self {
            Self::All => format!("{TAGS}/"),
            Self::Tag(tag, part) => format!("{TAGS}/{}/{}", address::segment(tag), part.path()),
        }
    }
}

impl Family for Tags {
    type Shows = ListPage;

    const SEGMENTS: &'static [&'static str] = &[TAGS];

    fn is_on(output: &Output) -> bool {
        output.terms
    }

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let page_size = catalog.site.config.lists.page_size;
        let all = catalog.tags().next().map(|_| Self::All);
        let of_tags = catalog.tags().flat_map(|(tag, entries)| {
            Part::of(entries.len(), page_size).map(|part| Self::Tag(tag.to_owned(), part))
        });
        all.into_iter().chain(of_tags).collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<ListPage> {
        match self {
            Self::All => planner.all_tags(),
            Self::Tag(tag, part) => planner.tag(tag, *part),
        }
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

impl Planner<'_> {
    /// A tag, linked to its page where the site has pages of tags.
    pub(super) fn tag_link(&self, tag: &str) -> MaybeLink {
        MaybeLink {
            label: tag.to_owned(),
            url: self.there(&Tags::Tag(tag.to_owned(), Part::Newest)),
        }
    }

    fn all_tags(&self) -> View<ListPage> {
        let words = self.catalog.tags().map(|(tag, entries)| Counted {
            label: tag.to_owned(),
            url: self.url(&Tags::Tag(tag.to_owned(), Part::Newest)),
            count: entries.len(),
        });
        self.words(&Tags::All, self.texts.get("page.tags"), words.collect())
    }

    fn tag(&self, tag: &str, part: Part) -> View<ListPage> {
        let above = Link {
            label: self.texts.get("page.tags").to_owned(),
            url: self.url(&Tags::All),
        };
        let page = |part| Tags::Tag(tag.to_owned(), part);
        let title = self.texts.get("page.tag").replace("{name}", tag);
        let entries = self.catalog.with_tag(tag);
        self.word((&title, above), entries, part, page, None)
    }
}

//! What a family of pages is: all that the rest of the program knows of pages.

use std::sync::Arc;

use super::{Located, Planner, View};
use crate::catalog::{Catalog, Ix};
use crate::config::Output;
use crate::diag::Span;

/// A family of pages, one file of this room: which pages it has, where they lie, and what each shows.
///
/// Nothing else knows any of this. Links, sitemaps, names that sections may not have and what a build writes all ask
/// [`super::Plan`], which asks the families. A new family is a file that implements this, and its line in `plan.rs`.
pub trait Family: Located + Sized {
    /// What the templates of its pages get as `page`; [`std::convert::Infallible`] if they have none.
    type Shows;

    /// First segments of its addresses that are its own: no section may have such a name.
    const SEGMENTS: &'static [&'static str] = &[];

    /// Whether a site has the family: its switch in `[output]`.
    fn is_on(_output: &Output) -> bool {
        true
    }

    /// Its pages, in a fixed order. `listed` is the number of pages that sitemaps name, of the families before it.
    fn pages(catalog: &Catalog, listed: usize) -> Vec<Self>;

    /// What a page shows.
    fn view(&self, planner: Planner<'_>) -> View<Self::Shows>;

    /// The entry that it is about.
    fn entry(&self) -> Option<Ix> {
        None
    }

    /// The file of the content that asks for it, and where.
    fn origin(&self, catalog: &Catalog) -> Option<(Arc<str>, Span)> {
        let entry = catalog.entry(self.entry()?);
        Some((Arc::clone(&entry.path), entry.title_span.clone()))
    }

    /// Whether it shows the body of its entry, or what is counted in the body.
    fn shows_body(&self) -> bool {
        false
    }

    /// Whether sitemaps name it.
    fn is_listed(&self, _catalog: &Catalog) -> bool {
        false
    }
}

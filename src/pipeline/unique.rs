//! One page an address.

use std::collections::hash_map::Entry as Place;

use rustc_hash::FxHashMap;

use super::loaded::Loaded;
use crate::diag::{Code, Diagnostic};
use crate::pages::Page;

/// Keeps the first of the pages that share an address, and reports the others: entries against each other, aliases
/// against pages. An alias that one entry gives twice is only dropped.
pub(super) fn unique(loaded: &Loaded, pages: Vec<Page>) -> (Vec<Page>, Vec<Diagnostic>) {
    let planner = loaded.planner();
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let mut kept: Vec<Page> = Vec::with_capacity(pages.len());
    let mut diagnostics = Vec::new();
    for page in pages {
        match seen.entry(page.route(planner).file()) {
            Place::Vacant(vacant) => {
                vacant.insert(kept.len());
                kept.push(page);
            }
            Place::Occupied(other) if kept[*other.get()] == page => {}
            Place::Occupied(other) => diagnostics.push(taken(loaded, &page, &kept[*other.get()])),
        }
    }
    (kept, diagnostics)
}

fn taken(loaded: &Loaded, page: &Page, other: &Page) -> Diagnostic {
    let planner = loaded.planner();
    let url = page.route(planner).url("");
    let entry = |page: &Page| page.entry().map(|ix| loaded.catalog.entry(ix));
    let named = entry(other).map_or_else(|| url.clone(), |entry| entry.path.to_string());
    let diagnostic = Diagnostic::new(Code::DuplicateUrl)
        .with("url", &url)
        .with("other", named);
    match entry(page).or_else(|| entry(other)) {
        Some(entry) => {
            let alias = match page {
                Page::Alias(path, _) => entry.aliases.iter().find(|(alias, _)| **alias == **path),
                _ => None,
            };
            let span = alias.map_or(&entry.title_span, |(_, span)| span);
            diagnostic.in_file(&entry.path).at(span.clone())
        }
        None => diagnostic,
    }
}

//! Addresses that entries had before, or have besides: each leads to its entry.

use std::convert::Infallible;
use std::sync::Arc;

use super::{Family, Located, Planner, View};
use crate::catalog::{Catalog, Ix};
use crate::diag::Span;
use crate::name::decoded;

/// An alias as it is written, and the entry that has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alias(String, Ix);

impl Located for Alias {
    fn path(&self, _catalog: &Catalog) -> String {
        // Browsers ask for what is encoded, and servers look for what it means.
        directory_or_file(&decoded(&self.0).unwrap_or_else(|| self.0.clone()))
    }
}

fn directory_or_file(alias: &str) -> String {
    let path = alias.trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_file || path.ends_with('/') || path.is_empty() {
        path.to_owned()
    } else {
        format!("{path}/")
    }
}

impl Family for Alias {
    type Shows = Infallible;

    fn pages(catalog: &Catalog, _listed: usize) -> Vec<Self> {
        let aliases = catalog.visible().flat_map(|ix| {
            let aliases = catalog.entry(ix).aliases.iter();
            aliases.map(move |(alias, _)| Self(alias.to_string(), ix))
        });
        aliases.collect()
    }

    fn view(&self, planner: Planner<'_>) -> View<Infallible> {
        View::Redirect(planner.entry_link(self.1))
    }

    fn entry(&self) -> Option<Ix> {
        Some(self.1)
    }

    fn origin(&self, catalog: &Catalog) -> Option<(Arc<str>, Span)> {
        let entry = catalog.entry(self.1);
        let own = entry.aliases.iter().find(|(alias, _)| **alias == *self.0);
        let span = own.map_or(&entry.title_span, |(_, span)| span);
        Some((Arc::clone(&entry.path), span.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::directory_or_file;

    #[test]
    fn an_alias_is_a_directory_unless_it_names_a_file() {
        let cases = [
            ("/old/a", "old/a/"),
            ("/old/a.html", "old/a.html"),
            ("/old/", "old/"),
        ];
        for (alias, path) in cases {
            assert_eq!(directory_or_file(alias), path);
        }
    }
}

//! A site in memory, between reading and rendering.

use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, Site};
use crate::diag::{self, Diagnostic};
use crate::pages::{Plan, Planner, SharedCard, Texts};
use crate::render::Theme;

/// A site that was read and checked, ready to be rendered.
#[derive(Debug)]
pub struct Loaded {
    /// All entries.
    pub catalog: Catalog,
    /// Every page, with its address.
    pub plan: Plan,
    /// The files of the theme.
    pub theme: Theme,
    /// Its texts.
    pub texts: Texts,
    /// Entries as lists show them, by position.
    pub cards: Vec<OnceLock<SharedCard>>,
    /// Everything that is wrong, judged by the site's settings and ordered.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Makes views of this site.
    pub fn planner(&self) -> Planner<'_> {
        Planner {
            catalog: &self.catalog,
            addresses: self.plan.addresses(),
            texts: &self.texts,
            cards: &self.cards,
        }
    }

    /// What is not an entry.
    pub fn site(&self) -> &Arc<Site> {
        &self.catalog.site
    }

    /// Adds what is wrong, and judges and orders all of it anew.
    pub(super) fn report(&mut self, wrong: Vec<Diagnostic>) {
        self.diagnostics.extend(wrong);
        let site = Arc::clone(&self.catalog.site);
        site.config.judge(&mut self.diagnostics);
        diag::sort(&mut self.diagnostics);
    }

    /// Whether nothing keeps the site from being written.
    pub(super) fn is_sound(&self) -> bool {
        diag::count(&self.diagnostics).0 == 0
    }
}

//! Builds again after a change, with everything that the last build left in memory.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use super::answers::Site;
use crate::cache::{Cache, Lock};
use crate::config::Config;
use crate::diag::{Diagnostic, Format, Language, Printer, Severity};
use crate::output::Changes;
use crate::pipeline::{Options, Task, WarmSite, build_and_keep, preview};
use crate::world::{Disk, World as _};

/// What the server needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site.
    pub root: PathBuf,
    /// The output directory.
    pub out: PathBuf,
    /// How to build.
    pub options: Options,
    /// Language of the overlay.
    pub language: Language,
}

impl Settings {
    fn task(&self) -> Task<'_> {
        Task {
            root: &self.root,
            out: &self.out,
            options: self.options,
            progress: None,
        }
    }
}

/// Builds that follow each other.
pub(super) struct Rebuilding {
    settings: Settings,
    site: Arc<Site>,
    cache: Cache,
    /// The site of the last build, if it succeeded.
    warm: Option<WarmSite>,
}

impl Rebuilding {
    pub(super) fn new(settings: Settings, site: Arc<Site>) -> Self {
        Self {
            cache: Cache::load(&settings.root),
            warm: None,
            settings,
            site,
        }
    }

    /// Builds after these files changed, and tells open pages. Returns what is worth saying of the site.
    pub(super) fn rebuild(&mut self, world: &Disk, paths: Option<BTreeSet<PathBuf>>) -> Vec<Diagnostic> {
        if let Some(paths) = paths {
            self.preview(world, &paths);
        }
        let lock = Lock::take(&self.settings.root);
        let (outcome, warm) = build_and_keep(world, self.settings.task(), &mut self.cache);
        self.warm = warm;
        if outcome.changes.is_some() {
            let (config, ..) = Config::load(world);
            let base_path = self.site.base_path.write();
            let mut base_path = base_path.unwrap_or_else(PoisonError::into_inner);
            config.base_path().clone_into(&mut base_path);
            self.cache.trust_before(&lock);
            // Without the file the next start is slower, nothing else.
            let _ = self.cache.save(&self.settings.root);
        }
        let diagnostics = outcome.diagnostics.into_iter();
        let said: Vec<Diagnostic> = diagnostics
            .filter(|diagnostic| diagnostic.severity == Severity::Error || !diagnostic.code.is_advice())
            .collect();
        let changed = outcome.changes.is_some_and(|changes| is_shown(&changes));
        self.site.reload.tell(changed, self.errors(world, &said));
        said
    }

    /// Shows the page of a corrected body before the build that brings everything up to date.
    fn preview(&mut self, world: &Disk, paths: &BTreeSet<PathBuf>) {
        let Some(warm) = self.warm.as_mut() else { return };
        let relative = |path: &PathBuf| {
            let path = path.strip_prefix(world.root()).ok()?.to_str()?;
            // What editors write beside a file is no content.
            let is_content = path.ends_with(".md") || world.stamp(path).is_some();
            is_content.then(|| path.to_owned())
        };
        let paths: BTreeSet<String> = paths.iter().filter_map(relative).collect();
        let _lock = Lock::take(&self.settings.root);
        if preview(world, self.settings.task(), warm, &mut self.cache, &paths) {
            self.site.reload.tell(true, String::new());
        }
    }

    /// The errors as the overlay of open pages shows them.
    fn errors(&self, world: &Disk, diagnostics: &[Diagnostic]) -> String {
        let errors = diagnostics.iter();
        let errors: Vec<Diagnostic> = errors
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .cloned()
            .collect();
        let read = |path: &str| world.read(path).ok();
        let printer = Printer {
            format: Format::Human,
            language: self.settings.language,
            color: false,
            read: &read,
        };
        printer.print(&errors)
    }
}

/// Whether a page that is open may look different now. Files of the search index are asked for anew.
fn is_shown(changes: &Changes) -> bool {
    let mut files = changes.written.iter().chain(&changes.removed);
    files.any(|file| !file.ends_with(".bin"))
}

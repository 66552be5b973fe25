//! What fails while pages are made and files written, and whose fault it is.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::loaded::Loaded;
use super::work::Work;
use crate::catalog::{Catalog, Destination, Ix};
use crate::content::Entry;
use crate::diag::{Code, Diagnostic};
use crate::pages::Page;
use crate::stop;

/// Does some work. Says of what it was if the program fails at it, so that one page does not end a whole build.
pub(super) fn caught<T>(
    what: &dyn Fn() -> String,
    work: impl FnOnce() -> Result<T, Diagnostic>,
) -> Result<T, Diagnostic> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let payload = stop::pass_on(payload);
        let diagnostic = Diagnostic::new(Code::ProgramFault).with("what", what());
        Err(diagnostic.with("reason", message(&*payload)))
    })
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("panic")
}

impl Work<'_> {
    /// What went wrong with a page: with one of an entry the entry's mistake, if entries may be set aside.
    pub(super) fn of_page(&self, page: &Page, wrong: Diagnostic) -> Diagnostic {
        let of_entry = unpublished(self.loaded, page, &wrong);
        of_entry.filter(|_| self.options.set_aside).unwrap_or(wrong)
    }

    /// What went wrong with a file: the mistake of every entry that uses it, if entries may be set aside.
    pub(super) fn of_file(
        &self,
        name: &str,
        uses: impl Fn(&Catalog, Ix) -> bool,
        wrong: Diagnostic,
    ) -> Vec<Diagnostic> {
        let catalog = &self.loaded.catalog;
        let entries = catalog
            .iter()
            .filter(|(ix, _)| self.options.set_aside && uses(catalog, *ix));
        let found: Vec<Diagnostic> = entries.map(|(_, entry)| of_entry(entry, name, &wrong)).collect();
        if found.is_empty() { vec![wrong] } else { found }
    }
}

/// What went wrong with a page as the mistake of the entry whose page it is.
pub(super) fn unpublished(loaded: &Loaded, page: &Page, wrong: &Diagnostic) -> Option<Diagnostic> {
    let entry = loaded.catalog.entry(page.entry()?);
    Some(of_entry(entry, &page.file(&loaded.catalog), wrong))
}

fn of_entry(entry: &Entry, what: &str, wrong: &Diagnostic) -> Diagnostic {
    Diagnostic::new(Code::Unpublished)
        .in_file(&entry.path)
        .at(entry.title_span.clone())
        .with("what", what)
        .with("reason", wrong.text("reason").unwrap_or(wrong.code.name()))
}

/// Whether an entry shows or offers a file beside Markdown.
pub(super) fn uses_file(catalog: &Catalog, ix: Ix, path: &str) -> bool {
    let entry = catalog.entry(ix);
    let is_it = |target: &str| matches!(catalog.destination(entry, target), Destination::File(file) if **file == *path);
    let mut named = catalog.entry(ix).files().filter_map(|file| file.path.as_deref());
    let mut links = entry.facts.links.iter().map(|link| &*link.target);
    let mut cover = entry.cover.iter().map(|(cover, _)| &**cover);
    let mut texts = entry.fields.iter().filter_map(|(_, value)| value.as_text());
    named.any(is_it) || links.any(is_it) || cover.any(is_it) || texts.any(is_it)
}

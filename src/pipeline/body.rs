//! Bodies are not kept in memory: they are read again when their pages are written.

use std::sync::Arc;

use super::loaded::Loaded;
use crate::content::Entry;
use crate::pages::{PageView, View};
use crate::source;
use crate::world::World;

/// The body of an entry, read anew: bodies are not kept.
pub(super) fn read(world: &dyn World, entry: &Entry) -> Option<String> {
    let text = source::utf8(world.read(&entry.path).ok()?).ok()?;
    let (mut text, _) = source::blanked(text);
    // The file may have changed since it was read: then the next build shows what it says now.
    text.truncate(text.get(..entry.body.end as usize)?.len());
    text.get(entry.body.start as usize..)?;
    text.drain(..entry.body.start as usize);
    Some(text)
}

/// The Markdown of the entry that a view shows.
pub(super) fn of_view(world: &dyn World, loaded: &Loaded, view: &View<PageView>) -> Option<Arc<str>> {
    let View::Html(html) = view else { return None };
    let entry = loaded.catalog.entry(html.body.as_ref()?.ix);
    read(world, entry).map(Arc::from)
}

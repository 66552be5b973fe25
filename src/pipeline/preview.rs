//! The page of an entry whose body was just saved, from a site that is still in memory.
//!
//! An author waits for one page. When only the body of an entry changed, that page is the only one to differ, so it is
//! rendered at once, by the same functions as in a build; the build that follows finds it done.

use std::collections::BTreeSet;

use jixia_markdown::Role;

use super::commit;
use super::entries::reread;
use super::loaded::Loaded;
use super::task::{Options, Task};
use super::work::Work;
use crate::cache::Cache;
use crate::catalog::{Ix, Status};
use crate::content::Entry;
use crate::diag::Severity;
use crate::media::thumbnails::Store;
use crate::output::Output;
use crate::render::{Assets, Renderer};
use crate::world::World;

/// A site that a successful build left in memory.
#[derive(Debug)]
pub struct WarmSite {
    pub(super) loaded: Loaded,
    pub(super) renderer: Renderer,
    pub(super) options: Options,
}

/// Renders the pages of entries of which nothing but the body changed. `paths` are all files that changed since the
/// build that left `warm`. Returns whether it did; if not, only a build can.
pub fn preview(
    world: &dyn World,
    task: Task<'_>,
    warm: &mut WarmSite,
    cache: &mut Cache,
    paths: &BTreeSet<String>,
) -> bool {
    let state = cache.outputs.get(&task.key());
    if !state.is_some_and(|state| state.covers(world.now())) {
        return false;
    }
    let mut changed = Vec::new();
    for path in paths {
        let Some(ix) = warm.loaded.catalog.at(path) else {
            return false;
        };
        match reread(world, warm.loaded.site(), warm.loaded.catalog.entry(ix)) {
            Some(entry) if has_same_facts(warm.loaded.catalog.entry(ix), &entry) => {
                warm.loaded.catalog.replace(ix, entry);
                changed.push(ix);
            }
            _ => return false,
        }
    }
    !changed.is_empty()
        && is_sound(&warm.loaded, &changed)
        && put(world, task, warm, cache, &changed).is_some()
}

/// Whether other pages show the same of both, and both use the same files.
fn has_same_facts(known: &Entry, entry: &Entry) -> bool {
    let files = |entry: &Entry| -> Vec<String> {
        let shown = entry.facts.links.iter().filter(|link| link.role != Role::Link);
        shown.map(|link| link.target.clone()).collect()
    };
    known.meaning() == entry.meaning() && files(known) == files(entry)
}

/// Whether the new bodies have no errors; a build reports them otherwise.
fn is_sound(loaded: &Loaded, changed: &[Ix]) -> bool {
    changed.iter().all(|ix| {
        let mut wrong = loaded.catalog.check_entry(*ix);
        let (headings, unanswered) = loaded.planner().check_addresses(&[*ix]);
        wrong.extend(headings);
        loaded.site().config.judge(&mut wrong);
        loaded.catalog.status(*ix) != Status::Hidden
            && unanswered.is_empty()
            && wrong.iter().all(|wrong| wrong.severity != Severity::Error)
    })
}

/// Writes the pages, and their records, so that the next build finds them as it would have left them.
fn put(world: &dyn World, task: Task<'_>, warm: &WarmSite, cache: &mut Cache, changed: &[Ix]) -> Option<()> {
    let output = Output::open(task.out).ok()?;
    if output.is_fresh() {
        output.abandon();
        return None;
    }
    let assets = Assets::default();
    // Both show the same pictures, so no smaller copies are needed that the output lacks.
    let thumbnails = Store::open(None);
    let state = cache.outputs.get_mut(&task.key())?;
    let work = Work {
        world,
        root: task.root,
        loaded: &warm.loaded,
        renderer: &warm.renderer,
        assets: &assets,
        options: warm.options,
        thumbnails: &thumbnails,
        output: &output,
        before: &state.records,
    };
    let Ok(files) = work.pages_of(changed) else {
        output.abandon();
        return None;
    };
    state.records.extend(commit::part(files, output).ok()?);
    Some(())
}

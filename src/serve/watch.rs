//! Watches a site's files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::cache;

/// Editors write a file in several steps; this long without news means that they are done.
const QUIET: Duration = Duration::from_millis(8);

/// Reports every change below the root, except in the output and the cache.
///
/// # Errors
/// When the system offers no watching.
pub(super) fn watch(root: &Path, out: &Path) -> notify::Result<(RecommendedWatcher, Receiver<Vec<PathBuf>>)> {
    let (sender, receiver) = channel();
    let out = std::path::absolute(out).unwrap_or_else(|_| out.to_path_buf());
    let own = root.join(cache::DIRECTORY);
    let git = root.join(".git");
    let stage = out
        .file_name()
        .map(|name| format!(".{}.stage-", name.to_string_lossy()))
        .unwrap_or_default();
    let top = root.to_path_buf();
    let is_ours = move |path: &Path| {
        let is_stage = path
            .strip_prefix(&top)
            .ok()
            .and_then(|path| path.components().next())
            .is_some_and(|first| first.as_os_str().to_string_lossy().starts_with(&stage));
        path.starts_with(&out) || path.starts_with(&own) || path.starts_with(&git) || is_stage
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let paths: Vec<PathBuf> = event.paths.into_iter().filter(|path| !is_ours(path)).collect();
        if !matches!(event.kind, EventKind::Access(_)) && !paths.is_empty() {
            // The receiver lives as long as the server.
            let _ = sender.send(paths);
        }
    })?;
    for place in ["content", "themes", "overrides"] {
        let place = root.join(place);
        if place.is_dir() {
            watcher.watch(&place, RecursiveMode::Recursive)?;
        }
    }
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    Ok((watcher, receiver))
}

/// Waits for a change, then until no more come; returns the paths that changed, or `None` if the watcher is gone.
pub(super) fn next(changes: &Receiver<Vec<PathBuf>>) -> Option<BTreeSet<PathBuf>> {
    let mut paths: BTreeSet<PathBuf> = changes.recv().ok()?.into_iter().collect();
    while let Ok(more) = changes.recv_timeout(QUIET) {
        paths.extend(more);
    }
    Some(paths)
}

//! Watches a site's files.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::cache;

/// Editors write a file in several steps; this long without news means that they are done.
const QUIET: Duration = Duration::from_millis(8);

/// Tells of every change below the root, except in the output and the cache.
///
/// # Errors
/// When the system offers no watching.
pub(super) fn watch(root: &Path, out: &Path) -> notify::Result<(RecommendedWatcher, Receiver<()>)> {
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
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
            && !event.paths.iter().all(|path| is_ours(path))
        {
            // The receiver lives as long as the server.
            let _ = sender.send(());
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

/// Waits until no more changes come.
pub(super) fn settle(changes: &Receiver<()>) {
    while changes.recv_timeout(QUIET).is_ok() {}
}

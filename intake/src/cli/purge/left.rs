//! What holds something that was purged and cannot be reached from here.

use std::fs;
use std::path::Path;

use crate::app::Layout;
use crate::cli::output::print;

/// Says what nobody can remove from here.
pub(super) fn say(layout: &Layout, at: i64) {
    print("clones still hold it: whoever has one makes a new one, or runs");
    print(
        "  git fetch origin && git reset --hard origin/main && git reflog expire --expire=now --all && git gc --prune=now",
    );
    print(
        "copies of the portal hold it until they are told: the server does that when it starts, by publish.after",
    );
    let noted = fs::read_to_string(layout.backups()).unwrap_or_default();
    let files = noted.lines().filter_map(|line| line.split_once(' '));
    let mut files: Vec<&str> = files
        .map(|(_, file)| file)
        .filter(|file| Path::new(file).exists())
        .collect();
    files.sort_unstable();
    files.dedup();
    print(&format!(
        "backups from before {} hold it: write a new one now, and remove those. Known of here: {}",
        jiff::Timestamp::from_millisecond(at).unwrap_or_default(),
        if files.is_empty() { "none" } else { "" }
    ));
    for file in files {
        print(&format!("  {file}"));
    }
}

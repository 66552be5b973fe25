//! Lists of the files that builds wrote and removed, each in a file of its own until whoever keeps copies was told.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jixia::output::Changes;

/// The line that stands for every file there is or was.
const EVERYTHING: &str = "*\n";
/// The file that is there while a build goes on: one that did not end well leaves it.
const BUILDING: &str = "building";

/// The lists, in a directory of their own.
#[derive(Debug, Clone)]
pub struct Lists {
    directory: PathBuf,
}

impl Lists {
    /// The lists in a directory, which is made when there is something to list.
    pub fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_path_buf(),
        }
    }

    /// Notes that a build begins which writes to `out`. Returns whether anything may be different after it: the one before
    /// did not end well, or there is no portal to compare with.
    pub(super) fn begin(&self, out: &Path) -> io::Result<bool> {
        fs::create_dir_all(&self.directory)?;
        let mark = self.directory.join(BUILDING);
        let is_left = mark.exists();
        fs::write(mark, "")?;
        let is_empty = fs::read_dir(out).map_or(true, |mut items| items.next().is_none());
        Ok(is_left || is_empty)
    }

    /// Notes that a build ended well and what it changed; with `everything` that it may have changed every file.
    pub(super) fn end(&self, changes: &Changes, everything: bool) -> io::Result<()> {
        let list = if everything {
            EVERYTHING.to_owned()
        } else {
            changes.list()
        };
        if !list.is_empty() {
            let new = self.directory.join("new");
            fs::write(&new, list)?;
            fs::rename(new, self.path(&self.new_name()))?;
        }
        fs::remove_file(self.directory.join(BUILDING))
    }

    /// Forgets every list, and lists every file there is or was instead.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn replace(&self) -> io::Result<()> {
        let before = self.names();
        self.begin(&self.directory)?;
        self.end(&Changes::default(), true)?;
        before.iter().for_each(|name| self.remove(name));
        Ok(())
    }

    /// A name behind those of all lists before, whatever the clock says.
    fn new_name(&self) -> String {
        let last = self.names().pop();
        let last: i64 = last.and_then(|name| name.parse().ok()).unwrap_or_default();
        format!("{:015}", crate::clock::now().max(last + 1))
    }

    /// The names of all lists, the oldest first.
    pub fn names(&self) -> Vec<String> {
        let items = fs::read_dir(&self.directory).into_iter().flatten().flatten();
        let names = items.filter_map(|item| {
            let name = item.file_name().into_string().ok()?;
            name.strip_suffix(".txt").map(str::to_owned)
        });
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// Where a list lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name).with_extension("txt")
    }

    /// Forgets a list.
    pub fn remove(&self, name: &str) {
        // One that cannot be removed stays, and is forgotten the next time.
        let _ = fs::remove_file(self.path(name));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_build_that_did_not_end_well_may_have_changed_everything() {
        let directory = tempfile::tempdir().unwrap();
        let (lists, out) = (
            Lists::new(&directory.path().join("changed")),
            directory.path().join("out"),
        );
        let changes = Changes {
            written: vec!["a/index.html".to_owned()],
            removed: vec!["files/ab/abcd/x.pdf".to_owned()],
        };
        let build = |ends: Option<&Changes>| {
            let everything = lists.begin(&out).unwrap();
            if let Some(changes) = ends {
                lists.end(changes, everything).unwrap();
            }
            let last = lists.names().pop();
            last.map(|name| fs::read_to_string(lists.path(&name)).unwrap())
        };
        assert_eq!(build(Some(&changes)).unwrap(), "*\n", "the first one of all");
        fs::create_dir(&out).unwrap();
        fs::write(out.join("a"), "").unwrap();
        assert_eq!(
            build(Some(&changes)).unwrap(),
            "+a/index.html\n-files/ab/abcd/x.pdf\n"
        );
        build(None);
        assert_eq!(lists.names().len(), 2, "nothing is said of what did not end");
        assert_eq!(build(Some(&Changes::default())).unwrap(), "*\n");
        build(Some(&Changes::default()));
        assert_eq!(lists.names().len(), 3, "nor of what changed nothing");
        lists.remove(&lists.names()[0]);
        assert_eq!(lists.names().len(), 2);
    }
}

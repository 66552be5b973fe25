//! Versions of files: when each changed, and in which words. What git prints is read here; who asks git is a world.
//!
//! The commits are kept as they were made and the versions of files are derived from all of them in one order, so that
//! reading only what is new gives the same as reading everything.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// The format in which commits are asked for: each begins with `START`, its parts are divided by `BETWEEN`.
pub const FORMAT: &str = "%x01%H%x02%at%x02%P%x02%s";
const START: u8 = 1;
const BETWEEN: char = '\u{2}';

/// What git knows of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commits {
    /// The commit that was checked out, in hexadecimal.
    pub head: Box<str>,
    /// Whether older commits exist that this clone does not have.
    pub is_shallow: bool,
    /// The oldest first; those of one second by their names.
    commits: Vec<Commit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Commit {
    /// Seconds since 1970.
    at: i64,
    id: Box<str>,
    subject: Arc<str>,
    changes: Vec<Change>,
}

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Change {
    path: Box<str>,
    /// What it was called before.
    from: Option<Box<str>>,
}

/// A version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it was written, seconds since 1970.
    pub at: i64,
    /// The commit, in hexadecimal.
    pub commit: Box<str>,
    /// What changed, in the words of who changed it.
    pub subject: Arc<str>,
}

/// The versions of every file.
#[derive(Debug, Default)]
pub struct History {
    /// Whether every commit is known.
    pub is_complete: bool,
    versions: FxHashMap<Box<str>, Vec<Version>>,
}

impl Commits {
    /// What tells one state of a repository from another.
    pub fn state(&self) -> (&str, bool) {
        (&self.head, self.is_shallow)
    }

    /// The state alone.
    pub fn without_changes(&self) -> Self {
        Self {
            head: self.head.clone(),
            is_shallow: self.is_shallow,
            commits: Vec::new(),
        }
    }

    /// Takes in what `git log -z --name-status` printed in [`FORMAT`]. Of a shallow clone the oldest commits seem to add
    /// every file: they say nothing about one and are left out.
    pub fn add(&mut self, log: &[u8]) {
        let known: FxHashSet<Box<str>> = self.commits.iter().map(|commit| commit.id.clone()).collect();
        let mut tokens = log.split(|byte| *byte == 0).peekable();
        while let Some(token) = tokens.next() {
            let Some(header) = token.strip_prefix(&[START]) else {
                continue;
            };
            let header = String::from_utf8_lossy(header);
            let mut changes = Vec::new();
            while let Some(status) = tokens.next_if(|token| !token.starts_with(&[START])) {
                let letter = status.trim_ascii_start().first().copied();
                let mut path = || Some(String::from_utf8_lossy(tokens.next()?).into());
                let change = match letter {
                    Some(b'R') => path().zip(path()).map(|(from, to)| (to, Some(from))),
                    Some(b'C') => path().and_then(|_| path()).map(|to| (to, None)),
                    Some(_) => path().map(|to| (to, None)),
                    None => None,
                };
                changes.extend(change.map(|(path, from)| Change { path, from }));
            }
            let parts: Vec<&str> = header.splitn(4, BETWEEN).collect();
            if let [id, at, parents, subject] = parts[..]
                && let Ok(at) = at.parse()
                && !known.contains(id)
                && !(self.is_shallow && parents.is_empty())
            {
                self.commits.push(Commit {
                    at,
                    id: id.into(),
                    subject: subject.trim().into(),
                    changes,
                });
            }
        }
        self.commits
            .sort_by(|left, right| (left.at, &left.id).cmp(&(right.at, &right.id)));
    }

    /// The versions of every file, under the names that the files have now.
    pub fn history(&self) -> History {
        let mut versions: FxHashMap<Box<str>, Vec<Version>> = FxHashMap::default();
        for commit in &self.commits {
            for change in commit
                .changes
                .iter()
                .filter(|change| change.path.ends_with(".md"))
            {
                let mut of_file = match &change.from {
                    Some(from) => versions.remove(from),
                    None => versions.remove(&change.path),
                }
                .unwrap_or_default();
                of_file.push(Version {
                    at: commit.at,
                    commit: commit.id.clone(),
                    subject: Arc::clone(&commit.subject),
                });
                versions.insert(change.path.clone(), of_file);
            }
        }
        History {
            is_complete: !self.is_shallow,
            versions,
        }
    }
}

impl History {
    /// The versions of a file, the oldest first; none of a file that git does not know.
    pub fn of(&self, path: &str) -> &[Version] {
        self.versions.get(path).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(id: &str, at: i64, parents: &str, subject: &str, changes: &str) -> String {
        format!(
            "\u{1}{id}\u{2}{at}\u{2}{parents}\u{2}{subject}\0\n{}\0",
            changes.replace(' ', "\0")
        )
    }

    fn subjects(history: &History, path: &str) -> Vec<String> {
        let versions = history.of(path).iter();
        versions.map(|version| version.subject.to_string()).collect()
    }

    #[test]
    fn versions_follow_a_file_through_its_names() {
        let log = [
            commit("c", 30, "b", "改名", "R100 content/a.md content/b.md"),
            commit("b", 20, "a", "修改", "M content/a.md M content/图.md"),
            commit("a", 10, "", "新建", "A content/a.md A content/x.svg"),
        ]
        .concat();
        let mut commits = Commits::default();
        commits.add(log.as_bytes());
        let history = commits.history();
        assert_eq!(subjects(&history, "content/b.md"), ["新建", "修改", "改名"]);
        assert_eq!(subjects(&history, "content/图.md"), ["修改"]);
        assert!(history.of("content/a.md").is_empty() && history.of("content/x.svg").is_empty());
    }

    #[test]
    fn reading_what_is_new_gives_the_same_as_reading_all() {
        let older = commit("a", 10, "", "新建", "A content/a.md");
        // A branch that was merged later holds an older commit.
        let newer = [
            commit("d", 40, "c", "合并之后", "M content/a.md"),
            commit("b", 20, "a", "分支上的修改", "M content/a.md"),
        ]
        .concat();
        let (mut all, mut parts) = (Commits::default(), Commits::default());
        all.add([newer.as_str(), older.as_str()].concat().as_bytes());
        parts.add(older.as_bytes());
        parts.add([newer.as_str(), older.as_str()].concat().as_bytes());
        assert_eq!(all, parts);
        assert_eq!(
            subjects(&all.history(), "content/a.md"),
            ["新建", "分支上的修改", "合并之后"]
        );
    }

    #[test]
    fn the_oldest_commit_of_a_shallow_clone_says_nothing() {
        let log = [
            commit("c", 30, "b", "修改", "M content/a.md"),
            commit("b", 20, "", "看似新建", "A content/a.md A content/b.md"),
        ]
        .concat();
        let mut commits = Commits {
            is_shallow: true,
            ..Commits::default()
        };
        commits.add(log.as_bytes());
        let history = commits.history();
        assert_eq!(subjects(&history, "content/a.md"), ["修改"]);
        assert!(history.of("content/b.md").is_empty() && !history.is_complete);
    }

    #[test]
    fn nothing_that_git_could_print_panics() {
        for log in [
            "",
            "\0\0",
            "\u{1}",
            "\u{1}a\u{2}x\u{2}\u{2}y\0\nR100\0only",
            "M\0a",
        ] {
            let mut commits = Commits::default();
            commits.add(log.as_bytes());
            assert!(commits.history().of("a").is_empty());
        }
    }
}

//! Asks the git program about a site's repository.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::history::{Commits, FORMAT};

/// The commits that touched what lies below `directory` of `root`. Returns `None` without a repository, a commit or git. Of what is
/// `known` only newer commits are asked for.
pub(super) fn commits(root: &Path, directory: &str, known: Option<&Commits>) -> Option<Commits> {
    let state = git(root, &["rev-parse", "--is-shallow-repository", "HEAD"])?;
    let state = String::from_utf8(state).ok()?;
    let (is_shallow, head) = state.trim().split_once('\n')?;
    let is_shallow = is_shallow == "true";
    if let Some(known) = known
        && *known.head == *head
        && known.is_shallow == is_shallow
    {
        return Some(known.clone());
    }
    let base = known.filter(|known| known.is_shallow == is_shallow && is_ancestor(root, &known.head, head));
    let range = match base {
        Some(base) => format!("{}..{head}", base.head),
        None => head.to_owned(),
    };
    let format = format!("--format={FORMAT}");
    let log = git(
        root,
        &[
            "log",
            "-z",
            "--no-merges",
            "--name-status",
            "-M",
            "--relative",
            &format,
            &range,
            "--",
            directory,
        ],
    )?;
    let mut commits = base.cloned().unwrap_or_default();
    commits.is_shallow = is_shallow;
    commits.head = head.into();
    commits.add(&log);
    Some(commits)
}

/// A file that changed since another commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its path from the root of the site.
    pub path: String,
    /// Its text then, under the name that it had. `None` of a new file.
    pub before: Option<String>,
    /// Its text now.
    pub after: String,
}

/// The text files of a site that were added or changed since a commit, as they lie on the disk. Returns `None` without a
/// repository, where the commit is not known, or without git.
pub(super) fn changed(root: &Path, since: &str) -> Option<Vec<Changed>> {
    // An option is no name of a commit.
    let commit = git(
        root,
        &["rev-parse", "--verify", "--quiet", "--end-of-options", since],
    )?;
    let commit = String::from_utf8(commit).ok()?;
    let commit = commit.trim();
    let options = [
        "diff",
        "--name-status",
        "-z",
        "-M",
        "--relative",
        "--diff-filter=ACMR",
        commit,
    ];
    let listed = git(root, &options)?;
    let untracked = git(root, &["ls-files", "-z", "--others", "--exclude-standard"])?;
    let (listed, untracked) = (
        String::from_utf8_lossy(&listed),
        String::from_utf8_lossy(&untracked),
    );
    let mut names = listed.split('\0').filter(|name| !name.is_empty());
    let mut pairs: Vec<(Option<&str>, &str)> = Vec::new();
    while let (Some(status), Some(name)) = (names.next(), names.next()) {
        match status.as_bytes().first() {
            Some(b'R' | b'C') => pairs.push((Some(name), names.next()?)),
            Some(b'A') => pairs.push((None, name)),
            _ => pairs.push((Some(name), name)),
        }
    }
    pairs.extend(
        untracked
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(|name| (None, name)),
    );
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let is_text =
        |name: &str| name.ends_with(".md") || name.ends_with(".toml") || name.starts_with("themes/");
    let changed = pairs
        .into_iter()
        .filter(|(_, name)| is_text(name))
        .map(|(before, name)| Changed {
            path: name.to_owned(),
            before: before
                .and_then(|before| git(root, &["show", &format!("{commit}:./{before}")]))
                .map(text),
            after: std::fs::read(root.join(name)).map(text).unwrap_or_default(),
        });
    Some(changed.collect())
}

fn is_ancestor(root: &Path, old: &str, new: &str) -> bool {
    git(root, &["merge-base", "--is-ancestor", old, new]).is_some()
}

/// What git prints, if it ends well. Settings of the person who builds must not change what is printed.
fn git(root: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let fixed = ["-c", "log.showSignature=false", "-c", "diff.renameLimit=1000"];
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(fixed)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then_some(output.stdout)
}

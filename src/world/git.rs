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

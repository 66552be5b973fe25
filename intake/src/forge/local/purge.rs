//! Taking files out of all of history. Commits that never had them keep their ids; the others get new ones, with the same
//! author, dates and message. First everything new is written, then branches and tags move to it, then what is left over goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use git2::{ObjectType, Oid, Repository, Sort, Tree};
use jixia::program::{self, Bounds};
use jixia::stop::Stop;
use serde::{Deserialize, Serialize};

use super::branches::{BRANCHES, MAIN, main_of, signature};
use super::{talk, upkeep};
use crate::domain::checksums;
use crate::domain::purge::{Header, without_names};
use crate::forge::{Error, Person, one_line};

/// Where objects in memory stand among the stores of a repository: before all others.
const MEMORY: i32 = 1000;

/// What is to go.
#[derive(Debug, Clone, Default)]
pub struct Gone<'a> {
    /// Files, and directories with all that is in them.
    pub paths: &'a [String],
    /// Proposals whose branch and talk go as a whole.
    pub proposals: &'a [String],
    /// What stands for the files in messages that were about nothing else.
    pub name: &'a str,
}

/// What is to be said of it on the published branch.
#[derive(Debug, Clone)]
pub struct Record {
    /// One line.
    pub title: String,
    /// Who purged.
    pub by: Person,
    /// Seconds since 1970.
    pub at: i64,
    /// What else is said, a line each.
    pub trailers: Vec<(&'static str, String)>,
}

/// A reference and what it leads to from now on: nothing if it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    name: String,
    to: Option<String>,
}

/// History without what is to go, beside the one there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewritten {
    /// Commits that have another id now: the old one and the new.
    pub commits: BTreeMap<String, String>,
    /// References that are to move.
    pub references: Vec<Moved>,
    /// The contents that are to go, as git names them.
    pub objects: BTreeSet<String>,
    /// What of them are checksums of attachments.
    pub checksums: BTreeSet<String>,
}

/// Writes history anew; in memory when it is only tried.
pub(super) fn rewrite(
    repository: &Repository,
    gone: &Gone<'_>,
    record: &Record,
    is_tried: bool,
) -> Result<Rewritten, Error> {
    let odb = repository.odb()?;
    let _memory = is_tried
        .then(|| odb.add_new_mempack_backend(MEMORY))
        .transpose()?;
    let mut rewriting = Rewriting {
        repository,
        gone,
        trees: BTreeMap::new(),
        done: Rewritten::default(),
    };
    rewriting.commits()?;
    rewriting.references()?;
    let mut done = rewriting.done;
    let main = main_of(repository)?.id().to_string();
    let main = done.commits.get(&main).cloned().unwrap_or(main);
    let parent = repository.find_commit(Oid::from_str(&main)?)?;
    let by = signature(&record.by, record.at)?;
    let trailers = record.trailers.iter();
    let trailers: String = trailers
        .map(|(name, value)| format!("{name}: {}\n", one_line(value)))
        .collect();
    let message = format!("{}\n\n{trailers}", one_line(&record.title));
    let commit = repository.commit(None, &by, &by, &message, &parent.tree()?, &[&parent])?;
    done.references.retain(|moved| moved.name != MAIN);
    done.references.push(Moved {
        name: MAIN.to_owned(),
        to: Some(commit.to_string()),
    });
    Ok(done)
}

/// Moves references; those that are moved already stay.
pub(super) fn adopt(repository: &Repository, rewritten: &Rewritten) -> Result<(), Error> {
    for moved in &rewritten.references {
        let known = repository.find_reference(&moved.name);
        match (&moved.to, known) {
            (Some(to), _) => {
                repository.reference(&moved.name, Oid::from_str(to)?, true, "purge")?;
            }
            (None, Ok(mut reference)) => reference.delete()?,
            (None, Err(_)) => {}
        }
    }
    Ok(())
}

/// The contents that were to go and are still there.
pub(super) fn left(repository: &Repository, rewritten: &Rewritten) -> Result<BTreeSet<String>, Error> {
    let odb = repository.odb()?;
    let mut left = BTreeSet::new();
    for object in &rewritten.objects {
        if odb.exists(Oid::from_str(object)?) {
            left.insert(object.clone());
        }
    }
    Ok(left)
}

/// Removes what no reference leads to, whatever its age.
pub(super) fn collect_garbage(path: &Path) -> Result<(), Error> {
    const LONGEST: Bounds = Bounds {
        output: 1_000_000,
        time: Duration::from_secs(3600),
    };
    let directory = format!("--git-dir={}", path.display());
    // Made of commits that are gone; git makes them anew when it wants them.
    let _ = fs::remove_file(path.join("objects/info/commit-graph"));
    let _ = fs::remove_dir_all(path.join("objects/info/commit-graphs"));
    for arguments in [
        &[
            "reflog",
            "expire",
            "--expire=now",
            "--expire-unreachable=now",
            "--all",
        ][..],
        &["repack", "-a", "-d", "--quiet"],
        &["prune", "--expire=now"],
    ] {
        let arguments = [&[directory.as_str()], arguments].concat();
        if program::output("git", &arguments, LONGEST, &Stop::default()).is_none() {
            return Err(Error::Failed(format!("git {} did not succeed", arguments[1])));
        }
    }
    Ok(upkeep::make_directories(path)?)
}

struct Rewriting<'a> {
    repository: &'a Repository,
    gone: &'a Gone<'a>,
    /// What became of trees of commits.
    trees: BTreeMap<Oid, Oid>,
    done: Rewritten,
}

impl Rewriting<'_> {
    /// Writes the commits anew that have anything to do with what goes, those before first.
    fn commits(&mut self) -> Result<(), Error> {
        let mut walk = self.repository.revwalk()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
        for reference in self.repository.references()? {
            if let Ok(commit) = reference?.peel_to_commit() {
                walk.push(commit.id())?;
            }
        }
        for id in walk {
            self.commit(id?)?;
        }
        Ok(())
    }

    fn commit(&mut self, id: Oid) -> Result<(), Error> {
        let repository = self.repository;
        let commit = repository.find_commit(id)?;
        let (before, after) = (commit.tree_id(), self.without(&commit.tree()?)?);
        let parents: Vec<Oid> = commit.parent_ids().collect();
        let mut new_parents = Vec::with_capacity(parents.len());
        for parent in &parents {
            new_parents.push(match self.done.commits.get(&parent.to_string()) {
                Some(new) => Oid::from_str(new)?,
                None => *parent,
            });
        }
        let (tree_before, tree_after) = match commit.parents().next() {
            Some(parent) => (Some(parent.tree_id()), self.without(&parent.tree()?)?),
            None => (None, repository.treebuilder(None)?.write()?),
        };
        // It was about nothing but what goes, so that its message may be too.
        let is_changed = tree_before.map_or(before != after, |tree| tree != before);
        let is_named = is_changed && tree_after == after;
        if after == before && new_parents == parents && !is_named {
            return Ok(());
        }
        let odb = repository.odb()?;
        let raw = odb.read(id)?;
        let header = Header {
            tree: after.to_string(),
            parents: new_parents.iter().map(Oid::to_string).collect(),
        };
        let name = is_named.then_some(self.gone.name);
        let new = odb.write(
            ObjectType::Commit,
            &header.of(raw.data(), |message| without_names(message, name)),
        )?;
        self.done.commits.insert(id.to_string(), new.to_string());
        Ok(())
    }

    /// The tree of a commit without what goes.
    fn without(&mut self, tree: &Tree<'_>) -> Result<Oid, Error> {
        if let Some(known) = self.trees.get(&tree.id()) {
            return Ok(*known);
        }
        let mut now = tree.id();
        for path in self.gone.paths {
            self.note(tree, path)?;
            let parts: Vec<&str> = path.split('/').collect();
            now = removed(self.repository, &self.repository.find_tree(now)?, &parts)?;
        }
        self.trees.insert(tree.id(), now);
        Ok(now)
    }

    /// Notes the contents of a file, or of all files of a directory, that are to go.
    fn note(&mut self, tree: &Tree<'_>, path: &str) -> Result<(), Error> {
        let Ok(entry) = tree.get_path(Path::new(path)) else {
            return Ok(());
        };
        let mut blobs = Vec::new();
        match entry.kind() {
            Some(ObjectType::Tree) => {
                let tree = self.repository.find_tree(entry.id())?;
                tree.walk(git2::TreeWalkMode::PreOrder, |_, entry| {
                    if entry.kind() == Some(ObjectType::Blob) {
                        blobs.push(entry.id());
                    }
                    git2::TreeWalkResult::Ok
                })?;
            }
            _ => blobs.push(entry.id()),
        }
        for blob in blobs {
            if self.done.objects.insert(blob.to_string()) {
                let content = self.repository.find_blob(blob)?;
                checksums::all(content.content(), &mut self.done.checksums);
            }
        }
        Ok(())
    }

    /// What each branch and tag leads to from now on.
    fn references(&mut self) -> Result<(), Error> {
        let repository = self.repository;
        for reference in repository.references()? {
            let reference = reference?;
            let (Ok(name), Some(target)) = (reference.name().map(str::to_owned), reference.target()) else {
                continue;
            };
            let proposal = [BRANCHES, talk::TALKS]
                .into_iter()
                .find_map(|prefix| name.strip_prefix(prefix));
            let goes = proposal.is_some_and(|id| self.gone.proposals.iter().any(|gone| gone == id))
                || self.done.objects.contains(&target.to_string());
            let to = match repository.find_tag(target) {
                Ok(tag) => self.tag(target, tag.target_id())?,
                Err(_) => self.done.commits.get(&target.to_string()).cloned(),
            };
            if goes {
                self.done.references.push(Moved { name, to: None });
            } else if to.is_some() {
                self.done.references.push(Moved { name, to });
            }
        }
        Ok(())
    }

    /// A tag of a commit that has another id now.
    fn tag(&self, id: Oid, target: Oid) -> Result<Option<String>, Error> {
        let Some(new) = self.done.commits.get(&target.to_string()) else {
            return Ok(None);
        };
        let odb = self.repository.odb()?;
        let text = odb.read(id)?.data().to_vec();
        let text = String::from_utf8_lossy(&text).replacen(&target.to_string(), new, 1);
        // A signature is one of what was there before.
        let text = text.split("-----BEGIN ").next().unwrap_or_default().to_owned();
        Ok(Some(odb.write(ObjectType::Tag, text.as_bytes())?.to_string()))
    }
}

/// A tree without a file or directory; directories that are empty then go too.
fn removed(repository: &Repository, tree: &Tree<'_>, parts: &[&str]) -> Result<Oid, Error> {
    let [first, rest @ ..] = parts else {
        return Ok(tree.id());
    };
    let Some(entry) = tree.get_name(first) else {
        return Ok(tree.id());
    };
    let mut builder = repository.treebuilder(Some(tree))?;
    if rest.is_empty() {
        builder.remove(first)?;
        return Ok(builder.write()?);
    }
    if entry.kind() != Some(ObjectType::Tree) {
        return Ok(tree.id());
    }
    let below = removed(repository, &repository.find_tree(entry.id())?, rest)?;
    if repository.find_tree(below)?.is_empty() {
        builder.remove(first)?;
    } else {
        builder.insert(first, below, entry.filemode())?;
    }
    Ok(builder.write()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::process::Command;

    use super::super::Local;
    use super::*;

    struct Git(tempfile::TempDir);

    impl Git {
        fn run(&self, arguments: &[&str]) -> String {
            let identity = ["-c", "user.name=示例", "-c", "user.email=git@example.org"];
            let output = Command::new("git")
                .args(identity)
                .arg("-C")
                .arg(self.0.path())
                .args(arguments)
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env("GIT_AUTHOR_DATE", "1700000000 +0530")
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{arguments:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        }

        fn commits(&self, files: &[(&str, &str)], message: &str) -> String {
            for (path, text) in files {
                let path = self.0.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            self.run(&["add", "--all"]);
            self.run(&["commit", "--quiet", "--message", message]);
            self.run(&["rev-parse", "HEAD"])
        }
    }

    #[test]
    fn history_is_the_same_without_a_file() {
        let git = Git(tempfile::tempdir().unwrap());
        git.run(&["init", "--quiet", "--initial-branch=main"]);
        let first = git.commits(&[("content/a.md", "a"), ("site.toml", "")], "首次收录");
        git.commits(
            &[("content/secret/x.md", "张三的病历")],
            "新投稿：张三的病历\n\nSubmission-Id: s1\nSubmitted-by: 李四 <l@x>",
        );
        git.run(&["tag", "-a", "v1", "-m", "第一版"]);
        git.commits(
            &[("content/secret/x.md", "张三的病历二"), ("content/a.md", "aa")],
            "两篇一起改",
        );
        git.run(&["branch", "submission/other"]);
        git.run(&["branch", "submission/s1"]);
        git.run(&["checkout", "--quiet", "-b", "side", "v1"]);
        git.commits(&[("content/b.md", "b")], "另一篇");
        git.run(&["checkout", "--quiet", "main"]);
        git.run(&["merge", "--quiet", "--no-ff", "-m", "合并", "side"]);
        let blob = git.run(&["rev-parse", "main:content/secret/x.md"]);
        let log = "--format=%an|%ae|%at|%ad|%ct|%s|%P";
        let before = git.run(&["log", "--all", "--topo-order", log]);

        // What is staged counts as needed; a server has nothing staged.
        fs::remove_file(git.0.path().join(".git/index")).unwrap();
        let local = Local {
            path: git.0.path().join(".git"),
        };
        let gone = Gone {
            paths: &["content/secret/x.md".to_owned()],
            proposals: &["s1".to_owned()],
            name: "0123abcd",
        };
        let record = Record {
            title: "purged: 0123abcd".to_owned(),
            by: Person::of_account("a", "示例"),
            at: 1_700_000_001,
            trailers: vec![("Purged-ground", "第一条".to_owned())],
        };
        assert_eq!(git.run(&["count-objects"]), {
            local.rewrite(&gone, &record, true).unwrap();
            git.run(&["count-objects"])
        });
        let rewritten = local.rewrite(&gone, &record, false).unwrap();
        for _ in 0..2 {
            assert_eq!(local.adopt(&rewritten).unwrap(), BTreeSet::new());
        }
        git.run(&["fsck", "--strict", "--full"]);
        assert_eq!(
            git.run(&["log", "--all", "--format=%H", "--", "content/secret"]),
            ""
        );
        let objects = git.run(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
        assert!(!objects.contains(&blob), "its content is gone");
        assert_eq!(
            git.run(&["rev-parse", "main~4"]),
            first,
            "what came before keeps its id"
        );
        assert_eq!(git.run(&["show", "main:content/a.md"]), "aa");
        assert_eq!(git.run(&["show", "main:content/b.md"]), "b");
        assert_eq!(
            git.run(&["rev-parse", "v1^{}"]),
            git.run(&["rev-parse", "main~3"])
        );
        assert!(git.run(&["for-each-ref"]).contains("submission/other"));
        assert!(!git.run(&["for-each-ref"]).contains("submission/s1"));

        // Authors, dates and messages stay; but for the message that was about the file alone.
        let after = git.run(&["log", "--all", "--topo-order", log]);
        let fields = |text: &str| -> Vec<String> {
            let lines = text.lines().map(|line| line.rsplit_once('|').unwrap().0);
            lines.map(str::to_owned).collect()
        };
        let (before, after) = (fields(&before), fields(&after));
        assert_eq!(after.len(), before.len() + 1);
        assert!(after[0].ends_with("purged: 0123abcd"));
        for (before, after) in before.iter().zip(&after[1..]) {
            let expected = before.replace("新投稿：张三的病历", "purged: 0123abcd");
            assert_eq!(*after, expected);
        }
        let all = git.run(&["log", "--all", "--format=%B"]);
        assert!(
            all.contains("Submitted-by: 李四 <l@x>") && !all.contains("张三") && !all.contains("s1"),
            "{all}"
        );
        assert_eq!(
            local.rewrite(&gone, &record, true).unwrap().commits,
            BTreeMap::new(),
            "nothing is left to purge"
        );
    }
}

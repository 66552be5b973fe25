//! A bare repository on disk: branches and merges without a checkout, any git client can clone it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use git2::{Commit, Delta, ErrorCode, FileMode, Oid, Repository, Tree};

use super::{Comment, Error, Forge, Merge, Person, Proposal, Status, Talk, one_line};

mod branches;
mod purge;
mod talk;
mod upkeep;

use branches::{BRANCHES, MAIN, commit_at, main_of, signature};
pub use purge::{Gone, Record, Rewritten};

/// How often a merge is begun anew because somebody else was faster.
const ATTEMPTS: usize = 20;
/// A bare repository.
#[derive(Debug, Clone)]
pub struct Local {
    path: PathBuf,
}

impl From<git2::Error> for Error {
    fn from(error: git2::Error) -> Self {
        Self::Failed(error.message().to_owned())
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl Local {
    /// Opens a repository that [`Local::create`] made.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Repository::open_bare(path)?.find_reference(MAIN)?;
        Ok(Self {
            path: path.to_path_buf(),
        })
    }

    /// Makes a repository whose first commit, of that author, title and second since 1970, holds these files.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn create<'f>(
        path: &Path,
        files: impl IntoIterator<Item = (&'f str, &'f [u8])>,
        (author, title, at): (&Person, &str, i64),
    ) -> Result<Self, Error> {
        let mut options = git2::RepositoryInitOptions::new();
        options.bare(true).initial_head("main").external_template(false);
        let repository = Repository::init_opts(path, &options)?;
        // What was not reviewed is not for strangers: such branches are neither shown nor given.
        let mut config = repository.config()?;
        config.set_str("transfer.hideRefs", "refs/heads/submission")?;
        hide_talks(&repository)?;
        upkeep::settle(&repository)?;
        upkeep::make_directories(path)?;
        let mut update = git2::build::TreeUpdateBuilder::new();
        for (path, bytes) in files {
            update.upsert(path, repository.blob(bytes)?, FileMode::Blob);
        }
        let empty = repository.find_tree(repository.treebuilder(None)?.write()?)?;
        let tree = repository.find_tree(update.create_updated(&repository, &empty)?)?;
        let signature = signature(author, at)?;
        let commit = repository.commit(
            None,
            &signature,
            &signature,
            &format!("{}\n", one_line(title)),
            &tree,
            &[],
        )?;
        repository.reference(MAIN, commit, false, "begin")?;
        Ok(Self {
            path: path.to_path_buf(),
        })
    }

    /// Removes the locks that a process left which was killed while it moved a branch. Only whoever alone writes to the
    /// repository may do this, before it begins.
    ///
    /// # Errors
    /// When the directory cannot be read or written.
    pub fn recover(&self) -> Result<(), Error> {
        let mut waiting = vec![self.path.join("refs")];
        for name in ["packed-refs.lock", "config.lock", "HEAD.lock"] {
            let _ = fs::remove_file(self.path.join(name));
        }
        while let Some(directory) = waiting.pop() {
            for item in fs::read_dir(directory)? {
                let path = item?.path();
                if path.is_dir() {
                    waiting.push(path);
                } else if path.extension().is_some_and(|extension| extension == "lock") {
                    fs::remove_file(path)?;
                }
            }
        }
        upkeep::make_directories(&self.path)?;
        let repository = self.repository()?;
        upkeep::settle(&repository)?;
        hide_talks(&repository)
    }

    /// Reads everything that any branch leads to, and compares it with its checksums.
    ///
    /// # Errors
    /// What is missing or damaged.
    pub fn verify(&self) -> Result<(), Error> {
        upkeep::verify(&self.repository()?)
    }

    /// Writes history anew without some files; nothing leads to it yet. What the published branch says of it is its last commit.
    /// With `is_tried` it is written to memory and forgotten.
    ///
    /// # Errors
    /// When the repository cannot be read or written.
    pub fn rewrite(&self, gone: &Gone<'_>, record: &Record, is_tried: bool) -> Result<Rewritten, Error> {
        purge::rewrite(&self.repository()?, gone, record, is_tried)
    }

    /// Moves every reference to what was rewritten, and removes for good what nothing leads to any more. Repeated it changes
    /// nothing. Returns the contents that stay, since something else holds the same.
    ///
    /// # Errors
    /// When the repository cannot be written, or git is not there or fails.
    pub fn adopt(&self, rewritten: &Rewritten) -> Result<BTreeSet<String>, Error> {
        purge::adopt(&self.repository()?, rewritten)?;
        purge::collect_garbage(&self.path)?;
        // Opened anew: what was packed before is not there any more.
        purge::left(&self.repository()?, rewritten)
    }

    fn repository(&self) -> Result<Repository, Error> {
        // A repository belongs to one thread; opening one costs a few files.
        upkeep::open(&self.path)
    }
}

/// What is said about proposals is not for strangers either. Repositories of earlier programs learn it
/// when a server begins to work on them.
fn hide_talks(repository: &Repository) -> Result<(), Error> {
    let pattern = format!("^{}$", talk::HIDDEN);
    Ok(repository
        .config()?
        .set_multivar("transfer.hideRefs", &pattern, talk::HIDDEN)?)
}

fn branch(id: &str) -> String {
    format!("{BRANCHES}{id}")
}

/// The merge commit through which a proposal's commit came to be published.
fn merged_through(repository: &Repository, main: &Commit<'_>, proposed: Oid) -> Result<Option<Oid>, Error> {
    if !repository.graph_descendant_of(main.id(), proposed)? {
        return Ok(None);
    }
    let mut commit = main.clone();
    loop {
        if commit.parent_ids().nth(1) == Some(proposed) {
            return Ok(Some(commit.id()));
        }
        match commit.parent(0) {
            Ok(parent) => commit = parent,
            Err(_) => return Ok(Some(proposed)),
        }
    }
}

/// The tree of `base` with a proposal's files.
fn proposed_tree<'r>(
    repository: &'r Repository,
    base: &Tree<'_>,
    proposal: &Proposal,
) -> Result<Tree<'r>, Error> {
    let mut update = git2::build::TreeUpdateBuilder::new();
    for (path, bytes) in &proposal.files {
        match bytes {
            Some(bytes) => {
                update.upsert(path.as_str(), repository.blob(bytes)?, FileMode::Blob);
            }
            None if base.get_path(Path::new(path)).is_ok() => {
                update.remove(path.as_str());
            }
            None => {}
        }
    }
    Ok(repository.find_tree(update.create_updated(repository, base)?)?)
}

impl Forge for Local {
    fn open(&self, proposal: &Proposal) -> Result<String, Error> {
        let repository = self.repository()?;
        let (name, author) = (branch(&proposal.id), signature(&proposal.author, proposal.at)?);
        let message = format!(
            "{}\n\nSubmission-Id: {}\n",
            one_line(&proposal.title),
            proposal.id
        );
        let before = commit_at(&repository, &name)?;
        if let Some(before) = &before
            && let Ok(base) = before.parent(0)
            && before.message() == Ok(message.as_str())
            && before.time().seconds() == proposal.at
            && proposed_tree(&repository, &base.tree()?, proposal)?.id() == before.tree_id()
        {
            return Ok(before.id().to_string());
        }
        let base = match &proposal.base {
            Some(base) => repository.find_commit(Oid::from_str(base)?)?,
            None => main_of(&repository)?,
        };
        let tree = proposed_tree(&repository, &base.tree()?, proposal)?;
        let commit = repository.commit(None, &author, &author, &message, &tree, &[&base])?;
        let known = before.map_or(Oid::ZERO_SHA1, |before| before.id());
        repository.reference_matching(&name, commit, true, known, "open")?;
        Ok(commit.to_string())
    }

    fn comment(&self, id: &str, comments: &[Comment]) -> Result<(), Error> {
        talk::change(&self.repository()?, id, None, comments)
    }

    fn label(&self, id: &str, labels: &[String]) -> Result<(), Error> {
        talk::change(&self.repository()?, id, Some(labels), &[])
    }

    fn talk(&self, id: &str) -> Result<Talk, Error> {
        talk::talk(&self.repository()?, id)
    }

    fn list(&self) -> Result<Vec<String>, Error> {
        let repository = self.repository()?;
        let references = repository.references_glob(&format!("{BRANCHES}*"))?;
        let mut ids = Vec::new();
        for reference in references {
            let reference = reference?;
            if let Ok(name) = reference.name() {
                ids.extend(name.strip_prefix(BRANCHES).map(str::to_owned));
            }
        }
        ids.sort();
        Ok(ids)
    }

    fn status(&self, id: &str) -> Result<Status, Error> {
        let repository = self.repository()?;
        let Some(proposed) = commit_at(&repository, &branch(id))? else {
            return Ok(Status::Absent);
        };
        let merged = merged_through(&repository, &main_of(&repository)?, proposed.id())?;
        Ok(match merged {
            Some(merged) => Status::Merged(merged.to_string()),
            None => Status::Open(proposed.id().to_string()),
        })
    }

    fn merge(&self, merge: &Merge) -> Result<String, Error> {
        let repository = self.repository()?;
        let proposed = commit_at(&repository, &branch(&merge.id))?.ok_or(Error::Unknown)?;
        let reviewer = signature(&merge.reviewer, merge.at)?;
        let trailers: String = merge
            .trailers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        let message = format!("{}\n\n{trailers}", one_line(&merge.title));
        for _ in 0..ATTEMPTS {
            let main = main_of(&repository)?;
            if let Some(merged) = merged_through(&repository, &main, proposed.id())? {
                return Ok(merged.to_string());
            }
            let mut index = repository.merge_commits(&main, &proposed, None)?;
            if index.has_conflicts() {
                return Err(Error::Conflict);
            }
            let tree = repository.find_tree(index.write_tree_to(&repository)?)?;
            let commit =
                repository.commit(None, &reviewer, &reviewer, &message, &tree, &[&main, &proposed])?;
            match repository.reference_matching(MAIN, commit, true, main.id(), "merge") {
                Ok(_) => return Ok(commit.to_string()),
                // Somebody merged something else in the meantime, or holds the lock on the reference.
                Err(error) if matches!(error.code(), ErrorCode::Modified | ErrorCode::Locked) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Busy)
    }

    fn close(&self, id: &str) -> Result<(), Error> {
        match self.repository()?.find_reference(&branch(id)) {
            Ok(mut reference) => Ok(reference.delete()?),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl super::Repository for Local {
    fn published(&self) -> Result<String, Error> {
        Ok(main_of(&self.repository()?)?.id().to_string())
    }

    fn contains(&self, published: &str, commit: &str) -> Result<bool, Error> {
        let (published, commit) = (Oid::from_str(published)?, Oid::from_str(commit)?);
        Ok(published == commit || self.repository()?.graph_descendant_of(published, commit)?)
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let repository = self.repository()?;
        let tree = main_of(&repository)?.tree()?;
        match tree.get_path(Path::new(path)) {
            Ok(entry) => Ok(Some(repository.find_blob(entry.id())?.content().to_vec())),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn check_out(&self, directory: &Path, holds: Option<&str>) -> Result<String, Error> {
        let repository = self.repository()?;
        let main = main_of(&repository)?;
        let now = main.tree()?;
        // A commit that was purged from history is no help: everything is compared.
        let before = holds.and_then(|commit| Oid::from_str(commit).ok());
        let before = before.and_then(|commit| repository.find_commit(commit).ok());
        let Some(before) = before else {
            make_equal(&repository, &now, directory)?;
            return Ok(main.id().to_string());
        };
        let changes = repository.diff_tree_to_tree(Some(&before.tree()?), Some(&now), None)?;
        for change in changes.deltas() {
            match change.status() {
                Delta::Deleted => remove(directory, &place(directory, &change.old_file())?)?,
                _ => {
                    let file = change.new_file();
                    put(
                        &place(directory, &file)?,
                        repository.find_blob(file.id())?.content(),
                    )?;
                }
            }
        }
        Ok(main.id().to_string())
    }

    fn pack(&self, most: usize) -> Result<Option<(usize, usize)>, Error> {
        if upkeep::loose(&self.path)? <= most {
            return Ok(None);
        }
        upkeep::pack(&self.path)
    }

    fn naming(&self, checksums: &BTreeSet<String>) -> Result<BTreeSet<String>, Error> {
        upkeep::naming(&self.repository()?, checksums)
    }
}

/// Where a file of a tree lies in a checkout. Names that lead out of the directory cannot be in a tree: git refuses to write
/// them.
fn place(directory: &Path, file: &git2::DiffFile<'_>) -> Result<PathBuf, Error> {
    let path = file.path();
    let path = path.ok_or_else(|| Error::Failed("a path is not UTF-8".to_owned()))?;
    Ok(directory.join(path))
}

/// Makes a directory hold what a tree holds, whatever is in it. What is equal already is left as it is, so that a build finds
/// it unchanged; names that begin with a dot are other people's, and those of checksums may be attachments.
fn make_equal(repository: &Repository, tree: &Tree<'_>, directory: &Path) -> Result<(), Error> {
    let (mut known, mut tops) = (BTreeSet::new(), BTreeSet::new());
    let is_new = !directory.exists();
    for change in repository.diff_tree_to_tree(None, Some(tree), None)?.deltas() {
        let file = change.new_file();
        let path = place(directory, &file)?;
        let blob = repository.find_blob(file.id())?;
        let is_regular = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
        if !is_regular || fs::read(&path)? != blob.content() {
            if !is_new {
                tracing::warn!(path = %path.display(), "the checkout lacked this file or had another: written anew");
            }
            clear(&path)?;
            put(&path, blob.content())?;
        }
        let top = path
            .strip_prefix(directory)
            .ok()
            .and_then(|path| path.iter().next());
        tops.extend(top.map(|top| directory.join(top)));
        known.insert(path);
    }
    // What lies beside what is published may be the store of attachments, where a site keeps it here: it is let be.
    let mut directories: Vec<PathBuf> = tops.into_iter().filter(|top| top.is_dir()).collect();
    while let Some(next) = directories.pop() {
        for item in fs::read_dir(&next)? {
            let item = item?;
            let (path, name) = (item.path(), item.file_name());
            let is_blob = name.len() == 64 && name.as_encoded_bytes().iter().all(u8::is_ascii_hexdigit);
            if is_blob || name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if item.file_type()?.is_dir() {
                directories.push(path);
            } else if !known.contains(&path) {
                tracing::warn!(path = %path.display(), "the checkout had a file that is not published: removed");
                remove(directory, &path)?;
            }
        }
    }
    Ok(())
}

/// Removes what stands where a file belongs: a link, or a directory in its place or in that of one above it.
fn clear(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

/// Replaces a file in one step: who reads meanwhile sees the old or the new one.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let mut file = tempfile::NamedTempFile::with_prefix_in(".new-", parent)?;
    io::Write::write_all(&mut file, bytes)?;
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    file.as_file().set_permissions(readable)?;
    file.persist(path)?;
    Ok(())
}

/// Removes a file, and the directories above that are empty then.
fn remove(root: &Path, path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let above = path
        .ancestors()
        .skip(1)
        .take_while(|directory| *directory != root);
    for directory in above {
        if fs::remove_dir(directory).is_err() {
            break;
        }
    }
    Ok(())
}

//! What every forge does, and the words in which it is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Who wrote or decided something, as git keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// An address that leads nowhere: mail addresses stay out of git.
    pub address: String,
}

impl Person {
    /// A person by the id of the account.
    pub fn of_account(id: &str, name: &str) -> Self {
        Self {
            name: one_line(name),
            // RFC 2606: nobody ever has an address below `invalid`.
            address: format!("{id}@intake.invalid"),
        }
    }
}

/// A change that somebody proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The submission; the branch is named after it.
    pub id: String,
    /// First line of the commit.
    pub title: String,
    /// Who wrote it.
    pub author: Person,
    /// When it was handed in, seconds since 1970.
    pub at: i64,
    /// The published commit that the files were composed on: what others publish after it stays, or is a conflict. Without it
    /// that is the one that is published when it is opened.
    pub base: Option<String>,
    /// New bytes of files by path; `None` for a file that is to go.
    pub files: BTreeMap<String, Option<Vec<u8>>>,
}

/// A decision to merge a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The submission.
    pub id: String,
    /// First line of the merge commit.
    pub title: String,
    /// Who decided.
    pub reviewer: Person,
    /// When, seconds since 1970.
    pub at: i64,
    /// `Submitted-by` and the like, in their order.
    pub trailers: Vec<(&'static str, String)>,
}

/// Something said about a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// What it mirrors; of two with one key the first one stays. A comment that somebody wrote on the forge has none.
    pub key: Option<String>,
    /// Who says it.
    pub author: Person,
    /// When, seconds since 1970.
    pub at: i64,
    /// The words.
    pub text: String,
}

/// What is said about a proposal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Talk {
    /// Labels, sorted.
    pub labels: Vec<String>,
    /// Comments, in the order in which they came.
    pub comments: Vec<Comment>,
}

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// There is no such proposal, or it was closed.
    Absent,
    /// It waits, with this commit.
    Open(String),
    /// The forge was told to merge it and has not done so yet: it checks first, or others are before it.
    Merging,
    /// It is part of the published branch, through this commit.
    Merged(String),
}

/// What a forge may answer instead.
#[derive(Debug)]
pub enum Error {
    /// The proposal and the published branch changed the same lines.
    Conflict,
    /// There is no such proposal.
    Unknown,
    /// Somebody else was faster each time; trying again later helps.
    Busy,
    /// The forge took the merge and does it later; [`Forge::status`] tells when it is done.
    UnderWay,
    /// The forge failed.
    Failed(String),
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conflict => formatter.write_str("the published branch changed in the same place"),
            Self::Unknown => formatter.write_str("there is no such proposal"),
            Self::Busy => formatter.write_str("the published branch moved again and again"),
            Self::UnderWay => formatter.write_str("the merge is under way"),
            Self::Failed(reason) => formatter.write_str(reason),
        }
    }
}

/// What is published.
pub trait Repository: Send + Sync {
    /// The commit that is published.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn published(&self) -> Result<String, Error>;

    /// Whether `commit` is part of what was published with the commit `published`.
    ///
    /// # Errors
    /// When the repository cannot be read or does not know a commit.
    fn contains(&self, published: &str, commit: &str) -> Result<bool, Error>;

    /// A published file by its path from the root. Returns `None` if there is none.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Makes a directory hold what is published, given the commit that it holds already; without one, whatever it holds: what
    /// is damaged or missing is written, what does not belong there removed. Returns the published commit.
    ///
    /// # Errors
    /// When the repository cannot be read or the directory cannot be written.
    fn check_out(&self, directory: &Path, holds: Option<&str>) -> Result<String, Error>;

    /// Packs what was written if more than `most` objects lie by themselves; whatever else goes on meanwhile goes on. Returns how
    /// many did before and do after; `None` if there was nothing to do, or nothing to do it with.
    ///
    /// # Errors
    /// When the repository cannot be read or packing failed; it is whole then.
    fn pack(&self, most: usize) -> Result<Option<(usize, usize)>, Error>;

    /// Those of some checksums, of 64 hexadecimal digits each, that any file of any commit names that is kept.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn naming(&self, checksums: &BTreeSet<String>) -> Result<BTreeSet<String>, Error>;
}

/// Where changes of the repository are proposed, talked about and merged. Every method may be repeated: it finds what it
/// did before.
pub trait Forge: Send + Sync {
    /// Opens a proposal, or replaces what it proposed before: the branch holds one commit on the published branch.
    /// Returns the commit.
    ///
    /// # Errors
    /// When the forge fails.
    fn open(&self, proposal: &Proposal) -> Result<String, Error>;

    /// Merges a proposal into the published branch and returns the merge commit.
    ///
    /// # Errors
    /// When both changed the same lines, there is no such proposal, the forge does it later, or it fails.
    fn merge(&self, merge: &Merge) -> Result<String, Error>;

    /// Removes a proposal that waits or was merged. Does nothing if it is missing.
    ///
    /// # Errors
    /// When the forge fails.
    fn close(&self, id: &str) -> Result<(), Error>;

    /// What became of a proposal.
    ///
    /// # Errors
    /// When the forge fails.
    fn status(&self, id: &str) -> Result<Status, Error>;

    /// The ids of proposals that wait.
    ///
    /// # Errors
    /// When the forge fails.
    fn list(&self) -> Result<Vec<String>, Error>;

    /// Gives a proposal these labels in the place of all it has; those that the forge does not have yet are made.
    ///
    /// # Errors
    /// When the forge fails.
    fn label(&self, id: &str, labels: &[String]) -> Result<(), Error>;

    /// Adds comments to a proposal, which may be closed or not open yet; those whose key is there already are left out.
    ///
    /// # Errors
    /// When the forge fails.
    fn comment(&self, id: &str, comments: &[Comment]) -> Result<(), Error>;

    /// Labels and comments of a proposal, also what others wrote there; they stay when it is closed.
    ///
    /// # Errors
    /// When the forge fails.
    fn talk(&self, id: &str) -> Result<Talk, Error>;
}

/// A text as part of a commit's message: no line ends, no signs that addresses are made of.
pub fn one_line(text: &str) -> String {
    let kept = text.chars().map(|character| match character {
        '<' | '>' => ' ',
        character if character.is_control() => ' ',
        character => character,
    });
    let text: String = kept.take(200).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! Why a command could not be carried out.

use crate::diag::{Diagnostic, Language, interface_text};

/// What a command ends with when it fails.
#[derive(Debug)]
pub(super) enum Failure {
    /// Something other than the site's files.
    Error(Error),
    /// Mistakes in the site's files.
    Content(Vec<Diagnostic>),
    /// Mistakes in a file that is not written yet, with its text.
    Draft(Vec<Diagnostic>, String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Content(vec![diagnostic])
    }
}

/// An error that no file of the site is at fault for; that would be a [`Diagnostic`].
#[derive(Debug)]
pub(super) struct Error {
    kind: ErrorKind,
    /// What the message names, by placeholder.
    arguments: Vec<(&'static str, String)>,
    /// What was probably meant.
    suggestion: Option<String>,
}

/// Kinds of [`Error`]. The messages and the hints of a kind are interface texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorKind {
    /// No kind has the id that was given.
    UnknownKind,
    /// A value of an option cannot be read.
    BadArgument,
    /// A chapter was named without what it belongs to.
    WithoutParent,
    /// A new file would go over one that is there.
    Exists,
    /// A question was not answered.
    Unanswered,
    /// A file could not be written.
    CannotWrite,
    /// What is to be imported is not there or cannot be read.
    BadSource,
    /// A table that cannot be read.
    BadTable,
    /// A table says nowhere what its rows are.
    NeedsKind,
    /// Git does not know what changes are asked for since.
    UnknownCommit,
    /// No unit has the id that was given.
    UnknownUnit,
    /// The server's address cannot be had.
    CannotListen,
}

impl ErrorKind {
    /// The name for machines, and the key of the message.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::UnknownKind => "unknown-kind",
            Self::BadArgument => "bad-argument",
            Self::WithoutParent => "without-parent",
            Self::Exists => "exists",
            Self::Unanswered => "unanswered",
            Self::CannotWrite => "cannot-write",
            Self::BadSource => "bad-source",
            Self::BadTable => "bad-table",
            Self::NeedsKind => "needs-kind",
            Self::UnknownCommit => "unknown-commit",
            Self::UnknownUnit => "unknown-unit",
            Self::CannotListen => "cannot-listen",
        }
    }

    /// The key of what to do.
    fn hint(self) -> &'static str {
        match self {
            Self::UnknownKind => "unknown-kind-hint",
            Self::BadArgument => "bad-argument-hint",
            Self::WithoutParent => "without-parent-hint",
            Self::Exists => "exists-hint",
            Self::Unanswered => "unanswered-hint",
            Self::CannotWrite => "cannot-write-hint",
            Self::BadSource => "bad-source-hint",
            Self::BadTable => "bad-table-hint",
            Self::NeedsKind => "needs-kind-hint",
            Self::UnknownCommit => "unknown-commit-hint",
            Self::UnknownUnit => "unknown-unit-hint",
            Self::CannotListen => "cannot-listen-hint",
        }
    }
}

impl Error {
    pub(super) fn new(kind: ErrorKind) -> Self {
        Self {
            kind,
            arguments: Vec::new(),
            suggestion: None,
        }
    }

    /// Fills a placeholder of the message or the hint.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers pass numbers and temporary texts"
    )]
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    /// Names what was probably meant.
    pub(super) fn suggest(mut self, suggestion: Option<&str>) -> Self {
        self.suggestion = suggestion.map(str::to_owned);
        self
    }

    pub(super) fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What went wrong, in a sentence.
    pub(super) fn message(&self, language: Language) -> String {
        self.text(language, self.kind.name())
    }

    /// What to do about it, most likely first.
    pub(super) fn hints(&self, language: Language) -> Vec<String> {
        let suggestion = self.suggestion.as_deref();
        let suggestion =
            suggestion.map(|meant| interface_text(language, "did-you-mean", &[("suggestion", meant)]));
        let hint = self.text(language, self.kind.hint());
        suggestion.into_iter().chain([hint]).collect()
    }

    fn text(&self, language: Language, key: &str) -> String {
        let arguments = self.arguments.iter();
        let arguments: Vec<(&str, &str)> = arguments.map(|(name, value)| (*name, value.as_str())).collect();
        interface_text(language, key, &arguments)
    }
}

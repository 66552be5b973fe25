//! Why a portal was not built, in words.

use std::io;

use jixia::diag::{Diagnostic, Language, Severity, words};

use crate::forge;

/// Why a rebuild did not happen. The last good portal stays.
#[derive(Debug)]
pub enum BuildError {
    /// The repository could not be read or the checkout not written.
    Checkout(forge::Error),
    /// The content has errors, in words.
    Content(Vec<String>),
    /// The process that builds ended without a word: killed, or out of memory.
    Stopped(String),
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Checkout(error) => write!(formatter, "{error}"),
            Self::Stopped(how) => write!(formatter, "the build did not finish: {how}"),
            Self::Content(problems) => formatter.write_str(&problems.join("\n")),
        }
    }
}

impl From<io::Error> for BuildError {
    fn from(error: io::Error) -> Self {
        Self::Checkout(error.into())
    }
}

/// The first twenty errors.
pub(super) fn in_words(diagnostics: &[Diagnostic]) -> Vec<String> {
    let errors = diagnostics
        .iter()
        .filter(|wrong| wrong.severity == Severity::Error);
    let sentence = |wrong: &Diagnostic| {
        let (message, help) = words(wrong, Language::Chinese);
        let place = wrong
            .path
            .as_deref()
            .map(|path| format!("{path}："))
            .unwrap_or_default();
        format!("{place}{message} {help}").trim_end().to_owned()
    };
    errors.take(20).map(sentence).collect()
}

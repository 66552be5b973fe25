//! Why something was not done.

use std::fmt;

/// What kind of refusal it is. `web` gives each a status, in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// There is no such thing, or the actor may not know of it.
    NotFound,
    /// The actor may not do that.
    Forbidden,
    /// It was decided on what is no longer so: the version that the form names is not the current one.
    Outdated,
    /// The thing is in a state in which that cannot be done.
    NotNow,
    /// What was typed cannot be taken.
    Invalid,
    /// Too much at once.
    TooMany,
    /// Too many bytes.
    TooLarge,
    /// Others are being answered, or the server is to end: later it can be done.
    Busy,
    /// The server failed; the reason is for its log.
    Internal,
}

impl Kind {
    /// The key of the text that says it where nothing more is known.
    pub fn text(self) -> &'static str {
        match self {
            Self::NotFound => "wrong.not-found",
            Self::Forbidden => "wrong.refused",
            Self::Outdated => "wrong.outdated",
            Self::NotNow => "wrong.not-now",
            Self::Invalid => "wrong.form",
            Self::TooMany => "wrong.too-many",
            Self::TooLarge => "wrong.too-large",
            Self::Busy => "wrong.busy",
            Self::Internal => "wrong.internal",
        }
    }
}

/// Why something was not done, in words that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind of refusal it is.
    pub kind: Kind,
    /// The key of the text that says what is wrong.
    pub key: &'static str,
    /// Where it is wrong and how to mend it, each in a sentence.
    pub hints: Vec<String>,
    /// What the log is told of a failure of the server.
    pub reason: String,
}

impl Error {
    /// What was typed cannot be taken; `key` names the text that says why.
    pub fn invalid(key: &'static str) -> Self {
        Self {
            key,
            ..Kind::Invalid.into()
        }
    }

    /// The actor may not do that; `key` names the text that says why.
    pub fn forbidden(key: &'static str) -> Self {
        Self {
            key,
            ..Kind::Forbidden.into()
        }
    }

    /// The server failed.
    pub fn internal(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
            ..Kind::Internal.into()
        }
    }

    /// Adds sentences that say more.
    #[must_use]
    pub fn hint(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hints);
        self
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            key: kind.text(),
            hints: Vec::new(),
            reason: String::new(),
        }
    }
}

/// Whatever fails below a service fails the server. So `Error` itself is no [`std::error::Error`].
impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        Self::internal(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason.as_str() {
            "" => formatter.write_str(self.key),
            reason => formatter.write_str(reason),
        }
    }
}

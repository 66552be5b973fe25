//! A diagnostic as data: a code, a place, arguments; and what can be done with several.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Code, Handling, Severity};

/// Bytes of a source file, from its first byte.
pub type Span = Range<u32>;

/// What stands in a placeholder of a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Argument {
    /// The same in every language.
    Text(String),
    /// A phrase of the messages by its key, whose own placeholders the diagnostic's other arguments fill.
    Phrase(Cow<'static, str>),
}

/// One mistake or warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What is wrong.
    pub code: Code,
    /// Whether it fails the build.
    pub severity: Severity,
    /// What becomes of what it is about; nearly always what its code declares.
    pub handling: Handling,
    /// The file, relative to the site's root, with `/` between names.
    pub path: Option<Arc<str>>,
    /// Where in the file.
    pub span: Option<Span>,
    /// Values for the placeholders of the message, by name.
    pub arguments: Vec<(Cow<'static, str>, Argument)>,
    /// The nearest thing that would have been right.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    /// Makes a diagnostic of the code's usual severity, without a place.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            severity: code.severity(),
            handling: code.handling(),
            path: None,
            span: None,
            arguments: Vec::new(),
            suggestion: None,
        }
    }

    /// Names the file.
    #[must_use]
    pub fn in_file(mut self, path: &Arc<str>) -> Self {
        self.path = Some(Arc::clone(path));
        self
    }

    /// Marks the bytes.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Gives a placeholder of the message its value.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers pass numbers and temporary texts"
    )]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments
            .push((Cow::Borrowed(name), Argument::Text(value.to_string())));
        self
    }

    /// Gives a placeholder of the message a phrase in the language of the message.
    #[must_use]
    pub fn say(mut self, name: &'static str, key: &'static str) -> Self {
        self.arguments
            .push((Cow::Borrowed(name), Argument::Phrase(Cow::Borrowed(key))));
        self
    }

    /// The text that fills a placeholder of the message.
    pub fn text(&self, name: &str) -> Option<&str> {
        let argument = self.arguments.iter().find(|(key, _)| key == name);
        match argument {
            Some((_, Argument::Text(text))) => Some(text),
            _ => None,
        }
    }

    /// Adds "did you mean".
    #[must_use]
    pub fn suggest(mut self, suggestion: Option<impl ToString>) -> Self {
        self.suggestion = suggestion.map(|suggestion| suggestion.to_string());
        self
    }

    /// Says that something else becomes of it than its code declares.
    #[must_use]
    pub fn handled(mut self, handling: Handling) -> Self {
        self.handling = handling;
        self
    }

    /// Changes whether it fails the build.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// Longest word, in characters, that anything is suggested for.
const LONGEST_WORD: usize = 300;

/// The candidate most like `word`, if any is near enough to have been meant.
///
/// Near enough is an edit distance (with transpositions) of at most a third of the longer word, at least one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lowered = word.to_lowercase();
    let length = lowered.chars().count();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let count = candidate.chars().count();
            let longest = length.max(count);
            let limit = (longest / 3).max(1);
            // The distance is at least the difference of the lengths; a hostile word may have megabytes.
            if length.abs_diff(count) > limit || longest > LONGEST_WORD {
                return None;
            }
            let distance = strsim::osa_distance(&lowered, &candidate.to_lowercase());
            (distance <= limit && distance < longest).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Orders diagnostics by file, place and code, and drops exact repetitions, so that output does not depend on threads.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|left, right| {
        let key = |diagnostic: &Diagnostic| {
            (
                diagnostic.path.clone(),
                diagnostic.span.as_ref().map_or(0, |span| span.start),
                diagnostic.code,
            )
        };
        key(left)
            .cmp(&key(right))
            .then_with(|| left.arguments.cmp(&right.arguments))
    });
    diagnostics.dedup();
}

/// How many diagnostics fail the build, and how many do not: (errors, warnings).
pub fn count(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    (errors, diagnostics.len() - errors)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nearest_names_what_was_meant() {
        let cases: &[(&str, &[&str], Option<&str>)] = &[
            ("tilte", &["title", "date"], Some("title")),
            ("Title", &["title"], Some("title")),
            ("企业职エ", &["企业职工", "退役军人"], Some("企业职工")),
            ("zzz", &["title", "date"], None),
            ("a", &["b"], None),
            ("", &["title"], None),
        ];
        for (word, candidates, expected) in cases {
            assert_eq!(nearest(word, candidates.iter().copied()), *expected, "{word}");
        }
    }
}

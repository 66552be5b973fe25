//! The words of diagnostics, in each language.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Argument, Code, Diagnostic, Handling, Severity};

/// A language that diagnostics and the command line speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The language for a tag or locale such as `zh-CN`, `en_US.UTF-8`; anything else is English.
    pub fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }
}

/// The words for one code: what is wrong, what is shown beside the marked text, and what to do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    message: String,
    #[serde(default)]
    expected: String,
    #[serde(default)]
    help: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    interface: BTreeMap<String, String>,
    codes: BTreeMap<String, Words>,
}

static CHINESE: LazyLock<Catalogue> = LazyLock::new(|| parse(include_str!("messages/zh-CN.toml")));
static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| parse(include_str!("messages/en.toml")));

/// The catalogues are compiled in and a test reads both, so a failure here cannot reach a user.
fn parse(text: &str) -> Catalogue {
    toml::from_str(text).unwrap_or_else(|error| panic!("compiled-in messages: {error}"))
}

/// A diagnostic in words.
pub(super) struct Spoken {
    pub(super) message: String,
    pub(super) expected: String,
    pub(super) help: String,
}

fn catalogue(language: Language) -> &'static Catalogue {
    match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}

/// An interface text of the command line, with `{name}` placeholders filled.
pub(crate) fn text(language: Language, key: &str, arguments: &[(&str, &str)]) -> String {
    let Some(pattern) = catalogue(language).interface.get(key) else {
        return key.to_owned();
    };
    fill(pattern, |name| {
        arguments
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| Cow::Borrowed(*value))
    })
}

pub(super) fn speak(diagnostic: &Diagnostic, language: Language) -> Spoken {
    let argument = |name: &str| {
        diagnostic
            .arguments
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    let plain = |name: &str| match argument(name) {
        Some(Argument::Text(text)) => Some(shorten(text)),
        _ => None,
    };
    let lookup = |name: &str| match argument(name)? {
        Argument::Text(text) => Some(shorten(text)),
        Argument::Phrase(key) => {
            let pattern = catalogue(language).interface.get(&**key);
            Some(Cow::Owned(pattern.map_or_else(
                || key.clone().into_owned(),
                |pattern| fill(pattern, plain),
            )))
        }
    };
    match catalogue(language).codes.get(diagnostic.code.name()) {
        Some(words) => Spoken {
            message: fill(&words.message, lookup) + &outcome(diagnostic, language),
            expected: fill(&words.expected, lookup),
            help: fill(&words.help, lookup),
        },
        None => Spoken {
            message: Code::name(diagnostic.code).to_owned(),
            expected: String::new(),
            help: String::new(),
        },
    }
}

/// What was done, after what is wrong; nothing while the build refuses or publishes it as it stands.
fn outcome(diagnostic: &Diagnostic, language: Language) -> String {
    let is_said = matches!(diagnostic.handling, Handling::LeftOut(_) | Handling::Replaced(_))
        && diagnostic.severity == Severity::Warning;
    if !is_said {
        return String::new();
    }
    let what = text(language, diagnostic.handling.key(), &[]);
    text(language, "outcome", &[("what", &what)])
}

pub(super) fn severity_name(severity: Severity, language: Language) -> String {
    let key = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    text(language, key, &[])
}

/// A value as a message shows it: hostile ones may have megabytes.
fn shorten(text: &str) -> Cow<'_, str> {
    const MOST_CHARACTERS: usize = 1_000;
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Puts values into `{name}` placeholders. A sentence that begins with `?name:` is kept only when the value is there.
fn fill<'a>(pattern: &str, lookup: impl Fn(&str) -> Option<Cow<'a, str>>) -> String {
    let mut pattern = pattern;
    if let Some((name, rest)) = pattern.strip_prefix('?').and_then(|rest| rest.split_once(':')) {
        if lookup(name).is_none_or(|value| value.is_empty()) {
            return String::new();
        }
        pattern = rest;
    }
    let mut filled = String::with_capacity(pattern.len() + 32);
    while let Some(open) = pattern.find('{') {
        let Some(close) = pattern[open..].find('}') else {
            break;
        };
        let name = &pattern[open + 1..open + close];
        // `{% %}` and the like are no placeholders.
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        {
            filled.push_str(&pattern[..=open]);
            pattern = &pattern[open + 1..];
            continue;
        }
        filled.push_str(&pattern[..open]);
        filled.push_str(&lookup(name).unwrap_or_default());
        pattern = &pattern[open + close + 1..];
    }
    filled.push_str(pattern);
    filled
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn placeholders(text: &str) -> Vec<String> {
        let mut names: Vec<_> = text
            .split('{')
            .skip(1)
            .map(|part| part.split('}').next().unwrap().to_owned())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    #[test]
    fn every_code_has_words_with_the_same_placeholders_in_both_languages() {
        for code in Code::ALL {
            let chinese = CHINESE
                .codes
                .get(code.name())
                .unwrap_or_else(|| panic!("zh-CN lacks {}", code.name()));
            let english = ENGLISH
                .codes
                .get(code.name())
                .unwrap_or_else(|| panic!("en lacks {}", code.name()));
            for (left, right) in [
                (&chinese.message, &english.message),
                (&chinese.expected, &english.expected),
                (&chinese.help, &english.help),
            ] {
                assert_eq!(placeholders(left), placeholders(right), "{}", code.name());
            }
        }
        assert_eq!(CHINESE.codes.len(), Code::ALL.len());
        assert_eq!(ENGLISH.codes.len(), Code::ALL.len());
    }

    #[test]
    fn both_languages_have_the_same_interface_texts() {
        let texts = |catalogue: &Catalogue| {
            let texts = catalogue.interface.iter();
            texts
                .map(|(key, text)| (key.clone(), placeholders(text)))
                .collect::<Vec<_>>()
        };
        assert_eq!(texts(&CHINESE), texts(&ENGLISH));
    }

    #[test]
    fn phrases_are_said_in_the_language_of_the_message_and_filled() {
        let diagnostic = Diagnostic::new(Code::BadKind)
            .say("reason", "field-twice")
            .with("field", "甲");
        assert!(speak(&diagnostic, Language::Chinese).message.contains("甲"));
        assert!(speak(&diagnostic, Language::English).message.contains("甲"));
        assert_ne!(
            speak(&diagnostic, Language::Chinese).message,
            speak(&diagnostic, Language::English).message
        );
    }

    #[test]
    fn fill_drops_a_conditional_sentence_without_its_value() {
        assert_eq!(fill("?x:有 {x}", |_| None), "");
        assert_eq!(fill("?x:有 {x}", |_| Some("甲".into())), "有 甲");
        assert_eq!(
            fill("{a}与{b}", |name| (name == "a").then_some("甲".into())),
            "甲与"
        );
    }
}

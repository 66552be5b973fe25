//! Closed lists of words.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::label::localized;

/// One word of a vocabulary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Its id: ASCII, in URLs.
    pub id: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    #[serde(default)]
    pub label_en: Option<String>,
    /// Other ways to write it in front matter.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Code in an official classification.
    #[serde(default)]
    pub code: Option<String>,
    /// A sentence about it.
    #[serde(default)]
    pub description: Option<String>,
    /// Column and row, from 1, on a schematic map: of a city.
    #[serde(default)]
    pub tile: Option<[u8; 2]>,
}

impl Term {
    /// The label in a language tag.
    pub fn label(&self, language: &str) -> &str {
        localized(language, &self.label, self.label_en.as_deref())
    }
}

/// A closed list of words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Its id.
    pub id: String,
    /// Chinese label.
    pub label: String,
    /// English label.
    #[serde(default)]
    pub label_en: Option<String>,
    /// The words in their order.
    #[serde(default)]
    pub terms: Vec<Term>,
    #[serde(skip)]
    index: HashMap<String, usize>,
}

impl Vocabulary {
    /// Prepares look-ups by id, label and alias.
    #[must_use]
    pub(super) fn indexed(mut self) -> Self {
        for (position, term) in self.terms.iter().enumerate().rev() {
            let names = [Some(&term.label), term.label_en.as_ref(), term.code.as_ref()];
            for name in names.into_iter().flatten().chain(&term.aliases).chain([&term.id]) {
                self.index.insert(name.clone(), position);
            }
        }
        self
    }

    /// The term with this id, label, code or alias.
    pub fn find(&self, word: &str) -> Option<&Term> {
        self.index.get(word).map(|position| &self.terms[*position])
    }

    /// The label in a language tag.
    pub fn label(&self, language: &str) -> &str {
        localized(language, &self.label, self.label_en.as_deref())
    }
}

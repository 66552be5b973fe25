//! What is wrong with a table: nothing of it is written until all of that is mended.

use crate::diag::{Diagnostic, Language, interface_text, words};
use crate::media::{advice, unpublished};

/// Something wrong in a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The row, from 1.
    pub row: usize,
    /// The title that the row gives; empty for the row of headings, and where it gives none.
    pub title: String,
    /// The column's heading; of a column without one its letter.
    pub column: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What was probably meant.
type Meant = Option<String>;

/// What can be wrong in a table. The words of all but the first are the interface text `table-NAME`.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    /// A value that the kind does not take, or a field that is missing.
    Value(Box<Diagnostic>),
    /// No row has a heading for titles.
    NoHeadings,
    /// A column with values has no heading.
    NoHeading,
    /// Two columns mean the same field; the other one's heading.
    TwoColumns(String),
    /// The field's values have parts, which no cell can hold.
    NotOfTables,
    /// Headings, and no entry below them.
    NoEntries,
    /// A unit that the site does not have.
    NoUnit(String, Meant),
    /// An entry that the site does not have.
    NoReferenced(String, Meant),
    /// Several entries have the title.
    Ambiguous(String),
    /// A file that does not lie in the folder.
    NoFile(String, Meant),
    /// A file that is not published, or is another than its name says.
    FileRefused(String),
    /// A document that cannot be read.
    BadDocument(String),
    /// Another row has the name.
    NameTwice(String),
    /// Another entry of the site has the name; its file.
    NameTaken(String),
}

impl Fault {
    pub(super) fn new(row: usize, column: impl Into<String>, wrong: Wrong) -> Self {
        Self {
            row,
            title: String::new(),
            column: column.into(),
            wrong,
        }
    }
}

impl Wrong {
    /// Its name for machines; of a value the diagnostic's.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Value(diagnostic) => diagnostic.code.name(),
            Self::NoHeadings => "no-headings",
            Self::NoHeading => "no-heading",
            Self::TwoColumns(_) => "two-columns",
            Self::NotOfTables => "not-of-tables",
            Self::NoEntries => "no-entries",
            Self::NoUnit(..) => "no-unit",
            Self::NoReferenced(..) => "no-referenced",
            Self::Ambiguous(_) => "ambiguous",
            Self::NoFile(..) => "no-file",
            Self::FileRefused(_) => "file-refused",
            Self::BadDocument(_) => "bad-document",
            Self::NameTwice(_) => "name-twice",
            Self::NameTaken(_) => "name-taken",
        }
    }

    /// What is wrong in words, and what to do.
    pub fn words(&self, language: Language) -> (String, String) {
        match self {
            Self::Value(diagnostic) => words(diagnostic, language),
            wrong => {
                if let Self::FileRefused(file) = wrong
                    && unpublished(file).is_some()
                {
                    let told = interface_text(language, "table-file-refused", &[("value", file)]);
                    return (told, interface_text(language, advice(file), &[]));
                }
                let text = |key: String| interface_text(language, &key, &[("value", wrong.value())]);
                (
                    text(format!("table-{}", wrong.name())),
                    text(format!("table-{}-hint", wrong.name())),
                )
            }
        }
    }

    /// What it is about.
    fn value(&self) -> &str {
        match self {
            Self::TwoColumns(value)
            | Self::NoUnit(value, _)
            | Self::NoReferenced(value, _)
            | Self::Ambiguous(value)
            | Self::NoFile(value, _)
            | Self::FileRefused(value)
            | Self::BadDocument(value)
            | Self::NameTwice(value)
            | Self::NameTaken(value) => value,
            Self::Value(_) | Self::NoHeadings | Self::NoHeading | Self::NotOfTables | Self::NoEntries => "",
        }
    }

    /// What was probably meant instead.
    pub fn meant(&self) -> Option<&str> {
        match self {
            Self::Value(diagnostic) => diagnostic.suggestion.as_deref(),
            Self::NoUnit(_, meant) | Self::NoReferenced(_, meant) | Self::NoFile(_, meant) => {
                meant.as_deref()
            }
            _ => None,
        }
    }
}

//! What becomes of an entry, a value or a file that a diagnostic is about.
//!
//! It is the same at every level: a level only says whether the build goes on. So nothing that was refused at one level
//! appears at another, and what is left out can be named before anybody lowers a level.

use serde::{Deserialize, Serialize};

/// What a build does with what is wrong, if it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Handling {
    /// It does not go on: `[check.levels]` cannot lower it.
    Fixed(Why),
    /// It is published as it stands.
    Kept,
    /// Something else stands in its place.
    Replaced(By),
    /// It is left out of the portal, and every message about it says so: it cannot be ignored.
    LeftOut(Part),
}

/// Why a level cannot be lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Why {
    /// What cannot be read would vanish.
    Unread,
    /// The portal would be emptied.
    Empty,
    /// A default would stand in the place of a setting.
    Setting,
    /// Entries would be read against something else than was meant.
    Declaration,
    /// Pages would be missing or half made.
    Template,
    /// Nothing was written.
    Output,
}

/// What stands in the place of what was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum By {
    /// A blank, for a character.
    Blank,
    /// The file's name, for a title.
    FileName,
    /// The words of a link, without the link.
    Text,
}

/// What is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Part {
    /// A whole entry.
    Entry,
    /// A value of a field.
    Value,
    /// A file beside Markdown, or an attachment.
    File,
    /// A page under one more address.
    Page,
    /// A tag; the text between tags stays.
    Markup,
    /// Cells of a table.
    Cells,
}

impl Handling {
    /// The key of its words among the interface texts.
    pub fn key(self) -> &'static str {
        match self {
            Self::Fixed(Why::Unread) => "fixed-unread",
            Self::Fixed(Why::Empty) => "fixed-empty",
            Self::Fixed(Why::Setting) => "fixed-setting",
            Self::Fixed(Why::Declaration) => "fixed-declaration",
            Self::Fixed(Why::Template) => "fixed-template",
            Self::Fixed(Why::Output) => "fixed-output",
            Self::Kept => "kept",
            Self::Replaced(By::Blank) => "replaced-blank",
            Self::Replaced(By::FileName) => "replaced-file-name",
            Self::Replaced(By::Text) => "replaced-text",
            Self::LeftOut(Part::Entry) => "left-out-entry",
            Self::LeftOut(Part::Value) => "left-out-value",
            Self::LeftOut(Part::File) => "left-out-file",
            Self::LeftOut(Part::Page) => "left-out-page",
            Self::LeftOut(Part::Markup) => "left-out-markup",
            Self::LeftOut(Part::Cells) => "left-out-cells",
        }
    }

    /// Whether `[check.levels]` can make an error of it a warning.
    pub fn can_be_lowered(self) -> bool {
        !matches!(self, Self::Fixed(_))
    }

    /// Whether no level may hide it.
    pub fn is_left_out(self) -> bool {
        matches!(self, Self::LeftOut(_))
    }
}

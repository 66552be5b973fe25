//! Raw elements that are open among Markdown.

use super::html;

/// Raw elements that are open, outermost first.
#[derive(Default)]
pub(super) struct RawTags {
    pub(super) open: Vec<RawTag>,
}

impl RawTags {
    /// Whether an element of this name is open, at any depth.
    pub(super) fn is_open(&self, name: &str) -> bool {
        self.open.iter().any(|tag| tag.name == name)
    }

    /// Whether an element is open whose content will not be shown.
    pub(super) fn is_hiding(&self) -> bool {
        self.open.iter().any(|tag| tag.hidden_from.is_some())
    }

    /// Whether only parts of a table may come next.
    pub(super) fn in_frame(&self) -> bool {
        self.open.last().is_some_and(|tag| html::is_frame(tag.name))
    }
}

/// A raw element that is open.
pub(super) struct RawTag {
    /// As it was written.
    pub(super) name: &'static str,
    /// As it stands in the page.
    pub(super) shown: &'static str,
    /// The last part in it that its kind is made of; empty before the first.
    pub(super) last: &'static str,
    /// Whether it is a table in which rows have begun.
    pub(super) has_rows: bool,
    /// Containers around it.
    pub(super) depth: u32,
    /// Where the output goes back to at its end, if its content is not shown.
    pub(super) hidden_from: Option<usize>,
}

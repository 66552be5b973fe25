//! Pages of words alone.

use serde::Serialize;

use super::view::Link;
use super::{Meta, PlainFile, Planner, View};

/// A page of words alone: search, not found.
#[derive(Debug, Clone, Serialize)]
pub struct PlainView {
    /// Heading.
    pub title: String,
    /// Sections, for somebody who did not find what they sought.
    pub sections: Vec<Link>,
    /// Where the files of the search index lie.
    pub index: String,
    /// The texts of the table `search`, as JSON, for the script.
    pub texts: String,
}

impl Planner<'_> {
    /// A page of words alone.
    pub(super) fn plain(&self, template: &str, meta: Meta, title: &str) -> View<PlainView> {
        let page = PlainView {
            title: title.to_owned(),
            sections: self.sections(),
            index: self.url(&PlainFile::Search(String::new())),
            texts: serde_json::to_string(&self.texts.nested().get("search")).unwrap_or_default(),
        };
        View::html(template, meta, vec![self.home_link()], page)
    }
}

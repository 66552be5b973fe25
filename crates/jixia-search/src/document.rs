//! What is indexed of a page.

use std::ops::RangeInclusive;

use super::text::Text;

/// A page of the site, as far as it is indexed.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The address of the page, shown as the result's link.
    pub url: String,
    /// The title.
    pub title: String,
    /// The label of the kind, shown with the result.
    pub kind: String,
    /// Days since 1970-01-01.
    pub date: Option<i32>,
    /// Authors and other people named by the metadata.
    pub people: Vec<String>,
    /// Publishing units.
    pub units: Vec<String>,
    /// Facets by which results are filtered and counted, as names and labels, in any order; a facet may have several labels.
    pub facets: Vec<(String, String)>,
    /// The text, block by block. A query's words may stand in different blocks, a phrase stands in one.
    pub text: Text,
}

/// The days from the year 1 to the year 9999.
const DATES: RangeInclusive<i32> = -719_162..=2_932_896;
impl Document {
    /// The date, if it is one that the index can hold.
    pub(super) fn indexed_date(&self) -> Option<i32> {
        self.date.filter(|days| DATES.contains(days))
    }
}

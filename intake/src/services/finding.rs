//! Looking for what is published.

use crate::app::App;
use crate::domain::units::Tree;
use crate::portal::Published;

/// The words of a query.
pub(super) struct Words(Vec<String>);

impl Words {
    /// Those of a query, whatever stands between them.
    pub(super) fn of(query: &str) -> Self {
        Self(query.split_whitespace().map(str::to_lowercase).collect())
    }

    /// Whether an entry's title, author, unit or file has all of them; nothing has none.
    pub(super) fn are_in(&self, entry: &Published, authors: &str, units: &Tree) -> bool {
        let unit = units.name(&entry.unit);
        let text = format!("{} {authors} {unit} {}", entry.title, entry.path).to_lowercase();
        !self.0.is_empty() && self.0.iter().all(|word| text.contains(word.as_str()))
    }
}

/// At most `most` published entries that have all words of a query, and for which `may` holds.
pub fn published(app: &App, query: &str, most: usize, may: impl Fn(&Published) -> bool) -> Vec<Published> {
    let (words, snapshot) = (Words::of(query), app.portal.snapshot());
    let wanted = snapshot
        .published_by_units()
        .filter(|(entry, authors)| words.are_in(entry, authors, &snapshot.units) && may(entry));
    wanted.map(|(entry, _)| entry).take(most).collect()
}

//! Which entries a reader of one may want next.

use std::sync::Arc;

use super::{Catalog, Ix};
use crate::content::Value;

/// How many of the newest entries of a shared word are considered: the rest of a common tag says little.
const MOST_PER_WORD: usize = 40;
/// Vocabularies whose words say what an entry is about, rather than what form it has.
const SUBJECTS: &[&str] = &["specialty", "occupation", "series"];

impl Catalog {
    /// Up to `limit` listed entries that share most tags and subjects, newest first among equals.
    ///
    /// A rare word weighs more than a common one. Entries of the same kind win ties.
    pub fn related(&self, ix: Ix, limit: usize) -> Vec<Ix> {
        let entry = self.entry(ix);
        let mut found: Vec<(Ix, u32)> = Vec::with_capacity(4 * MOST_PER_WORD);
        let mut add = |list: &[Ix]| {
            let weight = 64 / (usize::BITS - list.len().leading_zeros()).max(1);
            let others = list.iter().take(MOST_PER_WORD).filter(|other| **other != ix);
            found.extend(others.map(|other| (*other, weight)));
        };
        for tag in &entry.tags {
            add(self.with_tag(tag));
        }
        let kind = self.kind(ix);
        for (name, value) in &entry.fields {
            let vocabulary = kind
                .field(name)
                .and_then(|field| field.vocabulary.as_deref())
                .unwrap_or_default();
            if SUBJECTS.contains(&vocabulary) {
                for value in value.items() {
                    if let Value::Term(term) = value {
                        add(self.with_term(vocabulary, term));
                    }
                }
            }
        }
        found.sort_unstable_by_key(|(other, _)| *other);
        let mut ranked: Vec<(u32, u32, Ix)> = found
            .chunk_by(|left, right| left.0 == right.0)
            .map(|same| {
                let other = same[0].0;
                let score: u32 = same.iter().map(|(_, weight)| weight).sum();
                let bonus = u32::from(Arc::ptr_eq(self.kind(other), kind));
                // The best comes first: the highest score, then the newest.
                (u32::MAX - (score * 4 + bonus), self.ranks[other.index()], other)
            })
            .collect();
        ranked.sort_unstable();
        let entries = ranked.into_iter().map(|(_, _, other)| other);
        entries
            .filter(|other| self.entry(*other).parent.is_none())
            .take(limit)
            .collect()
    }
}

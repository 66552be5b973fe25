//! Which entries a reader of one may want next.

use rustc_hash::FxHashMap;

use super::{Catalog, Ix, Status};
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
        let mut scores: FxHashMap<Ix, u32> = FxHashMap::default();
        let mut add = |list: &[Ix]| {
            let weight = 64 / (usize::BITS - list.len().leading_zeros()).max(1);
            for other in list.iter().take(MOST_PER_WORD).filter(|other| **other != ix) {
                *scores.entry(*other).or_default() += weight;
            }
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
        let own_kind = &entry.id.kind;
        let mut ranked: Vec<(u32, Ix)> = scores
            .into_iter()
            .filter(|(other, _)| self.status(*other) == Status::Listed && self.entry(*other).parent.is_none())
            .map(|(other, score)| {
                (
                    score * 4 + u32::from(self.entry(other).id.kind == *own_kind),
                    other,
                )
            })
            .collect();
        ranked.sort_by(|left, right| {
            right
                .0
                .cmp(&left.0)
                .then_with(|| self.newest_first(left.1, right.1))
        });
        ranked.into_iter().take(limit).map(|(_, other)| other).collect()
    }
}

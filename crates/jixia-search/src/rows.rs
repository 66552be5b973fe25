//! Puts together what the state and the columns say of documents.

use rustc_hash::FxHashMap;

use super::columns::{self, Row, Value};
use super::digest::Facts;
use super::fold::traditional_pairs;
use super::library::{Library, Stamp, publish};
use super::record::compress;
use super::state::{Saved, SavedFile, State};
use super::tree::Leaf;

/// Documents as they come, their values numbered in the order of their first use.
#[derive(Default)]
pub(super) struct Rows {
    saved: Vec<Saved>,
    values: Vec<Value>,
    numbers: FxHashMap<Value, u32>,
}

impl Rows {
    /// Starts with the values of the last build under their numbers.
    pub(super) fn with_values(values: &[Value]) -> Rows {
        let numbers = values.iter().cloned().zip(0..).collect();
        Rows {
            saved: Vec::new(),
            values: values.to_vec(),
            numbers,
        }
    }

    /// Adds a document.
    pub(super) fn push(&mut self, stamp: &Stamp<'_>, slot: u32, facts: Facts) {
        let Facts {
            date,
            title_class,
            facets,
        } = facts;
        let values = facets.into_iter().map(|value| self.number(value)).collect();
        let (id, fingerprint) = (stamp.id.to_owned(), stamp.fingerprint);
        self.saved.push(Saved {
            id,
            fingerprint,
            slot,
            date,
            title_class,
            values,
        });
    }

    /// Adds a document of the last build.
    pub(super) fn keep(&mut self, saved: &Saved, slot: u32) {
        self.saved.push(Saved {
            slot,
            ..saved.clone()
        });
    }

    fn number(&mut self, value: Value) -> u32 {
        if let Some(&number) = self.numbers.get(&value) {
            return number;
        }
        let number = self.values.len() as u32;
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    /// Publishes the columns and returns the state. `before` are the files of the last build.
    pub(super) fn finish(
        mut self,
        slots: u32,
        leaves: Vec<Leaf>,
        mut files: Vec<SavedFile>,
        library: &impl Library,
        before: &[SavedFile],
    ) -> State {
        self.saved.sort_unstable_by_key(|saved| saved.slot);
        let values = self.renumber();
        let rows = self.saved.iter().map(|saved| {
            let Saved {
                slot,
                date,
                title_class,
                ..
            } = *saved;
            Row {
                slot,
                date,
                title_class,
                values: &saved.values,
            }
        });
        let mut columns = columns::encode(slots, &leaves, &values, &rows.collect::<Vec<_>>());
        columns.push(("fold.bin".to_owned(), compress(traditional_pairs().as_bytes(), 9)));
        files.extend(
            columns
                .into_iter()
                .map(|(path, bytes)| publish(path, &bytes, library, before)),
        );
        files.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        State {
            slots,
            documents: self.saved,
            values,
            leaves,
            files,
        }
    }

    /// Drops values that are no longer in use and numbers the others in ascending order.
    fn renumber(&mut self) -> Vec<Value> {
        let mut used = vec![false; self.values.len()];
        for &value in self.saved.iter().flat_map(|saved| &saved.values) {
            used[value as usize] = true;
        }
        let mut values: Vec<(Value, usize)> = std::mem::take(&mut self.values).into_iter().zip(0..).collect();
        values.retain(|&(_, old)| used[old]);
        values.sort_unstable();
        let mut new = vec![0; used.len()];
        for (number, &(_, old)) in values.iter().enumerate() {
            new[old] = number as u32;
        }
        for saved in &mut self.saved {
            for value in &mut saved.values {
                *value = new[*value as usize];
            }
            saved.values.sort_unstable();
        }
        values.into_iter().map(|(value, _)| value).collect()
    }
}

//! Two people edit one entry: what each changed is put together field by field; what both changed is a conflict.

use serde_json::{Map, Value};

/// The fields of an entry, the body among them under [`BODY`].
pub type Fields = Map<String, Value>;

/// The name under which the body travels with the fields. No field can have it: names have no spaces.
pub const BODY: &str = "(body)";

/// A field that both sides changed, differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The field.
    pub field: String,
    /// What is published now.
    pub theirs: Value,
    /// What the later one wants.
    pub ours: Value,
}

/// Puts together what `ours` and `theirs` made of `base`. On conflicts nothing is decided.
///
/// # Errors
/// The fields that both changed, in the order of `ours`.
pub fn three_way(base: &Fields, theirs: &Fields, ours: &Fields) -> Result<Fields, Vec<Conflict>> {
    let mut merged = theirs.clone();
    let mut conflicts = Vec::new();
    let names = ours
        .keys()
        .chain(base.keys().filter(|name| !ours.contains_key(*name)));
    for name in names {
        let [base, theirs, ours] = [base, theirs, ours].map(|fields| fields.get(name));
        if ours == base || ours == theirs {
            continue;
        }
        if theirs == base {
            match ours {
                Some(ours) => merged.insert(name.clone(), ours.clone()),
                None => merged.shift_remove(name),
            };
            continue;
        }
        conflicts.push(Conflict {
            field: name.clone(),
            theirs: theirs.cloned().unwrap_or_default(),
            ours: ours.cloned().unwrap_or_default(),
        });
    }
    if conflicts.is_empty() {
        Ok(merged)
    } else {
        Err(conflicts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect()
    }

    #[test]
    fn fields_are_merged_one_by_one() {
        let cases = [
            ("a=1 b=1", "a=2 b=1", "a=1 b=3", Ok("a=2 b=3")),
            ("a=1", "a=2", "a=2", Ok("a=2")),
            ("a=1", "a=1", "", Ok("")),
            ("a=1", "", "a=1 b=1", Ok("b=1")),
            ("", "a=1", "a=1", Ok("a=1")),
            ("a=1", "a=2", "a=3", Err("a")),
            ("a=1", "a=2", "", Err("a")),
            ("", "a=1", "a=2", Err("a")),
        ];
        for (base, theirs, ours, expected) in cases {
            let merged = three_way(&fields(base), &fields(theirs), &fields(ours));
            match expected {
                Ok(expected) => assert_eq!(merged, Ok(fields(expected)), "{base} | {theirs} | {ours}"),
                Err(field) => {
                    let names: Vec<String> = merged
                        .unwrap_err()
                        .into_iter()
                        .map(|conflict| conflict.field)
                        .collect();
                    assert_eq!(names, [field], "{base} | {theirs} | {ours}");
                }
            }
        }
    }
}

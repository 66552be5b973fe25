//! Scores, with the decimals that make them stand below each other.

use serde::Serialize;

use crate::content::Value;

/// A score of a platform.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreView {
    /// Item of the rubric.
    pub item: String,
    /// Points, with as many decimals as every other of the platform.
    pub points: String,
    /// Most points.
    pub full: Option<String>,
}

/// The scores of a platform.
pub(super) fn scores(records: &[Value]) -> Vec<ScoreView> {
    let number = |record: &Value, name: &str| record.get(name).and_then(Value::number);
    let all = records
        .iter()
        .flat_map(|record| [number(record, "points"), number(record, "full")]);
    let decimals = decimals(all.flatten());
    let text = |number: f64| format!("{number:.decimals$}");
    let score = |record: &Value| ScoreView {
        item: record
            .get("item")
            .and_then(Value::as_text)
            .unwrap_or_default()
            .to_owned(),
        points: text(number(record, "points").unwrap_or_default()),
        full: number(record, "full").map(text),
    };
    records.iter().map(score).collect()
}

/// The most decimals that one of the numbers needs, at most two: scores of a table stand below each other.
pub(super) fn decimals(numbers: impl Iterator<Item = f64>) -> usize {
    let needed = numbers.map(|number| {
        let text = number.to_string();
        text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
    });
    needed.max().unwrap_or_default().min(2)
}

#[cfg(test)]
mod tests {
    use super::decimals;

    #[test]
    fn decimals_are_those_of_the_longest_up_to_two() {
        for (numbers, wanted) in [
            (&[][..], 0),
            (&[90.0, 88.0], 0),
            (&[90.0, 88.5], 1),
            (&[93.333_333, 88.0], 2),
        ] {
            assert_eq!(decimals(numbers.iter().copied()), wanted, "{numbers:?}");
        }
    }
}

//! What scores by a rubric come to: their total, what fails the whole (单项否决), and the grade.

use std::collections::BTreeMap;

use jixia::content::{Grade, Rubric};

/// What scores come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Result {
    /// Points in tenths.
    pub tenths: u32,
    /// How many items have no score.
    pub missing: usize,
    /// Names of items that failed the whole.
    pub vetoed: Vec<String>,
    /// The grade, once everything is scored or something failed the whole.
    pub grade: Option<String>,
}

/// What scores, in tenths of points by place, come to. More than an item has counts as all it has.
pub fn result(rubric: &Rubric, scores: &BTreeMap<String, u32>) -> Result {
    let (mut tenths, mut missing, mut vetoed) = (0, 0, Vec::new());
    for (place, item) in &rubric.items() {
        match scores.get(place) {
            None => missing += 1,
            Some(0) if item.veto => vetoed.push(item.name.to_owned()),
            Some(score) => tenths += score.min(&item.points.saturating_mul(10)),
        }
    }
    let given = |grade: &&Grade| tenths * 10 >= grade.from.saturating_mul(rubric.total);
    let grade = if !vetoed.is_empty() {
        rubric.grade.last()
    } else if missing == 0 {
        rubric.grade.iter().find(given)
    } else {
        None
    };
    Result {
        tenths,
        missing,
        vetoed,
        grade: grade.map(|grade| grade.name.clone()),
    }
}

/// Points as people type them, whole or with one decimal, in tenths. Returns `None` if they are more than `most` or no
/// number.
pub fn tenths(text: &str, most: u32) -> Option<u32> {
    let (whole, tenth) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number(whole) || !is_number(tenth) || tenth.len() > 1 {
        return None;
    }
    let tenths = whole.parse::<u32>().ok()?.checked_mul(10)? + tenth.parse::<u32>().ok()?;
    (tenths <= most.saturating_mul(10)).then_some(tenths)
}

/// Tenths as people write them.
pub fn written(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        tenth => format!("{}.{tenth}", tenths / 10),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const RUBRIC: &str = r#"
        id = "r"
        title = "R"
        total = 20
        [[group]]
        name = "A"
        [[group.part]]
        name = "a"
        indicator = [{ name = "a1", points = 8 }, { name = "a2", points = 4, veto = true }]
        [[group.part]]
        name = "b"
        points = 8
    "#;

    #[test]
    fn scores_come_to_a_total_and_a_grade() {
        let rubric: Rubric = toml::from_str(RUBRIC).unwrap();
        let places: Vec<String> = rubric.items().into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, ["0.0.0", "0.0.1", "0.1"]);
        // The scores of the three, `-` for none; total, missing, vetoed, grade.
        let cases = [
            ("8 4 8", "20", 0, 0, Some("优秀")),
            ("7 3.5 7.5", "18", 0, 0, Some("优秀")),
            ("7 3.5 7.4", "17.9", 0, 0, Some("良好")),
            ("4 4 4", "12", 0, 0, Some("合格")),
            ("0 4 7.9", "11.9", 0, 0, Some("不合格")),
            ("8 - 8", "16", 1, 0, None),
            ("8 0 8", "16", 0, 1, Some("不合格")),
            ("- 0 -", "0", 2, 1, Some("不合格")),
            ("- - -", "0", 3, 0, None),
        ];
        for (scores, total, missing, vetoed, grade) in cases {
            let given = places.iter().zip(scores.split_whitespace());
            let given = given.filter_map(|(place, score)| Some((place.clone(), tenths(score, 99)?)));
            let found = result(&rubric, &given.collect());
            let found = (
                written(found.tenths),
                found.missing,
                found.vetoed.len(),
                found.grade.as_deref(),
            );
            assert_eq!(found, (total.to_owned(), missing, vetoed, grade), "{scores}");
        }
        let too_much = BTreeMap::from([("0.1".to_owned(), 9999), ("9.9".to_owned(), 50)]);
        assert_eq!(result(&rubric, &too_much).tenths, 80);
    }

    #[test]
    fn points_are_typed_with_one_decimal() {
        let cases = [
            ("3", Some(30)),
            (" 3.5 ", Some(35)),
            ("0", Some(0)),
            ("4", Some(40)),
            ("4.1", None),
            ("3.55", None),
            ("-1", None),
            ("1e3", None),
            ("", None),
            ("99999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(tenths(text, 4), expected, "{text}");
        }
    }
}

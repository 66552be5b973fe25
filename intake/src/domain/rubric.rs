//! A rubric: points by indicator, their total, and the grade. The form is that of the assessment tables of 2024 for
//! digital resources and training platforms: groups of parts of indicators, some of which veto (单项否决).

use std::collections::BTreeMap;

use serde::Deserialize;

/// A rubric as its file says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// Its name for machines.
    pub id: String,
    /// Its name.
    pub title: String,
    /// All points together.
    pub total: u32,
    /// First level.
    pub group: Vec<Group>,
    /// Grades; empty for the usual ones.
    #[serde(default)]
    pub grade: Vec<Grade>,
}

/// First level of a rubric.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Second level.
    pub part: Vec<Part>,
}

/// Second level of a rubric: indicators, or points of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Third level.
    #[serde(default)]
    pub indicator: Vec<Indicator>,
    /// Most points, when there are no indicators.
    #[serde(default)]
    pub points: u32,
    /// Whether nothing here fails the whole, when there are no indicators.
    #[serde(default)]
    pub veto: bool,
}

/// Third level of a rubric.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name.
    pub name: String,
    /// Most points.
    pub points: u32,
    /// Whether nothing here fails the whole.
    #[serde(default)]
    pub veto: bool,
}

/// A grade.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Its name.
    pub name: String,
    /// The percentage of all points from which it is given.
    pub from: u32,
}

/// Something to score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'r> {
    /// First level.
    pub group: &'r str,
    /// Second level.
    pub part: &'r str,
    /// Third level; the second when there is none.
    pub name: &'r str,
    /// Most points.
    pub points: u32,
    /// Whether nothing here fails the whole.
    pub veto: bool,
}

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

impl Rubric {
    /// Reads a rubric.
    ///
    /// # Errors
    /// What is wrong, in words: no rubric, or points that are not the total together.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let mut rubric: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let sum: u64 = rubric
            .items()
            .iter()
            .map(|(_, item)| u64::from(item.points))
            .sum();
        if sum != u64::from(rubric.total) || sum == 0 {
            return Err(format!("total = {}: the points come to {sum}", rubric.total));
        }
        if rubric.grade.is_empty() {
            let usual = [("优秀", 90), ("良好", 80), ("合格", 60), ("不合格", 0)];
            rubric.grade.extend(usual.map(|(name, from)| Grade {
                name: name.to_owned(),
                from,
            }));
        }
        rubric.grade.sort_by_key(|grade| std::cmp::Reverse(grade.from));
        Ok(rubric)
    }

    /// Everything to score, under its place: `0.2.1` is the second indicator of the third part of the first group.
    pub fn items(&self) -> Vec<(String, Item<'_>)> {
        let mut items = Vec::new();
        for (first, group) in self.group.iter().enumerate() {
            for (second, part) in group.part.iter().enumerate() {
                let item = |name, points, veto| Item {
                    group: &group.name,
                    part: &part.name,
                    name,
                    points,
                    veto,
                };
                if part.indicator.is_empty() {
                    items.push((
                        format!("{first}.{second}"),
                        item(&part.name, part.points, part.veto),
                    ));
                }
                for (third, indicator) in part.indicator.iter().enumerate() {
                    let Indicator { name, points, veto } = indicator;
                    items.push((format!("{first}.{second}.{third}"), item(name, *points, *veto)));
                }
            }
        }
        items
    }

    /// What scores, in tenths of points by place, come to. More than an item has counts as all it has.
    pub fn result(&self, scores: &BTreeMap<String, u32>) -> Result {
        let items = self.items();
        let (mut tenths, mut missing, mut vetoed) = (0, 0, Vec::new());
        for (place, item) in &items {
            match scores.get(place) {
                None => missing += 1,
                Some(0) if item.veto => vetoed.push(item.name.to_owned()),
                Some(score) => tenths += score.min(&item.points.saturating_mul(10)),
            }
        }
        let given = |grade: &&Grade| tenths * 10 >= grade.from.saturating_mul(self.total);
        let grade = if !vetoed.is_empty() {
            self.grade.last()
        } else if missing == 0 {
            self.grade.iter().find(given)
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
}

/// Points as people type them, whole or with one decimal, in tenths; nothing when they are more than `most` or no
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
        let rubric = Rubric::parse(RUBRIC).unwrap();
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
            let result = rubric.result(&given.collect());
            let found = (
                written(result.tenths),
                result.missing,
                result.vetoed.len(),
                result.grade.as_deref(),
            );
            assert_eq!(found, (total.to_owned(), missing, vetoed, grade), "{scores}");
        }
        let too_much = BTreeMap::from([("0.1".to_owned(), 9999), ("9.9".to_owned(), 50)]);
        assert_eq!(rubric.result(&too_much).tenths, 80);
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

    #[test]
    fn a_rubric_that_does_not_add_up_is_refused() {
        assert!(
            Rubric::parse(&RUBRIC.replace("20", "21"))
                .unwrap_err()
                .contains("come to 20")
        );
        assert!(Rubric::parse("id = 1").is_err());
        let demonstration = Rubric::parse(include_str!("../../../content/rubrics/resource.toml")).unwrap();
        assert_eq!(demonstration.grade.last().unwrap().name, "需修改");
    }
}

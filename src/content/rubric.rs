//! Rubrics as data: what reviewers score, and how many points each part bears. How scores come to a result is the
//! business of whoever reviews.
//!
//! The form is that of the assessment tables of 2024 for digital resources and training platforms: groups of parts of
//! indicators, some of which fail the whole (单项否决).

use serde::Deserialize;

use super::declaration::{Origin, is_name};
use crate::diag::Diagnostic;

/// A rubric as its file says it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// What kinds and settings name it by.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// All points together.
    pub total: u32,
    /// First level.
    pub group: Vec<Group>,
    /// Grades, the highest first; none where scores are not to come to one.
    #[serde(default = "usual_grades")]
    pub grade: Vec<Grade>,
}

/// First level of a rubric.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Second level.
    pub part: Vec<Part>,
}

/// Second level of a rubric: indicators, or points of its own.
type Part = Scored<Indicator>;

/// Third level of a rubric.
type Indicator = Scored<Nothing>;

/// What is not there: nothing is below an indicator.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub enum Nothing {}

/// What is scored, by what is `Below` it or by points of its own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scored<Below> {
    /// Its name.
    pub name: String,
    /// The level below.
    #[serde(default = "Vec::new")]
    pub indicator: Vec<Below>,
    /// Most points, when nothing is below.
    #[serde(default)]
    pub points: u32,
    /// Whether no points here fail the whole, when nothing is below.
    #[serde(default)]
    pub veto: bool,
    /// By what it is judged, such as 文件审阅, when nothing is below.
    #[serde(default)]
    pub methods: Vec<String>,
    /// What is asked for, when nothing is below.
    #[serde(default)]
    pub requirement: String,
    /// Which points for what, when nothing is below.
    #[serde(default)]
    pub bands: Vec<Band>,
}

/// A range of points and what it is given for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Least points.
    pub from: f64,
    /// Most points.
    pub to: f64,
    /// What they are given for.
    pub when: String,
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RubricItem<'r> {
    /// First level.
    pub group: &'r str,
    /// Second level.
    pub part: &'r str,
    /// Third level; the second when there is none.
    pub name: &'r str,
    /// Most points.
    pub points: u32,
    /// Whether no points here fail the whole.
    pub veto: bool,
    /// By what it is judged.
    pub methods: &'r [String],
    /// What is asked for.
    pub requirement: &'r str,
    /// Which points for what.
    pub bands: &'r [Band],
}

fn usual_grades() -> Vec<Grade> {
    let grade = |(name, from): (&str, u32)| Grade {
        name: name.to_owned(),
        from,
    };
    [("优秀", 90), ("良好", 80), ("合格", 60), ("不合格", 0)]
        .map(grade)
        .to_vec()
}

impl<Below> Scored<Below> {
    fn item<'r>(&'r self, group: &'r str, part: &'r str) -> RubricItem<'r> {
        RubricItem {
            group,
            part,
            name: &self.name,
            points: self.points,
            veto: self.veto,
            methods: &self.methods,
            requirement: &self.requirement,
            bands: &self.bands,
        }
    }
}

impl Rubric {
    /// Everything to score, under its place: `0.2.1` is the second indicator of the third part of the first group.
    pub fn items(&self) -> Vec<(String, RubricItem<'_>)> {
        let mut items = Vec::new();
        for (first, group) in self.group.iter().enumerate() {
            for (second, part) in group.part.iter().enumerate() {
                let place = format!("{first}.{second}");
                if part.indicator.is_empty() {
                    items.push((place.clone(), part.item(&group.name, &part.name)));
                }
                for (third, indicator) in part.indicator.iter().enumerate() {
                    items.push((
                        format!("{place}.{third}"),
                        indicator.item(&group.name, &part.name),
                    ));
                }
            }
        }
        items
    }

    /// Everything that has a name: groups, their parts, and the indicators of those.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.group.iter().flat_map(|group| {
            let parts = group.part.iter().flat_map(|part| {
                let indicators = part.indicator.iter().map(|indicator| indicator.name.as_str());
                std::iter::once(part.name.as_str()).chain(indicators)
            });
            std::iter::once(group.name.as_str()).chain(parts)
        })
    }

    /// Puts the grades in order, whatever that of the file.
    #[must_use]
    pub(super) fn sorted(mut self) -> Self {
        self.grade.sort_by_key(|grade| std::cmp::Reverse(grade.from));
        self
    }
}

/// What is wrong with a rubric: points that are not the total together, bands outside of what an item bears.
pub(super) fn check_rubric(rubric: &Rubric, origin: &Origin) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if !is_name(&rubric.id) {
        let diagnostic = origin.wrong(origin.places.value("id"), "kind-name");
        diagnostics.push(diagnostic.with("key", "id").with("value", &rubric.id));
    }
    let items = rubric.items();
    let sum: u64 = items.iter().map(|(_, item)| u64::from(item.points)).sum();
    if sum != u64::from(rubric.total) || sum == 0 {
        let diagnostic = origin.wrong(origin.places.value("total"), "rubric-total");
        diagnostics.push(diagnostic.with("value", rubric.total).with("sum", sum));
    }
    for (place, item) in &items {
        let span = || origin.places.value(&path(place));
        if item.points == 0 {
            diagnostics.push(origin.wrong(span(), "rubric-points").with("name", item.name));
        }
        let is_outside =
            |band: &Band| !(0.0 <= band.from && band.from <= band.to && band.to <= f64::from(item.points));
        if item.bands.iter().any(is_outside) {
            let diagnostic = origin.wrong(span(), "rubric-bands").with("name", item.name);
            diagnostics.push(diagnostic.with("points", item.points));
        }
    }
    for (first, group) in rubric.group.iter().enumerate() {
        for (second, part) in group.part.iter().enumerate() {
            if part.points > 0 && !part.indicator.is_empty() {
                let span = origin
                    .places
                    .value(&format!("group.{first}.part.{second}.points"));
                diagnostics.push(origin.wrong(span, "rubric-part").with("name", &part.name));
            }
        }
    }
    diagnostics
}

/// Where an item stands in the file.
fn path(place: &str) -> String {
    let mut levels = place.split('.');
    ["group", "part", "indicator"]
        .into_iter()
        .zip(&mut levels)
        .map(|(name, position)| format!("{name}.{position}"))
        .collect::<Vec<_>>()
        .join(".")
}

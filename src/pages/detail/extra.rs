//! What only some kinds show: chapters, self-tests, curriculum trees, stages, results, tables of contents, scores.

use serde::Serialize;

use super::super::Planner;
use super::super::view::{CityTile, Link, MaybeLink, Picture, StateView};
use super::scores::{ScoreView, decimals, scores};
use super::standing::StandingView;
use crate::catalog::Ix;
use crate::content::{Entry, Value};

/// What only some kinds show; empty parts are empty lists.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ExtraView {
    /// Chapters of a course; on a chapter's page, those of its course.
    pub chapters: Vec<ChapterView>,
    /// The course of a chapter.
    pub course: Option<Link>,
    /// Class hours of all chapters together; `None` if none says.
    pub hours: Option<f64>,
    /// Chapters of a video.
    pub marks: Vec<MarkView>,
    /// Questions to test oneself.
    pub questions: Vec<QuestionView>,
    /// Curriculum tree of a library, in the order of its codes.
    pub points: Vec<PointView>,
    /// Share of points without further points below that have an entry, in whole per cent.
    pub coverage: Option<usize>,
    /// Points of libraries that an entry serves.
    pub curriculum: Vec<Link>,
    /// Stages of a project.
    pub stages: Vec<StageView>,
    /// Results of a selection, by tier.
    pub tiers: Vec<TierView>,
    /// Table of contents of a magazine's issue, by column.
    pub columns: Vec<ColumnView>,
    /// Scores of a platform.
    pub scores: Vec<ScoreView>,
    /// Banner of a school, photo of a teacher.
    pub picture: Option<Picture>,
    /// Accent colour of a school.
    pub accent: Option<String>,
    /// Calendar file of an event, or of a call's dates.
    pub calendar: Option<String>,
    /// Cities on the schematic map, the school's marked.
    pub cities: Vec<CityTile>,
    /// Longitude and latitude of a school, in degrees.
    pub coordinates: Option<String>,
    /// What a school or group has contributed in the newest school year, and owes.
    pub standing: Option<StandingView>,
}

/// A chapter of a course.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChapterView {
    /// The chapter's page.
    pub link: Link,
    /// Class hours.
    pub hours: Option<f64>,
    pub summary: String,
    /// Whether it is the page shown.
    pub current: bool,
}

/// A chapter of a video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MarkView {
    /// Where it begins, as written.
    pub at: String,
    /// The same in seconds; `None` if it cannot be read.
    pub seconds: Option<u32>,
    pub title: String,
}

/// A question with its options and answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuestionView {
    /// Text.
    pub question: String,
    /// Options with their letters.
    pub options: Vec<OptionView>,
    /// `single`, `multiple`, `judge` or `open`.
    pub form: &'static str,
    /// The right answers as the author wrote them.
    pub answers: Vec<String>,
    pub explanation: String,
}

/// An option of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionView {
    /// `A`, `B` …
    pub letter: String,
    pub text: String,
    /// Whether it is right.
    pub right: bool,
}

/// A point of a curriculum tree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PointView {
    /// Code such as `1.2`.
    pub code: String,
    pub title: String,
    /// Depth from 1.
    pub level: usize,
    /// Class hours.
    pub hours: Option<f64>,
    /// Entries that serve it.
    pub entries: Vec<Link>,
}

/// A stage of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageView {
    /// Which.
    pub stage: StateView,
    /// When.
    pub date: Option<String>,
    /// Remark.
    pub note: String,
}

/// Results of one tier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierView {
    pub tier: String,
    pub results: Vec<ResultView>,
}

/// A result of a selection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResultView {
    /// Title, linked when the entry is published.
    pub title: MaybeLink,
    pub category: String,
    pub authors: Vec<MaybeLink>,
    pub unit: Option<MaybeLink>,
    /// Score, with as many decimals as every other of the selection.
    pub score: Option<String>,
}

/// A column of a magazine's issue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnView {
    /// Name.
    pub column: String,
    pub articles: Vec<ArticleView>,
}

/// An article of a magazine's issue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticleView {
    /// Title, linked when the entry is published.
    pub title: MaybeLink,
    pub authors: Vec<MaybeLink>,
    pub unit: Option<MaybeLink>,
    pub page: Option<f64>,
}

impl Planner<'_> {
    pub(super) fn extra(&self, ix: Ix) -> ExtraView {
        let entry = self.catalog.entry(ix);
        let course = entry.parent.as_ref().and_then(|parent| self.catalog.find(parent));
        let points = self.points(ix);
        let picture = |name: &str, alt: &str| {
            entry
                .text(name)
                .and_then(|path| self.picture(entry, path, entry.text(alt).unwrap_or_default()))
        };
        ExtraView {
            chapters: self.chapters(course.unwrap_or(ix), ix),
            course: course.map(|course| self.entry_link(course)),
            hours: self.hours(course.unwrap_or(ix)),
            marks: entry.items("chapters").iter().map(mark).collect(),
            questions: entry.items("questions").iter().map(question).collect(),
            coverage: coverage(&points),
            points,
            curriculum: self.curriculum(ix),
            stages: self.stages(ix),
            tiers: self.tiers(ix),
            columns: self.columns(ix),
            scores: scores(entry.items("scores")),
            picture: picture("banner", "banner_alt").or_else(|| picture("photo", "photo_alt")),
            accent: entry.text("accent").map(str::to_owned),
            standing: self.standing(ix),
            coordinates: entry.get("map_place").and_then(coordinates),
            cities: if self.catalog.is_unit(ix) && self.catalog.kind(ix).field("city").is_some() {
                self.city_tiles(self.catalog.city_of(ix))
            } else {
                Vec::new()
            },
            calendar: self.entry_calendar(ix),
        }
    }

    fn chapters(&self, course: Ix, current: Ix) -> Vec<ChapterView> {
        let chapters = self.catalog.children(course).iter().map(|ix| ChapterView {
            link: self.entry_link(*ix),
            hours: self.catalog.entry(*ix).get("class_hours").and_then(Value::number),
            summary: self.catalog.entry(*ix).summary().to_owned(),
            current: *ix == current,
        });
        chapters.collect()
    }

    /// Class hours of all chapters of a course.
    fn hours(&self, course: Ix) -> Option<f64> {
        let chapters = self.catalog.children(course).iter();
        let hours: Vec<f64> = chapters
            .filter_map(|ix| self.catalog.entry(*ix).get("class_hours").and_then(Value::number))
            .collect();
        (!hours.is_empty()).then(|| hours.iter().sum())
    }

    /// The points of a structure with the entries that serve them.
    fn points(&self, ix: Ix) -> Vec<PointView> {
        let serving = self.catalog.serving(ix);
        let points = self.catalog.points(ix).map(|point| {
            let entries = serving.get(point.key).map_or(&[] as &[Ix], Vec::as_slice);
            PointView {
                level: point.key.split('.').count(),
                entries: entries.iter().map(|other| self.entry_link(*other)).collect(),
                title: point.title.to_owned(),
                hours: point.record.get("hours").and_then(Value::number),
                code: point.key.to_owned(),
            }
        });
        points.collect()
    }

    /// The points that an entry serves.
    fn curriculum(&self, ix: Ix) -> Vec<Link> {
        let served = self.catalog.points_served(ix).into_iter();
        let links = served.filter_map(|(target, point)| {
            let link = self.visible_link(target)?;
            Some(Link {
                label: format!("{} · {} {}", link.label, point.key, point.title),
                url: format!("{}#{}", link.url, point.key),
            })
        });
        links.collect()
    }

    fn stages(&self, ix: Ix) -> Vec<StageView> {
        let stages = self.catalog.entry(ix).items("stages").iter().map(|stage| {
            let id = stage.get("stage").and_then(Value::as_text).unwrap_or_default();
            StageView {
                stage: StateView {
                    id: id.to_owned(),
                    label: self.term_label("project-stage", id),
                },
                date: match stage.get("date") {
                    Some(Value::Moment(moment)) => Some(moment.to_string()),
                    _ => None,
                },
                note: stage
                    .get("note")
                    .and_then(Value::as_text)
                    .unwrap_or_default()
                    .to_owned(),
            }
        });
        stages.collect()
    }

    /// Results in the order of the call's tiers, then of their appearance.
    fn tiers(&self, ix: Ix) -> Vec<TierView> {
        let entry = self.catalog.entry(ix);
        let mut tiers: Vec<TierView> = Vec::new();
        let declared = entry.items("tiers").iter().filter_map(Value::as_text);
        tiers.extend(declared.map(|tier| TierView {
            tier: tier.to_owned(),
            results: Vec::new(),
        }));
        let all = entry.items("results");
        let decimals = decimals(all.iter().filter_map(|result| result.get("score")?.number()));
        for result in all {
            // A project's results are references; only a selection's are records.
            let Some(tier) = result.get("tier").and_then(Value::as_text) else {
                continue;
            };
            let view = ResultView {
                title: self.titled(result),
                category: result
                    .get("category")
                    .and_then(Value::as_text)
                    .unwrap_or_default()
                    .to_owned(),
                authors: self.people(entry, result),
                unit: self.issuer(result),
                score: result
                    .get("score")
                    .and_then(Value::number)
                    .map(|score| format!("{score:.decimals$}")),
            };
            match tiers.iter_mut().find(|known| known.tier == tier) {
                Some(known) => known.results.push(view),
                None => tiers.push(TierView {
                    tier: tier.to_owned(),
                    results: vec![view],
                }),
            }
        }
        tiers.retain(|tier| !tier.results.is_empty());
        tiers
    }

    fn columns(&self, ix: Ix) -> Vec<ColumnView> {
        let mut columns: Vec<ColumnView> = Vec::new();
        for article in self.catalog.entry(ix).items("contents") {
            let column = article.get("column").and_then(Value::as_text).unwrap_or_default();
            let view = ArticleView {
                title: self.titled(article),
                authors: self.people(self.catalog.entry(ix), article),
                unit: self.issuer(article),
                page: article.get("page").and_then(Value::number),
            };
            match columns.iter_mut().find(|known| known.column == column) {
                Some(known) => known.articles.push(view),
                None => columns.push(ColumnView {
                    column: column.to_owned(),
                    articles: vec![view],
                }),
            }
        }
        columns
    }

    /// The title of a record, linked to the entry that it names.
    fn titled(&self, record: &Value) -> MaybeLink {
        let label = record
            .get("title")
            .and_then(Value::as_text)
            .unwrap_or_default()
            .to_owned();
        let target = record
            .get("entry")
            .and_then(Value::as_text)
            .and_then(|entry| self.catalog.refer(entry, &[]));
        MaybeLink {
            label,
            url: target.and_then(|ix| self.visible_link(ix)).map(|link| link.url),
        }
    }

    fn people(&self, entry: &Entry, record: &Value) -> Vec<MaybeLink> {
        let names = record.get("authors").map_or(&[] as &[Value], Value::items);
        names
            .iter()
            .filter_map(Value::as_text)
            .map(|name| self.person(entry, Some(record), name))
            .collect()
    }

    fn issuer(&self, record: &Value) -> Option<MaybeLink> {
        let name = record.get("unit")?.as_text()?;
        let url = self
            .catalog
            .units
            .named(name)
            .and_then(|unit| self.unit_link(unit).url);
        Some(MaybeLink {
            label: name.to_owned(),
            url,
        })
    }
}

/// Share of the tree's leaves that some entry serves.
fn coverage(points: &[PointView]) -> Option<usize> {
    let is_leaf = |point: &&PointView| {
        let prefix = format!("{}.", point.code);
        !points.iter().any(|other| other.code.starts_with(&prefix))
    };
    let leaves: Vec<&PointView> = points.iter().filter(is_leaf).collect();
    let served = leaves.iter().filter(|point| !point.entries.is_empty()).count();
    (!leaves.is_empty()).then(|| served * 100 / leaves.len())
}

fn mark(record: &Value) -> MarkView {
    let text = |name: &str| {
        let value = record.get(name).and_then(Value::as_text);
        value.unwrap_or_default().to_owned()
    };
    let at = text("at");
    MarkView {
        seconds: seconds(&at),
        at,
        title: text("title"),
    }
}

/// Seconds of `1:30`, `0:01:30` or `90`, also with full-width colons.
fn seconds(text: &str) -> Option<u32> {
    let mut seconds: u32 = 0;
    for part in text.trim().split([':', '：']) {
        seconds = seconds.checked_mul(60)?.checked_add(part.trim().parse().ok()?)?;
    }
    Some(seconds)
}

/// `122.12°, 37.50°`: two decimals are about a kilometre, enough to find a school's quarter.
fn coordinates(place: &Value) -> Option<String> {
    let degrees = |name: &str| place.get(name).and_then(Value::number);
    Some(format!(
        "{:.2}°, {:.2}°",
        degrees("longitude")?,
        degrees("latitude")?
    ))
}

fn question(record: &Value) -> QuestionView {
    let texts = |name: &str| {
        let values = record.get(name).map_or(&[] as &[Value], Value::items);
        values
            .iter()
            .filter_map(Value::as_text)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let answers = texts("answer");
    let options: Vec<OptionView> = texts("options")
        .into_iter()
        .zip('A'..='Z')
        .map(|(text, letter)| OptionView {
            right: answers
                .iter()
                .any(|answer| answer.trim() == letter.to_string() || *answer == text),
            letter: letter.to_string(),
            text,
        })
        .collect();
    let form = match (options.is_empty(), answers.as_slice()) {
        (false, [_]) => "single",
        (false, _) => "multiple",
        (true, [answer]) if matches!(answer.as_str(), "对" | "错" | "true" | "false") => "judge",
        (true, _) => "open",
    };
    let text = |name: &str| {
        record
            .get(name)
            .and_then(Value::as_text)
            .unwrap_or_default()
            .to_owned()
    };
    QuestionView {
        question: text("question"),
        options,
        form,
        answers,
        explanation: text("explanation"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let cases = [
            ("1:30", Some(90)),
            ("0:01:30", Some(90)),
            (" 90 ", Some(90)),
            ("1：05", Some(65)),
            ("", None),
            ("一分", None),
            ("1:-5", None),
            ("99999999:00", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }
}

//! The page of numbers: entries by kind, year and city, contributions against quota, rankings.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::view::{Counted, MaybeLink};
use super::{Family, Located, Planner, View};
use crate::catalog::{Catalog, CatalogUnit, Person, school_year};
use crate::config::Output;
use crate::content::{Kind, Level};

/// What the page shows. Shares are whole per cent of the largest number beside them, for bars.
#[derive(Debug, Clone, Serialize)]
pub struct StatisticsView {
    pub title: String,
    /// Entries of every section.
    pub sections: Vec<Counted>,
    /// Labels of the kinds that count as contributions.
    pub kinds: Vec<String>,
    /// Contributions by year, the oldest first.
    pub years: Vec<YearView>,
    /// Contributions by city.
    pub cities: Vec<CityView>,
    /// Contributions against quota in the newest school year that has any, and in the one before it.
    pub quotas: Vec<QuotaView>,
    /// Units by contributions.
    pub units: Vec<RankView>,
    /// Teachers by contributions.
    pub teachers: Vec<RankView>,
}

/// Contributions of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearView {
    /// Which.
    pub year: i16,
    /// In all.
    pub count: usize,
    /// Length of its bar.
    pub share: usize,
    /// By kind, in the order of the labels.
    pub kinds: Vec<usize>,
}

/// Contributions of a city's units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CityView {
    pub city: MaybeLink,
    pub schools: usize,
    /// Contributions.
    pub count: usize,
    /// Length of its bar.
    pub share: usize,
}

/// Contributions against quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuotaView {
    /// The school year, such as `2026—2027`.
    pub year: String,
    /// Units that did what they owe.
    pub fulfilled: usize,
    /// Every school and group: those that owe most first.
    pub units: Vec<StandingView>,
}

/// Where a unit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingView {
    pub unit: MaybeLink,
    /// Its city's name, or empty.
    pub city: String,
    /// Items published.
    pub done: usize,
    /// Items owed.
    pub quota: usize,
    /// Items missing.
    pub missing: usize,
    /// Done in whole per cent of the quota, at most 100.
    pub share: usize,
}

/// A place in a ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RankView {
    /// From 1; equal numbers have equal places.
    pub rank: usize,
    /// Who.
    pub name: MaybeLink,
    /// City of a unit, unit of a teacher; or empty.
    pub place: String,
    /// Contributions.
    pub count: usize,
    /// Length of the bar.
    pub share: usize,
}

/// Years shown.
const MOST_YEARS: usize = 10;
/// School years whose quotas are shown.
const SCHOOL_YEARS: usize = 2;
/// Places of a ranking.
const MOST_RANKS: usize = 20;
/// Teachers named: every one who contributes is to be seen, in a list that can still be read.
const MOST_TEACHERS: usize = 200;

/// The page of numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statistics;

impl Located for Statistics {
    fn path(&self, _catalog: &Catalog) -> String {
        format!("{STATISTICS}/")
    }
}

impl Family for Statistics {
    type Shows = StatisticsView;

    const SEGMENTS: &'static [&'static str] = &[STATISTICS];

    fn is_on(output: &Output) -> bool {
        output.statistics
    }

    fn pages(_catalog: &Catalog, _listed: usize) -> Vec<Self> {
        vec![Self]
    }

    fn view(&self, planner: Planner<'_>) -> View<StatisticsView> {
        planner.statistics()
    }

    fn is_listed(&self, _catalog: &Catalog) -> bool {
        true
    }
}

const STATISTICS: &str = "statistics";

impl Planner<'_> {
    /// The page of numbers.
    fn statistics(&self) -> View<StatisticsView> {
        let title = self.texts.get("page.statistics").to_owned();
        let kinds = self.counted_kinds();
        let page = StatisticsView {
            title: title.clone(),
            sections: self.section_counts(),
            kinds: kinds
                .iter()
                .map(|kind| kind.label(&self.texts.language).to_owned())
                .collect(),
            years: self.contributions_by_year(&kinds),
            cities: self.city_counts(),
            quotas: self.quotas(),
            units: self.unit_ranks(),
            teachers: self.teacher_ranks(),
        };
        let about = self.texts.get("page.statistics_about");
        let meta = self.meta(&Statistics, &title, about);
        View::html("statistics.html", meta, vec![self.home_link()], page)
    }

    fn counted_kinds(&self) -> Vec<&Kind> {
        let kinds = self.catalog.site.schema.sections().into_iter();
        kinds
            .map(|kind| &**kind)
            .filter(|kind| kind.counted && !self.catalog.listed(&kind.id).is_empty())
            .collect()
    }

    fn section_counts(&self) -> Vec<Counted> {
        let kinds = self.catalog.site.schema.sections().into_iter();
        let counts = kinds.filter(|kind| !kind.abilities.navigation).map(|kind| {
            let link = self.section_link(kind);
            Counted {
                label: link.label,
                url: link.url,
                count: self.catalog.listed(&kind.id).len(),
            }
        });
        counts.filter(|counted| counted.count > 0).collect()
    }

    fn contributions_by_year(&self, kinds: &[&Kind]) -> Vec<YearView> {
        let mut years: BTreeMap<i16, Vec<usize>> = BTreeMap::new();
        for (_, entry) in self.catalog.counted() {
            let position = kinds.iter().position(|kind| *kind.id == *entry.id.kind);
            if let (Some(date), Some(position)) = (entry.date, position) {
                let of_year = years
                    .entry(date.date().year())
                    .or_insert_with(|| vec![0; kinds.len()]);
                of_year[position] += 1;
            }
        }
        let most = years.values().map(|kinds| kinds.iter().sum()).max().unwrap_or(0);
        let skipped = years.len().saturating_sub(MOST_YEARS);
        let views = years.into_iter().skip(skipped).map(|(year, kinds)| {
            let count = kinds.iter().sum();
            YearView {
                year,
                count,
                share: share(count, most),
                kinds,
            }
        });
        views.collect()
    }

    fn city_counts(&self) -> Vec<CityView> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (ix, _) in self.catalog.counted() {
            if let Some(city) = self.catalog.city_of(ix) {
                *counts.entry(city).or_default() += 1;
            }
        }
        let most = counts.values().copied().max().unwrap_or(0);
        let cities = self.cities().into_iter().map(|city| {
            let count = counts.get(city).copied().unwrap_or(0);
            CityView {
                city: self.term_link("city", city),
                schools: self.schools(city).len(),
                count,
                share: share(count, most),
            }
        });
        cities.collect()
    }

    /// The newest school years that have a contribution: the present one would change the page without an edit.
    fn quotas(&self) -> Vec<QuotaView> {
        let dates = self.catalog.counted().filter_map(|(_, entry)| entry.date);
        let years: BTreeSet<i16> = dates.map(|date| school_year(date.date())).collect();
        let newest = years.into_iter().rev().take(SCHOOL_YEARS);
        newest.filter_map(|year| self.quota(year)).collect()
    }

    fn quota(&self, year: i16) -> Option<QuotaView> {
        let mut units: Vec<StandingView> = self
            .catalog
            .units
            .iter()
            .filter_map(|unit| {
                let standing = self.catalog.standing(unit, year)?;
                Some(StandingView {
                    unit: self.unit_link(unit),
                    city: self.city_name(unit),
                    done: standing.done,
                    quota: standing.quota,
                    missing: standing.missing(),
                    share: share(standing.done, standing.quota).min(100),
                })
            })
            .collect();
        // Units come ordered by id, and sorting keeps that order among equals.
        units.sort_by_key(|unit| std::cmp::Reverse(unit.missing));
        (!units.is_empty()).then(|| QuotaView {
            year: format!("{year}—{}", year + 1),
            fulfilled: units.iter().filter(|unit| unit.missing == 0).count(),
            units,
        })
    }

    fn city_name(&self, unit: &CatalogUnit) -> String {
        let city = self.catalog.units.city(&unit.id);
        city.map(|city| self.term_label("city", city)).unwrap_or_default()
    }

    fn unit_ranks(&self) -> Vec<RankView> {
        let units = self
            .catalog
            .units
            .iter()
            .filter(|unit| unit.level != Level::Group);
        let counts = units.map(|unit| {
            let count = self.catalog.contributions(unit).len();
            (self.unit_link(unit), self.city_name(unit), count)
        });
        ranked(counts.collect(), MOST_RANKS)
    }

    /// Authors by contributions. The same name in two units is two people.
    fn teacher_ranks(&self) -> Vec<RankView> {
        let mut counts: BTreeMap<(&str, Person<'_>), usize> = BTreeMap::new();
        for (ix, _) in self.catalog.counted() {
            for person in self.catalog.authors(ix) {
                *counts.entry((self.catalog.name_of(person), person)).or_default() += 1;
            }
        }
        let teachers = counts.into_iter().map(|((_, person), count)| {
            let unit = match person {
                Person::Entry(ix) => self.catalog.unit_of(ix),
                Person::Name(_, unit) => unit.and_then(|unit| self.catalog.units.get(unit)),
            };
            let place = unit.map(|unit| unit.name.to_string());
            (self.person_link(person), place.unwrap_or_default(), count)
        });
        ranked(teachers.collect(), MOST_TEACHERS)
    }
}

/// Whole per cent.
fn share(count: usize, of: usize) -> usize {
    (count * 100).checked_div(of).unwrap_or(0)
}

/// The first `most` of those who have anything to count, by their counts; equals in the order they came.
fn ranked(mut counts: Vec<(MaybeLink, String, usize)>, most: usize) -> Vec<RankView> {
    counts.retain(|(.., count)| *count > 0);
    counts.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
    let highest = counts.first().map_or(0, |(.., count)| *count);
    let mut ranks: Vec<RankView> = Vec::new();
    for (position, (name, place, count)) in counts.into_iter().take(most).enumerate() {
        let rank = match ranks.last() {
            Some(last) if last.count == count => last.rank,
            _ => position + 1,
        };
        ranks.push(RankView {
            rank,
            name,
            place,
            count,
            share: share(count, highest),
        });
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_share_a_place() {
        let name = |label: &str| MaybeLink {
            label: label.to_owned(),
            url: None,
        };
        let counts = [("甲", 2), ("乙", 0), ("丙", 5), ("丁", 2), ("戊", 1)];
        let counts = counts.map(|(label, count)| (name(label), String::new(), count));
        let ranks = ranked(counts.to_vec(), 4);
        let shown: Vec<(usize, &str, usize)> = ranks
            .iter()
            .map(|view| (view.rank, view.name.label.as_str(), view.share))
            .collect();
        assert_eq!(
            shown,
            [(1, "丙", 100), (2, "甲", 40), (2, "丁", 40), (4, "戊", 20)]
        );
        assert!(ranked(Vec::new(), 4).is_empty());
    }
}

//! Who contributed how much: counted from the entries alone, so that every commit gives its own numbers.

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use super::{Catalog, CatalogUnit, Ix, Status};
use crate::content::{Entry, Level, Value};

/// The month in which a school year begins.
const FIRST_MONTH: i8 = 9;

/// What a unit did of what it owes in a school year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Published items.
    pub done: usize,
    /// Items that the unit's quota asks for.
    pub quota: usize,
}

impl Standing {
    /// Items still owed.
    pub fn missing(self) -> usize {
        self.quota.saturating_sub(self.done)
    }
}

/// The school year of a day, named by the year in which it begins.
pub fn school_year(date: Date) -> i16 {
    date.year() - i16::from(date.month() < FIRST_MONTH)
}

/// A school's category when a school year began: of the former ones the first that lasted until then, or the present one.
fn category_in(school: &Entry, year: i16) -> Option<&str> {
    let begin = Date::new(year, FIRST_MONTH, 1).ok()?;
    let former = school.items("former_categories").iter().filter_map(|former| {
        let Some(Value::Moment(until)) = former.get("until") else {
            return None;
        };
        Some((until.date(), former.get("category")?.as_text()?))
    });
    let lasting = former.filter(|(until, _)| *until >= begin).min();
    lasting
        .map(|(_, category)| category)
        .or_else(|| school.text("category"))
}

impl Catalog {
    /// The published entries that count as contributions, by their ids: those of kinds that say so, parts of another
    /// entry left out.
    pub fn counted(&self) -> impl Iterator<Item = (Ix, &Entry)> {
        let listed = self.iter().filter(|(ix, _)| self.status(*ix) == Status::Listed);
        listed.filter(|(ix, entry)| entry.parent.is_none() && self.kind(*ix).counted)
    }

    /// Contributions of a unit: what it published, and what names it in the field that its kind says.
    pub fn contributions(&self, unit: &CatalogUnit) -> Vec<Ix> {
        let own = self.unit_entry(unit);
        let named = own.map_or(&[] as &[_], |ix| self.referrers(ix));
        let ability = own.and_then(|ix| self.kind(ix).abilities.unit.as_ref());
        let field = ability.and_then(|ability| ability.named_in.as_deref());
        let naming = named
            .iter()
            .filter(|(_, name)| field == Some(&**name))
            .map(|(ix, _)| ix);
        let mut seen = FxHashSet::default();
        let all = self.of_unit(&unit.id).iter().chain(naming);
        all.copied()
            .filter(|ix| self.kind(*ix).counted && self.entry(*ix).parent.is_none() && seen.insert(*ix))
            .collect()
    }

    /// Where a unit stands in a school year. Returns `None` for units without a quota.
    pub fn standing(&self, unit: &CatalogUnit, year: i16) -> Option<Standing> {
        let quota = &self.site.config.quota;
        let owed = match unit.level {
            Level::Group => quota.groups,
            Level::School => {
                let entry = self.unit_entry(unit).map(|ix| self.entry(ix));
                let category = entry.and_then(|entry| category_in(entry, year));
                let own = category.and_then(|category| quota.schools.get(category));
                own.copied().unwrap_or(quota.other_schools)
            }
            _ => return None,
        };
        let is_of_year = |ix: &Ix| {
            let date = self.entry(*ix).date;
            date.is_some_and(|date| school_year(date.date()) == year)
        };
        Some(Standing {
            done: self
                .contributions(unit)
                .iter()
                .filter(|ix| is_of_year(ix))
                .count(),
            quota: owed as usize,
        })
    }

    /// The entry that is a unit, unless it is not listed.
    fn unit_entry(&self, unit: &CatalogUnit) -> Option<Ix> {
        let ix = self.find(unit.entry.as_ref()?);
        ix.filter(|ix| self.status(*ix) == Status::Listed)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_school_year_begins_in_september() {
        let cases = [
            (date(2026, 8, 31), 2025),
            (date(2026, 9, 1), 2026),
            (date(2027, 1, 15), 2026),
        ];
        for (day, expected) in cases {
            assert_eq!(school_year(day), expected, "{day}");
        }
    }

    #[test]
    fn nobody_owes_less_than_nothing() {
        let standing = |done, quota| Standing { done, quota }.missing();
        assert_eq!((standing(3, 8), standing(9, 8)), (5, 0));
    }
}

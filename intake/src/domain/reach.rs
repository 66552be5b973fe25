//! What somebody can read, as sets that a database can be asked for. They are found by asking the rule about each unit, so
//! that a list shows exactly what the page of a submission does: there is no second copy of who may read what.

use std::collections::BTreeSet;

use super::policy::Action;
use super::rights::Asker;
use super::routing::Turn;
use super::subject::{Involved, Subject};
use super::submission::State;
use super::units::Tree;

/// What can be read of what was handed in by one account, or by everybody who is not named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    /// The account that made it; everybody without a span of their own if there is none.
    pub owner: Option<String>,
    /// Of these units, whosever turn it is.
    pub units: Vec<String>,
    /// Of any unit, while it is the turn of one of these.
    pub holders: Vec<String>,
}

/// Everything that somebody can read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The account whose own submissions are read, handed in or not. `None` for those who hand nothing in.
    pub own: Option<String>,
    /// Submissions about which it is asked.
    pub asked: Vec<String>,
    /// What others handed in.
    pub spans: Vec<Span>,
}

impl Reach {
    /// What the asker can read. `is_second` tells of a unit whether deputies decide there on what the admin made whose deputy
    /// they are; `asked` are the submissions about which the asker is asked.
    pub fn of(asker: &Asker<'_>, asked: Vec<String>, is_second: impl Fn(&str) -> bool, units: &Tree) -> Self {
        let asker = &Asker {
            is_asked: false,
            ..asker.clone()
        };
        let involved = Involved::default();
        let reads = |owner: &str, unit: &str, holder: Option<&str>| {
            let subject = Subject {
                owner,
                unit,
                holder,
                state: State::InReview,
                was_submitted: true,
                turn: Turn::Publishes,
                involved: &involved,
                second_is_deputy: is_second(unit),
            };
            asker.may(Action::Read, subject, units)
        };
        let mut known: BTreeSet<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
        known.insert(asker.own.unit);
        known.extend(asker.principals.iter().map(|principal| principal.unit));
        let span = |owner: Option<&str>| {
            let by = owner.unwrap_or_default();
            let those = |reads: &dyn Fn(&str) -> bool| {
                let those = known.iter().filter(|unit| reads(unit));
                those.map(|unit| (*unit).to_owned()).collect()
            };
            Span {
                owner: owner.map(str::to_owned),
                units: those(&|unit| reads(by, unit, None)),
                holders: those(&|holder| reads(by, "", Some(holder))),
            }
        };
        let principals = asker.principals.iter().map(|principal| Some(principal.id));
        Self {
            own: reads(asker.own.id, asker.own.unit, None).then(|| asker.own.id.to_owned()),
            asked,
            spans: std::iter::once(None).chain(principals).map(span).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::role::Role;
    use super::super::subject::Person;
    use super::super::units::fixture::units;
    use super::*;

    /// Whether a submission is within reach, as a database is asked.
    fn has(reach: &Reach, owner: &str, unit: &str, holder: Option<&str>, was_submitted: bool) -> bool {
        let is_named = |span: &&Span| span.owner.as_deref() == Some(owner);
        let span = reach.spans.iter().find(is_named);
        let span = span.or_else(|| reach.spans.iter().find(|span| span.owner.is_none()));
        let is_in = span.is_some_and(|span| {
            span.units.iter().any(|known| known == unit)
                || span.holders.iter().any(|known| Some(known.as_str()) == holder)
        });
        reach.own.as_deref() == Some(owner) || was_submitted && owner != "asker" && is_in
    }

    fn person(id: &'static str, role: Role, unit: &'static str) -> Person<'static> {
        Person {
            id,
            name: id,
            role,
            unit,
        }
    }

    #[test]
    fn what_is_within_reach_is_what_the_rule_lets_one_read() {
        const UNITS: [&str; 8] = [
            "province", "city", "city-b", "county", "school", "school-b", "group", "gone",
        ];
        let (units, involved) = (units(), Involved::default());
        let mut checked = 0;
        for role in Role::ALL {
            for own in UNITS {
                for principal in [
                    None,
                    Some(Role::SchoolAdmin),
                    Some(Role::CityAdmin),
                    Some(Role::ProvinceAdmin),
                ] {
                    let unit = match principal {
                        Some(Role::CityAdmin) => "city",
                        Some(Role::ProvinceAdmin) => "province",
                        _ => "school",
                    };
                    let asker = Asker {
                        own: person("asker", *role, own),
                        principals: principal
                            .map(|role| person("principal", role, unit))
                            .into_iter()
                            .collect(),
                        is_asked: false,
                    };
                    let is_second = |unit: &str| unit == "province";
                    let reach = Reach::of(&asker, Vec::new(), is_second, &units);
                    for owner in ["asker", "principal", "somebody"] {
                        for unit in UNITS {
                            for holder in [
                                None,
                                Some("school"),
                                Some("city"),
                                Some("city-b"),
                                Some("province"),
                            ] {
                                for was_submitted in [true, false] {
                                    let subject = Subject {
                                        owner,
                                        unit,
                                        holder,
                                        state: State::Submitted,
                                        was_submitted,
                                        turn: Turn::Publishes,
                                        involved: &involved,
                                        second_is_deputy: is_second(unit),
                                    };
                                    let expected = asker.may(Action::Read, subject, &units);
                                    let found = has(&reach, owner, unit, holder, was_submitted);
                                    assert_eq!(found, expected, "{asker:?} {subject:?} {reach:?}");
                                    checked += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
        assert!(checked > 50_000, "{checked}");
    }
}

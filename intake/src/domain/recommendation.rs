//! Recommending upwards (推荐): a reviewer recommends what is published to the unit above, which takes it or says why not.

use super::names::named;
use super::scope::Scope;
use super::subject::Person;
use super::units::{Tree, Unit};

named! {
    /// Where a recommendation is.
    State("state of a recommendation") {
        /// The unit above has yet to answer.
        Open = "open",
        /// It took it, and the portal shows so.
        Taken = "taken",
        /// It said why not.
        Declined = "declined",
    }
}

/// Working days within which the unit above answers.
pub const DAYS: usize = 5;

/// The name of the proposal by which an entry says that it is recommended.
pub fn branch(id: &str) -> String {
    format!("recommend-{id}")
}

/// The unit to which somebody may recommend an entry of a unit: the one right above their own. Returns `None` if they may
/// not: those do who decide on what units below hand in, of their own unit and of those below, and there must be a unit
/// above.
pub fn target<'t>(who: Person<'_>, unit: &str, units: &'t Tree) -> Option<&'t Unit> {
    let scope = units.scope(who.unit, unit, false);
    let is_theirs = matches!(scope, Scope::OwnUnit | Scope::Child);
    let above = units.above(who.unit).next();
    above.filter(|_| who.role.reviews(Scope::Child) && is_theirs)
}

/// Whether somebody may answer a recommendation to a unit: its admins, but who recommended it.
pub fn may_answer(who: Person<'_>, to_unit: &str, recommended_by: &str, state: State) -> bool {
    state == State::Open && who.role.is_admin() && who.unit == to_unit && who.id != recommended_by
}

/// Whether somebody sees what became of a recommendation: admins of the unit that the entry is of, and of those above it.
pub fn may_see(who: Person<'_>, unit: &str, units: &Tree) -> bool {
    let scope = units.scope(who.unit, unit, false);
    who.role.is_admin() && matches!(scope, Scope::OwnUnit | Scope::Child)
}

#[cfg(test)]
mod tests {
    use super::super::role::Role;
    use super::super::units::fixture::units;
    use super::*;

    /// A line somebody: role, unit, and to which unit they may recommend what is of the school, of the city, of the city-b.
    const TABLE: &str = "
        teacher        school   -        -        -
        school-admin   school   -        -        -
        county-admin   county   city     -        -
        city-admin     city     province province -
        city-admin     city-b   -        -        province
        province-admin province -        -        -
        expert         city     -        -        -
        patroller      city     -        -        -
    ";

    #[test]
    fn a_reviewer_recommends_to_the_unit_above() {
        let units = units();
        for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let who = Person {
                id: "a",
                name: "a",
                role: Role::from_name(words[0]).expect("a role"),
                unit: words[1],
            };
            for (unit, expected) in ["school", "city", "city-b"].into_iter().zip(&words[2..]) {
                let found = target(who, unit, &units).map_or("-", |unit| &unit.id);
                assert_eq!(found, *expected, "{line}: {unit}");
            }
        }
    }

    #[test]
    fn admins_of_the_unit_above_answer_once_and_those_concerned_see() {
        let units = units();
        let person = |id, role, unit| Person {
            id,
            name: id,
            role,
            unit,
        };
        let province = person("p", Role::ProvinceAdmin, "province");
        let cases = [
            (province, State::Open, true),
            (province, State::Taken, false),
            (province, State::Declined, false),
            (
                person("city", Role::ProvinceAdmin, "province"),
                State::Open,
                false,
            ),
            (person("c", Role::CityAdmin, "city"), State::Open, false),
            (person("t", Role::Teacher, "province"), State::Open, false),
        ];
        for (who, state, expected) in cases {
            assert_eq!(
                may_answer(who, "province", "city", state),
                expected,
                "{who:?} {state:?}"
            );
        }
        assert!(may_see(
            person("s", Role::SchoolAdmin, "school"),
            "school",
            &units
        ));
        assert!(!may_see(
            person("s", Role::SchoolAdmin, "school-b"),
            "school",
            &units
        ));
        assert!(!may_see(person("t", Role::Teacher, "school"), "school", &units));
        assert!(may_see(province, "school", &units));
    }
}

//! Taking down from above: at once, on somebody's order, and confirmed by somebody else or lifted (先撤下再核实).

use super::names::named;
use super::policy::{Action, can};
use super::subject::Person;
use super::units::Tree;

/// The vocabulary of reasons.
pub const REASONS: &str = "takedown-reason";

/// Working days within which somebody else confirms an order.
pub const DAYS: usize = 5;

named! {
    /// Where an order is.
    State("state of a takedown") {
        /// The entry is down; somebody else has yet to look.
        Ordered = "ordered",
        /// Somebody else found it right.
        Confirmed = "confirmed",
        /// The entry is public again.
        Lifted = "lifted",
    }
}

/// What an order makes of its entry on the portal.
pub const WAYS: [&str; 2] = ["up", "down"];

/// The name of the proposal by which an order makes of its entry one of [`WAYS`].
pub fn branch(id: &str, way: &str) -> String {
    format!("takedown-{way}-{id}")
}

/// What rights depend on of an order.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The account that gave it.
    pub ordered_by: &'a str,
    /// Its unit then.
    pub ordered_unit: &'a str,
    /// The unit that answers for the entry.
    pub unit: &'a str,
    /// Where it is.
    pub state: State,
}

/// Whether somebody may have entries of a unit taken down, and sees what was: the unit's admins and those above.
pub fn may_order(who: Person<'_>, unit: &str, units: &Tree) -> bool {
    can(who.role, Action::TakeDown, units.scope(who.unit, unit, false))
}

/// Whether somebody may confirm an order: not who gave it, and of the unit that gave it or of one above.
pub fn may_confirm(who: Person<'_>, order: Order<'_>, units: &Tree) -> bool {
    order.state == State::Ordered && who.id != order.ordered_by && is_of_order(who, order, units)
}

/// Whether somebody may make the entry public again: the unit that gave the order, or one above.
pub fn may_lift(who: Person<'_>, order: Order<'_>, units: &Tree) -> bool {
    order.state != State::Lifted && is_of_order(who, order, units)
}

fn is_of_order(who: Person<'_>, order: Order<'_>, units: &Tree) -> bool {
    let is_of_unit = who.unit == order.ordered_unit || units.is_below(order.ordered_unit, who.unit);
    is_of_unit && may_order(who, order.unit, units)
}

#[cfg(test)]
mod tests {
    use super::super::policy::Role;
    use super::super::units::fixture::units;
    use super::*;

    /// Everybody, each role in a unit that has it.
    const PEOPLE: [(&str, Role, &str); 11] = [
        ("teacher", Role::Teacher, "school"),
        ("school", Role::SchoolAdmin, "school"),
        ("school-2", Role::SchoolAdmin, "school"),
        ("school-b", Role::SchoolAdmin, "school-b"),
        ("city", Role::CityAdmin, "city"),
        ("city-2", Role::CityAdmin, "city"),
        ("city-b", Role::CityAdmin, "city-b"),
        ("expert", Role::Expert, "city"),
        ("patroller", Role::Patroller, "school"),
        ("province", Role::ProvinceAdmin, "province"),
        ("province-2", Role::ProvinceAdmin, "province"),
    ];

    fn those(may: impl Fn(Person<'_>) -> bool) -> Vec<&'static str> {
        let allowed = PEOPLE.iter().filter(|(id, role, unit)| {
            may(Person {
                id,
                name: id,
                role: *role,
                unit,
            })
        });
        allowed.map(|(id, ..)| *id).collect()
    }

    #[test]
    fn a_unit_and_those_above_order_it() {
        let units = units();
        let ordering = |unit: &str| those(|who| may_order(who, unit, &units));
        let above = ["city", "city-2", "province", "province-2"];
        assert_eq!(ordering("school"), [&["school", "school-2"][..], &above].concat());
        assert_eq!(ordering("city"), above);
        assert_eq!(ordering("province"), ["province", "province-2"]);
        assert_eq!(
            ordering("school-b"),
            ["school-b", "city-b", "province", "province-2"]
        );
        assert!(ordering("unknown").is_empty());
    }

    #[test]
    fn somebody_else_of_the_unit_that_ordered_it_or_above_confirms() {
        let units = units();
        let order = |by, of| Order {
            ordered_by: by,
            ordered_unit: of,
            unit: "school",
            state: State::Ordered,
        };
        let confirming = |order| those(|who| may_confirm(who, order, &units));
        let lifting = |order| those(|who| may_lift(who, order, &units));
        assert_eq!(
            confirming(order("school", "school")),
            ["school-2", "city", "city-2", "province", "province-2"]
        );
        assert_eq!(
            confirming(order("city", "city")),
            ["city-2", "province", "province-2"]
        );
        assert_eq!(confirming(order("province", "province")), ["province-2"]);
        assert_eq!(
            lifting(order("city", "city")),
            ["city", "city-2", "province", "province-2"]
        );
        assert_eq!(lifting(order("province", "province")), ["province", "province-2"]);
        for (state, confirmed, lifted) in [(State::Confirmed, 0, 4), (State::Lifted, 0, 0)] {
            let order = Order {
                state,
                ..order("city", "city")
            };
            assert_eq!(
                (confirming(order).len(), lifting(order).len()),
                (confirmed, lifted)
            );
        }
    }
}

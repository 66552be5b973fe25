//! Who may do what with one submission now: the table of [`super::policy`] with whose turn it is, what is one's own, what
//! was never handed in, and who acts for whom. Every right of the office is asked for here.

use serde::Serialize;

use super::policy::{Action, Role, Scope, can, can_for, may_stand_in};
use super::recusal;
use super::routing::Turn;
use super::subject::{Person, Subject};
use super::submission::{State, Step};
use super::units::Tree;

/// Somebody who asks, and those in whose place they may decide.
#[derive(Debug, Clone)]
pub struct Asker<'a> {
    /// The one who asks.
    pub own: Person<'a>,
    /// The admins whose deputy they are now.
    pub principals: Vec<Person<'a>>,
    /// Whether they are asked about this submission as an expert.
    pub is_asked: bool,
}

/// By what right something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right<'a> {
    /// By one's own.
    Own,
    /// In the place of the admin whose deputy one is.
    InPlaceOf(Person<'a>),
}

impl<'a> Asker<'a> {
    /// By what right something may be done with a submission now. Returns `None` if it may not be done.
    pub fn right(&self, action: Action, subject: Subject<'_>, units: &Tree) -> Option<Right<'a>> {
        if self.allows(self.own, action, subject, units) {
            return Some(Right::Own);
        }
        let mut principals = self.principals.iter();
        let principal = principals.find(|principal| self.allows(**principal, action, subject, units));
        principal.copied().map(Right::InPlaceOf)
    }

    /// What the asker can do with a submission under review by a right: what the holder can; the province decides in the
    /// place of any holder, and nobody after it.
    pub fn turn(&self, right: Right<'_>, subject: Subject<'_>) -> Turn {
        let who = match right {
            Right::Own => self.own,
            Right::InPlaceOf(principal) => principal,
        };
        if subject.is_turn_of(who.unit) {
            subject.turn
        } else {
            Turn::Publishes
        }
    }

    /// Why the asker keeps out of deciding on a submission, although it is their unit's turn. Returns `None` if they do not
    /// or it is not.
    pub fn recused(&self, subject: Subject<'_>, units: &Tree) -> Option<recusal::Ground> {
        let scope = units.scope(self.own.unit, subject.unit, false);
        let would = self.own.role.is_admin()
            && subject.is_turn_of(self.own.unit)
            && can(self.own.role, Action::Review, scope)
            && is_under_review(subject.state);
        let ground = recusal::ground(self.own, subject, units);
        ground.filter(|_| would && !self.may(Action::Review, subject, units))
    }

    /// Whether something may be done with a submission now.
    pub fn may(&self, action: Action, subject: Subject<'_>, units: &Tree) -> bool {
        self.right(action, subject, units).is_some()
    }

    /// Whether the right of `who`, the asker or one whose deputy the asker is, is enough.
    fn allows(&self, who: Person<'_>, action: Action, subject: Subject<'_>, units: &Tree) -> bool {
        let is_deputy = who.id != self.own.id;
        let is_second = is_deputy && subject.second_is_deputy && who.unit == subject.unit;
        let is_own = subject.owner == self.own.id || subject.owner == who.id && !is_second;
        // What was never handed in is its author's alone.
        if !subject.was_submitted && subject.owner != self.own.id {
            return false;
        }
        let is_authors = action == Action::Share && subject.owner == who.id;
        // The province may decide in the place of whoever keeps a submission waiting.
        let is_theirs = !matches!(action, Action::Review | Action::Share)
            || is_authors
            || subject.is_turn_of(who.unit)
            || who.role == Role::ProvinceAdmin;
        let scope = if who.role == Role::Expert && self.is_asked {
            Scope::Assigned
        } else {
            units.scope(who.unit, subject.unit, is_own)
        };
        let action = meant(action, subject);
        let is_recused = |who| recusal::ground(who, subject, units).is_some();
        if matches!(action, Action::Review | Action::Advise) || action == Action::Share && !is_authors {
            // Whoever stands in for somebody keeps out of what either of them had a part in.
            if is_recused(self.own) || is_recused(who) && !is_second {
                return false;
            }
        }
        // Whoever has to decide sees what there is to decide on, wherever in the tree it comes from.
        let is_turn = action == Action::Read
            && who.role.is_admin()
            && subject.is_turn_of(who.unit)
            && !(is_deputy && is_own);
        let can_do = if is_deputy {
            can_for(who.role, action, scope)
        } else {
            can(who.role, action, scope)
        };
        is_theirs && (can_do || is_turn)
    }

    /// What can be done with a submission now.
    pub fn permissions(&self, subject: Subject<'_>, units: &Tree) -> Permissions {
        let may = |action| self.may(action, subject, units);
        let state = subject.state;
        let endorses = state == State::Submitted && may(Action::Endorse);
        let right = self.right(Action::Review, subject, units);
        let reviews = is_under_review(state) && right.is_some();
        let turn = right.map_or(subject.turn, |right| self.turn(right, subject));
        Permissions {
            edit: state.is_open_to_author() && may(Action::Edit),
            withdraw: state.after(Step::Withdraw).is_ok() && may(Action::Edit),
            endorse: endorses,
            send_back: endorses || reviews,
            take: reviews && state == State::Endorsed,
            pass: reviews && turn != Turn::Publishes,
            opine: reviews && turn == Turn::Advises,
            accept: reviews && turn == Turn::Publishes,
            reject: reviews && turn != Turn::Advises,
            assign: reviews,
            assess: reviews,
            settle: endorses || reviews,
            mend: !state.is_over() && subject.was_submitted && may(Action::Edit),
            comment: !state.is_over() && subject.was_submitted && may(Action::Read),
            share: !state.is_over() && may(Action::Share),
            advise: may(Action::Advise),
        }
    }
}

/// What somebody can do with a submission now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Permissions {
    pub edit: bool,
    pub withdraw: bool,
    pub endorse: bool,
    pub send_back: bool,
    pub take: bool,
    /// Say yes, so that the next unit has it.
    pub pass: bool,
    /// Whether that is an opinion and no decision.
    pub opine: bool,
    /// Say yes, so that it is published.
    pub accept: bool,
    pub reject: bool,
    /// Give it to a colleague, ask experts.
    pub assign: bool,
    pub assess: bool,
    /// Say which remarks are settled.
    pub settle: bool,
    /// Say, as the author, which remarks are mended.
    pub mend: bool,
    pub comment: bool,
    pub share: bool,
    pub advise: bool,
}

/// What the right to read a submission is called: reading what was never handed in is one of its own.
pub fn meant(action: Action, subject: Subject<'_>) -> Action {
    match action {
        Action::Read if !subject.was_submitted => Action::ReadDraft,
        other => other,
    }
}

/// Whether the unit above decides in a state.
pub fn is_under_review(state: State) -> bool {
    matches!(state, State::Endorsed | State::InReview)
}

/// The right that deciding in a state needs: the author's unit first, then the unit above.
pub fn deciding(state: State) -> Action {
    match state {
        State::Submitted => Action::Endorse,
        _ => Action::Review,
    }
}

/// The right that a step from a state needs. Returns `None` for steps that the server itself takes.
pub fn needed(step: Step, state: State) -> Option<Action> {
    match step {
        Step::Submit { .. } | Step::Withdraw => Some(Action::Edit),
        Step::Endorse => Some(Action::Endorse),
        Step::Return => Some(deciding(state)),
        Step::Take | Step::Assign | Step::Reject | Step::Pass | Step::Accept => Some(Action::Review),
        Step::Conflict | Step::Merge | Step::Publish => None,
    }
}

/// Whether somebody of the holder decides on what is of a unit and in a state.
pub fn decides(role: Role, holder: &str, unit: &str, state: State, units: &Tree) -> bool {
    can(role, deciding(state), units.scope(holder, unit, false))
}

/// Whether a submission under review can be given to somebody: of the unit whose turn it is, who may decide on it.
pub fn can_be_given(person: Person<'_>, subject: Subject<'_>, units: &Tree) -> bool {
    subject.is_turn_of(person.unit)
        && decides(person.role, person.unit, subject.unit, State::InReview, units)
        && recusal::ground(person, subject, units).is_none()
}

/// Whether a step may be taken in a turn: an opinion turns nothing down, and only the last to decide publishes.
pub fn fits(step: Step, turn: Turn) -> bool {
    match step {
        Step::Pass => turn != Turn::Publishes,
        Step::Accept => turn == Turn::Publishes,
        Step::Reject => turn != Turn::Advises,
        _ => true,
    }
}

/// Whether somebody can be asked about a submission: an expert of the unit that decides, or of one below it.
pub fn can_be_asked(person: Person<'_>, subject: Subject<'_>, units: &Tree) -> bool {
    let is_near = subject
        .holder
        .is_some_and(|holder| person.unit == holder || units.is_below(person.unit, holder));
    person.role == Role::Expert && is_near && recusal::ground(person, subject, units).is_none()
}

/// Whether somebody may be the deputy of an admin.
pub fn can_be_deputy(person: Person<'_>, admin: Person<'_>, units: &Tree) -> bool {
    let right_above = units.above(admin.unit).next();
    let is_right_above = right_above.is_some_and(|unit| unit.id == person.unit);
    let standing = units.scope(admin.unit, person.unit, false);
    person.id != admin.id && may_stand_in(person.role, standing, is_right_above)
}

/// Whether somebody may do something in a unit.
pub fn may_in(person: Person<'_>, action: Action, unit: &str, units: &Tree) -> bool {
    can(person.role, action, units.scope(person.unit, unit, false))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::subject::tests::{NOBODY, subject_of};
    use super::super::units::fixture::units;
    use super::*;

    fn subject(owner: &str, state: State) -> Subject<'_> {
        subject_of(owner, "school", state, &NOBODY)
    }

    fn person(id: &'static str, role: Role, unit: &'static str) -> Person<'static> {
        Person {
            id,
            name: id,
            role,
            unit,
        }
    }

    /// A line somebody: role, unit, how they stand to the submission of `school`, and what they may do in which states.
    /// States by letters: d draft, s submitted, e endorsed, i in review, r returned, a accepted, m merged, p published,
    /// w withdrawn, x rejected; `*` all of them, `+` all but a draft.
    const TABLE: &str = "
        teacher        school    own      read-draft=* edit=* read=* share=*
        teacher        school    -
        teacher        school-b  -
        teacher        school    deputy:school-admin  read=+ endorse=+
        teacher        school    owning-deputy:school-admin read-draft=* edit=* read=* share=*
        school-admin   school    own      read-draft=* edit=* read=* share=* endorse=*
        school-admin   school    -        read=+ endorse=+
        school-admin   school-b  -
        group-admin    group     -
        group-admin    school    -        read=+ endorse=+
        county-admin   county    -        read=+
        county-admin   county    deputy:city-admin read=+ review=eia
        city-admin     city      -        read=+ review=eia share=eia
        city-admin     city      own      read-draft=* edit=* read=* share=* endorse=*
        city-admin     city-b    -
        city-admin     city      deputy:city-admin read=+ review=eia share=eia
        teacher        city      deputy:city-admin read=+ review=eia
        province-admin province  -        read=+ review=+ share=+
        province-admin province  own      read-draft=* edit=* read=* share=* endorse=*
        teacher        province  deputy:province-admin read=+ review=+
        expert         city      -
        expert         city      asked    read=+ advise=+
        expert         school    asked    read=+ advise=+
        patroller      school    -
        patroller      school    own
    ";

    const LETTERS: &str = "dseiarmpwx";
    const STATES: [State; 10] = [
        State::Draft,
        State::Submitted,
        State::Endorsed,
        State::InReview,
        State::Accepted,
        State::Returned,
        State::Merged,
        State::Published,
        State::Withdrawn,
        State::Rejected,
    ];
    /// Actions on a submission; the others are on units and stand in the table of [`super::super::policy`].
    const ACTIONS: [Action; 7] = [
        Action::ReadDraft,
        Action::Edit,
        Action::Read,
        Action::Endorse,
        Action::Review,
        Action::Share,
        Action::Advise,
    ];

    /// Somebody as a line of the table names them, and the owner of what they ask about.
    fn asker(role: Role, unit: &'static str, standing: &str) -> (Asker<'static>, &'static str) {
        let own = person("asker", role, unit);
        let principal = standing.rsplit_once(':').map(|(_, name)| {
            let role = Role::from_name(name).unwrap();
            let unit = match role {
                Role::CityAdmin => "city",
                Role::ProvinceAdmin => "province",
                _ => "school",
            };
            person("principal", role, unit)
        });
        let is_own = standing == "own" || standing.starts_with("owning");
        let asker = Asker {
            own,
            principals: principal.into_iter().collect(),
            is_asked: standing == "asked",
        };
        (asker, if is_own { "asker" } else { "author" })
    }

    #[test]
    fn every_role_standing_action_and_state_is_as_in_the_table() {
        let (units, mut checked) = (units(), 0);
        for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let role = words.next().and_then(Role::from_name).expect("a role");
            let unit = units
                .get(words.next().unwrap())
                .map(|unit| unit.id.clone())
                .unwrap();
            let (asker, owner) = asker(role, unit.leak(), words.next().unwrap());
            let allowed: BTreeMap<&str, &str> = words.map(|word| word.split_once('=').unwrap()).collect();
            for action in ACTIONS {
                let letters = allowed.get(action.name()).copied().unwrap_or_default();
                for (state, letter) in STATES.into_iter().zip(LETTERS.chars()) {
                    let is_draft = state == State::Draft;
                    let expected = letters == "*" || letters == "+" && !is_draft || letters.contains(letter);
                    let found = asker.may(action, subject(owner, state), &units);
                    assert_eq!(found, expected, "{line}: {action:?} {state:?}");
                    checked += 1;
                }
            }
        }
        assert_eq!(checked, 25 * ACTIONS.len() * STATES.len());
    }

    #[test]
    fn a_deputys_right_is_that_of_the_admin() {
        let (units, state) = (units(), State::Submitted);
        let (deputy, owner) = asker(Role::Teacher, "school", "deputy:school-admin");
        let right = deputy.right(Action::Endorse, subject(owner, state), &units);
        assert!(matches!(right, Some(Right::InPlaceOf(admin)) if admin.id == "principal"));
        let (admin, owner) = asker(Role::SchoolAdmin, "school", "deputy:school-admin");
        let right = admin.right(Action::Endorse, subject(owner, state), &units);
        assert_eq!(right, Some(Right::Own), "one's own right comes first");
    }

    /// What can be done, by who and state; what is not named cannot.
    const PERMISSIONS: &str = "
        teacher school own draft: edit withdraw share
        teacher school own submitted: withdraw mend comment share
        teacher school own returned: edit withdraw mend comment share
        teacher school own accepted: mend comment share
        teacher school own published:
        school-admin school - submitted: endorse send_back settle comment
        school-admin school - endorsed: comment
        school-admin school own submitted: endorse send_back settle withdraw mend comment share
        city-admin city - submitted: comment
        city-admin city - endorsed: send_back take accept reject assign assess settle comment share
        city-admin city - in-review: send_back accept reject assign assess settle comment share
        city-admin city - accepted: comment share
        city-admin city - rejected:
        county-admin county - in-review: comment
        expert city asked in-review: advise comment
        patroller school - in-review:
    ";

    #[test]
    fn permissions_follow_right_and_state() {
        let units = units();
        for line in PERMISSIONS.lines().filter(|line| !line.trim().is_empty()) {
            let (who, names) = line.split_once(':').unwrap();
            let words: Vec<&str> = who.split_whitespace().collect();
            let role = Role::from_name(words[0]).unwrap();
            let unit = units.get(words[1]).unwrap().id.clone();
            let (asker, owner) = asker(role, unit.leak(), words[2]);
            let state = State::from_name(words[3]).unwrap();
            let found = serde_json::to_value(asker.permissions(subject(owner, state), &units)).unwrap();
            for (name, value) in found.as_object().unwrap() {
                let expected = names.split_whitespace().any(|known| known == name);
                assert_eq!(value, expected, "{line}: {name}");
            }
        }
    }

    #[test]
    fn who_can_be_given_asked_and_named() {
        let (units, subject) = (units(), subject("author", State::InReview));
        let given = [
            (person("x", Role::CityAdmin, "city"), true),
            (person("author", Role::CityAdmin, "city"), false),
            (person("x", Role::CityAdmin, "city-b"), false),
            (person("x", Role::Teacher, "city"), false),
            (person("x", Role::SchoolAdmin, "school"), false),
        ];
        for (person, expected) in given {
            assert_eq!(can_be_given(person, subject, &units), expected, "{person:?}");
        }
        let asked = [
            (person("x", Role::Expert, "city"), true),
            (person("x", Role::Expert, "school"), true),
            (person("author", Role::Expert, "city"), false),
            (person("x", Role::Expert, "province"), false),
            (person("x", Role::CityAdmin, "city"), false),
        ];
        for (person, expected) in asked {
            assert_eq!(can_be_asked(person, subject, &units), expected, "{person:?}");
        }
        let admin = person("admin", Role::SchoolAdmin, "school");
        let named = [
            (person("x", Role::Teacher, "school"), true),
            (admin, false),
            (person("x", Role::CountyAdmin, "county"), true),
            (person("x", Role::CityAdmin, "city"), false),
            (person("x", Role::Teacher, "county"), false),
        ];
        for (person, expected) in named {
            assert_eq!(can_be_deputy(person, admin, &units), expected, "{person:?}");
        }
    }

    #[test]
    fn every_step_of_a_person_needs_a_right() {
        use Action::{Edit, Endorse, Review};
        let cases = [
            (Step::Submit { is_endorsed: false }, State::Draft, Some(Edit)),
            (Step::Withdraw, State::InReview, Some(Edit)),
            (Step::Endorse, State::Submitted, Some(Endorse)),
            (Step::Return, State::Submitted, Some(Endorse)),
            (Step::Return, State::InReview, Some(Review)),
            (Step::Assign, State::Endorsed, Some(Review)),
            (Step::Merge, State::Accepted, None),
        ];
        for (step, state, expected) in cases {
            assert_eq!(needed(step, state), expected, "{step:?} {state:?}");
        }
    }
}

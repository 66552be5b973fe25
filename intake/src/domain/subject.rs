//! Who asks, and what they ask about: what every rule about submissions depends on.

use super::role::Role;
use super::routing::Turn;
use super::submission::State;

/// What rights depend on of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a> {
    /// The account's id.
    pub id: &'a str,
    /// Its holder's name.
    pub name: &'a str,
    /// Its role.
    pub role: Role,
    /// Its unit.
    pub unit: &'a str,
}

/// What rights depend on of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The account that made it.
    pub owner: &'a str,
    /// The unit that it is of.
    pub unit: &'a str,
    /// The unit whose turn it is, when it is somebody's.
    pub holder: Option<&'a str>,
    /// Where it is.
    pub state: State,
    /// Whether it was ever handed in.
    pub was_submitted: bool,
    /// What the holder can do with it.
    pub turn: Turn,
    /// Who has had a part in it.
    pub involved: &'a Involved,
    /// Whether a deputy decides on what the admin whose deputy they are handed in: at the root, where the site says so.
    pub second_is_deputy: bool,
}

impl Subject<'_> {
    /// Whether it waits for a unit.
    pub fn is_turn_of(&self, unit: &str) -> bool {
        self.holder == Some(unit)
    }
}

/// Who has had a part in a submission.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Involved {
    /// The authors that its fields name.
    pub authors: Vec<Author>,
    /// The accounts that endorsed it or passed it on.
    pub decided: Vec<String>,
    /// Whether nobody of its unit has a part in deciding.
    pub recuses_own_unit: bool,
}

/// An author as the fields name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name.
    pub name: String,
    /// The unit, where they are named by an entry of their own. A name alone may be anybody's.
    pub unit: Option<String>,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) static NOBODY: Involved = Involved {
        authors: Vec::new(),
        decided: Vec::new(),
        recuses_own_unit: false,
    };

    /// The unit whose turn it is in each state, for what the school submits: the city reviews, the county only looks on.
    fn holder(state: State) -> Option<&'static str> {
        match state {
            State::Submitted => Some("school"),
            State::Endorsed | State::InReview | State::Accepted => Some("city"),
            _ => None,
        }
    }

    /// What a unit submitted, the city alone to decide on it.
    pub(crate) fn subject_of<'a>(
        owner: &'a str,
        unit: &'a str,
        state: State,
        involved: &'a Involved,
    ) -> Subject<'a> {
        Subject {
            owner,
            unit,
            holder: holder(state),
            state,
            was_submitted: state != State::Draft,
            turn: Turn::Publishes,
            involved,
            second_is_deputy: false,
        }
    }
}

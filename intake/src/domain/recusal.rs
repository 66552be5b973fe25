//! Who keeps out of a decision (回避): nobody decides on what they wrote or co-wrote, nor twice on the same; nor on what is
//! of their own unit, where the chain says so. One rule for reviewers, experts and deputies.

use super::subject::{Author, Person, Subject};
use super::units::Tree;

/// Why somebody keeps out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// They handed it in.
    Owner,
    /// Somebody of their name is among the authors.
    Author,
    /// They endorsed it or passed it on.
    Decided,
    /// It is of their unit.
    OwnUnit,
}

impl Ground {
    /// The key of the sentence that says it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Owner => "recusal.owner",
            Self::Author => "recusal.author",
            Self::Decided => "recusal.decided",
            Self::OwnUnit => "recusal.own-unit",
        }
    }
}

/// Why somebody keeps out of deciding on a submission and of advising on it. Returns `None` if nothing speaks against it.
///
/// At the root, above which there is nobody, the second person both endorses and decides, and the unit is no ground.
pub fn ground(who: Person<'_>, subject: Subject<'_>, units: &Tree) -> Option<Ground> {
    let involved = subject.involved;
    let is_roots = units.get(subject.unit).is_some_and(|unit| unit.parent.is_none());
    let wrote = |author: &Author| {
        author.name == who.name && author.unit.as_deref().is_none_or(|unit| unit == who.unit)
    };
    if who.id == subject.owner {
        Some(Ground::Owner)
    } else if involved.authors.iter().any(wrote) {
        Some(Ground::Author)
    } else if !is_roots && involved.decided.iter().any(|id| id == who.id) {
        Some(Ground::Decided)
    } else if !is_roots && involved.recuses_own_unit && who.unit == subject.unit {
        Some(Ground::OwnUnit)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::Role;
    use super::super::subject::Involved;
    use super::super::subject::tests::subject_of;
    use super::super::submission::State;
    use super::super::units::tests::tree;
    use super::*;

    #[test]
    fn whoever_had_a_part_keeps_out_of_it() {
        let involved = |authors: &[(&str, Option<&str>)], decided: &[&str], recuses_own_unit| Involved {
            authors: authors
                .iter()
                .map(|(name, unit)| Author {
                    name: (*name).to_owned(),
                    unit: unit.map(str::to_owned),
                })
                .collect(),
            decided: decided.iter().map(|id| (*id).to_owned()).collect(),
            recuses_own_unit,
        };
        let cases = [
            // The person's id, name and unit; the submission's unit; who has had a part; the ground.
            (("a", "甲", "c"), "s", involved(&[], &[], true), None),
            (
                ("owner", "甲", "s"),
                "s",
                involved(&[], &[], false),
                Some(Ground::Owner),
            ),
            (
                ("a", "甲", "c"),
                "s",
                involved(&[("甲", None)], &[], false),
                Some(Ground::Author),
            ),
            (
                ("a", "甲", "c"),
                "s",
                involved(&[("甲", Some("c"))], &[], false),
                Some(Ground::Author),
            ),
            (
                ("a", "甲", "c"),
                "s",
                involved(&[("甲", Some("s"))], &[], false),
                None,
            ),
            (
                ("a", "甲", "c"),
                "s",
                involved(&[("甲乙", None)], &[], false),
                None,
            ),
            (
                ("a", "甲", "c"),
                "s",
                involved(&[], &["b", "a"], false),
                Some(Ground::Decided),
            ),
            (
                ("a", "甲", "s"),
                "s",
                involved(&[], &[], true),
                Some(Ground::OwnUnit),
            ),
            (("a", "甲", "s"), "s", involved(&[], &[], false), None),
            // The root: endorsing and deciding are one person's, but never the author's.
            (("a", "甲", "p"), "p", involved(&[], &["a"], true), None),
            (
                ("a", "甲", "p"),
                "p",
                involved(&[("甲", None)], &[], false),
                Some(Ground::Author),
            ),
        ];
        for ((id, name, unit), of, involved, expected) in cases {
            let who = Person {
                id,
                name,
                role: Role::CityAdmin,
                unit,
            };
            let subject = subject_of("owner", of, State::InReview, &involved);
            assert_eq!(
                ground(who, subject, &tree()),
                expected,
                "{id} {name} {unit}: {involved:?}"
            );
        }
    }
}

//! States of a submission and the steps between them.
//!
//! A step gives the new state and the word for the audit log, or says why it cannot be taken now. Whoever calls stores
//! the state, the audit event and the jobs that follow in one transaction.

use std::fmt;

use serde::Serialize;

use super::names::named;

named! {
    /// Where a submission is. In the order of its life.
    State("state of a submission") {
        /// The author works on it; nobody else sees it.
        Draft = "draft",
        /// Waits for the author's unit.
        Submitted = "submitted",
        /// The unit stands for it; waits for the reviewing unit.
        Endorsed = "endorsed",
        /// A reviewer has taken it up.
        InReview = "in-review",
        /// Back with the author, with reasons.
        Returned = "returned",
        /// A reviewer said yes; the merge is under way.
        Accepted = "accepted",
        /// In the published branch; the portal is being rebuilt.
        Merged = "merged",
        /// On the portal.
        Published = "published",
        /// Given up by its author.
        Withdrawn = "withdrawn",
        /// Turned down.
        Rejected = "rejected",
    }
}

named! {
    /// What a submission is for.
    Purpose("purpose of a submission") {
        /// A new entry.
        New = "new",
        /// A change of a published one.
        Edit = "edit",
        /// To take a published one down.
        Takedown = "takedown",
    }
}

/// What somebody or a job does with a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The author hands it in. `is_endorsed`: the unit has endorsed this very content before.
    Submit {
        /// Whether the unit's endorsement still holds.
        is_endorsed: bool,
    },
    /// The author's unit stands for it.
    Endorse,
    /// A reviewer takes it up.
    Take,
    /// A reviewer gives it to a colleague.
    Assign,
    /// The unit whose turn it was says yes, and the next one has it.
    Pass,
    /// The unit or the reviewer gives it back.
    Return,
    /// The reviewer turns it down.
    Reject,
    /// The reviewer says yes.
    Accept,
    /// The merge found another edit in the way; the author mends.
    Conflict,
    /// The merge is in the published branch.
    Merge,
    /// The portal shows it.
    Publish,
    /// The author gives it up.
    Withdraw,
}

/// What somebody decides on: which content, and in which round of its way through the office. Forms carry it as their page
/// showed it: `CONTENT.ROUND`, or `CONTENT` where it does not matter who has it meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version {
    /// Counts submissions of the content, from 1; 0 for a draft that was never handed in.
    pub content: i64,
    /// Counts steps: whatever is done to a submission begins another round.
    pub round: Option<i64>,
}

impl Version {
    /// The version that a form names. Returns `None` if it names none.
    pub fn parse(text: &str) -> Option<Self> {
        let (content, round) = match text.trim().split_once('.') {
            Some((content, round)) => (content, Some(round.parse().ok()?)),
            None => (text.trim(), None),
        };
        Some(Self {
            content: content.parse().ok()?,
            round,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.round {
            Some(round) => write!(formatter, "{}.{round}", self.content),
            None => write!(formatter, "{}", self.content),
        }
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A state cannot take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Illegal;

impl State {
    /// Whether the author may change it.
    pub fn is_open_to_author(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// Whether nothing more can happen to it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Published | Self::Withdrawn | Self::Rejected)
    }

    /// The state after a step.
    ///
    /// # Errors
    /// When the step cannot be taken from here.
    pub fn after(self, step: Step) -> Result<Self, Illegal> {
        use State::{
            Accepted, Draft, Endorsed, InReview, Merged, Published, Rejected, Returned, Submitted, Withdrawn,
        };
        Ok(match (self, step) {
            (Draft | Returned, Step::Submit { is_endorsed: false }) => Submitted,
            (Draft | Returned, Step::Submit { is_endorsed: true }) | (Submitted, Step::Endorse) => Endorsed,
            (Endorsed, Step::Take) | (Endorsed | InReview, Step::Assign) => InReview,
            (Endorsed | InReview, Step::Pass) => Endorsed,
            (Submitted | Endorsed | InReview, Step::Return) | (Accepted, Step::Conflict) => Returned,
            (Endorsed | InReview, Step::Reject) => Rejected,
            (Endorsed | InReview, Step::Accept) => Accepted,
            (Accepted, Step::Merge) => Merged,
            (Merged, Step::Publish) => Published,
            (Draft | Submitted | Endorsed | InReview | Returned, Step::Withdraw) => Withdrawn,
            _ => return Err(Illegal),
        })
    }
}

impl Step {
    /// Whether a word of the audit log begins another round: the names of the steps, and what changes who has a submission
    /// when an account is closed.
    pub fn begins_round(word: &str) -> bool {
        matches!(
            word,
            "submit"
                | "endorse"
                | "take"
                | "assign"
                | "pass"
                | "return"
                | "reject"
                | "accept"
                | "conflict"
                | "merge"
                | "publish"
                | "withdraw"
                | "release"
                | "hand-over"
        )
    }

    /// Its name in the audit log and among the interface texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submit { .. } => "submit",
            Self::Endorse => "endorse",
            Self::Take => "take",
            Self::Assign => "assign",
            Self::Pass => "pass",
            Self::Return => "return",
            Self::Reject => "reject",
            Self::Accept => "accept",
            Self::Conflict => "conflict",
            Self::Merge => "merge",
            Self::Publish => "publish",
            Self::Withdraw => "withdraw",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 13] = [
        Step::Submit { is_endorsed: false },
        Step::Submit { is_endorsed: true },
        Step::Endorse,
        Step::Take,
        Step::Assign,
        Step::Pass,
        Step::Return,
        Step::Reject,
        Step::Accept,
        Step::Conflict,
        Step::Merge,
        Step::Publish,
        Step::Withdraw,
    ];

    /// A line a state: where each step of [`STEPS`] leads, `-` for nowhere.
    const TABLE: &str = "
        draft     submitted endorsed - - - - - - - - - - withdrawn
        submitted - - endorsed - - - returned - - - - - withdrawn
        endorsed  - - - in-review in-review endorsed returned rejected accepted - - - withdrawn
        in-review - - - - in-review endorsed returned rejected accepted - - - withdrawn
        returned  submitted endorsed - - - - - - - - - - withdrawn
        accepted  - - - - - - - - - returned merged - -
        merged    - - - - - - - - - - - published -
        published - - - - - - - - - - - - -
        withdrawn - - - - - - - - - - - - -
        rejected  - - - - - - - - - - - - -
    ";

    #[test]
    fn a_version_is_read_as_it_is_written() {
        for round in [Some(7), None] {
            let version = Version { content: 2, round };
            assert_eq!(Version::parse(&version.to_string()), Some(version));
        }
        for text in ["", "x", "2.", ".7", "a.b", "2.7.1", "２.７"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_state_and_step_is_as_in_the_table() {
        let mut states = 0;
        for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let state = words.next().and_then(State::from_name).expect("a state");
            for (step, word) in STEPS.iter().zip(words) {
                assert_eq!(
                    state.after(*step).ok(),
                    State::from_name(word),
                    "{state:?} {step:?}"
                );
            }
            states += 1;
        }
        assert!(STEPS.iter().all(|step| Step::begins_round(step.name())));
        assert_eq!(states, State::ALL.len());
    }
}

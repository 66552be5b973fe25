//! States of a submission and the steps between them.
//!
//! A step gives the new state and the word for the audit log, or says why it cannot be taken now. Whoever calls stores
//! the state, the audit event and the jobs that follow in one transaction.

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
            (Endorsed, Step::Take) => InReview,
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
    /// Its name in the audit log and among the interface texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submit { .. } => "submit",
            Self::Endorse => "endorse",
            Self::Take => "take",
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

    const STEPS: [Step; 11] = [
        Step::Submit { is_endorsed: false },
        Step::Submit { is_endorsed: true },
        Step::Endorse,
        Step::Take,
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
        draft     submitted endorsed - - - - - - - - withdrawn
        submitted - - endorsed - returned - - - - - withdrawn
        endorsed  - - - in-review returned rejected accepted - - - withdrawn
        in-review - - - - returned rejected accepted - - - withdrawn
        returned  submitted endorsed - - - - - - - - withdrawn
        accepted  - - - - - - - returned merged - -
        merged    - - - - - - - - - published -
        published - - - - - - - - - - -
        withdrawn - - - - - - - - - - -
        rejected  - - - - - - - - - - -
    ";

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
        assert_eq!(states, State::ALL.len());
    }
}

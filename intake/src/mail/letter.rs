//! What mail says.

use crate::domain::names::named;
use crate::texts::Texts;

named! {
    /// What a mail tells of.
    Kind("kind of mail") {
        /// An account was made: a link that opens it.
        Invitation = "invitation",
        /// A link that sets a new password.
        Reset = "reset",
        /// The author's unit stands for a submission.
        Endorsed = "endorsed",
        /// A submission is back with its author, with reasons.
        Returned = "returned",
        /// A reviewer said yes.
        Accepted = "accepted",
        /// It is on the portal.
        Published = "published",
        /// It was turned down, with reasons.
        Rejected = "rejected",
        /// Something new waits for a unit.
        Work = "work",
        /// What waits for a unit is due, or overdue.
        Reminder = "reminder",
        /// What waits for a unit, once a day.
        Digest = "digest",
        /// A published entry is left out of the portal, with reasons.
        SetAside = "set-aside",
        /// A published entry is without some of its files, with reasons.
        Damaged = "damaged",
        /// Entries of a unit were taken down, with reasons.
        TakenDown = "taken-down",
        /// Somebody else found a takedown right.
        TakedownConfirmed = "takedown-confirmed",
        /// An entry is public again by somebody's decision.
        TakedownLifted = "takedown-lifted",
        /// Entries are public again since nobody confirmed in time.
        TakedownLapsed = "takedown-lapsed",
        /// The time to confirm a takedown is nearly over.
        TakedownDue = "takedown-due",
        /// An expert is asked for an opinion.
        Asked = "asked",
        /// Something was said about a submission, or answered.
        Remark = "remark",
        /// Something published was recommended to the unit.
        Recommended = "recommended",
        /// The time to answer a recommendation is nearly over.
        RecommendationDue = "recommendation-due",
        /// The unit above took what was recommended.
        RecommendationTaken = "recommendation-taken",
        /// It said why not.
        RecommendationDeclined = "recommendation-declined",
    }
}

/// What a mail or a notice is about; its subject is the id, but for an entry, whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The recipient's own account.
    Account,
    /// What waits for the recipient's unit.
    Queue,
    /// A published entry.
    Entry,
    /// An order to take something down.
    Takedown,
    /// A recommendation to the unit above.
    Recommendation,
    /// A submission.
    Submission,
}

impl Kind {
    /// What it is about.
    pub fn about(self) -> About {
        match self {
            Self::Invitation | Self::Reset => About::Account,
            Self::Digest => About::Queue,
            Self::SetAside | Self::Damaged => About::Entry,
            Self::TakenDown
            | Self::TakedownConfirmed
            | Self::TakedownLifted
            | Self::TakedownLapsed
            | Self::TakedownDue => About::Takedown,
            Self::Recommended
            | Self::RecommendationDue
            | Self::RecommendationTaken
            | Self::RecommendationDeclined => About::Recommendation,
            _ => About::Submission,
        }
    }

    /// What an author is told of a submission in this state. Returns `None` for most.
    pub fn of_state(state: crate::domain::submission::State) -> Option<Self> {
        use crate::domain::submission::State;
        match state {
            State::Endorsed => Some(Self::Endorsed),
            State::Returned => Some(Self::Returned),
            State::Accepted => Some(Self::Accepted),
            State::Published => Some(Self::Published),
            State::Rejected => Some(Self::Rejected),
            _ => None,
        }
    }
}

/// What is filled into the texts.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Values {
    pub site: String,
    /// Whom it is to.
    pub name: String,
    pub login: String,
    pub title: String,
    pub unit: String,
    /// Whole address of the page that it is about.
    pub link: String,
    /// When the link ends, as people write it.
    pub until: String,
    /// Reasons, or the list of a digest.
    pub detail: String,
}

/// A mail before it has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Makes a mail of a kind.
pub fn letter(texts: &Texts, kind: Kind, values: &Values) -> Letter {
    let arguments = [
        ("site", &*values.site),
        ("link", &values.link),
        ("until", &values.until),
        ("login", &values.login),
        ("unit", &values.unit),
        ("name", &values.name),
        ("title", &values.title),
        // Last: what people typed is not looked through for places to fill.
        ("detail", &values.detail),
    ];
    let subject = texts.fill(&format!("mail.{}-subject", kind.name()), &arguments);
    let text = texts.fill(&format!("mail.{}", kind.name()), &arguments);
    let foot = texts.fill("mail.foot", &arguments[..1]);
    Letter {
        // A line break within a header would begin another one.
        subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
        text: format!("{}\n\n-- \n{}\n", text.trim(), foot.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_texts_and_leaves_no_place_empty() {
        let texts = Texts::chinese();
        let word = "词".to_owned();
        let values = Values {
            site: word.clone(),
            name: word.clone(),
            login: word.clone(),
            title: word.clone(),
            unit: word.clone(),
            link: word.clone(),
            until: word.clone(),
            detail: word,
        };
        for kind in Kind::ALL.iter().copied() {
            let made = letter(&texts, kind, &values);
            for text in [&made.subject, &made.text] {
                assert!(
                    !text.contains(['{', '}']) && !text.contains("mail."),
                    "{kind:?}: {text}"
                );
            }
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
    }

    #[test]
    fn a_title_cannot_add_a_header_and_reasons_stay_as_they_are() {
        let values = Values {
            title: "一\r\nBcc: x@example.org".to_owned(),
            detail: "见 {link}".to_owned(),
            link: "https://a".to_owned(),
            ..Values::default()
        };
        let made = letter(&Texts::chinese(), Kind::Returned, &values);
        assert!(!made.subject.contains(['\r', '\n']), "{}", made.subject);
        assert!(made.text.contains("见 {link}"), "{}", made.text);
    }
}

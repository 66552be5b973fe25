//! `[review]`: who decides on what is submitted, in which order, and how soon. No output depends on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checklist::CheckItem;
use crate::content::{Kind, Level};

/// `[review]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Review {
    /// Working days after which a submission that waits for somebody is marked as overdue, where its chain says nothing.
    pub overdue_days: u32,
    /// Kinds that teachers submit; without it, those that say so. Admins of units submit all.
    pub teachers: Option<Vec<String>>,
    /// Chains by name, as the site sets them; [`Review::chain`] knows those that it does not.
    pub chains: BTreeMap<String, ReviewChain>,
    /// What reviewers tick off, by kind.
    pub checklists: BTreeMap<String, Vec<CheckItem>>,
    /// By kind the id of the rubric by which reviewers score instead of the kind's own; empty for none.
    pub rubrics: BTreeMap<String, String>,
    /// Holidays and worked weekends by year, instead of those that come with the program.
    pub working_days: BTreeMap<u16, WorkingDays>,
    /// Who decides on what the root of the tree of units submits.
    pub root: RootReview,
}

impl Default for Review {
    fn default() -> Self {
        Self {
            overdue_days: 5,
            teachers: None,
            chains: BTreeMap::new(),
            checklists: BTreeMap::new(),
            rubrics: BTreeMap::new(),
            working_days: BTreeMap::new(),
            root: RootReview::default(),
        }
    }
}

impl Review {
    /// The chain that a kind's submissions go through: the one that claims the kind, else what the settings say of the
    /// one that the kind names, else what is usual.
    pub fn chain(&self, kind: &Kind) -> ReviewChain {
        let claims = |chain: &&ReviewChain| chain.kinds.contains(&kind.id);
        let name = kind.review.chain.as_str();
        let claimed = self.chains.values().find(claims);
        let of_settings = claimed.or_else(|| self.chains.get(name)).cloned();
        of_settings.unwrap_or_else(|| match name {
            // Journals, selections and the directory of platforms are the work of those who run the portal.
            "publisher" => ReviewChain {
                steps: vec![ReviewStep {
                    level: Level::Province,
                    part: Part::Always,
                }],
                ..ReviewChain::default()
            },
            _ => ReviewChain::default(),
        })
    }

    /// Id of the rubric by which a kind's submissions are scored: what the settings say, else the kind's own.
    pub fn rubric<'a>(&'a self, kind: &'a Kind) -> Option<&'a str> {
        let id = self.rubrics.get(&kind.id).unwrap_or(&kind.review.rubric);
        Some(id.as_str()).filter(|id| !id.is_empty())
    }
}

/// `[review.chains.NAME]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewChain {
    /// Who has it, one after another, once the submitting unit has endorsed it.
    pub steps: Vec<ReviewStep>,
    /// Other steps for some values of a field. The first that fits counts.
    pub cases: Vec<ReviewCase>,
    /// Kinds that go through this chain, whichever they name themselves.
    pub kinds: Vec<String>,
    /// Working days by level of the unit that has it.
    pub days: BTreeMap<Level, u32>,
    /// Whether nobody of the submitting unit has a part in deciding, as an expert or otherwise. What the root itself submits
    /// another person of the root decides all the same: there is nobody above.
    pub recuse_own_unit: bool,
}

impl Default for ReviewChain {
    fn default() -> Self {
        let step = |level, part| ReviewStep { level, part };
        Self {
            steps: vec![
                step(Level::County, Part::Opinion),
                step(Level::City, Part::Decision),
            ],
            cases: Vec::new(),
            kinds: Vec::new(),
            days: BTreeMap::new(),
            recuse_own_unit: false,
        }
    }
}

/// Steps for some values of a field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewCase {
    /// The field.
    pub field: String,
    /// Its values.
    pub values: Vec<String>,
    /// The steps instead of the chain's.
    pub steps: Vec<ReviewStep>,
}

/// A step of a chain: `county?`, `city` or `province!`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReviewStep {
    /// The level of the unit, which is the nearest such above the submitting one.
    pub level: Level,
    /// What it does.
    pub part: Part,
}

/// What a unit does in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `?`: passes it on with an opinion, or gives it back. Where there is no such unit the step is left out.
    Opinion,
    /// Decides. Where there is no such unit the step is left out.
    Decision,
    /// `!`: decides; the root does where there is no such unit.
    Always,
}

impl TryFrom<String> for ReviewStep {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (name, part) = match (text.strip_suffix('?'), text.strip_suffix('!')) {
            (Some(name), _) => (name, Part::Opinion),
            (_, Some(name)) => (name, Part::Always),
            _ => (text.as_str(), Part::Decision),
        };
        match Level::ABOVE.iter().find(|level| level.name() == name) {
            Some(level) => Ok(Self { level: *level, part }),
            None => Err(format!(
                "`{text}`: expected province, city or county, with ? behind it for an opinion, with ! for a decision \
                 that is never left out"
            )),
        }
    }
}

impl From<ReviewStep> for String {
    fn from(step: ReviewStep) -> Self {
        let mark = match step.part {
            Part::Opinion => "?",
            Part::Decision => "",
            Part::Always => "!",
        };
        format!("{}{mark}", step.level.name())
    }
}

/// `[review.working_days.YEAR]`: days as `MM-DD`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkingDays {
    /// Days off that are no weekend.
    pub off: Vec<String>,
    /// Weekends on which one works.
    pub work: Vec<String>,
}

/// `[review.root]`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct RootReview {
    /// Who is the second person.
    pub second: Second,
}

/// Who decides on what somebody of the root submitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Second {
    /// Another of its admins.
    #[default]
    Admin,
    /// That, or whoever is the deputy of one of its admins, also for what that admin submitted.
    Deputy,
}

//! What a reviewer ticked, scored and noted about one version.

use std::collections::BTreeMap;

use jixia::config::CheckItem;

use super::actor::Actor;
use super::submission::{find_for, must_say};
use super::{Error, Kind};
use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::rubric;
use crate::domain::submission::Version;
use crate::domain::typed;
use crate::portal::Snapshot;
use crate::store::{Assessment, Submission};

/// Most characters of a note.
const LONGEST_NOTE: usize = 4000;

/// A sheet as a reviewer filled it in.
#[derive(Debug, Clone, Copy)]
pub struct Filled<'a> {
    /// Ids of what was ticked.
    pub ticked: &'a [&'a str],
    /// Points as they were typed, by place in the rubric.
    pub scores: &'a BTreeMap<&'a str, &'a str>,
    /// What was noted.
    pub note: &'a str,
}

/// What is to be ticked of submissions of a kind.
pub fn checklist<'s>(snapshot: &'s Snapshot, submission: &Submission) -> &'s [CheckItem] {
    let checklists = &snapshot.config().review.checklists;
    checklists.get(&submission.kind).map_or(&[], Vec::as_slice)
}

/// Keeps what a reviewer found about the version that they saw.
///
/// # Errors
/// [`Kind::Outdated`]; [`Kind::NotNow`] when it is decided on; points that the rubric does not give.
pub async fn assess(
    app: &App,
    actor: &Actor,
    id: &str,
    expected: Option<Version>,
    filled: Filled<'_>,
) -> Result<(), Error> {
    find_for(app, actor, id, Action::Review).await?;
    let mut change = app.store.change().await?;
    let submission = change.submission(id).await?.ok_or(Kind::NotFound)?;
    must_say(&submission, expected)?;
    if !actor.permissions(app, &submission).assess {
        return Err(Kind::NotNow.into());
    }
    let snapshot = app.portal.snapshot();
    let known = checklist(&snapshot, &submission).iter();
    let known = known.map(|item| item.id.as_str());
    let ticked: Vec<&str> = known.filter(|id| filled.ticked.contains(id)).collect();
    let assessment = Assessment {
        submission: id.to_owned(),
        reviewer: actor.account.id.clone(),
        version: submission.version,
        ticked: serde_json::to_string(&ticked)?,
        scores: serde_json::to_string(&scores(&snapshot, &submission, filled.scores)?)?,
        note: typed::filled(filled.note).map(|note| note.chars().take(LONGEST_NOTE).collect()),
        updated_at: clock::now(),
    };
    change.put_assessment(&assessment).await?;
    change
        .record(&actor.event("assess", &submission.subject(), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Points in tenths by place in the rubric; all that are wrong are named together.
fn scores(
    snapshot: &Snapshot,
    submission: &Submission,
    typed: &BTreeMap<&str, &str>,
) -> Result<BTreeMap<String, u32>, Error> {
    let (mut scores, mut wrong) = (BTreeMap::new(), Vec::new());
    let Some(rubric) = snapshot.rubric(&submission.kind) else {
        return Ok(scores);
    };
    for (place, item) in rubric.items() {
        let typed = typed.get(place.as_str()).copied().unwrap_or_default().trim();
        if typed.is_empty() {
            continue;
        }
        match rubric::tenths(typed, item.points) {
            Some(score) => drop(scores.insert(place, score)),
            None => wrong.push(format!("{}：{typed}（0–{}）", item.name, item.points)),
        }
    }
    if wrong.is_empty() {
        Ok(scores)
    } else {
        Err(Error::invalid("wrong.score").hint(wrong))
    }
}

/// Refuses unless the actor ticked what must be ticked about this version, and scored nothing that fails the whole.
///
/// # Errors
/// What is not ticked, or what was vetoed.
pub async fn must_allow(app: &App, actor: &Actor, submission: &Submission) -> Result<(), Error> {
    let snapshot = app.portal.snapshot();
    let known = app.store.assessments(&submission.id).await?;
    let mine = known.into_iter().find(|assessment| {
        assessment.reviewer == actor.account.id && assessment.version == submission.version
    });
    let mine = mine.unwrap_or_default();
    let ticked = mine.ticked();
    let required = checklist(&snapshot, submission).iter();
    let missing = required.filter(|item| item.required && !ticked.contains(&item.id));
    let missing: Vec<String> = missing.map(|item| item.text.clone()).collect();
    if !missing.is_empty() {
        return Err(Error::invalid("wrong.checklist").hint(missing));
    }
    match snapshot.rubric(&submission.kind) {
        Some(rubric) => match rubric::result(rubric, &mine.scores()).vetoed {
            vetoed if vetoed.is_empty() => Ok(()),
            vetoed => Err(Error::invalid("wrong.vetoed").hint(vetoed)),
        },
        None => Ok(()),
    }
}

//! Submissions as services look them up, and what they may be decided on and begun with.

use super::actor::Actor;
use super::{Error, Kind};
use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::submission::{Purpose, State, Version};
use crate::store::{Account, Submission};
use crate::{clock, ids};

/// Who takes a step.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Somebody who is signed in.
    Actor(&'a Actor),
    /// The server itself, when a merge or a rebuild is done.
    Server,
}

impl<'a> By<'a> {
    /// The account. Returns `None` for the server itself.
    pub fn account(self) -> Option<&'a str> {
        match self {
            Self::Actor(actor) => Some(&actor.account.id),
            Self::Server => None,
        }
    }
}

/// The submission of an id.
///
/// # Errors
/// [`Kind::NotFound`] when there is none.
pub async fn find(app: &App, id: &str) -> Result<Submission, Error> {
    let found = app.store.submission(id).await?;
    found.ok_or_else(|| Kind::NotFound.into())
}

/// The submission of an id, if the actor may do something with it.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`].
pub async fn find_for(app: &App, actor: &Actor, id: &str, action: Action) -> Result<Submission, Error> {
    let submission = find(app, id).await?;
    actor.must(app, action, &submission).await?;
    Ok(submission)
}

/// Refuses what was decided on another version than the current one.
///
/// # Errors
/// [`Kind::Outdated`].
pub fn must_be(submission: &Submission, expected: Option<Version>) -> Result<(), Error> {
    let is_current = |version: Version| {
        version.content == submission.version && version.round.is_none_or(|round| round == submission.round)
    };
    match expected {
        Some(version) if is_current(version) => Ok(()),
        _ => Err(Kind::Outdated.into()),
    }
}

/// Refuses what was said about another content than the current one. Who has it meanwhile does not matter to it.
///
/// # Errors
/// [`Kind::Outdated`].
pub fn must_say(submission: &Submission, expected: Option<Version>) -> Result<(), Error> {
    match expected {
        Some(version) if version.content == submission.version => Ok(()),
        _ => Err(Kind::Outdated.into()),
    }
}

/// A submission of nothing yet.
pub(super) fn blank(owner: &Account) -> Submission {
    let now = clock::now();
    Submission {
        id: ids::name(),
        kind: String::new(),
        purpose: Purpose::New,
        path: String::new(),
        unit: owner.unit.clone(),
        owner: owner.id.clone(),
        state: State::Draft,
        holder: None,
        reviewer: None,
        title: String::new(),
        fields: "{}".to_owned(),
        body: String::new(),
        declarations: "[]".to_owned(),
        base: "{}".to_owned(),
        revision: 0,
        version: 0,
        round: 0,
        submitted_hash: None,
        endorsed_hash: None,
        endorser: None,
        signed_off_by: None,
        commit_id: None,
        created_at: now,
        updated_at: now,
        state_at: now,
        submitted_at: None,
        accepted_at: None,
        route: String::new(),
        due_at: None,
        decided: String::new(),
    }
}

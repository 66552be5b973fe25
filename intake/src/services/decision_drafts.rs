//! What somebody types before deciding on a submission: kept while they type, so that no reload, expired session or restart
//! takes it, until it is sent. Nobody else ever sees it.

use super::actor::Actor;
use super::submission::find_for;
use super::{Error, Kind};
use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::store::{DecisionDraft, Submission};

/// Most bytes of everything that is typed: a sheet with all its items, and the longest of remarks.
const LARGEST: usize = 100_000;
/// What is said and goes with one press of a button; the rest is of the sheet and stays.
const SAID: [&str; 3] = ["message", "field", "quote"];

/// What somebody typed, as the form has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Names and values, in their order.
    pub pairs: Vec<(String, String)>,
    /// When it was kept, milliseconds since 1970.
    pub at: i64,
    /// Whether another content was handed in since.
    pub is_older: bool,
}

impl Kept {
    /// The first value of a name. Returns `None` if the form had none.
    pub fn value(&self, name: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(known, _)| known == name);
        pair.map(|(_, value)| value.as_str())
    }

    /// Every value of a name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.pairs.iter().filter(move |(known, _)| known == name);
        pairs.map(|(_, value)| value.as_str())
    }
}

/// Whether a name of the form is kept. What one stands for by ticking is given anew.
fn is_kept(name: &str) -> bool {
    matches!(name, "note" | "tick" | "sheet" | "signed_off_by" | "verdict")
        || SAID.contains(&name)
        || name.starts_with("score.")
}

/// Keeps what the actor typed about a submission, in the place of what they typed before. Returns when.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] where the actor has nothing to say; [`Kind::TooLarge`].
pub async fn keep(app: &App, actor: &Actor, id: &str, pairs: &[(String, String)]) -> Result<i64, Error> {
    let submission = find_for(app, actor, id, Action::Read).await?;
    let may = actor.permissions(app, &submission);
    if !(may.send_back || may.comment || may.advise) {
        return Err(Kind::NotNow.into());
    }
    put(
        app,
        actor,
        &submission,
        pairs.iter().filter(|(name, _)| is_kept(name)),
    )
    .await
}

async fn put<'p>(
    app: &App,
    actor: &Actor,
    submission: &Submission,
    pairs: impl Iterator<Item = &'p (String, String)>,
) -> Result<i64, Error> {
    let pairs: Vec<&(String, String)> = pairs.collect();
    let now = clock::now();
    let (account, id) = (&actor.account.id, &submission.id);
    let is_empty = pairs
        .iter()
        .all(|(name, value)| name == "sheet" || value.trim().is_empty());
    let typed = serde_json::to_string(&pairs)?;
    if typed.len() > LARGEST {
        return Err(Kind::TooLarge.into());
    }
    let mut change = app.store.change().await?;
    if is_empty {
        change.remove_decision_draft(account, id).await?;
    } else {
        let draft = DecisionDraft {
            account: account.clone(),
            submission: id.clone(),
            version: submission.version,
            typed,
            updated_at: now,
        };
        change.put_decision_draft(&draft).await?;
    }
    change.commit().await?;
    Ok(now)
}

/// What the actor typed about a submission and has not sent.
///
/// # Errors
/// When the database does not answer.
pub async fn kept(app: &App, actor: &Actor, submission: &Submission) -> Result<Option<Kept>, Error> {
    let draft = app
        .store
        .decision_draft(&actor.account.id, &submission.id)
        .await?;
    let Some(draft) = draft else {
        return Ok(None);
    };
    Ok(Some(Kept {
        pairs: serde_json::from_str(&draft.typed)?,
        at: draft.updated_at,
        is_older: draft.version != submission.version,
    }))
}

/// What of the form a press of a button sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Everything: it was decided.
    All,
    /// What was said.
    Said,
    /// Checklist, scores and note.
    Sheet,
}

/// Forgets what was sent; what was typed besides stays.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(app: &App, actor: &Actor, id: &str, sent: Sent) -> Result<(), Error> {
    let Some(submission) = app.store.submission(id).await? else {
        return Ok(());
    };
    let known = kept(app, actor, &submission).await?;
    let pairs = known.map(|kept| kept.pairs).unwrap_or_default();
    let stays = |(name, _): &&(String, String)| match sent {
        Sent::All => false,
        Sent::Said => !SAID.contains(&name.as_str()),
        Sent::Sheet => SAID.contains(&name.as_str()) || name == "signed_off_by",
    };
    put(app, actor, &submission, pairs.iter().filter(stays)).await?;
    Ok(())
}

//! Who else has begun to change an entry, for whoever opens an edit of it.

use super::Error;
use super::actor::Actor;
use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::submission::Purpose;
use crate::store::Submission;

/// Others' submissions of one entry that are not published yet.
#[derive(Debug, Default)]
pub struct UnderWay {
    /// Those that the actor may read, the oldest first.
    pub readable: Vec<Submission>,
    /// How many others there are of the actor's own unit.
    pub in_unit: usize,
    /// How many others there are elsewhere.
    pub elsewhere: usize,
}

/// What others have under way of the entry that a submission changes. Of what the actor may not read no more is told than
/// that it is there.
///
/// # Errors
/// When the database does not answer.
pub async fn others(app: &App, actor: &Actor, submission: &Submission) -> Result<UnderWay, Error> {
    let mut found = UnderWay::default();
    if submission.purpose == Purpose::New {
        return Ok(found);
    }
    for other in app.store.under_way(&submission.path).await? {
        if other.id == submission.id {
            continue;
        }
        if actor.may(app, Action::Read, &other) {
            found.readable.push(other);
        } else if other.unit == actor.account.unit {
            found.in_unit += 1;
        } else {
            found.elsewhere += 1;
        }
    }
    Ok(found)
}

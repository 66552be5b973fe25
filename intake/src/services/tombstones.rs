//! What an order to take an entry down makes of the published branch. All of it is harmless when repeated.

use std::sync::Arc;

use serde_json::{Value, json};

use super::amending::{Amendment, amend, who};
use super::{Error, Kind};
use crate::app::App;
use crate::clock;
use crate::domain::takedown::{self, State};
use crate::domain::trailers;
use crate::forge::{self, Person};
use crate::store::Takedown;

/// The field that makes an entry a tombstone.
const WITHDRAWN: &str = "withdrawn";

/// Brings the published branch to what an order says, and the portal after it. Harmless when repeated.
///
/// # Errors
/// When the repository does not do its part; it is tried again.
pub async fn carry_out(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let takedown = app.store.takedown(id).await?.ok_or(Kind::NotFound)?;
    let snapshot = app.portal.snapshot();
    let by = match takedown.state {
        State::Lifted => takedown.decided_by.as_ref(),
        _ => Some(&takedown.ordered_by),
    };
    let state = takedown.state_on_the_portal();
    let word = format!("takedown.{state}");
    let word = app.texts.get(&word);
    let amendment = Amendment {
        kind: &takedown.kind,
        path: &takedown.path,
        branch: takedown::branch(id, state),
        title: format!("{word}：{}", takedown.title),
        by: match by {
            Some(account) => who(app, account).await?,
            None => Person::of_account("intake", app.texts.get("item.server")),
        },
        at: takedown.decided_at.unwrap_or(takedown.ordered_at) / 1000,
        trailers: trailers(app, &takedown).await?,
    };
    let day = clock::day(takedown.ordered_at, snapshot.zone());
    amend(app, amendment, |content| match takedown.state {
        State::Lifted => drop(content.shift_remove(WITHDRAWN)),
        State::Ordered | State::Confirmed => {
            content.insert(WITHDRAWN.to_owned(), tombstone(&takedown, &day));
        }
    })
    .await
}

/// What stands in the place of the entry.
fn tombstone(takedown: &Takedown, day: &str) -> Value {
    let mut tombstone = json!({ "reason": takedown.reason, "date": day });
    if let Some(note) = &takedown.note {
        tombstone["note"] = note.clone().into();
    }
    tombstone
}

/// Who ordered it and why, as git keeps it. What the unit alone reads stays out of it.
async fn trailers(app: &App, takedown: &Takedown) -> Result<Vec<(&'static str, String)>, Error> {
    let written = |person: Person| format!("{} <{}>", person.name, person.address);
    let mut trailers = vec![
        (
            trailers::TAKEDOWN_ORDERED_BY,
            written(who(app, &takedown.ordered_by).await?),
        ),
        (trailers::TAKEDOWN_REASON, takedown.reason.clone()),
        (trailers::TAKEDOWN_GROUND, forge::one_line(&takedown.ground)),
    ];
    if takedown.state == State::Lifted {
        let by = match &takedown.decided_by {
            Some(account) => written(who(app, account).await?),
            None => "unconfirmed".to_owned(),
        };
        trailers.push((trailers::TAKEDOWN_LIFTED_BY, by));
    }
    trailers.push((trailers::TAKEDOWN, takedown.id.clone()));
    Ok(trailers)
}

impl Takedown {
    /// The word for what it makes of the entry.
    fn state_on_the_portal(&self) -> &'static str {
        match self.state {
            State::Lifted => "up",
            State::Ordered | State::Confirmed => "down",
        }
    }
}

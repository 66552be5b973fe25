//! Where a submission stands: who has it, what happened to it, and who they are.

use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::audit::Recorded;
use crate::domain::submission::{State as Standing, Step, Version};
use crate::store::Submission;
use crate::web::error::Error;

/// Something that happened to a submission.
#[derive(Serialize)]
pub(crate) struct Happening {
    at: String,
    who: String,
    what: String,
}

/// The name of an account with its unit; the server's own when there is none.
pub(crate) async fn name(app: &App, account: Option<&str>) -> Result<String, Error> {
    let Some(account) = account else {
        return Ok(app.texts.get("item.server").to_owned());
    };
    let snapshot = app.portal.snapshot();
    let account = app.store.account(account).await?;
    Ok(account.map_or_else(String::new, |account| {
        format!("{}（{}）", account.name, snapshot.units.name(&account.unit))
    }))
}

/// Everything that happened to a submission, the oldest first.
pub(crate) async fn history(app: &App, submission: &Submission) -> Result<Vec<Happening>, Error> {
    let events = app.store.audit_of(&submission.subject()).await?;
    happenings(app, events.into_iter()).await
}

/// What happened after a version was shown: every step began another round.
pub(crate) async fn happened_since(
    app: &App,
    submission: &Submission,
    shown: Version,
) -> Result<Vec<Happening>, Error> {
    let events = app.store.audit_of(&submission.subject()).await?;
    let (mut round, mut content) = (0, 0);
    let is_later = |recorded: &Recorded| {
        let is_step = Step::begins_round(&recorded.event.action);
        round += i64::from(is_step);
        content += i64::from(recorded.event.action == "submit");
        match shown.round {
            Some(shown) => round > shown,
            None => content > shown.content,
        }
    };
    happenings(app, events.into_iter().filter(is_later)).await
}

async fn happenings(app: &App, events: impl Iterator<Item = Recorded>) -> Result<Vec<Happening>, Error> {
    let snapshot = app.portal.snapshot();
    let mut happenings = Vec::new();
    for Recorded { event, .. } in events {
        let key = format!("step.{}", event.action);
        let what = app.texts.get(&key);
        // What somebody tried and may not is for the auditor.
        if what == key {
            continue;
        }
        happenings.push(Happening {
            at: clock::written(event.at, snapshot.zone()),
            who: name(app, event.actor.as_deref()).await?,
            what: what.to_owned(),
        });
    }
    Ok(happenings)
}

/// Who has it now and what they are asked to do; `open` remarks wait for an answer.
pub(crate) async fn whose_turn(app: &App, submission: &Submission, open: usize) -> Result<String, Error> {
    let snapshot = app.portal.snapshot();
    let unit = submission
        .holder
        .as_deref()
        .map_or("", |holder| snapshot.units.name(holder));
    Ok(match submission.state {
        Standing::Submitted => app.texts.fill("item.turn-unit", &[("unit", unit)]),
        Standing::Endorsed => app.texts.fill("item.turn-queue", &[("unit", unit)]),
        Standing::InReview => {
            let reviewer = name(app, submission.reviewer.as_deref()).await?;
            app.texts.fill("item.turn-reviewer", &[("who", &reviewer)])
        }
        Standing::Draft => app.texts.get("item.turn-author").to_owned(),
        Standing::Returned => app.texts.fill("item.turn-mend", &[("count", &open.to_string())]),
        Standing::Accepted | Standing::Merged => app.texts.get("item.turn-server").to_owned(),
        Standing::Published => app.texts.get("item.turn-published").to_owned(),
        Standing::Withdrawn => app.texts.get("item.turn-withdrawn").to_owned(),
        Standing::Rejected => app.texts.get("item.turn-rejected").to_owned(),
    })
}

/// What should be known before somebody decides: remarks that are open, experts whose opinion has not come.
pub(crate) async fn still_open(
    app: &App,
    submission: &Submission,
    open: usize,
) -> Result<Vec<String>, Error> {
    let mut sentences = Vec::new();
    if open > 0 {
        let count = open.to_string();
        sentences.push(app.texts.fill("decision.open", &[("count", &count)]));
    }
    let asked = app.store.assignments(&submission.id).await?;
    for waited in asked.into_iter().filter(|asked| asked.verdict.is_none()) {
        let who = name(app, Some(&waited.expert)).await?;
        sentences.push(app.texts.fill("decision.waits", &[("who", &who)]));
    }
    Ok(sentences)
}

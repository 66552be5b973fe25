//! Many submissions decided on together.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::submission::Version;
use crate::services::Kind;
use crate::services::decisions::{self, Together};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::page;
use crate::web::signed::Signed;
use crate::web::submissions::changes::{self, Difference};
use crate::web::submissions::publish;
use crate::web::submissions::standing::{self, Happening};

/// What became of one of many.
#[derive(Serialize)]
struct Outcome {
    id: String,
    title: String,
    is_done: bool,
    text: String,
    hints: Vec<String>,
    /// What happened to it since the list was shown, where it was not done.
    since: Vec<Happening>,
    /// What of its content changed meanwhile.
    difference: Option<Difference>,
    /// The current version, where it was not done and can be decided on again.
    again: Option<Version>,
    /// Whether it is not what the list showed.
    is_outdated: bool,
}

#[derive(Serialize)]
struct ManyPage {
    outcomes: Vec<Outcome>,
    done: usize,
    failed: usize,
    /// Whether something can be decided on again.
    has_again: bool,
    word: String,
    signed_off_by: String,
}

/// Decides on every ticked submission. A conflict is answered when one of them is not what the list showed.
pub(crate) async fn many(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let word = form.get("do");
    let (together, said) = match word {
        "endorse" => (
            Together::Endorse(form.get("signed_off_by"), form.get("confirmed") == "yes"),
            "many.endorsed",
        ),
        "accept" => (Together::Accept, "many.accepted"),
        _ => return Err(Error::invalid("wrong.form")),
    };
    let mut known = BTreeSet::new();
    let items = form.all("item").filter(|id| known.insert(*id));
    let items: Vec<_> = items
        .map(|id| (id, Version::parse(form.get(&format!("version.{id}")))))
        .collect();
    if publish::is_unsure(&form) {
        let ids: Vec<&str> = items.iter().map(|(id, _)| *id).collect();
        let places = ("/intake/queue/many", "/intake/queue");
        if let Some(asks) = publish::ask(&app, &actor, &ids, places, &form).await? {
            return Ok(asks);
        }
    }
    let mut outcomes = Vec::with_capacity(items.len());
    for outcome in decisions::many(&app, &actor, &items, together).await? {
        outcomes.push(line(&app, &actor, outcome, (word, said)).await?);
    }
    let done = outcomes.iter().filter(|outcome| outcome.is_done).count();
    let status = if outcomes.iter().any(|outcome| outcome.is_outdated) {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let shown = ManyPage {
        failed: outcomes.len() - done,
        done,
        has_again: outcomes.iter().any(|outcome| outcome.again.is_some()),
        outcomes,
        word: word.to_owned(),
        signed_off_by: form.get("signed_off_by").to_owned(),
    };
    Ok((status, page(&app, Some(&actor), "many.html", &shown)).into_response())
}

async fn line(
    app: &Arc<App>,
    actor: &Actor,
    outcome: decisions::Outcome<'_>,
    (word, said): (&str, &str),
) -> Result<Outcome, Error> {
    let is_outdated = matches!(&outcome.done, Err(error) if error.kind == Kind::Outdated);
    let undone = outcome.seen.as_ref().filter(|_| outcome.done.is_err());
    let (mut since, mut difference) = (Vec::new(), None);
    if let (Some(submission), Some(version)) = (undone, outcome.expected) {
        since = standing::happened_since(app, submission, version).await?;
        difference = changes::since(app, submission, version.content).await?;
    }
    let again = undone.filter(|submission| {
        let may = actor.permissions(app, submission);
        if word == "endorse" {
            may.endorse
        } else {
            may.accept || may.pass && !may.opine
        }
    });
    Ok(Outcome {
        id: outcome.id.to_owned(),
        title: outcome
            .seen
            .as_ref()
            .map(|submission| submission.title.clone())
            .unwrap_or_default(),
        is_done: outcome.done.is_ok(),
        text: match &outcome.done {
            Ok(()) => app.texts.get(said),
            Err(error) => app.texts.get(error.key),
        }
        .to_owned(),
        again: again.map(Submission::decided_on),
        since,
        difference,
        is_outdated,
        hints: outcome.done.err().map(|error| error.hints).unwrap_or_default(),
    })
}

//! Decisions that need more than a state: endorsing and accepting, one submission or many.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::submission::Step;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::assess;
use crate::web::submissions::checks::checks;
use crate::web::submissions::steps::{self, With};

/// Submissions that are decided on together.
const MOST: usize = 100;
/// Milliseconds after which no further one is begun, so that the answer comes before browser and proxy give up.
const LONGEST: i64 = 30_000;

/// What has errors would stop the portal from being built.
async fn must_be_sound(app: &Arc<App>, submission: &Submission) -> Result<(), Error> {
    let findings = checks(app, submission, false).await?;
    if findings.iter().any(|finding| finding.is_error) {
        Err(Error::invalid("wrong.unsound"))
    } else {
        Ok(())
    }
}

/// The actor's unit stands for a submission, by the word of the leader whom `form` names.
pub(crate) async fn endorse(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    form: &Form,
) -> Result<(), Error> {
    actor.must(app, Action::Endorse, submission).await?;
    must_be_sound(app, submission).await?;
    let signed_off_by = form.get("signed_off_by").trim();
    if signed_off_by.is_empty() || form.get("confirmed") != "yes" {
        return Err(Error::invalid("wrong.sign-off"));
    }
    let with = With {
        signed_off_by,
        ..With::default()
    };
    let what = (Action::Endorse, Step::Endorse);
    steps::take(app, actor, &submission.id, what, with).await?;
    Ok(())
}

/// The reviewer says yes; a job merges.
pub(crate) async fn accept(app: &Arc<App>, actor: &Actor, submission: &Submission) -> Result<(), Error> {
    actor.must(app, Action::Review, submission).await?;
    assess::must_allow(app, actor, submission).await?;
    must_be_sound(app, submission).await?;
    let what = (Action::Review, Step::Accept);
    steps::take(app, actor, &submission.id, what, With::default()).await?;
    Ok(())
}

/// What became of one of many.
#[derive(Serialize)]
struct Outcome {
    id: String,
    title: String,
    is_done: bool,
    text: String,
}

#[derive(Serialize)]
struct ManyPage {
    outcomes: Vec<Outcome>,
    done: usize,
    failed: usize,
}

/// Decides on every ticked submission by itself: one that fails does not stop the others.
pub(crate) async fn many(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Page, Error> {
    // Whoever answers for a unit may open the queue that the form is part of.
    actor
        .must_in(&app, Action::ReadRoster, &actor.account.unit)
        .await?;
    let said = match form.get("do") {
        "endorse" => "many.endorsed",
        "accept" => "many.accepted",
        _ => return Err(Error::invalid("wrong.form")),
    };
    let mut known = BTreeSet::new();
    let mut ids: Vec<&str> = form.all("item").collect();
    ids.retain(|id| known.insert(*id));
    if ids.is_empty() {
        return Err(Error::invalid("wrong.nothing-ticked"));
    }
    let (started, mut outcomes) = (clock::now(), Vec::with_capacity(ids.len()));
    for (position, id) in ids.into_iter().enumerate() {
        let known = app.store.submission(id).await?;
        let seen = known
            .as_ref()
            .filter(|submission| actor.may(&app, Action::Read, submission));
        let title = seen.map(|submission| submission.title.clone());
        let is_late = position >= MOST || clock::now() - started > LONGEST;
        let result = match &known {
            None => Err(Error::not_found()),
            Some(_) if is_late => Err(Error::invalid("many.later")),
            Some(submission) if said == "many.endorsed" => endorse(&app, &actor, submission, &form).await,
            Some(submission) => accept(&app, &actor, submission).await,
        };
        if let Err(error) = &result {
            error.log();
        }
        outcomes.push(Outcome {
            id: id.to_owned(),
            title: title.unwrap_or_default(),
            is_done: result.is_ok(),
            text: match &result {
                Ok(()) => app.texts.get(said),
                Err(wrong) => app.texts.get(wrong.text()),
            }
            .to_owned(),
        });
    }
    let done = outcomes.iter().filter(|outcome| outcome.is_done).count();
    let shown = ManyPage {
        failed: outcomes.len() - done,
        done,
        outcomes,
    };
    Ok(page(&app, Some(&actor), "many.html", &shown))
}

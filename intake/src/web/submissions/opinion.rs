//! Experts: asked by a reviewer before the decision, they see what is assigned to them and say what they think of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::opinion::Verdict;
use crate::domain::policy::Action;
use crate::store::{Account, Submission};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::assign;
use crate::web::submissions::steps::{self, About};

#[derive(Serialize)]
struct OpinionPage {
    id: String,
    title: String,
    verdicts: Vec<(&'static str, String)>,
}

/// Whether somebody can be asked about a submission: an expert of the unit that decides, or of one below it.
pub(crate) fn can_be_asked(app: &App, account: &Account, submission: &Submission) -> bool {
    let units = &app.portal.snapshot().units;
    let is_near = account.unit == submission.holder || units.is_below(&account.unit, &submission.holder);
    account.is_active() && account.role().advises() && is_near
}

/// Asks an expert.
pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let submission = assign::find(&app, &actor, &id).await?;
    let expert = app.store.account(form.get("expert")).await?;
    let expert = expert.filter(|account| can_be_asked(&app, account, &submission));
    let expert = expert.ok_or(Error::invalid("assign.bad-who"))?;
    let mut change = app.store.change().await?;
    change
        .assign(&id, &expert.id, &actor.account.id, clock::now())
        .await?;
    let detail = format!("account/{}", expert.id);
    change
        .record(&actor.event("ask-expert", &submission.subject(), &detail))
        .await?;
    change.commit().await?;
    Ok(Redirect::to(&format!("/intake/items/{id}/reviewer")).into_response())
}

async fn asked(app: &App, actor: &Actor, id: &str) -> Result<Submission, Error> {
    let submission = app.store.submission(id).await?.ok_or_else(Error::not_found)?;
    actor.must(app, Action::Advise, &submission).await?;
    Ok(submission)
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Page, Error> {
    let submission = asked(&app, &actor, &id).await?;
    let verdict = |verdict: &Verdict| {
        let name = verdict.name();
        (name, app.texts.get(&format!("opinion.{name}")).to_owned())
    };
    let shown = OpinionPage {
        id,
        title: submission.title,
        verdicts: Verdict::ALL.iter().map(verdict).collect(),
    };
    Ok(page(&app, Some(&actor), "opinion.html", &shown))
}

/// Says what an expert thinks; everybody who sees the submission reads it among the remarks.
pub(crate) async fn say(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let submission = asked(&app, &actor, &id).await?;
    let text = form.get("message").trim();
    let (Some(verdict), false) = (Verdict::from_name(form.get("verdict")), text.is_empty()) else {
        return Err(Error::invalid("wrong.reason"));
    };
    let said = app.texts.fill(
        "opinion.said",
        &[
            ("verdict", app.texts.get(&format!("opinion.{}", verdict.name()))),
            ("text", text),
        ],
    );
    let mut change = app.store.change().await?;
    change
        .advise(&id, &actor.account.id, verdict, clock::now())
        .await?;
    steps::say(&mut change, &actor, &submission, About::default(), &said).await?;
    change
        .record(&actor.event("advise", &submission.subject(), verdict.name()))
        .await?;
    change.commit().await?;
    Ok(Redirect::to(&format!("/intake/items/{id}#remarks")).into_response())
}

//! The form of a decision: remark, checklist, scores, signer and decision are one thing. It is kept while it is typed and
//! sent together.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::clock;
use crate::domain::submission::Step;
use crate::services::assessments::{self, Filled};
use crate::services::decision_drafts::{self, Kept, Sent};
use crate::services::decisions::{self, Said};
use crate::services::{self, remarks};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::signed::{Signed, is_script};
use crate::web::submissions::standing::still_open;
use crate::web::submissions::{again, publish, result};

/// What the form holds: what was typed and not sent, or else what is known already.
#[derive(Serialize)]
pub(crate) struct DecisionForm {
    message: String,
    field: String,
    quote: String,
    signed_off_by: String,
    /// When it was kept, in a sentence; empty where nothing was.
    kept: String,
    /// What is still open, each in a sentence.
    open: Vec<String>,
}

/// The form of an actor, with `open` remarks that nobody settled.
pub(crate) async fn form(
    app: &App,
    submission: &Submission,
    kept: Option<&Kept>,
    open: usize,
) -> Result<DecisionForm, Error> {
    let text = |name: &str| {
        kept.and_then(|kept| kept.value(name))
            .unwrap_or_default()
            .to_owned()
    };
    let signed = kept.and_then(|kept| kept.value("signed_off_by"));
    let signed = signed.or(submission.signed_off_by.as_deref()).unwrap_or_default();
    let when = |kept: &Kept| {
        let at = clock::written(kept.at, app.portal.snapshot().zone());
        let key = if kept.is_older {
            "decision.kept-older"
        } else {
            "decision.kept"
        };
        app.texts.fill(key, &[("at", &at)])
    };
    Ok(DecisionForm {
        message: text("message"),
        field: text("field"),
        quote: text("quote"),
        signed_off_by: signed.to_owned(),
        kept: kept.map(when).unwrap_or_default(),
        open: still_open(app, submission, open).await?,
    })
}

/// Keeps what is in the form; a script is told when it did.
pub(crate) async fn keep(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let at = decision_drafts::keep(&app, &actor, &id, &form.pairs).await?;
    if is_script(&headers) {
        let at = clock::written(at, app.portal.snapshot().zone());
        return Ok(Json(json!({ "at": at })).into_response());
    }
    Ok(Redirect::to(&format!("/intake/items/{id}#decide")).into_response())
}

/// What a form on an item's page asks for.
pub(crate) async fn step(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let item = format!("/intake/items/{id}");
    let (address, next) = match form.get("do") {
        "comment" | "reply" | "mended" | "unmended" | "settle" | "reopen" => {
            (format!("{item}/step"), format!("{item}#remarks"))
        }
        _ => (format!("{item}/step"), item),
    };
    if publish::is_unsure(&form) {
        let asks = publish::ask(&app, &actor, &[&*id], (&address, &next), &form).await?;
        if let Some(asks) = asks {
            return Ok(asks);
        }
    }
    let done = take(&app, &actor, &id, &form).await;
    let is_decision = matches!(form.get("do"), "endorse" | "accept" | "return" | "reject");
    if done.is_ok() && (is_decision || form.get("do") == "comment") {
        let sent = if is_decision { Sent::All } else { Sent::Said };
        decision_drafts::forget(&app, &actor, &id, sent).await?;
    }
    let next = if is_decision && done.is_ok() {
        result::after(&app, &actor, &id).await?
    } else {
        next
    };
    again::answer(&app, &actor, &id, (&address, &form), done, &next).await
}

async fn take(app: &Arc<App>, actor: &Actor, id: &str, form: &Form) -> Result<(), services::Error> {
    let expected = form.version();
    let said = Said {
        message: form.get("message"),
        field: form.get("field"),
        quote: form.get("quote"),
    };
    let word = form.get("do");
    // What was ticked, scored and noted goes with the decision.
    if form.get("sheet") == "yes" && matches!(word, "accept" | "return" | "reject") {
        assess(app, actor, id, form).await?;
    }
    let step = match word {
        "comment" => {
            let about = (said.field, said.quote);
            return remarks::comment(app, actor, id, expected, about, said.message).await;
        }
        "reply" => {
            let said = (form.get("remark"), said.message);
            return remarks::reply(app, actor, id, expected, said).await;
        }
        "mended" | "unmended" => {
            let said = (form.get("remark"), word == "mended");
            return remarks::mend(app, actor, id, expected, said).await;
        }
        "settle" | "reopen" => {
            let is_settled = word == "settle";
            return remarks::settle(app, actor, id, expected, form.get("remark"), is_settled).await;
        }
        "endorse" => {
            let by = (form.get("signed_off_by"), form.get("confirmed") == "yes");
            return decisions::endorse(app, actor, id, expected, by, said).await;
        }
        "accept" => return decisions::accept(app, actor, id, expected, said).await,
        "withdraw" => Step::Withdraw,
        "take" => Step::Take,
        "return" => Step::Return,
        "reject" => Step::Reject,
        _ => return Err(services::Error::invalid("wrong.form")),
    };
    decisions::decide(app, actor, id, expected, step, said).await
}

async fn assess(app: &App, actor: &Actor, id: &str, form: &Form) -> Result<(), services::Error> {
    let ticked: Vec<&str> = form.all("tick").collect();
    let scores = form.pairs.iter();
    let scores = scores.filter_map(|(name, typed)| Some((name.strip_prefix("score.")?, typed.as_str())));
    let filled = Filled {
        ticked: &ticked,
        scores: &scores.collect(),
        note: form.get("note"),
    };
    assessments::assess(app, actor, id, form.version(), filled).await
}

/// Keeps what a reviewer ticked, scored and noted, without a decision.
pub(crate) async fn save_sheet(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    // What was said besides is not sent yet.
    decision_drafts::keep(&app, &actor, &id, &form.pairs).await?;
    let done = assess(&app, &actor, &id, &form).await;
    if done.is_ok() {
        decision_drafts::forget(&app, &actor, &id, Sent::Sheet).await?;
    }
    let (address, next) = (
        format!("/intake/items/{id}/assessment"),
        format!("/intake/items/{id}#assess"),
    );
    again::answer(&app, &actor, &id, (&address, &form), done, &next).await
}

//! The page after an act that was not done: why, what changed since its page was shown and who changed it, and what was
//! typed, to be sent again.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::rights::Permissions;
use crate::domain::submission::{State, Step, Version};
use crate::services::assessments::checklist;
use crate::services::{self, Kind};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::page;
use crate::web::submissions::changes::{self, Difference};
use crate::web::submissions::standing::{self, Happening};

/// Something that was typed or chosen.
#[derive(Serialize)]
struct Typed {
    name: String,
    value: String,
    label: String,
    /// `hidden`, `line`, `area`, `box`.
    shape: &'static str,
}

#[derive(Serialize)]
struct AgainPage {
    id: String,
    title: String,
    state: State,
    state_label: String,
    whose_turn: String,
    /// Why it was not done.
    message: String,
    hints: Vec<String>,
    since: Vec<Happening>,
    difference: Option<Difference>,
    address: String,
    version: Version,
    typed: Vec<Typed>,
    /// Name and value of the button; the name is empty where the form has but one.
    button: (String, String, String),
    /// Whether the leader's word is to be given again.
    must_confirm: bool,
    /// Whether the actor can still do it.
    is_possible: bool,
}

/// Answers an act on a submission that the form at `address` asked for: leads to `next` when it was done.
pub(crate) async fn answer(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    (address, form): (&str, &Form),
    done: Result<(), services::Error>,
    next: &str,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(Redirect::to(next).into_response()),
        Err(error) => refuse(app, actor, id, (address, form), error).await,
    }
}

/// The page of an act that was not done.
pub(crate) async fn refuse(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    (address, form): (&str, &Form),
    error: services::Error,
) -> Result<Response, Error> {
    let is_told = matches!(
        error.kind,
        Kind::Outdated | Kind::NotNow | Kind::Invalid | Kind::Busy
    );
    let submission = app.store.submission(id).await?;
    let seen = submission.filter(|submission| is_told && actor.may(app, Action::Read, submission));
    let Some(submission) = seen else {
        return Err(error.into());
    };
    let status = match error.kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::CONFLICT,
    };
    let shown = form.version().filter(|_| error.kind == Kind::Outdated);
    let difference = match shown {
        Some(version) => changes::since(app, &submission, version.content).await?,
        None => None,
    };
    let since = match shown {
        Some(version) => standing::happened_since(app, &submission, version).await?,
        None => Vec::new(),
    };
    let act = act(address, form);
    let again = AgainPage {
        id: id.to_owned(),
        title: submission.title.clone(),
        state: submission.state,
        state_label: app
            .texts
            .get(&format!("state.{}", submission.state.name()))
            .to_owned(),
        whose_turn: standing::whose_turn(app, &submission, 0).await?,
        message: app.texts.get(error.key).to_owned(),
        hints: error.hints,
        since,
        difference,
        address: address.to_owned(),
        version: submission.decided_on(),
        typed: typed(app, &submission, form),
        button: button(app, form),
        must_confirm: form.get("do") == "endorse",
        is_possible: act(&actor.permissions(app, &submission)) && is_legal(&submission, form),
    };
    Ok((status, page(app, Some(actor), "again.html", &again)).into_response())
}

/// Which permission the form at an address needs.
fn act(address: &str, form: &Form) -> fn(&Permissions) -> bool {
    let place = address.rsplit('/').next().unwrap_or_default();
    match (place, form.get("do")) {
        ("reviewer" | "experts", _) => |may| may.assign,
        ("assessment", _) => |may| may.assess,
        ("opinion", _) => |may| may.advise,
        ("links", _) => |may| may.share,
        (_, "endorse") => |may| may.endorse,
        (_, "accept") => |may| may.accept,
        (_, "take") => |may| may.take,
        (_, "return") => |may| may.send_back,
        (_, "reject") => |may| may.reject,
        (_, "withdraw") => |may| may.withdraw,
        (_, "settle" | "reopen") => |may| may.settle,
        (_, "comment" | "reply") => |may| may.comment,
        (_, "mended" | "unmended") => |may| may.mend,
        _ => |_| false,
    }
}

/// Whether the state can take the step of the form.
fn is_legal(submission: &Submission, form: &Form) -> bool {
    let step = match form.get("do") {
        "endorse" => Step::Endorse,
        "accept" => Step::Accept,
        "take" => Step::Take,
        "return" => Step::Return,
        "reject" => Step::Reject,
        "withdraw" => Step::Withdraw,
        _ => return true,
    };
    submission.state.after(step).is_ok()
}

/// The button that was pressed: its name, value and words.
fn button(app: &App, form: &Form) -> (String, String, String) {
    let word = form.get("do");
    let key = match word {
        "endorse" => "item.endorse",
        "accept" => "item.accept",
        "take" => "item.take",
        "return" => "item.send_back",
        "reject" => "item.reject_sure",
        "withdraw" => "item.withdraw_sure",
        "comment" => "item.comment",
        "reply" => "talk.reply",
        "mended" => "talk.mended",
        "unmended" => "talk.unmended",
        "settle" => "talk.settle",
        "reopen" => "talk.reopen",
        "make" => "share.make",
        _ => "again.send",
    };
    let name = if word.is_empty() { "" } else { "do" };
    (name.to_owned(), word.to_owned(), app.texts.get(key).to_owned())
}

/// What was typed, in the order in which it came; what was only chosen goes along unseen.
fn typed(app: &App, submission: &Submission, form: &Form) -> Vec<Typed> {
    let snapshot = app.portal.snapshot();
    let ticks = checklist(&snapshot, submission);
    let rubric = snapshot.rubric(&submission.kind);
    let points = rubric.map(jixia::content::Rubric::items).unwrap_or_default();
    let one = |(name, value): &(String, String)| {
        let text = |key: &str| app.texts.get(key).to_owned();
        let (label, shape) = match name.as_str() {
            "message" => (text("item.message"), "area"),
            "note" => (text("assess.note"), "area"),
            "quote" => (text("talk.quote"), "area"),
            "signed_off_by" => (text("item.leader"), "line"),
            "tick" => {
                let item = ticks.iter().find(|item| item.id == *value);
                (item.map(|item| item.text.clone()).unwrap_or_default(), "box")
            }
            name => match name.strip_prefix("score.") {
                Some(place) => {
                    let item = points.iter().find(|(known, _)| known == place);
                    let label = item.map(|(_, item)| item.name.to_owned());
                    (label.unwrap_or_default(), "line")
                }
                None => (String::new(), "hidden"),
            },
        };
        Typed {
            name: name.clone(),
            value: value.clone(),
            label,
            shape,
        }
    };
    let kept = form.pairs.iter();
    let kept = kept.filter(|(name, _)| !matches!(name.as_str(), "csrf" | "version" | "confirmed" | "do"));
    kept.map(one).collect()
}

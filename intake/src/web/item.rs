//! A submission as everybody sees it who may: where it is, what it says, what was said, what can be done now.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::chapters::{self, ChapterLine};
use super::checks::{Looked, checks};
use super::edit::{FileLine, file_lines};
use super::error::Wrong;
use super::fields::{Shown, shown};
use super::form::Form;
use super::pages::page;
use super::steps::{self, With};
use crate::app::App;
use crate::clock;
use crate::domain::audit::Recorded;
use crate::domain::merge::{BODY, Fields};
use crate::domain::policy::Action;
use crate::domain::submission::{Purpose, State as Standing, Step};
use crate::portal::{Added, Document, Finding, compose_whole, url_of};
use crate::store::{Message, Submission};

/// Something said about a submission.
#[derive(Debug, Serialize)]
pub(super) struct Remark {
    author: String,
    field: String,
    text: String,
    at: String,
    is_old: bool,
}

#[derive(Serialize)]
struct Happening {
    at: String,
    who: String,
    what: String,
}

#[derive(Serialize)]
struct ItemPage {
    id: String,
    title: String,
    kind: String,
    purpose: String,
    is_new: bool,
    state: String,
    state_label: String,
    /// Who has it now, in a sentence.
    whose_turn: String,
    owner: String,
    unit: String,
    version: i64,
    fields: Vec<Shown>,
    body: String,
    body_before: Option<String>,
    chapters: Vec<ChapterLine>,
    files: Vec<FileLine>,
    remarks: Vec<Remark>,
    history: Vec<Happening>,
    findings: Vec<Finding>,
    url: Option<String>,
    signed_off_by: String,
    notice: String,
    field_names: Vec<(String, String)>,
    may: May,
}

/// What the actor can do now.
#[derive(Default, Serialize)]
struct May {
    edit: bool,
    withdraw: bool,
    endorse: bool,
    send_back: bool,
    take: bool,
    accept: bool,
    reject: bool,
    comment: bool,
}

/// What the page is asked to say first.
#[derive(Debug, Deserialize)]
pub(super) struct Visit {
    #[serde(default)]
    notice: String,
}

/// The content of a submission as it would be published now.
pub(super) async fn content(app: &App, submission: &Submission) -> Result<(Fields, Document), Wrong> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or(Wrong::NotFound)?;
    let files = app.store.uploads(&submission.id).await?;
    let today = app.today();
    let added = Added {
        date: if submission.purpose() == Purpose::New {
            &today
        } else {
            ""
        },
        unit: &submission.unit,
        signed_off_by: &submission.signed_off_by,
    };
    let (schema, base) = (snapshot.schema(), submission.base());
    let content = compose_whole(
        schema,
        kind,
        &submission.fields(),
        &submission.body,
        &files,
        &added,
    );
    let document = Document::whole(schema, &submission.path, kind, &content, &base);
    Ok((content, document))
}

/// What was said about a submission, the latest first.
pub(super) async fn remarks(app: &App, submission: &Submission) -> Result<Vec<Remark>, Wrong> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind);
    let mut remarks = Vec::new();
    for message in app.store.messages(&submission.id).await?.into_iter().rev() {
        let Message {
            author,
            field,
            text,
            version,
            at,
            ..
        } = message;
        let declared = kind.and_then(|kind| kind.field(&field));
        remarks.push(Remark {
            author: name(app, &author).await?,
            field: match field.as_str() {
                "body" => app.texts.get("edit.body").to_owned(),
                _ => declared.map(|field| field.label.clone()).unwrap_or_default(),
            },
            text,
            at: clock::written(at, snapshot.zone()),
            is_old: version < submission.version,
        });
    }
    Ok(remarks)
}

/// The name of an account with its unit; the server's own when there is none.
async fn name(app: &App, account: &str) -> Result<String, Wrong> {
    if account.is_empty() {
        return Ok(app.texts.get("item.server").to_owned());
    }
    let snapshot = app.portal.snapshot();
    let account = app.store.account(account).await?;
    Ok(account.map_or_else(String::new, |account| {
        format!("{}（{}）", account.name, snapshot.units.name(&account.unit))
    }))
}

async fn history(app: &App, submission: &Submission) -> Result<Vec<Happening>, Wrong> {
    let snapshot = app.portal.snapshot();
    let mut history = Vec::new();
    for Recorded { event, .. } in app.store.audit_of(&submission.subject()).await? {
        let key = format!("step.{}", event.action);
        let what = app.texts.get(&key);
        // What somebody tried and may not is for the auditor.
        if what == key {
            continue;
        }
        history.push(Happening {
            at: clock::written(event.at, snapshot.zone()),
            who: name(app, event.actor.as_deref().unwrap_or_default()).await?,
            what: what.to_owned(),
        });
    }
    Ok(history)
}

fn may(app: &App, actor: &Actor, submission: &Submission) -> May {
    let state = submission.state();
    let can = |action, step| actor.may(app, action, submission) && state.after(step).is_ok();
    let endorses = state == Standing::Submitted && actor.may(app, Action::Endorse, submission);
    let reviews = matches!(state, Standing::Endorsed | Standing::InReview)
        && actor.may(app, Action::Review, submission);
    May {
        edit: actor.may(app, Action::Edit, submission) && state.is_open_to_author(),
        withdraw: can(Action::Edit, Step::Withdraw),
        endorse: endorses,
        send_back: endorses || reviews,
        take: reviews && state == Standing::Endorsed,
        accept: reviews,
        reject: reviews,
        comment: !state.is_over() && submission.submitted_at > 0,
    }
}

async fn whose_turn(app: &App, submission: &Submission) -> Result<String, Wrong> {
    let snapshot = app.portal.snapshot();
    let unit = snapshot.units.name(&submission.holder);
    Ok(match submission.state() {
        Standing::Submitted => app.texts.fill("item.turn-unit", &[("unit", unit)]),
        Standing::Endorsed => app.texts.fill("item.turn-queue", &[("unit", unit)]),
        Standing::InReview => {
            let reviewer = name(app, &submission.reviewer).await?;
            app.texts.fill("item.turn-reviewer", &[("who", &reviewer)])
        }
        Standing::Draft | Standing::Returned => app.texts.get("item.turn-author").to_owned(),
        Standing::Accepted | Standing::Merged => app.texts.get("item.turn-server").to_owned(),
        Standing::Published | Standing::Withdrawn | Standing::Rejected => String::new(),
    })
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Query(visit): Query<Visit>,
) -> Result<Html<String>, Wrong> {
    let submission = app.store.submission(&id).await?.ok_or(Wrong::NotFound)?;
    actor.must(&app, Action::Read, &submission).await?;
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or(Wrong::NotFound)?;
    let (content, _) = content(&app, &submission).await?;
    let base = submission.base();
    let before = (submission.purpose() != Purpose::New).then_some(&base);
    let body_before = before.and_then(|before| before.get(BODY)?.as_str());
    let is_decided_on = matches!(
        submission.state(),
        Standing::Submitted | Standing::Endorsed | Standing::InReview
    );
    let findings = if is_decided_on {
        checks(&app, &submission, true).await?
    } else {
        Vec::new()
    };
    let files = Looked::of(&app, &id).await?;
    let field_names = kind
        .fields
        .iter()
        .filter(|field| content.contains_key(&field.name));
    let shown = ItemPage {
        id,
        title: submission.title.clone(),
        kind: kind.label("zh-CN").to_owned(),
        purpose: app
            .texts
            .get(&format!("purpose.{}", submission.purpose().name()))
            .to_owned(),
        is_new: submission.purpose() == Purpose::New,
        state: submission.state.clone(),
        state_label: app.texts.get(&format!("state.{}", submission.state)).to_owned(),
        whose_turn: whose_turn(&app, &submission).await?,
        owner: name(&app, &submission.owner).await?,
        unit: snapshot.units.name(&submission.unit).to_owned(),
        version: submission.version,
        fields: shown(&snapshot, kind, &content, before),
        body: submission.body.clone(),
        body_before: body_before
            .filter(|before| *before != submission.body.trim())
            .map(str::to_owned),
        chapters: chapters::lines(&content, &base),
        files: file_lines(&app, &files),
        remarks: remarks(&app, &submission).await?,
        history: history(&app, &submission).await?,
        findings,
        url: (submission.state() == Standing::Published).then(|| url_of(&submission.path)),
        signed_off_by: submission.signed_off_by.clone(),
        notice: match visit.notice.as_str() {
            "submitted" => app.texts.get("item.submitted").to_owned(),
            _ => String::new(),
        },
        field_names: field_names
            .map(|field| (field.name.clone(), field.label.clone()))
            .collect(),
        may: may(&app, &actor, &submission),
    };
    page(&app, Some(&actor), "item.html", &shown)
}

/// The portal's own page of a submission. It may use the portal's styles and files, and run no script.
const PREVIEW_POLICY: &str = "default-src 'self'; script-src 'none'; style-src 'self' 'unsafe-inline'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// Which part of a submission is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Part {
    /// File of a chapter; empty for the entry itself.
    #[serde(default)]
    chapter: String,
}

pub(super) async fn preview(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, Wrong> {
    let submission = app.store.submission(&id).await?.ok_or(Wrong::NotFound)?;
    actor.must(&app, Action::Read, &submission).await?;
    let (_, document) = content(&app, &submission).await?;
    let shared = Arc::clone(&app);
    let html = tokio::task::spawn_blocking(move || shared.portal.preview(&document, &part.chapter)).await??;
    let html = html.ok_or(Wrong::Bad("wrong.no-preview"))?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, PREVIEW_POLICY),
    ];
    Ok((headers, html).into_response())
}

pub(super) async fn step(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Wrong> {
    form.check(&actor)?;
    let message = form.get("message").trim();
    let with = With {
        message,
        field: form.get("field"),
        signed_off_by: form.get("signed_off_by").trim(),
        ..With::default()
    };
    let submission = app.store.submission(&id).await?.ok_or(Wrong::NotFound)?;
    let what = match form.get("do") {
        "comment" => {
            comment(&app, &actor, &submission, &form).await?;
            return Ok(Redirect::to(&format!("/intake/items/{id}#remarks")).into_response());
        }
        "withdraw" => (Action::Edit, Step::Withdraw),
        "endorse" => {
            must_be_sound(&app, &submission).await?;
            if with.signed_off_by.is_empty() || form.get("confirmed") != "yes" {
                return Err(Wrong::Bad("wrong.sign-off"));
            }
            (Action::Endorse, Step::Endorse)
        }
        "take" => (Action::Review, Step::Take),
        "return" | "reject" if message.is_empty() => return Err(Wrong::Bad("wrong.reason")),
        "return" if submission.state() == Standing::Submitted => (Action::Endorse, Step::Return),
        "return" => (Action::Review, Step::Return),
        "reject" => (Action::Review, Step::Reject),
        "accept" => {
            must_be_sound(&app, &submission).await?;
            (Action::Review, Step::Accept)
        }
        _ => return Err(Wrong::Bad("wrong.form")),
    };
    steps::take(&app, &actor, &id, what, with).await?;
    Ok(Redirect::to(&format!("/intake/items/{id}")).into_response())
}

/// What has errors would stop the portal from being built.
async fn must_be_sound(app: &Arc<App>, submission: &Submission) -> Result<(), Wrong> {
    let findings = checks(app, submission, false).await?;
    if findings.iter().any(|finding| finding.is_error) {
        Err(Wrong::Bad("wrong.unsound"))
    } else {
        Ok(())
    }
}

async fn comment(app: &App, actor: &Actor, submission: &Submission, form: &Form) -> Result<(), Wrong> {
    actor.must(app, Action::Read, submission).await?;
    let text = form.get("message").trim();
    if text.is_empty() || submission.state().is_over() {
        return Err(Wrong::Bad("wrong.reason"));
    }
    let mut change = app.store.change().await?;
    steps::say(&mut change, actor, submission, form.get("field"), text).await?;
    change
        .record(&actor.event("comment", &submission.subject(), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

//! A submission as everybody sees it who may: where it is, what it says, what was said, what can be done now.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock;
use crate::domain::audit::Recorded;
use crate::domain::merge::Fields;
use crate::domain::policy::Action;
use crate::domain::submission::{Purpose, State as Standing, Step};
use crate::portal::{Added, Document, Finding, compose_whole, url_of};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::assess::{self, Sheet};
use crate::web::submissions::changes::{self, Difference};
use crate::web::submissions::chapters::{self, ChapterLine};
use crate::web::submissions::checks::{Looked, checks};
use crate::web::submissions::decisions;
use crate::web::submissions::edit::{FileLine, file_lines};
use crate::web::submissions::fields::{Shown, shown};
use crate::web::submissions::share::{self, LinkLine};
use crate::web::submissions::steps::{self, With};
use crate::web::submissions::talk::{self, Block, Remark};

#[derive(Serialize)]
struct Happening {
    at: String,
    who: String,
    what: String,
}

#[derive(Serialize)]
struct ItemPage<'a> {
    id: String,
    title: String,
    kind: String,
    purpose: String,
    is_new: bool,
    state: Standing,
    state_label: String,
    /// Who has it now, in a sentence.
    whose_turn: String,
    /// What the reader is asked to do; empty when nothing.
    task: String,
    /// Since when it is in its state.
    since: String,
    is_overdue: bool,
    owner: String,
    unit: String,
    version: i64,
    fields: Vec<Noted>,
    blocks: Vec<Block<'a>>,
    chapters: Vec<ChapterLine>,
    differences: Vec<Difference>,
    files: Vec<FileLine>,
    remarks: Vec<Remark>,
    /// Whether something open stands beside the content.
    is_noted: bool,
    /// Remarks that are not settled.
    open: usize,
    /// The secret of the forms that settle remarks; empty for those who may not.
    settle_csrf: String,
    history: Vec<Happening>,
    findings: Vec<Finding>,
    url: Option<String>,
    signed_off_by: String,
    notice: String,
    field_names: Vec<(String, String)>,
    sheet: Option<Sheet>,
    links: Vec<LinkLine>,
    link_days: &'static [i64],
    link_usual: i64,
    may: May,
}

/// A field with what was said about it.
#[derive(Serialize)]
struct Noted {
    #[serde(flatten)]
    shown: Shown,
    remarks: Vec<Remark>,
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
    share: bool,
    advise: bool,
}

/// What the page is asked to say first.
#[derive(Debug, Deserialize)]
pub(crate) struct Visit {
    #[serde(default)]
    notice: String,
}

/// The content of a submission as it would be published now.
pub(crate) async fn content(app: &App, submission: &Submission) -> Result<(Fields, Document), Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let files = app.store.uploads(&submission.id).await?;
    let today = app.today();
    let added = Added {
        date: if submission.purpose == Purpose::New {
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

/// The name of an account with its unit; the server's own when there is none.
pub(crate) async fn name(app: &App, account: &str) -> Result<String, Error> {
    if account.is_empty() {
        return Ok(app.texts.get("item.server").to_owned());
    }
    let snapshot = app.portal.snapshot();
    let account = app.store.account(account).await?;
    Ok(account.map_or_else(String::new, |account| {
        format!("{}（{}）", account.name, snapshot.units.name(&account.unit))
    }))
}

async fn history(app: &App, submission: &Submission) -> Result<Vec<Happening>, Error> {
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
    let state = submission.state;
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
        share: !state.is_over() && actor.may(app, Action::Share, submission),
        advise: actor.may(app, Action::Advise, submission),
    }
}

/// Who has it now and what they are asked to do; `open` remarks wait for an answer.
async fn whose_turn(app: &App, submission: &Submission, open: usize) -> Result<String, Error> {
    let snapshot = app.portal.snapshot();
    let unit = snapshot.units.name(&submission.holder);
    Ok(match submission.state {
        Standing::Submitted => app.texts.fill("item.turn-unit", &[("unit", unit)]),
        Standing::Endorsed => app.texts.fill("item.turn-queue", &[("unit", unit)]),
        Standing::InReview => {
            let reviewer = name(app, &submission.reviewer).await?;
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

/// What somebody who may do this is asked to do.
fn task(app: &App, may: &May) -> String {
    let key = match may {
        May { endorse: true, .. } => "item.task-endorse",
        May { accept: true, .. } => "item.task-review",
        May { advise: true, .. } => "item.task-advise",
        _ => return String::new(),
    };
    app.texts.get(key).to_owned()
}

/// Whether somebody has let it wait longer than the site wants.
fn is_overdue(app: &App, submission: &Submission) -> bool {
    let days = (clock::now() - submission.state_at) / 86_400_000;
    !submission.holder.is_empty() && days >= i64::from(app.portal.snapshot().config().review.overdue_days)
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Query(visit): Query<Visit>,
) -> Result<Page, Error> {
    let submission = app.store.submission(&id).await?.ok_or_else(Error::not_found)?;
    actor.must(&app, Action::Read, &submission).await?;
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let (content, _) = content(&app, &submission).await?;
    let is_decided_on = matches!(
        submission.state,
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
    let remarks = talk::remarks(&app, &submission).await?;
    let open = remarks.iter().filter(|remark| !remark.is_settled).count();
    let noted = |shown: Shown| Noted {
        remarks: talk::open_about(&remarks, &shown.name),
        shown,
    };
    let may = may(&app, &actor, &submission);
    let shown = ItemPage {
        task: task(&app, &may),
        is_noted: remarks.iter().any(Remark::is_beside),
        id,
        title: submission.title.clone(),
        kind: kind.label("zh-CN").to_owned(),
        purpose: app
            .texts
            .get(&format!("purpose.{}", submission.purpose.name()))
            .to_owned(),
        is_new: submission.purpose == Purpose::New,
        state: submission.state,
        state_label: app
            .texts
            .get(&format!("state.{}", submission.state.name()))
            .to_owned(),
        whose_turn: whose_turn(&app, &submission, open).await?,
        since: clock::written(submission.state_at, snapshot.zone()),
        is_overdue: is_overdue(&app, &submission),
        owner: name(&app, &submission.owner).await?,
        unit: snapshot.units.name(&submission.unit).to_owned(),
        version: submission.version,
        fields: shown(&snapshot, kind, &content).into_iter().map(noted).collect(),
        blocks: talk::blocks(&submission.body, &remarks),
        chapters: chapters::lines(&content, &submission.base()),
        differences: changes::differences(&app, &actor, &submission).await?,
        files: file_lines(&app, &files),
        open,
        settle_csrf: if talk::may_settle(&app, &actor, &submission) {
            actor.session.csrf.clone()
        } else {
            String::new()
        },
        remarks: remarks.clone(),
        history: history(&app, &submission).await?,
        findings,
        url: (submission.state == Standing::Published).then(|| url_of(&submission.path)),
        signed_off_by: submission.signed_off_by.clone(),
        notice: match visit.notice.as_str() {
            "submitted" => app.texts.get("item.submitted").to_owned(),
            _ => String::new(),
        },
        field_names: field_names
            .map(|field| (field.name.clone(), field.label.clone()))
            .collect(),
        sheet: assess::sheet(&app, &actor, &submission).await?,
        links: share::links(&app, &actor, &submission).await?,
        link_days: share::CHOICES,
        link_usual: share::DAYS,
        may,
    };
    Ok(page(&app, Some(&actor), "item.html", &shown))
}

pub(crate) async fn step(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let message = form.get("message").trim();
    let submission = app.store.submission(&id).await?.ok_or_else(Error::not_found)?;
    let what = match form.get("do") {
        word @ ("comment" | "settle" | "reopen") => {
            if word == "comment" {
                talk::comment(&app, &actor, &submission, &form).await?;
            } else {
                talk::settle(&app, &actor, &submission, &form).await?;
            }
            return Ok(Redirect::to(&format!("/intake/items/{id}#remarks")).into_response());
        }
        "withdraw" => (Action::Edit, Step::Withdraw),
        "endorse" => {
            decisions::endorse(&app, &actor, &submission, &form).await?;
            return Ok(Redirect::to(&format!("/intake/items/{id}")).into_response());
        }
        "accept" => {
            decisions::accept(&app, &actor, &submission).await?;
            return Ok(Redirect::to(&format!("/intake/items/{id}")).into_response());
        }
        "take" => (Action::Review, Step::Take),
        "return" | "reject" if message.is_empty() => return Err(Error::invalid("wrong.reason")),
        "return" if submission.state == Standing::Submitted => (Action::Endorse, Step::Return),
        "return" => (Action::Review, Step::Return),
        "reject" => (Action::Review, Step::Reject),
        _ => return Err(Error::invalid("wrong.form")),
    };
    let with = With {
        message,
        about: talk::about(&submission, &form)?,
        ..With::default()
    };
    steps::take(&app, &actor, &id, what, with).await?;
    Ok(Redirect::to(&format!("/intake/items/{id}")).into_response())
}

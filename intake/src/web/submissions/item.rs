//! A submission as everybody sees it who may: where it is, what it says, what was said, what can be done now.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use jixia::content::Kind;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::rights::Permissions;
use crate::domain::routing::Route;
use crate::domain::submission::{Purpose, State as Standing, Version};
use crate::portal::{Finding, Snapshot};
use crate::services::checks::{Looked, Moment, checks};
use crate::services::{self, content, decision_drafts, own_drafts, sharing};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::lines::{FileLine, file_lines};
use crate::web::pages::{Page, page};
use crate::web::submissions::assess::{self, Sheet};
use crate::web::submissions::changes::{self, Difference};
use crate::web::submissions::chapters::{self, ChapterLine};
use crate::web::submissions::decision::{self, DecisionForm};
use crate::web::submissions::fields::{Shown, shown};
use crate::web::submissions::live::{self, Live};
use crate::web::submissions::opinion::{self, AskedLine};
use crate::web::submissions::share::{self, LinkLine};
use crate::web::submissions::standing::{Happening, history, name, whose_turn};
use crate::web::submissions::talk::{self, Block, Remark};

/// Where a submission stands, whoever looks.
#[derive(Serialize)]
struct Head {
    id: String,
    title: String,
    kind: String,
    purpose: String,
    is_new: bool,
    state: Standing,
    state_label: String,
    /// Who has it now, in a sentence.
    whose_turn: String,
    /// Since when it is in its state.
    since: String,
    is_overdue: bool,
    /// The last day on which its holder can be done with it in time.
    due: Option<String>,
    /// The units that have it one after another, from the one that has it on; empty where nobody comes after.
    route: Vec<Stop>,
    owner: String,
    unit: String,
    version: i64,
    /// What the forms say was decided on.
    decided_on: Version,
    /// Where it is while the server publishes it; nothing else.
    live: Option<Live>,
    url: Option<String>,
    /// When it will be public by itself, in a sentence.
    scheduled: Option<String>,
    signed_off_by: String,
}

/// A unit on the way.
#[derive(Serialize)]
struct Stop {
    unit: String,
    advises: bool,
}

#[derive(Serialize)]
struct ItemPage<'a> {
    #[serde(flatten)]
    head: Head,
    /// What the reader is asked to do; empty when nothing.
    task: String,
    /// Why the reader keeps out of deciding; empty where they do not.
    recused: String,
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
    /// Experts who are asked, for those who may know.
    asked: Vec<AskedLine>,
    history: Vec<Happening>,
    findings: Vec<Finding>,
    notice: String,
    field_names: Vec<(String, String)>,
    sheet: Option<Sheet>,
    decision: DecisionForm,
    may_remove: bool,
    may_copy: bool,
    links: Vec<LinkLine>,
    link_days: &'static [i64],
    link_usual: i64,
    /// Whether its author is to answer what others changed too.
    is_in_conflict: bool,
    may: Permissions,
}

/// A field with what was said about it.
#[derive(Serialize)]
struct Noted {
    #[serde(flatten)]
    shown: Shown,
    remarks: Vec<Remark>,
}

/// What the page is asked to say first.
#[derive(Debug, Deserialize)]
pub(crate) struct Visit {
    #[serde(default)]
    notice: String,
}

/// What somebody who may do this is asked to do.
fn task(app: &App, may: &Permissions) -> String {
    let key = match may {
        Permissions { endorse: true, .. } => "item.task-endorse",
        Permissions { opine: true, .. } => "item.task-opine",
        Permissions { pass: true, .. } => "item.task-pass",
        Permissions { accept: true, .. } => "item.task-review",
        Permissions { advise: true, .. } => "item.task-advise",
        _ => return String::new(),
    };
    app.texts.get(key).to_owned()
}

/// Why the actor keeps out of deciding although it is their unit's turn.
fn recused(app: &App, actor: &Actor, submission: &Submission) -> String {
    let ground = actor.recused(app, submission);
    ground.map_or_else(String::new, |ground| app.texts.get(ground.text()).to_owned())
}

/// Whether somebody has let it wait longer than the site wants.
fn is_overdue(submission: &Submission) -> bool {
    submission.due_at.is_some_and(|due| due <= clock::now())
}

fn route(snapshot: &Snapshot, submission: &Submission) -> Vec<Stop> {
    let route = Route::read(&submission.route);
    let stops = route.stops().iter().map(|stop| Stop {
        unit: snapshot.units.name(&stop.unit).to_owned(),
        advises: stop.advises,
    });
    if route.stops().len() > 1 {
        stops.collect()
    } else {
        Vec::new()
    }
}

async fn head(app: &App, submission: &Submission, kind: &Kind, open: usize) -> Result<Head, Error> {
    let snapshot = app.portal.snapshot();
    let (purpose, state) = (submission.purpose, submission.state);
    let text = |key: String| app.texts.get(&key).to_owned();
    let is_published = state == Standing::Published;
    let scheduled = is_published
        .then(|| snapshot.scheduled_at(&submission.path))
        .flatten();
    Ok(Head {
        id: submission.id.clone(),
        title: submission.title.clone(),
        kind: kind.label("zh-CN").to_owned(),
        purpose: text(format!("purpose.{}", purpose.name())),
        is_new: purpose == Purpose::New,
        state,
        state_label: text(format!("state.{}", state.name())),
        whose_turn: whose_turn(app, submission, open).await?,
        since: clock::written(submission.state_at, snapshot.zone()),
        is_overdue: is_overdue(submission),
        due: submission.due_at.map(|due| clock::day(due - 1, snapshot.zone())),
        route: route(&snapshot, submission),
        owner: name(app, Some(&submission.owner)).await?,
        unit: snapshot.units.name(&submission.unit).to_owned(),
        version: submission.version,
        decided_on: submission.decided_on(),
        live: Some(live::of(app, submission).await?).filter(|live| live.is_moving),
        url: (state == Standing::Published && scheduled.is_none()).then(|| snapshot.url_of(&submission.path)),
        scheduled: scheduled.map(|at| {
            let at = clock::written(at, snapshot.zone());
            app.texts.fill("item.scheduled", &[("at", &at)])
        }),
        signed_off_by: submission.signed_off_by.clone().unwrap_or_default(),
    })
}

/// What those who decide should know, while it is to be decided.
async fn findings(app: &Arc<App>, submission: &Submission) -> Result<Vec<Finding>, Error> {
    let is_decided_on = matches!(
        submission.state,
        Standing::Submitted | Standing::Endorsed | Standing::InReview
    );
    if !is_decided_on {
        return Ok(Vec::new());
    }
    match checks(app, submission, Moment::Deciding).await {
        Err(error) if error.kind == services::Kind::Busy => Ok(vec![Finding {
            message: app.texts.get("item.unchecked").to_owned(),
            ..Finding::default()
        }]),
        findings => Ok(findings?),
    }
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
    let proposed = content::proposed(&app, &submission).await?;
    let content = &proposed.content;
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
    let may = actor.permissions(&app, &submission);
    let kept = decision_drafts::kept(&app, &actor, &submission).await?;
    let shown = ItemPage {
        head: head(&app, &submission, kind, open).await?,
        task: task(&app, &may),
        recused: recused(&app, &actor, &submission),
        is_noted: remarks.iter().any(Remark::is_beside),
        fields: fields(&app, &submission, shown(&snapshot, kind, content))
            .into_iter()
            .map(noted)
            .collect(),
        blocks: talk::blocks(&submission.body, &remarks),
        chapters: chapters::lines(content, &submission.base()),
        differences: changes::differences(&app, &actor, &submission, &proposed).await?,
        files: file_lines(&app, &Looked::of(&app, &id).await?),
        open,
        asked: opinion::lines(&app, &actor, &submission).await?,
        remarks: remarks.clone(),
        history: history(&app, &submission).await?,
        findings: findings(&app, &submission).await?,
        notice: match visit.notice.as_str() {
            "submitted" => app.texts.get("item.submitted").to_owned(),
            _ => String::new(),
        },
        field_names: field_names
            .map(|field| (field.name.clone(), field.label.clone()))
            .collect(),
        sheet: assess::sheet(&app, &actor, &submission, kept.as_ref()).await?,
        may_remove: own_drafts::may_remove(&app, &actor, &submission),
        may_copy: own_drafts::may_copy(&app, &actor, &submission),
        decision: decision::form(&app, &submission, kept.as_ref(), open).await?,
        links: share::links(&app, &actor, &submission).await?,
        link_days: sharing::CHOICES,
        link_usual: sharing::DAYS,
        is_in_conflict: !proposed.conflicts.is_empty(),
        may,
    };
    Ok(page(&app, Some(&actor), "item.html", &shown))
}

/// The fields as they are shown; of a date that the server adds it is said that it is that of publication.
fn fields(app: &App, submission: &Submission, mut shown: Vec<Shown>) -> Vec<Shown> {
    let is_open = !matches!(
        submission.state,
        Standing::Accepted | Standing::Merged | Standing::Published
    );
    if is_open && content::is_date_added(&app.portal.snapshot(), submission) {
        for field in shown.iter_mut().filter(|field| field.name == "date") {
            field.value = app.texts.fill("item.date-open", &[("date", &field.value)]);
        }
    }
    shown
}

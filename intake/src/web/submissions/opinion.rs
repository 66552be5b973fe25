//! Experts: asked by a reviewer before the decision, they see what is assigned to them and say what they think of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::opinion::Verdict;
use crate::domain::policy::Action;
use crate::domain::submission::Version;
use crate::services::assignment;
use crate::services::decision_drafts::{self, Sent};
use crate::services::submission::find_for;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::again;
use crate::web::submissions::decision::{self, DecisionForm};

#[derive(Serialize)]
struct OpinionPage {
    id: String,
    title: String,
    version: Version,
    verdicts: Vec<(&'static str, String)>,
    /// The last day for it, in a sentence.
    due: Option<String>,
    /// What was chosen and typed, and not sent.
    verdict: String,
    decision: DecisionForm,
}

/// An expert who is asked, for those who may know.
#[derive(Serialize)]
pub(crate) struct AskedLine {
    #[serde(skip)]
    pub(crate) expert: String,
    #[serde(skip)]
    pub(crate) is_awaited: bool,
    name: String,
    asked_by: String,
    asked_at: String,
    /// The last day for it.
    due: Option<String>,
    is_late: bool,
    verdict: String,
    said_at: Option<String>,
}

/// The experts who are asked about a submission.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn lines(
    app: &App,
    actor: &Actor,
    submission: &Submission,
) -> Result<Vec<AskedLine>, Error> {
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let line = |asked: assignment::Asked| {
        let key = match asked.verdict {
            None => "opinion.awaited".to_owned(),
            Some(verdict) => format!("opinion.{}", verdict.name()),
        };
        AskedLine {
            is_awaited: asked.verdict.is_none(),
            is_late: asked.verdict.is_none() && asked.due_at.is_some_and(|due| due <= now),
            verdict: app.texts.get(&key).to_owned(),
            asked_at: clock::written(asked.asked_at, snapshot.zone()),
            due: asked.due_at.map(|due| clock::day(due - 1, snapshot.zone())),
            said_at: asked.said_at.map(|at| clock::written(at, snapshot.zone())),
            expert: asked.expert,
            name: asked.name,
            asked_by: asked.asked_by,
        }
    };
    let asked = assignment::asked(app, actor, submission).await?;
    Ok(asked.into_iter().map(line).collect())
}

/// Asks an expert.
pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let asked = (form.get("expert"), form.get("due"));
    let done = assignment::ask(&app, &actor, &id, form.version(), asked).await;
    let (address, next) = (
        format!("/intake/items/{id}/experts"),
        format!("/intake/items/{id}/reviewer"),
    );
    again::answer(&app, &actor, &id, (&address, &form), done, &next).await
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Page, Error> {
    let submission = find_for(&app, &actor, &id, Action::Advise).await?;
    let verdict = |verdict: &Verdict| {
        let name = verdict.name();
        (name, app.texts.get(&format!("opinion.{name}")).to_owned())
    };
    let due = assignment::due(&app, &actor, &id).await?;
    let due = due.map(|due| clock::day(due - 1, app.portal.snapshot().zone()));
    let kept = decision_drafts::kept(&app, &actor, &submission).await?;
    let chosen = kept.as_ref().and_then(|kept| kept.value("verdict"));
    let shown = OpinionPage {
        due: due.map(|due| app.texts.fill("opinion.until", &[("due", &due)])),
        verdict: chosen.unwrap_or_default().to_owned(),
        decision: decision::form(&app, &submission, kept.as_ref(), 0).await?,
        id,
        version: submission.decided_on(),
        title: submission.title,
        verdicts: Verdict::ALL.iter().map(verdict).collect(),
    };
    Ok(page(&app, Some(&actor), "opinion.html", &shown))
}

/// Says what an expert thinks.
pub(crate) async fn say(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let said = (form.get("verdict"), form.get("message"));
    let done = assignment::advise(&app, &actor, &id, form.version(), said).await;
    if done.is_ok() {
        decision_drafts::forget(&app, &actor, &id, Sent::All).await?;
    }
    let (address, next) = (
        format!("/intake/items/{id}/opinion"),
        format!("/intake/items/{id}#remarks"),
    );
    again::answer(&app, &actor, &id, (&address, &form), done, &next).await
}

//! A reviewer gives what is under review to a colleague of the same unit.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::domain::submission::{State as Standing, Step};
use crate::jobs::notices;
use crate::store::{Account, Submission};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::opinion;

#[derive(Serialize)]
struct AssignPage {
    id: String,
    title: String,
    colleagues: Vec<(String, String)>,
    reviewer: String,
    experts: Vec<(String, String)>,
    asked: Vec<Asked>,
}

/// An expert who was asked, and what came of it.
#[derive(Serialize)]
struct Asked {
    name: String,
    verdict: String,
}

/// Whether an account can be given a submission: somebody of the unit whose turn it is who may decide on it.
fn can_be_given(app: &App, account: &Account, submission: &Submission) -> bool {
    let (holder, unit) = (submission.holder.as_str(), submission.unit.as_str());
    account.is_active()
        && account.unit == holder
        && account.id != submission.owner
        && notices::decides(app, account.role(), holder, unit, Standing::InReview)
}

/// The submission, if the actor may decide on it and it is under review or waits for that.
pub(crate) async fn find(app: &App, actor: &Actor, id: &str) -> Result<Submission, Error> {
    let submission = app.store.submission(id).await?.ok_or_else(Error::not_found)?;
    actor.must(app, Action::Review, &submission).await?;
    match submission.state {
        Standing::Endorsed | Standing::InReview => Ok(submission),
        _ => Err(Error::not_now()),
    }
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Page, Error> {
    let submission = find(&app, &actor, &id).await?;
    let accounts = app.store.accounts().await?;
    // Oneself takes an item on its own page.
    let colleagues = accounts
        .iter()
        .filter(|account| can_be_given(&app, account, &submission) && account.id != actor.account.id);
    let mut asked = Vec::new();
    let mut awaited = Vec::new();
    for assignment in app.store.assignments(&id).await? {
        let expert = accounts.iter().find(|account| account.id == assignment.expert);
        let key = match assignment.verdict {
            None => "opinion.awaited".to_owned(),
            Some(verdict) => format!("opinion.{}", verdict.name()),
        };
        if assignment.verdict.is_none() {
            awaited.push(assignment.expert.clone());
        }
        asked.push(Asked {
            name: expert.map(|expert| expert.name.clone()).unwrap_or_default(),
            verdict: app.texts.get(&key).to_owned(),
        });
    }
    let experts = accounts.iter().filter(|account| {
        opinion::can_be_asked(&app, account, &submission) && !awaited.contains(&account.id)
    });
    let line = |account: &Account| (account.id.clone(), account.name.clone());
    let shown = AssignPage {
        id,
        title: submission.title.clone(),
        colleagues: colleagues.map(line).collect(),
        experts: experts.map(line).collect(),
        asked,
        reviewer: submission.reviewer,
    };
    Ok(page(&app, Some(&actor), "assign.html", &shown))
}

pub(crate) async fn give(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let known = find(&app, &actor, &id).await?;
    let colleague = app.store.account(form.get("reviewer")).await?;
    let colleague = colleague.filter(|account| can_be_given(&app, account, &known));
    let colleague = colleague.ok_or(Error::invalid("assign.bad-who"))?;
    let now = clock::now();
    let mut change = app.store.change().await?;
    // Again within the transaction: somebody may have decided since.
    let mut submission = change.submission(&id).await?.ok_or_else(Error::not_found)?;
    if !actor.may(&app, Action::Review, &submission) || submission.holder != known.holder {
        return Err(Error::not_now());
    }
    match submission.state {
        Standing::InReview => {}
        state => {
            let state = state.after(Step::Take).map_err(|_| Error::not_now())?;
            submission.state = state;
            submission.state_at = now;
        }
    }
    submission.updated_at = now;
    submission.reviewer.clone_from(&colleague.id);
    change.put_submission(&submission).await?;
    let detail = format!("account/{}", colleague.id);
    change
        .record(&actor.event("assign", &submission.subject(), &detail))
        .await?;
    notices::of_assignment(&app, &mut change, &colleague.id, &actor.account.id, &id, now).await?;
    change.commit().await?;
    app.bells.ring();
    Ok(Redirect::to(&format!("/intake/items/{id}")).into_response())
}

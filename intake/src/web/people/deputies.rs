//! An admin who is away names somebody to decide in their place.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::{Action, may_stand_in};
use crate::domain::reminders::DAY;
use crate::store::{Account, Deputy};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::{clock, ids};

/// Nobody is away for longer; a successor is another account.
const MOST_DAYS: i64 = 92;

#[derive(Serialize)]
struct DeputiesPage {
    candidates: Vec<(String, String)>,
    deputies: Vec<DeputyLine>,
    today: String,
    problem: String,
}

#[derive(Serialize)]
struct DeputyLine {
    id: String,
    name: String,
    begins: String,
    ends: String,
}

fn may_be_deputy(app: &App, actor: &Actor, account: &Account) -> bool {
    let units = &app.portal.snapshot().units;
    let standing = units.scope(&actor.account.unit, &account.unit, false);
    let right_above = units.above(&actor.account.unit).next();
    let is_right_above = right_above.is_some_and(|unit| unit.id == account.unit);
    account.is_active()
        && account.id != actor.account.id
        && may_stand_in(account.role(), standing, is_right_above)
}

async fn deputies_page(app: &App, actor: &Actor, problem: &str) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let label = |account: &Account| format!("{}（{}）", account.name, snapshot.units.name(&account.unit));
    let accounts = app.store.accounts().await?;
    let candidates = accounts
        .iter()
        .filter(|account| may_be_deputy(app, actor, account));
    let line = |deputy: Deputy| DeputyLine {
        name: accounts
            .iter()
            .find(|account| account.id == deputy.deputy)
            .map(label)
            .unwrap_or_default(),
        begins: clock::day(deputy.begins_at, snapshot.zone()),
        // The moment itself is not included.
        ends: clock::day(deputy.ends_at - 1, snapshot.zone()),
        id: deputy.id,
    };
    let deputies = app.store.deputies_of(&actor.account.id, clock::now()).await?;
    let shown = DeputiesPage {
        candidates: candidates
            .map(|account| (account.id.clone(), label(account)))
            .collect(),
        deputies: deputies.into_iter().map(line).collect(),
        today: app.today(),
        problem: problem.to_owned(),
    };
    Ok(page(app, Some(actor), "deputies.html", &shown))
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    must_answer(&app, &actor).await?;
    deputies_page(&app, &actor, "").await
}

/// Deputies are named by those who answer for their unit.
async fn must_answer(app: &App, actor: &Actor) -> Result<(), Error> {
    actor
        .must_in(app, Action::ManageAccounts, &actor.account.unit)
        .await
}

pub(crate) async fn name(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    must_answer(&app, &actor).await?;
    let account = app.store.account(form.get("deputy")).await?;
    let account = account.filter(|account| may_be_deputy(&app, &actor, account));
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let begins_at = clock::start_of(form.get("begins"), 0, snapshot.zone());
    let ends_at = clock::start_of(form.get("ends"), 1, snapshot.zone());
    let span = begins_at.zip(ends_at).filter(|(begins_at, ends_at)| {
        ends_at > begins_at
            && *ends_at > now
            && *begins_at > now - DAY
            && ends_at - now.min(*begins_at) <= MOST_DAYS * DAY
    });
    let (Some(account), Some((begins_at, ends_at))) = (&account, span) else {
        let key = match account {
            None => "deputies.bad-who",
            Some(_) => "deputies.bad-days",
        };
        let shown = deputies_page(&app, &actor, app.texts.get(key)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    };
    let deputy = Deputy {
        id: ids::name(),
        principal: actor.account.id.clone(),
        deputy: account.id.clone(),
        begins_at,
        ends_at,
        made_at: now,
    };
    let detail = format!(
        "account/{} {} – {}",
        account.id,
        form.get("begins"),
        form.get("ends")
    );
    let mut change = app.store.change().await?;
    change.add_deputy(&deputy).await?;
    change
        .record(&actor.event("deputy-named", &format!("account/{}", actor.account.id), &detail))
        .await?;
    change.commit().await?;
    Ok(Redirect::to("/intake/deputies").into_response())
}

pub(crate) async fn end(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, .. }: Signed<Form>,
) -> Result<Response, Error> {
    must_answer(&app, &actor).await?;
    let mut change = app.store.change().await?;
    if !change.end_deputy(&id, &actor.account.id, clock::now()).await? {
        return Err(Error::not_found());
    }
    change
        .record(&actor.event("deputy-ended", &format!("account/{}", actor.account.id), &id))
        .await?;
    change.commit().await?;
    Ok(Redirect::to("/intake/deputies").into_response())
}

//! An admin who is away names somebody to decide in their place.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::services::{Kind, deputies};
use crate::store::{Account, Deputy};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

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

async fn deputies_page(app: &App, actor: &Actor, problem: &str) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let label = |account: &Account| format!("{}（{}）", account.name, snapshot.units.name(&account.unit));
    let accounts = app.store.accounts().await?;
    let candidates = accounts
        .iter()
        .filter(|account| deputies::can_be_deputy(app, actor, account));
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
    deputies::must_answer(&app, &actor).await?;
    deputies_page(&app, &actor, "").await
}

pub(crate) async fn name(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let days = (form.get("begins"), form.get("ends"));
    match deputies::name(&app, &actor, form.get("deputy"), days).await {
        Err(error) if error.kind == Kind::Invalid => {
            let shown = deputies_page(&app, &actor, app.texts.get(error.key)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        done => Ok(done.map(|()| Redirect::to("/intake/deputies").into_response())?),
    }
}

pub(crate) async fn end(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, .. }: Signed<Form>,
) -> Result<Response, Error> {
    deputies::end(&app, &actor, &id).await?;
    Ok(Redirect::to("/intake/deputies").into_response())
}

//! One's own account: password, sessions; and the links that open an account.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::agents;
use crate::domain::notices::Notices;
use crate::domain::typed;
use crate::services::account::{self, Wanted};
use crate::services::{self, Kind, sessions};
use crate::web::actor::{Actor, cookies};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::{Anonymous, Signed};
use crate::web::source::Caller;

#[derive(Serialize)]
struct AccountPage {
    login: String,
    sessions: Vec<SessionLine>,
    problem: String,
    notice: String,
    email: String,
    notices: Vec<(&'static str, String, bool)>,
}

#[derive(Serialize)]
struct SessionLine {
    token: String,
    agent: String,
    since: String,
    seen: String,
    is_this: bool,
}

async fn account_page(app: &App, actor: &Actor, problem: &str, notice: &str) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let sessions = app
        .store
        .sessions(&actor.account.id)
        .await?
        .into_iter()
        .map(|session| SessionLine {
            is_this: session.token == actor.session.token,
            agent: agents::named(&session.agent),
            since: clock::written(session.created_at, snapshot.zone()),
            seen: clock::written(session.seen_at, snapshot.zone()),
            token: session.token,
        });
    let chosen = app.store.notices(&actor.account.id).await?;
    let choice = |choice: &Notices| {
        let name = choice.name();
        let label = app.texts.get(&format!("account.notices-{name}")).to_owned();
        (name, label, *choice == chosen)
    };
    let shown = AccountPage {
        email: actor.account.email.clone().unwrap_or_default(),
        notices: Notices::ALL.iter().map(choice).collect(),
        login: actor.account.login.clone(),
        sessions: sessions.collect(),
        problem: problem.to_owned(),
        notice: notice.to_owned(),
    };
    Ok(page(app, Some(actor), "account.html", &shown))
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    account_page(&app, &actor, "", "").await
}

/// The page after something was done, or with what was wrong with what was typed.
async fn answer(
    app: &App,
    actor: &Actor,
    done: Result<(), services::Error>,
    notice: &str,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(account_page(app, actor, "", app.texts.get(notice))
            .await?
            .into_response()),
        Err(error) if error.kind == Kind::Invalid => {
            let shown = account_page(app, actor, app.texts.get(error.key), "").await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A new password as a form has it.
pub(crate) fn wanted(form: &Form) -> Wanted<'_> {
    Wanted {
        password: form.get("password"),
        again: form.get("again"),
    }
}

pub(crate) async fn change_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let (old, new) = (form.get("old"), wanted(&form));
    let done = account::change_password(&app, &actor, (&actor.session, caller.place()), old, new).await;
    answer(&app, &actor, done, "account.changed").await
}

/// Where one is reached by mail, and with what.
pub(crate) async fn set_notices(
    State(app): State<Arc<App>>,
    Signed { mut actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let email = typed::filled(form.get("email"));
    let notices = Notices::from_name(form.get("notices")).ok_or_else(|| Error::invalid("wrong.form"))?;
    let done = account::set_notices(&app, &actor, email.as_deref(), notices).await;
    if done.is_ok() {
        actor.by.account.email = email;
    }
    answer(&app, &actor, done, "account.kept").await
}

pub(crate) async fn end_session(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    sessions::end(&app, &actor, form.get("token")).await?;
    Ok(Redirect::to("/intake/account").into_response())
}

#[derive(Serialize)]
struct OpenPage {
    token: String,
    name: String,
    login: String,
    problem: String,
}

async fn open_page(app: &App, token: String, problem: &str) -> Result<Page, Error> {
    let account = account::invited(app, &token).await?;
    let shown = OpenPage {
        token,
        name: account.name,
        login: account.login,
        problem: problem.to_owned(),
    };
    Ok(page(app, None, "open.html", &shown))
}

pub(crate) async fn show_open(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Page, Error> {
    open_page(&app, token, "").await
}

pub(crate) async fn open(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    caller: Caller,
    Anonymous(form): Anonymous,
) -> Result<Response, Error> {
    match account::open(&app, &token, wanted(&form), caller.place()).await {
        Ok(Some(begun)) => Ok((cookies(&app, &begun), Redirect::to("/intake/")).into_response()),
        Ok(None) => Ok(Redirect::to("/intake/sign-in").into_response()),
        Err(error) if error.kind == Kind::Invalid => {
            let shown = open_page(&app, token, app.texts.get(error.key)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

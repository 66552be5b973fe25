//! Signing in and out. What somebody typed before the session ended is carried through.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::services::sessions::{self, Begun};
use crate::services::sign_in::{self, Step};
use crate::services::{self, Kind};
use crate::store::Account;
use crate::web::actor::{Actor, cookies, no_session, origin, session_of};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::held::{SignInPage, safe};
use crate::web::pages::page;
use crate::web::signed::{Anonymous, Signed};
use crate::web::source::Caller;

/// Where to go after signing in.
#[derive(Debug, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Option<Actor>,
    Query(Next { next }): Query<Next>,
) -> Result<Response, Error> {
    if actor.is_some() {
        return Ok(Redirect::to(&safe(&next)).into_response());
    }
    let shown = SignInPage {
        next: safe(&next),
        ..SignInPage::default()
    };
    Ok(page(&app, None, "sign-in.html", &shown).into_response())
}

#[derive(Serialize)]
struct HeldPage {
    next: String,
    pairs: Vec<(String, String)>,
}

#[derive(Serialize)]
struct CodePage {
    token: String,
    next: String,
    held: String,
    problem: String,
}

pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    caller: Caller,
    Anonymous(form): Anonymous,
) -> Result<Response, Error> {
    let (login, next, held) = (form.get("login").trim(), safe(form.get("next")), form.get("held"));
    match sign_in::with_password(&app, login, form.get("password"), caller.place()).await {
        Ok(Step::In(account, begun)) => go_in(&app, *account, *begun, &headers, next, held).await,
        Ok(Step::Code(token)) => {
            let shown = CodePage {
                token,
                next,
                held: held.to_owned(),
                problem: String::new(),
            };
            Ok(page(&app, None, "code.html", &shown).into_response())
        }
        Err(error) if error.kind == Kind::Forbidden => {
            let shown = SignInPage {
                next,
                held: held.to_owned(),
                login: login.to_owned(),
                problem: app.texts.get(error.key).to_owned(),
            };
            Ok((StatusCode::FORBIDDEN, page(&app, None, "sign-in.html", &shown)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Hands the session over, and goes where one wanted to go.
async fn go_in(
    app: &App,
    account: Account,
    begun: Begun,
    headers: &HeaderMap,
    next: String,
    held: &str,
) -> Result<Response, Error> {
    // A browser has one session: what somebody left open in it ends.
    if let Some(secret) = session_of(app, headers)
        && let Some((former, session)) = sessions::find(app, &secret).await?
    {
        sessions::leave(app, &former, &session).await?;
    }
    let cookies = cookies(app, &begun);
    if held.is_empty() {
        return Ok((cookies, Redirect::to(&next)).into_response());
    }
    let shown = HeldPage {
        next,
        pairs: Form::unpack(held).pairs,
    };
    let by = services::Actor::of(app, account).await?;
    let actor = Actor {
        tasks: services::desk::tasks(app, &by).await?,
        by,
        session: begun.session,
        origin: origin(app, headers),
    };
    Ok((cookies, page(app, Some(&actor), "held.html", &shown)).into_response())
}

/// The second step.
pub(crate) async fn enter_code(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    caller: Caller,
    Anonymous(form): Anonymous,
) -> Result<Response, Error> {
    let (token, next, held) = (form.get("token"), safe(form.get("next")), form.get("held"));
    match sign_in::with_code(&app, token, form.get("code"), caller.place()).await {
        Ok((account, begun)) => go_in(&app, account, begun, &headers, next, held).await,
        Err(error) if error.kind == Kind::Forbidden => {
            let shown = CodePage {
                token: token.to_owned(),
                next,
                held: held.to_owned(),
                problem: app.texts.get(error.key).to_owned(),
            };
            Ok((StatusCode::FORBIDDEN, page(&app, None, "code.html", &shown)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    Signed { actor, .. }: Signed<Form>,
) -> Result<Response, Error> {
    sessions::leave(&app, &actor, &actor.session).await?;
    Ok((no_session(&app), Redirect::to("/intake/sign-in")).into_response())
}

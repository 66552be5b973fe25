//! Signing in and out. What somebody typed before the session ended is carried through.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::audit::Event;
use crate::domain::password;
use crate::services::{self, passwords};
use crate::store::{Account, Change, Session};
use crate::web::actor::{Actor, agent_of, origin, session_cookie};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::held::{SignInPage, safe};
use crate::web::pages::page;
use crate::web::people::totp;
use crate::web::signed::{Anonymous, Signed};
use crate::{clock, ids};

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

pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Anonymous(form): Anonymous,
) -> Result<Response, Error> {
    let (login, next, held) = (form.get("login").trim(), safe(form.get("next")), form.get("held"));
    match check(&app, login, form.get("password")).await? {
        Ok(account) if account.totp.is_none() => go_in(&app, account, &headers, next, held).await,
        Ok(account) => ask_code(&app, &account, next, held).await,
        Err(key) => {
            let shown = SignInPage {
                next,
                held: held.to_owned(),
                login: login.to_owned(),
                problem: app.texts.get(key).to_owned(),
            };
            Ok((StatusCode::FORBIDDEN, page(&app, None, "sign-in.html", &shown)).into_response())
        }
    }
}

/// Begins the session, and goes where one wanted to go.
async fn go_in(
    app: &App,
    account: Account,
    headers: &HeaderMap,
    next: String,
    held: &str,
) -> Result<Response, Error> {
    let (secret, session) = begin(app, &account, agent_of(headers)).await?;
    let cookie = session_cookie(app, Some(&secret));
    if held.is_empty() {
        return Ok((cookie, Redirect::to(&next)).into_response());
    }
    let shown = HeldPage {
        next,
        pairs: Form::unpack(held).pairs,
    };
    let actor = Actor {
        by: services::Actor::of(app, account).await?,
        session,
        origin: origin(app, headers),
    };
    Ok((cookie, page(app, Some(&actor), "held.html", &shown)).into_response())
}

#[derive(Serialize)]
struct CodePage {
    token: String,
    next: String,
    held: String,
    problem: String,
}

/// How long the second step is awaited.
const CODE_MILLISECONDS: i64 = 300_000;

/// Asks for the second step.
async fn ask_code(app: &App, account: &Account, next: String, held: &str) -> Result<Response, Error> {
    let (token, now) = (ids::secret(), clock::now());
    let mut change = app.store.change().await?;
    change
        .challenge(
            &ids::fingerprint(&token),
            &account.id,
            now,
            now + CODE_MILLISECONDS,
        )
        .await?;
    change.commit().await?;
    let shown = CodePage {
        token,
        next,
        held: held.to_owned(),
        problem: String::new(),
    };
    Ok(page(app, None, "code.html", &shown).into_response())
}

/// The second step. Wrong ones count as wrong passwords do.
pub(crate) async fn enter_code(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Anonymous(form): Anonymous,
) -> Result<Response, Error> {
    let (token, next, now) = (form.get("token"), safe(form.get("next")), clock::now());
    let kept = ids::fingerprint(token);
    let refused = |key: &str, token: &str| {
        let shown = CodePage {
            token: token.to_owned(),
            next: next.clone(),
            held: form.get("held").to_owned(),
            problem: app.texts.get(key).to_owned(),
        };
        Ok((StatusCode::FORBIDDEN, page(&app, None, "code.html", &shown)).into_response())
    };
    let mut change = app.store.change().await?;
    // Read within the turn: guesses that come side by side are counted one after another.
    let Some(account) = app.store.challenged(&kept, now).await? else {
        return Err(Error::invalid("totp.step_gone"));
    };
    if account.refused_until > Some(now) {
        return refused("sign_in.later", token);
    }
    let taken = totp::take(&mut change, &account, form.get("code"), now).await?;
    match taken {
        Some(_) => {
            change.set_failures(&account.id, 0, None).await?;
            change.end_challenge(&kept).await?;
        }
        None => fail(&mut change, &account, now).await?,
    }
    let event = Event {
        at: now,
        actor: Some(account.id.clone()),
        action: taken.unwrap_or("sign-in-failed").to_owned(),
        subject: format!("account/{}", account.id),
        detail: String::new(),
    };
    change.record(&event).await?;
    change.commit().await?;
    if taken.is_none() {
        return refused("totp.wrong", token);
    }
    go_in(&app, account, &headers, next.clone(), form.get("held")).await
}

/// Counts a wrong password or one-time password; many in a row begin a delay.
async fn fail(change: &mut Change<'_>, account: &Account, now: i64) -> Result<(), Error> {
    let failures = account.failures + 1;
    let refused_until = match password::delay(failures) {
        0 => None,
        seconds => Some(now + seconds * 1000),
    };
    change.set_failures(&account.id, failures, refused_until).await?;
    Ok(())
}

/// Checks a password, or says with the key of a text why not. An unknown login takes as long as a wrong password and
/// is answered alike.
async fn check(app: &App, login: &str, given: &str) -> Result<Result<Account, &'static str>, Error> {
    let account = app
        .store
        .account_of_login(login)
        .await?
        .filter(|account| account.is_active() || account.is_pending());
    let now = clock::now();
    if account
        .as_ref()
        .is_some_and(|account| account.refused_until > Some(now))
    {
        return Ok(Err("sign_in.later"));
    }
    let (hash, given) = (
        account
            .as_ref()
            .and_then(|account| account.password.clone())
            .unwrap_or_default(),
        given.to_owned(),
    );
    let is_right = given.len() <= password::LONGEST && passwords::verify(app, given, hash).await?;
    let Some(account) = account else {
        return Ok(Err("sign_in.wrong"));
    };
    let mut change = app.store.change().await?;
    let (action, result) = if is_right {
        if account.is_pending() {
            return Ok(Err("sign_in.pending"));
        }
        if account.totp.is_none() {
            change.set_failures(&account.id, 0, None).await?;
            ("sign-in", Ok(()))
        } else {
            // Failures stay until the second step: else each right password would buy more guesses at it.
            ("password-right", Ok(()))
        }
    } else {
        fail(&mut change, &account, now).await?;
        ("sign-in-failed", Err("sign_in.wrong"))
    };
    let event = Event {
        at: now,
        actor: Some(account.id.clone()),
        action: action.to_owned(),
        subject: format!("account/{}", account.id),
        detail: String::new(),
    };
    change.record(&event).await?;
    change.commit().await?;
    Ok(result.map(|()| account))
}

/// Begins a session; gives the secret of its cookie.
pub(crate) async fn begin(app: &App, account: &Account, agent: String) -> Result<(String, Session), Error> {
    let (secret, now) = (ids::secret(), clock::now());
    let session = Session {
        token: ids::fingerprint(&secret),
        account: account.id.clone(),
        csrf: ids::secret(),
        agent,
        created_at: now,
        seen_at: now,
    };
    let sessions = &app.config.sessions;
    let (longest, idle) = (
        i64::from(sessions.longest_hours) * 3_600_000,
        i64::from(sessions.idle_minutes) * 60_000,
    );
    let mut change = app.store.change().await?;
    change.forget_sessions(now - longest, now - idle).await?;
    change.add_session(&session).await?;
    change.commit().await?;
    Ok((secret, session))
}

pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    Signed { actor, .. }: Signed<Form>,
) -> Result<Response, Error> {
    let mut change = app.store.change().await?;
    change
        .end_session(&actor.account.id, &actor.session.token)
        .await?;
    change
        .record(&actor.event("sign-out", &format!("account/{}", actor.account.id), ""))
        .await?;
    change.commit().await?;
    Ok((session_cookie(&app, None), Redirect::to("/intake/sign-in")).into_response())
}

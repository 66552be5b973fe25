//! One's own account: password, sessions; and the links that open an account.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::agents;
use crate::domain::audit::Event;
use crate::domain::notices::Notices;
use crate::domain::password;
use crate::mail::is_address;
use crate::services::passwords;
use crate::web::actor::{Actor, agent_of, session_cookie};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::people::sign_in;
use crate::web::signed::{Anonymous, Signed};
use crate::{clock, ids};

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
        email: actor.account.email.clone(),
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

/// The key of a text that says why a new password is not taken.
pub(crate) fn password_problem(form: &Form, login: &str) -> Option<String> {
    if form.get("password") != form.get("again") {
        return Some("account.differ".to_owned());
    }
    password::problem(form.get("password"), login).map(|problem| format!("account.{problem}"))
}

pub(crate) async fn change_password(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let is_right = passwords::verify(
        &app,
        form.get("old").to_owned(),
        actor.account.password.clone().unwrap_or_default(),
    )
    .await?;
    let problem = if is_right {
        password_problem(&form, &actor.account.login)
    } else {
        Some("account.old-wrong".to_owned())
    };
    if let Some(problem) = problem {
        let shown = account_page(&app, &actor, app.texts.get(&problem), "").await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let hash = passwords::hash(&app, form.get("password")).await?;
    let mut change = app.store.change().await?;
    change.set_password(&actor.account.id, &hash).await?;
    // Whoever else knows the old password is out.
    change.end_sessions(&actor.account.id).await?;
    change.add_session(&actor.session).await?;
    change
        .record(&actor.event("password", &format!("account/{}", actor.account.id), ""))
        .await?;
    change.commit().await?;
    Ok(account_page(&app, &actor, "", app.texts.get("account.changed"))
        .await?
        .into_response())
}

/// Where one is reached by mail, and with what.
pub(crate) async fn set_notices(
    State(app): State<Arc<App>>,
    Signed { mut actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let email = form.get("email").trim();
    let notices = Notices::from_name(form.get("notices")).ok_or_else(|| Error::invalid("wrong.form"))?;
    if !(email.is_empty() || is_address(email)) {
        let shown = account_page(&app, &actor, app.texts.get("account.bad-email"), "").await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let mut change = app.store.change().await?;
    change.set_notices(&actor.account.id, notices, email).await?;
    change
        .record(&actor.event(
            "notices",
            &format!("account/{}", actor.account.id),
            notices.name(),
        ))
        .await?;
    change.commit().await?;
    email.clone_into(&mut actor.by.account.email);
    let shown = account_page(&app, &actor, "", app.texts.get("account.kept")).await?;
    Ok(shown.into_response())
}

pub(crate) async fn end_session(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let mut change = app.store.change().await?;
    change.end_session(&actor.account.id, form.get("token")).await?;
    change
        .record(&actor.event("session-ended", &format!("account/{}", actor.account.id), ""))
        .await?;
    change.commit().await?;
    Ok(Redirect::to("/intake/account").into_response())
}

#[derive(Serialize)]
struct OpenPage {
    token: String,
    name: String,
    login: String,
    problem: String,
}

pub(crate) async fn show_open(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Page, Error> {
    let account = app.store.invited(&ids::fingerprint(&token), clock::now()).await?;
    let account = account.ok_or(Error::invalid("wrong.link"))?;
    let shown = OpenPage {
        token,
        name: account.name,
        login: account.login,
        problem: String::new(),
    };
    Ok(page(&app, None, "open.html", &shown))
}

pub(crate) async fn open(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Anonymous(form): Anonymous,
) -> Result<Response, Error> {
    let (kept, now) = (ids::fingerprint(&token), clock::now());
    let account = app
        .store
        .invited(&kept, now)
        .await?
        .ok_or(Error::invalid("wrong.link"))?;
    if let Some(problem) = password_problem(&form, &account.login) {
        let shown = OpenPage {
            token,
            name: account.name,
            login: account.login,
            problem: app.texts.get(&problem).to_owned(),
        };
        return Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            page(&app, None, "open.html", &shown),
        )
            .into_response());
    }
    let hash = passwords::hash(&app, form.get("password")).await?;
    let mut change = app.store.change().await?;
    if !change.use_invitation(&kept, now).await? {
        return Err(Error::invalid("wrong.link"));
    }
    change.set_password(&account.id, &hash).await?;
    change.end_sessions(&account.id).await?;
    let event = Event {
        at: now,
        actor: Some(account.id.clone()),
        action: "opened".to_owned(),
        subject: format!("account/{}", account.id),
        detail: String::new(),
    };
    change.record(&event).await?;
    change.commit().await?;
    if account.totp.is_some() {
        // A link stands for the password, not for the second step.
        return Ok(Redirect::to("/intake/sign-in").into_response());
    }
    let (secret, _) = sign_in::begin(&app, &account, agent_of(&headers)).await?;
    Ok((session_cookie(&app, Some(&secret)), Redirect::to("/intake/")).into_response())
}

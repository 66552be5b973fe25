//! Who asks: the session cookie, and what its account may do.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use cookie::time::Duration;

use crate::app::App;
use crate::domain::guessing::KNOWN_FOR;
use crate::ids;
use crate::services::sessions::Begun;
use crate::services::{self, desk, sessions, totp};
use crate::store::{Session, Tasks};
use crate::web::error::{Error, SET_UP, SIGN_OUT};

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub(crate) by: services::Actor,
    pub(crate) session: Session,
    /// How much there is to do for them.
    pub(crate) tasks: Tasks,
    /// Scheme and host under which the browser knows the server.
    pub(crate) origin: String,
}

/// The cookie of the session.
const SESSION: &str = "jixia-session";
/// The cookie by which a browser is known when the session has ended.
const DEVICE: &str = "jixia-device";
/// Over HTTPS they bear the prefix that makes browsers keep them to this host and path.
const SAFE: &str = "__Host-";
/// Milliseconds.
const HOUR: i64 = 3_600_000;

/// Whatever a service asks of somebody who acts.
impl Deref for Actor {
    type Target = services::Actor;

    fn deref(&self) -> &services::Actor {
        &self.by
    }
}

impl Actor {
    /// Refuses a request that does not carry this session's secret.
    pub(crate) fn check_csrf(&self, given: &str) -> Result<(), Error> {
        if ids::same_secret(given, &self.session.csrf) {
            Ok(())
        } else {
            Err(Error::Stale)
        }
    }

    /// Refuses whoever must set up the second step first, but where that is done and where one leaves.
    fn must_be_set_up(&self, app: &App, path: &str) -> Result<(), Error> {
        let is_missing = totp::is_required(app, &self.account) && self.account.totp.is_none();
        if is_missing && ![SET_UP, SIGN_OUT].contains(&path) {
            Err(Error::SetUp)
        } else {
            Ok(())
        }
    }
}

/// The name of a cookie.
fn named(app: &App, name: &'static str) -> Cow<'static, str> {
    if app.config.server.https {
        format!("{SAFE}{name}").into()
    } else {
        name.into()
    }
}

/// The value of a cookie.
fn cookie_of(app: &App, headers: &HeaderMap, name: &'static str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(&named(app, name)).map(|cookie| cookie.value().to_owned())
}

/// The secret of the session that a browser has, or had.
pub(crate) fn session_of(app: &App, headers: &HeaderMap) -> Option<String> {
    cookie_of(app, headers, SESSION)
}

/// What a browser was given at an earlier sign-in.
pub(crate) fn device_of(app: &App, headers: &HeaderMap) -> Option<String> {
    cookie_of(app, headers, DEVICE)
}

fn cookie(app: &App, name: &'static str, value: &str, hours: i64) -> CookieJar {
    let cookie = Cookie::build((named(app, name), value.to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.server.https)
        .max_age(Duration::hours(hours));
    CookieJar::new().add(cookie)
}

/// What gives a browser a session, and lets it be known when that has ended.
pub(crate) fn cookies(app: &App, begun: &Begun) -> (CookieJar, CookieJar) {
    let longest = i64::from(app.config.sessions.longest_hours);
    (
        cookie(app, DEVICE, &begun.device, KNOWN_FOR / HOUR),
        cookie(app, SESSION, &begun.secret, longest),
    )
}

/// What takes the session away from a browser.
pub(crate) fn no_session(app: &App) -> CookieJar {
    cookie(app, SESSION, "", 0)
}

/// Whoever is signed in, and far enough to come to an address: there is no other way to an [`Actor`] of a request.
///
/// # Errors
/// The second step must be set up before.
pub(crate) async fn admitted(app: &App, headers: &HeaderMap, path: &str) -> Result<Option<Actor>, Error> {
    let found = find(app, headers).await?;
    if let Some(actor) = &found {
        actor.must_be_set_up(app, path)?;
    }
    Ok(found)
}

async fn find(app: &App, headers: &HeaderMap) -> Result<Option<Actor>, Error> {
    let Some(secret) = cookie_of(app, headers, SESSION) else {
        return Ok(None);
    };
    let Some((by, session)) = sessions::find(app, &secret).await? else {
        return Ok(None);
    };
    Ok(Some(Actor {
        tasks: desk::tasks(app, &by).await?,
        by,
        origin: origin(app, headers),
        session,
    }))
}

/// Scheme and host under which a request came, for links that are given to somebody.
pub(crate) fn origin(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let scheme = if app.config.server.https { "https" } else { "http" };
    format!("{scheme}://{}", host.unwrap_or_default())
}

impl FromRequestParts<Arc<App>> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let found = admitted(app, &parts.headers, parts.uri.path()).await?;
        // After signing in one comes back to a page, not to where bytes are asked for.
        let next = match parts.method {
            Method::GET => parts
                .uri
                .path_and_query()
                .map_or("/intake/", |path| path.as_str()),
            _ => "/intake/",
        };
        found.ok_or_else(|| Error::SignIn(next.to_owned()))
    }
}

impl OptionalFromRequestParts<Arc<App>> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Self>, Error> {
        admitted(app, &parts.headers, parts.uri.path()).await
    }
}

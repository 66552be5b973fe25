//! What makes a request one that may change something. A handler gets a form as [`Signed`], which has checked that the
//! request carries the secret of the session that it comes with, or, before there is a session, as [`Anonymous`].

use std::future::Future;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Method};

use crate::app::App;
use crate::web::actor::{self, Actor};
use crate::web::error::Error;
use crate::web::form::{Form, Incoming, SECRET};
use crate::web::source::Source;
use crate::web::{held, limits};

/// The header with the session's secret, for requests that are no forms.
const SECRET_HEADER: &str = "x-csrf";
/// A form with one of these is not kept until its sender has signed in: a page would hold a secret.
const NEVER_HELD: [&str; 5] = ["password", "old", "secret", "code", "token"];

/// A request of somebody who is signed in, with the secret of their session: no other site and no old page made it.
pub(crate) struct Signed<T> {
    pub(crate) actor: Actor,
    pub(crate) form: T,
}

/// A form of somebody who is not signed in yet.
pub(crate) struct Anonymous(pub(crate) Form);

/// What can be sent with the secret of a session.
pub(crate) trait Sendable: Sized {
    /// Reads as much as it takes to know the secret, and gives both.
    fn read(app: &Arc<App>, request: Request) -> impl Future<Output = Result<(Self, String), Error>> + Send;

    /// The answer to somebody who is not signed in.
    fn unsigned(app: &Arc<App>, request: Request) -> impl Future<Output = Error> + Send {
        hold(app, request)
    }
}

impl<T: Sendable> FromRequest<Arc<App>> for Signed<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let path = request.uri().path().to_owned();
        let Some(actor) = actor::admitted(app, request.headers(), &path).await? else {
            return Err(T::unsigned(app, request).await);
        };
        limits::of_account(app, &actor.account.id)?;
        let (form, secret) = T::read(app, request).await?;
        actor.check_csrf(&secret)?;
        Ok(Self { actor, form })
    }
}

impl FromRequest<Arc<App>> for Anonymous {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let source = Source::of(app, request.headers(), request.extensions());
        limits::of_entering(app, request.uri().path(), &source)?;
        let incoming = Incoming::begin(app, request).await?;
        Ok(Self(incoming.text().await?))
    }
}

impl Sendable for Form {
    async fn read(app: &Arc<App>, request: Request) -> Result<(Self, String), Error> {
        let incoming = Incoming::begin(app, request).await?;
        let form = incoming.text().await?;
        let secret = form.get(SECRET).to_owned();
        Ok((form, secret))
    }
}

impl Sendable for Incoming {
    async fn read(app: &Arc<App>, request: Request) -> Result<(Self, String), Error> {
        let incoming = Self::begin(app, request).await?;
        let secret = incoming.secret().to_owned();
        Ok((incoming, secret))
    }
}

/// A request that is no form, such as a piece of a file: nothing of its body was read.
impl Sendable for Request {
    async fn read(_: &Arc<App>, request: Request) -> Result<(Self, String), Error> {
        let secret = request.headers().get(SECRET_HEADER);
        let secret = secret.and_then(|secret| secret.to_str().ok());
        let secret = secret.unwrap_or_default().to_owned();
        Ok((request, secret))
    }

    async fn unsigned(_: &Arc<App>, _: Request) -> Error {
        Error::SignIn("/intake/".to_owned())
    }
}

/// Keeps what was typed before the session ended; its files are sent again afterwards.
async fn hold(app: &Arc<App>, request: Request) -> Error {
    if is_script(request.headers()) {
        return Error::SignInForScript;
    }
    let path = request.uri().path().to_owned();
    if *request.method() != Method::POST {
        return Error::SignIn("/intake/".to_owned());
    }
    let incoming = match Incoming::begin(app, request).await {
        Ok(incoming) => incoming,
        Err(error) => return error,
    };
    match incoming.text().await {
        Ok(form) if can_be_held(&form) => Error::Held(Box::new(held::page_of(app, &path, &form))),
        Ok(_) => Error::SignIn("/intake/".to_owned()),
        Err(error) => error,
    }
}

/// Whether something was typed that can be kept on a page.
fn can_be_held(form: &Form) -> bool {
    let mut names = form.pairs.iter().map(|(name, _)| name.as_str());
    names.clone().any(|name| name != SECRET) && !names.any(|name| NEVER_HELD.contains(&name))
}

/// Whether the page's script asks, which wants to know and not to see.
pub(crate) fn is_script(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accepted == Some("application/json")
}

//! Refusals as responses. The only place that knows which status a refusal has.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use crate::services::{self, Kind};
use crate::web::page::Page;

/// Where the second step of signing in is set up; roles that must have it come to nothing else before.
pub(crate) const SET_UP: &str = "/intake/account/totp";

/// Where one signs out.
pub(crate) const SIGN_OUT: &str = "/intake/sign-out";

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) enum Error {
    /// One must sign in; the address to come back to.
    SignIn(String),
    /// One must sign in, and the page's script, which shows no page, is told so.
    SignInForScript,
    /// One must sign in; the page keeps what was typed until then.
    Held(Box<Page>),
    /// One must set up the second step of signing in.
    SetUp,
    /// The form is older than the session, or not of this site.
    Stale,
    /// What was asked for was refused.
    Refused(services::Error),
}

/// Whatever fails below fails the server; [`Error::into_response`] writes the reason to the log.
impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        Self::internal(error)
    }
}

impl From<services::Error> for Error {
    fn from(error: services::Error) -> Self {
        Self::Refused(error)
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self::Refused(kind.into())
    }
}

impl Error {
    /// There is no such thing, or the actor may not know of it.
    pub(crate) fn not_found() -> Self {
        Kind::NotFound.into()
    }

    /// Too much at once.
    pub(crate) fn too_many() -> Self {
        Kind::TooMany.into()
    }

    /// Too many bytes.
    pub(crate) fn too_large() -> Self {
        Kind::TooLarge.into()
    }

    /// What was sent cannot be taken; `key` names the text that says why.
    pub(crate) fn invalid(key: &'static str) -> Self {
        services::Error::invalid(key).into()
    }

    /// The server failed.
    pub(crate) fn internal(reason: impl std::fmt::Display) -> Self {
        services::Error::internal(reason).into()
    }

    /// Writes the reason to the log if the server failed.
    pub(crate) fn log(&self) {
        if let Self::Refused(error) = self
            && error.kind == Kind::Internal
        {
            tracing::error!(reason = error.reason, "a request failed");
        }
    }

    /// The key of the text that says what is wrong.
    pub(crate) fn text(&self) -> &'static str {
        match self {
            Self::SignIn(_) | Self::SignInForScript | Self::Held(_) => "wrong.sign-in",
            Self::SetUp => "totp.required",
            Self::Stale => "wrong.stale",
            Self::Refused(error) => error.key,
        }
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Outdated | Kind::NotNow => StatusCode::CONFLICT,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An error on its way out: the guard makes the page, which needs texts and the address that was asked.
#[derive(Debug)]
pub(crate) struct ErrorPage {
    /// The key of the text that says what is wrong.
    pub(crate) key: &'static str,
    /// Where it is wrong and how to mend it, each in a sentence.
    pub(crate) hints: Vec<String>,
}

impl ErrorPage {
    fn response(self, status: StatusCode) -> Response {
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let key = self.text();
        match self {
            Self::SignIn(next) => {
                let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
                Redirect::to(&format!("/intake/sign-in?next={next}")).into_response()
            }
            Self::SignInForScript => {
                (StatusCode::UNAUTHORIZED, Json(json!({ "problem": "sign-in" }))).into_response()
            }
            Self::Held(page) => (StatusCode::UNAUTHORIZED, *page).into_response(),
            Self::SetUp => Redirect::to(SET_UP).into_response(),
            Self::Stale => ErrorPage {
                key,
                hints: Vec::new(),
            }
            .response(StatusCode::FORBIDDEN),
            Self::Refused(error) => {
                let hints = error.hints;
                ErrorPage { key, hints }.response(status(error.kind))
            }
        }
    }
}

/// The page with the form that was sent to an address; empty where that is not known, or the address is a page.
pub(crate) fn page_of(path: &str) -> &str {
    let lists = [
        "/intake/queue",
        "/intake/people",
        "/intake/problems",
        "/intake/entries",
        "/intake/account",
        "/intake/site",
    ];
    let is_below = |list: &&str| path.strip_prefix(*list).is_some_and(|rest| rest.starts_with('/'));
    if let Some(list) = lists.iter().find(|list| is_below(list)) {
        return list;
    }
    let item = path.strip_prefix("/intake/items/");
    let rest = item.and_then(|item| item.split_once('/')).map(|(_, rest)| rest);
    rest.and_then(|rest| path.strip_suffix(rest))
        .map_or("", |page| page.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn a_mistake_leads_back_to_the_form() {
        for (path, page) in [
            ("/intake/items/abc/step", "/intake/items/abc"),
            ("/intake/items/abc/chapters/one.md", "/intake/items/abc"),
            ("/intake/items/abc", ""),
            ("/intake/queue/many", "/intake/queue"),
            ("/intake/people/xyz", "/intake/people"),
            ("/intake/peoples", ""),
            ("/intake/nothing", ""),
            ("/", ""),
        ] {
            assert_eq!(page_of(path), page, "{path}");
        }
    }
}

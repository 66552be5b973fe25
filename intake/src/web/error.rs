//! What goes wrong, as a page.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::web::actor::SET_UP;
use crate::web::pages::message_page;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) enum Error {
    /// There is no such thing, or the actor may not know of it.
    NotFound,
    /// The actor may not do that.
    Refused,
    /// One must sign in; the address to come back to.
    SignIn(String),
    /// One must set up the second step of signing in.
    SetUp,
    /// The form is older than the session, or not of this site.
    Stale,
    /// The thing is in a state in which that cannot be done.
    NotNow,
    /// The request makes no sense; the key of a text says why.
    Bad(&'static str),
    /// Too much at once.
    TooMany,
    /// Too many bytes.
    TooLarge,
    /// The server failed.
    Internal(String),
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        Self::Internal(error.to_string())
    }
}

impl Error {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Refused | Self::Stale => StatusCode::FORBIDDEN,
            Self::SignIn(_) | Self::SetUp => StatusCode::SEE_OTHER,
            Self::NotNow => StatusCode::CONFLICT,
            Self::Bad(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of the text that says what is wrong.
    pub(crate) fn text(&self) -> &'static str {
        match self {
            Self::NotFound => "wrong.not-found",
            Self::Refused => "wrong.refused",
            Self::SignIn(_) => "wrong.sign-in",
            Self::SetUp => "totp.required",
            Self::Stale => "wrong.stale",
            Self::NotNow => "wrong.not-now",
            Self::Bad(key) => key,
            Self::TooMany => "wrong.too-many",
            Self::TooLarge => "wrong.too-large",
            Self::Internal(_) => "wrong.internal",
        }
    }
}

/// A mistake on its way out: [`crate::web::guard`] makes the page, which needs templates.
#[derive(Debug, Clone)]
pub(crate) struct ErrorPage(pub(crate) &'static str);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::SignIn(next) = &self {
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            return Redirect::to(&format!("/intake/sign-in?next={next}")).into_response();
        }
        if matches!(self, Self::SetUp) {
            return Redirect::to(SET_UP).into_response();
        }
        if let Self::Internal(reason) = &self {
            tracing::error!(reason, "a request failed");
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(ErrorPage(self.text()));
        response
    }
}

/// The page with the form that was sent to an address; empty where that is not known, or the address is a page.
fn page_of(path: &str) -> &str {
    let lists = [
        "/intake/queue",
        "/intake/people",
        "/intake/problems",
        "/intake/entries",
        "/intake/account",
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

/// Puts the page of a mistake in the place of an empty answer.
pub(crate) fn with_page(app: &Arc<App>, response: Response, path: &str) -> Response {
    let Some(ErrorPage(key)) = response.extensions().get::<ErrorPage>().cloned() else {
        return response;
    };
    let status = response.status();
    (status, message_page(app, key, page_of(path))).into_response()
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

//! Links that show a submission, as it will look, to somebody without an account. They expire, can be revoked, and end
//! with the submission.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::clock;
use crate::domain::policy::Action;
use crate::services::sharing;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::giving;
use crate::web::form::Form;
use crate::web::guard::FILE_POLICY;
use crate::web::pages::page;
use crate::web::signed::Signed;
use crate::web::submissions::again;
use crate::web::submissions::changes::{PREVIEW_POLICY, rendered};
use crate::web::submissions::standing::name;

/// A link as the item's page lists it.
#[derive(Debug, Serialize)]
pub(crate) struct LinkLine {
    id: String,
    author: String,
    until: String,
    is_open: bool,
}

/// The links of a submission for those who may make some.
pub(crate) async fn links(app: &App, actor: &Actor, submission: &Submission) -> Result<Vec<LinkLine>, Error> {
    let mut lines = Vec::new();
    if !actor.may(app, Action::Share, submission) {
        return Ok(lines);
    }
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    for link in app.store.preview_links(&submission.id).await? {
        lines.push(LinkLine {
            author: name(app, Some(&link.author)).await?,
            until: clock::written(link.expires_at, snapshot.zone()),
            is_open: link.is_open(now) && !submission.state.is_over(),
            id: link.id,
        });
    }
    Ok(lines)
}

#[derive(Serialize)]
struct SharedPage {
    id: String,
    title: String,
    link: String,
    until: String,
}

/// Makes a link, which is shown once, or revokes one.
pub(crate) async fn act(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    if form.get("do") == "revoke" {
        sharing::revoke(&app, &actor, &id, form.get("link")).await?;
        return Ok(Redirect::to(&format!("/intake/items/{id}#links")).into_response());
    }
    let days = form.get("days").parse().unwrap_or(sharing::DAYS);
    let made = match sharing::share(&app, &actor, &id, form.version(), days).await {
        Ok(made) => made,
        Err(error) => {
            let address = format!("/intake/items/{id}/links");
            return again::refuse(&app, &actor, &id, (&address, &form), error).await;
        }
    };
    let shown = SharedPage {
        link: format!("{}/intake/shared/{}", actor.origin, made.secret),
        until: clock::written(made.expires_at, app.portal.snapshot().zone()),
        title: made.title,
        id,
    };
    Ok(page(&app, Some(&actor), "shared.html", &shown).into_response())
}

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Neither kept, nor indexed, nor told to whoever is linked from there.
fn discreet(response: &mut Response, policy: &'static str) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (ROBOTS, "noindex, nofollow"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, policy),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// A page whose addresses of some files, below `published`, lead below `link` instead: files that are not published yet are
/// had through the link.
fn through_link(html: &str, published: &str, files: &BTreeSet<String>, link: &str) -> String {
    let mut parts = html.split(published);
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // `ab/abcd…/name`: the first two digits, and all of them.
        let sha256 = part.get(3..).and_then(|rest| rest.split('/').next());
        match sha256.filter(|sha256| files.contains(*sha256)) {
            Some(_) => page.extend([link, &part[3..]]),
            None => page.extend([published, part]),
        }
    }
    page
}

/// The page of a link.
pub(crate) async fn show(State(app): State<Arc<App>>, Path(secret): Path<String>) -> Result<Response, Error> {
    let (document, files) = sharing::shown(&app, &secret).await?;
    let html = rendered(&app, document, "").await?;
    let html = String::from_utf8_lossy(&html);
    let published = format!("{}/files/", app.portal.snapshot().config().base_path());
    let html = through_link(
        &html,
        &published,
        &files,
        &format!("/intake/shared/{secret}/files/"),
    );
    let mut response = ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    discreet(&mut response, PREVIEW_POLICY);
    Ok(response)
}

/// A file of what a link shows.
pub(crate) async fn file(
    State(app): State<Arc<App>>,
    Path((secret, sha256, _)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Error> {
    let given = sharing::file(&app, &secret, &sha256).await?;
    let mut response = giving::answer(given, request).await?;
    discreet(&mut response, FILE_POLICY);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_submission_are_had_through_its_link() {
        let files = BTreeSet::from(["abcd".to_owned()]);
        let cases = [
            (
                "<a href=\"/p/files/ab/abcd/课.mp4\">",
                "<a href=\"/link/abcd/课.mp4\">",
            ),
            (
                "/p/files/ab/abcd/x /p/files/ab/abcd/y",
                "/link/abcd/x /link/abcd/y",
            ),
            ("/p/files/ee/eeee/x", "/p/files/ee/eeee/x"),
            ("/p/files/", "/p/files/"),
            ("/p/files/课", "/p/files/课"),
            ("正文", "正文"),
        ];
        for (html, expected) in cases {
            assert_eq!(through_link(html, "/p/files/", &files, "/link/"), expected);
        }
    }
}

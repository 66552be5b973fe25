//! Links that show a submission, as it will look, to somebody without an account. They expire, can be revoked, and end
//! with the submission.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::clock;
use crate::domain::merge::Fields;
use crate::domain::policy::Action;
use crate::services::sharing;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::uploads::serve_file;
use crate::web::form::Form;
use crate::web::guard::FILE_POLICY;
use crate::web::pages::page;
use crate::web::signed::Signed;
use crate::web::submissions::again;
use crate::web::submissions::changes::{PREVIEW_POLICY, rendered};
use crate::web::submissions::item::name;

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
            author: name(app, &link.author).await?,
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

/// Checksums and media types of the files in a content.
fn files_in(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if let Some(sha256) = fields.get("sha256").and_then(Value::as_str) {
                let media_type = fields.get("media_type").and_then(Value::as_str);
                found.push((sha256.to_owned(), media_type.unwrap_or_default().to_owned()));
            }
            fields.values().for_each(|value| files_in(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| files_in(item, found)),
        _ => {}
    }
}

fn files_of(content: Fields) -> Vec<(String, String)> {
    let mut found = Vec::new();
    files_in(&Value::Object(content), &mut found);
    found
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

/// The page of a link.
pub(crate) async fn show(State(app): State<Arc<App>>, Path(secret): Path<String>) -> Result<Response, Error> {
    let (content, document) = sharing::shown(&app, &secret).await?;
    let html = rendered(&app, document, "").await?;
    let mut html = String::from_utf8_lossy(&html).into_owned();
    let snapshot = app.portal.snapshot();
    let base = snapshot.config().base_path();
    // Files that are not published yet are had through the link.
    for (sha256, _) in files_of(content) {
        let published = format!("{base}/files/{}/{sha256}/", sha256.get(..2).unwrap_or_default());
        html = html.replace(&published, &format!("/intake/shared/{secret}/files/{sha256}/"));
    }
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
    let (content, _) = sharing::shown(&app, &secret).await?;
    let (_, media_type) = files_of(content)
        .into_iter()
        .find(|(known, _)| *known == sha256)
        .ok_or_else(Error::not_found)?;
    let path = app.blobs.path(&sha256).ok_or_else(Error::not_found)?;
    let mut response = serve_file(&path, &media_type, request).await?;
    discreet(&mut response, FILE_POLICY);
    Ok(response)
}

//! What a submission changes: against what is published, and against what a reviewer saw last; in words and as pages.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jixia::content::Kind;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::difference::{Piece, folded, pieces};
use crate::domain::merge::{BODY, Fields};
use crate::domain::policy::Action;
use crate::portal::{Document, Snapshot};
use crate::services::blocking::looking;
use crate::services::content::{self, Proposed, SIGNED_OFF};
use crate::store::{Edition, Submission};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::submissions::fields::shown;

/// A field that differs.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    label: String,
    pieces: Vec<Piece>,
    /// It differs in what its words do not show, such as the bytes of a file.
    is_replaced: bool,
}

/// Everything that differs between two contents.
#[derive(Debug, Serialize)]
pub(crate) struct Difference {
    /// `published`, `seen` or `shown`.
    of: &'static str,
    /// What the preview of the earlier one is asked for with.
    before: String,
    /// The submission's version that is compared with; 0 for what is published.
    version: i64,
    fields: Vec<Changed>,
    body: Vec<Piece>,
    body_changed: bool,
    /// Labels of fields that somebody else has changed since, in another way.
    conflicts: Vec<String>,
}

/// The edition that an actor saw last: the one that the actor's unit gave back, else the one before this.
async fn seen(app: &App, actor: &Actor, submission: &Submission) -> Result<Option<Edition>, Error> {
    let mut editions = app.store.editions(&submission.id).await?;
    editions.retain(|edition| edition.version < submission.version);
    let returned = editions
        .iter()
        .position(|edition| edition.returned_by.as_ref() == Some(&actor.account.unit));
    Ok(editions.into_iter().nth(returned.unwrap_or(0)))
}

fn difference(snapshot: &Snapshot, kind: &Kind, before: &Fields, after: &Fields) -> Difference {
    let (old, new) = (shown(snapshot, kind, before), shown(snapshot, kind, after));
    let mut fields = Vec::new();
    let names = kind.fields.iter().filter(|field| field.name != SIGNED_OFF);
    for field in names.filter(|field| before.get(&field.name) != after.get(&field.name)) {
        let words = |all: &[crate::web::submissions::fields::Shown]| {
            let known = all.iter().find(|shown| shown.name == field.name);
            known.map(|shown| shown.value.clone()).unwrap_or_default()
        };
        let (old, new) = (words(&old), words(&new));
        fields.push(Changed {
            label: field.label.clone(),
            is_replaced: old == new,
            pieces: pieces(&old, &new),
        });
    }
    let body = |fields: &Fields| {
        let body = fields.get(BODY).and_then(serde_json::Value::as_str);
        body.unwrap_or_default().trim().to_owned()
    };
    let (old, new) = (body(before), body(after));
    Difference {
        of: "published",
        before: "published".to_owned(),
        version: 0,
        fields,
        body_changed: old != new,
        body: if old == new {
            Vec::new()
        } else {
            folded(pieces(&old, &new))
        },
        conflicts: Vec::new(),
    }
}

/// What the actor should know has changed.
pub(crate) async fn differences(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    proposed: &Proposed,
) -> Result<Vec<Difference>, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let mut found = Vec::new();
    if let Some(edition) = seen(app, actor, submission).await? {
        let files = app.store.uploads(&submission.id).await?;
        let now = content::said(&snapshot, submission, &files)?;
        let difference = difference(&snapshot, kind, &edition.content(), &now);
        found.push(Difference {
            of: "seen",
            before: "seen".to_owned(),
            version: edition.version,
            ..difference
        });
    }
    if let Some(published) = &proposed.published {
        let difference = difference(&snapshot, kind, published, &proposed.content);
        found.push(Difference {
            conflicts: proposed.conflicts.clone(),
            ..difference
        });
    }
    Ok(found)
}

/// What differs between a version that somebody was shown and the submission as it is handed in now. Returns `None` if
/// that is the same version.
pub(crate) async fn since(
    app: &App,
    submission: &Submission,
    version: i64,
) -> Result<Option<Difference>, Error> {
    if version == submission.version {
        return Ok(None);
    }
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let editions = app.store.editions(&submission.id).await?;
    let of = |version: i64| editions.iter().find(|edition| edition.version == version);
    let (Some(shown), Some(now)) = (of(version), of(submission.version)) else {
        return Ok(None);
    };
    Ok(Some(Difference {
        of: "shown",
        before: format!("edition&version={version}"),
        version,
        ..difference(&snapshot, kind, &shown.content(), &now.content())
    }))
}

/// Which of a submission's contents is wanted as a page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    /// `published`, `seen` or `edition`; as it is to be published otherwise.
    #[serde(default)]
    of: String,
    /// Which edition.
    #[serde(default)]
    version: i64,
    /// File of a chapter; empty for the entry itself.
    #[serde(default)]
    chapter: String,
}

/// The portal's own page of a submission. It may use the portal's styles and files, and run no script.
pub(crate) const PREVIEW_POLICY: &str = "default-src 'self'; script-src 'none'; object-src 'none'; \
    style-src 'self' 'unsafe-inline'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// The page of a document, or of one of its chapters, as the portal would show it.
pub(crate) async fn rendered(app: &Arc<App>, document: Document, chapter: &str) -> Result<Vec<u8>, Error> {
    let (shared, chapter) = (Arc::clone(app), chapter.to_owned());
    let html = looking(app, move |stop| shared.portal.preview(&document, &chapter, stop)).await??;
    html.ok_or(Error::invalid("wrong.no-preview"))
}

pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Error> {
    let submission = app.store.submission(&id).await?.ok_or_else(Error::not_found)?;
    actor.must(&app, Action::Read, &submission).await?;
    let snapshot = app.portal.snapshot();
    let files = app.store.uploads(&submission.id).await?;
    let document = match which.of.as_str() {
        "published" => {
            let published = content::proposed(&app, &submission).await?.published;
            content::document(&snapshot, &submission, &published.ok_or_else(Error::not_found)?)?
        }
        "seen" => {
            let edition = seen(&app, &actor, &submission)
                .await?
                .ok_or_else(Error::not_found)?;
            content::of_edition(&snapshot, &submission, &edition, &files)?.1
        }
        "edition" => {
            let editions = app.store.editions(&submission.id).await?;
            let mut editions = editions.iter();
            let edition = editions.find(|edition| edition.version == which.version);
            let edition = edition.ok_or_else(Error::not_found)?;
            content::of_edition(&snapshot, &submission, edition, &files)?.1
        }
        _ => content::proposed(&app, &submission).await?.document,
    };
    let html = rendered(&app, document, &which.chapter).await?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, PREVIEW_POLICY),
    ];
    Ok((headers, html).into_response())
}

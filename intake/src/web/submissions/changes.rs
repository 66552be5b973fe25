//! What a submission changes: against what is published, and against what a reviewer saw last; in words and as pages.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jixia::content::Kind;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::difference::{Piece, folded, pieces};
use crate::domain::merge::{BODY, Fields, three_way};
use crate::domain::policy::Action;
use crate::domain::submission::Purpose;
use crate::portal::{Added, Document, Snapshot, compose_whole};
use crate::store::{Edition, Submission, Upload};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::submissions::fields::shown;
use crate::web::submissions::item::content;

/// Who signed off is said anew with each submission; that it differs is no change of the content.
const SIGNED_OFF: &str = "signed_off_by";

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
    /// `published` or `seen`; what the preview of the earlier one is called.
    of: &'static str,
    /// The submission's version that is compared with; 0 for what is published.
    version: i64,
    fields: Vec<Changed>,
    body: Vec<Piece>,
    body_changed: bool,
    /// Labels of fields that somebody else has changed since, in another way.
    conflicts: Vec<String>,
}

/// The content of a submission by itself, without what the server adds.
pub(crate) fn said(app: &App, submission: &Submission, files: &[Upload]) -> Result<Fields, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let (fields, added) = (submission.fields(), Added::default());
    Ok(compose_whole(
        snapshot.schema(),
        kind,
        &fields,
        &submission.body,
        files,
        &added,
    ))
}

/// What is published at the place of an edit, what will be once the edit is merged, and which fields are in the way.
struct Merged {
    published: Fields,
    proposed: Fields,
    conflicts: Vec<String>,
}

async fn merged(app: &Arc<App>, submission: &Submission, kind: &Kind) -> Result<Option<Merged>, Error> {
    let (ours, _) = content(app, submission).await?;
    let (shared, path) = (Arc::clone(app), submission.path.clone());
    let declared = kind.clone();
    let read = tokio::task::spawn_blocking(move || shared.portal.published(&declared, &path)).await?;
    let Some(published) = read.map_err(|error| Error::internal(error.to_string()))? else {
        return Ok(None);
    };
    let mut base = submission.base();
    match published.get(SIGNED_OFF) {
        Some(leader) => base.insert(SIGNED_OFF.to_owned(), leader.clone()),
        None => base.shift_remove(SIGNED_OFF),
    };
    let (proposed, conflicts) = match three_way(&base, &published, &ours) {
        Ok(merged) => (merged, Vec::new()),
        Err(conflicts) => {
            let label = |name: String| kind.field(&name).map_or(name, |field| field.label.clone());
            let fields = conflicts.into_iter().map(|conflict| label(conflict.field));
            (ours, fields.map(|field| field.replace(BODY, "正文")).collect())
        }
    };
    Ok(Some(Merged {
        published,
        proposed,
        conflicts,
    }))
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
) -> Result<Vec<Difference>, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let mut found = Vec::new();
    if let Some(edition) = seen(app, actor, submission).await? {
        let now = said(app, submission, &app.store.uploads(&submission.id).await?)?;
        let difference = difference(&snapshot, kind, &edition.content(), &now);
        found.push(Difference {
            of: "seen",
            version: edition.version,
            ..difference
        });
    }
    // Once it is published there is nothing left to compare with.
    if submission.purpose != Purpose::New
        && !submission.state.is_over()
        && let Some(merged) = merged(app, submission, kind).await?
    {
        let difference = difference(&snapshot, kind, &merged.published, &merged.proposed);
        found.push(Difference {
            conflicts: merged.conflicts,
            ..difference
        });
    }
    Ok(found)
}

/// Which of a submission's contents is wanted as a page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    /// `published`, `proposed` or `seen`; as it is now otherwise.
    #[serde(default)]
    of: String,
    /// File of a chapter; empty for the entry itself.
    #[serde(default)]
    chapter: String,
}

/// The portal's own page of a submission. It may use the portal's styles and files, and run no script.
pub(crate) const PREVIEW_POLICY: &str = "default-src 'self'; script-src 'none'; style-src 'self' 'unsafe-inline'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// The page of a document, or of one of its chapters, as the portal would show it.
pub(crate) async fn rendered(app: &Arc<App>, document: Document, chapter: &str) -> Result<Vec<u8>, Error> {
    let (shared, chapter) = (Arc::clone(app), chapter.to_owned());
    let html = tokio::task::spawn_blocking(move || shared.portal.preview(&document, &chapter)).await??;
    html.ok_or(Error::invalid("wrong.no-preview"))
}

/// An edition as a file, with what the server adds to it.
pub(crate) fn document_of(app: &App, submission: &Submission, kind: &Kind, edition: &Edition) -> Document {
    let mut content = edition.content();
    if kind.field("date").is_some() && submission.purpose == Purpose::New && !content.contains_key("date") {
        content.insert("date".to_owned(), app.today().into());
    }
    if kind.field("unit").is_some() && kind.abilities.unit.is_none() {
        content.insert("unit".to_owned(), submission.unit.clone().into());
    }
    let snapshot = app.portal.snapshot();
    Document::whole(
        snapshot.schema(),
        &submission.path,
        kind,
        &content,
        &submission.base(),
    )
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
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let document = match which.of.as_str() {
        "published" | "proposed" => {
            let merged = merged(&app, &submission, kind)
                .await?
                .ok_or_else(Error::not_found)?;
            let is_published = which.of == "published";
            let content = if is_published {
                merged.published
            } else {
                merged.proposed
            };
            Document::whole(
                snapshot.schema(),
                &submission.path,
                kind,
                &content,
                &submission.base(),
            )
        }
        "seen" => {
            let edition = seen(&app, &actor, &submission)
                .await?
                .ok_or_else(Error::not_found)?;
            document_of(&app, &submission, kind, &edition)
        }
        _ => content(&app, &submission).await?.1,
    };
    let html = rendered(&app, document, &which.chapter).await?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, PREVIEW_POLICY),
    ];
    Ok((headers, html).into_response())
}

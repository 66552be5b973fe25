//! The chapters of a course: added, ordered and removed on the form of the course, each filled in on a page of its own.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Redirect, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::App;
use crate::clock;
use crate::domain::merge::{BODY, Fields};
use crate::portal::chapters::{self, MOST, PREFIX};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::uploads;
use crate::web::form::{Form, Incoming};
use crate::web::pages::{Page, page};
use crate::web::signed::{Signed, is_script};
use crate::web::submissions::checks::Looked;
use crate::web::submissions::edit::{FileLine, app_time, editable, file_lines};
use crate::web::submissions::fields::{Source, Widget, widgets};

/// A chapter in a list.
#[derive(Debug, Serialize)]
pub(crate) struct ChapterLine {
    file: String,
    title: String,
    body: String,
    is_changed: bool,
}

/// The chapters of a content, next to what was published.
pub(crate) fn lines(content: &Fields, base: &Fields) -> Vec<ChapterLine> {
    let text = |chapter: &Fields, name: &str| {
        chapter
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let line = |(file, chapter): (&str, &Fields)| ChapterLine {
        file: file.to_owned(),
        title: text(chapter, "title"),
        body: text(chapter, BODY),
        is_changed: !base.is_empty()
            && base.get(&format!("{PREFIX}{file}")).and_then(Value::as_object) != Some(chapter),
    };
    chapters::chapters(content).map(line).collect()
}

/// Does what a button of the list of chapters says: `add`, `up:FILE`, `down:FILE`, `remove:FILE`, `edit:FILE`. Gives where
/// to go then.
pub(crate) async fn act(app: &Arc<App>, actor: &Actor, id: &str, what: &str) -> Result<String, Error> {
    let (verb, file) = what.split_once(':').unwrap_or((what, ""));
    if verb == "edit" {
        return Ok(address(id, file));
    }
    let mut change = app.store.change().await?;
    let mut submission = change.submission(id).await?.ok_or_else(Error::not_found)?;
    check(app, actor, &submission)?;
    let mut fields = submission.fields();
    let mut place = format!("/intake/items/{id}/edit#chapters");
    match verb {
        "add" if chapters::chapters(&fields).count() >= MOST => return Err(Error::invalid("wrong.chapters")),
        "add" => {
            let name = chapters::new_name(&fields, &submission.base());
            fields.insert(format!("{PREFIX}{name}"), json!({}));
            place = address(id, &name);
        }
        "up" => chapters::arrange(&mut fields, file, -1),
        "down" => chapters::arrange(&mut fields, file, 1),
        "remove" => chapters::arrange(&mut fields, file, 0),
        _ => return Err(Error::invalid("wrong.form")),
    }
    put(&mut submission, &fields)?;
    change.put_submission(&submission).await?;
    change.commit().await?;
    Ok(place)
}

fn address(id: &str, file: &str) -> String {
    let file: String = form_urlencoded::byte_serialize(file.as_bytes()).collect();
    format!("/intake/items/{id}/chapters/{}", file.replace('+', "%20"))
}

/// Somebody may have decided since the page was shown.
fn check(app: &App, actor: &Actor, submission: &Submission) -> Result<(), Error> {
    let is_open = submission.state.is_open_to_author();
    let may = actor.may(app, crate::domain::policy::Action::Edit, submission);
    let has_chapters = app
        .portal
        .snapshot()
        .kind(&submission.kind)
        .is_some_and(|kind| kind.children.is_some());
    if is_open && may && has_chapters {
        Ok(())
    } else {
        Err(Error::not_now())
    }
}

fn put(submission: &mut Submission, fields: &Fields) -> Result<(), Error> {
    submission.fields = serde_json::to_string(fields)?;
    submission.revision += 1;
    submission.updated_at = clock::now();
    Ok(())
}

#[derive(Serialize)]
struct ChapterPage {
    id: String,
    file: String,
    course: String,
    title: String,
    revision: i64,
    body: String,
    /// What was said is about the course as a whole and stands on its form.
    remarks: Vec<String>,
    first: Vec<Widget>,
    more: Vec<Widget>,
    files: Vec<FileLine>,
    notice: String,
    file_mb: u64,
    accept: String,
}

/// What a visit was sent along with.
#[derive(Debug, Deserialize)]
pub(crate) struct Visit {
    #[serde(default)]
    notice: String,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, file)): Path<(String, String)>,
    Query(visit): Query<Visit>,
) -> Result<Page, Error> {
    let submission = editable(&app, &actor, &id).await?;
    check(&app, &actor, &submission)?;
    let notice = if visit.notice == "saved" {
        app.texts.get("edit.saved")
    } else {
        ""
    };
    show_form(&app, &actor, &submission, &file, notice.to_owned()).await
}

async fn show_form(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    file: &str,
    notice: String,
) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let child = chapters::kind_of_chapters(snapshot.schema(), kind).ok_or_else(Error::not_found)?;
    let fields = submission.fields();
    let chapter = fields.get(&format!("{PREFIX}{file}")).and_then(Value::as_object);
    let chapter = chapter.ok_or_else(Error::not_found)?;
    let looked = Looked::of(app, &submission.id).await?;
    let source = Source {
        snapshot: &snapshot,
        unit: &submission.unit,
        uploads: &looked.uploads,
        findings: &[],
    };
    let (first, more) = widgets(&source, child, chapter);
    let text = |name: &str| {
        chapter
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let shown = ChapterPage {
        id: submission.id.clone(),
        file: file.to_owned(),
        course: submission.title.clone(),
        title: text("title"),
        revision: submission.revision,
        body: text(BODY),
        remarks: Vec::new(),
        first,
        more,
        files: file_lines(app, &looked),
        notice,
        file_mb: app.config.limits.file_mb,
        accept: uploads::EXTENSIONS.join(","),
    };
    Ok(page(app, Some(actor), "chapter.html", &shown))
}

pub(crate) async fn save(
    State(app): State<Arc<App>>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
    Signed { actor, form }: Signed<Incoming>,
) -> Result<Response, Error> {
    let is_script = is_script(&headers);
    let submission = editable(&app, &actor, &id).await?;
    check(&app, &actor, &submission)?;
    let (form, refused) = uploads::receive_form(&app, &actor, &submission, form).await?;
    let (submission, is_kept) = keep(&app, &actor, &id, &file, &form).await?;
    if is_script {
        let answer = json!({ "revision": submission.revision, "at": app_time(&app) });
        let elsewhere = (StatusCode::CONFLICT, Json(json!({ "problem": "elsewhere" })));
        return Ok(if is_kept {
            Json(answer).into_response()
        } else {
            elsewhere.into_response()
        });
    }
    let refused = refused
        .iter()
        .map(|(name, key)| format!("{name}：{}", app.texts.get(key)));
    let mut notice = refused.collect::<Vec<_>>().join("；");
    if !is_kept {
        app.texts.get("edit.elsewhere").clone_into(&mut notice);
    }
    if !notice.is_empty() {
        let status = if is_kept {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::CONFLICT
        };
        let shown = show_form(&app, &actor, &submission, &file, notice).await?;
        return Ok((status, shown).into_response());
    }
    let button = form.get("do");
    if let Some(upload) = button.strip_prefix("remove:") {
        uploads::drop_file(&app, &actor, &submission, upload).await?;
    }
    let own = address(&id, &file);
    let place = match button {
        "back" => format!("/intake/items/{id}/edit#chapters"),
        "preview" => format!(
            "/intake/items/{id}/preview?chapter={}",
            own.rsplit('/').next().unwrap_or_default()
        ),
        button if button == "files" || button.starts_with("remove:") => format!("{own}#files"),
        button if button.starts_with("row:") => format!("{own}#f-{}", button.trim_start_matches("row:")),
        _ => format!("{own}?notice=saved"),
    };
    Ok(Redirect::to(&place).into_response())
}

/// Puts a form into the chapter. Where another window saved meanwhile nothing is stored, and what was typed is given
/// back.
async fn keep(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    file: &str,
    form: &Form,
) -> Result<(Submission, bool), Error> {
    let snapshot = app.portal.snapshot();
    let uploads = app.store.uploads(id).await?;
    let mut change = app.store.change().await?;
    let mut submission = change.submission(id).await?.ok_or_else(Error::not_found)?;
    check(app, actor, &submission)?;
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let child = chapters::kind_of_chapters(snapshot.schema(), kind).ok_or_else(Error::not_found)?;
    let mut fields = submission.fields();
    let known = fields.get(&format!("{PREFIX}{file}")).and_then(Value::as_object);
    let source = Source {
        snapshot: &snapshot,
        unit: &submission.unit,
        uploads: &uploads,
        findings: &[],
    };
    let mut chapter = source.read(child, form, known.ok_or_else(Error::not_found)?);
    if form.pairs.iter().any(|(name, _)| name == "body") {
        chapter.insert(BODY.to_owned(), form.get("body").replace("\r\n", "\n").into());
    }
    fields.insert(format!("{PREFIX}{file}"), Value::Object(chapter));
    let is_on_top = form.get("revision").parse() == Ok(submission.revision);
    put(&mut submission, &fields)?;
    if is_on_top {
        change.put_submission(&submission).await?;
        change.commit().await?;
    }
    Ok((submission, is_on_top))
}

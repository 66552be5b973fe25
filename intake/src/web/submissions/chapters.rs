//! The chapters of a course: added, ordered and removed on the form of the course, each filled in on a page of its own.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::App;
use crate::domain::file_types;
use crate::domain::merge::{BODY, Fields};
use crate::portal::chapters::{self, PREFIX};
use crate::services::checks::Looked;
use crate::services::drafts::{self, Arrange, Edit, Saved};
use crate::services::files;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::lines::{FileLine, file_lines};
use crate::web::files::uploads;
use crate::web::form::{Form, Incoming};
use crate::web::pages::{Page, page};
use crate::web::signed::{Signed, is_script};
use crate::web::submissions::fields::{Source, Widget, widgets};
use crate::web::submissions::saving::{
    Note, Said, anchor_of_row, body, elsewhere, notices, of_word, saved, written,
};

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
    let how = match verb {
        "add" => Arrange::Add,
        "up" => Arrange::Up,
        "down" => Arrange::Down,
        "remove" => Arrange::Remove,
        _ => return Err(Error::invalid("wrong.form")),
    };
    let name = drafts::arrange(app, actor, (id, file), how).await?;
    Ok(match how {
        Arrange::Add => address(id, &name),
        _ => format!("/intake/items/{id}/edit#chapters"),
    })
}

fn address(id: &str, file: &str) -> String {
    let file: String = form_urlencoded::byte_serialize(file.as_bytes()).collect();
    format!("/intake/items/{id}/chapters/{}", file.replace('+', "%20"))
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
    /// What is said beside the body.
    text_notes: Vec<Note>,
    file_mb: u64,
    accept: String,
}

/// What a visit was sent along with.
#[derive(Debug, Deserialize)]
pub(crate) struct Visit {
    #[serde(default)]
    notice: String,
    /// What of a Word document could not be carried over.
    #[serde(default)]
    lost: String,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, file)): Path<(String, String)>,
    Query(visit): Query<Visit>,
) -> Result<Page, Error> {
    let submission = drafts::editable(&app, &actor, &id).await?;
    drafts::must_have_chapters(&app, &submission)?;
    let said = Said::at_visit(&app, &visit.notice, &visit.lost);
    show_form(&app, &actor, &submission, &file, said).await
}

/// What forms of chapters are made from: they ask for no more than those of new entries.
fn of_chapter(source: Source<'_>) -> Source<'_> {
    Source {
        base: Fields::new(),
        ..source
    }
}

async fn show_form(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    file: &str,
    said: Said,
) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let child = chapters::kind_of_chapters(snapshot.schema(), kind).ok_or_else(Error::not_found)?;
    let fields = submission.fields();
    let chapter = fields.get(&format!("{PREFIX}{file}")).and_then(Value::as_object);
    let chapter = chapter.ok_or_else(Error::not_found)?;
    let looked = Looked::of(app, &submission.id).await?;
    let source = of_chapter(Source::new(&snapshot, submission, &looked.uploads));
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
        notice: said.notice,
        text_notes: said.of_text,
        file_mb: app.config.limits.file_mb,
        accept: file_types::accepted(),
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
    let submission = drafts::editable(&app, &actor, &id).await?;
    drafts::must_have_chapters(&app, &submission)?;
    let received = uploads::receive_form(&app, &actor, &submission, form).await?;
    let edit = read(&app, &submission, &received.form).await?;
    let (form, edit, typed) = written(&app, &actor, &submission, received, edit).await?;
    let revision = form.get("revision").parse().ok();
    let submission = match drafts::save_chapter(&app, &actor, (&id, &file), revision, &edit).await? {
        Saved::Done(submission) if is_script => return Ok(saved(&app, &submission, &form)),
        Saved::Elsewhere(_) if is_script => return Ok(elsewhere()),
        Saved::Elsewhere(submission) => {
            let notice = app.texts.get("edit.elsewhere").to_owned();
            let shown = show_form(&app, &actor, &submission, &file, notice.into()).await?;
            return Ok((StatusCode::CONFLICT, shown).into_response());
        }
        Saved::Done(submission) => submission,
    };
    let notice = notices(&app, &form, &typed);
    if !notice.is_empty() {
        let shown = show_form(&app, &actor, &submission, &file, notice.into()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let own = address(&id, &file);
    if let Some(losses) = typed.losses {
        return Ok(Redirect::to(&format!("{own}{}", of_word(&losses))).into_response());
    }
    let button = form.get("do");
    if let Some(upload) = button.strip_prefix("remove:") {
        files::remove(&app, &actor, &id, upload).await?;
    }
    let place = match button {
        "back" => format!("/intake/items/{id}/edit#chapters"),
        "preview" => format!(
            "/intake/items/{id}/preview?chapter={}",
            own.rsplit('/').next().unwrap_or_default()
        ),
        "files" if typed.has_converted => format!("{own}?notice=converted#files"),
        button if button == "files" || button.starts_with("remove:") => format!("{own}#files"),
        button if button.starts_with("row:") => format!("{own}#{}", anchor_of_row(button)),
        _ => format!("{own}?notice=saved"),
    };
    Ok(Redirect::to(&place).into_response())
}

/// What a form says of a chapter.
async fn read(app: &App, submission: &Submission, form: &Form) -> Result<Edit, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let child = chapters::kind_of_chapters(snapshot.schema(), kind).ok_or_else(Error::not_found)?;
    let uploads = app.store.uploads(&submission.id).await?;
    let source = of_chapter(Source::new(&snapshot, submission, &uploads));
    Ok(Edit {
        fields: source.read(child, form),
        body: body(form),
        declarations: None,
    })
}

//! The form of a submission: filled in, saved by hand or by itself, submitted.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jixia::content::{Kind, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::App;
use crate::domain::declarations;
use crate::domain::file_types;
use crate::domain::merge::Fields;
use crate::domain::policy::Action;
use crate::domain::submission::Purpose;
use crate::portal::asked::is_asked;
use crate::portal::{Finding, Snapshot};
use crate::services;
use crate::services::checks::{Looked, of_handing_in};
use crate::services::drafts::{self, Edit, Saved};
use crate::services::files;
use crate::services::submission::find_for;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::lines::{FileLine, file_lines};
use crate::web::files::uploads;
use crate::web::form::{Form, Incoming};
use crate::web::pages::{Page, page};
use crate::web::signed::{Signed, is_script};
use crate::web::submissions::chapters::{self, ChapterLine};
use crate::web::submissions::fields::{Source, Widget, widgets};
use crate::web::submissions::found::{Line, lines};
use crate::web::submissions::meanwhile::{Meanwhile, meanwhile};
use crate::web::submissions::saving::{
    Note, Said, anchor_of_row, body, elsewhere, notices, of_word, saved, written,
};
use crate::web::submissions::talk::{Remark, open_about, remarks};

#[derive(Serialize)]
struct EditPage {
    id: String,
    kind: String,
    is_takedown: bool,
    revision: i64,
    title: String,
    body: String,
    /// What somebody above sets.
    locked: Vec<Locked>,
    first: Vec<Widget>,
    more: Vec<Widget>,
    more_is_open: bool,
    files: Vec<FileLine>,
    kept_files: Vec<KeptFile>,
    has_chapters: bool,
    chapters: Vec<ChapterLine>,
    declarations: Vec<Declaration>,
    remarks: Vec<Remark>,
    body_remarks: Vec<Remark>,
    meanwhile: Meanwhile,
    reasons: Vec<(String, String, bool)>,
    note: String,
    /// Everything that is wrong or doubtful.
    findings: Vec<Line>,
    /// Whether somebody asked for a check, so that silence means all is well.
    is_checked: bool,
    has_errors: bool,
    notice: String,
    /// What is said beside the body.
    text_notes: Vec<Note>,
    may_preview: bool,
    file_mb: u64,
    accept: String,
}

/// A field that somebody above sets, as it is.
#[derive(Serialize)]
struct Locked {
    label: String,
    value: String,
    by: String,
}

/// A published file that stays unless it is unticked.
#[derive(Serialize)]
struct KeptFile {
    json: String,
    name: String,
}

#[derive(Serialize)]
struct Declaration {
    name: &'static str,
    text: String,
    is_made: bool,
}

/// What a visit of the form was sent along with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Visit {
    /// `saved` after a save without script.
    #[serde(default)]
    notice: String,
    /// What of a Word document could not be carried over.
    #[serde(default)]
    lost: String,
    /// Whether to check at once.
    #[serde(default)]
    check: bool,
}

fn kind_of<'s>(snapshot: &'s Snapshot, submission: &Submission) -> Result<&'s Arc<Kind>, Error> {
    snapshot.kind(&submission.kind).ok_or_else(Error::not_found)
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
    Query(visit): Query<Visit>,
) -> Result<Response, Error> {
    let submission = find_for(&app, &actor, &id, Action::Edit).await?;
    if !submission.state.is_open_to_author() {
        return Ok(Redirect::to(&format!("/intake/items/{id}")).into_response());
    }
    let mut findings = Vec::new();
    if visit.check {
        findings = match of_handing_in(&app, &submission).await {
            Err(error) if error.kind == services::Kind::Busy => {
                return unchecked(&app, &actor, &submission).await;
            }
            findings => findings?,
        };
    }
    let mut said = Said::at_visit(&app, &visit.notice, &visit.lost);
    if said.notice.is_empty() && submission.is_of_unread() {
        app.texts.get("edit.unread").clone_into(&mut said.notice);
    }
    Ok(
        show_form(&app, &actor, &submission, visit.check.then_some(&findings), said)
            .await?
            .into_response(),
    )
}

async fn show_form(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    findings: Option<&Vec<Finding>>,
    said: Said,
) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let kind = kind_of(&snapshot, submission)?;
    let (looked, none) = (Looked::of(app, &submission.id).await?, Vec::new());
    let found = findings.unwrap_or(&none);
    let source = Source {
        findings: found,
        ..Source::new(&snapshot, submission, &looked.uploads)
    };
    let fields = submission.fields();
    let (mut first, mut more) = widgets(&source, kind, &fields);
    let remarks = remarks(app, submission).await?;
    for widget in first.iter_mut().chain(&mut more) {
        widget.takes(&remarks);
    }
    let made = submission.declarations();
    let declaration = |name: &&'static str| Declaration {
        name,
        text: app.texts.get(&format!("declaration.{name}")).to_owned(),
        is_made: made.iter().any(|made| made == name),
    };
    let of_text = found
        .iter()
        .filter(|finding| finding.field == "body")
        .map(Note::of);
    let withdrawn = &fields.get("withdrawn").cloned().unwrap_or_default();
    let shown = EditPage {
        id: submission.id.clone(),
        kind: kind.label("zh-CN").to_owned(),
        is_takedown: submission.purpose == Purpose::Takedown,
        revision: submission.revision,
        title: submission.title.clone(),
        body: submission.body.clone(),
        locked: locked(app, &source, kind, &fields),
        more_is_open: more.iter().any(Widget::is_filled),
        first,
        more,
        files: file_lines(app, &looked),
        kept_files: kept_files(&fields),
        has_chapters: kind.children.is_some(),
        chapters: chapters::lines(&fields, &source.base),
        declarations: declarations::ALL.iter().map(declaration).collect(),
        body_remarks: open_about(&remarks, "body"),
        remarks,
        meanwhile: meanwhile(app, actor, submission).await?,
        reasons: reasons(
            snapshot.schema(),
            withdrawn["reason"].as_str().unwrap_or_default(),
        ),
        note: withdrawn["note"].as_str().unwrap_or_default().to_owned(),
        findings: lines(app, submission, found),
        is_checked: findings.is_some(),
        has_errors: found.iter().any(|finding| finding.is_error),
        notice: said.notice,
        text_notes: said.of_text.into_iter().chain(of_text).collect(),
        may_preview: !submission.title.is_empty(),
        file_mb: app.config.limits.file_mb,
        accept: file_types::accepted(),
    };
    Ok(page(app, Some(actor), "edit.html", &shown))
}

/// The fields that somebody above sets, as they are now.
fn locked(app: &App, source: &Source<'_>, kind: &Kind, fields: &Fields) -> Vec<Locked> {
    let locked = kind
        .fields
        .iter()
        // What is written by the office itself is shown where it is there.
        .filter(|field| is_asked(field, &source.base) || fields.contains_key(&field.name))
        .filter_map(|field| Some((field, source.standing.locks(field)?)));
    locked
        .map(|(field, by)| Locked {
            label: field.label.clone(),
            value: fields.get(&field.name).map_or_else(
                || app.texts.get("reserved.empty").to_owned(),
                |value| source.spoken(field, value),
            ),
            by: app.texts.get(&format!("reserved.{}", by.name())).to_owned(),
        })
        .collect()
}

/// The published attachments that the edit keeps so far.
fn kept_files(fields: &Fields) -> Vec<KeptFile> {
    let kept = fields.get("attachments").and_then(Value::as_array);
    let line = |file: &Value| KeptFile {
        name: file["name"]
            .as_str()
            .or(file["path"].as_str())
            .unwrap_or("?")
            .to_owned(),
        json: file.to_string(),
    };
    kept.into_iter().flatten().map(line).collect()
}

fn reasons(schema: &Schema, chosen: &str) -> Vec<(String, String, bool)> {
    let terms = schema
        .vocabularies
        .get("takedown-reason")
        .map(|vocabulary| vocabulary.terms.as_slice());
    let reason = |term: &jixia::content::Term| (term.id.clone(), term.label.clone(), term.id == chosen);
    terms.unwrap_or_default().iter().map(reason).collect()
}

pub(crate) async fn save(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Signed { actor, form }: Signed<Incoming>,
) -> Result<Response, Error> {
    let is_script = is_script(&headers);
    let submission = drafts::editable(&app, &actor, &id).await?;
    let received = uploads::receive_form(&app, &actor, &submission, form).await?;
    let edit = read(&app, &submission, &received.form).await?;
    let (form, edit, typed) = written(&app, &actor, &submission, received, edit).await?;
    let revision = form.get("revision").parse().ok();
    match drafts::save(&app, &actor, &id, revision, &edit).await? {
        Saved::Done(submission) if is_script => Ok(saved(&app, &submission, &form)),
        Saved::Elsewhere(_) if is_script => Ok(elsewhere()),
        Saved::Elsewhere(submission) => {
            let notice = app.texts.get("edit.elsewhere").to_owned();
            let shown = show_form(&app, &actor, &submission, None, notice.into()).await?;
            Ok((StatusCode::CONFLICT, shown).into_response())
        }
        Saved::Done(submission) => {
            let notices = notices(&app, &form, &typed);
            let is_stay = matches!(form.get("do"), "save" | "files");
            match &typed.losses {
                Some(losses) if notices.is_empty() => {
                    let place = format!("/intake/items/{id}/edit{}", of_word(losses));
                    return Ok(Redirect::to(&place).into_response());
                }
                None if typed.has_converted && is_stay && notices.is_empty() => {
                    let place = format!("/intake/items/{id}/edit?notice=converted#files");
                    return Ok(Redirect::to(&place).into_response());
                }
                _ => {}
            }
            after_save(&app, &actor, &submission, form.get("do"), notices).await
        }
    }
}

/// What a form says of the whole submission.
async fn read(app: &App, submission: &Submission, form: &Form) -> Result<Edit, Error> {
    let snapshot = app.portal.snapshot();
    let kind = kind_of(&snapshot, submission)?;
    let declarations = form.all("declaration").map(str::to_owned).collect();
    if submission.purpose == Purpose::Takedown {
        let mut withdrawn = json!({ "reason": form.get("withdrawn.reason") });
        let note = form.get("withdrawn.note").trim();
        if !note.is_empty() {
            withdrawn["note"] = note.into();
        }
        return Ok(Edit {
            fields: vec![("withdrawn".to_owned(), withdrawn)],
            body: None,
            declarations: Some(declarations),
        });
    }
    let uploads = app.store.uploads(&submission.id).await?;
    let source = Source::new(&snapshot, submission, &uploads);
    let mut fields = source.read(kind, form);
    if form.get("has.kept") == "1" {
        let kept = form.all("kept").filter_map(|file| source.kept(file));
        fields.push(("attachments".to_owned(), kept.collect()));
    }
    Ok(Edit {
        fields,
        body: body(form),
        declarations: Some(declarations),
    })
}

/// Goes on as the button said.
async fn after_save(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    button: &str,
    notice: String,
) -> Result<Response, Error> {
    let id = &submission.id;
    if !notice.is_empty() {
        let shown = show_form(app, actor, submission, None, notice.into()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    if let Some(upload) = button.strip_prefix("remove:") {
        files::remove(app, actor, id, upload).await?;
    }
    if let Some(what) = button.strip_prefix("chapter:") {
        return Ok(Redirect::to(&chapters::act(app, actor, id, what).await?).into_response());
    }
    match button {
        "submit" => submit(app, actor, submission).await,
        "check" => Ok(Redirect::to(&format!("/intake/items/{id}/edit?check=true#checks")).into_response()),
        "preview" => Ok(Redirect::to(&format!("/intake/items/{id}/preview")).into_response()),
        "files" => Ok(Redirect::to(&format!("/intake/items/{id}/edit#files")).into_response()),
        button if button.starts_with("remove:") => {
            Ok(Redirect::to(&format!("/intake/items/{id}/edit#files")).into_response())
        }
        button if button.starts_with("row:") => {
            let anchor = anchor_of_row(button);
            Ok(Redirect::to(&format!("/intake/items/{id}/edit#{anchor}")).into_response())
        }
        _ => Ok(Redirect::to(&format!("/intake/items/{id}/edit?notice=saved")).into_response()),
    }
}

/// The form where there was no room to check it. What was typed is saved.
async fn unchecked(app: &Arc<App>, actor: &Actor, submission: &Submission) -> Result<Response, Error> {
    let notice = app.texts.get("edit.busy").to_owned();
    let shown = show_form(app, actor, submission, None, notice.into()).await?;
    Ok((StatusCode::SERVICE_UNAVAILABLE, shown).into_response())
}

async fn submit(app: &Arc<App>, actor: &Actor, submission: &Submission) -> Result<Response, Error> {
    let handed_in = match drafts::hand_in(app, actor, submission).await {
        Err(error) if error.kind == services::Kind::Busy => return unchecked(app, actor, submission).await,
        handed_in => handed_in?,
    };
    if let Err(findings) = handed_in {
        let shown = show_form(app, actor, submission, Some(&findings), Said::default()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    Ok(Redirect::to(&format!("/intake/items/{}?notice=submitted", submission.id)).into_response())
}

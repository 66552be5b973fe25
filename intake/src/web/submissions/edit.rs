//! The form of a submission: filled in, saved by hand or by itself, submitted.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Redirect, Response};
use jixia::content::{Kind, Schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::domain::declarations;
use crate::domain::policy::Action;
use crate::domain::submission::{Purpose, Step};
use crate::portal::{Finding, Snapshot};
use crate::store::{Submission, Upload};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::uploads;
use crate::web::form::{Form, Incoming};
use crate::web::pages::{Page, page};
use crate::web::signed::{Signed, is_script};
use crate::web::submissions::chapters::{self, ChapterLine};
use crate::web::submissions::checks::{Line, Looked, checks, lines};
use crate::web::submissions::fields::{Source, Widget, widgets};
use crate::web::submissions::steps::{self, With};
use crate::web::submissions::talk::{Remark, open_about, remarks};
use crate::{clock, ids};

#[derive(Serialize)]
struct EditPage {
    id: String,
    kind: String,
    is_takedown: bool,
    revision: i64,
    title: String,
    body: String,
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
    reasons: Vec<(String, String, bool)>,
    note: String,
    /// Everything that is wrong or doubtful.
    findings: Vec<Line>,
    /// Whether somebody asked for a check, so that silence means all is well.
    is_checked: bool,
    has_errors: bool,
    notice: String,
    may_preview: bool,
    file_mb: u64,
    accept: String,
}

/// A file of the submission.
#[derive(Debug, Serialize)]
pub(crate) struct FileLine {
    id: String,
    name: String,
    size: String,
    bytes: i64,
    is_whole: bool,
    percent: i64,
    offset: u64,
    /// What its own tables say of a video, in words.
    facts: String,
    has_poster: bool,
    is_unscanned: bool,
    has_virus: bool,
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
    /// Whether to check at once.
    #[serde(default)]
    check: bool,
}

pub(crate) fn file_lines(app: &App, looked: &Looked) -> Vec<FileLine> {
    let line = |upload: &Upload| {
        let offset = if upload.is_whole() {
            upload.size as u64
        } else {
            app.blobs.staged(&upload.id)
        };
        FileLine {
            id: upload.id.clone(),
            name: upload.name.clone(),
            size: uploads::size(upload.size),
            bytes: upload.size,
            is_whole: upload.is_whole(),
            percent: (offset as i64 * 100).checked_div(upload.size).unwrap_or(100),
            offset,
            facts: looked
                .video(upload)
                .map(|video| video.in_words())
                .unwrap_or_default(),
            has_poster: looked
                .inspection(upload)
                .is_some_and(|known| known.poster.is_some()),
            is_unscanned: upload.is_whole() && looked.is_unscanned(upload),
            has_virus: looked.virus(upload).is_some(),
        }
    };
    looked.uploads.iter().map(line).collect()
}

/// The submission, if the actor may edit it now.
pub(crate) async fn editable(app: &Arc<App>, actor: &Actor, id: &str) -> Result<Submission, Error> {
    let submission = app.store.submission(id).await?.ok_or_else(Error::not_found)?;
    actor.must(app, Action::Edit, &submission).await?;
    Ok(submission)
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
    let submission = editable(&app, &actor, &id).await?;
    if !submission.state.is_open_to_author() {
        return Ok(Redirect::to(&format!("/intake/items/{id}")).into_response());
    }
    let findings = if visit.check {
        checks(&app, &submission, true).await?
    } else {
        Vec::new()
    };
    let notice = match visit.notice.as_str() {
        "saved" => app.texts.get("edit.saved").to_owned(),
        _ => String::new(),
    };
    Ok(show_form(
        &app,
        &actor,
        &submission,
        visit.check.then_some(&findings),
        notice,
    )
    .await?
    .into_response())
}

async fn show_form(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    findings: Option<&Vec<Finding>>,
    notice: String,
) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let kind = kind_of(&snapshot, submission)?;
    let (looked, none) = (Looked::of(app, &submission.id).await?, Vec::new());
    let found = findings.unwrap_or(&none);
    let source = Source {
        snapshot: &snapshot,
        unit: &submission.unit,
        uploads: &looked.uploads,
        findings: found,
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
    let kept = fields
        .get("attachments")
        .and_then(|kept| kept.as_array().cloned())
        .unwrap_or_default();
    let kept_file = |file: serde_json::Value| KeptFile {
        name: file["name"]
            .as_str()
            .or(file["path"].as_str())
            .unwrap_or("?")
            .to_owned(),
        json: file.to_string(),
    };
    let withdrawn = &fields.get("withdrawn").cloned().unwrap_or_default();
    let shown = EditPage {
        id: submission.id.clone(),
        kind: kind.label("zh-CN").to_owned(),
        is_takedown: submission.purpose == Purpose::Takedown,
        revision: submission.revision,
        title: submission.title.clone(),
        body: submission.body.clone(),
        more_is_open: more.iter().any(Widget::is_filled),
        first,
        more,
        files: file_lines(app, &looked),
        kept_files: kept.into_iter().map(kept_file).collect(),
        has_chapters: kind.children.is_some(),
        chapters: chapters::lines(&fields, &submission.base()),
        declarations: declarations::ALL.iter().map(declaration).collect(),
        body_remarks: open_about(&remarks, "body"),
        remarks,
        reasons: reasons(
            snapshot.schema(),
            withdrawn["reason"].as_str().unwrap_or_default(),
        ),
        note: withdrawn["note"].as_str().unwrap_or_default().to_owned(),
        findings: lines(app, submission, found),
        is_checked: findings.is_some(),
        has_errors: found.iter().any(|finding| finding.is_error),
        notice,
        may_preview: !submission.title.is_empty(),
        file_mb: app.config.limits.file_mb,
        accept: uploads::EXTENSIONS.join(","),
    };
    Ok(page(app, Some(actor), "edit.html", &shown))
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
    let submission = editable(&app, &actor, &id).await?;
    if !submission.state.is_open_to_author() {
        return Err(Error::not_now());
    }
    let (form, refused) = uploads::receive_form(&app, &actor, &submission, form).await?;
    match keep(&app, &actor, &id, &form).await? {
        Kept::Saved(submission) if is_script => {
            Ok(Json(json!({ "revision": submission.revision, "at": app_time(&app) })).into_response())
        }
        Kept::Elsewhere(_) if is_script => {
            Ok((StatusCode::CONFLICT, Json(json!({ "problem": "elsewhere" }))).into_response())
        }
        Kept::Elsewhere(submission) => {
            let shown = show_form(
                &app,
                &actor,
                &submission,
                None,
                app.texts.get("edit.elsewhere").to_owned(),
            )
            .await?;
            Ok((StatusCode::CONFLICT, shown).into_response())
        }
        Kept::Saved(submission) => after_save(&app, &actor, &submission, form.get("do"), refused).await,
    }
}

pub(crate) fn app_time(app: &App) -> String {
    let written = clock::written(clock::now(), app.portal.snapshot().zone());
    written
        .split_once(' ')
        .map(|(_, time)| time.to_owned())
        .unwrap_or_default()
}

/// Goes on as the button said.
async fn after_save(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    button: &str,
    refused: Vec<(String, &'static str)>,
) -> Result<Response, Error> {
    let id = &submission.id;
    if !refused.is_empty() {
        let said = refused
            .iter()
            .map(|(name, key)| format!("{name}：{}", app.texts.get(key)));
        let notice = said.collect::<Vec<_>>().join("；");
        let shown = show_form(app, actor, submission, None, notice).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    if let Some(upload) = button.strip_prefix("remove:") {
        uploads::drop_file(app, actor, submission, upload).await?;
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
            let anchor = button.trim_start_matches("row:").replace(
                |letter: char| !letter.is_ascii_alphanumeric() && letter != '_',
                "",
            );
            Ok(Redirect::to(&format!("/intake/items/{id}/edit#f-{anchor}")).into_response())
        }
        _ => Ok(Redirect::to(&format!("/intake/items/{id}/edit?notice=saved")).into_response()),
    }
}

enum Kept {
    Saved(Submission),
    /// Another window saved in the meantime; nothing was changed, and this is what was typed here.
    Elsewhere(Submission),
}

async fn keep(app: &Arc<App>, actor: &Actor, id: &str, form: &Form) -> Result<Kept, Error> {
    let snapshot = app.portal.snapshot();
    let files = app.store.uploads(id).await?;
    let mut change = app.store.change().await?;
    let mut submission = change.submission(id).await?.ok_or_else(Error::not_found)?;
    if !actor.may(app, Action::Edit, &submission) || !submission.state.is_open_to_author() {
        return Err(Error::not_now());
    }
    let kind = kind_of(&snapshot, &submission)?;
    let is_on_top = form.get("revision").parse() == Ok(submission.revision);
    fill(&snapshot, kind, &files, form, &mut submission)?;
    if !is_on_top {
        return Ok(Kept::Elsewhere(submission));
    }
    submission.revision += 1;
    submission.updated_at = clock::now();
    change.put_submission(&submission).await?;
    change.commit().await?;
    Ok(Kept::Saved(submission))
}

/// Puts a form into a submission.
fn fill(
    snapshot: &Snapshot,
    kind: &Kind,
    files: &[Upload],
    form: &Form,
    submission: &mut Submission,
) -> Result<(), Error> {
    let unit = submission.unit.clone();
    let source = Source {
        snapshot,
        unit: &unit,
        uploads: files,
        findings: &[],
    };
    let mut fields = submission.fields();
    if submission.purpose == Purpose::Takedown {
        let mut withdrawn = fields.get("withdrawn").cloned().unwrap_or_else(|| json!({}));
        withdrawn["reason"] = form.get("withdrawn.reason").into();
        match form.get("withdrawn.note").trim() {
            "" => drop(
                withdrawn
                    .as_object_mut()
                    .and_then(|record| record.shift_remove("note")),
            ),
            note => withdrawn["note"] = note.into(),
        }
        fields.insert("withdrawn".to_owned(), withdrawn);
    } else {
        fields = source.read(kind, form, &fields);
        if form.pairs.iter().any(|(name, _)| name == "body") {
            submission.body = form.get("body").replace("\r\n", "\n");
        }
        if form.get("has.kept") == "1" {
            let kept: Vec<serde_json::Value> = form
                .all("kept")
                .filter_map(|file| serde_json::from_str(file).ok())
                .collect();
            fields.insert("attachments".to_owned(), kept.into());
        }
        let title = fields
            .get("title")
            .and_then(|title| title.as_str())
            .unwrap_or_default();
        submission.title = title.chars().take(300).collect();
    }
    let made: Vec<&str> = form
        .all("declaration")
        .filter(|name| declarations::ALL.contains(name))
        .collect();
    submission.declarations = serde_json::to_string(&made)?;
    submission.fields = serde_json::to_string(&fields)?;
    Ok(())
}

/// What an endorsement stands for: everything that goes into the file.
pub(crate) fn content_hash(submission: &Submission, files: &[Upload]) -> String {
    let mut whole = format!("{}\n{}\n", submission.fields, submission.body);
    for file in files {
        whole.push_str(&format!("{} {} {}\n", file.id, file.sha256, file.name));
    }
    ids::fingerprint(&whole)
}

/// Most files are looked into within a moment, and then the author can be told.
async fn wait_for_files(app: &App, submission: &Submission) -> Result<(), Error> {
    for _ in 0..50 {
        if !Looked::of(app, &submission.id).await?.is_worth_waiting() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Ok(())
}

async fn submit(app: &Arc<App>, actor: &Actor, submission: &Submission) -> Result<Response, Error> {
    wait_for_files(app, submission).await?;
    let mut findings = checks(app, submission, true).await?;
    let made = submission.declarations();
    let missing: Vec<&str> = declarations::missing(&made).collect();
    if !missing.is_empty() {
        findings.push(Finding {
            field: "declaration".to_owned(),
            place: app.texts.get("edit.declarations").to_owned(),
            message: app.texts.get("edit.declare").to_owned(),
            mend: String::new(),
            code: "",
            is_error: true,
        });
    }
    let files = app.store.uploads(&submission.id).await?;
    if files.iter().any(|file| !file.is_whole()) {
        findings.push(Finding {
            field: "files".to_owned(),
            place: app.texts.get("edit.files").to_owned(),
            message: app.texts.get("edit.unfinished").to_owned(),
            mend: String::new(),
            code: "",
            is_error: true,
        });
    }
    if findings.iter().any(|finding| finding.is_error) {
        let shown = show_form(app, actor, submission, Some(&findings), String::new()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let content = content_hash(submission, &files);
    let step = Step::Submit {
        is_endorsed: !submission.endorsed_hash.is_empty() && content == submission.endorsed_hash,
    };
    let with = With {
        content: &content,
        revision: Some(submission.revision),
        ..With::default()
    };
    steps::take(app, actor, &submission.id, (Action::Edit, step), with).await?;
    Ok(Redirect::to(&format!("/intake/items/{}?notice=submitted", submission.id)).into_response())
}

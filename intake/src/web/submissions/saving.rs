//! What the forms of an entry and of its chapters share: reading the body, and answering a save.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::clock;
use crate::domain::typed;
use crate::domain::word::{Loss, Losses};
use crate::portal::Finding;
use crate::services::drafts::Edit;
use crate::services::receiving::RefusedFile;
use crate::services::{self, pictures};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::files::uploads::Received;
use crate::web::form::Form;

/// What the page's script is told after a save.
pub(crate) fn saved(app: &App, submission: &Submission, form: &Form) -> Response {
    let note = removed(app, form).unwrap_or_default();
    let answer = json!({ "revision": submission.revision, "at": app_time(app), "note": note });
    Json(answer).into_response()
}

/// What the page's script is told when another window saved meanwhile.
pub(crate) fn elsewhere() -> Response {
    (StatusCode::CONFLICT, Json(json!({ "problem": "elsewhere" }))).into_response()
}

/// Signs that were taken out of what was typed, in a sentence.
fn removed(app: &App, form: &Form) -> Option<String> {
    let signs = [("signs", &*typed::in_words(&form.removed))];
    (!form.removed.is_empty()).then(|| app.texts.fill("edit.removed", &signs))
}

/// What has to be said before anything else is done: files that were not taken, signs that were taken out.
pub(crate) fn notices(app: &App, form: &Form, typed: &Typed) -> String {
    let refused = typed.refused.iter().map(|(name, reason)| match name.as_str() {
        "" => reason.words(&app.texts),
        name => format!("{name}：{}", reason.words(&app.texts)),
    });
    let mut said: Vec<String> = refused.chain(removed(app, form)).collect();
    if typed.has_converted && !said.is_empty() {
        said.push(app.texts.get("file.converted").to_owned());
    }
    if let Some(losses) = typed.losses.as_ref().filter(|_| !said.is_empty()) {
        said.extend(word_notes(app, losses));
    }
    said.join("；")
}

/// What became of the files of a form that belong to its text.
pub(crate) struct Typed {
    pub(crate) refused: Vec<RefusedFile>,
    /// Whether a picture was taken as another than it was sent.
    pub(crate) has_converted: bool,
    /// What of a Word document could not be carried over, if one was put into the body.
    pub(crate) losses: Option<Losses>,
}

/// An edit as it is kept: with the Word document that came with the form, and with pasted pictures as files.
pub(crate) async fn written(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    received: Received,
    mut edit: Edit,
) -> Result<(Form, Edit, Typed), Error> {
    let Received {
        form,
        mut refused,
        has_converted,
        word,
    } = received;
    refused.extend(pictures::take_out(app, actor, submission, &mut edit).await?);
    let mut losses = None;
    if let Some(file) = word.filter(|_| edit.body.is_some()) {
        let name = file.name.clone();
        match services::word::add(app, actor, submission, &mut edit, file).await? {
            Ok(lost) => losses = Some(lost),
            Err(key) => refused.push((name, key.into())),
        }
    }
    let typed = Typed {
        refused,
        has_converted,
        losses,
    };
    Ok((form, edit, typed))
}

/// What comes behind the address of a form into which a Word document was read.
pub(crate) fn of_word(losses: &Losses) -> String {
    format!("?notice=word&lost={losses}#text")
}

/// What is said beside a body into which a Word document was read.
fn word_notes(app: &App, losses: &Losses) -> Vec<String> {
    let sentence = |(loss, count): (Loss, usize)| {
        let key = format!("word.lost-{}", loss.name());
        app.texts.fill(&key, &[("count", &count.to_string())])
    };
    let done = app.texts.get("word.done").to_owned();
    std::iter::once(done).chain(losses.iter().map(sentence)).collect()
}

/// What a page of a form says.
#[derive(Default)]
pub(crate) struct Said {
    /// Over everything.
    pub(crate) notice: String,
    /// Beside the body.
    pub(crate) of_text: Vec<Note>,
}

/// A sentence beside the body.
#[derive(Serialize)]
pub(crate) struct Note {
    /// `ok`, `note` or `stop`.
    kind: &'static str,
    text: String,
    mend: String,
}

impl Note {
    /// What a check found in the body.
    pub(crate) fn of(finding: &Finding) -> Self {
        Self {
            kind: if finding.is_error { "stop" } else { "note" },
            text: finding.message.clone(),
            mend: finding.mend.clone(),
        }
    }
}

impl From<String> for Said {
    fn from(notice: String) -> Self {
        Self {
            notice,
            of_text: Vec::new(),
        }
    }
}

impl Said {
    /// What a visit is told that was sent here with a `notice`, and of a Word document with what was `lost`.
    pub(crate) fn at_visit(app: &App, notice: &str, lost: &str) -> Self {
        match notice {
            "saved" => app.texts.get("edit.saved").to_owned().into(),
            "reconciled" => app.texts.get("conflict.done").to_owned().into(),
            "converted" => app.texts.get("file.converted").to_owned().into(),
            "word" => Self {
                notice: String::new(),
                of_text: word_notes(app, &Losses::parse(lost))
                    .into_iter()
                    .enumerate()
                    .map(|(place, text)| Note {
                        kind: if place == 0 { "ok" } else { "note" },
                        text,
                        mend: String::new(),
                    })
                    .collect(),
            },
            _ => Self::default(),
        }
    }
}

/// The body that a form sent. Returns `None` if the form does not show it.
pub(crate) fn body(form: &Form) -> Option<String> {
    let is_shown = form.pairs.iter().any(|(name, _)| name == "body");
    is_shown.then(|| form.get("body").to_owned())
}

/// The time of day in the site's zone.
fn app_time(app: &App) -> String {
    let written = clock::written(clock::now(), app.portal.snapshot().zone());
    written
        .split_once(' ')
        .map(|(_, time)| time.to_owned())
        .unwrap_or_default()
}

/// The place in a form of the list that a button `row:FIELD` makes longer. Of what the client sends only what can be an id
/// is left: it stands in a header of the answer.
pub(crate) fn anchor_of_row(button: &str) -> String {
    let field = button.trim_start_matches("row:").chars();
    let kept = field.filter(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter));
    format!("f-{}", kept.collect::<String>())
}

//! What the forms of an entry and of its chapters share: reading the body, and answering a save.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde_json::json;

use crate::app::App;
use crate::clock;
use crate::domain::typed;
use crate::store::Submission;
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
pub(crate) fn notices(app: &App, form: &Form, refused: &[(String, &'static str)]) -> String {
    let refused = refused
        .iter()
        .map(|(name, key)| format!("{name}：{}", app.texts.get(key)));
    refused.chain(removed(app, form)).collect::<Vec<_>>().join("；")
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

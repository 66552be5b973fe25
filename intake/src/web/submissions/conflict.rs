//! The page on which the author of an edit puts it together with what others have published since it began.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jixia::content::Kind;
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::domain::difference::{Piece, folded, pieces};
use crate::domain::merge::{BODY, CHAPTER, Choice, Fields, Place, Question};
use crate::portal::Snapshot;
use crate::portal::chapters::kind_of_chapters;
use crate::services::conflicts::{self, Answers, Comparison, Reconciled};
use crate::services::content::{name, names};
use crate::services::drafts;
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::fields::{Source, Widget, shown, widgets};

#[derive(Serialize)]
struct ConflictPage {
    id: String,
    title: String,
    kind: String,
    revision: i64,
    seen: String,
    /// Why the answers were not taken.
    notice: String,
    questions: Vec<Asked>,
    /// What is taken over by itself, by name.
    taken: Vec<String>,
    /// What was written about something that is not asked any more.
    left: Vec<String>,
}

/// A question as the page asks it.
#[derive(Serialize)]
struct Asked {
    /// What the names of its inputs end with.
    key: String,
    label: String,
    /// Each against what both began with; empty where the side has nothing.
    ours: Vec<Piece>,
    theirs: Vec<Piece>,
    base: String,
    /// `ours`, `theirs`, `written`, or nothing yet.
    chosen: String,
    is_missing: bool,
    /// Whether it can be written as text.
    is_text: bool,
    text: String,
    /// Where it is written in the way of its field.
    widget: Option<Widget>,
}

/// What a form sent, to be shown again.
#[derive(Default)]
struct Typed<'f> {
    form: Option<&'f Form>,
    /// What was written in the way of its field.
    fields: BTreeMap<String, Value>,
}

impl Typed<'_> {
    fn get(&self, prefix: &str, key: &str) -> Option<&str> {
        let name = format!("{prefix}.{key}");
        let mut pairs = self.form?.pairs.iter();
        pairs.find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }
}

/// What a value says, as people read it.
fn in_words(app: &App, submission: &Submission, place: &Place, value: &Value) -> String {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).map(|kind| &**kind);
    match value {
        Value::Null => String::new(),
        Value::String(text) if place.field == BODY => text.trim().to_owned(),
        Value::Object(chapter) if place.chapter.is_none() && place.field.starts_with(CHAPTER) => {
            let text = |name: &str| chapter.get(name).and_then(Value::as_str).unwrap_or_default();
            format!("{}\n\n{}", text("title"), text(BODY))
        }
        value => {
            let kind = match place.chapter {
                Some(_) => kind.and_then(|kind| kind_of_chapters(snapshot.schema(), kind)),
                None => kind,
            };
            let content = Fields::from_iter([(place.field.clone(), value.clone())]);
            let shown = kind
                .map(|kind| shown(&snapshot, kind, &content))
                .unwrap_or_default();
            let mut values = shown.into_iter().map(|shown| shown.value);
            values.next().unwrap_or_else(|| value.to_string())
        }
    }
}

/// The widgets of the fields that are asked about, by name.
fn own_widgets(
    snapshot: &Snapshot,
    (kind, compared): (&Kind, &Comparison),
    uploads: &[crate::store::Upload],
    typed: &Typed<'_>,
) -> BTreeMap<String, Widget> {
    let source = Source::new(snapshot, &compared.submission, uploads);
    let mut fields = compared.submission.fields();
    fields.extend(typed.fields.clone());
    let (first, more) = widgets(&source, kind, &fields);
    let all = first.into_iter().chain(more);
    let asked = all.filter_map(|widget| {
        let mut places = compared.merged.questions.iter().map(|question| &question.place);
        let place = places.find(|place| place.chapter.is_none() && widget.is_of(&place.field))?;
        Some((place.to_string(), widget))
    });
    asked.collect()
}

fn asked(
    app: &App,
    compared: &Comparison,
    question: &Question,
    typed: &Typed<'_>,
    widgets: &mut BTreeMap<String, Widget>,
) -> Asked {
    let (submission, place) = (&compared.submission, &question.place);
    let words = |value: &Value| in_words(app, submission, place, value);
    let [base, theirs, ours] = [&question.base, &question.theirs, &question.ours].map(words);
    let key = place.to_string();
    let contents = [&compared.sides.ours, &compared.sides.theirs];
    let label = name(app, submission, place, contents);
    let widget = widgets.remove(&key);
    let is_string = |value: &Value| value.is_string() || value.is_null();
    let is_text = widget.is_none() && is_string(&question.ours) && is_string(&question.theirs);
    // Where both put something in, most want both.
    let proposal = if base.is_empty() && place.passage.is_some() {
        format!("{theirs}\n\n{ours}")
    } else {
        ours.clone()
    };
    let against = |side: &str| {
        if side.is_empty() {
            Vec::new()
        } else {
            folded(pieces(&base, side))
        }
    };
    let chosen = typed.get("pick", &key).unwrap_or_default().to_owned();
    Asked {
        label: match place.passage {
            None => label,
            Some(passage) => {
                let number = (passage + 1).to_string();
                app.texts
                    .fill("conflict.passage", &[("label", &label), ("number", &number)])
            }
        },
        ours: against(&ours),
        theirs: against(&theirs),
        is_missing: typed.form.is_some() && chosen.is_empty(),
        chosen,
        is_text,
        text: typed.get("text", &key).map_or(proposal, str::to_owned),
        widget,
        base,
        key,
    }
}

/// What was written about something that is not asked any more: nothing that was typed is lost.
fn left(typed: &Typed<'_>, compared: &Comparison) -> Vec<String> {
    let is_asked = |key: &str| {
        let mut questions = compared.merged.questions.iter();
        questions.any(|question| question.place.to_string() == key)
    };
    let pairs = typed.form.map(|form| form.pairs.as_slice()).unwrap_or_default();
    let written = pairs.iter().filter_map(|(name, value)| {
        let key = name.strip_prefix("text.")?;
        let is_own = typed.get("pick", key) == Some("written") && !value.trim().is_empty();
        (is_own && !is_asked(key)).then(|| value.clone())
    });
    written.collect()
}

async fn show_page(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    compared: Option<&Comparison>,
    typed: Typed<'_>,
    notice: &str,
) -> Result<Page, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let mut shown = ConflictPage {
        id: submission.id.clone(),
        title: submission.title.clone(),
        kind: kind.label("zh-CN").to_owned(),
        revision: submission.revision,
        seen: String::new(),
        notice: notice.to_owned(),
        questions: Vec::new(),
        taken: Vec::new(),
        left: Vec::new(),
    };
    if let Some(compared) = compared {
        let uploads = app.store.uploads(&submission.id).await?;
        let mut widgets = own_widgets(&snapshot, (kind, compared), &uploads, &typed);
        let questions = compared.merged.questions.iter();
        shown.questions = questions
            .map(|question| asked(app, compared, question, &typed, &mut widgets))
            .collect();
        let contents = [&compared.sides.ours, &compared.sides.theirs];
        shown.taken = names(app, submission, compared.merged.taken.iter(), contents);
        shown.left = left(&typed, compared);
        shown.seen.clone_from(&compared.seen);
    }
    Ok(page(app, Some(actor), "conflict.html", &shown))
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Page, Error> {
    let submission = drafts::editable(&app, &actor, &id).await?;
    let compared = conflicts::compare(&app, &submission).await?;
    show_page(&app, &actor, &submission, compared.as_ref(), Typed::default(), "").await
}

pub(crate) async fn reconcile(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let submission = drafts::editable(&app, &actor, &id).await?;
    let typed = Typed {
        form: Some(&form),
        fields: written(&app, &submission, &form).await?,
    };
    let on = (form.get("revision").parse().ok(), form.get("seen"));
    let answers = answers(&form, &typed.fields);
    let (status, key, compared) = match conflicts::reconcile(&app, &actor, &id, on, &answers).await? {
        Reconciled::Done => {
            let place = format!("/intake/items/{id}/edit?notice=reconciled");
            return Ok(Redirect::to(&place).into_response());
        }
        Reconciled::Unanswered(compared) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "conflict.unanswered", compared)
        }
        Reconciled::Changed(compared) => (StatusCode::CONFLICT, "conflict.changed", compared),
    };
    let notice = app.texts.get(key);
    let shown = show_page(&app, &actor, &compared.submission, Some(&compared), typed, notice).await?;
    Ok((status, shown).into_response())
}

/// What was written in the way of its field.
async fn written(app: &App, submission: &Submission, form: &Form) -> Result<BTreeMap<String, Value>, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).ok_or_else(Error::not_found)?;
    let uploads = app.store.uploads(&submission.id).await?;
    let source = Source::new(&snapshot, submission, &uploads);
    Ok(source.read(kind, form).into_iter().collect())
}

/// The answers of a form by the names of their places.
fn answers(form: &Form, fields: &BTreeMap<String, Value>) -> Answers {
    let answer = |(name, value): &(String, String)| {
        let key = name.strip_prefix("pick.")?;
        let choice = match value.as_str() {
            "ours" => Choice::Ours,
            "theirs" => Choice::Theirs,
            "written" => Choice::Written(match fields.get(key) {
                Some(value) => value.clone(),
                None => text(form.get(&format!("text.{key}"))),
            }),
            _ => return None,
        };
        Some((key.to_owned(), choice))
    };
    form.pairs.iter().filter_map(answer).collect()
}

/// What was written as text; `null` for nothing.
fn text(typed: &str) -> Value {
    let typed = typed.replace("\r\n", "\n");
    match typed.trim() {
        "" => Value::Null,
        typed => typed.into(),
    }
}

//! An edit whose entry somebody else has changed meanwhile: what both changed is answered by its author, what only one
//! changed is put together, and the edit stands on what is published now.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Error;
use super::actor::Actor;
use super::content::{self, SIGNED_OFF, Sides};
use super::drafts::{editable, editable_in, put_fields, title_of};
use crate::app::App;
use crate::domain::merge::{BODY, CHAPTER, Choice, Fields, Merged, Question, merge};
use crate::domain::submission::Purpose;
use crate::store::{Submission, Upload};
use crate::{clock, ids};

/// An edit beside what is published now.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The edit.
    pub submission: Submission,
    /// What is put together.
    pub sides: Sides,
    /// What comes of it, and what is to be answered.
    pub merged: Merged,
    /// What an answer is given to: another one, and it is asked again.
    pub seen: String,
}

impl Comparison {
    /// Whether somebody else has published since the edit began.
    pub fn is_behind(&self) -> bool {
        !self.merged.questions.is_empty() || !self.merged.taken.is_empty()
    }
}

/// Answers to questions by the names of their places.
pub type Answers = BTreeMap<String, Choice>;

/// What became of answers.
#[derive(Debug)]
pub enum Reconciled {
    /// The edit holds both, and stands on what is published now.
    Done,
    /// Something is not answered; nothing was changed.
    Unanswered(Box<Comparison>),
    /// What was answered is no longer what is asked: the edit or the entry has changed. Nothing was changed.
    Changed(Box<Comparison>),
}

/// Puts an edit beside what is published now. Returns `None` for what is no edit and for an entry that has gone.
///
/// # Errors
/// When the kind has gone or the repository cannot be read.
pub async fn compare(app: &Arc<App>, submission: &Submission) -> Result<Option<Comparison>, Error> {
    if submission.purpose == Purpose::New {
        return Ok(None);
    }
    let files = app.store.uploads(&submission.id).await?;
    let Ok(sides) = content::sides(app, submission, &files).await? else {
        return Ok(None);
    };
    Ok(Some(Comparison {
        submission: submission.clone(),
        merged: merge(&sides.base, &sides.theirs, &sides.ours, |_| None),
        seen: ids::fingerprint(&json!([sides.base, sides.theirs]).to_string()),
        sides,
    }))
}

/// Puts the author's answers in, with what only others changed. `revision` and `seen` are those of the page that asked.
///
/// # Errors
/// As [`editable`]; [`super::Kind::NotFound`] when there is nothing to compare with.
pub async fn reconcile(
    app: &Arc<App>,
    actor: &Actor,
    id: &str,
    (revision, seen): (Option<i64>, &str),
    answers: &Answers,
) -> Result<Reconciled, Error> {
    let submission = editable(app, actor, id).await?;
    let compared = compare(app, &submission).await?.ok_or(super::Kind::NotFound)?;
    if revision != Some(submission.revision) || seen != compared.seen {
        return Ok(Reconciled::Changed(Box::new(compared)));
    }
    let answers = allowed(&submission, answers);
    let answer = |question: &Question| answers.get(&question.place.to_string()).cloned();
    let Sides { base, theirs, ours } = &compared.sides;
    let merged = merge(base, theirs, ours, answer);
    if !merged.questions.is_empty() {
        return Ok(Reconciled::Unanswered(Box::new(compared)));
    }
    let files = app.store.uploads(id).await?;
    let mut change = app.store.change().await?;
    let mut current = editable_in(app, &mut change, actor, id).await?;
    if current.revision != submission.revision {
        // Saved in another window while this was put together.
        drop(change);
        let compared = compare(app, &current).await?.ok_or(super::Kind::NotFound)?;
        return Ok(Reconciled::Changed(Box::new(compared)));
    }
    put(&mut current, &compared.sides, &merged.content, &files)?;
    change.put_submission(&current).await?;
    let detail = in_log(&compared.merged.questions, &answers);
    change
        .record(&actor.event("reconcile", &current.subject(), &detail))
        .await?;
    change.commit().await?;
    Ok(Reconciled::Done)
}

/// Answers that may be given: what is written names no file that the author did not send or the entry does not have.
fn allowed(submission: &Submission, answers: &Answers) -> Answers {
    let (known, base) = (submission.fields(), submission.base());
    let one = |(place, choice): (&String, &Choice)| {
        let choice = match choice {
            Choice::Written(value) if !value.is_string() => {
                let mut fields = known.clone();
                put_fields(&mut fields, &base, &[(place.clone(), value.clone())]);
                Choice::Written(fields.get(place).cloned().unwrap_or_default())
            }
            choice => choice.clone(),
        };
        (place.clone(), choice)
    };
    answers.iter().map(one).collect()
}

/// Writes what was put together into the submission.
fn put(submission: &mut Submission, sides: &Sides, merged: &Fields, files: &[Upload]) -> Result<(), Error> {
    let mut fields = submission.fields();
    put_back(&mut fields, &sides.ours, merged, files);
    // The text of the entry itself has a place of its own.
    fields.shift_remove(BODY);
    let text = |content: &Fields| content.get(BODY).and_then(Value::as_str).map(str::to_owned);
    if text(merged) != text(&sides.ours) {
        submission.body = text(merged).unwrap_or_default();
    }
    if submission.purpose != Purpose::Takedown {
        submission.title = title_of(&fields);
    }
    submission.fields = serde_json::to_string(&fields)?;
    submission.base = serde_json::to_string(&sides.theirs)?;
    submission.revision += 1;
    submission.updated_at = clock::now();
    Ok(())
}

/// Puts what differs between the author's content and what was put together among the author's fields, where files that
/// the author sent are known by their uploads.
fn put_back(known: &mut Fields, ours: &Fields, merged: &Fields, files: &[Upload]) {
    let gone = ours.keys().filter(|name| !merged.contains_key(*name));
    let differs = |name: &&String| ours.get(*name) != merged.get(*name) && *name != SIGNED_OFF;
    for name in merged.keys().chain(gone).filter(differs) {
        let chapter = |fields: &Fields| match fields.get(name) {
            Some(Value::Object(chapter)) if name.starts_with(CHAPTER) => Some(chapter.clone()),
            _ => None,
        };
        if let (Some(mut inner), Some(ours), Some(merged)) = (chapter(known), chapter(ours), chapter(merged))
        {
            put_back(&mut inner, &ours, &merged, files);
            known.insert(name.clone(), Value::Object(inner));
            continue;
        }
        match merged.get(name) {
            Some(value) => known.insert(name.clone(), without_uploads(value, files)),
            None => known.shift_remove(name),
        };
    }
}

/// A list of files without those that come from uploads: they are added to it when it is composed.
fn without_uploads(value: &Value, files: &[Upload]) -> Value {
    let Value::Array(items) = value else {
        return value.clone();
    };
    let is_upload = |item: &Value| {
        let is =
            |file: &Upload| item["name"] == *file.name && item["sha256"].as_str() == file.sha256.as_deref();
        item.get("sha256").is_some() && files.iter().any(is)
    };
    items.iter().filter(|item| !is_upload(item)).cloned().collect()
}

/// What was answered, for the audit log: places and sides, no content.
fn in_log(questions: &[Question], answers: &Answers) -> String {
    let one = |question: &Question| {
        let place = question.place.to_string();
        let side = match answers.get(&place) {
            Some(Choice::Ours) => "ours",
            Some(Choice::Theirs) => "theirs",
            Some(Choice::Written(_)) => "written",
            None => "",
        };
        format!("{place}: {side}")
    };
    questions.iter().map(one).collect::<Vec<_>>().join(", ")
}

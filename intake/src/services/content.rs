//! The only place where a submission's content is composed: what its author said, what the server adds to it, and what
//! comes of it on top of what is published now. Page, checks, branch and merge all ask here.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jixia::content::{Kind, Schema};
use serde_json::{Value, json};

use super::Error;
use super::blocking::blocking;
use crate::app::App;
use crate::clock;
use crate::domain::merge::{BODY, CHAPTER, Fields, Place, merge};
use crate::domain::submission::{Purpose, State};
use crate::ids;
use crate::portal::chapters::kind_of_chapters;
use crate::portal::{Added, Document, Snapshot, complete, compose_whole};
use crate::store::{Edition, Submission, Upload};

/// Who signed off is said anew with each submission; that it differs is no change of the content.
pub const SIGNED_OFF: &str = "signed_off_by";

/// What is to be published.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The whole content, the body among its fields.
    pub content: Fields,
    /// The content as files.
    pub document: Document,
    /// The commit that was published before anything of it was read.
    pub base: String,
    /// What is published now in its place. `None` for an entry that has gone; of a new one there is none, unless somebody
    /// else was there before.
    pub published: Option<Fields>,
    /// Fields that somebody else has changed meanwhile in another way, as people call them; `content` is then the author's.
    pub conflicts: Vec<String>,
}

fn kind_of<'s>(schema: &'s Schema, submission: &Submission) -> Result<&'s Arc<Kind>, Error> {
    let kind = schema.kinds.get(&*submission.kind);
    kind.ok_or_else(|| Error::internal(format!("the kind {} has gone", submission.kind)))
}

/// What a decision stands for: everything that goes into the file, and the files.
pub fn hash(submission: &Submission, files: &[Upload]) -> String {
    let files: Vec<_> = files
        .iter()
        .map(|file| (&file.id, &file.sha256, &file.name))
        .collect();
    // As JSON no text can pass for the beginning of the next one.
    ids::fingerprint(&json!([submission.fields, submission.body, files]).to_string())
}

/// What the author says, without what the server adds.
///
/// # Errors
/// When the kind has gone.
pub fn said(snapshot: &Snapshot, submission: &Submission, files: &[Upload]) -> Result<Fields, Error> {
    let schema = snapshot.schema();
    let kind = kind_of(schema, submission)?;
    let fields = submission.fields();
    Ok(compose_whole(schema, kind, &fields, &submission.body, files))
}

/// The date of an entry that names none, `2026-03-05`: the day on which it was accepted, which is the day on which it is
/// published. Until then, so that there is one to look at, the day on which it was handed in, or is being written.
pub fn date(submission: &Submission, zone: &TimeZone, now: i64) -> String {
    let at = match submission.state {
        State::Accepted | State::Merged | State::Published => submission.accepted_at,
        State::Draft | State::Returned => None,
        _ => submission.submitted_at,
    };
    clock::day(at.unwrap_or(now), zone)
}

/// Whether the server adds the date of publication.
pub fn is_date_added(snapshot: &Snapshot, submission: &Submission) -> bool {
    let has_date = snapshot
        .kind(&submission.kind)
        .is_some_and(|kind| kind.field("date").is_some());
    let is_given = submission
        .fields()
        .get("date")
        .is_some_and(|date| date.as_str().is_none_or(|date| !date.trim().is_empty()));
    submission.purpose == Purpose::New && has_date && !is_given
}

/// What the author says with what the server adds.
fn whole(
    snapshot: &Snapshot,
    submission: &Submission,
    (mut said, files): (Fields, &[Upload]),
    now: i64,
) -> Result<Fields, Error> {
    let kind = kind_of(snapshot.schema(), submission)?;
    let date = date(submission, snapshot.zone(), now);
    // Whoever changes an entry from above does not take it over.
    let unit = submission.base().get("unit").cloned().unwrap_or_default();
    let added = Added {
        date: match submission.purpose {
            Purpose::New => &date,
            Purpose::Edit | Purpose::Takedown => "",
        },
        unit: unit.as_str().unwrap_or(&submission.unit),
        signed_off_by: submission.signed_off_by.as_deref(),
        files,
    };
    complete(kind, &mut said, &added);
    if submission.purpose == Purpose::Takedown {
        let withdrawn = said.entry("withdrawn").or_insert_with(|| json!({}));
        if let Value::Object(withdrawn) = withdrawn {
            withdrawn.insert("date".to_owned(), date.into());
        }
    }
    Ok(said)
}

/// A content as files at the place of the submission.
///
/// # Errors
/// When the kind has gone.
pub fn document(snapshot: &Snapshot, submission: &Submission, content: &Fields) -> Result<Document, Error> {
    let schema = snapshot.schema();
    let kind = kind_of(schema, submission)?;
    let base = submission.base();
    Ok(Document::whole(schema, &submission.path, kind, content, &base))
}

/// What an edition said, with what the server adds, and that as files.
///
/// # Errors
/// When the kind has gone.
pub fn of_edition(
    snapshot: &Snapshot,
    submission: &Submission,
    edition: &Edition,
    files: &[Upload],
) -> Result<(Fields, Document), Error> {
    let content = whole(snapshot, submission, (edition.content(), files), clock::now())?;
    let document = document(snapshot, submission, &content)?;
    Ok((content, document))
}

/// What is put together: what both sides began with, what is published now, what the author wants.
#[derive(Debug, Clone)]
pub struct Sides {
    /// What the edit began with, as the leader who signed off stands there now.
    pub base: Fields,
    /// What is published now.
    pub theirs: Fields,
    /// What is to be published, as if nothing else had changed.
    pub ours: Fields,
}

/// The sides of an edit, with the files of the submission.
///
/// # Errors
/// The inner values are the author's content where it is put on top of nothing, and what is published there all the same: a new
/// entry, whose place should be free, and one that has gone. When the kind has gone or the repository cannot be read.
pub async fn sides(
    app: &Arc<App>,
    submission: &Submission,
    files: &[Upload],
) -> Result<Result<Sides, (Fields, Option<Fields>)>, Error> {
    let snapshot = app.portal.snapshot();
    let said = said(&snapshot, submission, files)?;
    let ours = whole(&snapshot, submission, (said, files), clock::now())?;
    Ok(match published(app, &snapshot, submission).await? {
        None => Err((ours, None)),
        Some(other) if submission.purpose == Purpose::New => Err((ours, Some(other))),
        Some(theirs) => Ok(Sides {
            base: base(submission, &theirs),
            theirs,
            ours,
        }),
    })
}

/// What a submission is to publish: a new entry as it is said, an edit on top of what is published now.
///
/// # Errors
/// When the kind has gone or the repository cannot be read.
pub async fn proposed(app: &Arc<App>, submission: &Submission) -> Result<Proposed, Error> {
    let repository = Arc::clone(&app.repository);
    let composed_on = blocking(move || repository.published())
        .await?
        .map_err(Error::internal)?;
    let files = app.store.uploads(&submission.id).await?;
    let (content, published, conflicts) = match sides(app, submission, &files).await? {
        Err((ours, published)) => (ours, published, Vec::new()),
        Ok(Sides { base, theirs, ours }) => {
            let merged = merge(&base, &theirs, &ours, |_| None);
            if merged.questions.is_empty() {
                (merged.content, Some(theirs), Vec::new())
            } else {
                let places = merged.questions.iter().map(|question| &question.place);
                let names = names(app, submission, places, [&ours, &theirs]);
                (ours, Some(theirs), names)
            }
        }
    };
    let snapshot = app.portal.snapshot();
    Ok(Proposed {
        base: composed_on,
        document: document(&snapshot, submission, &content)?,
        content,
        published,
        conflicts,
    })
}

/// What is published where the submission belongs. Returns `None` where nothing is, and once it is decided on: there is
/// nothing left to put it on top of.
async fn published(
    app: &Arc<App>,
    snapshot: &Snapshot,
    submission: &Submission,
) -> Result<Option<Fields>, Error> {
    if submission.state.is_over() {
        return Ok(None);
    }
    let kind = Arc::clone(kind_of(snapshot.schema(), submission)?);
    let (shared, path) = (Arc::clone(app), submission.path.clone());
    let read = blocking(move || shared.portal.published(&kind, &path)).await?;
    read.map_err(Error::internal)
}

/// What the edit began with, as the leader who signed off stands there now.
fn base(submission: &Submission, published: &Fields) -> Fields {
    let mut base = submission.base();
    match published.get(SIGNED_OFF) {
        Some(leader) => base.insert(SIGNED_OFF.to_owned(), leader.clone()),
        None => base.shift_remove(SIGNED_OFF),
    };
    base
}

/// What people call places of a content, each once and in their order.
pub fn names<'p>(
    app: &App,
    submission: &Submission,
    places: impl Iterator<Item = &'p Place>,
    contents: [&Fields; 2],
) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for place in places {
        let name = name(app, submission, place, contents);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What people call a place: the label of its field; a chapter is known by its title in the first of the contents that
/// has one.
pub fn name(app: &App, submission: &Submission, place: &Place, contents: [&Fields; 2]) -> String {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind).map(|kind| &**kind);
    let label = |kind: Option<&Kind>| match place.field.as_str() {
        BODY => app.texts.get("edit.body").to_owned(),
        name => kind
            .and_then(|kind| kind.field(name))
            .map_or_else(|| name.to_owned(), |field| field.label.clone()),
    };
    let titled = |key: &str| {
        let mut titles = contents
            .iter()
            .filter_map(|content| content.get(key)?["title"].as_str());
        let title = titles.next().unwrap_or_else(|| app.texts.get("chapter.untitled"));
        format!("{}{title}", app.texts.get("chapter.one"))
    };
    match &place.chapter {
        Some(chapter) => {
            let child = kind.and_then(|kind| kind_of_chapters(snapshot.schema(), kind));
            format!("{}，{}", titled(chapter), label(child))
        }
        None if place.field.starts_with(CHAPTER) => titled(&place.field),
        None => label(kind),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A line a state and what has happened: the moments are days of March 2026.
    #[test]
    fn an_entry_has_one_date_at_a_time() {
        const DAY: i64 = 86_400_000;
        let first: jiff::Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let at = |day: i64| {
            if day == 0 {
                0
            } else {
                first.as_millisecond() + (day - 1) * DAY
            }
        };
        let cases = [
            (State::Draft, None, None, "2026-03-20"),
            (State::Submitted, Some(3), None, "2026-03-03"),
            (State::Endorsed, Some(3), None, "2026-03-03"),
            (State::InReview, Some(3), None, "2026-03-03"),
            (State::Returned, Some(3), None, "2026-03-20"),
            (State::Accepted, Some(3), Some(7), "2026-03-07"),
            (State::Merged, Some(3), Some(7), "2026-03-07"),
            (State::Published, Some(3), Some(7), "2026-03-07"),
            // Accepted once, in conflict, handed in again: the first acceptance does not count.
            (State::Submitted, Some(9), None, "2026-03-09"),
        ];
        let account = crate::store::Account::new(
            "a".to_owned(),
            "a",
            "a",
            "u",
            crate::domain::role::Role::Teacher,
            0,
        );
        for (state, submitted, accepted, expected) in cases {
            let mut submission = super::super::submission::blank(&account);
            submission.state = state;
            (submission.submitted_at, submission.accepted_at) = (submitted.map(at), accepted.map(at));
            let found = date(&submission, &TimeZone::UTC, at(20));
            assert_eq!(found, expected, "{state:?}");
        }
    }
}

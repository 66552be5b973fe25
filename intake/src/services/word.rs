//! Word documents that become the text of a draft, with their pictures as its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use jixia::office::archive::Refused;
use jixia::office::docx::{self, Document};
use serde_json::Value;

use super::actor::Actor;
use super::blocking::looking;
use super::drafts::{self, Edit, Saved};
use super::{Error, Kind, Sent, pictures};
use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::typed;
use crate::domain::word::{Loss, Losses, joined};
use crate::store::Submission;

/// Most bytes of a document.
pub const LARGEST: usize = 50_000_000;
/// Beginning of what Word saved before 2007, and of what has a password.
const OLD: &[u8] = b"\xd0\xcf\x11\xe0";
/// What stands before the names of pictures until they have their own.
const FOLDER: &str = "docx/";

/// Begins a new entry from a document. The inner error is the key of a text: nothing was begun then.
///
/// # Errors
/// As [`drafts::begin`].
pub async fn begin(
    app: &Arc<App>,
    actor: &Actor,
    kind: &str,
    file: Sent,
) -> Result<Result<(Submission, Losses), &'static str>, Error> {
    actor.must_in(app, Action::Create, &actor.account.unit).await?;
    let document = match read(app, file).await? {
        Ok(document) => document,
        Err(key) => return Ok(Err(key)),
    };
    let submission = drafts::begin(app, actor, kind).await?;
    let mut edit = Edit {
        body: Some(String::new()),
        ..Edit::default()
    };
    let losses = put(app, actor, &submission, &mut edit, document).await?;
    let revision = Some(submission.revision);
    match drafts::save(app, actor, &submission.id, revision, &edit).await? {
        Saved::Done(submission) | Saved::Elsewhere(submission) => Ok(Ok((submission, losses))),
    }
}

/// Puts a document behind what is in the body of an edit. Its title becomes that of the edit if there is none. The inner error
/// is the key of a text: nothing was put.
///
/// # Errors
/// [`Kind::NotNow`] when the submission is not open to the actor any more; [`Kind::Busy`].
pub async fn add(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    edit: &mut Edit,
    file: Sent,
) -> Result<Result<Losses, &'static str>, Error> {
    match read(app, file).await? {
        Ok(document) => Ok(Ok(put(app, actor, submission, edit, document).await?)),
        Err(key) => Ok(Err(key)),
    }
}

/// A document that was read, and the name of its file without the extension.
type Read = (Document, String);

/// Reads a document. The inner error is the key of a text.
async fn read(app: &App, file: Sent) -> Result<Result<Read, &'static str>, Error> {
    let Sent { name, bytes } = file;
    if name.is_empty() {
        return Ok(Err("word.none"));
    }
    if bytes.starts_with(OLD) {
        return Ok(Err("word.old"));
    }
    let made = match looking(app, move |_| docx::document(&bytes, FOLDER)).await {
        // Whatever a file does to the reader, it is only a file that cannot be read.
        Err(error) if error.kind == Kind::Internal => Err(Refused::Damaged),
        made => made?,
    };
    let mut document = match made {
        Ok(document) => document,
        Err(Refused::Damaged) => return Ok(Err("word.broken")),
        Err(refused) => return Ok(Err(refused.text())),
    };
    document.body = typed::clean(&document.body).0;
    // A longer one could not be saved again by the form.
    if document.body.len() > app.config.limits.form_kb * 1000 / 2 {
        return Ok(Err("word.long"));
    }
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    document.title = document.title.map(|title| typed::clean(&title).0);
    Ok(Ok((document, stem.to_owned())))
}

async fn put(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
    edit: &mut Edit,
    (document, stem): Read,
) -> Result<Losses, Error> {
    let mut losses = Losses::default();
    for lost in &document.reduced {
        losses.add(match lost.as_str() {
            "chart" => Loss::Chart,
            "formula" => Loss::Formula,
            _ => Loss::Picture,
        });
    }
    let text = entitle(edit, &document, &stem);
    let mut names = BTreeMap::new();
    for (name, bytes) in document.pictures {
        let extension = name.rsplit('.').next().unwrap_or_default();
        match pictures::keep(app, actor, submission, extension, bytes).await? {
            Ok(kept) => drop(names.insert(name, kept)),
            // It stays named where it stood, so that the check misses it.
            Err(_) => losses.add(Loss::Refused),
        }
    }
    let body = edit.body.get_or_insert_default();
    let name = |name: &str| names.get(name).map_or(name, String::as_str).to_owned();
    *body = joined(body, &docx::renamed(&text, FOLDER, name));
    Ok(losses)
}

/// Gives a title to what has none, and the text of the document: where there is another title its own stands over the text.
fn entitle(edit: &mut Edit, document: &Document, stem: &str) -> String {
    let is_title = |(name, _): &&mut (String, Value)| name == "title";
    let typed = edit.fields.iter_mut().find(is_title).map(|(_, typed)| typed);
    let has_title = |typed: &Value| typed.as_str().is_some_and(|typed| !typed.trim().is_empty());
    match (typed, &document.title) {
        (Some(typed), Some(title)) if has_title(typed) && typed.as_str() != Some(title) => {
            return format!("## {title}\n\n{}", document.body);
        }
        (Some(typed), _) if has_title(typed) => {}
        (typed, title) => {
            let title = Value::from(title.as_deref().unwrap_or(stem));
            match typed {
                Some(typed) => *typed = title,
                None => edit.fields.push(("title".to_owned(), title)),
            }
        }
    }
    document.body.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_given_to_what_has_none_and_never_lost() {
        let document = |title: Option<&str>| Document {
            title: title.map(str::to_owned),
            body: "文".to_owned(),
            ..Document::default()
        };
        let cases = [
            (None, None, "名", "文"),
            (None, Some("题"), "题", "文"),
            (Some(Value::Null), Some("题"), "题", "文"),
            (Some("题".into()), Some("题"), "题", "文"),
            (Some("他".into()), Some("题"), "他", "## 题\n\n文"),
            (Some("他".into()), None, "他", "文"),
        ];
        for (typed, own, expected, text) in cases {
            let mut edit = Edit {
                fields: typed
                    .map(|typed| ("title".to_owned(), typed))
                    .into_iter()
                    .collect(),
                ..Edit::default()
            };
            assert_eq!(entitle(&mut edit, &document(own), "名"), text, "{own:?}");
            assert_eq!(edit.fields, [("title".to_owned(), expected.into())], "{own:?}");
        }
    }
}

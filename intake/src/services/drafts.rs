//! What an author does with a submission that is still theirs: begin it, fill it in, hand it in.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::actor::Actor;
use super::checks::{Looked, of_handing_in};
use super::reserved::{self, Standing};
use super::steps::{StepDetails, advance};
use super::submission::{By, blank, find_for};
use super::{Error, Kind as Refusal};
use crate::app::App;
use crate::clock;
use crate::domain::merge::{BODY, Fields};
use crate::domain::policy::Action;
use crate::domain::submission::{Purpose, Step};
use crate::domain::{declarations, file_name};
use crate::portal::Finding;
use crate::portal::chapters::{self, MOST, PREFIX};
use crate::store::{Change, Submission};

/// Most characters of a title as lists show it.
const LONGEST_TITLE: usize = 300;
/// Most bytes of the address of a page.
const LONGEST_ADDRESS: usize = 100;
/// Most names of the address of a page, one below another.
const DEEPEST: usize = 3;
/// Looks of 100 ms at files that are just being looked into.
const PATIENCE: usize = 50;

/// What somebody typed into a form.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The fields that the form showed; `null` for one that was emptied.
    pub fields: Vec<(String, Value)>,
    /// The body, where the form showed it.
    pub body: Option<String>,
    /// Names of the declarations that were made, where the form showed them.
    pub declarations: Option<Vec<String>>,
}

/// What became of a save.
#[derive(Debug)]
pub enum Saved {
    /// It is kept.
    Done(Submission),
    /// Another window saved meanwhile; nothing was changed, and this is what was typed here.
    Elsewhere(Submission),
}

/// Begins a new entry.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] when the actor can submit no such kind.
pub async fn begin(app: &App, actor: &Actor, kind: &str) -> Result<Submission, Error> {
    actor.must_in(app, Action::Create, &actor.account.unit).await?;
    let submission = new(app, actor, kind)?;
    add(app, actor, &submission).await?;
    Ok(submission)
}

/// Begins a page, which stands at an address that the actor chooses.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] when the actor can begin no such page; [`Refusal::Invalid`] when the address is
/// none, or that of another page.
pub async fn begin_page(app: &App, actor: &Actor, kind: &str, address: &str) -> Result<Submission, Error> {
    actor.must_in(app, Action::Create, &actor.account.unit).await?;
    let snapshot = app.portal.snapshot();
    let pages = snapshot.pages_begun_by(actor.role(), &actor.account.unit);
    let mut pages = pages.into_iter();
    let kind = pages.find(|known| known.id == kind).ok_or(Refusal::NotFound)?;
    let address = address.trim().trim_matches('/');
    if !is_address(address) {
        return Err(Error::invalid("kinds.address-wrong"));
    }
    let file = format!("content/{}/{address}.md", kind.section);
    let folder = format!("content/{}/{address}/index.md", kind.section);
    if [&file, &folder]
        .iter()
        .any(|path| snapshot.entry_at(path).is_some())
    {
        return Err(Error::invalid("kinds.address-taken"));
    }
    let mut submission = blank(&actor.account);
    submission.kind.clone_from(&kind.id);
    submission.purpose = Purpose::New;
    submission.path = file;
    add(app, actor, &submission).await?;
    Ok(submission)
}

/// Whether a page can stand at an address: plain names, one below another.
fn is_address(address: &str) -> bool {
    let names: Vec<&str> = address.split('/').collect();
    let is_name = |name: &&str| *name != "index" && file_name::is_plain(name);
    names.len() <= DEEPEST && address.len() <= LONGEST_ADDRESS && names.iter().all(is_name)
}

/// A new entry that is not kept yet.
pub(super) fn new(app: &App, actor: &Actor, kind: &str) -> Result<Submission, Error> {
    let account = &actor.account;
    let snapshot = app.portal.snapshot();
    let mut kinds = snapshot.kinds_begun_by(actor.role(), &account.unit).into_iter();
    let kind = kinds.find(|known| known.id == kind).ok_or(Refusal::NotFound)?;
    let mut submission = blank(account);
    submission.kind.clone_from(&kind.id);
    submission.purpose = Purpose::New;
    // No other submission ever has this name, so merges do not meet; year folders keep directories small.
    let (day, id) = (app.today(), &submission.id);
    let year = day.split('-').next().unwrap_or_default();
    submission.path = if kind.children.is_some() {
        format!("content/{}/{id}/index.md", kind.section)
    } else {
        format!("content/{}/{year}/{id}.md", kind.section)
    };
    // Whoever runs an office publishes for others: only a teacher is taken for the author.
    if kind.field("authors").is_some() && !actor.role().is_admin() {
        let author = snapshot.author(&account.name, &account.unit);
        submission.fields = json!({ "authors": [author] }).to_string();
    }
    Ok(submission)
}

/// Begins an edit of a published entry, or to take it down.
///
/// # Errors
/// [`Refusal::Forbidden`]; [`Refusal::NotFound`] when there is no such entry that the actor can edit.
pub async fn begin_edit(
    app: &Arc<App>,
    actor: &Actor,
    path: &str,
    purpose: Purpose,
) -> Result<Submission, Error> {
    let account = &actor.account;
    let snapshot = app.portal.snapshot();
    let (kind, title, unit) = snapshot.entry_to_edit(path).ok_or(Refusal::NotFound)?;
    actor.must_in(app, Action::Amend, &unit).await?;
    let mut kinds = snapshot.kinds_for(actor.role()).into_iter();
    let declared = kinds.find(|known| known.id == kind).ok_or(Refusal::NotFound)?;
    let (shared, file, declared) = (Arc::clone(app), path.to_owned(), Arc::clone(declared));
    let read = tokio::task::spawn_blocking(move || shared.portal.published(&declared, &file)).await?;
    let base = read.map_err(Error::internal)?.ok_or(Refusal::NotFound)?;
    let mut fields: Fields = base.clone();
    let body = fields.shift_remove(BODY);
    if fields.is_empty() {
        // Nothing could be read of them.
        fields.insert("title".to_owned(), title.clone().into());
    }
    let submission = Submission {
        kind,
        title,
        purpose,
        path: path.to_owned(),
        body: body
            .and_then(|body| body.as_str().map(str::to_owned))
            .unwrap_or_default(),
        fields: serde_json::to_string(&fields)?,
        base: serde_json::to_string(&base)?,
        ..blank(account)
    };
    add(app, actor, &submission).await?;
    Ok(submission)
}

/// Whether the actor can begin an edit of the entry in a file.
pub fn may_edit(app: &App, actor: &Actor, path: &str) -> bool {
    let snapshot = app.portal.snapshot();
    let kinds = snapshot.kinds_for(actor.role());
    snapshot.entry_to_edit(path).is_some_and(|(kind, _, unit)| {
        actor.may_in(app, Action::Amend, &unit) && kinds.iter().any(|known| known.id == kind)
    })
}

async fn add(app: &App, actor: &Actor, submission: &Submission) -> Result<(), Error> {
    let mut change = app.store.change().await?;
    change.add_submission(submission).await?;
    change
        .record(&actor.event("create", &submission.subject(), &submission.path))
        .await?;
    change.commit().await?;
    Ok(())
}

/// The submission of an id, if the actor may edit it now.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Forbidden`], [`Refusal::NotNow`].
pub async fn editable(app: &App, actor: &Actor, id: &str) -> Result<Submission, Error> {
    let submission = find_for(app, actor, id, Action::Edit).await?;
    must_be_open(app, actor, &submission)?;
    Ok(submission)
}

fn must_be_open(app: &App, actor: &Actor, submission: &Submission) -> Result<(), Error> {
    if actor.permissions(app, submission).edit {
        Ok(())
    } else {
        Err(Refusal::NotNow.into())
    }
}

/// The submission within a change, if the actor may edit it: somebody may have decided since the page was shown.
pub(super) async fn editable_in(
    app: &App,
    change: &mut Change<'_>,
    actor: &Actor,
    id: &str,
) -> Result<Submission, Error> {
    let submission = change.submission(id).await?.ok_or(Refusal::NotFound)?;
    must_be_open(app, actor, &submission)?;
    Ok(submission)
}

/// Saves what was typed, on top of the save that the form showed.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::NotNow`] when it is not open to the actor any more.
pub async fn save(
    app: &App,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    edit: &Edit,
) -> Result<Saved, Error> {
    let mut change = app.store.change().await?;
    let mut submission = editable_in(app, &mut change, actor, id).await?;
    let (mut fields, base) = (submission.fields(), submission.base());
    put_fields(&mut fields, &base, &edit.fields);
    must_keep_reserved(app, &submission, &fields)?;
    if submission.purpose != Purpose::Takedown {
        if let Some(body) = &edit.body {
            submission.body.clone_from(body);
        }
        submission.title = title_of(&fields);
    }
    if let Some(made) = &edit.declarations {
        let known = made
            .iter()
            .filter(|name| declarations::ALL.contains(&name.as_str()));
        submission.declarations = serde_json::to_string(&known.collect::<Vec<_>>())?;
    }
    keep(change, submission, &fields, revision).await
}

/// Refuses what only somebody above may set. No form asks for it.
fn must_keep_reserved(app: &App, submission: &Submission, fields: &Fields) -> Result<(), Error> {
    let snapshot = app.portal.snapshot();
    let Some(kind) = snapshot.kind(&submission.kind) else {
        return Ok(());
    };
    let standing = Standing::of(&snapshot, submission);
    let (before, now) = (submission.fields(), fields);
    // What an older draft holds is said by the check; here only what changes now is refused.
    let changed = reserved::changed(standing, kind, now, &before);
    match changed.first() {
        None => Ok(()),
        Some((field, _)) => Err(Error::invalid("wrong.reserved").hint(vec![field.label.clone()])),
    }
}

/// Saves what was typed into a chapter.
///
/// # Errors
/// As [`save`]; [`Refusal::NotFound`] when there is no such chapter.
pub async fn save_chapter(
    app: &App,
    actor: &Actor,
    (id, file): (&str, &str),
    revision: Option<i64>,
    edit: &Edit,
) -> Result<Saved, Error> {
    let mut change = app.store.change().await?;
    let submission = editable_in(app, &mut change, actor, id).await?;
    let (mut fields, base, key) = (submission.fields(), submission.base(), format!("{PREFIX}{file}"));
    let known = fields.get(&key).and_then(Value::as_object);
    let mut chapter = known.cloned().ok_or(Refusal::NotFound)?;
    let began = base.get(&key).and_then(Value::as_object).cloned();
    put_fields(&mut chapter, &began.unwrap_or_default(), &edit.fields);
    if let Some(body) = &edit.body {
        chapter.insert(BODY.to_owned(), body.as_str().into());
    }
    fields.insert(key, Value::Object(chapter));
    keep(change, submission, &fields, revision).await
}

/// The title as lists show it.
pub(super) fn title_of(fields: &Fields) -> String {
    let title = fields.get("title").and_then(Value::as_str).unwrap_or_default();
    title.chars().take(LONGEST_TITLE).collect()
}

async fn keep(
    mut change: Change<'_>,
    mut submission: Submission,
    fields: &Fields,
    revision: Option<i64>,
) -> Result<Saved, Error> {
    let is_on_top = revision == Some(submission.revision);
    submission.fields = serde_json::to_string(fields)?;
    if !is_on_top {
        return Ok(Saved::Elsewhere(submission));
    }
    submission.revision += 1;
    submission.updated_at = clock::now();
    change.put_submission(&submission).await?;
    change.commit().await?;
    Ok(Saved::Done(submission))
}

/// Puts typed fields among the known ones. A published file can only stay where it was: whoever names another one's checksum
/// has not sent that file.
pub(super) fn put_fields(known: &mut Fields, base: &Fields, typed: &[(String, Value)]) {
    for (name, value) in typed {
        let was = [known.get(name), base.get(name)];
        let is_kept = |file: &Value| {
            let mut was = was.into_iter().flatten();
            was.any(|was| was == file || was.as_array().is_some_and(|files| files.contains(file)))
        };
        let is_file = |value: &Value| value.get("sha256").is_some() || value.get("path").is_some();
        let value = match value {
            Value::Array(items) => {
                let kept = items.iter().filter(|item| !is_file(item) || is_kept(item));
                Value::Array(kept.cloned().collect())
            }
            value if is_file(value) && !is_kept(value) => Value::Null,
            value => value.clone(),
        };
        match value {
            Value::Null => known.shift_remove(name),
            value => known.insert(name.clone(), value),
        };
    }
}

/// What is done with the list of chapters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrange {
    /// A new one at the end.
    Add,
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// Away.
    Remove,
}

/// Adds, orders or removes a chapter. Gives the name of the file.
///
/// # Errors
/// [`Refusal::NotNow`] when it is not open to the actor or has no chapters; too many of them.
pub async fn arrange(
    app: &App,
    actor: &Actor,
    (id, file): (&str, &str),
    how: Arrange,
) -> Result<String, Error> {
    let mut change = app.store.change().await?;
    let mut submission = editable_in(app, &mut change, actor, id).await?;
    must_have_chapters(app, &submission)?;
    let mut fields = submission.fields();
    let mut name = file.to_owned();
    match how {
        Arrange::Add if chapters::chapters(&fields).count() >= MOST => {
            return Err(Error::invalid("wrong.chapters"));
        }
        Arrange::Add => {
            name = chapters::new_name(&fields, &submission.base());
            fields.insert(format!("{PREFIX}{name}"), Value::Object(Map::new()));
        }
        Arrange::Up => chapters::arrange(&mut fields, file, -1),
        Arrange::Down => chapters::arrange(&mut fields, file, 1),
        Arrange::Remove => chapters::arrange(&mut fields, file, 0),
    }
    submission.fields = serde_json::to_string(&fields)?;
    submission.revision += 1;
    submission.updated_at = clock::now();
    change.put_submission(&submission).await?;
    change.commit().await?;
    Ok(name)
}

/// Refuses what has no chapters.
///
/// # Errors
/// [`Refusal::NotNow`].
pub fn must_have_chapters(app: &App, submission: &Submission) -> Result<(), Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&submission.kind);
    if kind.is_some_and(|kind| kind.children.is_some()) {
        Ok(())
    } else {
        Err(Refusal::NotNow.into())
    }
}

/// Hands a submission in as it was saved. The inner error is what is wrong with it.
///
/// # Errors
/// As [`advance`].
pub async fn hand_in(
    app: &Arc<App>,
    actor: &Actor,
    submission: &Submission,
) -> Result<Result<(), Vec<Finding>>, Error> {
    wait_for_files(app, submission).await?;
    let findings = of_handing_in(app, submission).await?;
    if findings.iter().any(|finding| finding.is_error) {
        return Ok(Err(findings));
    }
    let details = StepDetails {
        revision: Some(submission.revision),
        ..StepDetails::default()
    };
    let (step, expected) = (Step::Submit { is_endorsed: false }, Some(submission.decided_on()));
    advance(app, By::Actor(actor), &submission.id, expected, step, details).await?;
    Ok(Ok(()))
}

/// Most files are looked into within a moment, and then the author can be told.
async fn wait_for_files(app: &App, submission: &Submission) -> Result<(), Error> {
    for _ in 0..PATIENCE {
        if !Looked::of(app, &submission.id).await?.is_worth_waiting() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

//! A table as many drafts: checked whole, with everything that is wrong at once, and made in one transaction or not at all.

use std::collections::{BTreeMap, HashSet};
use std::io::{Cursor, Read as _};
use std::sync::Arc;

use jixia::content::Field;
use jixia::office::archive::{Archive, Refused};
use jixia::office::{docx, tables};
use jixia::world::Memory;
use serde_json::Value;

use super::actor::Actor;
use super::blocking::looking;
use super::drafts::{self, Edit};
use super::receiving::receive_bytes;
use super::reserved::Standing;
use super::sheets::Sheets;
use super::{Error, Kind, Sent, pictures};
use crate::app::App;
use crate::domain::file_name;
use crate::domain::policy::Action;
use crate::portal::{self, Planned, Row, TableFault};
use crate::store::Submission;

/// Most drafts of one table.
pub const MOST: usize = 200;
/// Most bytes of the archive of files.
pub const LARGEST: usize = 50_000_000;
/// Most bytes of all files of the archive.
const UNPACKED: u64 = 100_000_000;

/// What came of a table.
#[derive(Debug, Default)]
pub struct Checked {
    /// Where in the file the rows stand.
    pub sheets: Sheets,
    /// What is wrong; then nothing was made.
    pub faults: Vec<TableFault>,
    /// A draft a row, or what would be one.
    pub drafts: Vec<Draft>,
    /// Rows whose titles the unit has already: nothing is made of them.
    pub known: Vec<Draft>,
    /// Files that no cell names.
    pub left: Vec<String>,
    /// What documents lose.
    pub lost: Vec<String>,
}

/// A row and its draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The row, from 1.
    pub row: usize,
    /// Its title.
    pub title: String,
    /// The submission, once it is made.
    pub id: String,
    /// Files that were not taken, each with the reason in words.
    pub refused: Vec<String>,
}

/// The headings of an empty table for drafts of a kind.
///
/// # Errors
/// [`Kind::Forbidden`]; [`Kind::NotFound`] for a kind that the actor cannot submit.
pub async fn headings(app: &App, actor: &Actor, kind: &str) -> Result<Vec<String>, Error> {
    let unit = &actor.account.unit;
    actor.must_in(app, Action::CreateMany, unit).await?;
    let snapshot = app.portal.snapshot();
    let mut kinds = snapshot.kinds_begun_by(actor.role(), unit).into_iter();
    let declared = kinds.find(|known| known.id == kind).ok_or(Kind::NotFound)?;
    let standing = Standing::of_new(&snapshot, declared, unit);
    let headings = portal::table_headings(declared, |field| standing.locks(field).is_none());
    Ok(headings.into_iter().map(str::to_owned).collect())
}

/// Checks a table with an archive of the files that it names, and makes a draft of each row if nothing is wrong and this is
/// no `trial`.
///
/// # Errors
/// [`Kind::Forbidden`]; [`Kind::NotFound`] for a kind that the actor cannot submit; a table or an archive that cannot be read.
pub async fn drafts(
    app: &Arc<App>,
    actor: &Actor,
    (kind, is_trial): (&str, bool),
    table: Sent,
    archive: Sent,
) -> Result<Checked, Error> {
    let unit = actor.account.unit.clone();
    actor.must_in(app, Action::CreateMany, &unit).await?;
    let snapshot = app.portal.snapshot();
    let mut kinds = snapshot.kinds_begun_by(actor.role(), &unit).into_iter();
    let declared = Arc::clone(kinds.find(|known| known.id == kind).ok_or(Kind::NotFound)?);
    if table.name.is_empty() {
        return Err(Error::invalid("table.none"));
    }
    let shared = Arc::clone(app);
    let planned = looking(app, move |stop| {
        let read = tables::read(&table.bytes, None, stop);
        let read = read.map_err(|unreadable| unreadable.text())?;
        let files = unpacked(&archive.bytes)?;
        let words = |key: &str| shared.texts.get(key).to_owned();
        let snapshot = shared.portal.snapshot();
        let of = (&*declared, unit.as_str());
        let standing = Standing::of_new(&snapshot, &declared, &unit);
        let may_set = |field: &Field| standing.locks(field).is_none();
        let planned = portal::plan(&snapshot, of, may_set, (&table.name, &read.rows), &files, words);
        Ok::<_, &'static str>((Sheets::of(&read), planned))
    });
    let planned = match planned.await {
        // Whatever a file does to the reader, it is only a file that cannot be read.
        Err(error) if error.kind == Kind::Internal => Err("roster.broken"),
        planned => planned?,
    };
    let (sheets, planned) = planned.map_err(Error::invalid)?;
    if planned.rows.len() > MOST {
        return Err(Error::invalid("table.many"));
    }
    let Planned {
        rows,
        faults,
        left,
        lost,
    } = planned;
    let (known, rows) = known(app, actor, kind, rows).await?;
    let mut checked = Checked {
        drafts: rows.iter().map(draft).collect(),
        known: known.iter().map(draft).collect(),
        sheets,
        faults,
        left,
        lost,
    };
    if checked.faults.is_empty() && !is_trial {
        checked.drafts = make(app, actor, kind, rows).await?;
    }
    Ok(checked)
}

fn draft(row: &Row) -> Draft {
    Draft {
        row: row.number,
        title: row.title.clone(),
        id: String::new(),
        refused: Vec::new(),
    }
}

/// The files of an archive; none if none was sent. Fails with the key of a text.
fn unpacked(bytes: &[u8]) -> Result<Memory, &'static str> {
    let mut files = Memory::default();
    if bytes.is_empty() {
        return Ok(files);
    }
    let mut archive = Archive::open(Cursor::new(bytes), UNPACKED).map_err(Refused::text)?;
    for (place, name) in archive.names().into_iter().enumerate() {
        if name.ends_with('/') {
            continue;
        }
        let mut part = Vec::new();
        let read = archive.part(place).map_err(Refused::text)?;
        read.take(UNPACKED)
            .read_to_end(&mut part)
            .map_err(|_| "file.archive")?;
        files.insert(name, part);
    }
    Ok(files)
}

/// Rows whose titles entries or submissions of the unit have, and the others.
async fn known(app: &App, actor: &Actor, kind: &str, rows: Vec<Row>) -> Result<(Vec<Row>, Vec<Row>), Error> {
    let unit = &actor.account.unit;
    let titles = app.store.titles_of(unit, kind).await?;
    let mut titles: HashSet<String> = titles.into_iter().collect();
    let snapshot = app.portal.snapshot();
    let published = snapshot.entries_of_unit(actor.role(), unit).into_iter();
    titles.extend(
        published
            .filter(|(_, of, ..)| of == kind)
            .map(|(_, _, title, _)| title),
    );
    Ok(rows.into_iter().partition(|row| titles.contains(&row.title)))
}

/// Makes every draft in one transaction; then their files come as any others do.
async fn make(app: &Arc<App>, actor: &Actor, kind: &str, rows: Vec<Row>) -> Result<Vec<Draft>, Error> {
    let mut made = Vec::with_capacity(rows.len());
    let mut change = app.store.change().await?;
    for row in rows {
        let mut submission = drafts::new(app, actor, kind)?;
        let mut fields = submission.fields();
        fields.extend(row.fields.clone());
        submission.fields = serde_json::to_string(&fields)?;
        submission.title.clone_from(&row.title);
        submission.body.clone_from(&row.body);
        change.add_submission(&submission).await?;
        let event = actor.event("create", &submission.subject(), &submission.path);
        change.record(&event).await?;
        made.push((row, submission));
    }
    change.commit().await?;
    let mut drafts = Vec::with_capacity(made.len());
    for (row, submission) in made {
        drafts.push(with_files(app, actor, row, submission).await?);
    }
    Ok(drafts)
}

/// Gives a draft the files of its row.
async fn with_files(app: &Arc<App>, actor: &Actor, row: Row, submission: Submission) -> Result<Draft, Error> {
    let mut made = draft(&row);
    made.id.clone_from(&submission.id);
    let (mut edit, mut names) = (Edit::default(), BTreeMap::new());
    for file in row.files {
        let stands_in_text = row.body.contains(&format!("{}{}", row.folder, file.name));
        let extension = file.name.rsplit('.').next().unwrap_or_default();
        let name = file_name::clean(&file.name);
        let kept = if stands_in_text {
            let kept = pictures::keep(app, actor, &submission, extension, file.bytes).await?;
            kept.map(|kept| drop(names.insert(file.name.clone(), kept)))
        } else {
            let received = receive_bytes(app, actor, &submission, &name, file.bytes).await?;
            if let (Ok(upload), Some(field)) = (&received, file.field) {
                edit.fields.push((field, Value::from(upload.id.clone())));
            }
            received.map(drop).map_err(|reason| (name, reason))
        };
        if let Err((name, reason)) = kept {
            made.refused.push(format!("{name}：{}", reason.words(&app.texts)));
        }
    }
    if !names.is_empty() {
        let name = |name: &str| names.get(name).map_or(name, String::as_str).to_owned();
        edit.body = Some(docx::renamed(&row.body, &row.folder, name));
    }
    if edit.body.is_some() || !edit.fields.is_empty() {
        edit.fields.push(("title".to_owned(), row.title.into()));
        let revision = Some(submission.revision);
        drafts::save(app, actor, &submission.id, revision, &edit).await?;
    }
    Ok(made)
}

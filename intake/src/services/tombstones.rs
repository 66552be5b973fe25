//! What an order to take an entry down makes of the published branch. All of it is harmless when repeated.

use std::sync::Arc;

use serde_json::{Value, json};

use super::blocking::blocking;
use super::{Error, Kind, currency};
use crate::app::App;
use crate::clock;
use crate::domain::takedown::State;
use crate::forge::{self, Merge, Person, Proposal, Status};
use crate::portal::{Document, chapters};
use crate::store::Takedown;

/// The field that makes an entry a tombstone.
const WITHDRAWN: &str = "withdrawn";

/// Brings the published branch to what an order says, and the portal after it. Harmless when repeated.
///
/// # Errors
/// When the repository does not do its part; it is tried again.
pub async fn carry_out(app: &Arc<App>, id: &str) -> Result<(), Error> {
    let takedown = app.store.takedown(id).await?.ok_or(Kind::NotFound)?;
    let branch = format!("takedown-{}-{id}", takedown.state_on_the_portal());
    let (forge, name) = (Arc::clone(&app.forge), branch.clone());
    let status = blocking(move || forge.status(&name))
        .await?
        .map_err(Error::internal)?;
    let commit = match status {
        Status::Merged(commit) => Some(commit),
        Status::Merging => return Err(Error::internal(forge::Error::UnderWay)),
        _ => write(app, &takedown, &branch).await?,
    };
    let forge = Arc::clone(&app.forge);
    blocking(move || forge.close(&branch))
        .await?
        .map_err(Error::internal)?;
    if let Some(commit) = commit {
        currency::ask(app, &format!("commit-{commit}"), clock::now()).await?;
    }
    Ok(())
}

/// Proposes and merges the entry as it is to be. Returns `None` if it is so already, or has gone.
async fn write(app: &Arc<App>, takedown: &Takedown, branch: &str) -> Result<Option<String>, Error> {
    let snapshot = app.portal.snapshot();
    let kind = snapshot.kind(&takedown.kind).ok_or(Kind::NotFound)?;
    let repository = Arc::clone(&app.repository);
    let base = blocking(move || repository.published())
        .await?
        .map_err(Error::internal)?;
    let (shared, path, declared) = (Arc::clone(app), takedown.path.clone(), Arc::clone(kind));
    let read = blocking(move || shared.portal.published(&declared, &path)).await?;
    let Some(published) = read.map_err(Error::internal)? else {
        return Ok(None);
    };
    let mut content = published.clone();
    match takedown.state {
        State::Lifted => drop(content.shift_remove(WITHDRAWN)),
        State::Ordered | State::Confirmed => {
            let tombstone = tombstone(takedown, &clock::day(takedown.ordered_at, snapshot.zone()));
            content.insert(WITHDRAWN.to_owned(), tombstone);
        }
    }
    if content == published {
        return Ok(None);
    }
    let document = Document::whole(snapshot.schema(), &takedown.path, kind, &content, &published);
    let by = match takedown.state {
        State::Lifted => takedown.decided_by.as_ref(),
        _ => Some(&takedown.ordered_by),
    };
    let by = match by {
        Some(account) => who(app, account).await?,
        None => Person::of_account("intake", app.texts.get("item.server")),
    };
    let at = takedown.decided_at.unwrap_or(takedown.ordered_at) / 1000;
    let key = format!("takedown.{}", takedown.state_on_the_portal());
    let word = app.texts.get(&key);
    let title = format!("{word}：{}", takedown.title);
    let proposal = Proposal {
        id: branch.to_owned(),
        title: title.clone(),
        author: by.clone(),
        at,
        base: Some(base),
        files: chapters::files(document),
    };
    let merge = Merge {
        id: branch.to_owned(),
        title,
        trailers: trailers(app, takedown).await?,
        reviewer: by,
        at,
    };
    let forge = Arc::clone(&app.forge);
    let merged = blocking(move || {
        forge.open(&proposal)?;
        forge.merge(&merge)
    });
    merged.await?.map(Some).map_err(Error::internal)
}

async fn who(app: &App, account: &str) -> Result<Person, Error> {
    let found = app.store.account(account).await?;
    let name = found.map_or_else(|| account.to_owned(), |account| account.name);
    Ok(Person::of_account(account, &name))
}

/// What stands in the place of the entry.
fn tombstone(takedown: &Takedown, day: &str) -> Value {
    let mut tombstone = json!({ "reason": takedown.reason, "date": day });
    if let Some(note) = &takedown.note {
        tombstone["note"] = note.clone().into();
    }
    tombstone
}

/// Who ordered it and why, as git keeps it. What the unit alone reads stays out of it.
async fn trailers(app: &App, takedown: &Takedown) -> Result<Vec<(&'static str, String)>, Error> {
    let written = |person: Person| format!("{} <{}>", person.name, person.address);
    let mut trailers = vec![
        (
            "Takedown-ordered-by",
            written(who(app, &takedown.ordered_by).await?),
        ),
        ("Takedown-reason", takedown.reason.clone()),
        ("Takedown-ground", forge::one_line(&takedown.ground)),
    ];
    if takedown.state == State::Lifted {
        let by = match &takedown.decided_by {
            Some(account) => written(who(app, account).await?),
            None => "unconfirmed".to_owned(),
        };
        trailers.push(("Takedown-lifted-by", by));
    }
    trailers.push(("Takedown-Id", takedown.id.clone()));
    Ok(trailers)
}

impl Takedown {
    /// The word for what it makes of the entry.
    fn state_on_the_portal(&self) -> &'static str {
        match self.state {
            State::Lifted => "up",
            State::Ordered | State::Confirmed => "down",
        }
    }
}

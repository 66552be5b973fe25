//! Telling whoever keeps copies of the portal what each build changed. It never holds a publication up: it is a job of its
//! own, repeated until it succeeds.

use std::sync::Arc;

use super::Error;
use super::blocking::blocking;
use crate::app::App;
use crate::clock;
use crate::store::{JobKind, JobState};

/// Lists that are kept once they were told, for whoever wants to look.
const KEPT: usize = 100;

/// Asks for a job for each list that there is none for yet. Forgets old lists that were told; all but the last where nobody
/// is to be told.
///
/// # Errors
/// When the database does not answer.
pub async fn announce(app: &App) -> Result<(), Error> {
    let lists = app.portal.lists();
    let names = lists.names();
    if app.config.publish.after().is_none() {
        let old = names.iter().rev().skip(1);
        old.for_each(|name| lists.remove(name));
        return Ok(());
    }
    let mut untold = Vec::new();
    for (age, name) in names.iter().rev().enumerate() {
        match app.store.job(&JobKind::Tell.id(name, "")).await? {
            None => untold.push(name),
            Some(job) if job.state == JobState::Done && age >= KEPT => lists.remove(name),
            Some(_) => {}
        }
    }
    if untold.is_empty() {
        return Ok(());
    }
    let mut change = app.store.change().await?;
    for name in untold.into_iter().rev() {
        change.enqueue(JobKind::Tell, name, "", clock::now()).await?;
    }
    change.commit().await?;
    app.bells.telling.notify_one();
    Ok(())
}

/// Tells of one list.
///
/// # Errors
/// When it was not taken; it is tried again.
pub async fn tell(app: &Arc<App>, name: &str) -> Result<(), Error> {
    let (list, after) = (app.portal.lists().path(name), app.config.publish.after());
    let Some(after) = after.filter(|_| list.is_file()) else {
        // Nobody is to be told any more, or somebody removed the list.
        return Ok(());
    };
    let told = blocking(move || after.tell(&list)).await?;
    told.map_err(Error::internal)?;
    tracing::info!(name, "told what the portal changed");
    Ok(())
}

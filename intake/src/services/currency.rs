//! Keeps the portal at what is published and at what time it is, whoever pushed and whether or not anybody did.

use std::sync::Arc;

use super::blocking::blocking;
use super::error::Error;
use crate::app::App;
use crate::clock;
use crate::domain::currency::{Shown, behind};
use crate::store::JobKind;

/// What jobs that build the portal are about, when they are about no submission.
pub const PORTAL: &str = "portal";

/// What is remembered from one look to the next.
#[derive(Debug, Default)]
pub struct Looked {
    /// What was wanting: what was merged here is being built already, so that only what is still wanting is asked for.
    wanting: Option<String>,
    /// What was asked for last: its job is tried again by itself, and is not asked for twice.
    asked: Option<String>,
}

/// Has the portal built when the published branch has another commit than it shows, or when something appears or expires by
/// itself.
///
/// # Errors
/// When the repository or the database does not answer.
pub async fn keep(app: &Arc<App>, looked: &mut Looked) -> Result<(), Error> {
    let repository = Arc::clone(&app.repository);
    let published = blocking(move || repository.published())
        .await?
        .map_err(Error::internal)?;
    let snapshot = app.portal.snapshot();
    let shown = Shown {
        commit: snapshot.commit(),
        next_change: snapshot.next_change(),
    };
    let now = clock::now();
    let wanting = behind(shown, &published, now);
    match &wanting {
        // Whoever sets the branch back to a commit that was built before wants it built again.
        Some(edition) if wanting == looked.wanting && wanting != looked.asked => {
            ask(app, &format!("{edition}-{now}"), now).await?;
            looked.asked.clone_from(&wanting);
        }
        Some(_) => {}
        None => looked.asked = None,
    }
    looked.wanting = wanting;
    Ok(())
}

/// Asks for a build of the portal. Returns the id of the job that does it.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(app: &App, edition: &str, now: i64) -> Result<String, Error> {
    let mut change = app.store.change().await?;
    let id = change.enqueue(JobKind::Rebuild, PORTAL, edition, now).await?;
    change.commit().await?;
    app.bells.portal.notify_one();
    Ok(id)
}

//! `jixia-intake rebuild`: the portal, brought up to what is published, by hand.

use std::time::Duration;

use super::hold::Hold;
use super::output::print;
use crate::app::{Layout, open_store};
use crate::clock;
use crate::config::Config;
use crate::forge::Local;
use crate::portal;
use crate::services::currency;
use crate::store::{JobKind, JobState, Store};

/// How often it is looked whether the server has done it.
const PAUSE: Duration = Duration::from_millis(200);

/// Builds the portal: here when no server runs, else the running server does it. Prints the commit that it shows.
///
/// # Errors
/// When it cannot be built, with what is wrong.
pub(super) async fn rebuild(config: &Config) -> Result<(), String> {
    let layout = Layout {
        data: config.data.clone(),
    };
    let repository = Local::open(&layout.repository()).map_err(|error| error.to_string())?;
    let commit = match Hold::take(&config.data) {
        Ok(_hold) => {
            let built = tokio::task::spawn_blocking(move || portal::prepare(&layout.places(), &repository));
            let built = built.await.map_err(|error| error.to_string())?;
            built.map_err(|failure| failure.to_string())?.commit
        }
        Err(_) => {
            let store = open_store(config).await?;
            let done = by_the_server(&store).await;
            store.close().await;
            done?;
            crate::forge::Repository::published(&repository).map_err(|error| error.to_string())?
        }
    };
    print(&format!("the portal shows {commit}"));
    Ok(())
}

/// Asks the running server for it, and waits until it has done it or has failed.
async fn by_the_server(store: &Store) -> Result<(), String> {
    let failed = |error: crate::store::Error| error.to_string();
    let now = clock::now();
    let mut change = store.change().await.map_err(failed)?;
    let edition = format!("by-hand-{now}");
    let enqueued = change.enqueue(JobKind::Rebuild, currency::PORTAL, &edition, now);
    let id = enqueued.await.map_err(failed)?;
    change.commit().await.map_err(failed)?;
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(job) = store.job(&id).await.map_err(failed)? else {
            return Err("the server forgot what it was asked for; ask again".to_owned());
        };
        match (job.state, job.problem) {
            (JobState::Done, _) => return Ok(()),
            // It is tried again; whoever asked wants to know now.
            (_, Some(problem)) => return Err(problem),
            (_, None) => {}
        }
    }
}

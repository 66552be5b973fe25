//! Slow or outward work: repeated until it succeeds, and harmless when repeated.
//!
//! A job's id is derived from what it does, so asking twice is asking once; what it does finds what an earlier try
//! did. Two lanes: the repository's work in one, rebuilding the portal in the other, so that merging does not wait for
//! a build.

mod work;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::app::App;
use crate::clock;
use crate::store::{self, Job};

/// How often a job is tried before it waits for a person.
const ATTEMPTS: i64 = 12;
/// Jobs that are looked at together.
const BATCH: i64 = 64;
/// How long a lane sleeps when nothing rings.
const PAUSE: Duration = Duration::from_secs(1);

/// Why a job did not succeed.
#[derive(Debug)]
pub(crate) struct Trouble(pub(crate) String);

impl<E: std::fmt::Display> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// What a lane does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Branches and merges.
    Repository,
    /// Rebuilds.
    Portal,
}

/// Works until told to stop; what is begun is finished.
pub async fn run(app: Arc<App>, lane: Lane, mut stop: watch::Receiver<bool>) {
    loop {
        if *stop.borrow() {
            return;
        }
        match once(&app, lane).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "jobs cannot be read"),
        }
        tokio::select! {
            () = app.bell.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Does what is due in a lane; gives how many jobs that were.
///
/// # Errors
/// When the database does not answer.
pub async fn once(app: &Arc<App>, lane: Lane) -> Result<usize, store::Error> {
    let jobs = app
        .store
        .due_jobs(lane == Lane::Portal, clock::now(), BATCH)
        .await?;
    for job in &jobs {
        attempt(app, job).await?;
    }
    Ok(jobs.len())
}

async fn attempt(app: &Arc<App>, job: &Job) -> Result<(), store::Error> {
    let result = work::work(app, job).await;
    let mut change = app.store.change().await?;
    match result {
        Ok(()) => change.finish_job(&job.id, clock::now()).await?,
        Err(Trouble(problem)) => {
            tracing::warn!(
                job = job.id,
                attempts = job.attempts + 1,
                problem,
                "a job did not succeed"
            );
            let due_at = (job.attempts + 1 < ATTEMPTS).then(|| clock::now() + back_off(job.attempts));
            change.postpone_job(&job.id, &problem, due_at).await?;
        }
    }
    change.commit().await
}

/// Forgets every hour what nobody finished.
pub async fn tidy(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = forget_uploads(&app).await {
            tracing::error!(error = error.0, "unfinished uploads cannot be forgotten");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(3600)) => {}
            _ = stop.changed() => return,
        }
    }
}

async fn forget_uploads(app: &App) -> Result<(), Trouble> {
    let before = clock::now() - i64::from(app.config.limits.unfinished_days) * 86_400_000;
    for upload in app.store.stale_uploads(before).await? {
        let mut change = app.store.change().await?;
        change.remove_upload(&upload.id).await?;
        change.commit().await?;
        app.stages.forget(&upload.id);
        app.blobs.discard(&upload.id)?;
    }
    Ok(())
}

/// Milliseconds to wait after so many attempts: 1 s, doubling up to five minutes.
fn back_off(attempts: i64) -> i64 {
    (1000_i64 << attempts.clamp(0, 20)).min(300_000)
}

#[cfg(test)]
mod tests {
    use super::back_off;

    #[test]
    fn waiting_grows_and_ends() {
        assert_eq!(
            [0, 1, 8, 9, 99].map(back_off),
            [1000, 2000, 256_000, 300_000, 300_000]
        );
    }
}

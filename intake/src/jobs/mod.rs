//! Slow or outward work: repeated until it succeeds, and harmless when repeated.
//!
//! A job's id is derived from what it does, so asking twice is asking once; what it does finds what an earlier try
//! did. Lanes: the repository's work, rebuilding the portal, telling of it, sending mail and looking into files, so that merging
//! waits neither for a build nor for a mail server, a CDN or a long video.

mod due;
mod error;
mod upkeep;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::app::App;
use crate::clock;
use crate::store::{self, Job, JobKind};

pub use due::{follow, watch};
use error::JobError;
pub use upkeep::tidy;

/// How often a job is tried before it waits for a person.
const ATTEMPTS: i64 = 12;
/// Jobs that are looked at together.
const BATCH: usize = 64;
/// Submissions that are worked on side by side.
const AT_ONCE: usize = 8;
/// Files that are looked into side by side: each may take a processor.
const FILES_AT_ONCE: usize = 2;
/// How long a lane sleeps when nothing rings.
const PAUSE: Duration = Duration::from_secs(1);

/// What a lane does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Branches and merges.
    Repository,
    /// Rebuilds.
    Portal,
    /// Mail, and robots in groups.
    Mail,
    /// Looking into files.
    Files,
    /// Telling what the portal changed.
    Telling,
}

impl Lane {
    /// The kinds of jobs that are done in it.
    fn kinds(self) -> &'static [JobKind] {
        match self {
            Self::Repository => &[
                JobKind::Takedown,
                JobKind::Recommend,
                JobKind::Site,
                JobKind::Branch,
                JobKind::Close,
                JobKind::Merge,
                JobKind::Mirror,
            ],
            Self::Portal => &[JobKind::Rebuild],
            Self::Mail => &[JobKind::Mail, JobKind::Webhook],
            Self::Files => &[JobKind::Inspect, JobKind::Scan],
            Self::Telling => &[JobKind::Tell],
        }
    }

    /// How many jobs are looked at together.
    fn batch(self) -> usize {
        match self {
            Self::Files => FILES_AT_ONCE,
            // Somebody's program need not be ready for being run twice at a time.
            Self::Telling => 1,
            _ => BATCH,
        }
    }
}

/// Works until told to stop; what is begun is finished.
pub async fn run(app: Arc<App>, lane: Lane, mut stop: watch::Receiver<bool>) {
    let bell = match lane {
        Lane::Repository => &app.bells.repository,
        Lane::Portal => &app.bells.portal,
        Lane::Mail => &app.bells.mail,
        Lane::Files => &app.bells.files,
        Lane::Telling => &app.bells.telling,
    };
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
            () = bell.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Does what is due in a lane; gives how many jobs that were.
///
/// Jobs of one submission run in their order, those of several side by side: most of a branch's time is waiting for
/// the disk. What came of them is written down in one transaction.
///
/// # Errors
/// When the database does not answer.
pub async fn once(app: &Arc<App>, lane: Lane) -> Result<usize, store::Error> {
    let due = app
        .store
        .due_jobs(lane.kinds(), clock::now(), lane.batch() as i64);
    let jobs = due.await?;
    let count = jobs.len();
    let mut by_subject: BTreeMap<String, Vec<Job>> = BTreeMap::new();
    for job in jobs {
        by_subject.entry(job.subject.clone()).or_default().push(job);
    }
    let (mut running, slots) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for jobs in by_subject.into_values() {
        let (app, slots) = (Arc::clone(app), Arc::clone(&slots));
        running.spawn(async move {
            let _slot = slots.acquire().await;
            let mut results = Vec::with_capacity(jobs.len());
            for job in jobs {
                results.push(attempt(&app, job).await);
            }
            results
        });
    }
    let mut results = Vec::with_capacity(count);
    while let Some(done) = running.join_next().await {
        results.extend(done.unwrap_or_default());
    }
    if count > 0 {
        note(app, results).await?;
    }
    Ok(count)
}

/// Tries a job in a task of its own, so that one that panics counts as one that failed.
async fn attempt(app: &Arc<App>, job: Job) -> (Job, Result<(), JobError>) {
    let (app, tried) = (Arc::clone(app), job.clone());
    let done = tokio::spawn(async move { work::work(&app, &tried).await }).await;
    (job, done.unwrap_or_else(|panicked| Err(panicked.into())))
}

async fn note(app: &App, results: Vec<(Job, Result<(), JobError>)>) -> Result<(), store::Error> {
    let mut change = app.store.change().await?;
    for (job, result) in results {
        match result {
            Ok(()) => change.finish_job(&job.id, clock::now()).await?,
            Err(JobError(problem)) => {
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
    }
    change.commit().await
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

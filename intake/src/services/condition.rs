//! Whether the server can do what it promises, and what somebody should look at.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::blocking::blocking;
use crate::app::{App, Probe};
use crate::portal::Aside;
use crate::store::JobKind;
use crate::{clock, store};

/// How long the database may take to write a row.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a job may be due before somebody should look, in milliseconds: builds and pauses between attempts are shorter.
const LATE: i64 = 15 * 60_000;

/// What is known, for whoever watches over the server.
#[derive(Debug, Clone, Serialize)]
pub struct Condition {
    /// `ok`; `degraded` if somebody should look; `unready` if something is missing without which nothing works.
    pub status: &'static str,
    /// What is missing: `database`, `repository`, `portal`.
    pub missing: Vec<&'static str>,
    /// What somebody should look at, a sentence each.
    pub problems: Vec<String>,
    /// When database, disk and jobs were looked at, milliseconds since 1970.
    pub checked_at: i64,
    /// MB (10^6 bytes) that can still be written.
    pub free_mb: Option<u64>,
    /// Work that waits.
    pub jobs: Jobs,
    /// What the portal shows.
    pub portal: Shown,
}

/// Work that waits.
#[derive(Debug, Clone, Serialize)]
pub struct Jobs {
    /// Jobs that wait to be done.
    pub waiting: i64,
    /// Jobs that were given up.
    pub failed: i64,
    /// Lists of what the portal changed that nobody took so far.
    pub untold: i64,
    /// For how many seconds a job has been due.
    pub late_seconds: i64,
}

/// What the portal shows.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// The commit that is published.
    pub commit: String,
    /// Seconds since it was last built.
    pub built_seconds_ago: Option<u64>,
    /// Whether building it failed since.
    pub failed: bool,
    /// Entries that are left out of it.
    pub left_out: Vec<String>,
    /// Entries that are without some of their files, which are damaged or gone.
    pub damaged: Vec<String>,
}

/// How things are. What was looked at within the last five seconds is not looked at again, but for the portal.
pub async fn condition(app: &Arc<App>) -> Condition {
    let probe = match app.probes.last().await {
        Ok(probe) => probe,
        Err(turn) => {
            let probe = look(app).await;
            turn.keep(&probe);
            probe
        }
    };
    let shown = shown(app);
    let is_built = app.portal.out().join("index.html").is_file();
    let missing: Vec<&str> = [
        ("database", probe.writes),
        ("repository", probe.repository),
        ("portal", is_built),
    ]
    .into_iter()
    .filter_map(|(name, is_there)| (!is_there).then_some(name))
    .collect();
    let problems = problems(&probe, &shown, app.config.limits.free_mb);
    let status = match (missing.is_empty(), problems.is_empty()) {
        (false, _) => "unready",
        (true, false) => "degraded",
        (true, true) => "ok",
    };
    Condition {
        status,
        missing,
        problems,
        checked_at: probe.at,
        free_mb: probe.free.map(|bytes| bytes / 1_000_000),
        jobs: Jobs {
            waiting: probe.waiting,
            failed: probe.failed,
            untold: probe.untold,
            late_seconds: late(&probe) / 1000,
        },
        portal: shown,
    }
}

/// Milliseconds for which a job has been due.
fn late(probe: &Probe) -> i64 {
    probe.longest_due.map_or(0, |due| (probe.at - due).max(0))
}

async fn look(app: &Arc<App>) -> Probe {
    let repository = Arc::clone(&app.repository);
    let reads = blocking(move || repository.published().is_ok());
    let writes = tokio::time::timeout(PATIENCE, beats(app)).await;
    let counts = app.store.job_counts().await.unwrap_or_default();
    let count = |state: &str| {
        counts
            .iter()
            .find(|(known, _)| known == state)
            .map_or(0, |(_, count)| *count)
    };
    Probe {
        at: clock::now(),
        writes: matches!(writes, Ok(Ok(()))),
        repository: reads.await.unwrap_or(false),
        free: free(app),
        waiting: count("waiting"),
        failed: count("failed"),
        untold: app.store.troubled(JobKind::Tell).await.unwrap_or_default(),
        longest_due: app.store.longest_due().await.ok().flatten(),
    }
}

async fn beats(app: &App) -> Result<(), store::Error> {
    let mut change = app.store.change().await?;
    change.beat(clock::now()).await?;
    change.commit().await
}

/// Bytes that can still be written where the data lies.
pub(super) fn free(app: &App) -> Option<u64> {
    let room = rustix::fs::statvfs(&app.config.data).ok()?;
    Some(room.f_bavail.saturating_mul(room.f_frsize))
}

fn shown(app: &App) -> Shown {
    let snapshot = app.portal.snapshot();
    let (built, failed) = app.portal.moments();
    let paths = |entries: &[Aside]| entries.iter().map(|aside| aside.path.clone()).collect();
    let ago = |moment: SystemTime| {
        SystemTime::from(clock::instant())
            .duration_since(moment)
            .unwrap_or_default()
    };
    Shown {
        commit: snapshot.commit().to_owned(),
        built_seconds_ago: built.map(|moment| ago(moment).as_secs()),
        failed: failed.is_some(),
        left_out: paths(snapshot.set_aside()),
        damaged: paths(snapshot.damaged()),
    }
}

/// What somebody should look at, a sentence each.
fn problems(probe: &Probe, shown: &Shown, least_mb: u64) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(free) = probe
        .free
        .filter(|free| *free < least_mb.saturating_mul(1_000_000))
    {
        problems.push(format!(
            "short of room: {} MB left on the disk of the data",
            free / 1_000_000
        ));
    }
    if shown.failed {
        let built = shown.built_seconds_ago.map_or(" before".to_owned(), |ago| {
            format!(" of {} minutes ago", ago / 60)
        });
        problems.push(format!("the last rebuild failed: the portal is the one{built}"));
    }
    if probe.failed > 0 {
        problems.push(format!("jobs that were given up: {}", probe.failed));
    }
    if probe.untold > 0 {
        problems.push(format!(
            "publish.after did not take {} lists of changes: copies of the portal may show what was taken down",
            probe.untold
        ));
    }
    if late(probe) > LATE {
        problems.push(format!("a job has been due for {} minutes", late(probe) / 60_000));
    }
    let damaged = shown.damaged.iter();
    problems.extend(damaged.map(|path| format!("a file is damaged and replaced by a notice: {path}")));
    problems.extend(
        shown
            .left_out
            .iter()
            .map(|path| format!("left out of the portal: {path}")),
    );
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_should_look_at_is_said() {
        let fine = Probe {
            at: 100 * 60_000,
            writes: true,
            repository: true,
            free: Some(10_000_000_000),
            waiting: 3,
            failed: 0,
            untold: 0,
            longest_due: Some(99 * 60_000),
        };
        let shown = Shown {
            commit: String::new(),
            built_seconds_ago: Some(7200),
            failed: false,
            left_out: Vec::new(),
            damaged: Vec::new(),
        };
        let failed = Shown {
            failed: true,
            ..shown.clone()
        };
        let left_out = Shown {
            left_out: vec!["content/news/a.md".to_owned()],
            ..shown.clone()
        };
        let cases = [
            (fine.clone(), &shown, vec![]),
            (
                Probe {
                    free: Some(499_999_999),
                    ..fine.clone()
                },
                &shown,
                vec!["short of room: 499 MB left on the disk of the data"],
            ),
            (
                Probe {
                    free: None,
                    ..fine.clone()
                },
                &shown,
                vec![],
            ),
            (
                Probe {
                    failed: 2,
                    ..fine.clone()
                },
                &shown,
                vec!["jobs that were given up: 2"],
            ),
            (
                Probe {
                    untold: 2,
                    ..fine.clone()
                },
                &shown,
                vec![
                    "publish.after did not take 2 lists of changes: copies of the portal may show what was taken down",
                ],
            ),
            (
                Probe {
                    longest_due: Some(80 * 60_000),
                    ..fine.clone()
                },
                &shown,
                vec!["a job has been due for 20 minutes"],
            ),
            (
                fine.clone(),
                &failed,
                vec!["the last rebuild failed: the portal is the one of 120 minutes ago"],
            ),
            (fine, &left_out, vec!["left out of the portal: content/news/a.md"]),
        ];
        for (probe, shown, expected) in cases {
            assert_eq!(problems(&probe, shown, 500), expected);
        }
    }
}

//! Work that waits to be done.

use sqlx::AssertSqlSafe;

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::{Change, Error, Store};
use crate::domain::names::named;

named! {
    /// What a job does.
    JobKind("kind of job") {
        /// Writes a submission's branch as its content is now.
        Branch = "branch",
        /// Removes the branch of a submission that is over.
        Close = "close",
        /// Merges an accepted submission.
        Merge = "merge",
        /// Tells the forge where a submission is and what was decided.
        Mirror = "mirror",
        /// Brings the portal up to the published branch.
        Rebuild = "rebuild",
        /// Takes a published entry down, or makes it public again.
        Takedown = "takedown",
        /// Has the branch say that an entry is recommended.
        Recommend = "recommend",
        /// Writes a change of the portal's settings that was approved.
        Site = "site",
        /// Tells whoever keeps copies of the portal what a build changed.
        Tell = "tell",
        /// Sends a mail.
        Mail = "mail",
        /// Tells the robot in a unit's group of a submission.
        Webhook = "webhook",
        /// Looks into an uploaded file.
        Inspect = "inspect",
        /// Has an uploaded file looked at by the virus scanner.
        Scan = "scan",
    }
}

named! {
    /// Where a job is.
    JobState("state of a job") {
        /// It is tried once it is due.
        Waiting = "waiting",
        /// It succeeded.
        Done = "done",
        /// It was given up, until somebody lets it be tried again.
        Failed = "failed",
    }
}

impl JobKind {
    /// The id of a job of this kind.
    pub fn id(self, subject: &str, edition: &str) -> String {
        format!("{}:{subject}:{edition}", self.name())
    }
}

row! {
    /// A job.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Job {
        /// Derived from what it does.
        pub id: String,
        /// What it does.
        pub kind: JobKind as String,
        /// The submission or commit.
        pub subject: String,
        /// Where it is.
        pub state: JobState as String,
        /// How often it was tried.
        pub attempts: i64,
        /// When it is next tried, milliseconds since 1970.
        pub due_at: i64,
        /// What went wrong last.
        pub problem: Option<String> as OrNone<String>,
        /// Milliseconds since 1970.
        pub created_at: i64,
        /// Milliseconds since 1970.
        pub done_at: Option<i64> as OrNone<i64>,
    }
}

impl Store {
    /// Jobs of some kinds that are due, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due_jobs(&self, kinds: &[JobKind], now: i64, most: i64) -> Result<Vec<Job>, Error> {
        let names: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.name())).collect();
        let sql = format!(
            "SELECT * FROM job WHERE state = 'waiting' AND due_at <= $1 AND kind IN ({}) ORDER BY created_at, id LIMIT $2",
            names.join(", ")
        );
        // Made of the names above and nothing else.
        let query = sqlx::query_as(AssertSqlSafe(sql));
        query.bind(now).bind(most).fetch_all(&self.pool).await
    }

    /// A job. Returns `None` if there is none with this id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn job(&self, id: &str) -> Result<Option<Job>, Error> {
        let query = sqlx::query_as("SELECT * FROM job WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// How many jobs are in each state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn job_counts(&self) -> Result<Vec<(String, i64)>, Error> {
        sqlx::query_as("SELECT state, COUNT(*) FROM job GROUP BY state ORDER BY state")
            .fetch_all(&self.pool)
            .await
    }

    /// How many jobs of a kind went wrong so far, whether they are tried again or were given up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn troubled(&self, kind: JobKind) -> Result<i64, Error> {
        let query = sqlx::query_scalar(
            "SELECT COUNT(*) FROM job WHERE kind = $1 AND state <> 'done' AND attempts > 0",
        );
        query.bind(kind.name()).fetch_one(&self.pool).await
    }

    /// Since when the job that is due the longest is due, milliseconds since 1970. Returns `None` if none waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn longest_due(&self) -> Result<Option<i64>, Error> {
        let query = sqlx::query_scalar("SELECT MIN(due_at) FROM job WHERE state = 'waiting'");
        query.fetch_one(&self.pool).await
    }

    /// Jobs that went wrong and are tried again or were given up, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn troubled_jobs(&self) -> Result<Vec<Job>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM job WHERE state <> 'done' AND attempts > 0 ORDER BY created_at DESC, id LIMIT 100",
        );
        query.fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Asks for a job, and gives its id. One that waits already, or is done, stays as it is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enqueue(
        &mut self,
        kind: JobKind,
        subject: &str,
        edition: &str,
        now: i64,
    ) -> Result<String, Error> {
        let id = kind.id(subject, edition);
        let query = sqlx::query(
            "INSERT INTO job (id, kind, subject, state, attempts, due_at, problem, created_at, done_at)
             VALUES ($1, $2, $3, 'waiting', 0, $4, '', $4, 0) ON CONFLICT (id) DO NOTHING",
        );
        let query = query.bind(&id).bind(kind.name()).bind(subject).bind(now);
        query.execute(&mut *self.transaction).await?;
        Ok(id)
    }

    /// Notes that a job was done.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn finish_job(&mut self, id: &str, now: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE job SET state = 'done', problem = '', done_at = $2 WHERE id = $1");
        query
            .bind(id)
            .bind(now)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Notes that a job went wrong, and when it is tried again, if it is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn postpone_job(&mut self, id: &str, problem: &str, due_at: Option<i64>) -> Result<(), Error> {
        let query = sqlx::query(
            "UPDATE job SET state = $2, attempts = attempts + 1, due_at = $3, problem = $4 WHERE id = $1",
        );
        let state = if due_at.is_some() {
            JobState::Waiting
        } else {
            JobState::Failed
        };
        let query = query
            .bind(id)
            .bind(state.name())
            .bind(due_at.or_empty())
            .bind(problem);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Lets jobs that were given up be tried again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revive_jobs(&mut self, now: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE job SET state = 'waiting', due_at = $1 WHERE state = 'failed'");
        query.bind(now).execute(&mut *self.transaction).await.map(|_| ())
    }
}

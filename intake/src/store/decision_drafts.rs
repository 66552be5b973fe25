//! What people typed about a submission and have not sent yet.

use super::row::row;
use super::{Change, Error, Store};

row! {
    /// What somebody typed about a submission.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct DecisionDraft {
        /// Whose it is.
        pub account: String,
        /// What it is about.
        pub submission: String,
        /// The content that it was typed about.
        pub version: i64,
        /// JSON: a list of names and values.
        pub typed: String,
        /// Milliseconds since 1970.
        pub updated_at: i64,
    }
}

impl Store {
    /// What an account typed about a submission.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn decision_draft(
        &self,
        account: &str,
        submission: &str,
    ) -> Result<Option<DecisionDraft>, Error> {
        let query = sqlx::query_as("SELECT * FROM decision_draft WHERE account = $1 AND submission = $2");
        query
            .bind(account)
            .bind(submission)
            .fetch_optional(&self.pool)
            .await
    }
}

impl Change<'_> {
    /// Keeps what an account typed, in the place of what it typed before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_decision_draft(&mut self, draft: &DecisionDraft) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO decision_draft (account, submission, version, typed, updated_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, submission)
             DO UPDATE SET version = excluded.version, typed = excluded.typed, updated_at = excluded.updated_at",
        );
        let query = query.bind(&*draft.account).bind(&*draft.submission);
        let query = query
            .bind(draft.version)
            .bind(&*draft.typed)
            .bind(draft.updated_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Forgets what an account typed about a submission.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_decision_draft(&mut self, account: &str, submission: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM decision_draft WHERE account = $1 AND submission = $2");
        let query = query.bind(account).bind(submission);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}

//! Links that show a submission to people without an account.

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::{Change, Error, Store};

row! {
    /// A link. The secret in it is kept as its hash alone.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct PreviewLink {
        /// Its id.
        pub id: String,
        /// SHA-256 of the secret.
        pub token: String,
        /// What it shows.
        pub submission: String,
        /// The account that made it.
        pub author: String,
        /// Milliseconds since 1970.
        pub created_at: i64,
        /// Milliseconds since 1970.
        pub expires_at: i64,
        /// Milliseconds since 1970; 0 while it was not revoked.
        pub revoked_at: Option<i64> as OrNone<i64>,
    }
}

impl PreviewLink {
    /// Whether it still opens.
    pub fn is_open(&self, now: i64) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

impl Store {
    /// The links of a submission, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn preview_links(&self, submission: &str) -> Result<Vec<PreviewLink>, Error> {
        let query =
            sqlx::query_as("SELECT * FROM preview_link WHERE submission = $1 ORDER BY created_at DESC, id");
        query.bind(submission).fetch_all(&self.pool).await
    }

    /// The link with the hash of a secret.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn preview_link(&self, token: &str) -> Result<Option<PreviewLink>, Error> {
        let query = sqlx::query_as("SELECT * FROM preview_link WHERE token = $1");
        query.bind(token).fetch_optional(&self.pool).await
    }
}

impl Change<'_> {
    /// How many links of a submission are open, as it is within the transaction.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_preview_links(&mut self, submission: &str, now: i64) -> Result<i64, Error> {
        let query = sqlx::query_scalar(
            "SELECT COUNT(*) FROM preview_link WHERE submission = $1 AND revoked_at = 0 AND expires_at > $2",
        );
        let query = query.bind(submission).bind(now);
        query.fetch_one(&mut *self.transaction).await
    }

    /// Adds a link.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_preview_link(&mut self, link: &PreviewLink) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO preview_link (id, token, submission, author, created_at, expires_at, revoked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let query = query
            .bind(&*link.id)
            .bind(&*link.token)
            .bind(&*link.submission)
            .bind(&*link.author);
        let query = query
            .bind(link.created_at)
            .bind(link.expires_at)
            .bind(link.revoked_at.or_empty());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Makes a link of a submission open no longer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_preview_link(&mut self, id: &str, submission: &str, now: i64) -> Result<(), Error> {
        let query = sqlx::query(
            "UPDATE preview_link SET revoked_at = $3 WHERE id = $1 AND submission = $2 AND revoked_at = 0",
        );
        let query = query.bind(id).bind(submission).bind(now);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}

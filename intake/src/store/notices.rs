//! What people are told of where they look in the office.

use super::none::OrNone;
use super::row::row;
use super::{Change, Error, Store};
use crate::mail::Kind;

row! {
    /// Something that somebody is told.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Notice {
        /// Its id.
        pub id: String,
        /// Whom it is for.
        pub account: String,
        /// What it tells of.
        pub kind: Kind as String,
        /// As of a mail of this kind.
        pub subject: String,
        /// Milliseconds since 1970.
        pub at: i64,
        /// When it was seen.
        pub read_at: Option<i64> as OrNone<i64>,
    }
}

/// Notices that are kept for an account; older ones are forgotten.
const KEPT: i64 = 200;

impl Store {
    /// The notices of an account, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notices_of(&self, account: &str) -> Result<Vec<Notice>, Error> {
        let query =
            sqlx::query_as("SELECT * FROM told WHERE account = $1 ORDER BY at DESC, id DESC LIMIT $2");
        query.bind(account).bind(KEPT).fetch_all(&self.pool).await
    }

    /// The notice of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notice(&self, id: &str) -> Result<Option<Notice>, Error> {
        let query = sqlx::query_as("SELECT * FROM told WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }
}

impl Change<'_> {
    /// Tells somebody; told under the same id before, it stays as it is. The oldest are forgotten.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notify(&mut self, notice: &Notice) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO told (id, account, kind, subject, at, read_at) VALUES ($1, $2, $3, $4, $5, 0)
             ON CONFLICT (id) DO NOTHING",
        );
        let query = query.bind(&*notice.id).bind(&*notice.account);
        let query = query
            .bind(notice.kind.name())
            .bind(&*notice.subject)
            .bind(notice.at);
        query.execute(&mut *self.transaction).await?;
        let query = sqlx::query(
            "DELETE FROM told WHERE account = $1 AND id IN
             (SELECT id FROM told WHERE account = $1 ORDER BY at DESC, id DESC LIMIT 100 OFFSET $2)",
        );
        let query = query.bind(&*notice.account).bind(KEPT);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Notes that an account saw a notice, or all of them without an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read_notices(&mut self, account: &str, id: Option<&str>, now: i64) -> Result<(), Error> {
        let query = sqlx::query(
            "UPDATE told SET read_at = $2 WHERE account = $1 AND read_at = 0 AND ($3 = '' OR id = $3)",
        );
        let query = query.bind(account).bind(now).bind(id.unwrap_or_default());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}

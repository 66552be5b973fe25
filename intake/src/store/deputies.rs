//! Who may act for an admin, from when until when.

use super::row::row;
use super::{Account, Change, Error, Store};

row! {
    /// A deputy of an admin for a span of time.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Deputy {
        /// Its id.
        pub id: String,
        /// The admin.
        pub principal: String,
        /// Who acts in the admin's place.
        pub deputy: String,
        /// Milliseconds since 1970.
        pub begins_at: i64,
        /// Milliseconds since 1970; not included.
        pub ends_at: i64,
        /// Milliseconds since 1970.
        pub made_at: i64,
    }
}

impl Store {
    /// The admins in whose place an account may act now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn principals_of(&self, deputy: &str, now: i64) -> Result<Vec<Account>, Error> {
        let query = sqlx::query_as(
            "SELECT account.* FROM account WHERE state = 'active' AND id IN (SELECT principal FROM deputy
             WHERE deputy.deputy = $1 AND begins_at <= $2 AND ends_at > $2) ORDER BY id",
        );
        query.bind(deputy).bind(now).fetch_all(&self.pool).await
    }

    /// The deputies that an admin has, or will have, after a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn deputies_of(&self, principal: &str, now: i64) -> Result<Vec<Deputy>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM deputy WHERE principal = $1 AND ends_at > $2 ORDER BY begins_at, id",
        );
        query.bind(principal).bind(now).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Adds a deputy.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_deputy(&mut self, deputy: &Deputy) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO deputy (id, principal, deputy, begins_at, ends_at, made_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let query = query
            .bind(&*deputy.id)
            .bind(&*deputy.principal)
            .bind(&*deputy.deputy);
        let query = query
            .bind(deputy.begins_at)
            .bind(deputy.ends_at)
            .bind(deputy.made_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Ends a deputy of an admin; tells whether there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_deputy(&mut self, id: &str, principal: &str, now: i64) -> Result<bool, Error> {
        let query =
            sqlx::query("UPDATE deputy SET ends_at = $3 WHERE id = $1 AND principal = $2 AND ends_at > $3");
        let query = query.bind(id).bind(principal).bind(now);
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }
}

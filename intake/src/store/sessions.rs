//! Who is signed in, where.

use super::row::row;
use super::{Change, Error, Store};

row! {
    /// A browser that is signed in.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Session {
        /// SHA-256 of the cookie.
        pub token: String,
        /// Whose it is.
        pub account: String,
        /// What forms of this session carry.
        pub csrf: String,
        /// What the browser calls itself, cut short.
        pub agent: String,
        /// Milliseconds since 1970.
        pub created_at: i64,
        /// When it was last used, milliseconds since 1970, exact to a minute.
        pub seen_at: i64,
    }
}

impl Store {
    /// The session of a token.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, Error> {
        let query = sqlx::query_as("SELECT * FROM session WHERE token = $1");
        query.bind(token).fetch_optional(&self.pool).await
    }

    /// The sessions of an account, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions(&self, account: &str) -> Result<Vec<Session>, Error> {
        let query = sqlx::query_as("SELECT * FROM session WHERE account = $1 ORDER BY seen_at DESC, token");
        query.bind(account).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Adds a session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_session(&mut self, session: &Session) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO session (token, account, csrf, agent, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let query = query
            .bind(&*session.token)
            .bind(&*session.account)
            .bind(&*session.csrf);
        let query = query
            .bind(&*session.agent)
            .bind(session.created_at)
            .bind(session.seen_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn touch_session(&mut self, token: &str, at: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE session SET seen_at = $2 WHERE token = $1");
        query
            .bind(token)
            .bind(at)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Ends one session of an account; tells whether there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_session(&mut self, account: &str, token: &str) -> Result<bool, Error> {
        let query = sqlx::query("DELETE FROM session WHERE account = $1 AND token = $2");
        let done = query
            .bind(account)
            .bind(token)
            .execute(&mut *self.transaction)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends every session of an account, and every sign-in that awaits its second step.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_sessions(&mut self, account: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM challenge WHERE account = $1");
        query.bind(account).execute(&mut *self.transaction).await?;
        let query = sqlx::query("DELETE FROM session WHERE account = $1");
        query
            .bind(account)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Forgets sessions that were begun or used too long ago, or in the future.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_sessions(
        &mut self,
        begun_before: i64,
        used_before: i64,
        future: i64,
    ) -> Result<(), Error> {
        let query = sqlx::query(
            "DELETE FROM session WHERE created_at < $1 OR seen_at < $2 OR created_at > $3 OR seen_at > $3",
        );
        query
            .bind(begun_before)
            .bind(used_before)
            .bind(future)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }
}

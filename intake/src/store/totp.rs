//! The second step of signing in: secrets, recovery codes, and those whose first step was right.

use super::{Account, Change, Error, Store};

impl Store {
    /// Recovery codes that were not used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recovery_left(&self, account: &str) -> Result<i64, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM recovery WHERE account = $1 AND used_at = 0");
        query.bind(account).fetch_one(&self.pool).await
    }

    /// The account whose password was right, while its second step is awaited.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn challenged(&self, token: &str, now: i64) -> Result<Option<Account>, Error> {
        let query = sqlx::query_as(
            "SELECT account.* FROM account JOIN challenge ON challenge.account = account.id
             WHERE token = $1 AND expires_at > $2 AND state = 'active'",
        );
        query.bind(token).bind(now).fetch_optional(&self.pool).await
    }
}

impl Change<'_> {
    /// Sets the secret of one-time passwords; `None` ends them, and the recovery codes with them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_totp(&mut self, account: &str, secret: Option<&str>, step: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE account SET totp = $2, totp_step = $3 WHERE id = $1");
        let query = query.bind(account).bind(secret.unwrap_or_default()).bind(step);
        query.execute(&mut *self.transaction).await?;
        self.set_recovery(account, &[]).await
    }

    /// Puts recovery codes, as hashes, in the place of those before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_recovery(&mut self, account: &str, codes: &[String]) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM recovery WHERE account = $1");
        query.bind(account).execute(&mut *self.transaction).await?;
        for code in codes {
            let query = sqlx::query("INSERT INTO recovery (account, code, used_at) VALUES ($1, $2, 0)");
            let query = query.bind(account).bind(&**code);
            query.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    /// Uses up the one-time password of a step; tells whether neither it nor a later one was used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn use_step(&mut self, account: &str, step: i64) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2");
        let query = query.bind(account).bind(step);
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }

    /// Uses up a recovery code, by its hash; tells whether there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn use_recovery(&mut self, account: &str, code: &str, now: i64) -> Result<bool, Error> {
        let query =
            sqlx::query("UPDATE recovery SET used_at = $3 WHERE account = $1 AND code = $2 AND used_at = 0");
        let query = query.bind(account).bind(code).bind(now);
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }

    /// Awaits the second step of an account, and forgets those that were awaited too long.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn challenge(
        &mut self,
        token: &str,
        account: &str,
        now: i64,
        ends_at: i64,
    ) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM challenge WHERE expires_at <= $1");
        query.bind(now).execute(&mut *self.transaction).await?;
        let query = sqlx::query("INSERT INTO challenge (token, account, expires_at) VALUES ($1, $2, $3)");
        let query = query.bind(token).bind(account).bind(ends_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Ends what was awaited; tells whether it was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_challenge(&mut self, token: &str) -> Result<bool, Error> {
        let query = sqlx::query("DELETE FROM challenge WHERE token = $1");
        Ok(query
            .bind(token)
            .execute(&mut *self.transaction)
            .await?
            .rows_affected()
            == 1)
    }
}

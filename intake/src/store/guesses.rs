//! How often secrets were guessed at, and from where people sign in.

use super::{Change, Error};

impl Change<'_> {
    /// Counts an attempt, before anything is looked at; what was counted before `forgotten` is forgotten. Gives how many
    /// there were. Returns `None` if it comes too early: then it is not counted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_attempt(
        &mut self,
        key: &str,
        now: i64,
        forgotten: i64,
        is_kept: bool,
    ) -> Result<Option<i64>, Error> {
        let query = sqlx::query_scalar(
            "INSERT INTO attempt (key, begun, wrong, refused_until, at, is_kept) VALUES ($1, 1, 0, 0, $2, $4)
             ON CONFLICT (key) DO UPDATE SET at = $2,
                 begun = CASE WHEN attempt.at < $3 THEN 1 ELSE attempt.begun + 1 END,
                 wrong = CASE WHEN attempt.at < $3 THEN 0 ELSE attempt.wrong END
             WHERE attempt.refused_until <= $2 RETURNING begun",
        );
        let query = query.bind(key).bind(now).bind(forgotten).bind(i64::from(is_kept));
        query.fetch_optional(&mut *self.transaction).await
    }

    /// Takes no attempt until a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refuse_attempts(&mut self, key: &str, until: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE attempt SET refused_until = $2 WHERE key = $1");
        let query = query.bind(key).bind(until);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Counts an attempt that was wrong; gives how many were. Returns `None` if they were forgotten meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_wrong(&mut self, key: &str) -> Result<Option<i64>, Error> {
        let query = sqlx::query_scalar("UPDATE attempt SET wrong = wrong + 1 WHERE key = $1 RETURNING wrong");
        query.bind(key).fetch_optional(&mut *self.transaction).await
    }

    /// Forgets attempts, for one was right.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_attempts(&mut self, key: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM attempt WHERE key = $1");
        query.bind(key).execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Forgets attempts of before a moment, and all but the `most` latest of those that anybody can have counted.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tidy_attempts(&mut self, before: i64, most: i64) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM attempt WHERE at < $1");
        query.bind(before).execute(&mut *self.transaction).await?;
        let query = sqlx::query(
            "DELETE FROM attempt WHERE key IN
             (SELECT key FROM attempt WHERE is_kept = 0 ORDER BY at DESC, key LIMIT 1000 OFFSET $1)",
        );
        query.bind(most).execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Whether somebody signed in to an account from a place after a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn knows_place(&mut self, account: &str, place: &str, after: i64) -> Result<bool, Error> {
        let query = sqlx::query_scalar(
            "SELECT COUNT(*) FROM known_place WHERE account = $1 AND place = $2 AND seen_at > $3",
        );
        let query = query.bind(account).bind(place).bind(after);
        let found: i64 = query.fetch_one(&mut *self.transaction).await?;
        Ok(found > 0)
    }

    /// Notes that somebody signed in to an account from a place; the `most` latest places are kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn know_place(&mut self, account: &str, place: &str, now: i64, most: i64) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO known_place (account, place, seen_at) VALUES ($1, $2, $3)
             ON CONFLICT (account, place) DO UPDATE SET seen_at = $3",
        );
        let query = query.bind(account).bind(place).bind(now);
        query.execute(&mut *self.transaction).await?;
        let query = sqlx::query(
            "DELETE FROM known_place WHERE account = $1 AND place NOT IN
             (SELECT place FROM known_place WHERE account = $1 ORDER BY seen_at DESC, place LIMIT $2)",
        );
        let query = query.bind(account).bind(most);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Forgets from where somebody signed in to an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_places(&mut self, account: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM known_place WHERE account = $1");
        query
            .bind(account)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }
}

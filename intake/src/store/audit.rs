//! The audit log: added to, read, never changed.

use super::row::row;
use super::{Change, Error, Store};
use crate::domain::audit::{Event, Recorded, hash};

row! {
    struct Line {
        number: i64,
        at: i64,
        actor: String,
        action: String,
        subject: String,
        detail: String,
        previous: String,
        hash: String,
    }
}

impl From<Line> for Recorded {
    fn from(line: Line) -> Self {
        let event = Event {
            at: line.at,
            actor: Some(line.actor).filter(|actor| !actor.is_empty()),
            action: line.action,
            subject: line.subject,
            detail: line.detail,
        };
        Self {
            number: line.number,
            event,
            previous: line.previous,
            hash: line.hash,
        }
    }
}

impl Store {
    /// Events after a number, the oldest first, at most `most`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_after(&self, number: i64, most: i64) -> Result<Vec<Recorded>, Error> {
        let query =
            sqlx::query_as::<_, Line>("SELECT * FROM audit WHERE number > $1 ORDER BY number LIMIT $2");
        let lines = query.bind(number).bind(most).fetch_all(&self.pool).await?;
        Ok(lines.into_iter().map(Recorded::from).collect())
    }

    /// The latest events, the latest first, at most `most`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn latest_audit(&self, most: i64) -> Result<Vec<Recorded>, Error> {
        let query = sqlx::query_as::<_, Line>("SELECT * FROM audit ORDER BY number DESC LIMIT $1");
        let lines = query.bind(most).fetch_all(&self.pool).await?;
        Ok(lines.into_iter().map(Recorded::from).collect())
    }

    /// What happened to one thing, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_of(&self, subject: &str) -> Result<Vec<Recorded>, Error> {
        let query = sqlx::query_as::<_, Line>("SELECT * FROM audit WHERE subject = $1 ORDER BY number");
        let lines = query.bind(subject).fetch_all(&self.pool).await?;
        Ok(lines.into_iter().map(Recorded::from).collect())
    }
}

impl Change<'_> {
    /// Adds an event at the end of the log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record(&mut self, event: &Event) -> Result<(), Error> {
        let query = sqlx::query_as("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1");
        let last: Option<(i64, String)> = query.fetch_optional(&mut *self.transaction).await?;
        let (number, previous) = last.map_or((1, String::new()), |(number, hash)| (number + 1, hash));
        let query = sqlx::query(
            "INSERT INTO audit (number, at, actor, action, subject, detail, previous, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        );
        let query = query
            .bind(number)
            .bind(event.at)
            .bind(event.actor.clone().unwrap_or_default());
        let query = query
            .bind(&*event.action)
            .bind(&*event.subject)
            .bind(&*event.detail);
        let hash = hash(number, &previous, event);
        query
            .bind(previous)
            .bind(hash)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }
}

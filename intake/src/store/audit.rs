//! The audit log: added to, read, never changed.

use super::row::row;
use super::sql::{Sql, Value, containing};
use super::{Change, Error, Store};
use crate::domain::audit::{Event, Recorded, hash};
use crate::domain::audit_acts::REFUSED;

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

/// Which events are wanted: all that `None` and what is empty do not narrow down.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditAsked<'a> {
    /// Only what people of a unit did, and what was done to its people, submissions and pages.
    pub unit: Option<&'a str>,
    /// Only what an account did.
    pub actor: Option<&'a str>,
    /// Only these words of the log.
    pub acts: &'a [&'a str],
    /// Only what somebody tried and may not.
    pub is_refused: bool,
    /// What stands in the detail, the title of the submission or the name of who did it; empty for anything.
    pub text: &'a str,
    /// From this moment on, milliseconds since 1970.
    pub from: Option<i64>,
    /// Before this one.
    pub until: Option<i64>,
    /// Only events before this number.
    pub before: Option<i64>,
}

impl Sql {
    /// Who of a unit did something, or what of it something was done to. Who ordered a takedown is not for the unit.
    fn of_unit(&mut self, unit: &str) {
        self.text(" AND (actor IN (SELECT id FROM account WHERE unit = ", unit);
        for (subject, table) in [
            ("submission/", "submission"),
            ("account/", "account"),
            ("problem/", "problem"),
        ] {
            let select = format!(") OR subject IN (SELECT '{subject}' || id FROM {table} WHERE unit = ");
            self.text(&select, unit);
        }
        self.add("))");
    }

    fn saying(&mut self, text: &str) {
        let pattern = containing(&text.to_lowercase());
        for before in [
            " AND (LOWER(detail) LIKE ",
            " OR actor IN (SELECT id FROM account WHERE LOWER(name) LIKE ",
            ") OR subject IN (SELECT 'account/' || id FROM account WHERE LOWER(name) LIKE ",
            ") OR subject IN (SELECT 'submission/' || id FROM submission WHERE LOWER(title) LIKE ",
        ] {
            self.text(before, &pattern);
            self.add(" ESCAPE '!'");
        }
        self.add("))");
    }
}

impl Store {
    /// Events that are wanted, the latest first, at most `most`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit(&self, asked: &AuditAsked<'_>, most: i64) -> Result<Vec<Recorded>, Error> {
        let mut sql = Sql::new("SELECT * FROM audit WHERE 1 = 1", self);
        if let Some(unit) = asked.unit {
            sql.of_unit(unit);
        }
        if let Some(actor) = asked.actor {
            sql.text(" AND actor = ", actor);
        }
        if asked.is_refused {
            sql.text(" AND action LIKE ", &format!("{REFUSED}%"));
        } else if !asked.acts.is_empty() {
            sql.add(" AND ");
            sql.any_of("action", asked.acts.iter().copied());
        }
        if !asked.text.is_empty() {
            sql.saying(asked.text);
        }
        for (before, moment) in [
            (" AND at >= ", asked.from),
            (" AND at < ", asked.until),
            (" AND number < ", asked.before),
        ] {
            if let Some(moment) = moment {
                sql.number(before, moment);
            }
        }
        sql.add(" ORDER BY number DESC LIMIT ");
        sql.bind(Value::Number(most));
        let lines: Vec<Line> = sql.bound().fetch_all(&self.pool).await?;
        Ok(lines.into_iter().map(Recorded::from).collect())
    }

    /// Titles of submissions by their ids.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn titles(&self, ids: &[&str]) -> Result<Vec<(String, String)>, Error> {
        let mut sql = Sql::new("SELECT id, title FROM submission WHERE ", self);
        sql.any_of("id", ids.iter().copied());
        sql.add(" ORDER BY id");
        sql.bound().fetch_all(&self.pool).await
    }

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

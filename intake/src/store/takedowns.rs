//! Orders to take entries down.

use super::none::OrNone;
use super::row::row;
use super::{Change, Error, Store};
use crate::domain::takedown::{Order, State};

row! {
    /// An order to take a published entry down.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Takedown {
        /// Its id.
        pub id: String,
        /// The entry's kind.
        pub kind: String,
        /// The file in the repository.
        pub path: String,
        /// The entry's title when it was ordered.
        pub title: String,
        /// The unit that answers for the entry.
        pub unit: String,
        /// Term of the vocabulary of reasons.
        pub reason: String,
        /// The law or rule it rests on.
        pub ground: String,
        /// What the public reads.
        pub note: Option<String> as OrNone<String>,
        /// What the unit alone reads.
        pub advice: Option<String> as OrNone<String>,
        /// The account that ordered it.
        pub ordered_by: String,
        /// Its unit then.
        pub ordered_unit: String,
        /// Milliseconds since 1970.
        pub ordered_at: i64,
        /// Until when somebody else has to confirm it, milliseconds since 1970; not included.
        pub due_at: i64,
        /// Where it is.
        pub state: State as String,
        /// Who confirmed or lifted it; `None` before that, and where the time ran out.
        pub decided_by: Option<String> as OrNone<String>,
        /// Milliseconds since 1970.
        pub decided_at: Option<i64> as OrNone<i64>,
    }
}

impl Takedown {
    /// What it is called in the audit log.
    pub fn subject(&self) -> String {
        format!("takedown/{}", self.id)
    }

    /// What rights depend on.
    pub fn order(&self) -> Order<'_> {
        Order {
            ordered_by: &self.ordered_by,
            ordered_unit: &self.ordered_unit,
            unit: &self.unit,
            state: self.state,
        }
    }
}

impl Store {
    /// The order of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn takedown(&self, id: &str) -> Result<Option<Takedown>, Error> {
        let query = sqlx::query_as("SELECT * FROM takedown WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// The order by which the entry in a file is down.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn takedown_of(&self, path: &str) -> Result<Option<Takedown>, Error> {
        let query = sqlx::query_as("SELECT * FROM takedown WHERE path = $1 AND state <> 'lifted' LIMIT 1");
        query.bind(path).fetch_optional(&self.pool).await
    }

    /// The latest orders, what waits to be confirmed first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn takedowns(&self, most: i64) -> Result<Vec<Takedown>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM takedown ORDER BY CASE WHEN state = 'ordered' THEN 0 ELSE 1 END, ordered_at DESC, id LIMIT $1",
        );
        query.bind(most).fetch_all(&self.pool).await
    }

    /// Orders that wait to be confirmed, and those that were decided on since a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn orders_since(&self, since: i64) -> Result<Vec<Takedown>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM takedown WHERE state = 'ordered' OR decided_at >= $1 ORDER BY ordered_at, id LIMIT 2000",
        );
        query.bind(since).fetch_all(&self.pool).await
    }

    /// What was ordered together with an order, of the same unit; the order itself among them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ordered_with(&self, order: &Takedown) -> Result<Vec<Takedown>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM takedown WHERE ordered_by = $1 AND ordered_at = $2 AND unit = $3 ORDER BY id",
        );
        let query = query.bind(&*order.ordered_by).bind(order.ordered_at);
        query.bind(&*order.unit).fetch_all(&self.pool).await
    }

    /// Orders that nobody confirmed in time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unconfirmed(&self, now: i64) -> Result<Vec<Takedown>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM takedown WHERE state = 'ordered' AND due_at <= $1 ORDER BY due_at, id",
        );
        query.bind(now).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Whether an entry is down by an order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_down(&mut self, path: &str) -> Result<bool, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM takedown WHERE path = $1 AND state <> 'lifted'");
        let count: i64 = query.bind(path).fetch_one(&mut *self.transaction).await?;
        Ok(count > 0)
    }

    /// Adds an order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_takedown(&mut self, takedown: &Takedown) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO takedown (id, kind, path, title, unit, reason, ground, note, advice, ordered_by, ordered_unit,
             ordered_at, due_at, state, decided_by, decided_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', 0)",
        );
        let query = query
            .bind(&*takedown.id)
            .bind(&*takedown.kind)
            .bind(&*takedown.path);
        let query = query
            .bind(&*takedown.title)
            .bind(&*takedown.unit)
            .bind(&*takedown.reason);
        let query = query
            .bind(&*takedown.ground)
            .bind(takedown.note.clone().unwrap_or_default())
            .bind(takedown.advice.clone().unwrap_or_default());
        let query = query.bind(&*takedown.ordered_by).bind(&*takedown.ordered_unit);
        let query = query
            .bind(takedown.ordered_at)
            .bind(takedown.due_at)
            .bind(takedown.state.name());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Confirms or lifts an order; tells whether it was in the state `from`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn decide_takedown(
        &mut self,
        id: &str,
        (from, to): (State, State),
        by: Option<&str>,
        at: i64,
    ) -> Result<bool, Error> {
        let query = sqlx::query(
            "UPDATE takedown SET state = $3, decided_by = $4, decided_at = $5 WHERE id = $1 AND state = $2",
        );
        let query = query.bind(id).bind(from.name()).bind(to.name());
        let query = query.bind(by.unwrap_or_default()).bind(at);
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }
}

//! What was recommended to the unit above, and what became of it.

use super::none::OrNone;
use super::row::row;
use super::{Change, Error, Store};
use crate::domain::recommendation::State;

row! {
    /// A recommendation of a published entry.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Recommendation {
        /// Its id.
        pub id: String,
        /// The entry's kind.
        pub kind: String,
        /// The file in the repository.
        pub path: String,
        /// The entry's title when it was recommended.
        pub title: String,
        /// The unit that answers for the entry.
        pub unit: String,
        /// Why.
        pub reason: String,
        /// The account that recommended it.
        pub recommended_by: String,
        /// Its unit then.
        pub recommended_unit: String,
        /// Milliseconds since 1970.
        pub recommended_at: i64,
        /// The unit that takes it or says why not.
        pub to_unit: String,
        /// Until when it is to answer, milliseconds since 1970; not included.
        pub due_at: i64,
        /// Where it is.
        pub state: State as String,
        /// What that unit answered.
        pub answer: Option<String> as OrNone<String>,
        /// Who answered.
        pub decided_by: Option<String> as OrNone<String>,
        /// Milliseconds since 1970.
        pub decided_at: Option<i64> as OrNone<i64>,
    }
}

impl Recommendation {
    /// What it is called in the audit log.
    pub fn subject(&self) -> String {
        format!("recommendation/{}", self.id)
    }
}

impl Store {
    /// The recommendation of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recommendation(&self, id: &str) -> Result<Option<Recommendation>, Error> {
        let query = sqlx::query_as("SELECT * FROM recommendation WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// The latest recommendations, those that wait for an answer first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recommendations(&self, most: i64) -> Result<Vec<Recommendation>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM recommendation
             ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, recommended_at DESC, id LIMIT $1",
        );
        query.bind(most).fetch_all(&self.pool).await
    }

    /// The recommendations that wait for an answer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_recommendations(&self) -> Result<Vec<Recommendation>, Error> {
        let query = sqlx::query_as("SELECT * FROM recommendation WHERE state = 'open' ORDER BY id");
        query.fetch_all(&self.pool).await
    }

    /// How many recommendations wait for a unit's answer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recommended_to(&self, unit: &str) -> Result<i64, Error> {
        let query =
            sqlx::query_scalar("SELECT COUNT(*) FROM recommendation WHERE to_unit = $1 AND state = 'open'");
        query.bind(unit).fetch_one(&self.pool).await
    }
}

impl Change<'_> {
    /// Whether an entry was recommended to a unit that has yet to answer, or took it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_recommended(&mut self, path: &str, to_unit: &str) -> Result<bool, Error> {
        let query = sqlx::query_scalar(
            "SELECT COUNT(*) FROM recommendation WHERE path = $1 AND to_unit = $2 AND state <> 'declined'",
        );
        let query = query.bind(path).bind(to_unit);
        let count: i64 = query.fetch_one(&mut *self.transaction).await?;
        Ok(count > 0)
    }

    /// Adds a recommendation.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_recommendation(&mut self, added: &Recommendation) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO recommendation (id, kind, path, title, unit, reason, recommended_by, recommended_unit,
             recommended_at, to_unit, due_at, state, answer, decided_by, decided_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', 0)",
        );
        let query = query.bind(&*added.id).bind(&*added.kind).bind(&*added.path);
        let query = query.bind(&*added.title).bind(&*added.unit).bind(&*added.reason);
        let query = query.bind(&*added.recommended_by).bind(&*added.recommended_unit);
        let query = query.bind(added.recommended_at).bind(&*added.to_unit);
        let query = query.bind(added.due_at).bind(added.state.name());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Answers a recommendation; tells whether nobody had.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn answer_recommendation(
        &mut self,
        id: &str,
        to: State,
        (answer, by): (&str, &str),
        at: i64,
    ) -> Result<bool, Error> {
        let query = sqlx::query(
            "UPDATE recommendation SET state = $2, answer = $3, decided_by = $4, decided_at = $5
             WHERE id = $1 AND state = 'open'",
        );
        let query = query.bind(id).bind(to.name()).bind(answer).bind(by).bind(at);
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }
}

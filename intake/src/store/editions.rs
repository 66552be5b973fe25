//! What submissions said each time they were handed in.

use serde_json::{Map, Value};

use super::none::OrNone;
use super::row::row;
use super::{Change, Error, Store};

row! {
    /// A submission as it was handed in.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Edition {
        /// Counts submissions of the content, from 1.
        pub version: i64,
        content: String,
        /// The unit that gave it back; empty when none did.
        pub returned_by: Option<String> as OrNone<String>,
    }
}

impl Edition {
    /// The whole content, body and files included.
    pub fn content(&self) -> Map<String, Value> {
        serde_json::from_str(&self.content).unwrap_or_default()
    }
}

impl Store {
    /// The editions of a submission, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn editions(&self, submission: &str) -> Result<Vec<Edition>, Error> {
        let query = sqlx::query_as(
            "SELECT version, content, returned_by FROM edition WHERE submission = $1 ORDER BY version DESC",
        );
        query.bind(submission).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Keeps what a submission says.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_edition(
        &mut self,
        submission: &str,
        version: i64,
        content: &Map<String, Value>,
        at: i64,
    ) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO edition (submission, version, content, returned_by, at) VALUES ($1, $2, $3, '', $4)",
        );
        let content = Value::Object(content.clone()).to_string();
        let query = query.bind(submission).bind(version).bind(content).bind(at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Notes which unit gave a version back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_return(&mut self, submission: &str, version: i64, unit: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE edition SET returned_by = $3 WHERE submission = $1 AND version = $2");
        let query = query.bind(submission).bind(version).bind(unit);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}

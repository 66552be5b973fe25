//! What reviewers ticked, scored and noted.

use std::collections::BTreeMap;

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::{Change, Error, Store};

row! {
    /// What one reviewer found about one version of a submission.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub struct Assessment {
        /// The submission.
        pub submission: String,
        /// The account.
        pub reviewer: String,
        /// The submission's version.
        pub version: i64,
        /// JSON list of ids.
        pub ticked: String,
        /// JSON object: tenths of points by place in the rubric.
        pub scores: String,
        /// Free words.
        pub note: Option<String> as OrNone<String>,
        /// Milliseconds since 1970.
        pub updated_at: i64,
    }
}

impl Assessment {
    /// Ids of the items of the checklist that were ticked.
    pub fn ticked(&self) -> Vec<String> {
        serde_json::from_str(&self.ticked).unwrap_or_default()
    }

    /// Tenths of points by place in the rubric.
    pub fn scores(&self) -> BTreeMap<String, u32> {
        serde_json::from_str(&self.scores).unwrap_or_default()
    }
}

impl Store {
    /// What was found about a submission, the latest version first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn assessments(&self, submission: &str) -> Result<Vec<Assessment>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM assessment WHERE submission = $1 ORDER BY version DESC, updated_at DESC, reviewer",
        );
        query.bind(submission).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Keeps what a reviewer found, in the place of what the same reviewer found about this version before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_assessment(&mut self, assessment: &Assessment) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO assessment (submission, reviewer, version, ticked, scores, note, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (submission, version, reviewer)
             DO UPDATE SET ticked = excluded.ticked, scores = excluded.scores, note = excluded.note,
             updated_at = excluded.updated_at",
        );
        let query = query
            .bind(&*assessment.submission)
            .bind(&*assessment.reviewer)
            .bind(assessment.version);
        let query = query
            .bind(&*assessment.ticked)
            .bind(&*assessment.scores)
            .bind(assessment.note.or_empty());
        let query = query.bind(assessment.updated_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}

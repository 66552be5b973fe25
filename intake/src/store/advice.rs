//! What experts are asked, and what patrollers found.

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::submissions::listed;
use super::{Change, Error, Row, Store};
use crate::domain::opinion::Verdict;

row! {
    /// An expert who was asked about a submission.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Assignment {
        /// The submission.
        pub submission: String,
        /// The expert.
        pub expert: String,
        /// Who asked.
        pub asked_by: String,
        /// Milliseconds since 1970.
        pub asked_at: i64,
        /// `fit`, `mend` or `unfit`; empty until the opinion is there.
        pub verdict: Option<Verdict> as OrNone<String>,
        /// Milliseconds since 1970; 0 until the opinion is there.
        pub said_at: Option<i64> as OrNone<i64>,
        /// Until when it is asked for, milliseconds since 1970.
        pub due_at: Option<i64> as OrNone<i64>,
    }
}

row! {
    /// Something wrong on a published page.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Problem {
        /// Its id.
        pub id: String,
        /// The unit that answers for the page.
        pub unit: String,
        /// The file in the repository.
        pub path: String,
        /// The page's title when it was found.
        pub title: String,
        /// What is wrong.
        pub text: String,
        /// Who found it.
        pub reporter: String,
        /// Milliseconds since 1970.
        pub at: i64,
        /// Until when it is to be answered, milliseconds since 1970.
        pub due_at: i64,
        /// What was done.
        pub answer: Option<String> as OrNone<String>,
        /// Who answered.
        pub answered_by: Option<String> as OrNone<String>,
        /// Milliseconds since 1970; `None` until it is answered.
        pub answered_at: Option<i64> as OrNone<i64>,
    }
}

impl Store {
    /// The submissions about which an expert is asked, while they are not decided on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn assigned_to(&self, expert: &str) -> Result<Vec<Row>, Error> {
        let query = sqlx::query_as(concat!(
            listed!(),
            "JOIN assignment ON assignment.submission = submission.id
             WHERE expert = $1 AND submission.state IN ('endorsed', 'in-review') ORDER BY asked_at, submission.id"
        ));
        query.bind(expert).fetch_all(&self.pool).await
    }

    /// The experts who are asked about a submission.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn assignments(&self, submission: &str) -> Result<Vec<Assignment>, Error> {
        let query =
            sqlx::query_as("SELECT * FROM assignment WHERE submission = $1 ORDER BY asked_at, expert");
        query.bind(submission).fetch_all(&self.pool).await
    }

    /// Every problem, what is not answered first, the most urgent first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn problems(&self, most: i64) -> Result<Vec<Problem>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM problem ORDER BY CASE WHEN answered_at = 0 THEN 0 ELSE 1 END, due_at, id LIMIT $1",
        );
        query.bind(most).fetch_all(&self.pool).await
    }

    /// The problem of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn problem(&self, id: &str) -> Result<Option<Problem>, Error> {
        let query = sqlx::query_as("SELECT * FROM problem WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// Problems of a unit that are not answered.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_problems(&self, unit: &str) -> Result<i64, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM problem WHERE unit = $1 AND answered_at = 0");
        query.bind(unit).fetch_one(&self.pool).await
    }
}

impl Change<'_> {
    /// Asks an expert; one who was asked already stays asked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn assign(
        &mut self,
        submission: &str,
        expert: &str,
        by: &str,
        (at, due_at): (i64, Option<i64>),
    ) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO assignment (submission, expert, asked_by, asked_at, verdict, said_at, due_at)
             VALUES ($1, $2, $3, $4, '', 0, $5) ON CONFLICT (submission, expert) DO NOTHING",
        );
        let query = query.bind(submission).bind(expert).bind(by).bind(at);
        let query = query.bind(due_at.or_empty());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Notes an expert's opinion.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn advise(
        &mut self,
        submission: &str,
        expert: &str,
        verdict: Verdict,
        at: i64,
    ) -> Result<(), Error> {
        let query = sqlx::query(
            "UPDATE assignment SET verdict = $3, said_at = $4 WHERE submission = $1 AND expert = $2",
        );
        let query = query.bind(submission).bind(expert).bind(verdict.name()).bind(at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Adds a problem.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_problem(&mut self, problem: &Problem) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO problem (id, unit, path, title, text, reporter, at, due_at, answer, answered_by, answered_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', 0)",
        );
        let query = query.bind(&*problem.id).bind(&*problem.unit).bind(&*problem.path);
        let query = query
            .bind(&*problem.title)
            .bind(&*problem.text)
            .bind(&*problem.reporter);
        let query = query.bind(problem.at).bind(problem.due_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Answers a problem; tells whether nobody had.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn answer(&mut self, problem: &str, answer: &str, by: &str, at: i64) -> Result<bool, Error> {
        let query = sqlx::query(
            "UPDATE problem SET answer = $2, answered_by = $3, answered_at = $4 WHERE id = $1 AND answered_at = 0",
        );
        let query = query.bind(problem).bind(answer).bind(by).bind(at);
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }
}

//! What the desk counts and lists: what waits for somebody, what a unit sent up, what is overdue.

use super::row::row;
use super::sql::Sql;
use super::submissions::listed;
use super::{Error, Row, Store};

row! {
    /// How much there is to do for an account and its unit.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub struct Tasks {
        /// Submissions whose turn is the unit's.
        pub queue: i64,
        /// People who registered with the unit and wait to be confirmed.
        pub registrations: i64,
        /// Problems of the unit's pages without an answer.
        pub problems: i64,
        /// Recommendations to the unit without an answer.
        pub recommendations: i64,
        /// Submissions that came back to the account.
        pub returned: i64,
        /// Notices that the account has not seen.
        pub unread: i64,
    }
}

impl Store {
    /// How much there is to do for an account, and for a unit: of one without an id there is nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tasks(&self, account: &str, unit: &str) -> Result<Tasks, Error> {
        let query = sqlx::query_as(
            "SELECT
             (SELECT COUNT(*) FROM submission WHERE holder = $1 AND state IN ('submitted', 'endorsed', 'in-review')
              AND $1 <> '') AS queue,
             (SELECT COUNT(*) FROM account WHERE unit = $1 AND state = 'pending') AS registrations,
             (SELECT COUNT(*) FROM problem WHERE unit = $1 AND answered_at = 0) AS problems,
             (SELECT COUNT(*) FROM recommendation WHERE to_unit = $1 AND state = 'open') AS recommendations,
             (SELECT COUNT(*) FROM submission WHERE owner = $2 AND state = 'returned') AS returned,
             (SELECT COUNT(*) FROM told WHERE account = $2 AND read_at = 0) AS unread",
        );
        query.bind(unit).bind(account).fetch_one(&self.pool).await
    }

    /// Submissions of some units whose turn is one of these holders', the longest waiting first; with a moment only what
    /// was to be done with until then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn held_by(
        &self,
        (units, holders): (&[String], &[String]),
        due_until: Option<i64>,
        most: i64,
    ) -> Result<Vec<Row>, Error> {
        let mut sql = Sql::new(
            concat!(
                listed!(),
                "WHERE submission.state IN ('submitted', 'endorsed', 'in-review') AND "
            ),
            self,
        );
        sql.any_of("holder", holders.iter().map(String::as_str));
        sql.add(" AND ");
        sql.any_of(
            &format!("{}submission.unit", sql.plain),
            units.iter().map(String::as_str),
        );
        if let Some(until) = due_until {
            sql.number(" AND due_at > 0 AND due_at <= ", until);
        }
        sql.number(" ORDER BY state_at, submission.id LIMIT ", most);
        sql.bound().fetch_all(&self.pool).await
    }
}

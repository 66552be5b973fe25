//! Changes of the portal's settings and declarations.

use super::none::OrNone;
use super::row::row;
use super::{Change, Error, Store};
use crate::domain::site::State;

row! {
    /// A change of a file of settings or declarations.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SiteChange {
        /// Its id.
        pub id: String,
        /// The file in the repository.
        pub file: String,
        /// What was published when it was proposed; empty for a new file.
        pub base: String,
        /// What is to be published.
        pub text: String,
        /// Why.
        pub reason: String,
        /// The account that proposed it.
        pub proposed_by: String,
        /// Milliseconds since 1970.
        pub proposed_at: i64,
        /// Where it is.
        pub state: State as String,
        /// Who decided.
        pub decided_by: Option<String> as OrNone<String>,
        /// Milliseconds since 1970.
        pub decided_at: Option<i64> as OrNone<i64>,
        /// What whoever decided wrote.
        pub reply: Option<String> as OrNone<String>,
    }
}

impl SiteChange {
    /// What it is called in the audit log.
    pub fn subject(&self) -> String {
        format!("site-change/{}", self.id)
    }
}

/// A decision on a change.
#[derive(Debug, Clone, Copy)]
pub struct SiteDecision<'a> {
    /// Where the change has to be.
    pub from: State,
    /// Where it comes to.
    pub to: State,
    /// Who decides.
    pub by: &'a str,
    /// Milliseconds since 1970.
    pub at: i64,
    /// What they write.
    pub reply: &'a str,
}

impl Store {
    /// The change of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn site_change(&self, id: &str) -> Result<Option<SiteChange>, Error> {
        let query = sqlx::query_as("SELECT * FROM site_change WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// The latest changes, what waits first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn site_changes(&self, most: i64) -> Result<Vec<SiteChange>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM site_change ORDER BY CASE WHEN state = 'proposed' THEN 0 ELSE 1 END, proposed_at DESC, id
             LIMIT $1",
        );
        query.bind(most).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Adds a change that waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_site_change(&mut self, change: &SiteChange) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO site_change (id, file, base, text, reason, proposed_by, proposed_at, state, decided_by,
             decided_at, reply) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, '')",
        );
        let query = query.bind(&*change.id).bind(&*change.file).bind(&*change.base);
        let query = query.bind(&*change.text).bind(&*change.reason);
        let query = query.bind(&*change.proposed_by).bind(change.proposed_at);
        let query = query.bind(change.state.name());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Decides on a change; tells whether it was where it has to be.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn decide_site_change(&mut self, id: &str, decision: SiteDecision<'_>) -> Result<bool, Error> {
        let query = sqlx::query(
            "UPDATE site_change SET state = $3, decided_by = $4, decided_at = $5, reply = $6
             WHERE id = $1 AND state = $2",
        );
        let query = query.bind(id).bind(decision.from.name()).bind(decision.to.name());
        let query = query.bind(decision.by).bind(decision.at).bind(decision.reply);
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }

    /// Notes what became of an approved change; whoever decided stays as they are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle_site_change(&mut self, id: &str, state: State) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE site_change SET state = $2 WHERE id = $1 AND state = 'approved'");
        let query = query.bind(id).bind(state.name());
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }
}

//! Whether every name in the database is one that this program knows.

use super::database::decoded;
use super::{Error, JobKind, JobState, Store};
use crate::domain::account::AccountState;
use crate::domain::names::Unknown;
use crate::domain::notices::Notices;
use crate::domain::opinion::Verdict;
use crate::domain::reminders::Phase;
use crate::domain::role::Role;
use crate::domain::submission::{Purpose, State};
use crate::domain::webhook::Provider;
use crate::mail::Kind;

impl Store {
    /// Looks through every column of names before anything is done: whoever starts an older program on the database of
    /// a newer one is told so, rather than whoever comes upon the first such row.
    ///
    /// # Errors
    /// The first name that this program does not know, with its column.
    pub(super) async fn check_names(&self) -> Result<(), Error> {
        self.check_column::<Role>("account", "role").await?;
        self.check_column::<AccountState>("account", "state").await?;
        self.check_column::<State>("submission", "state").await?;
        self.check_column::<Purpose>("submission", "purpose").await?;
        self.check_column::<JobKind>("job", "kind").await?;
        self.check_column::<JobState>("job", "state").await?;
        self.check_column::<Kind>("mail", "kind").await?;
        self.check_column::<Notices>("preference", "notices").await?;
        self.check_column::<Phase>("reminder", "phase").await?;
        self.check_column::<Kind>("told", "kind").await?;
        self.check_column::<Provider>("webhook", "provider").await?;
        self.check_column::<State>("webhook_message", "state").await?;
        self.check_column::<Verdict>("assignment", "verdict").await
    }

    async fn check_column<T: TryFrom<String, Error = Unknown>>(
        &self,
        table: &str,
        column: &str,
    ) -> Result<(), Error> {
        // Made of the names above and nothing else.
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT DISTINCT {column} FROM {table} WHERE {column} <> '' ORDER BY {column}"
        ));
        let names: Vec<String> = sqlx::query_scalar(sql).fetch_all(&self.pool).await?;
        for name in names {
            decoded::<T>(&format!("{table}.{column}"), name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_with_names_of_another_program_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("intake.db");
        let store = Store::open_file(&file).await.unwrap();
        let insert = "INSERT INTO account (id, login, name, unit, role, phone, email, password, state,
            created_at) VALUES ('a', 'a', 'a', 'u', 'headmaster', '', '', '', 'active', 0)";
        sqlx::query(insert).execute(&store.pool).await.unwrap();
        assert!(store.account("a").await.is_err());
        store.close().await;
        let refused = Store::open_file(&file).await.map(|_| ()).unwrap_err().to_string();
        for part in ["account.role", "headmaster", "province-admin"] {
            assert!(refused.contains(part), "{refused}");
        }
    }
}

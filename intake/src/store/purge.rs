//! What the database holds of something that is purged.

use sqlx::AssertSqlSafe;

use super::{Change, Error, Store};

/// Tables whose rows go with the submission that they are of.
const OF_SUBMISSION: [&str; 10] = [
    "message",
    "upload",
    "reminder",
    "assignment",
    "edition",
    "preview_link",
    "assessment",
    "decision_draft",
    "removed",
    "webhook_message",
];

impl Store {
    /// The submissions that are about a file of the repository, with their states.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submissions_about(&self, path: &str) -> Result<Vec<(String, String)>, Error> {
        let query = sqlx::query_as("SELECT id, state FROM submission WHERE path = $1 ORDER BY id");
        query.bind(path).fetch_all(&self.pool).await
    }

    /// The takedowns of a file of the repository.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn takedowns_about(&self, path: &str) -> Result<Vec<String>, Error> {
        let query = sqlx::query_scalar("SELECT id FROM takedown WHERE path = $1 ORDER BY id");
        query.bind(path).fetch_all(&self.pool).await
    }

    /// The recommendations of a file of the repository.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recommendations_about(&self, path: &str) -> Result<Vec<String>, Error> {
        let query = sqlx::query_scalar("SELECT id FROM recommendation WHERE path = $1 ORDER BY id");
        query.bind(path).fetch_all(&self.pool).await
    }

    /// The files that a submission has or had: their ids and checksums, which may be empty.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn files_of(&self, submission: &str) -> Result<Vec<(String, String)>, Error> {
        let query = sqlx::query_as(
            "SELECT id, sha256 FROM upload WHERE submission = $1 UNION
             SELECT id, sha256 FROM removed WHERE submission = $1 ORDER BY 1",
        );
        query.bind(submission).fetch_all(&self.pool).await
    }

    /// The submissions that have a file of these bytes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submissions_with(&self, sha256: &str) -> Result<Vec<String>, Error> {
        let query = sqlx::query_scalar(
            "SELECT submission FROM upload WHERE sha256 = $1 UNION SELECT submission FROM removed WHERE sha256 = $1
             ORDER BY 1",
        );
        query.bind(sha256).fetch_all(&self.pool).await
    }

    /// The still images that were taken of a video.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn posters_of(&self, sha256: &str) -> Result<Vec<String>, Error> {
        let query =
            sqlx::query_scalar("SELECT DISTINCT poster FROM inspection WHERE sha256 = $1 AND poster <> ''");
        query.bind(sha256).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Forgets a submission with everything that was said and sent about it; the audit log stays as it is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge_submission(&mut self, id: &str) -> Result<(), Error> {
        self.purge_subject(id).await?;
        for table in OF_SUBMISSION {
            // Made of the names above and nothing else.
            let sql = AssertSqlSafe(format!("DELETE FROM {table} WHERE submission = $1"));
            sqlx::query(sql).bind(id).execute(&mut *self.transaction).await?;
        }
        let query = sqlx::query("DELETE FROM submission WHERE id = $1").bind(id);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Forgets a takedown.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge_takedown(&mut self, id: &str) -> Result<(), Error> {
        self.purge_subject(id).await?;
        let query = sqlx::query("DELETE FROM takedown WHERE id = $1").bind(id);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Forgets what else names a file of the repository.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge_path(&mut self, path: &str) -> Result<(), Error> {
        self.purge_subject(path).await?;
        for statement in [
            "DELETE FROM problem WHERE path = $1",
            "DELETE FROM job WHERE subject IN (SELECT id FROM recommendation WHERE path = $1)",
            "DELETE FROM recommendation WHERE path = $1",
            "DELETE FROM job WHERE subject IN (SELECT id FROM site_change WHERE file = $1)",
            "DELETE FROM site_change WHERE file = $1",
            "UPDATE job SET problem = '' WHERE problem LIKE '%' || $1 || '%'",
        ] {
            let query = sqlx::query(statement).bind(path);
            query.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    /// Forgets mail and jobs about something.
    async fn purge_subject(&mut self, subject: &str) -> Result<(), Error> {
        for statement in [
            "DELETE FROM job WHERE subject IN (SELECT id FROM mail WHERE mail.subject = $1)",
            "DELETE FROM job WHERE subject = $1",
            "DELETE FROM mail WHERE subject = $1",
            "DELETE FROM told WHERE subject = $1",
        ] {
            let query = sqlx::query(statement).bind(subject);
            query.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    /// Forgets that any submission had a file of these bytes, and what was found in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge_bytes(&mut self, sha256: &str) -> Result<(), Error> {
        for statement in [
            "DELETE FROM upload WHERE sha256 = $1",
            "DELETE FROM removed WHERE sha256 = $1",
            "DELETE FROM inspection WHERE sha256 = $1 OR poster = $1",
            "DELETE FROM scan WHERE sha256 = $1",
        ] {
            let query = sqlx::query(statement).bind(sha256);
            query.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    /// Gives commits that have another id now the new one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rename_commits(&mut self, new: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
        let query = sqlx::query_scalar("SELECT DISTINCT commit_id FROM submission WHERE commit_id <> ''");
        let known: Vec<String> = query.fetch_all(&mut *self.transaction).await?;
        for old in known {
            if let Some(new) = new(&old) {
                let query = sqlx::query("UPDATE submission SET commit_id = $2 WHERE commit_id = $1");
                let query = query.bind(&old).bind(new);
                query.execute(&mut *self.transaction).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::OF_SUBMISSION;

    /// Tables with a column `path` or `file` that are looked after by name.
    const WITH_PATH: [&str; 5] = [
        "submission",
        "problem",
        "recommendation",
        "site_change",
        "takedown",
    ];

    #[test]
    fn no_table_that_speaks_of_a_submission_or_a_file_is_forgotten() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let (mut of_submission, mut with_path) = (Vec::new(), Vec::new());
        for file in std::fs::read_dir(directory).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for table in text.split("CREATE TABLE ").skip(1) {
                let (name, columns) = table.split_once(" (").unwrap();
                let has = |column: &str| {
                    columns
                        .split(");")
                        .next()
                        .unwrap()
                        .contains(&format!("\n    {column} TEXT"))
                };
                of_submission.extend(has("submission").then(|| name.to_owned()));
                with_path.extend((has("path") || has("file")).then(|| name.to_owned()));
            }
        }
        of_submission.sort();
        with_path.sort();
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(of_submission, sorted(&OF_SUBMISSION));
        assert_eq!(with_path, sorted(&WITH_PATH));
    }
}

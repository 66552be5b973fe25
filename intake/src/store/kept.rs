//! What lies in the store of files, for whom, and what still refers to it.

use std::collections::BTreeSet;

use sqlx::AssertSqlSafe;

use super::{Change, Error, Store};
use crate::domain::quota::Held;

/// Bytes that count for whoever two columns name: files of submissions that are not published, whole and announced, and those
/// that were removed and still lie there for nobody else.
fn bytes_of(of_upload: &'static str, of_removed: &'static str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT CAST(COALESCE(SUM(counted.size), 0) AS BIGINT) FROM (
         SELECT upload.size AS size FROM upload JOIN submission ON submission.id = upload.submission
         WHERE submission.state <> 'published' AND {of_upload} = $1 UNION ALL
         SELECT removed.size FROM removed JOIN submission ON submission.id = removed.submission
         WHERE NOT EXISTS (SELECT 1 FROM upload WHERE upload.sha256 = removed.sha256) AND {of_removed} = $1
         ) AS counted"
    ))
}

/// Submissions that may still change: what they name is in use.
const IS_OPEN: &str = "state NOT IN ('published', 'withdrawn', 'rejected')";

impl Store {
    /// The checksums of all files of submissions, of the still images that were taken of them, and of those that were removed
    /// since a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn checksums_in_use(&self, since: i64) -> Result<BTreeSet<String>, Error> {
        let query = sqlx::query_scalar(
            "SELECT sha256 FROM upload WHERE sha256 <> '' UNION
             SELECT poster FROM inspection WHERE poster <> ''
             AND EXISTS (SELECT 1 FROM upload WHERE upload.sha256 = inspection.sha256) UNION
             SELECT sha256 FROM removed WHERE at >= $1",
        );
        let found: Vec<String> = query.bind(since).fetch_all(&self.pool).await?;
        Ok(found.into_iter().collect())
    }

    /// The checksums of what was removed before a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn removed_before(&self, before: i64) -> Result<BTreeSet<String>, Error> {
        let query = sqlx::query_scalar("SELECT DISTINCT sha256 FROM removed WHERE at < $1");
        let found: Vec<String> = query.bind(before).fetch_all(&self.pool).await?;
        Ok(found.into_iter().collect())
    }

    /// All that some open submissions say, in the order of their ids from the one after `after`: id, and texts as they are
    /// and as they were handed in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn texts_of_open(&self, after: &str, most: i64) -> Result<Vec<(String, Vec<String>)>, Error> {
        let sql = format!(
            "SELECT id, fields || ' ' || body || ' ' || base FROM submission
             WHERE id > $1 AND {IS_OPEN} ORDER BY id LIMIT $2"
        );
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(after).bind(most);
        let found: Vec<(String, String)> = query.fetch_all(&self.pool).await?;
        let mut texts = Vec::with_capacity(found.len());
        for (id, text) in found {
            let query = sqlx::query_scalar("SELECT content FROM edition WHERE submission = $1");
            let mut of_one: Vec<String> = query.bind(&id).fetch_all(&self.pool).await?;
            of_one.push(text);
            texts.push((id, of_one));
        }
        Ok(texts)
    }

    /// Whether there is an upload of an id whose bytes are still coming.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_coming(&self, id: &str) -> Result<bool, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM upload WHERE id = $1 AND sha256 = ''");
        let count: i64 = query.bind(id).fetch_one(&self.pool).await?;
        Ok(count > 0)
    }

    /// Files of submissions that were withdrawn before a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn withdrawn_uploads(&self, before: i64) -> Result<Vec<String>, Error> {
        let query = sqlx::query_scalar(
            "SELECT upload.id FROM upload JOIN submission ON submission.id = upload.submission
             WHERE state = 'withdrawn' AND state_at < $1 LIMIT 1000",
        );
        query.bind(before).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// What lies there for a submission, the account that sends files to it, and the unit that it is of, as it is within the
    /// transaction. Room on the disk is not known here.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn held(&mut self, submission: &str, owner: &str, unit: &str) -> Result<Held, Error> {
        let query = sqlx::query_as(
            "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM upload WHERE submission = $1",
        );
        let (files, of_submission): (i64, i64) =
            query.bind(submission).fetch_one(&mut *self.transaction).await?;
        let query = sqlx::query_scalar(bytes_of("upload.owner", "removed.owner")).bind(owner);
        let of_account: i64 = query.fetch_one(&mut *self.transaction).await?;
        let query = sqlx::query_scalar(bytes_of("submission.unit", "submission.unit")).bind(unit);
        let of_unit: i64 = query.fetch_one(&mut *self.transaction).await?;
        Ok(Held {
            files: files.unsigned_abs(),
            of_submission: of_submission.unsigned_abs(),
            of_account: of_account.unsigned_abs(),
            of_unit: of_unit.unsigned_abs(),
            room: None,
        })
    }

    /// Takes a file from its submission. Bytes that are all there still lie in the store, and count until they are collected.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_away(&mut self, id: &str, now: i64) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO removed (id, owner, submission, sha256, size, at)
             SELECT id, owner, submission, sha256, size, $2 FROM upload WHERE id = $1 AND sha256 <> ''",
        );
        query.bind(id).bind(now).execute(&mut *self.transaction).await?;
        self.remove_upload(id).await
    }

    /// Forgets what is known of bytes that no file of a submission has any more, so that they may go. Returns whether that is so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_bytes(&mut self, sha256: &str) -> Result<bool, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM upload WHERE sha256 = $1");
        let count: i64 = query.bind(sha256).fetch_one(&mut *self.transaction).await?;
        if count > 0 {
            return Ok(false);
        }
        for statement in [
            "DELETE FROM removed WHERE sha256 = $1",
            // Bytes that come again are looked into again.
            "DELETE FROM inspection WHERE sha256 = $1 OR poster = $1",
        ] {
            let query = sqlx::query(statement).bind(sha256);
            query.execute(&mut *self.transaction).await?;
        }
        Ok(true)
    }

    /// Forgets the removal of bytes that stay for something else, so that they do not count for who removed them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_removal(&mut self, sha256: &str, before: i64) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM removed WHERE sha256 = $1 AND at < $2");
        let query = query.bind(sha256).bind(before);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}

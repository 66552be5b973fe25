//! Files that belong to submissions, whole and half.

use sqlx::AssertSqlSafe;

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::{Change, Error, Store};

row! {
    /// A file of a submission.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Upload {
        /// Its id.
        pub id: String,
        /// The submission.
        pub submission: String,
        /// Who sends it.
        pub owner: String,
        /// What readers see and downloads are called.
        pub name: String,
        /// Bytes it has or will have.
        pub size: i64,
        /// Media type by its extension.
        pub media_type: String,
        /// The checksum of its bytes, once every one is there.
        pub sha256: Option<String> as OrNone<String>,
        /// Milliseconds since 1970.
        pub created_at: i64,
        /// Checksum of the still image that was taken of a video in which the virus scanner found nothing.
        pub poster: Option<String>,
    }
}

/// The files that a clause picks, with the still images of videos: of such as the virus scanner has nothing against, and
/// need not look at any more.
fn uploads(clause: &'static str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT upload.*,
         (SELECT NULLIF(poster, '') FROM inspection
          WHERE inspection.sha256 = upload.sha256 AND inspection.media_type = upload.media_type
          AND NOT EXISTS (SELECT 1 FROM scan WHERE scan.sha256 = upload.sha256 AND virus <> '')
          AND NOT EXISTS (SELECT 1 FROM job WHERE job.state IN ('waiting', 'failed')
                          AND job.kind = 'scan' AND job.subject = upload.sha256)) AS poster
         FROM upload {clause}"
    ))
}

impl Upload {
    /// The upload under another name, with as many bytes.
    #[must_use]
    pub fn renamed(self, name: String, size: usize) -> Self {
        let media_type = jixia::media::media_type(&name).unwrap_or("application/octet-stream");
        Self {
            media_type: media_type.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            name,
            ..self
        }
    }

    /// Whether every byte is there.
    pub fn is_whole(&self) -> bool {
        self.sha256.is_some()
    }
}

const OF_SUBMISSION: &str = "WHERE submission = $1 ORDER BY created_at, id";

impl Store {
    /// The file of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn upload(&self, id: &str) -> Result<Option<Upload>, Error> {
        let query = sqlx::query_as(uploads("WHERE id = $1"));
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// The files of a submission, the first one first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn uploads(&self, submission: &str) -> Result<Vec<Upload>, Error> {
        let query = sqlx::query_as(uploads(OF_SUBMISSION));
        query.bind(submission).fetch_all(&self.pool).await
    }

    /// The files with these bytes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn uploads_of_blob(&self, sha256: &str) -> Result<Vec<Upload>, Error> {
        let query = sqlx::query_as(uploads("WHERE sha256 = $1 ORDER BY created_at, id LIMIT 50"));
        query.bind(sha256).fetch_all(&self.pool).await
    }

    /// The videos with this still image.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn uploads_of_poster(&self, sha256: &str) -> Result<Vec<Upload>, Error> {
        let query = sqlx::query_as(uploads(
            "WHERE sha256 IN (SELECT inspection.sha256 FROM inspection WHERE poster = $1 AND poster <> '')
             ORDER BY created_at, id LIMIT 50",
        ));
        query.bind(sha256).fetch_all(&self.pool).await
    }

    /// Half uploads begun before a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stale_uploads(&self, before: i64) -> Result<Vec<Upload>, Error> {
        let query = sqlx::query_as(uploads("WHERE sha256 = '' AND created_at < $1 LIMIT 1000"));
        query.bind(before).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Adds a file.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_upload(&mut self, upload: &Upload) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO upload (id, submission, owner, name, size, media_type, sha256, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        );
        let query = query
            .bind(&*upload.id)
            .bind(&*upload.submission)
            .bind(&*upload.owner)
            .bind(&*upload.name);
        let query = query
            .bind(upload.size)
            .bind(&*upload.media_type)
            .bind(upload.sha256.or_empty());
        query
            .bind(upload.created_at)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Notes that every byte of a file is there, and what it is called and how large it is now that it is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn complete_upload(&mut self, upload: &Upload, sha256: &str) -> Result<(), Error> {
        let query =
            sqlx::query("UPDATE upload SET sha256 = $2, name = $3, media_type = $4, size = $5 WHERE id = $1");
        query
            .bind(&upload.id)
            .bind(sha256)
            .bind(&upload.name)
            .bind(&upload.media_type)
            .bind(upload.size)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// The files of a submission, in the order in which they came, as they are within the transaction.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn uploads(&mut self, submission: &str) -> Result<Vec<Upload>, Error> {
        let query = sqlx::query_as(uploads(OF_SUBMISSION)).bind(submission);
        query.fetch_all(&mut *self.transaction).await
    }

    /// Takes a file from its submission.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_upload(&mut self, id: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM upload WHERE id = $1");
        query.bind(id).execute(&mut *self.transaction).await.map(|_| ())
    }
}

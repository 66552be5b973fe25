//! What was found in files, and what the virus scanner said.

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::{Change, Error, Store};
use crate::files::inspect::Facts;

row! {
    /// What was found in a file.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Inspection {
        /// Of the bytes.
        pub sha256: String,
        /// Type that the file's name gives it.
        pub media_type: String,
        /// Fingerprint of the rules that were held against it.
        pub edition: String,
        facts: String,
        /// Checksum of a still image of a video; empty for none.
        pub poster: Option<String> as OrNone<String>,
        is_whole: i64,
    }
}

impl Inspection {
    /// What was found; `is_whole` once nothing is left to be done in a job.
    pub fn new(sha256: &str, media_type: &str, edition: &str, facts: &Facts, is_whole: bool) -> Self {
        Self {
            sha256: sha256.to_owned(),
            media_type: media_type.to_owned(),
            edition: edition.to_owned(),
            facts: serde_json::to_string(facts).unwrap_or_default(),
            poster: None,
            is_whole: i64::from(is_whole),
        }
    }

    /// What was found.
    pub fn facts(&self) -> Facts {
        serde_json::from_str(&self.facts).unwrap_or_default()
    }

    /// Whether nothing is left to be done in a job.
    pub fn is_whole(&self) -> bool {
        self.is_whole == 1
    }
}

row! {
    /// What the virus scanner said of bytes.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Scan {
        /// Of the bytes.
        pub sha256: String,
        /// Empty when it knows nothing against them.
        pub virus: Option<String> as OrNone<String>,
    }
}

impl Store {
    /// What was found in a file of these bytes and this type.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn inspection(&self, sha256: &str, media_type: &str) -> Result<Option<Inspection>, Error> {
        let query = sqlx::query_as("SELECT * FROM inspection WHERE sha256 = $1 AND media_type = $2");
        query
            .bind(sha256)
            .bind(media_type)
            .fetch_optional(&self.pool)
            .await
    }

    /// What was found in the files of a submission.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn inspections_of(&self, submission: &str) -> Result<Vec<Inspection>, Error> {
        let query = sqlx::query_as(
            "SELECT DISTINCT inspection.* FROM inspection
             JOIN upload ON upload.sha256 = inspection.sha256 AND upload.media_type = inspection.media_type
             WHERE upload.submission = $1",
        );
        query.bind(submission).fetch_all(&self.pool).await
    }

    /// What the virus scanner said of bytes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn scan(&self, sha256: &str) -> Result<Option<Scan>, Error> {
        let query = sqlx::query_as("SELECT sha256, virus FROM scan WHERE sha256 = $1");
        query.bind(sha256).fetch_optional(&self.pool).await
    }

    /// What the virus scanner said of the files of a submission.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn scans_of(&self, submission: &str) -> Result<Vec<Scan>, Error> {
        let query = sqlx::query_as(
            "SELECT DISTINCT scan.sha256, scan.virus FROM scan
             JOIN upload ON upload.sha256 = scan.sha256 WHERE upload.submission = $1",
        );
        query.bind(submission).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// Keeps what was found in a file, in the place of what was found before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_inspection(&mut self, inspection: &Inspection) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO inspection (sha256, media_type, edition, facts, poster, is_whole)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256, media_type)
             DO UPDATE SET edition = $3, facts = $4, poster = $5, is_whole = $6",
        );
        let query = query
            .bind(&*inspection.sha256)
            .bind(&*inspection.media_type)
            .bind(&*inspection.edition);
        let query = query
            .bind(&*inspection.facts)
            .bind(inspection.poster.or_empty())
            .bind(inspection.is_whole);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Keeps what the virus scanner said.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_scan(&mut self, scan: &Scan, now: i64) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO scan (sha256, virus, at) VALUES ($1, $2, $3)
             ON CONFLICT (sha256) DO UPDATE SET virus = $2, at = $3",
        );
        let query = query.bind(&*scan.sha256).bind(scan.virus.or_empty()).bind(now);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}

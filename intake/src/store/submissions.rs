//! Submissions and what is said about them.

use serde_json::{Map, Value};

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::{Change, Error, Store};
use crate::domain::submission::{Purpose, State, Version};

row! {
    /// A submission with its content.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct Submission {
        pub id: String,
        pub kind: String,
        pub purpose: Purpose as String,
        /// Path of the file in the repository.
        pub path: String,
        pub unit: String,
        pub owner: String,
        pub state: State as String,
        /// The unit whose turn it is.
        pub holder: Option<String> as OrNone<String>,
        pub reviewer: Option<String> as OrNone<String>,
        pub title: String,
        /// JSON object.
        pub fields: String,
        pub body: String,
        /// JSON list of names.
        pub declarations: String,
        /// JSON object; what was published when an edit began.
        pub base: String,
        /// Counts saves.
        pub revision: i64,
        /// Counts submissions.
        pub version: i64,
        /// Counts steps.
        pub round: i64,
        pub submitted_hash: Option<String> as OrNone<String>,
        pub endorsed_hash: Option<String> as OrNone<String>,
        pub endorser: Option<String> as OrNone<String>,
        pub signed_off_by: Option<String> as OrNone<String>,
        pub commit_id: Option<String> as OrNone<String>,
        pub created_at: i64,
        pub updated_at: i64,
        pub state_at: i64,
        pub submitted_at: Option<i64> as OrNone<i64>,
        pub accepted_at: Option<i64> as OrNone<i64>,
        /// The units that still have it, as [`crate::domain::routing::Route`] writes them.
        pub route: String,
        /// Until when its holder is to have done with it.
        pub due_at: Option<i64> as OrNone<i64>,
        /// Ids of the accounts that endorsed this version or passed it on, with spaces between them.
        pub decided: String,
    }
}

/// The columns of a [`Row`], of a query that joins the account of the owner.
macro_rules! listed {
    () => {
        "SELECT submission.id, kind, purpose, path, submission.unit, owner, account.name AS owner_name,
         submission.state, holder, title, version, round, updated_at, state_at, submission.due_at, route, authors,
         decided
         FROM submission JOIN account ON account.id = owner "
    };
}
pub(super) use listed;

row! {
    /// A submission in a list.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct Row {
        pub id: String,
        pub kind: String,
        pub purpose: Purpose as String,
        pub path: String,
        pub unit: String,
        pub owner: String,
        pub owner_name: String,
        pub state: State as String,
        /// The unit whose turn it is.
        pub holder: Option<String> as OrNone<String>,
        pub title: String,
        pub version: i64,
        pub round: i64,
        pub updated_at: i64,
        pub state_at: i64,
        /// Until when its holder is to have done with it.
        pub due_at: Option<i64> as OrNone<i64>,
        /// As in a [`Submission`].
        pub route: String,
        /// The authors that its fields name, a line each.
        pub authors: String,
        /// As in a [`Submission`].
        pub decided: String,
    }
}

impl Row {
    /// What is decided on.
    pub fn decided_on(&self) -> Version {
        Version {
            content: self.version,
            round: Some(self.round),
        }
    }
}

row! {
    /// Something said about a submission.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct Message {
        pub id: String,
        pub submission: String,
        /// The account; the server itself without one.
        pub author: Option<String> as OrNone<String>,
        /// The field it is about; the whole without one.
        pub field: Option<String> as OrNone<String>,
        /// The words of the body that it is about; the field as a whole without any.
        pub quote: Option<String> as OrNone<String>,
        pub text: String,
        pub version: i64,
        pub at: i64,
        /// When it was marked as settled; open until then.
        pub settled_at: Option<i64> as OrNone<i64>,
        /// The remark that it answers.
        pub parent: Option<String> as OrNone<String>,
        /// When the submission's author said that it was mended.
        pub mended_at: Option<i64> as OrNone<i64>,
    }
}

row! {
    /// How many submissions of a state, kind and unit wait.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs)]
    pub struct QueueCount {
        pub state: State as String,
        pub kind: String,
        pub unit: String,
        pub count: i64,
        pub late: i64,
    }
}

/// Which submissions of a queue are wanted: all that `None` does not narrow down.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Filter {
    pub holder: String,
    pub state: Option<State>,
    pub kind: Option<String>,
    pub unit: Option<String>,
    /// Only what was to be done with until this moment, milliseconds since 1970.
    pub due_until: Option<i64>,
}

impl Submission {
    /// Whether it changes an entry of whose fields nothing could be read: all of its file is in the body then.
    pub fn is_of_unread(&self) -> bool {
        self.purpose != Purpose::New && !self.base().contains_key("title")
    }

    /// What is decided on.
    pub fn decided_on(&self) -> Version {
        Version {
            content: self.version,
            round: Some(self.round),
        }
    }

    /// Its fields.
    pub fn fields(&self) -> Map<String, Value> {
        serde_json::from_str(&self.fields).unwrap_or_default()
    }

    /// The authors that its fields name, as they are written there.
    pub fn authors(&self) -> Vec<String> {
        match self.fields().get("authors") {
            Some(Value::Array(authors)) => {
                let texts = authors.iter().filter_map(Value::as_str);
                texts.map(|author| author.replace('\n', " ")).collect()
            }
            Some(Value::String(author)) => vec![author.replace('\n', " ")],
            _ => Vec::new(),
        }
    }

    /// What was published when the edit began.
    pub fn base(&self) -> Map<String, Value> {
        serde_json::from_str(&self.base).unwrap_or_default()
    }

    /// The names of the declarations that were made.
    pub fn declarations(&self) -> Vec<String> {
        serde_json::from_str(&self.declarations).unwrap_or_default()
    }

    /// What the audit log calls it.
    pub fn subject(&self) -> String {
        format!("submission/{}", self.id)
    }
}

impl Store {
    /// The submission of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submission(&self, id: &str) -> Result<Option<Submission>, Error> {
        let query = sqlx::query_as("SELECT * FROM submission WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// The submissions of an account, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submissions_of(&self, owner: &str, most: i64) -> Result<Vec<Row>, Error> {
        let query = sqlx::query_as(concat!(
            listed!(),
            "WHERE owner = $1 AND NOT (submission.state = 'withdrawn' AND submission.version = 0 AND submission.title = '')
             ORDER BY updated_at DESC, submission.id LIMIT $2"
        ));
        query.bind(owner).bind(most).fetch_all(&self.pool).await
    }

    /// The submissions that wait for a unit, the longest waiting first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn queue(&self, filter: &Filter, most: i64) -> Result<Vec<Row>, Error> {
        let query = sqlx::query_as(concat!(
            listed!(),
            "WHERE holder = $1 AND ($2 = '' OR submission.state = $2) AND ($3 = '' OR kind = $3)
             AND ($4 = '' OR submission.unit = $4) AND ($5 = 0 OR due_at > 0 AND due_at <= $5)
             ORDER BY state_at, submission.id LIMIT $6"
        ));
        let query = query
            .bind(&*filter.holder)
            .bind(filter.state.map_or("", State::name))
            .bind(filter.kind.or_empty());
        let query = query
            .bind(filter.unit.or_empty())
            .bind(filter.due_until.or_empty());
        query.bind(most).fetch_all(&self.pool).await
    }

    /// How many submissions wait for a unit, by state, kind and submitting unit, and how many of them are overdue at `now`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn queue_counts(&self, holder: &str, now: i64) -> Result<Vec<QueueCount>, Error> {
        let query = sqlx::query_as(
            "SELECT state, kind, unit, COUNT(*) AS count,
             CAST(SUM(CASE WHEN due_at > 0 AND due_at <= $2 THEN 1 ELSE 0 END) AS BIGINT) AS late
             FROM submission WHERE holder = $1 GROUP BY state, kind, unit ORDER BY state, kind, unit",
        );
        query.bind(holder).bind(now).fetch_all(&self.pool).await
    }

    /// How many submissions are in each state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn state_counts(&self) -> Result<Vec<(String, i64)>, Error> {
        let query = sqlx::query_as("SELECT state, COUNT(*) FROM submission GROUP BY state ORDER BY state");
        query.fetch_all(&self.pool).await
    }

    /// The submissions in a state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submissions_in(&self, state: State) -> Result<Vec<Submission>, Error> {
        let query = sqlx::query_as("SELECT * FROM submission WHERE state = $1 ORDER BY state_at, id");
        query.bind(state.name()).fetch_all(&self.pool).await
    }

    /// Other submissions with this title that are neither given up nor turned down.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn titled(&self, title: &str, but: &str) -> Result<Vec<(String, String)>, Error> {
        let query = sqlx::query_as(
            "SELECT id, state FROM submission WHERE title = $1 AND id <> $2
             AND state NOT IN ('draft', 'withdrawn', 'rejected') ORDER BY id LIMIT 5",
        );
        query.bind(title).bind(but).fetch_all(&self.pool).await
    }

    /// The submissions that change the entry in a file and are neither published, given up nor turned down, the oldest
    /// first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn under_way(&self, path: &str) -> Result<Vec<Submission>, Error> {
        let query = sqlx::query_as(
            "SELECT * FROM submission WHERE path = $1 AND purpose <> 'new'
             AND state NOT IN ('published', 'withdrawn', 'rejected') ORDER BY created_at, id LIMIT 50",
        );
        query.bind(path).fetch_all(&self.pool).await
    }

    /// Titles of what a unit submits of a kind, but for what was given up or turned down.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn titles_of(&self, unit: &str, kind: &str) -> Result<Vec<String>, Error> {
        let query = sqlx::query_scalar(
            "SELECT title FROM submission WHERE unit = $1 AND kind = $2
             AND state NOT IN ('withdrawn', 'rejected') ORDER BY title",
        );
        query.bind(unit).bind(kind).fetch_all(&self.pool).await
    }

    /// What was said about a submission, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn messages(&self, submission: &str) -> Result<Vec<Message>, Error> {
        let query = sqlx::query_as("SELECT * FROM message WHERE submission = $1 ORDER BY at, id");
        query.bind(submission).fetch_all(&self.pool).await
    }
}

impl Change<'_> {
    /// The submission as it is within this transaction.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn submission(&mut self, id: &str) -> Result<Option<Submission>, Error> {
        let query = sqlx::query_as("SELECT * FROM submission WHERE id = $1");
        query.bind(id).fetch_optional(&mut *self.transaction).await
    }

    /// Adds a submission.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_submission(&mut self, submission: &Submission) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO submission (id, kind, purpose, path, unit, owner, created_at, base, state, holder, reviewer,
             title, fields, body, declarations, revision, version, submitted_hash, endorsed_hash, endorser,
             signed_off_by, commit_id, updated_at, state_at, submitted_at, accepted_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', '', '', '', '', 0, 0, '', '', '', '', '', 0, 0, 0, 0)",
        );
        let query = query
            .bind(&*submission.id)
            .bind(&*submission.kind)
            .bind(submission.purpose.name());
        let query = query
            .bind(&*submission.path)
            .bind(&*submission.unit)
            .bind(&*submission.owner);
        let query = query.bind(submission.created_at).bind(&*submission.base);
        query.execute(&mut *self.transaction).await?;
        self.put_submission(submission).await
    }

    /// Takes everything that was written out of a submission that was never handed in. What is left is a name for the audit log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn empty_submission(&mut self, id: &str, now: i64) -> Result<(), Error> {
        for statement in [
            "DELETE FROM message WHERE submission = $1",
            "DELETE FROM preview_link WHERE submission = $1",
            "DELETE FROM decision_draft WHERE submission = $1",
        ] {
            sqlx::query(statement)
                .bind(id)
                .execute(&mut *self.transaction)
                .await?;
        }
        let query = sqlx::query(
            "UPDATE submission SET state = 'withdrawn', title = '', fields = '{}', body = '', base = '{}',
             declarations = '[]', revision = revision + 1, round = round + 1, updated_at = $2, state_at = $2
             WHERE id = $1 AND version = 0",
        );
        query
            .bind(id)
            .bind(now)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Writes everything of a submission that can change.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_submission(&mut self, submission: &Submission) -> Result<(), Error> {
        let query = sqlx::query(
            "UPDATE submission SET state = $2, holder = $3, reviewer = $4, title = $5, fields = $6, body = $7,
             declarations = $8, revision = $9, version = $10, submitted_hash = $11, endorsed_hash = $12,
             endorser = $13, signed_off_by = $14, commit_id = $15, updated_at = $16, state_at = $17,
             submitted_at = $18, accepted_at = $19, base = $20, round = $21, route = $22, due_at = $23, authors = $24,
             decided = $25 WHERE id = $1",
        );
        let query = query
            .bind(&*submission.id)
            .bind(submission.state.name())
            .bind(submission.holder.or_empty());
        let query = query
            .bind(submission.reviewer.or_empty())
            .bind(&*submission.title)
            .bind(&*submission.fields);
        let query = query
            .bind(&*submission.body)
            .bind(&*submission.declarations)
            .bind(submission.revision);
        let query = query
            .bind(submission.version)
            .bind(submission.submitted_hash.or_empty());
        let query = query
            .bind(submission.endorsed_hash.or_empty())
            .bind(submission.endorser.or_empty());
        let query = query
            .bind(submission.signed_off_by.or_empty())
            .bind(submission.commit_id.or_empty());
        let query = query
            .bind(submission.updated_at)
            .bind(submission.state_at)
            .bind(submission.submitted_at.or_empty());
        let query = query
            .bind(submission.accepted_at.or_empty())
            .bind(&*submission.base);
        let query = query.bind(submission.round).bind(&*submission.route);
        let query = query.bind(submission.due_at.or_empty());
        let query = query
            .bind(submission.authors().join("\n"))
            .bind(&*submission.decided);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Adds something said.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_message(&mut self, message: &Message) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO message (id, submission, author, field, text, version, at, quote, settled_at, parent, mended_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        );
        let query = query
            .bind(&*message.id)
            .bind(&*message.submission)
            .bind(message.author.or_empty());
        let query = query
            .bind(message.field.or_empty())
            .bind(&*message.text)
            .bind(message.version)
            .bind(message.at);
        let query = query
            .bind(message.quote.or_empty())
            .bind(message.settled_at.or_empty());
        let query = query
            .bind(message.parent.or_empty())
            .bind(message.mended_at.or_empty());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Marks something said as settled; without a moment it is open again, and not mended either.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle_message(&mut self, id: &str, at: Option<i64>) -> Result<(), Error> {
        let query = sqlx::query(
            "UPDATE message SET settled_at = $2, mended_at = CASE WHEN $2 = 0 THEN 0 ELSE mended_at END
             WHERE id = $1",
        );
        let query = query.bind(id).bind(at.or_empty());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Notes that the author says that something was mended; without a moment it was not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mend_message(&mut self, id: &str, at: Option<i64>) -> Result<(), Error> {
        let query = sqlx::query("UPDATE message SET mended_at = $2 WHERE id = $1");
        let query = query.bind(id).bind(at.or_empty());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }
}

//! Mail that waits to be sent, who wants which notices, and who was reminded of what.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::database::decoded;
use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::submissions::listed;
use super::{Account, Change, Error, JobKind, Row, Store};
use crate::domain::notices::Notices;
use crate::domain::reminders::Phase;
use crate::mail::Kind;

row! {
    /// A mail.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Mail {
        /// Its id for ever, as receivers see it.
        pub id: String,
        /// To whom.
        pub account: String,
        /// What it tells of.
        pub kind: Kind as String,
        /// The submission, or the fingerprint of an invitation.
        pub subject: String,
        /// What was said with it.
        pub detail: Option<String> as OrNone<String>,
        /// When it was asked for, milliseconds since 1970.
        pub at: i64,
    }
}

/// Somebody who may be told of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The account.
    pub account: Account,
    /// Which notices it wants.
    pub notices: Notices,
}

impl FromRow<'_, AnyRow> for Recipient {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            account: Account::from_row(row)?,
            notices: decoded("notices", row.try_get("notices")?)?,
        })
    }
}

impl Store {
    /// The mail of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mail(&self, id: &str) -> Result<Option<Mail>, Error> {
        let query = sqlx::query_as("SELECT * FROM mail WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// When a link ends, while it holds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn invitation_ends(&self, token: &str, now: i64) -> Result<Option<i64>, Error> {
        let query = sqlx::query_scalar(
            "SELECT expires_at FROM invitation WHERE token = $1 AND used_at = 0 AND expires_at > $2",
        );
        query.bind(token).bind(now).fetch_optional(&self.pool).await
    }

    /// Which notices an account wants.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notices(&self, account: &str) -> Result<Notices, Error> {
        let query = sqlx::query_scalar("SELECT notices FROM preference WHERE account = $1");
        let found: Option<String> = query.bind(account).fetch_optional(&self.pool).await?;
        let chosen = found.map(|name| decoded("notices", name)).transpose()?;
        Ok(chosen.unwrap_or(Notices::Digest))
    }

    /// Accounts that want a digest, have an address, got none whose id ends with this day, and for whose unit something
    /// came or fell due since their last one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn digests_due(&self, day: &str) -> Result<Vec<Account>, Error> {
        let query = sqlx::query_as(
            "SELECT account.* FROM account LEFT JOIN preference ON preference.account = account.id
             WHERE account.state = 'active' AND email <> '' AND COALESCE(notices, 'digest') = 'digest'
             AND NOT EXISTS (SELECT 1 FROM mail WHERE mail.id = 'digest-' || account.id || '-' || $1)
             AND (EXISTS (SELECT 1 FROM submission WHERE holder = account.unit
                  AND submission.state IN ('submitted', 'endorsed') AND state_at > COALESCE(
                  (SELECT MAX(at) FROM mail WHERE mail.account = account.id AND kind = 'digest'), 0))
               OR EXISTS (SELECT 1 FROM reminder WHERE holder = account.unit AND reminder.at > COALESCE(
                  (SELECT MAX(at) FROM mail WHERE mail.account = account.id AND kind = 'digest'), 0)))
             ORDER BY account.id",
        );
        query.bind(day).fetch_all(&self.pool).await
    }

    /// Submissions that fall due in a span of time, came to their holder until `came`, and of which nobody was reminded in
    /// this phase.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn to_remind(
        &self,
        phase: Phase,
        (after, until): (i64, i64),
        came: i64,
    ) -> Result<Vec<Row>, Error> {
        let query = sqlx::query_as(concat!(
            listed!(),
            "WHERE submission.state IN ('submitted', 'endorsed', 'in-review') AND due_at > $2 AND due_at <= $3
             AND state_at <= $4
             AND NOT EXISTS (SELECT 1 FROM reminder WHERE reminder.submission = submission.id
                             AND reminder.state_at = submission.state_at AND phase = $1)
             ORDER BY state_at, submission.id LIMIT 500"
        ));
        query
            .bind(phase.name())
            .bind(after)
            .bind(until)
            .bind(came)
            .fetch_all(&self.pool)
            .await
    }

    /// How much of what waits for a unit is nearly due, and how much is overdue.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reminded(&self, holder: &str) -> Result<Vec<(Phase, i64)>, Error> {
        let query = sqlx::query_as(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM reminder AS late WHERE late.submission = submission.id
                 AND late.state_at = submission.state_at AND late.phase = 'late') THEN 'late' ELSE 'soon' END AS worst,
             COUNT(*) FROM submission WHERE holder = $1 AND state IN ('submitted', 'endorsed', 'in-review')
             AND EXISTS (SELECT 1 FROM reminder WHERE reminder.submission = submission.id
                 AND reminder.state_at = submission.state_at)
             GROUP BY worst ORDER BY worst",
        );
        let counts: Vec<(String, i64)> = query.bind(holder).fetch_all(&self.pool).await?;
        let typed = |(phase, count)| decoded("phase", phase).map(|phase| (phase, count));
        counts.into_iter().map(typed).collect()
    }
}

impl Change<'_> {
    /// Asks for a mail; one that was asked for already stays as it is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write(&mut self, mail: &Mail) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO mail (id, account, kind, subject, detail, at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO NOTHING",
        );
        let query = query.bind(&*mail.id).bind(&*mail.account).bind(mail.kind.name());
        let query = query
            .bind(&*mail.subject)
            .bind(mail.detail.or_empty())
            .bind(mail.at);
        query.execute(&mut *self.transaction).await?;
        self.enqueue(JobKind::Mail, &mail.id, "", mail.at)
            .await
            .map(|_| ())
    }

    /// An active account with what it wants to be told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recipient(&mut self, account: &str) -> Result<Option<Recipient>, Error> {
        let query = sqlx::query_as(
            "SELECT account.*, COALESCE(notices, 'digest') AS notices FROM account
             LEFT JOIN preference ON preference.account = account.id
             WHERE account.id = $1 AND account.state = 'active'",
        );
        query.bind(account).fetch_optional(&mut *self.transaction).await
    }

    /// The active accounts that handed in what became an entry, with what they want to be told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn authors_of(&mut self, path: &str) -> Result<Vec<Recipient>, Error> {
        let query = sqlx::query_as(
            "SELECT account.*, COALESCE(notices, 'digest') AS notices FROM account
             LEFT JOIN preference ON preference.account = account.id
             WHERE account.state = 'active'
               AND account.id IN (SELECT owner FROM submission WHERE path = $1 AND state = 'published')
             ORDER BY account.id",
        );
        query.bind(path).fetch_all(&mut *self.transaction).await
    }

    /// The active accounts of a unit with what they want to be told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recipients_of(&mut self, unit: &str) -> Result<Vec<Recipient>, Error> {
        let query = sqlx::query_as(
            "SELECT account.*, COALESCE(notices, 'digest') AS notices FROM account
             LEFT JOIN preference ON preference.account = account.id
             WHERE account.unit = $1 AND account.state = 'active' ORDER BY account.id",
        );
        query.bind(unit).fetch_all(&mut *self.transaction).await
    }

    /// Sets which notices an account wants and where it can be reached.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_notices(
        &mut self,
        account: &str,
        notices: Notices,
        email: Option<&str>,
    ) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO preference (account, notices) VALUES ($1, $2)
             ON CONFLICT (account) DO UPDATE SET notices = $2",
        );
        query
            .bind(account)
            .bind(notices.name())
            .execute(&mut *self.transaction)
            .await?;
        let query = sqlx::query("UPDATE account SET email = $2 WHERE id = $1");
        let query = query.bind(account).bind(email.unwrap_or_default());
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Adds a link beside those that hold, for the mail that carries it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_invitation(&mut self, token: &str, account: &str, expires_at: i64) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO invitation (token, account, expires_at, used_at) VALUES ($1, $2, $3, 0)",
        );
        let query = query.bind(token).bind(account).bind(expires_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Notes that the holder is reminded; tells whether it was not before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remind(&mut self, row: &Row, phase: Phase, at: i64) -> Result<bool, Error> {
        let query = sqlx::query(
            "INSERT INTO reminder (submission, state_at, phase, holder, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (submission, state_at, phase) DO NOTHING",
        );
        let query = query.bind(&*row.id).bind(row.state_at).bind(phase.name());
        let query = query.bind(row.holder.or_empty()).bind(at);
        Ok(query.execute(&mut *self.transaction).await?.rows_affected() == 1)
    }
}

//! The robots in units' groups, and what they are to be told.

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::{Change, Error, JobKind, Store};
use crate::domain::submission::State;
use crate::domain::webhook::Provider;

row! {
    /// The robot in a unit's group. Address and secret are for no log: it cannot be printed.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Webhook {
        /// The unit.
        pub unit: String,
        /// Whose robot it is.
        pub provider: Provider as String,
        /// With the robot's key in it.
        pub url: String,
        /// For signing.
        pub secret: Option<String> as OrNone<String>,
        /// The account that set it.
        pub made_by: String,
        /// Milliseconds since 1970.
        pub made_at: i64,
    }
}

row! {
    /// What a robot is to be told.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct WebhookMessage {
        /// Its id.
        pub id: String,
        /// The unit whose robot it is.
        pub unit: String,
        /// What it is about.
        pub submission: String,
        /// The state that it came to.
        pub state: State as String,
        /// Milliseconds since 1970.
        pub at: i64,
    }
}

impl Store {
    /// The robot of a unit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhook(&self, unit: &str) -> Result<Option<Webhook>, Error> {
        let query = sqlx::query_as("SELECT * FROM webhook WHERE unit = $1");
        query.bind(unit).fetch_optional(&self.pool).await
    }

    /// What a robot is to be told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhook_message(&self, id: &str) -> Result<Option<WebhookMessage>, Error> {
        let query = sqlx::query_as("SELECT * FROM webhook_message WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }
}

impl Change<'_> {
    /// Whether a unit has a robot.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_webhook(&mut self, unit: &str) -> Result<bool, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM webhook WHERE unit = $1");
        let count: i64 = query.bind(unit).fetch_one(&mut *self.transaction).await?;
        Ok(count > 0)
    }

    /// Sets the robot of a unit, in the place of the one before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_webhook(&mut self, webhook: &Webhook) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO webhook (unit, provider, url, secret, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (unit) DO UPDATE SET provider = excluded.provider, url = excluded.url,
             secret = excluded.secret, made_by = excluded.made_by, made_at = excluded.made_at",
        );
        let query = query
            .bind(&*webhook.unit)
            .bind(webhook.provider.name())
            .bind(&*webhook.url);
        let query = query
            .bind(webhook.secret.or_empty())
            .bind(&*webhook.made_by)
            .bind(webhook.made_at);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Forgets the robot of a unit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_webhook(&mut self, unit: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM webhook WHERE unit = $1");
        let query = query.bind(unit);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Asks for a robot to be told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tell_webhook(&mut self, message: &WebhookMessage) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO webhook_message (id, unit, submission, state, at) VALUES ($1, $2, $3, $4, $5)",
        );
        let query = query
            .bind(&*message.id)
            .bind(&*message.unit)
            .bind(&*message.submission);
        let query = query.bind(message.state.name()).bind(message.at);
        query.execute(&mut *self.transaction).await?;
        self.enqueue(JobKind::Webhook, &message.id, "", message.at)
            .await
            .map(|_| ())
    }
}

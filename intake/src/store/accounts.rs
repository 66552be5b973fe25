//! Accounts and the links that open them.

use super::none::{OrEmpty as _, OrNone};
use super::row::row;
use super::{Change, Error, Store};
use crate::domain::account::AccountState;
use crate::domain::role::Role;

row! {
    /// A person's account.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Account {
        /// Its id for ever.
        pub id: String,
        /// What its holder types to sign in.
        pub login: String,
        /// The person's name.
        pub name: String,
        /// The unit.
        pub unit: String,
        role: Role as String,
        /// Mobile number; seen by the admins above alone.
        pub phone: Option<String> as OrNone<String>,
        /// Mail address; seen by the admins above alone.
        pub email: Option<String> as OrNone<String>,
        /// PHC string of the password; `None` until the invitation was accepted.
        pub password: Option<String> as OrNone<String>,
        /// Whether it can be used.
        pub state: AccountState as String,
        /// Milliseconds since 1970.
        pub created_at: i64,
        /// What the person is in the unit, as rosters say it.
        pub position: Option<String> as OrNone<String>,
        /// Secret of one-time passwords in Base32.
        pub totp: Option<String> as OrNone<String>,
        /// Step of the last one-time password that was taken.
        pub totp_step: i64,
    }
}

impl Account {
    /// A new account without a password.
    pub fn new(id: String, login: &str, name: &str, unit: &str, role: Role, at: i64) -> Self {
        Self {
            id,
            login: login.to_owned(),
            name: name.to_owned(),
            unit: unit.to_owned(),
            role,
            phone: None,
            email: None,
            password: None,
            state: AccountState::Active,
            created_at: at,
            position: None,
            totp: None,
            totp_step: 0,
        }
    }

    /// What it is there for.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Gives it another role.
    pub fn appoint(&mut self, role: Role) {
        self.role = role;
    }

    /// What the audit log calls it.
    pub fn subject(&self) -> String {
        format!("account/{}", self.id)
    }

    /// Whether it waits for an admin to confirm it.
    pub fn is_pending(&self) -> bool {
        self.state == AccountState::Pending
    }

    /// Whether an admin has suspended it.
    pub fn is_suspended(&self) -> bool {
        self.state == AccountState::Suspended
    }

    /// Whether its holder may sign in.
    pub fn is_active(&self) -> bool {
        self.state == AccountState::Active
    }
}

impl Store {
    /// The account of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account(&self, id: &str) -> Result<Option<Account>, Error> {
        let query = sqlx::query_as("SELECT * FROM account WHERE id = $1");
        query.bind(id).fetch_optional(&self.pool).await
    }

    /// The account of a login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_of_login(&self, login: &str) -> Result<Option<Account>, Error> {
        let query = sqlx::query_as("SELECT * FROM account WHERE login = $1");
        query.bind(login).fetch_optional(&self.pool).await
    }

    /// Every account, by unit and name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        sqlx::query_as("SELECT * FROM account ORDER BY unit, role, name, id")
            .fetch_all(&self.pool)
            .await
    }

    /// Every login that is taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn logins(&self) -> Result<Vec<String>, Error> {
        sqlx::query_scalar("SELECT login FROM account ORDER BY login")
            .fetch_all(&self.pool)
            .await
    }

    /// The account that a link opens, while the link holds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn invited(&self, token: &str, now: i64) -> Result<Option<Account>, Error> {
        let query = sqlx::query_as(
            "SELECT account.* FROM account JOIN invitation ON invitation.account = account.id
             WHERE token = $1 AND used_at = 0 AND expires_at > $2 AND state = 'active'",
        );
        query.bind(token).bind(now).fetch_optional(&self.pool).await
    }
}

impl Change<'_> {
    /// The account of an id, as it is within this transaction.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account(&mut self, id: &str) -> Result<Option<Account>, Error> {
        let query = sqlx::query_as("SELECT * FROM account WHERE id = $1");
        query.bind(id).fetch_optional(&mut *self.transaction).await
    }

    /// Whether a login is taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_login(&mut self, login: &str) -> Result<bool, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM account WHERE login = $1");
        let found: i64 = query.bind(login).fetch_one(&mut *self.transaction).await?;
        Ok(found > 0)
    }

    /// How many accounts of a unit wait to be confirmed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pending_accounts(&mut self, unit: &str) -> Result<i64, Error> {
        let query = sqlx::query_scalar("SELECT COUNT(*) FROM account WHERE unit = $1 AND state = 'pending'");
        query.bind(unit).fetch_one(&mut *self.transaction).await
    }

    /// Adds an account.
    ///
    /// # Errors
    /// When the login is taken.
    pub async fn add_account(&mut self, account: &Account) -> Result<(), Error> {
        let query = sqlx::query(
            "INSERT INTO account (id, login, name, unit, role, phone, email, password, state, created_at,
             position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        );
        let query = query
            .bind(&*account.id)
            .bind(&*account.login)
            .bind(&*account.name);
        let query = query
            .bind(&*account.unit)
            .bind(account.role.name())
            .bind(account.phone.or_empty());
        let query = query
            .bind(account.email.or_empty())
            .bind(account.password.or_empty())
            .bind(account.state.name());
        query
            .bind(account.created_at)
            .bind(account.position.or_empty())
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Writes name, role, mobile number and mail address of an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn amend_account(&mut self, account: &Account) -> Result<(), Error> {
        let query =
            sqlx::query("UPDATE account SET name = $2, role = $3, phone = $4, email = $5 WHERE id = $1");
        let query = query
            .bind(&*account.id)
            .bind(&*account.name)
            .bind(account.role.name());
        query
            .bind(account.phone.or_empty())
            .bind(account.email.or_empty())
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Sets a password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_password(&mut self, account: &str, password: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE account SET password = $2 WHERE id = $1");
        query
            .bind(account)
            .bind(password)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Sets the state of an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_account_state(&mut self, account: &str, state: AccountState) -> Result<(), Error> {
        let query = sqlx::query("UPDATE account SET state = $2 WHERE id = $1");
        query
            .bind(account)
            .bind(state.name())
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Leaves what an account was reviewing to its colleagues, and ends it as a deputy and its own deputies. Gives the
    /// submissions that wait for somebody else now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn release(&mut self, account: &str, now: i64) -> Result<Vec<String>, Error> {
        let query = sqlx::query_scalar(
            "UPDATE submission SET reviewer = '', round = round + 1 WHERE reviewer = $1 AND state = 'in-review'
             RETURNING id",
        );
        let released = query.bind(account).fetch_all(&mut *self.transaction).await?;
        let query = sqlx::query(
            "UPDATE deputy SET ends_at = $2 WHERE ends_at > $2 AND (deputy.deputy = $1 OR principal = $1)",
        );
        let query = query.bind(account).bind(now);
        query.execute(&mut *self.transaction).await?;
        Ok(released)
    }

    /// Gives the open submissions of an account to another of the unit, and says which they are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hand_over(&mut self, from: &str, to: &str) -> Result<Vec<String>, Error> {
        let query = sqlx::query_scalar(
            "UPDATE submission SET owner = $2, round = round + 1 WHERE owner = $1
             AND state NOT IN ('published', 'withdrawn', 'rejected') RETURNING id",
        );
        let handed = query
            .bind(from)
            .bind(to)
            .fetch_all(&mut *self.transaction)
            .await?;
        let query = sqlx::query("UPDATE upload SET owner = $2 WHERE owner = $1");
        query.bind(from).bind(to).execute(&mut *self.transaction).await?;
        Ok(handed)
    }

    /// Ends every link that opens an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_invitations(&mut self, account: &str, now: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE invitation SET used_at = $2 WHERE account = $1 AND used_at = 0");
        let query = query.bind(account).bind(now);
        query.execute(&mut *self.transaction).await.map(|_| ())
    }

    /// Adds a link; those before it for the same account end.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn invite(
        &mut self,
        token: &str,
        account: &str,
        now: i64,
        expires_at: i64,
    ) -> Result<(), Error> {
        self.end_invitations(account, now).await?;
        let query = sqlx::query(
            "INSERT INTO invitation (token, account, expires_at, used_at) VALUES ($1, $2, $3, 0)",
        );
        query
            .bind(token)
            .bind(account)
            .bind(expires_at)
            .execute(&mut *self.transaction)
            .await
            .map(|_| ())
    }

    /// Ends a link and all others to the same account; tells whether it held until now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn use_invitation(&mut self, token: &str, now: i64) -> Result<bool, Error> {
        let query = sqlx::query(
            "UPDATE invitation SET used_at = $2 WHERE token = $1 AND used_at = 0 AND expires_at > $2",
        );
        let done = query
            .bind(token)
            .bind(now)
            .execute(&mut *self.transaction)
            .await?;
        let held = done.rows_affected() == 1;
        if held {
            let query = sqlx::query(
                "UPDATE invitation SET used_at = $2 WHERE used_at = 0
                 AND account = (SELECT account FROM invitation WHERE token = $1)",
            );
            let query = query.bind(token).bind(now);
            query.execute(&mut *self.transaction).await?;
        }
        Ok(held)
    }
}

//! One's own account: its password, its notices, and the link that opens it.

use super::actor::{Actor, event_of};
use super::guesses::{self, Place};
use super::sessions::{self, Begun};
use super::{Error, passwords};
use crate::app::App;
use crate::domain::address::is_address;
use crate::domain::notices::Notices;
use crate::domain::password;
use crate::store::{Account, Session};
use crate::{clock, ids};

/// A new password as it was typed, twice.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The password.
    pub password: &'a str,
    /// The same once more.
    pub again: &'a str,
}

impl Wanted<'_> {
    /// Refuses a password that was typed in two ways or is easily guessed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn must_do(self, login: &str) -> Result<(), Error> {
        if self.password != self.again {
            return Err(Error::invalid("account.differ"));
        }
        password::problem(self.password, login).map_or(Ok(()), |key| Err(Error::invalid(key)))
    }
}

/// Changes the actor's password: whoever else knows the old one is out.
///
/// # Errors
/// The old password is wrong, or the new one is not taken.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    (session, place): (&Session, Place<'_>),
    old: &str,
    wanted: Wanted<'_>,
) -> Result<(), Error> {
    passwords::must_be_theirs(app, &actor.account, old, place).await?;
    wanted.must_do(&actor.account.login)?;
    let hash = passwords::hash(app, wanted.password).await?;
    let mut change = app.store.change().await?;
    change.set_password(&actor.account.id, &hash).await?;
    change.end_sessions(&actor.account.id).await?;
    change.add_session(session).await?;
    guesses::begin_anew(&mut change, &actor.account, place, clock::now()).await?;
    change
        .record(&actor.event("password", &actor.account.subject(), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Sets where the actor is reached by mail, if at all, and with what.
///
/// # Errors
/// The address is none.
pub async fn set_notices(
    app: &App,
    actor: &Actor,
    email: Option<&str>,
    notices: Notices,
) -> Result<(), Error> {
    if email.is_some_and(|email| !is_address(email)) {
        return Err(Error::invalid("account.bad-email"));
    }
    let mut change = app.store.change().await?;
    change.set_notices(&actor.account.id, notices, email).await?;
    change
        .record(&actor.event("notices", &actor.account.subject(), notices.name()))
        .await?;
    change.commit().await?;
    Ok(())
}

/// The account that a link opens.
///
/// # Errors
/// The link holds no more.
pub async fn invited(app: &App, secret: &str) -> Result<Account, Error> {
    let account = app.store.invited(&ids::fingerprint(secret), clock::now()).await?;
    account.ok_or_else(|| Error::invalid("wrong.link"))
}

/// Sets the password of an account by a link, and signs its holder in. Returns `None` if there is a second step, for
/// which a link does not stand.
///
/// # Errors
/// The link holds no more, or the password is not taken.
pub async fn open(
    app: &App,
    secret: &str,
    wanted: Wanted<'_>,
    place: Place<'_>,
) -> Result<Option<Begun>, Error> {
    let account = invited(app, secret).await?;
    wanted.must_do(&account.login)?;
    let hash = passwords::hash(app, wanted.password).await?;
    let now = clock::now();
    let mut change = app.store.change().await?;
    if !change.use_invitation(&ids::fingerprint(secret), now).await? {
        return Err(Error::invalid("wrong.link"));
    }
    change.set_password(&account.id, &hash).await?;
    change.end_sessions(&account.id).await?;
    guesses::begin_anew(&mut change, &account, place, now).await?;
    change.record(&event_of(&account, "opened", now)).await?;
    let begun = match account.totp {
        Some(_) => None,
        None => Some(sessions::begin(app, &mut change, &account, place, now).await?),
    };
    change.commit().await?;
    Ok(begun)
}

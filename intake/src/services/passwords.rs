//! Hashing passwords beside the threads that answer requests, few at once: each takes 19 MB.

use super::Error;
use super::guesses::{self, Place};
use crate::app::App;
use crate::clock;
use crate::domain::guessing::Secret;
use crate::domain::password;
use crate::identity::passwords;
use crate::store::Account;

/// The PHC string of a password.
///
/// # Errors
/// When the server stops.
pub(super) async fn hash(app: &App, password: &str) -> Result<String, Error> {
    let _permit = app.hashing.acquire().await?;
    let password = password.to_owned();
    Ok(tokio::task::spawn_blocking(move || passwords::hash(&password)).await?)
}

/// Whether a password is the one of a PHC string. An account that has none, or is none, takes as long to say so.
///
/// # Errors
/// When the server stops.
pub(super) async fn verify(app: &App, given: &str, hash: Option<String>) -> Result<bool, Error> {
    if given.len() > password::LONGEST {
        return Ok(false);
    }
    let _permit = app.hashing.acquire().await?;
    let given = given.to_owned();
    let verified = tokio::task::spawn_blocking(move || passwords::verify(&given, hash.as_deref()));
    Ok(verified.await?)
}

/// Refuses unless a password is an account's. It is a guess like one at sign-in.
///
/// # Errors
/// It is not, or there were too many guesses.
pub(super) async fn must_be_theirs(
    app: &App,
    account: &Account,
    given: &str,
    place: Place<'_>,
) -> Result<(), Error> {
    let whose = (account.login.as_str(), Some(account));
    let guess = guesses::begin(app, Secret::Password, whose, place).await?;
    let guess = guess.ok_or_else(|| Error::invalid("sign_in.later"))?;
    let is_right = verify(app, given, account.password.clone()).await?;
    let mut change = app.store.change().await?;
    if is_right {
        guesses::hit(&mut change, &guess).await?;
    } else {
        guesses::missed(&mut change, &guess, Some(account), clock::now()).await?;
    }
    change.commit().await?;
    if is_right {
        Ok(())
    } else {
        Err(Error::invalid("account.old-wrong"))
    }
}

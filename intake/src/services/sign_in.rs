//! Signing in: with a password, and then with a code where there is a second step.

use super::actor::event_of;
use super::guesses::{self, Place};
use super::sessions::{self, Begun};
use super::{Error, passwords, totp};
use crate::app::App;
use crate::domain::guessing::Secret;
use crate::store::{self, Account, Change};
use crate::{clock, ids};

/// How long the second step is awaited.
const CODE_MILLISECONDS: i64 = 300_000;

/// What a right password leads to.
#[derive(Debug)]
pub enum Step {
    /// Somebody is signed in.
    In(Box<Account>, Box<Begun>),
    /// A code is awaited with this secret.
    Code(String),
}

/// Signs somebody in with a password, or asks for the second step. A login that nobody has takes as long as a wrong
/// password and is answered alike.
///
/// # Errors
/// [`super::Kind::Forbidden`] with the key of a text that says why.
pub async fn with_password(app: &App, login: &str, given: &str, place: Place<'_>) -> Result<Step, Error> {
    let account = app.store.account_of_login(login).await?;
    let account = account.filter(|account| account.is_active() || account.is_pending());
    let whose = (login, account.as_ref());
    let guess = guesses::begin(app, Secret::Password, whose, place).await?;
    let guess = guess.ok_or_else(|| Error::forbidden("sign_in.later"))?;
    let hash = account.as_ref().and_then(|account| account.password.clone());
    let is_right = passwords::verify(app, given, hash).await?;
    let now = clock::now();
    let mut change = app.store.change().await?;
    let theirs = match account.as_ref().filter(|_| is_right) {
        Some(account) => unchanged(&mut change, account).await?,
        None => None,
    };
    let Some(theirs) = theirs else {
        guesses::missed(&mut change, &guess, account.as_ref(), now).await?;
        change.commit().await?;
        return Err(Error::forbidden("sign_in.wrong"));
    };
    guesses::hit(&mut change, &guess).await?;
    if theirs.is_pending() {
        change.commit().await?;
        return Err(Error::forbidden("sign_in.pending"));
    }
    if theirs.totp.is_some() {
        let token = ids::secret();
        let ends_at = now + CODE_MILLISECONDS;
        change
            .challenge(&ids::fingerprint(&token), &theirs.id, now, ends_at)
            .await?;
        change.record(&event_of(&theirs, "password-right", now)).await?;
        change.commit().await?;
        return Ok(Step::Code(token));
    }
    let begun = sessions::begin(app, &mut change, &theirs, place, now).await?;
    change.record(&event_of(&theirs, "sign-in", now)).await?;
    change.commit().await?;
    Ok(Step::In(Box::new(theirs), Box::new(begun)))
}

/// An account as it is now. Returns `None` if it was closed or has another password than a moment ago.
async fn unchanged(change: &mut Change<'_>, account: &Account) -> Result<Option<Account>, store::Error> {
    let now = change.account(&account.id).await?;
    Ok(now.filter(|now| now.password == account.password && now.state == account.state))
}

/// Signs somebody in whose password was right, with a one-time password or a recovery code. They are guesses as passwords
/// are, and counted by themselves: a right password buys no more of them.
///
/// # Errors
/// [`super::Kind::Invalid`] when it was awaited too long; [`super::Kind::Forbidden`] with the key of a text that says why.
pub async fn with_code(
    app: &App,
    token: &str,
    code: &str,
    place: Place<'_>,
) -> Result<(Account, Begun), Error> {
    let (kept, now) = (ids::fingerprint(token), clock::now());
    let mut change = app.store.change().await?;
    // Read within the turn: guesses that come side by side are counted one after another.
    let account = app.store.challenged(&kept, now).await?;
    let account = account.ok_or_else(|| Error::invalid("totp.step_gone"))?;
    let whose = (account.login.as_str(), Some(&account));
    let guess = guesses::count(&mut change, Secret::Code, whose, place, now).await?;
    let guess = guess.ok_or_else(|| Error::forbidden("sign_in.later"))?;
    let Some(word) = totp::take(&mut change, &account, code, now).await? else {
        guesses::missed(&mut change, &guess, Some(&account), now).await?;
        change.commit().await?;
        return Err(Error::forbidden("totp.wrong"));
    };
    guesses::hit(&mut change, &guess).await?;
    change.end_challenge(&kept).await?;
    let begun = sessions::begin(app, &mut change, &account, place, now).await?;
    change.record(&event_of(&account, word, now)).await?;
    change.commit().await?;
    Ok((account, begun))
}

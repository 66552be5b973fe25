//! Signing in: with a password, and then with a code where there is a second step.

use super::sessions::{self, Begun};
use super::{Error, passwords, totp};
use crate::app::App;
use crate::domain::audit::Event;
use crate::domain::password;
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

/// Signs somebody in with a password, or asks for the second step. An unknown login takes as long as a wrong password
/// and is answered alike.
///
/// # Errors
/// [`super::Kind::Forbidden`] with the key of a text that says why.
pub async fn with_password(app: &App, login: &str, given: &str, agent: &str) -> Result<Step, Error> {
    let account = app.store.account_of_login(login).await?;
    let account = account.filter(|account| account.is_active() || account.is_pending());
    let now = clock::now();
    let refused_until = account.as_ref().and_then(|account| account.refused_until);
    if refused_until > Some(now) {
        return Err(Error::forbidden("sign_in.later"));
    }
    let hash = account.as_ref().and_then(|account| account.password.clone());
    let is_right = passwords::verify(app, given, hash).await?;
    let Some(account) = account else {
        return Err(Error::forbidden("sign_in.wrong"));
    };
    let mut change = app.store.change().await?;
    if !is_right {
        fail(&mut change, &account, now).await?;
        change.record(&event(&account, "sign-in-failed", now)).await?;
        change.commit().await?;
        return Err(Error::forbidden("sign_in.wrong"));
    }
    if account.is_pending() {
        return Err(Error::forbidden("sign_in.pending"));
    }
    if account.totp.is_some() {
        // Failures stay until the second step: else each right password would buy more guesses at it.
        let token = ids::secret();
        let ends_at = now + CODE_MILLISECONDS;
        change
            .challenge(&ids::fingerprint(&token), &account.id, now, ends_at)
            .await?;
        change.record(&event(&account, "password-right", now)).await?;
        change.commit().await?;
        return Ok(Step::Code(token));
    }
    change.set_failures(&account.id, 0, None).await?;
    let begun = sessions::begin(app, &mut change, &account, agent, now).await?;
    change.record(&event(&account, "sign-in", now)).await?;
    change.commit().await?;
    Ok(Step::In(Box::new(account), Box::new(begun)))
}

/// Signs somebody in whose password was right, with a one-time password or a recovery code. Wrong ones count as wrong
/// passwords do.
///
/// # Errors
/// [`super::Kind::Invalid`] when it was awaited too long; [`super::Kind::Forbidden`] with the key of a text that says why.
pub async fn with_code(app: &App, token: &str, code: &str, agent: &str) -> Result<(Account, Begun), Error> {
    let (kept, now) = (ids::fingerprint(token), clock::now());
    let mut change = app.store.change().await?;
    // Read within the turn: guesses that come side by side are counted one after another.
    let account = app.store.challenged(&kept, now).await?;
    let account = account.ok_or_else(|| Error::invalid("totp.step_gone"))?;
    if account.refused_until > Some(now) {
        return Err(Error::forbidden("sign_in.later"));
    }
    let Some(word) = totp::take(&mut change, &account, code, now).await? else {
        fail(&mut change, &account, now).await?;
        change.record(&event(&account, "sign-in-failed", now)).await?;
        change.commit().await?;
        return Err(Error::forbidden("totp.wrong"));
    };
    change.set_failures(&account.id, 0, None).await?;
    change.end_challenge(&kept).await?;
    let begun = sessions::begin(app, &mut change, &account, agent, now).await?;
    change.record(&event(&account, word, now)).await?;
    change.commit().await?;
    Ok((account, begun))
}

/// Counts a wrong password or one-time password; many in a row begin a delay.
async fn fail(change: &mut Change<'_>, account: &Account, now: i64) -> Result<(), store::Error> {
    let failures = account.failures + 1;
    let refused_until = match password::delay(failures) {
        0 => None,
        seconds => Some(now + seconds * 1000),
    };
    change.set_failures(&account.id, failures, refused_until).await
}

/// Something that happened to an account whose holder is not signed in.
pub(super) fn event(account: &Account, action: &str, now: i64) -> Event {
    Event {
        at: now,
        actor: Some(account.id.clone()),
        action: action.to_owned(),
        subject: account.subject(),
        detail: String::new(),
    }
}

//! The second step of signing in: begun, its recovery codes, ended, taken.

use super::actor::Actor;
use super::guesses::Place;
use super::{Error, Kind, passwords};
use crate::app::App;
use crate::identity::totp;
use crate::store::{self, Account, Change, Session};
use crate::{clock, ids};

/// Whether the settings ask an account's role for the second step.
pub fn is_required(app: &App, account: &Account) -> bool {
    app.config.sessions.totp_roles.contains(&account.role())
}

/// Recovery codes for showing, and their hashes for keeping: 60 random bits each, which no salt or slow hash need guard.
fn new_codes() -> (Vec<String>, Vec<String>) {
    let codes: Vec<String> = std::iter::repeat_with(ids::name).take(totp::RECOVERY).collect();
    let kept = codes.iter().map(|code| ids::fingerprint(code)).collect();
    let shown = codes
        .iter()
        .map(|code| format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]));
    (shown.collect(), kept)
}

/// Begins the second step once an app shows that it has the secret, and ends the actor's other sessions, which began
/// without it; gives the recovery codes. Whoever only found the browser open does not know the password.
///
/// # Errors
/// [`Kind::NotNow`] when it is begun already; a secret that is none, a code that is not of it, or a wrong password.
pub async fn begin(
    app: &App,
    actor: &Actor,
    session: &Session,
    (secret, code): (&str, &str),
    (password, place): (&str, Place<'_>),
) -> Result<Vec<String>, Error> {
    if actor.account.totp.is_some() {
        return Err(Kind::NotNow.into());
    }
    let bytes = totp::secret(secret).ok_or_else(|| Error::invalid("wrong.form"))?;
    let step = totp::step_of(&bytes, &totp::typed(code), clock::now(), 0);
    let step = step.ok_or_else(|| Error::invalid("totp.wrong"))?;
    passwords::must_be_theirs(app, &actor.account, password, place).await?;
    let (codes, kept) = new_codes();
    let mut change = app.store.change().await?;
    change.end_sessions(&actor.account.id).await?;
    change.add_session(session).await?;
    change.set_totp(&actor.account.id, Some(secret), step).await?;
    change.set_recovery(&actor.account.id, &kept).await?;
    note(change, actor, "totp-begun").await?;
    Ok(codes)
}

/// Gives new recovery codes in the place of the old ones.
///
/// # Errors
/// [`Kind::NotNow`] when there is no second step; a wrong password.
pub async fn codes(
    app: &App,
    actor: &Actor,
    (password, place): (&str, Place<'_>),
) -> Result<Vec<String>, Error> {
    if actor.account.totp.is_none() {
        return Err(Kind::NotNow.into());
    }
    passwords::must_be_theirs(app, &actor.account, password, place).await?;
    let (codes, kept) = new_codes();
    let mut change = app.store.change().await?;
    change.set_recovery(&actor.account.id, &kept).await?;
    note(change, actor, "totp-codes").await?;
    Ok(codes)
}

/// Ends the second step, and the actor's other sessions.
///
/// # Errors
/// [`Kind::NotNow`] when there is none, or the actor's role must have it; a wrong password.
pub async fn end(
    app: &App,
    actor: &Actor,
    session: &Session,
    (password, place): (&str, Place<'_>),
) -> Result<(), Error> {
    if actor.account.totp.is_none() || is_required(app, &actor.account) {
        return Err(Kind::NotNow.into());
    }
    passwords::must_be_theirs(app, &actor.account, password, place).await?;
    let mut change = app.store.change().await?;
    change.end_sessions(&actor.account.id).await?;
    change.add_session(session).await?;
    change.set_totp(&actor.account.id, None, 0).await?;
    note(change, actor, "totp-ended").await
}

/// Notes what the actor did, and makes it happen.
async fn note(mut change: Change<'_>, actor: &Actor, action: &str) -> Result<(), Error> {
    change
        .record(&actor.event(action, &actor.account.subject(), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Uses up what was given for the second step: a one-time password or a recovery code. Gives the word for the log.
/// Returns `None` if it was neither.
pub(super) async fn take(
    change: &mut Change<'_>,
    account: &Account,
    given: &str,
    now: i64,
) -> Result<Option<&'static str>, store::Error> {
    let given = totp::typed(given);
    let secret = account.totp.as_deref().and_then(totp::secret);
    let step = secret.and_then(|secret| totp::step_of(&secret, &given, now, account.totp_step));
    if let Some(step) = step {
        // Within the transaction, where only one of two requests with the same password comes first.
        return Ok(change.use_step(&account.id, step).await?.then_some("sign-in"));
    }
    let used = change
        .use_recovery(&account.id, &ids::fingerprint(&given), now)
        .await?;
    Ok(used.then_some("sign-in-recovery"))
}

//! Guesses at passwords and codes: each is counted before it is looked at, so that of many at once no more are taken than of
//! many one after another. Whoever guesses is slowed down, and nobody else: a browser or a network from which somebody signed
//! in before has a count of its own, which strangers do not add to. A login that nobody has is counted as one that somebody
//! has.

use super::actor::event_of;
use crate::app::App;
use crate::domain::guessing::{FORGOTTEN_AFTER, KNOWN_FOR, KNOWN_PLACES, Secret, is_noted, pause_of_place};
use crate::store::{self, Account, Change};
use crate::{clock, ids};

/// Most counts of what anybody can have counted, logins that nobody has among them.
const MOST: i64 = 20_000;

/// Where a guess comes from.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The network of the browser, as text.
    pub network: &'a str,
    /// What the browser was given at an earlier sign-in. Anybody can send anything.
    pub device: Option<&'a str>,
    /// What the browser calls itself.
    pub agent: &'a str,
}

/// A guess that was counted.
#[derive(Debug)]
pub(super) struct Guess {
    /// The key of the count of this place.
    own: String,
    /// The key of the count of all strangers. `None` for a place that the account is known from.
    all: Option<String>,
}

/// A network or device as an account keeps it: nobody reads the one or the other out of it.
fn kept(account: &str, place: &str) -> String {
    ids::fingerprint(&format!("{account}\n{place}"))
}

/// Whether somebody signed in to an account from a network or device.
async fn is_known(
    change: &mut Change<'_>,
    account: &str,
    place: &str,
    now: i64,
) -> Result<bool, store::Error> {
    change
        .knows_place(account, &kept(account, place), now - KNOWN_FOR)
        .await
}

/// The browser's device, if somebody signed in to an account with it.
async fn known_device<'p>(
    change: &mut Change<'_>,
    account: &str,
    place: Place<'p>,
    now: i64,
) -> Result<Option<&'p str>, store::Error> {
    Ok(match place.device {
        Some(device) if is_known(change, account, device, now).await? => Some(device),
        _ => None,
    })
}

/// Notes that somebody is signed in to an account from a network or device.
async fn note(change: &mut Change<'_>, account: &str, place: &str, now: i64) -> Result<(), store::Error> {
    change
        .know_place(account, &kept(account, place), now, KNOWN_PLACES)
        .await
}

/// The key of a count. The login is not kept: people type passwords in its place.
fn key(secret: Secret, login: &str, place: &str) -> String {
    ids::fingerprint(&format!("{}\n{login}\n{place}", secret.name()))
}

/// Counts a guess before it is looked at, in a transaction of its own. Returns `None` if it comes too early.
pub(super) async fn begin(
    app: &App,
    secret: Secret,
    whose: (&str, Option<&Account>),
    place: Place<'_>,
) -> Result<Option<Guess>, store::Error> {
    let mut change = app.store.change().await?;
    let guess = count(&mut change, secret, whose, place, clock::now()).await?;
    if guess.is_some() {
        change.commit().await?;
    }
    Ok(guess)
}

/// Counts a guess at the secret of a login. Returns `None` if it comes too early; then nothing must be committed.
pub(super) async fn count(
    change: &mut Change<'_>,
    secret: Secret,
    (login, account): (&str, Option<&Account>),
    place: Place<'_>,
    now: i64,
) -> Result<Option<Guess>, store::Error> {
    // Asked for a login that nobody has too: the answers take as long.
    let id = account.map_or("", |account| &account.id);
    let device = known_device(change, id, place, now).await?;
    let is_known = device.is_some() || is_known(change, id, place.network, now).await?;
    let guess = Guess {
        own: key(secret, login, device.unwrap_or(place.network)),
        all: (!is_known).then(|| key(secret, login, "")),
    };
    let forgotten = now - FORGOTTEN_AFTER;
    if let Some(all) = &guess.all {
        let is_kept = account.is_some();
        let Some(count) = change.count_attempt(all, now, forgotten, is_kept).await? else {
            return Ok(None);
        };
        pause(change, all, now, secret.pause_of_strangers(count)).await?;
    }
    let Some(count) = change.count_attempt(&guess.own, now, forgotten, is_known).await? else {
        return Ok(None);
    };
    pause(change, &guess.own, now, pause_of_place(count)).await?;
    if count == 1 {
        change.tidy_attempts(forgotten, MOST).await?;
    }
    Ok(Some(guess))
}

async fn pause(change: &mut Change<'_>, key: &str, now: i64, pause: i64) -> Result<(), store::Error> {
    if pause > 0 {
        change.refuse_attempts(key, now + pause).await?;
    }
    Ok(())
}

/// Notes that a guess was wrong, ever more rarely in the log. As much is written for a login that nobody has.
pub(super) async fn missed(
    change: &mut Change<'_>,
    guess: &Guess,
    account: Option<&Account>,
    now: i64,
) -> Result<(), store::Error> {
    let wrong = change
        .count_wrong(guess.all.as_ref().unwrap_or(&guess.own))
        .await?;
    if let (Some(account), Some(wrong)) = (account, wrong.filter(|wrong| is_noted(*wrong))) {
        let mut event = event_of(account, "sign-in-failed", now);
        event.detail = wrong.to_string();
        change.record(&event).await?;
    }
    Ok(())
}

/// Notes that a guess was right: this place begins anew. What strangers did together stays counted.
pub(super) async fn hit(change: &mut Change<'_>, guess: &Guess) -> Result<(), store::Error> {
    change.forget_attempts(&guess.own).await
}

/// Notes that somebody is signed in to an account at a place. Gives what the browser is to keep, by which it is known
/// among all others of its network.
pub(super) async fn know(
    change: &mut Change<'_>,
    account: &Account,
    place: Place<'_>,
    now: i64,
) -> Result<String, store::Error> {
    let device = known_device(change, &account.id, place, now).await?;
    let device = device.map_or_else(ids::secret, str::to_owned);
    for known in [place.network, &device] {
        note(change, &account.id, known, now).await?;
    }
    Ok(device)
}

/// Begins anew for an account with another password: it is known from where it was set, and no guess was made there.
pub(super) async fn begin_anew(
    change: &mut Change<'_>,
    account: &Account,
    place: Place<'_>,
    now: i64,
) -> Result<(), store::Error> {
    let device = known_device(change, &account.id, place, now).await?;
    change.forget_places(&account.id).await?;
    for known in [Some(place.network), device].into_iter().flatten() {
        let own = key(Secret::Password, &account.login, known);
        change.forget_attempts(&own).await?;
        note(change, &account.id, known, now).await?;
    }
    Ok(())
}

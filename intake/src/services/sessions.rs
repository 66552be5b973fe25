//! Who is signed in, in which browser.

use super::Error;
use super::actor::Actor;
use super::guesses::{self, Place};
use crate::app::App;
use crate::store::{self, Account, Change, Session};
use crate::{clock, ids};

/// A session's last use is noted to a minute.
const NOTED_EVERY: i64 = 60_000;

/// Milliseconds by which clocks may differ, or be set back: what is later by more is not believed.
const AHEAD: i64 = 120_000;

/// A session that has just begun.
#[derive(Debug)]
pub struct Begun {
    /// What the cookie holds.
    pub secret: String,
    /// What the browser keeps when the session has ended.
    pub device: String,
    /// What is kept of it.
    pub session: Session,
}

/// Begins a session of a browser, whose place is known from now on, and forgets those that ended of themselves.
pub(super) async fn begin(
    app: &App,
    change: &mut Change<'_>,
    account: &Account,
    place: Place<'_>,
    now: i64,
) -> Result<Begun, store::Error> {
    let secret = ids::secret();
    let session = Session {
        token: ids::fingerprint(&secret),
        account: account.id.clone(),
        csrf: ids::secret(),
        agent: place.agent.to_owned(),
        created_at: now,
        seen_at: now,
    };
    let (longest, idle) = bounds(app);
    change
        .forget_sessions(now - longest, now - idle, now + AHEAD)
        .await?;
    change.add_session(&session).await?;
    let device = guesses::know(change, account, place, now).await?;
    Ok(Begun {
        secret,
        device,
        session,
    })
}

/// Milliseconds for which a session holds, and for which it holds without being used.
fn bounds(app: &App) -> (i64, i64) {
    let sessions = &app.config.sessions;
    (
        i64::from(sessions.longest_hours) * 3_600_000,
        i64::from(sessions.idle_minutes) * 60_000,
    )
}

/// Who is signed in with the secret of a cookie. Returns `None` if the session has ended.
///
/// # Errors
/// When the database does not answer.
pub async fn find(app: &App, secret: &str) -> Result<Option<(Actor, Session)>, Error> {
    let Some(session) = app.store.session(&ids::fingerprint(secret)).await? else {
        return Ok(None);
    };
    let (now, (longest, idle)) = (clock::now(), bounds(app));
    let has_ended = now - session.seen_at > idle || now - session.created_at > longest;
    // A clock was set back, or somebody wrote into the database: it would hold for longer than any.
    let is_of_future = session.created_at.max(session.seen_at) > now + AHEAD;
    if has_ended || is_of_future {
        return Ok(None);
    }
    let account = app.store.account(&session.account).await?;
    let Some(account) = account.filter(Account::is_active) else {
        return Ok(None);
    };
    if now - session.seen_at > NOTED_EVERY {
        let mut change = app.store.change().await?;
        change.touch_session(&session.token, now).await?;
        change.commit().await?;
    }
    Ok(Some((Actor::of(app, account).await?, session)))
}

/// Ends a session of the actor's: this one with the word `sign-out` for the log, another with `session-ended`.
async fn ends(app: &App, actor: &Actor, token: &str, word: &str) -> Result<(), Error> {
    let mut change = app.store.change().await?;
    change.end_session(&actor.account.id, token).await?;
    change
        .record(&actor.event(word, &actor.account.subject(), ""))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Signs the actor out.
///
/// # Errors
/// When the database does not answer.
pub async fn leave(app: &App, actor: &Actor, session: &Session) -> Result<(), Error> {
    ends(app, actor, &session.token, "sign-out").await
}

/// Ends a session of the actor's in another browser. Does nothing if it is somebody else's.
///
/// # Errors
/// When the database does not answer.
pub async fn end(app: &App, actor: &Actor, token: &str) -> Result<(), Error> {
    ends(app, actor, token, "session-ended").await
}

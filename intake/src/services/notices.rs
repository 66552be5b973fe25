//! Who is told of what. Notices are stored with what they tell of, in its transaction; a job writes them.

use crate::app::App;
use crate::domain::notices::Notices;
use crate::domain::rights::decides;
use crate::domain::submission::State;
use crate::ids;
use crate::mail::Kind;
use crate::store::{Account, Change, Error, Mail, Recipient, Submission};

/// Tells the author what became of a submission, and whoever is to decide next. `actor` is told nothing; it is empty
/// for the server itself.
///
/// # Errors
/// When the database does not answer.
pub async fn of_step(
    app: &App,
    change: &mut Change<'_>,
    submission: &Submission,
    state: State,
    actor: &str,
    said: &str,
    now: i64,
) -> Result<(), Error> {
    if app.mailer.is_none() {
        return Ok(());
    }
    if let Some(kind) = Kind::of_state(state).filter(|_| submission.owner != actor)
        && let Some(author) = change.recipient(&submission.owner).await?
        && wants(&author)
    {
        tell(change, &author.account, kind, &submission.id, said, now).await?;
    }
    if matches!(state, State::Submitted | State::Endorsed) {
        let about = (submission.holder.as_str(), submission.unit.as_str());
        let but = [actor, submission.owner.as_str()];
        at_once(app, change, about, but, state, (Kind::Work, &submission.id), now).await?;
    }
    Ok(())
}

/// Tells those of the holder who decide on a submission and want to know at once. `about` is the holder and the unit
/// that it is of; `but` are accounts that are not told.
///
/// # Errors
/// When the database does not answer.
pub async fn at_once(
    app: &App,
    change: &mut Change<'_>,
    (holder, unit): (&str, &str),
    but: [&str; 2],
    state: State,
    (kind, submission): (Kind, &str),
    now: i64,
) -> Result<(), Error> {
    if app.mailer.is_none() || holder.is_empty() {
        return Ok(());
    }
    for recipient in change.recipients_of(holder).await? {
        let account = &recipient.account;
        let is_asked =
            recipient.notices == Notices::AtOnce && wants(&recipient) && !but.contains(&&*account.id);
        let units = &app.portal.snapshot().units;
        if is_asked && decides(account.role(), holder, unit, state, units) {
            tell(change, account, kind, submission, "", now).await?;
        }
    }
    Ok(())
}

/// Tells somebody that a submission was given to them, unless they took it themselves.
///
/// # Errors
/// When the database does not answer.
pub async fn of_assignment(
    app: &App,
    change: &mut Change<'_>,
    reviewer: &str,
    actor: &str,
    submission: &str,
    now: i64,
) -> Result<(), Error> {
    if app.mailer.is_none() || reviewer == actor {
        return Ok(());
    }
    match change.recipient(reviewer).await? {
        Some(recipient) if wants(&recipient) => {
            tell(change, &recipient.account, Kind::Work, submission, "", now).await
        }
        _ => Ok(()),
    }
}

fn wants(recipient: &Recipient) -> bool {
    recipient.notices != Notices::None && !recipient.account.email.is_empty()
}

/// Mails the link that was shown to an admin to the account's holder too. `token` is the fingerprint of that link.
///
/// # Errors
/// When the database does not answer.
pub async fn of_link(
    app: &App,
    change: &mut Change<'_>,
    account: &Account,
    token: &str,
    now: i64,
) -> Result<(), Error> {
    if app.mailer.is_none() || account.email.is_empty() {
        return Ok(());
    }
    let kind = if account.password.is_none() {
        Kind::Invitation
    } else {
        Kind::Reset
    };
    tell(change, account, kind, token, "", now).await
}

async fn tell(
    change: &mut Change<'_>,
    account: &Account,
    kind: Kind,
    subject: &str,
    detail: &str,
    at: i64,
) -> Result<(), Error> {
    let mail = Mail {
        id: ids::name(),
        account: account.id.clone(),
        kind,
        subject: subject.to_owned(),
        detail: detail.chars().take(4000).collect(),
        at,
    };
    change.write(&mail).await
}

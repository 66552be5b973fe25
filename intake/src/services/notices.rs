//! Who is told of what. Notices are stored with what they tell of, in its transaction; a job writes them.

use std::collections::BTreeSet;

use crate::app::App;
use crate::clock;
use crate::domain::notices::Notices;
use crate::domain::rights::decides;
use crate::domain::submission::State;
use crate::domain::typed::filled;
use crate::ids;
use crate::mail::Kind;
use crate::store::{Account, Change, Error, Mail, Recipient, Submission};

/// Tells the author what became of a submission, and whoever is to decide next. `actor` is told nothing;
/// there is none when it is the server itself.
///
/// # Errors
/// When the database does not answer.
pub async fn of_step(
    app: &App,
    change: &mut Change<'_>,
    submission: &Submission,
    state: State,
    actor: Option<&str>,
    said: &str,
    now: i64,
) -> Result<(), Error> {
    if app.mailer.is_none() {
        return Ok(());
    }
    if let Some(kind) = Kind::of_state(state).filter(|_| actor != Some(submission.owner.as_str()))
        && let Some(author) = change.recipient(&submission.owner).await?
        && wants(&author)
    {
        let said = filled(said);
        tell(
            change,
            &author.account,
            kind,
            &submission.id,
            said.as_deref(),
            now,
        )
        .await?;
    }
    of_turn(app, change, submission, state, actor, now).await
}

/// Tells whoever is to decide on a submission next that it came to them. `actor` is told nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn of_turn(
    app: &App,
    change: &mut Change<'_>,
    submission: &Submission,
    state: State,
    actor: Option<&str>,
    now: i64,
) -> Result<(), Error> {
    if matches!(state, State::Submitted | State::Endorsed)
        && let Some(holder) = submission.holder.as_deref()
    {
        let about = (holder, submission.unit.as_str());
        let but: Vec<&str> = actor.into_iter().chain([submission.owner.as_str()]).collect();
        at_once(app, change, about, &but, state, (Kind::Work, &submission.id), now).await?;
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
    but: &[&str],
    state: State,
    (kind, submission): (Kind, &str),
    now: i64,
) -> Result<(), Error> {
    if app.mailer.is_none() {
        return Ok(());
    }
    for recipient in change.recipients_of(holder).await? {
        let account = &recipient.account;
        let is_asked =
            recipient.notices == Notices::AtOnce && wants(&recipient) && !but.contains(&&*account.id);
        let units = &app.portal.snapshot().units;
        if is_asked && decides(account.role(), holder, unit, state, units) {
            tell(change, account, kind, submission, None, now).await?;
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
    actor: Option<&str>,
    submission: &str,
    now: i64,
) -> Result<(), Error> {
    if app.mailer.is_none() || actor == Some(reviewer) {
        return Ok(());
    }
    match change.recipient(reviewer).await? {
        Some(recipient) if wants(&recipient) => {
            tell(change, &recipient.account, Kind::Work, submission, None, now).await
        }
        _ => Ok(()),
    }
}

/// Tells the admins of the unit that answers for an entry, and those of the province, that it is left out of the portal,
/// or published without some of its files.
/// They are told once, as long as it is.
///
/// # Errors
/// When the database does not answer, or what was told cannot be noted.
pub async fn of_set_aside(app: &App) -> Result<(), super::Error> {
    let untold = app.portal.untold();
    if app.mailer.is_some() && !untold.is_empty() {
        let (snapshot, now) = (app.portal.snapshot(), clock::now());
        let mut change = app.store.change().await?;
        for aside in &untold {
            let kind = if aside.files_only {
                Kind::Damaged
            } else {
                Kind::SetAside
            };
            let tops = snapshot.units.iter().filter(|unit| unit.parent.is_none());
            let units: BTreeSet<&str> = tops.map(|unit| &*unit.id).chain([&*aside.unit]).collect();
            for unit in units {
                for recipient in change.recipients_of(unit).await? {
                    if recipient.account.role().is_admin() && wants(&recipient) {
                        tell(&mut change, &recipient.account, kind, &aside.path, None, now).await?;
                    }
                }
            }
        }
        change.commit().await?;
        app.bells.mail.notify_one();
    }
    // After the notices are stored: told twice is better than never.
    Ok(app.portal.note_told(&untold)?)
}

/// Whether somebody wants mail and can be reached.
pub(super) fn wants(recipient: &Recipient) -> bool {
    recipient.notices != Notices::None && recipient.account.email.is_some()
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
    if app.mailer.is_none() || account.email.is_none() {
        return Ok(());
    }
    let kind = if account.password.is_none() {
        Kind::Invitation
    } else {
        Kind::Reset
    };
    tell(change, account, kind, token, None, now).await
}

async fn tell(
    change: &mut Change<'_>,
    account: &Account,
    kind: Kind,
    subject: &str,
    detail: Option<&str>,
    at: i64,
) -> Result<(), Error> {
    let mail = Mail {
        id: ids::name(),
        account: account.id.clone(),
        kind,
        subject: subject.to_owned(),
        detail: detail.map(|detail| detail.chars().take(4000).collect()),
        at,
    };
    change.write(&mail).await
}

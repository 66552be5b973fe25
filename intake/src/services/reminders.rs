//! What falls due by itself: reminders, and the daily digest.

use super::{Error, notices};
use crate::app::App;
use crate::clock;
use crate::domain::reminders::Phase;
use crate::mail::Kind;
use crate::store::Mail;

/// Reminds holders once before and once after something is due.
///
/// # Errors
/// When the database does not answer.
pub async fn remind(app: &App) -> Result<(), Error> {
    let now = clock::now();
    for phase in Phase::ALL {
        let came = now - phase.least_age();
        let rows = app.store.to_remind(*phase, phase.span(now), came).await?;
        if rows.is_empty() {
            continue;
        }
        let mut change = app.store.change().await?;
        for row in &rows {
            if let Some(holder) = row.holder.as_deref()
                && change.remind(row, *phase, now).await?
            {
                let (about, what) = ((holder, &*row.unit), (Kind::Reminder, &*row.id));
                notices::at_once(app, &mut change, about, &[&row.owner], row.state, what, now).await?;
            }
        }
        change.commit().await?;
        app.bells.mail.notify_one();
    }
    Ok(())
}

/// Asks for the digest of everybody who is due one today.
///
/// # Errors
/// When the database does not answer.
pub async fn digests(app: &App) -> Result<(), Error> {
    if app.mailer.is_none() {
        return Ok(());
    }
    let (now, snapshot) = (clock::now(), app.portal.snapshot());
    if clock::hour(now, snapshot.zone()) < app.config.mail.digest_hour {
        return Ok(());
    }
    let day = clock::day(now, snapshot.zone());
    let due = app.store.digests_due(&day).await?;
    let due: Vec<_> = due
        .into_iter()
        .filter(|account| account.role().is_admin())
        .collect();
    if due.is_empty() {
        return Ok(());
    }
    let mut change = app.store.change().await?;
    for account in due {
        // The day in its id: asked for again it is the same digest.
        let mail = Mail {
            id: format!("digest-{}-{day}", account.id),
            kind: Kind::Digest,
            account: account.id,
            subject: day.clone(),
            detail: None,
            at: now,
        };
        change.write(&mail).await?;
    }
    change.commit().await?;
    app.bells.mail.notify_one();
    Ok(())
}

//! Who is told of what: in the office, where everybody looks, and by mail whoever wants it. Notices are stored with what they
//! tell of, in its transaction; a job writes the mail.

use std::collections::BTreeSet;

use crate::app::App;
use crate::clock;
use crate::domain::notices::Notices;
use crate::domain::rights::decides;
use crate::domain::submission::State;
use crate::domain::typed::filled;
use crate::ids;
use crate::mail::Kind;
use crate::store::{Account, Change, Error, Mail, Notice, Recipient, Submission};

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
    if let Some(kind) = Kind::of_state(state).filter(|_| actor != Some(submission.owner.as_str()))
        && let Some(author) = change.recipient(&submission.owner).await?
    {
        let said = filled(said);
        let told = Told {
            detail: said.as_deref(),
            ..Told::of(kind, &submission.id, now)
        };
        tell(app, change, &author, told).await?;
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

/// Tells those of the holder who decide on a submission; by mail who wants to know at once. `about` is the holder and the unit
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
    for recipient in change.recipients_of(holder).await? {
        let account = &recipient.account;
        let units = &app.portal.snapshot().units;
        if !but.contains(&&*account.id) && decides(account.role(), holder, unit, state, units) {
            let told = Told {
                by_mail: recipient.notices == Notices::AtOnce,
                ..Told::of(kind, submission, now)
            };
            tell(app, change, &recipient, told).await?;
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
    if actor == Some(reviewer) {
        return Ok(());
    }
    match change.recipient(reviewer).await? {
        Some(recipient) => tell(app, change, &recipient, Told::of(Kind::Work, submission, now)).await,
        None => Ok(()),
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
    if !untold.is_empty() {
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
                    if recipient.account.role().is_admin() {
                        tell(app, &mut change, &recipient, Told::of(kind, &aside.path, now)).await?;
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
fn wants(recipient: &Recipient) -> bool {
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
    // A link is for the mail alone: whoever cannot sign in looks at no notices.
    change
        .write(&mail(&account.id, &Told::of(kind, token, now)))
        .await
}

/// What somebody is told.
pub(super) struct Told<'a> {
    kind: Kind,
    /// As of a mail of this kind.
    subject: &'a str,
    detail: Option<&'a str>,
    /// Whether mail is sent to whoever wants any.
    by_mail: bool,
    /// Told again under the same id it is the same; without one it is another each time.
    id: Option<String>,
    at: i64,
}

impl<'a> Told<'a> {
    /// What is told of something, by mail too.
    pub(super) fn of(kind: Kind, subject: &'a str, at: i64) -> Self {
        Self {
            kind,
            subject,
            detail: None,
            by_mail: true,
            id: None,
            at,
        }
    }

    /// The same, told in the office alone.
    pub(super) fn without_mail(self) -> Self {
        Self {
            by_mail: false,
            ..self
        }
    }

    /// The same, told once under an id.
    pub(super) fn once(self, id: String) -> Self {
        Self { id: Some(id), ..self }
    }
}

/// Tells somebody, where they look in the office and, if they want, by mail.
pub(super) async fn tell(
    app: &App,
    change: &mut Change<'_>,
    recipient: &Recipient,
    told: Told<'_>,
) -> Result<(), Error> {
    let mail = mail(&recipient.account.id, &told);
    let notice = Notice {
        id: mail.id.clone(),
        account: mail.account.clone(),
        kind: mail.kind,
        subject: mail.subject.clone(),
        at: mail.at,
        read_at: None,
    };
    change.notify(&notice).await?;
    if told.by_mail && app.mailer.is_some() && wants(recipient) {
        change.write(&mail).await?;
    }
    Ok(())
}

fn mail(account: &str, told: &Told<'_>) -> Mail {
    Mail {
        id: told.id.clone().unwrap_or_else(ids::name),
        account: account.to_owned(),
        kind: told.kind,
        subject: told.subject.to_owned(),
        detail: told.detail.map(|detail| detail.chars().take(4000).collect()),
        at: told.at,
    }
}

//! Sending a mail that was asked for. What it says is what is so when it is sent.

use crate::app::App;
use crate::clock;
use crate::domain::reminders::DAY;
use crate::ids;
use crate::mail::{About, Kind, Undelivered, Values, letter};
use crate::store::{Account, Filter, Mail, Row};

use super::{Error, recommendation_notices, takedown_notices};
use crate::domain::rights::decides;

/// Lines of a digest; the page shows all.
const LINES: i64 = 50;

/// Sends a mail, unless there is nothing to tell any more.
///
/// # Errors
/// When the mail server does not take it; it is tried again.
pub async fn send(app: &App, id: &str) -> Result<(), Error> {
    let (Some(mailer), Some(mail)) = (&app.mailer, app.store.mail(id).await?) else {
        // Mail was switched off since.
        return Ok(());
    };
    let account = app.store.account(&mail.account).await?;
    let Some(account) = account.filter(Account::is_active) else {
        return Ok(());
    };
    let Some(email) = &account.email else {
        return Ok(());
    };
    let kind = mail.kind;
    let Some(values) = values(app, &mail, kind, &account).await? else {
        return Ok(());
    };
    let letter = letter(&app.texts, kind, &values);
    let to = (account.name.as_str(), email.as_str());
    match mailer.send((id, mail.at), &values.site, to, &letter).await {
        // Trying again would not make it one.
        Err(Undelivered::Address) => tracing::warn!(mail = id, "not sent: the recipient's address is none"),
        result => result.map_err(Error::internal)?,
    }
    Ok(())
}

/// What is filled into a mail. Returns `None` if there is nothing to tell any more.
async fn values(app: &App, mail: &Mail, kind: Kind, account: &Account) -> Result<Option<Values>, Error> {
    let snapshot = app.portal.snapshot();
    let mut values = Values {
        site: snapshot.config().site.title.clone(),
        name: account.name.clone(),
        login: account.login.clone(),
        unit: snapshot.units.name(&account.unit).to_owned(),
        detail: mail.detail.clone().unwrap_or_default(),
        ..Values::default()
    };
    match kind.about() {
        About::Account => {
            let now = clock::now();
            let Some(ends_at) = app.store.invitation_ends(&mail.subject, now).await? else {
                return Ok(None);
            };
            values.link = app.config.mail.link(&link(app, account, ends_at).await?);
            values.until = clock::written(ends_at, snapshot.zone());
        }
        About::Queue => {
            let Some(list) = digest(app, account).await? else {
                return Ok(None);
            };
            values.detail = list;
            values.link = app.config.mail.link("/intake/");
        }
        About::Entry => {
            let entries = match kind {
                Kind::SetAside => snapshot.set_aside(),
                _ => snapshot.damaged(),
            };
            // Mended already: then there is nothing to do.
            let mut aside = entries.iter();
            let Some(aside) = aside.find(|aside| aside.path == mail.subject) else {
                return Ok(None);
            };
            values.title.clone_from(&aside.title);
            values.unit = snapshot.units.name(&aside.unit).to_owned();
            values.detail = aside.reasons.join("\n");
            values.link = app.config.mail.link("/intake/");
        }
        About::Takedown => return takedown_notices::fill(app, mail, account, values).await,
        About::Recommendation => {
            return recommendation_notices::fill(app, mail, account, values).await;
        }
        About::Submission => {
            let Some(submission) = app.store.submission(&mail.subject).await? else {
                return Ok(None);
            };
            values.title = submission.title.clone();
            values.unit = snapshot.units.name(&submission.unit).to_owned();
            values.link = app.config.mail.link(&format!("/intake/items/{}", submission.id));
        }
    }
    Ok(Some(values))
}

/// A link of its own for the mail, beside the one that an admin was shown: of that one nothing is kept but a hash, and
/// a secret that waited in the database for its mail would be there for whoever reads a backup. Each try to send makes
/// another, since an earlier one may have arrived; they all end with the first that is used.
async fn link(app: &App, account: &Account, ends_at: i64) -> Result<String, Error> {
    let secret = ids::secret();
    let mut change = app.store.change().await?;
    change
        .add_invitation(&ids::fingerprint(&secret), &account.id, ends_at)
        .await?;
    change.commit().await?;
    Ok(format!("/intake/open/{secret}"))
}

/// What waits for the account's unit and can be decided by it.
async fn digest(app: &App, account: &Account) -> Result<Option<String>, Error> {
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let filter = Filter {
        holder: account.unit.clone(),
        ..Filter::default()
    };
    let rows = app.store.queue(&filter, LINES).await?;
    let theirs = |row: &Row| {
        let units = &snapshot.units;
        row.owner != account.id && decides(account.role(), &account.unit, &row.unit, row.state, units)
    };
    let line = |row: Row| {
        let days = (now - row.state_at) / DAY;
        let key = if row.due_at.is_some_and(|due| due <= now) {
            "mail.line-late"
        } else {
            "mail.line"
        };
        let arguments = [
            ("days", &*days.to_string()),
            ("unit", snapshot.units.name(&row.unit)),
            ("title", &row.title),
        ];
        app.texts.fill(key, &arguments)
    };
    let lines: Vec<String> = rows.into_iter().filter(theirs).map(line).collect();
    Ok((!lines.is_empty()).then(|| lines.join("\n")))
}

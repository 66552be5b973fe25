//! Who is told of a recommendation, of the end of its time, and of the answer.

use std::collections::BTreeSet;

use super::Error;
use super::actor::person;
use super::notices::{Told, tell};
use crate::app::App;
use crate::clock;
use crate::domain::recommendation::{self, State};
use crate::mail::{Kind, Values};
use crate::store::{self, Account, Change, Mail, Recipient, Recommendation};

/// Tells the admins of the unit above that something was recommended to them.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn of_asked(
    app: &App,
    change: &mut Change<'_>,
    asked: &Recommendation,
) -> Result<(), store::Error> {
    for recipient in who_answers(change, asked).await? {
        write(
            app,
            change,
            &recipient,
            Kind::Recommended,
            asked,
            asked.recommended_at,
        )
        .await?;
    }
    Ok(())
}

/// Tells whoever recommended, the admins of the entry's unit and its author what became of it; not who answered.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn of_answered(
    app: &App,
    change: &mut Change<'_>,
    known: &Recommendation,
    (kind, by): (Kind, &str),
    now: i64,
) -> Result<(), store::Error> {
    let mut told = change.authors_of(&known.path).await?;
    told.extend(change.recipient(&known.recommended_by).await?);
    let of_unit = change.recipients_of(&known.unit).await?;
    let is_admin = |recipient: &Recipient| recipient.account.role().is_admin();
    told.extend(of_unit.into_iter().filter(is_admin));
    let mut once = BTreeSet::from([by.to_owned()]);
    for recipient in told {
        if once.insert(recipient.account.id.clone()) {
            write(app, change, &recipient, kind, known, now).await?;
        }
    }
    Ok(())
}

/// Reminds those who may answer once one working day is left to do it.
///
/// # Errors
/// When the database does not answer.
pub async fn remind(app: &App) -> Result<(), Error> {
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let begins = |asked: &Recommendation| {
        let days = recommendation::DAYS - 1;
        snapshot
            .calendar()
            .end_after(asked.recommended_at, days, snapshot.zone())
    };
    let mut due = app.store.open_recommendations().await?;
    due.retain(|asked| begins(asked) <= now);
    if due.is_empty() {
        return Ok(());
    }
    let mut change = app.store.change().await?;
    for asked in &due {
        for recipient in who_answers(&mut change, asked).await? {
            write(app, &mut change, &recipient, Kind::RecommendationDue, asked, now).await?;
        }
    }
    change.commit().await?;
    app.bells.mail.notify_one();
    Ok(())
}

async fn who_answers(
    change: &mut Change<'_>,
    asked: &Recommendation,
) -> Result<Vec<Recipient>, store::Error> {
    let mut of_unit = change.recipients_of(&asked.to_unit).await?;
    of_unit.retain(|recipient| {
        let who = person(&recipient.account);
        recommendation::may_answer(who, &asked.to_unit, &asked.recommended_by, asked.state)
    });
    Ok(of_unit)
}

/// Tells somebody; told again it is the same.
async fn write(
    app: &App,
    change: &mut Change<'_>,
    recipient: &Recipient,
    kind: Kind,
    about: &Recommendation,
    at: i64,
) -> Result<(), store::Error> {
    let id = format!("{}-{}-{}", kind.name(), about.id, recipient.account.id);
    let told = Told::of(kind, &about.id, at).once(id);
    tell(app, change, recipient, told).await
}

/// Fills in what a mail about a recommendation says. Returns `None` if there is nothing to tell any more.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn fill(
    app: &App,
    mail: &Mail,
    account: &Account,
    mut values: Values,
) -> Result<Option<Values>, Error> {
    let Some(known) = app.store.recommendation(&mail.subject).await? else {
        return Ok(None);
    };
    let asks = matches!(mail.kind, Kind::Recommended | Kind::RecommendationDue);
    if asks && known.state != State::Open {
        return Ok(None);
    }
    let snapshot = app.portal.snapshot();
    values.title.clone_from(&known.title);
    let (unit, detail) = match asks {
        true => (&known.unit, known.reason.as_str()),
        false => (&known.to_unit, known.answer.as_deref().unwrap_or_default()),
    };
    values.unit = snapshot.units.name(unit).to_owned();
    detail.clone_into(&mut values.detail);
    // The moment itself is not included.
    values.until = clock::day(known.due_at - 1, snapshot.zone());
    let sees = recommendation::may_see(person(account), &known.unit, &snapshot.units);
    let page = if sees {
        "/intake/recommendations"
    } else {
        "/intake/"
    };
    values.link = app.config.mail.link(page);
    Ok(Some(values))
}

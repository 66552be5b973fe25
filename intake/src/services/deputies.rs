//! An admin who is away names somebody to decide in their place.

use super::actor::{Actor, person};
use super::{Error, Kind};
use crate::app::App;
use crate::domain::policy::Action;
use crate::domain::reminders::DAY;
use crate::domain::rights;
use crate::store::{Account, Deputy};
use crate::{clock, ids};

/// Nobody is away for longer; a successor is another account.
const MOST_DAYS: i64 = 92;

/// Whether an account can be the actor's deputy.
pub fn can_be_deputy(app: &App, actor: &Actor, account: &Account) -> bool {
    let units = &app.portal.snapshot().units;
    // Nobody who has not opened their account yet: they could not stand in.
    account.is_active()
        && account.password.is_some()
        && rights::can_be_deputy(person(account), person(&actor.account), units)
}

/// Refuses those who answer for no unit: they have nothing that a deputy could decide.
///
/// # Errors
/// [`Kind::Forbidden`].
pub async fn must_answer(app: &App, actor: &Actor) -> Result<(), Error> {
    let unit = &actor.account.unit;
    actor.must_in(app, Action::ManageAccounts, unit).await
}

/// Names a deputy from the first day to the last, both included, written as `2026-03-05`.
///
/// # Errors
/// [`Kind::Forbidden`]; somebody who cannot be one; days that are over, too many, or none.
pub async fn name(app: &App, actor: &Actor, deputy: &str, (begins, ends): (&str, &str)) -> Result<(), Error> {
    must_answer(app, actor).await?;
    let account = app.store.account(deputy).await?;
    let account = account.filter(|account| can_be_deputy(app, actor, account));
    let account = account.ok_or_else(|| Error::invalid("deputies.bad-who"))?;
    let (snapshot, now) = (app.portal.snapshot(), clock::now());
    let begins_at = clock::start_of(begins, 0, snapshot.zone());
    let ends_at = clock::start_of(ends, 1, snapshot.zone());
    let span = begins_at.zip(ends_at).filter(|(begins_at, ends_at)| {
        ends_at > begins_at
            && *ends_at > now
            && *begins_at > now - DAY
            && ends_at - now.min(*begins_at) <= MOST_DAYS * DAY
    });
    let (begins_at, ends_at) = span.ok_or_else(|| Error::invalid("deputies.bad-days"))?;
    let deputy = Deputy {
        id: ids::name(),
        principal: actor.account.id.clone(),
        deputy: account.id.clone(),
        begins_at,
        ends_at,
        made_at: now,
    };
    let detail = format!("account/{} {begins} – {ends}", account.id);
    let mut change = app.store.change().await?;
    change.add_deputy(&deputy).await?;
    let subject = format!("account/{}", actor.account.id);
    change
        .record(&actor.event("deputy-named", &subject, &detail))
        .await?;
    change.commit().await?;
    Ok(())
}

/// Ends a deputy of the actor's.
///
/// # Errors
/// [`Kind::Forbidden`]; [`Kind::NotFound`] when there is no such deputy.
pub async fn end(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    must_answer(app, actor).await?;
    let mut change = app.store.change().await?;
    if !change.end_deputy(id, &actor.account.id, clock::now()).await? {
        return Err(Kind::NotFound.into());
    }
    let subject = format!("account/{}", actor.account.id);
    change.record(&actor.event("deputy-ended", &subject, id)).await?;
    change.commit().await?;
    Ok(())
}

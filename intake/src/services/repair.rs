//! Accounts put right by whoever answers for them: what is written of somebody, and whether they may sign in. Nobody does
//! it to their own account, so an admin of the root is always left: the one who acts.

use super::actor::Actor;
use super::people::{Newcomer, appointable, managed, release, typing_problem};
use super::{Error, Kind};
use crate::app::App;
use crate::clock;
use crate::domain::account::AccountState;
use crate::store::{Account, Change};

/// Writes name, role, mobile number and mail address anew. Whoever gets another role leaves what they were reviewing to
/// their colleagues. The login stays, whatever `wanted` says.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; what is wrong with what was typed; [`Kind::NotNow`] when it is closed.
pub async fn amend(app: &App, actor: &Actor, id: &str, wanted: &Newcomer, role: &str) -> Result<(), Error> {
    let known = managed(app, actor, id).await?;
    let mut account = known.clone();
    if account.state == AccountState::Closed {
        return Err(Kind::NotNow.into());
    }
    let role = appointable(app, actor, &account.unit, role)?;
    let kept = Newcomer {
        login: account.login.clone(),
        ..wanted.clone()
    };
    if let Some(key) = typing_problem(&kept) {
        return Err(Error::invalid(key));
    }
    let has_new_role = role != account.role();
    account.appoint(role);
    account.name = kept.name;
    account.phone = kept.phone;
    account.email = kept.email;
    let mut change = app.store.change().await?;
    must_still_be(&mut change, actor, &known).await?;
    change.amend_account(&account).await?;
    let detail = if has_new_role { role.name() } else { "" };
    let event = actor.event("account-amended", &account.subject(), detail);
    change.record(&event).await?;
    if has_new_role {
        release(&mut change, actor, id).await?;
    }
    change.commit().await?;
    Ok(())
}

/// Suspends an account: its holder is out at once, and what they were reviewing waits for their colleagues. What they own
/// stays theirs.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] when it is not in use.
pub async fn suspend(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    let account = managed(app, actor, id).await?;
    if !account.is_active() {
        return Err(Kind::NotNow.into());
    }
    let mut change = app.store.change().await?;
    must_still_be(&mut change, actor, &account).await?;
    change.set_account_state(id, AccountState::Suspended).await?;
    change.end_sessions(id).await?;
    // Nor does a link of before open it once it is open again.
    change.end_invitations(id, clock::now()).await?;
    release(&mut change, actor, id).await?;
    let event = actor.event("account-suspended", &account.subject(), "");
    change.record(&event).await?;
    change.commit().await?;
    Ok(())
}

/// Lets the holder of a suspended account sign in again, with the password they had.
///
/// # Errors
/// [`Kind::NotFound`], [`Kind::Forbidden`]; [`Kind::NotNow`] when it is not suspended.
pub async fn reopen(app: &App, actor: &Actor, id: &str) -> Result<(), Error> {
    let account = managed(app, actor, id).await?;
    if !account.is_suspended() {
        return Err(Kind::NotNow.into());
    }
    let mut change = app.store.change().await?;
    must_still_be(&mut change, actor, &account).await?;
    change.set_account_state(id, AccountState::Active).await?;
    let event = actor.event("account-reopened", &account.subject(), "");
    change.record(&event).await?;
    change.commit().await?;
    Ok(())
}

/// Refuses what was decided on an account that is not what it was, or by somebody who is not who they were: two admins of
/// the root who suspend each other at the same moment would leave it with none.
async fn must_still_be(change: &mut Change<'_>, actor: &Actor, known: &Account) -> Result<(), Error> {
    let own = change.account(&actor.account.id).await?;
    if !own.is_some_and(|own| own.is_active() && own.role() == actor.role()) {
        return Err(Kind::Forbidden.into());
    }
    match change.account(&known.id).await? {
        Some(now) if now == *known => Ok(()),
        _ => Err(Kind::NotNow.into()),
    }
}

//! One-time passwords: set up, recovery codes, ended; and the step at sign-in that asks for one.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::password;
use crate::identity::totp;
use crate::services::passwords;
use crate::store::{Account, Change};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::{clock, ids};

#[derive(Default, Serialize)]
struct TotpPage {
    is_on: bool,
    is_required: bool,
    left: i64,
    /// What is being set up.
    secret: String,
    groups: Vec<String>,
    qr: Option<jixia::render::Qr>,
    /// Shown once.
    codes: Vec<String>,
    problem: String,
    notice: String,
}

/// Whether the settings ask an account's role for the second step.
fn is_required(app: &App, account: &Account) -> bool {
    app.config.sessions.totp_roles.contains(&account.role())
}

async fn totp_page(app: &App, actor: &Actor, mut shown: TotpPage) -> Result<Page, Error> {
    shown.is_required = is_required(app, &actor.account);
    if shown.is_on {
        shown.left = app.store.recovery_left(&actor.account.id).await?;
    } else {
        if shown.secret.is_empty() {
            shown.secret = totp::base32(&ids::random::<{ totp::SECRET }>());
        }
        let snapshot = app.portal.snapshot();
        let address = totp::address(&shown.secret, &actor.account.login, &snapshot.config().site.title);
        shown.qr = Some(jixia::render::qr(&address));
        let letters: Vec<char> = shown.secret.chars().collect();
        shown.groups = letters.chunks(4).map(|group| group.iter().collect()).collect();
    }
    Ok(page(app, Some(actor), "totp.html", &shown))
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    let shown = TotpPage {
        is_on: actor.account.totp.is_some(),
        ..TotpPage::default()
    };
    totp_page(&app, &actor, shown).await
}

/// Recovery codes for showing, and their hashes for keeping: 60 random bits each, which no salt or slow hash need guard.
fn new_codes() -> (Vec<String>, Vec<String>) {
    let codes: Vec<String> = std::iter::repeat_with(ids::name).take(totp::RECOVERY).collect();
    let kept = codes.iter().map(|code| ids::fingerprint(code)).collect();
    let shown = codes
        .iter()
        .map(|code| format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]));
    (shown.collect(), kept)
}

/// Begins the second step, once an app shows that it has the secret.
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    Signed { mut actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    if actor.account.totp.is_some() {
        return Err(Error::not_now());
    }
    let text = form.get("secret");
    let secret = totp::secret(text).ok_or(Error::invalid("wrong.form"))?;
    let Some(step) = totp::step_of(&secret, &totp::typed(form.get("code")), clock::now(), 0) else {
        let shown = TotpPage {
            secret: text.to_owned(),
            problem: app.texts.get("totp.wrong").to_owned(),
            ..TotpPage::default()
        };
        return Ok((
            StatusCode::UNPROCESSABLE_ENTITY,
            totp_page(&app, &actor, shown).await?,
        )
            .into_response());
    };
    let (codes, kept) = new_codes();
    let mut change = app.store.change().await?;
    change.set_totp(&actor.account.id, Some(text), step).await?;
    change.set_recovery(&actor.account.id, &kept).await?;
    note(&mut change, &actor, "totp-begun").await?;
    change.commit().await?;
    actor.by.account.totp = Some(text.to_owned());
    let shown = TotpPage {
        is_on: true,
        codes,
        notice: app.texts.get("totp.on").to_owned(),
        ..TotpPage::default()
    };
    Ok(totp_page(&app, &actor, shown).await?.into_response())
}

async fn note(change: &mut Change<'_>, actor: &Actor, action: &str) -> Result<(), Error> {
    let subject = format!("account/{}", actor.account.id);
    change.record(&actor.event(action, &subject, "")).await?;
    Ok(())
}

/// A page that says that the password was wrong, unless it was right.
async fn wrong_password(app: &App, actor: &Actor, form: &Form) -> Result<Option<Response>, Error> {
    let given = form.get("password");
    let kept = actor.account.password.clone().unwrap_or_default();
    if given.len() <= password::LONGEST && passwords::verify(app, given.to_owned(), kept).await? {
        return Ok(None);
    }
    let shown = TotpPage {
        is_on: true,
        problem: app.texts.get("account.old-wrong").to_owned(),
        ..TotpPage::default()
    };
    let shown = totp_page(app, actor, shown).await?;
    Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()))
}

/// New recovery codes in the place of the old ones.
pub(crate) async fn codes(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    if actor.account.totp.is_none() {
        return Err(Error::not_now());
    }
    if let Some(wrong) = wrong_password(&app, &actor, &form).await? {
        return Ok(wrong);
    }
    let (codes, kept) = new_codes();
    let mut change = app.store.change().await?;
    change.set_recovery(&actor.account.id, &kept).await?;
    note(&mut change, &actor, "totp-codes").await?;
    change.commit().await?;
    let shown = TotpPage {
        is_on: true,
        codes,
        ..TotpPage::default()
    };
    Ok(totp_page(&app, &actor, shown).await?.into_response())
}

/// Ends the second step.
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    Signed { mut actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    if actor.account.totp.is_none() || is_required(&app, &actor.account) {
        return Err(Error::not_now());
    }
    if let Some(wrong) = wrong_password(&app, &actor, &form).await? {
        return Ok(wrong);
    }
    let mut change = app.store.change().await?;
    change.set_totp(&actor.account.id, None, 0).await?;
    note(&mut change, &actor, "totp-ended").await?;
    change.commit().await?;
    actor.by.account.totp = None;
    let shown = TotpPage {
        notice: app.texts.get("totp.ended").to_owned(),
        ..TotpPage::default()
    };
    Ok(totp_page(&app, &actor, shown).await?.into_response())
}

/// Uses up what was given for the second step: a one-time password or a recovery code. Gives the word for the log, or
/// nothing when it was neither.
pub(crate) async fn take(
    change: &mut Change<'_>,
    account: &Account,
    given: &str,
    now: i64,
) -> Result<Option<&'static str>, Error> {
    let given = totp::typed(given);
    let secret = account.totp.as_deref().and_then(totp::secret);
    let step = secret.and_then(|secret| totp::step_of(&secret, &given, now, account.totp_step));
    if let Some(step) = step {
        // Within the transaction, where only one of two requests with the same password comes first.
        return Ok(change.use_step(&account.id, step).await?.then_some("sign-in"));
    }
    let used = change
        .use_recovery(&account.id, &ids::fingerprint(&given), now)
        .await?;
    Ok(used.then_some("sign-in-recovery"))
}

//! One-time passwords: set up, recovery codes, ended.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;
use crate::identity::totp::{SECRET, address, base32};
use crate::ids;
use crate::services::{self, Kind, totp};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::source::Caller;

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

async fn totp_page(app: &App, actor: &Actor, mut shown: TotpPage) -> Result<Page, Error> {
    shown.is_required = totp::is_required(app, &actor.account);
    if shown.is_on {
        shown.left = app.store.recovery_left(&actor.account.id).await?;
    } else {
        if shown.secret.is_empty() {
            shown.secret = base32(&ids::random::<SECRET>());
        }
        let snapshot = app.portal.snapshot();
        let address = address(&shown.secret, &actor.account.login, &snapshot.config().site.title);
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

/// The page after something was done, or with what was wrong with what was typed.
async fn answer(
    app: &App,
    actor: &Actor,
    done: Result<TotpPage, services::Error>,
    again: TotpPage,
) -> Result<Response, Error> {
    match done {
        Ok(shown) => Ok(totp_page(app, actor, shown).await?.into_response()),
        Err(error) if error.kind == Kind::Invalid => {
            let shown = TotpPage {
                problem: app.texts.get(error.key).to_owned(),
                ..again
            };
            let shown = totp_page(app, actor, shown).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Begins the second step.
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    caller: Caller,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let secret = form.get("secret");
    let (typed, password) = ((secret, form.get("code")), (form.get("password"), caller.place()));
    let begun = totp::begin(&app, &actor, &actor.session, typed, password).await;
    let done = begun.map(|codes| TotpPage {
        is_on: true,
        codes,
        notice: app.texts.get("totp.on").to_owned(),
        ..TotpPage::default()
    });
    let again = TotpPage {
        secret: secret.to_owned(),
        ..TotpPage::default()
    };
    answer(&app, &actor, done, again).await
}

/// New recovery codes in the place of the old ones.
pub(crate) async fn codes(
    State(app): State<Arc<App>>,
    caller: Caller,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let codes = totp::codes(&app, &actor, (form.get("password"), caller.place())).await;
    let on = |codes| TotpPage {
        is_on: true,
        codes,
        ..TotpPage::default()
    };
    answer(&app, &actor, codes.map(on), on(Vec::new())).await
}

/// Ends the second step.
pub(crate) async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let ended = totp::end(
        &app,
        &actor,
        &actor.session,
        (form.get("password"), caller.place()),
    )
    .await;
    let done = ended.map(|()| TotpPage {
        notice: app.texts.get("totp.ended").to_owned(),
        ..TotpPage::default()
    });
    let again = TotpPage {
        is_on: true,
        ..TotpPage::default()
    };
    answer(&app, &actor, done, again).await
}

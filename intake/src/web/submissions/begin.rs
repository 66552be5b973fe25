//! Beginning a new entry: from nothing, or from a Word document.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::domain::policy::Action;
use crate::services::{Kind, drafts, word};
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::{Form, Incoming};
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;
use crate::web::submissions::saving::of_word;

#[derive(Serialize)]
struct KindsPage<'a> {
    kinds: Vec<(String, String)>,
    /// Those that stand at an address which is chosen.
    pages: Vec<(String, String)>,
    wrong: &'a Wrong<'a>,
}

/// What was typed and was not taken, and why.
#[derive(Default, Serialize)]
struct Wrong<'a> {
    kind: &'a str,
    address: &'a str,
    /// Why a page cannot stand at the address.
    of_address: &'a str,
    /// Why a document was not read.
    of_document: &'a str,
}

fn show(app: &App, actor: &Actor, wrong: &Wrong<'_>) -> Page {
    let snapshot = app.portal.snapshot();
    let named = |kinds: Vec<&Arc<jixia::content::Kind>>| {
        let kinds = kinds.into_iter();
        let named = kinds.map(|kind| (kind.id.clone(), kind.label("zh-CN").to_owned()));
        named.collect()
    };
    let (role, unit) = (actor.role(), &*actor.account.unit);
    let shown = KindsPage {
        kinds: named(snapshot.kinds_begun_by(role, unit)),
        pages: named(snapshot.pages_begun_by(role, unit)),
        wrong,
    };
    page(app, Some(actor), "kinds.html", &shown)
}

pub(crate) async fn kinds(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    actor.must_in(&app, Action::Create, &actor.account.unit).await?;
    Ok(show(&app, &actor, &Wrong::default()))
}

pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let kind = form.get("kind");
    let begun = match form.all("address").next() {
        None => drafts::begin(&app, &actor, kind).await,
        Some(address) => match drafts::begin_page(&app, &actor, kind, address).await {
            Err(error) if error.kind == Kind::Invalid => {
                let wrong = Wrong {
                    kind,
                    address,
                    of_address: app.texts.get(error.key),
                    ..Wrong::default()
                };
                let shown = show(&app, &actor, &wrong);
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
            }
            begun => begun,
        },
    };
    let submission = begun?;
    Ok(Redirect::to(&format!("/intake/items/{}/edit", submission.id)).into_response())
}

/// Begins an entry whose title and text are those of a document.
pub(crate) async fn from_word(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Incoming>,
) -> Result<Response, Error> {
    let (form, file) = form.with_file(word::LARGEST, "word.large").await?;
    let (kind, name) = (form.get("kind"), file.name.clone());
    match word::begin(&app, &actor, kind, file).await? {
        Ok((submission, losses)) => {
            let place = format!("/intake/items/{}/edit{}", submission.id, of_word(&losses));
            Ok(Redirect::to(&place).into_response())
        }
        Err(key) => {
            let between = if name.is_empty() { "" } else { "：" };
            let problem = format!("{name}{between}{}", app.texts.get(key));
            let wrong = Wrong {
                kind,
                of_document: &problem,
                ..Wrong::default()
            };
            let shown = show(&app, &actor, &wrong);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
    }
}

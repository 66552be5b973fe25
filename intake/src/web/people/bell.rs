//! What somebody was told: the bell.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Serialize;

use crate::app::App;
use crate::services::bell;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

#[derive(Serialize)]
struct BellPage {
    rings: Vec<RingLine>,
    unread: usize,
}

#[derive(Serialize)]
struct RingLine {
    id: String,
    text: String,
    at: String,
    is_unread: bool,
}

pub(crate) async fn show(State(app): State<Arc<App>>, actor: Actor) -> Result<Page, Error> {
    let rings = bell::rings(&app, &actor).await?;
    let line = |ring: bell::Ring| RingLine {
        id: ring.id,
        text: ring.text,
        at: ring.at,
        is_unread: ring.is_unread,
    };
    let shown = BellPage {
        unread: rings.iter().filter(|ring| ring.is_unread).count(),
        rings: rings.into_iter().map(line).collect(),
    };
    Ok(page(&app, Some(&actor), "bell.html", &shown))
}

/// Notes that all were seen.
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Signed { actor, .. }: Signed<Form>,
) -> Result<Redirect, Error> {
    bell::read(&app, &actor, None).await?;
    Ok(Redirect::to("/intake/bell"))
}

/// Notes that one was seen, and leads to what it is about.
pub(crate) async fn open(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, .. }: Signed<Form>,
) -> Result<Redirect, Error> {
    Ok(Redirect::to(&bell::open(&app, &actor, &id).await?))
}

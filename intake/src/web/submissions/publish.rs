//! Asking once before something becomes public, and saying what will: nobody can take back what was read.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;
use crate::services::going_public::{self, GoingPublic};
use crate::store::Submission;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::{Form, SECRET};
use crate::web::pages::page;
use crate::web::submissions::standing;

/// The field by which somebody says that they know what will be public.
const SURE: &str = "sure";
/// Submissions that one page asks about, as many as are decided on together.
const MOST: usize = 100;

#[derive(Serialize)]
struct PublishPage {
    /// Where the form goes.
    address: String,
    /// Where one goes back to.
    back: String,
    items: Vec<Item>,
    /// What the form says besides, as it was sent.
    kept: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    title: String,
    /// What will happen, in a sentence.
    what: String,
    url: String,
    files: Vec<String>,
    names: Vec<String>,
    /// What is still open about it, each in a sentence.
    open: Vec<String>,
}

/// Whether a form that accepts something does not say yet that its sender knows what will be public.
pub(crate) fn is_unsure(form: &Form) -> bool {
    form.get("do") == "accept" && form.get(SURE) != "yes"
}

/// The page that asks about those of the submissions that would be published. Returns `None` if none would.
pub(crate) async fn ask(
    app: &Arc<App>,
    actor: &Actor,
    ids: &[&str],
    (address, back): (&str, &str),
    form: &Form,
) -> Result<Option<Response>, Error> {
    let mut items = Vec::new();
    for id in ids.iter().take(MOST) {
        let submission = app.store.submission(id).await?;
        let publishes = |submission: &Submission| actor.permissions(app, submission).accept;
        if let Some(submission) = submission.filter(publishes) {
            items.push(item(app, &submission).await?);
        }
    }
    if items.is_empty() {
        return Ok(None);
    }
    let kept = form.pairs.iter();
    let kept = kept.filter(|(name, _)| ![SECRET, SURE].contains(&name.as_str()));
    let shown = PublishPage {
        address: address.to_owned(),
        back: back.to_owned(),
        items,
        kept: kept.cloned().collect(),
    };
    Ok(Some(
        page(app, Some(actor), "publish.html", &shown).into_response(),
    ))
}

async fn item(app: &Arc<App>, submission: &Submission) -> Result<Item, Error> {
    let GoingPublic {
        purpose,
        url,
        at,
        files,
        names,
    } = going_public::of(app, submission).await?;
    let remarks = app.store.messages(&submission.id).await?;
    let open = remarks
        .iter()
        .filter(|remark| remark.settled_at.is_none())
        .count();
    let what = match at {
        Some(at) => app.texts.fill("publish.at", &[("at", &at)]),
        None => app.texts.get(&format!("publish.{}", purpose.name())).to_owned(),
    };
    Ok(Item {
        id: submission.id.clone(),
        title: submission.title.clone(),
        what,
        url,
        files,
        names,
        open: standing::still_open(app, submission, open).await?,
    })
}

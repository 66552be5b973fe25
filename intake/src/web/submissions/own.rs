//! What an author does with what is theirs besides writing it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::services::own_drafts;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::signed::Signed;

/// Throws a draft away, or begins another one like it.
pub(crate) async fn act(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Response, Error> {
    let place = match form.get("do") {
        "remove" => {
            own_drafts::remove(&app, &actor, &id).await?;
            "/intake/".to_owned()
        }
        "copy" => {
            let added = own_drafts::copy(&app, &actor, &id).await?;
            format!("/intake/items/{}/edit", added.id)
        }
        _ => return Err(Error::invalid("wrong.form")),
    };
    Ok(Redirect::to(&place).into_response())
}

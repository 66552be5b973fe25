//! The robot in the group of one's unit.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Redirect;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock;
use crate::services::webhooks;
use crate::web::actor::Actor;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::pages::{Page, page};
use crate::web::signed::Signed;

#[derive(Serialize)]
struct WebhookPage {
    notice: String,
    robot: Option<Robot>,
}

#[derive(Serialize)]
struct Robot {
    provider: String,
    is_signed: bool,
    since: String,
}

/// What the page is asked to say first.
#[derive(Debug, Deserialize)]
pub(crate) struct Visit {
    #[serde(default)]
    notice: String,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(visit): Query<Visit>,
) -> Result<Page, Error> {
    let robot = webhooks::shown(&app, &actor).await?;
    let text = |key: &str| app.texts.get(key).to_owned();
    let shown = WebhookPage {
        notice: match visit.notice.as_str() {
            name @ ("done" | "removed" | "told") => text(&format!("webhook.{name}")),
            _ => String::new(),
        },
        robot: robot.map(|robot| Robot {
            provider: text(&format!("webhook.{}", robot.provider.name())),
            is_signed: robot.is_signed,
            since: clock::written(robot.made_at, app.portal.snapshot().zone()),
        }),
    };
    Ok(page(&app, Some(&actor), "webhook.html", &shown))
}

pub(crate) async fn change(
    State(app): State<Arc<App>>,
    Signed { actor, form }: Signed<Form>,
) -> Result<Redirect, Error> {
    let said = match form.get("do") {
        "test" => {
            webhooks::test(&app, &actor).await?;
            "told"
        }
        "remove" => {
            webhooks::remove(&app, &actor).await?;
            "removed"
        }
        _ => {
            webhooks::set(&app, &actor, form.get("url"), form.get("secret")).await?;
            "done"
        }
    };
    Ok(Redirect::to(&format!("/intake/webhook?notice={said}")))
}

//! Pages: a template with what it shows, on their way to the guard, which renders them.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tera::{Context, Value};

use crate::app::App;
use crate::domain::policy::{Action, Scope, can};
use crate::templates::Templates;
use crate::web::actor::Actor;

/// A page on its way out: the guard renders it, so that no handler knows the template engine.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    template: &'static str,
    context: Context,
}

impl Page {
    fn new(app: &App, template: &'static str, shown: &impl Serialize) -> Self {
        let mut context = Context::new();
        let snapshot = app.portal.snapshot();
        let title = &snapshot.config().site.title;
        context.insert_value("site_title", Value::from_serializable(title));
        context.insert_value("here", Value::from(template));
        context.insert_value("page", Value::from_serializable(shown));
        Self { template, context }
    }

    /// Its HTML.
    ///
    /// # Errors
    /// What the template engine says.
    pub(crate) fn render(&self, templates: &Templates) -> Result<String, String> {
        templates.render(self.template, &self.context)
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = StatusCode::OK.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Who looks at a page, as every page shows it.
#[derive(Serialize)]
struct Viewer<'a> {
    /// Scheme and host as the browser knows them, for links that are sent to somebody.
    origin: &'a str,
    name: &'a str,
    role: &'a str,
    role_label: &'a str,
    unit: String,
    csrf: &'a str,
    is_admin: bool,
    contributes: bool,
    patrols: bool,
    reviews: bool,
    reads_audit: bool,
}

/// A page of a template. `shown` is what it shows besides who looks at it.
pub(crate) fn page(app: &App, actor: Option<&Actor>, template: &'static str, shown: &impl Serialize) -> Page {
    let snapshot = app.portal.snapshot();
    let viewer = actor.map(|actor| {
        let role = actor.role();
        Viewer {
            origin: &actor.origin,
            name: &actor.account.name,
            role: role.name(),
            role_label: app.texts.get(role.text()),
            unit: snapshot.units.name(&actor.account.unit).to_owned(),
            csrf: &actor.session.csrf,
            is_admin: role.is_admin(),
            contributes: can(role, Action::Create, Scope::OwnUnit),
            patrols: can(role, Action::ReportProblem, Scope::OwnUnit)
                || can(role, Action::AnswerProblem, Scope::OwnUnit),
            reviews: role.is_admin(),
            reads_audit: can(role, Action::ReadAudit, Scope::OwnUnit),
        }
    });
    let mut page = Page::new(app, template, shown);
    page.context
        .insert_value("viewer", Value::from_serializable(&viewer));
    page
}

/// What a page says that says nothing else.
#[derive(Serialize)]
pub(crate) struct Message<'a> {
    /// Where to go back to; empty for the desk alone.
    pub(crate) back: &'a str,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    pub(crate) hints: &'a [String],
}

/// A page that only says something.
pub(crate) fn message_page(app: &App, message: &Message<'_>) -> Page {
    page(app, None, "message.html", message)
}

/// A page that only says that something was done.
pub(crate) fn done_page(app: &App, key: &'static str) -> Page {
    let message = Message {
        back: "",
        title: app.texts.get("site.done"),
        text: app.texts.get(key),
        hints: &[],
    };
    message_page(app, &message)
}

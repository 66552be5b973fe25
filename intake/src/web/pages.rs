//! Templates, and the style and scripts that pages use.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use tera::{Context, Tera, Value};

use crate::app::App;
use crate::domain::policy::{Action, Scope, can};
use crate::texts::Texts;
use crate::web::actor::Actor;
use crate::web::error::Error;

macro_rules! templates {
    ($($name:literal)*) => { &[$((concat!($name, ".html"), include_str!(concat!("../../templates/", $name, ".html"))),)*] };
}

/// Every template by name.
pub(crate) const TEMPLATES: &[(&str, &str)] = templates!(
    "account" "assign" "audit" "base" "chapter" "code" "deputies" "desk" "edit" "entries" "held" "imported"
    "item" "kinds" "many" "message" "open" "opened" "opinion" "patrol" "people" "queue" "register" "review"
    "roster" "shared" "sign-in" "totp" "widgets"
);

/// The part of the portal's style that pages of the intake share: colours, type, ground.
const GROUND: &str = concat!(
    include_str!("../../../themes/default/assets/site.css/10-colours.css"),
    include_str!("../../../themes/default/assets/site.css/20-ground.css"),
    include_str!("../../../themes/default/assets/site.css/25-pieces.css"),
);

const ASSETS: &[(&str, &str, &[u8])] = &[
    ("site.css", "text/css; charset=utf-8", GROUND.as_bytes()),
    (
        "intake.css",
        "text/css; charset=utf-8",
        include_bytes!("../../assets/intake.css"),
    ),
    (
        "edit.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/edit.js"),
    ),
    (
        "upload.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/upload.js"),
    ),
    (
        "paste.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/paste.js"),
    ),
    (
        "images.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/images.js"),
    ),
    (
        "logo.svg",
        "image/svg+xml",
        include_bytes!("../../../themes/default/assets/logo.svg"),
    ),
];

/// The templates, parsed.
pub struct Pages {
    tera: Tera,
}

impl Pages {
    /// Parses the templates and gives them the words.
    ///
    /// # Errors
    /// The first mistake in a template.
    pub fn new(texts: &Texts) -> Result<Self, String> {
        let mut tera = Tera::default();
        tera.autoescape_on(vec![".html"]);
        tera.add_raw_templates(TEMPLATES.iter().copied())
            .map_err(|error| error.to_string())?;
        tera.global_context()
            .insert_value("t", Value::from_serializable(texts.table()));
        Ok(Self { tera })
    }

    fn render(&self, name: &str, context: &Context) -> Result<String, tera::Error> {
        self.tera.render(name, context)
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

/// A page of a template. `page` is what it shows besides who looks at it.
pub(crate) fn page(
    app: &App,
    actor: Option<&Actor>,
    template: &'static str,
    page: &impl Serialize,
) -> Result<Html<String>, Error> {
    let snapshot = app.portal.snapshot();
    let mut context = Context::new();
    let viewer = actor.map(|actor| {
        let role = actor.role();
        Viewer {
            origin: &actor.origin,
            name: &actor.account.name,
            role: role.name(),
            role_label: app.texts.get(role_key(role.name())),
            unit: snapshot.units.name(&actor.account.unit).to_owned(),
            csrf: &actor.session.csrf,
            is_admin: role.is_admin(),
            contributes: can(role, Action::Create, Scope::OwnUnit),
            patrols: can(role, Action::ReportProblem, Scope::OwnUnit)
                || can(role, Action::AnswerProblem, Scope::OwnUnit),
            reviews: role.is_admin(),
            reads_audit: role == crate::domain::policy::Role::ProvinceAdmin,
        }
    });
    context.insert_value("viewer", Value::from_serializable(&viewer));
    context.insert_value(
        "site_title",
        Value::from_serializable(&snapshot.config().site.title),
    );
    context.insert_value("here", Value::from(template));
    context.insert_value("page", Value::from_serializable(page));
    Ok(Html(
        app.pages
            .render(template, &context)
            .map_err(|error| Error::Internal(whole(&error)))?,
    ))
}

/// An error of the template engine with its causes.
fn whole(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// The key of a role's label: roles are few, and texts want keys that live long enough.
fn role_key(role: &str) -> &'static str {
    match role {
        "teacher" => "role.teacher",
        "school-admin" => "role.school-admin",
        "group-admin" => "role.group-admin",
        "county-admin" => "role.county-admin",
        "city-admin" => "role.city-admin",
        "province-admin" => "role.province-admin",
        "expert" => "role.expert",
        _ => "role.patroller",
    }
}

#[derive(Serialize)]
struct MessagePage<'a> {
    /// Where to go back to; empty for the desk alone.
    back: &'a str,
    title: &'a str,
    text: &'a str,
}

/// A page that only says what went wrong.
pub(crate) fn message_page(app: &Arc<App>, key: &'static str, back: &str) -> Response {
    plain_page(app, app.texts.get("wrong.title"), key, back)
}

/// A page that only says that something was done.
pub(crate) fn said_page(app: &Arc<App>, key: &'static str) -> Response {
    plain_page(app, app.texts.get("site.done"), key, "")
}

fn plain_page(app: &App, title: &str, key: &'static str, back: &str) -> Response {
    let text = app.texts.get(key);
    match page(app, None, "message.html", &MessagePage { back, title, text }) {
        Ok(html) => html.into_response(),
        Err(_) => text.to_owned().into_response(),
    }
}

/// The style and the scripts.
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Error> {
    let (_, media_type, bytes) = ASSETS
        .iter()
        .find(|(known, _, _)| *known == name)
        .ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, *media_type),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, *bytes).into_response())
}

//! What every page shows: who looks at it. And pages that only say something.

use serde::Serialize;
use tera::Value;

use crate::app::App;
use crate::domain::policy::{Action, Scope, can};
use crate::services;
use crate::store::Tasks;
use crate::web::actor::Actor;
pub(crate) use crate::web::page::Page;

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
    changes_site: bool,
    /// How much there is to do, for the menu.
    tasks: TasksShown,
}

/// How much there is to do, by where it is done.
#[derive(Serialize)]
struct TasksShown {
    queue: i64,
    registrations: i64,
    problems: i64,
    recommendations: i64,
    returned: i64,
    unread: i64,
}

impl TasksShown {
    fn of(tasks: &Tasks) -> Self {
        Self {
            queue: tasks.queue,
            registrations: tasks.registrations,
            problems: tasks.problems,
            recommendations: tasks.recommendations,
            returned: tasks.returned,
            unread: tasks.unread,
        }
    }
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
            changes_site: services::site::decides(app, actor, ""),
            tasks: TasksShown::of(&actor.tasks),
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

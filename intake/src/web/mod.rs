//! Pages, forms and uploads over HTTP. Every handler asks `domain::policy` before it shows or does anything.

mod actor;
mod error;
mod files;
mod form;
mod guard;
mod office;
mod pages;
mod people;
mod public;
mod submissions;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, patch, post};

use crate::app::App;
use files::{tus, uploads};
use office::{audit, patrol};
use people::{account, deputies, manage, roster, sign_in, totp};
use public::{health, portal};
use submissions::{assess, assign, changes, chapters, decisions, desk, edit, item, opinion, queue, share};

pub use pages::Pages;
#[cfg(test)]
pub(crate) use pages::TEMPLATES;
pub use people::manage::{Opened, invite};

/// Where the intake begins; everything else is the portal.
pub const ROOT: &str = "/intake";

/// Every address of the server.
pub fn router(app: &Arc<App>) -> Router {
    let all = people_pages().merge(item_pages()).merge(upload_pages());
    Router::new()
        .merge(all.layer(DefaultBodyLimit::disable()))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(portal::portal)
        .layer(middleware::from_fn_with_state(Arc::clone(app), guard::guard))
        .with_state(Arc::clone(app))
}

/// Who somebody is, and whom they answer for.
fn people_pages() -> Router<Arc<App>> {
    Router::new()
        .route("/intake/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/intake/sign-out", post(sign_in::leave))
        .route(
            "/intake/open/{token}",
            get(account::show_open).post(account::open),
        )
        .route(
            "/intake/account",
            get(account::show).post(account::change_password),
        )
        .route("/intake/account/totp", get(totp::show).post(totp::begin))
        .route("/intake/account/totp/codes", post(totp::codes))
        .route("/intake/account/totp/end", post(totp::end))
        .route("/intake/sign-in/code", post(sign_in::enter_code))
        .route("/intake/account/end", post(account::end_session))
        .route("/intake/account/notices", post(account::set_notices))
        .route("/intake/deputies", get(deputies::show).post(deputies::name))
        .route("/intake/deputies/{id}/end", post(deputies::end))
        .route("/intake/people", get(manage::show).post(manage::add))
        .route("/intake/people/import", post(manage::import))
        .route("/intake/people/roster", post(roster::read))
        .route("/intake/people/roster.csv", get(roster::template))
        .route("/intake/people/roster/confirm", post(roster::confirm))
        .route("/intake/people/{id}", post(manage::act))
        .route(
            "/intake/register",
            get(manage::show_register).post(manage::register),
        )
        .route("/intake/audit", get(audit::show).post(audit::retry))
        .route("/intake/assets/{name}", get(pages::asset))
}

/// Submissions: begun, filled in, decided on.
fn item_pages() -> Router<Arc<App>> {
    Router::new()
        .route("/intake", get(desk::moved))
        .route("/intake/", get(desk::show))
        .route("/intake/new", get(desk::kinds).post(desk::begin))
        .route("/intake/entries", get(desk::entries).post(desk::begin_edit))
        .route("/intake/queue", get(queue::show))
        .route("/intake/queue/many", post(decisions::many))
        .route("/intake/items/{id}", get(item::show))
        .route("/intake/items/{id}/preview", get(changes::preview))
        .route("/intake/items/{id}/assessment", post(assess::save))
        .route("/intake/items/{id}/links", post(share::act))
        .route("/intake/shared/{token}", get(share::show))
        .route("/intake/shared/{token}/files/{sha256}/{name}", get(share::file))
        .route(
            "/intake/items/{id}/reviewer",
            get(assign::show).post(assign::give),
        )
        .route("/intake/items/{id}/experts", post(opinion::ask))
        .route(
            "/intake/items/{id}/opinion",
            get(opinion::show).post(opinion::say),
        )
        .route("/intake/problems", get(patrol::show).post(patrol::report))
        .route("/intake/problems/{id}", post(patrol::answer))
        .route("/intake/items/{id}/step", post(item::step))
        .route("/intake/items/{id}/edit", get(edit::show).post(edit::save))
        .route(
            "/intake/items/{id}/chapters/{file}",
            get(chapters::show).post(chapters::save),
        )
}

/// Files, on their way and arrived.
fn upload_pages() -> Router<Arc<App>> {
    Router::new()
        .route("/intake/files/{id}", get(uploads::send))
        .route("/intake/files/{id}/poster", get(uploads::poster))
        .route("/intake/uploads", post(tus::create).options(tus::options))
        .route(
            "/intake/uploads/{id}",
            patch(tus::add)
                .head(tus::state)
                .delete(tus::remove)
                .options(tus::options),
        )
}

//! HTTP, and nothing else: pages, forms and uploads, in folders by subject. Knows no SQL and no git.

mod actor;
mod error;
mod files;
mod form;
mod guard;
mod held;
mod hosts;
mod limits;
mod office;
mod page;
mod pages;
mod people;
mod public;
mod route;
mod signed;
mod source;
mod submissions;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;

use crate::app::App;
use crate::templates::Templates;

pub use route::Change;

/// Every address of the server but the portal's.
fn routes() -> Vec<route::Route> {
    let rooms = [
        submissions::routes(),
        people::routes(),
        files::routes(),
        office::routes(),
        public::routes(),
    ];
    rooms.into_iter().flatten().collect()
}

/// Every way in which a request can change something.
pub fn changes() -> Vec<Change> {
    routes()
        .into_iter()
        .flat_map(route::Route::into_changes)
        .collect()
}

/// Every address that shows something, with names in braces for what differs.
pub fn views() -> Vec<&'static str> {
    routes().iter().filter_map(route::Route::shown).collect()
}

/// Answers every request.
///
/// # Errors
/// The first mistake in a template.
pub fn router(app: &Arc<App>) -> Result<Router, String> {
    let guard = guard::Guard {
        app: Arc::clone(app),
        templates: Arc::new(Templates::new(&app.texts)?),
    };
    let router = routes()
        .into_iter()
        .fold(Router::new(), |router, route| route.add_to(router));
    Ok(router
        // Forms and files have limits of their own, which say in words what is too large.
        .layer(DefaultBodyLimit::disable())
        .fallback(public::portal::portal)
        .layer(middleware::from_fn_with_state(guard, guard::guard))
        .with_state(Arc::clone(app)))
}

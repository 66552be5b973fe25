//! Files, on their way and arrived.

pub(crate) mod giving;
pub(crate) mod lines;
pub(crate) mod tus;
pub(crate) mod uploads;

use crate::web::route::Route;

/// Every address of files.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::at("/intake/files/{id}").shows(giving::send),
        Route::at("/intake/files/{id}/poster").shows(giving::poster),
        Route::at("/intake/uploads")
            .offers(tus::options)
            .changes(tus::create),
        Route::at("/intake/uploads/{id}")
            .offers(tus::options)
            .tells(tus::state)
            .extends(tus::add)
            .removes(tus::remove),
    ]
}

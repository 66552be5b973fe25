//! What needs no account: the portal, and what watches over the server asks for.

pub(crate) mod assets;
pub(crate) mod health;
pub(crate) mod portal;

use crate::web::route::Route;

/// Every address that needs no account; all others are the portal's.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::at("/healthz").shows(health::alive),
        Route::at("/readyz").shows(health::ready),
        Route::at("/metrics").shows(health::metrics),
        Route::at("/intake/assets/{name}").shows(assets::asset),
    ]
}

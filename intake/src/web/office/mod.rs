//! What the office looks after: the audit log, problems that were reported.

pub(crate) mod audit;
pub(crate) mod patrol;
mod recommendations;
mod site;
mod site_edit;
mod takedowns;

use crate::web::route::Route;

/// Every address of the office.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::at("/intake/audit")
            .shows(audit::show)
            .changes(audit::retry),
        Route::at("/intake/audit.csv").shows(audit::csv),
        Route::at("/intake/problems")
            .shows(patrol::show)
            .changes(patrol::report),
        Route::at("/intake/problems/{id}").changes(patrol::answer),
        Route::at("/intake/recommendations")
            .shows(recommendations::show)
            .changes(recommendations::recommend),
        Route::at("/intake/recommendations/{id}").changes(recommendations::answer),
        Route::at("/intake/site").shows(site::show),
        Route::at("/intake/site/edit")
            .shows(site_edit::show)
            .changes(site_edit::change),
        Route::at("/intake/site/changes/{id}")
            .shows(site::change)
            .changes(site::decide),
        Route::at("/intake/takedowns")
            .shows(takedowns::show)
            .changes(takedowns::order),
        Route::at("/intake/takedowns/{id}").changes(takedowns::decide),
    ]
}

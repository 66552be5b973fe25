//! Submissions: begun, filled in, looked at, decided on.

pub(crate) mod again;
pub(crate) mod assess;
pub(crate) mod assign;
pub(crate) mod begin;
pub(crate) mod changes;
pub(crate) mod chapters;
pub(crate) mod conflict;
pub(crate) mod decision;
pub(crate) mod decisions;
pub(crate) mod desk;
pub(crate) mod edit;
pub(crate) mod fields;
mod found;
pub(crate) mod item;
mod ledger;
mod live;
mod meanwhile;
pub(crate) mod opinion;
mod own;
mod publish;
pub(crate) mod queue;
mod result;
mod saving;
pub(crate) mod share;
mod standing;
pub(crate) mod table;
pub(crate) mod talk;

use crate::web::route::Route;

/// Every address of submissions.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::at("/intake").shows(desk::moved),
        Route::at("/intake/").shows(desk::show),
        Route::at("/intake/new").shows(begin::kinds).changes(begin::begin),
        Route::at("/intake/new/table")
            .shows(table::show)
            .changes(table::make),
        Route::at("/intake/new/table.csv").shows(table::template),
        Route::at("/intake/new/word").changes(begin::from_word),
        Route::at("/intake/entries")
            .shows(desk::entries)
            .changes(desk::begin_edit),
        Route::at("/intake/queue").shows(queue::show),
        Route::at("/intake/queue/many").changes(decisions::many),
        Route::at("/intake/ledger")
            .shows(ledger::show)
            .changes(ledger::keep),
        Route::at("/intake/ledger.csv").shows(ledger::csv),
        Route::at("/intake/ledger.xlsx").shows(ledger::xlsx),
        Route::at("/intake/items/{id}").shows(item::show),
        Route::at("/intake/items/{id}/step").changes(decision::step),
        Route::at("/intake/items/{id}/decision").changes(decision::keep),
        Route::at("/intake/items/{id}/own").changes(own::act),
        Route::at("/intake/items/{id}/state").shows(live::state),
        Route::at("/intake/items/{id}/result").shows(result::show),
        Route::at("/intake/items/{id}/edit")
            .shows(edit::show)
            .changes(edit::save),
        Route::at("/intake/items/{id}/chapters/{file}")
            .shows(chapters::show)
            .changes(chapters::save),
        Route::at("/intake/items/{id}/conflict")
            .shows(conflict::show)
            .changes(conflict::reconcile),
        Route::at("/intake/items/{id}/preview").shows(changes::preview),
        Route::at("/intake/items/{id}/assessment").changes(decision::save_sheet),
        Route::at("/intake/items/{id}/reviewer")
            .shows(assign::show)
            .changes(assign::give),
        Route::at("/intake/items/{id}/experts").changes(opinion::ask),
        Route::at("/intake/items/{id}/opinion")
            .shows(opinion::show)
            .changes(opinion::say),
        Route::at("/intake/items/{id}/links").changes(share::act),
        Route::at("/intake/shared/{token}").shows(share::show),
        Route::at("/intake/shared/{token}/files/{sha256}/{name}").shows(share::file),
    ]
}

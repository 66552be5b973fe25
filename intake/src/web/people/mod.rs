//! Who somebody is, and whom they answer for.

pub(crate) mod account;
mod bell;
pub(crate) mod deputies;
pub(crate) mod manage;
pub(crate) mod roster;
pub(crate) mod sign_in;
pub(crate) mod totp;
mod webhook;

use crate::web::error::{SET_UP, SIGN_OUT};
use crate::web::route::Route;

/// Every address of people.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::at("/intake/sign-in")
            .shows(sign_in::show)
            .enters(sign_in::enter),
        Route::at("/intake/sign-in/code").enters(sign_in::enter_code),
        Route::at(SIGN_OUT).changes(sign_in::leave),
        Route::at("/intake/open/{token}")
            .shows(account::show_open)
            .enters(account::open),
        Route::at("/intake/account")
            .shows(account::show)
            .changes(account::change_password),
        Route::at("/intake/account/end").changes(account::end_session),
        Route::at("/intake/account/notices").changes(account::set_notices),
        Route::at(SET_UP).shows(totp::show).changes(totp::begin),
        Route::at("/intake/account/totp/codes").changes(totp::codes),
        Route::at("/intake/account/totp/end").changes(totp::end),
        Route::at("/intake/bell").shows(bell::show).changes(bell::read),
        Route::at("/intake/bell/{id}").changes(bell::open),
        Route::at("/intake/webhook")
            .shows(webhook::show)
            .changes(webhook::change),
        Route::at("/intake/deputies")
            .shows(deputies::show)
            .changes(deputies::name),
        Route::at("/intake/deputies/{id}/end").changes(deputies::end),
        Route::at("/intake/people")
            .shows(manage::show)
            .changes(manage::add),
        Route::at("/intake/people/import").changes(manage::import),
        Route::at("/intake/people/roster").changes(roster::read),
        Route::at("/intake/people/roster.csv").shows(roster::template),
        Route::at("/intake/people/roster/confirm").changes(roster::confirm),
        Route::at("/intake/people/{id}").changes(manage::act),
        Route::at("/intake/register")
            .shows(manage::show_register)
            .enters(manage::register),
    ]
}

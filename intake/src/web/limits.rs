//! How much is done within a minute: by address whatever a request says of itself, by account once that is known, and less
//! of what strangers can do.

use crate::app::App;
use crate::clock;
use crate::web::error::Error;
use crate::web::source::Source;

/// What is counted by itself.
#[derive(Debug, Clone, Copy, Hash)]
enum Rule {
    /// Requests of an account that change something.
    Account,
    /// Requests of an address that change something. A whole school may share one.
    Address,
    /// Forms of an address for those who have no session: passwords, codes, links.
    Entering,
    /// Accounts that are asked for at an address.
    Registering,
}

/// Where accounts are asked for.
const REGISTER: &str = "/intake/register";

fn must(app: &App, rule: Rule, who: &str) -> Result<(), Error> {
    let limits = &app.config.limits;
    let most = match rule {
        Rule::Account => limits.changes_per_minute,
        Rule::Address => limits.changes_per_address,
        Rule::Entering => limits.sign_ins_per_minute,
        Rule::Registering => limits.registrations_per_minute,
    };
    if app.limiter.allows(rule, who, most, clock::now()) {
        Ok(())
    } else {
        Err(Error::too_many())
    }
}

/// Refuses what an address changes too often.
pub(crate) fn of_address(app: &App, Source(network): &Source) -> Result<(), Error> {
    must(app, Rule::Address, network)
}

/// Refuses forms that an address sends too often without a session.
pub(crate) fn of_entering(app: &App, path: &str, Source(network): &Source) -> Result<(), Error> {
    let rule = if path == REGISTER {
        Rule::Registering
    } else {
        Rule::Entering
    };
    must(app, rule, network)
}

/// Refuses what an account changes too often, in however many sessions.
pub(crate) fn of_account(app: &App, account: &str) -> Result<(), Error> {
    must(app, Rule::Account, account)
}

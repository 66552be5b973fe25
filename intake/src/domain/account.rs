//! States of an account.

use super::names::named;

named! {
    /// Whether an account can be used.
    AccountState("state of an account") {
        /// Its holder may sign in.
        Active = "active",
        /// Somebody asked for it, and an admin has not confirmed it yet.
        Pending = "pending",
        /// An admin has suspended it: its holder may not sign in until it is reopened, and everything of theirs stays.
        Suspended = "suspended",
        /// Nobody signs in with it any more.
        Closed = "closed",
    }
}

//! What people want to be told of by mail.

use super::names::named;

named! {
    /// Which notices somebody wants.
    Notices("choice of notices") {
        /// Each when it happens.
        AtOnce = "at-once",
        /// Once a day, what waits.
        Digest = "digest",
        /// No mail.
        None = "none",
    }
}

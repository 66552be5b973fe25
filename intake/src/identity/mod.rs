//! How people show who they are. Knows no sessions, no accounts and no HTTP.

pub mod passwords;
pub mod totp;

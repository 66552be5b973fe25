//! Who somebody is, and whom they answer for.

pub(crate) mod account;
pub(crate) mod deputies;
pub(crate) mod manage;
pub(crate) mod roster;
pub(crate) mod sign_in;
pub(crate) mod totp;

//! What needs no account: the portal, and what watches over the server asks for.

pub(crate) mod health;
pub(crate) mod portal;

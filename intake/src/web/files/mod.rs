//! Files, on their way and arrived.

pub(crate) mod archive;
pub(crate) mod tus;
pub(crate) mod uploads;

//! What the office does: one use case a function, one transaction each.
//!
//! A service takes what a form or a job says as values, asks `domain` whether it may be done, and stores the new state, its
//! audit event and the jobs that follow together. It knows neither HTTP nor templates nor SQL text.

mod error;
pub mod invitation;

pub use error::{Error, Kind};

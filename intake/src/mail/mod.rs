//! Mail: what tells people of something, made of texts and handed to a mail server. Optional: without `mail.host` nothing
//! is written or sent.
//!
//! A notice is a row and a job, stored in one transaction with what it tells of. What it says is made when the job
//! runs. A server that took the mail and could not say so gets it again with the same `Message-ID`, by which
//! receivers know it.

mod letter;
mod send;

pub use letter::{About, Kind, Letter, Values, letter};
pub use send::{Mailer, Undelivered};

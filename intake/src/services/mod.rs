//! What the office does: one use case a function, one transaction each.
//!
//! A service takes what a form or a job says as values, asks `domain` whether it may be done, and stores the new state, its
//! audit event and the jobs that follow together. It knows neither HTTP nor templates nor SQL text.

pub mod account;
pub mod actor;
mod amending;
pub mod assessments;
pub mod assignment;
pub(crate) mod blocking;
pub mod checks;
pub mod collecting;
pub mod condition;
pub mod conflicts;
pub mod content;
pub mod currency;
mod deadlines;
pub mod decisions;
pub mod deputies;
pub mod drafts;
mod error;
pub mod files;
pub mod finding;
pub mod guesses;
pub mod inspection;
pub mod invitation;
pub mod ledger;
pub mod ledger_file;
pub mod letters;
pub mod mirror;
pub mod notices;
pub mod packing;
mod passwords;
pub mod patrol;
pub mod people;
pub mod pictures;
pub mod publishing;
pub mod receiving;
pub mod recommendation_notices;
pub mod recommending;
pub mod remarks;
pub mod reminders;
pub mod reserved;
pub mod roster;
pub mod scrubbing;
mod sent;
pub mod sessions;
pub mod sharing;
pub mod sheets;
pub mod sign_in;
pub mod site;
pub mod site_writing;
pub mod steps;
pub mod submission;
pub mod table;
pub mod takedown_notices;
pub mod takedowns;
pub mod telling;
pub mod tombstones;
pub mod totp;
pub mod under_way;
pub mod word;

pub use actor::Actor;
pub use error::{Error, Kind};
pub use sent::Sent;

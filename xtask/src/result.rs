//! How chores end.

use std::error::Error;

/// Result of a chore or of a part of one; the error is a sentence for the person at the terminal.
pub(crate) type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

//! What a reviewer ticks off.

use serde::{Deserialize, Serialize};

/// An item of `[review.checklists]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CheckItem {
    /// Under which it is kept; stays when the words change.
    pub id: String,
    /// What is to be checked.
    pub text: String,
    /// Whether nothing is accepted before it is ticked.
    #[serde(default = "yes")]
    pub required: bool,
}

fn yes() -> bool {
    true
}

//! What the last lines of commits are called: who had which part in what git keeps.

/// Who wrote what was handed in or proposed.
pub const SUBMITTED_BY: &str = "Submitted-by";
/// Who endorsed it for its unit.
pub const ENDORSED_BY: &str = "Endorsed-by";
/// The leader who answers for it.
pub const SIGNED_OFF_BY: &str = "Signed-off-by";
/// Who passed it on to the next unit.
pub const PASSED_BY: &str = "Passed-by";
/// Who decided on it.
pub const REVIEWED_BY: &str = "Reviewed-by";
/// The submission.
pub const SUBMISSION: &str = "Submission-Id";
/// Who had an entry taken down.
pub const TAKEDOWN_ORDERED_BY: &str = "Takedown-ordered-by";
/// Who made it public again.
pub const TAKEDOWN_LIFTED_BY: &str = "Takedown-lifted-by";
/// For which reason.
pub const TAKEDOWN_REASON: &str = "Takedown-reason";
/// On which ground.
pub const TAKEDOWN_GROUND: &str = "Takedown-ground";
/// The order.
pub const TAKEDOWN: &str = "Takedown-Id";
/// Who recommended an entry to the unit above.
pub const RECOMMENDED_BY: &str = "Recommended-by";
/// Who took it there.
pub const TAKEN_BY: &str = "Taken-by";
/// The recommendation.
pub const RECOMMENDATION: &str = "Recommendation-Id";
/// The change of settings or declarations.
pub const SITE_CHANGE: &str = "Site-Change-Id";

/// Those that stay when what a commit was about is purged: who took part, and on which ground.
pub const KEPT: &[&str] = &[
    SUBMITTED_BY,
    ENDORSED_BY,
    SIGNED_OFF_BY,
    PASSED_BY,
    REVIEWED_BY,
    TAKEDOWN_ORDERED_BY,
    TAKEDOWN_LIFTED_BY,
    TAKEDOWN_REASON,
    TAKEDOWN_GROUND,
    RECOMMENDED_BY,
    TAKEN_BY,
];

//! Submissions: begun, filled in, looked at, decided on.

pub(crate) mod assess;
pub(crate) mod assign;
pub(crate) mod changes;
pub(crate) mod chapters;
pub(crate) mod checks;
pub(crate) mod decisions;
pub(crate) mod desk;
pub(crate) mod edit;
pub(crate) mod fields;
pub(crate) mod item;
pub(crate) mod opinion;
pub(crate) mod queue;
pub(crate) mod share;
pub(crate) mod steps;
pub(crate) mod talk;

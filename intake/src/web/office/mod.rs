//! What the office looks after: the audit log, problems that were reported.

pub(crate) mod audit;
pub(crate) mod patrol;

//! Why work is tried again.

/// Why a job did not succeed.
#[derive(Debug)]
pub(crate) struct JobError(pub(crate) String);

impl<E: std::fmt::Display> From<E> for JobError {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

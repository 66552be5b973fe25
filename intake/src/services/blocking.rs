//! Work that takes a thread of its own.

use super::Error;

/// Runs what blocks beside the threads that answer requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    Ok(tokio::task::spawn_blocking(work).await?)
}

//! Hashing passwords beside the threads that answer requests, few at once: each takes 19 MB.

use super::Error;
use crate::app::App;
use crate::identity::passwords;

/// The PHC string of a password.
///
/// # Errors
/// When the server stops.
pub(crate) async fn hash(app: &App, password: &str) -> Result<String, Error> {
    let _permit = app.hashing.acquire().await?;
    let password = password.to_owned();
    Ok(tokio::task::spawn_blocking(move || passwords::hash(&password)).await?)
}

/// Whether a password is the one of a PHC string.
///
/// # Errors
/// When the server stops.
pub(crate) async fn verify(app: &App, given: String, hash: String) -> Result<bool, Error> {
    let _permit = app.hashing.acquire().await?;
    Ok(tokio::task::spawn_blocking(move || passwords::verify(&given, &hash)).await?)
}

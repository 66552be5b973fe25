//! Whether the audit log is as it was recorded.

use std::fs;

use super::output::print;
use crate::app::{Layout, open_store};
use crate::config::Config;
use crate::domain::audit::{ChainError, verify};
use crate::store::Store;

/// Checks the log of an intake and prints how many events it has.
pub(super) async fn print_state(config: &Config) -> Result<(), String> {
    let layout = Layout {
        data: config.data.clone(),
    };
    if config.database.url.is_empty() && !fs::exists(layout.database()).unwrap_or(false) {
        return Err(format!("{}: there is no database", layout.database().display()));
    }
    let store = open_store(config).await?;
    let (count, hash) = state_of(&store).await?;
    store.close().await;
    print(&format!(
        "{count} events, all as they were recorded; the last is {hash}"
    ));
    Ok(())
}

/// Checks the whole log; gives how many events there are and the hash of the last.
pub(super) async fn state_of(store: &Store) -> Result<(i64, String), String> {
    let (mut number, mut hash) = (0, String::new());
    loop {
        let events = store
            .audit_after(number, 1000)
            .await
            .map_err(|error| error.to_string())?;
        let Some(last) = events.last() else {
            return Ok((number, hash));
        };
        hash = verify(&events, number + 1, &hash).map_err(|ChainError { number }| {
            format!("the audit log was changed: event {number} does not fit")
        })?;
        number = last.number;
    }
}

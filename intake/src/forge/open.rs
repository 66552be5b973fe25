//! Which forge the settings name.

use std::path::Path;
use std::sync::Arc;

use super::{Error, Forge, Local, Repository};

/// A forge and the repository that it publishes.
pub struct Opened {
    /// Where changes are proposed.
    pub forge: Arc<dyn Forge>,
    /// What is published.
    pub repository: Arc<dyn Repository>,
}

/// Opens the forge that the settings name. `local` is where a repository on this machine lies.
///
/// # Errors
/// When there is none.
pub fn open(local: &Path) -> Result<Opened, Error> {
    let local = Arc::new(Local::open(local)?);
    Ok(Opened {
        forge: Arc::clone(&local) as Arc<dyn Forge>,
        repository: local,
    })
}

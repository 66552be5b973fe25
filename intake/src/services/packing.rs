//! Each commit leaves some files of an object each in the repository; now and then they are packed together.

use std::sync::Arc;

use super::Error;
use super::blocking::blocking;
use crate::app::{App, Upkeep};

/// So many objects may lie by themselves: git packs at about 6700.
const MOST: usize = 2000;

/// Packs the repository if it is worth it, but not while a backup is written. Returns how many objects lay by themselves before
/// and do after; `None` if nothing was done.
///
/// # Errors
/// When git does not do its part; the repository is whole then.
pub async fn pack(app: &Arc<App>) -> Result<Option<(usize, usize)>, Error> {
    let (data, repository) = (app.config.data.clone(), Arc::clone(&app.repository));
    let packed = blocking(move || {
        let Some(_upkeep) = Upkeep::begin(&data)? else {
            return Ok(None);
        };
        repository.pack(MOST).map_err(Error::internal)
    });
    packed.await?
}

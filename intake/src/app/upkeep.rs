//! Upkeep removes and packs files, and a backup reads them: one after the other, also in different processes.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// The file below the data directory that is locked.
const FILE: &str = "upkeep-lock";

/// That nothing is removed or packed meanwhile, or that nobody reads everything meanwhile, until the value is dropped.
#[derive(Debug)]
pub struct Upkeep {
    _file: File,
}

impl Upkeep {
    /// For who removes or packs. Returns `None` while a backup is written.
    ///
    /// # Errors
    /// When the file cannot be made or locked.
    pub fn begin(data: &Path) -> io::Result<Option<Self>> {
        let file = open(data)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// For who reads everything, once nothing is removed or packed any more.
    ///
    /// # Errors
    /// When the file cannot be made or locked.
    pub fn hold_off(data: &Path) -> io::Result<Self> {
        let file = open(data)?;
        file.lock_shared()?;
        Ok(Self { _file: file })
    }
}

fn open(data: &Path) -> io::Result<File> {
    let mut options = File::options();
    options
        .create(true)
        .truncate(false)
        .write(true)
        .open(data.join(FILE))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Upkeep;

    #[test]
    fn backups_hold_upkeep_off_and_not_each_other() {
        let data = tempfile::tempdir().unwrap();
        let begin = || Upkeep::begin(data.path()).unwrap();
        let backups = [(); 2].map(|()| Upkeep::hold_off(data.path()).unwrap());
        assert!(begin().is_none());
        drop(backups);
        let upkeep = begin();
        assert!(upkeep.is_some() && begin().is_none());
        drop(upkeep);
        assert!(begin().is_some());
    }
}

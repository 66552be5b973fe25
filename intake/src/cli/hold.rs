//! The data directory belongs to one process at a time.

use std::fs::{self, File, TryLockError};
use std::path::Path;

/// The file below the data directory that is locked.
pub(super) const FILE: &str = "lock";

/// That this process has a data directory to itself, until the value is dropped or the process ends.
pub(super) struct Hold {
    _file: File,
}

impl Hold {
    /// Takes a data directory, which is made if it is absent.
    ///
    /// # Errors
    /// When another process has it, or it cannot be written.
    pub(super) fn take(data: &Path) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", data.display());
        fs::create_dir_all(data).map_err(|error| failed(&error))?;
        let mut options = File::options();
        let file = options.create(true).truncate(false).write(true);
        let file = file.open(data.join(FILE)).map_err(|error| failed(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(failed(
                &"another jixia-intake works on this directory; end it first, or name another directory",
            )),
            Err(TryLockError::Error(error)) => Err(failed(&error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Hold;

    #[test]
    fn a_directory_is_held_once() {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        let first = Hold::take(&data).unwrap();
        assert!(Hold::take(&data).err().unwrap().contains("another jixia-intake"));
        drop(first);
        assert!(Hold::take(&data).is_ok());
    }
}

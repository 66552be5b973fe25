//! The data directory belongs to one process at a time.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
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
        make(data).map_err(|error| failed(&error))?;
        let mut options = File::options();
        let file = options.create(true).truncate(false).read(true).write(true);
        let mut file = file.open(data.join(FILE)).map_err(|error| failed(&error))?;
        match file.try_lock() {
            Ok(()) => {
                note(&mut file).map_err(|error| failed(&error))?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it may be about to write; it is another process all the same.
                let _ = file.read_to_string(&mut holder);
                Err(failed(&format!(
                    "another jixia-intake works on this directory ({}); end it first, or name another directory",
                    holder.trim()
                )))
            }
            Err(TryLockError::Error(error)) => Err(failed(&error)),
        }
    }
}

/// Makes a data directory if it is absent. It holds people's data: nobody else on the machine looks into it.
pub(super) fn make(data: &Path) -> io::Result<()> {
    if data.exists() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(data)
}

/// Writes down who holds the directory, for whoever finds it held.
fn note(file: &mut File) -> io::Result<()> {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let line = format!(
        "process {} on {}, since {}\n",
        std::process::id(),
        host.trim(),
        crate::clock::instant()
    );
    file.set_len(0)?;
    file.write_all(line.as_bytes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::Hold;

    #[test]
    fn a_directory_is_held_once() {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        let first = Hold::take(&data).unwrap();
        let said = Hold::take(&data).err().unwrap();
        let holder = format!("process {} on", std::process::id());
        assert!(
            said.contains("another jixia-intake") && said.contains(&holder),
            "{said}"
        );
        drop(first);
        assert!(Hold::take(&data).is_ok());
        assert_eq!(
            std::fs::metadata(&data).unwrap().permissions().mode() & 0o777,
            0o700
        );
    }
}

//! Running programs, with an error that says which one failed and how.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::result::Result;

/// Runs `command` with its output on the terminal.
///
/// # Errors
/// When it cannot start or ends with another status than 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .map_err(|error| format!("{}: {error}", line(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{}: {status}", line(command)).into())
    }
}

/// Runs `command` and returns what it printed, whatever its status.
///
/// # Errors
/// When it cannot start.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    command
        .output()
        .map_err(|error| format!("{}: {error}", line(command)).into())
}

/// Whether `command` starts and ends well. It prints nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The command as a person would type it: the program by its name, then its arguments.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

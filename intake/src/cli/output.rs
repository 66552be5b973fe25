//! What a command says.

use std::io::{self, Write as _};

/// Prints a line; who reads it may have gone.
pub(super) fn print(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

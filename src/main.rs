//! The `jixia` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    jixia::cli::run()
}

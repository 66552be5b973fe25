//! The `jixia` command.

use std::process::ExitCode;

/// Thousands of small strings are made and dropped on every core: the system's allocator takes twice as long.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    jixia::cli::run()
}
